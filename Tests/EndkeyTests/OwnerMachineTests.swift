import EndkeyWire
import Testing

@testable import Endkey

/// §10.4: the machine of a person's end is the table of `spec/registry.json`.
@Suite("State machine of a person's end") struct OwnerMachineTests {
  @Test(
    "R-10.4-1: the machine is the table, for every phase and event", arguments: OwnerMachine.Phase.allCases)
  func table(_ phase: OwnerMachine.Phase) throws {
    let tables = try MachineTables.file.get()
    #expect(Set(tables.ownerEvents.map(\.event)) == Set(OwnerMachine.Event.allCases.map(\.rawValue)))
    #expect(Set(tables.ownerMachine.map(\.phase)) == Set(OwnerMachine.Phase.allCases.map(\.rawValue)))
    for event in OwnerMachine.Event.allCases {
      let rows = tables.ownerMachine.filter { $0.phase == phase.rawValue }
      let row = try #require(
        rows.first { $0.event == event.rawValue } ?? rows.first { $0.event == "any other" })
      let step = OwnerMachine.step(phase, event)
      #expect(step.next.rawValue == row.next, "\(phase) \(event)")
      #expect(step.output == row.output, "\(phase) \(event)")
      #expect(step.error?.rawValue == row.error, "\(phase) \(event)")
    }
  }

  @Test("Whatever is locked, or has no account, signs nothing")
  func closed() {
    let signing: [OwnerMachine.Event] = [.act, .rootAct, .rootDue, .grantsMissing, .wrapMissing]
    for event in signing {
      #expect(OwnerMachine.step(.absent, event).error == .noMasterKey)
      #expect(OwnerMachine.step(.locked, event).error == .noMasterKey)
      #expect(OwnerMachine.step(.settling, event).error == .unsettled)
    }
  }
}
