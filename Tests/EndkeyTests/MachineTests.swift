import EndkeyWire
import Foundation
import Testing

@testable import Endkey

/// The state machines in the code are the tables of `spec/registry.json`.
@Suite("State machines") struct MachineTests {
  struct Tables: Decodable {
    struct Row: Decodable {
      let phase: String
      let event: String
      let next: String
      let output: String?
      let error: String?
    }
    struct Event: Decodable {
      let event: String
    }
    let agentMachine: [Row]
    let agentEvents: [Event]
    let ownerMachine: [Row]
    let ownerEvents: [Event]

    static let file = Result {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      return try JSONDecoder().decode(
        Tables.self, from: Data(contentsOf: root.appending(path: "spec/registry.json")))
    }
  }

  /// The row for a pair, that of `any other` if it has none of its own.
  private func find(_ rows: [Tables.Row], _ phase: String, _ event: String) -> Tables.Row? {
    rows.first { $0.phase == phase && $0.event == event }
      ?? rows.first { $0.phase == phase && $0.event == "any other" }
  }

  @Test("R-10.3-1: the agent's machine is the table, for every phase and event", arguments: AgentPhase.allCases)
  func agent(_ phase: AgentPhase) throws {
    let tables = try Tables.file.get()
    #expect(Set(tables.agentEvents.map(\.event)) == Set(AgentMachine.Event.allCases.map(\.rawValue)))
    #expect(Set(tables.agentMachine.map(\.phase)) == Set(AgentPhase.allCases.map(\.name)))
    for event in AgentMachine.Event.allCases {
      let row = try #require(find(tables.agentMachine, phase.name, event.rawValue))
      let step = AgentMachine.step(phase, event)
      #expect(step.next.name == row.next, "\(phase) \(event)")
      #expect(step.output == row.output, "\(phase) \(event)")
      #expect(step.error?.rawValue == row.error, "\(phase) \(event)")
    }
  }

  @Test(
    "R-10.4-1: the owner's machine is the table, for every phase and event",
    arguments: OwnerMachine.Phase.allCases)
  func owner(_ phase: OwnerMachine.Phase) throws {
    let tables = try Tables.file.get()
    #expect(Set(tables.ownerEvents.map(\.event)) == Set(OwnerMachine.Event.allCases.map(\.rawValue)))
    #expect(Set(tables.ownerMachine.map(\.phase)) == Set(OwnerMachine.Phase.allCases.map(\.rawValue)))
    for event in OwnerMachine.Event.allCases {
      let row = try #require(find(tables.ownerMachine, phase.rawValue, event.rawValue))
      let step = OwnerMachine.step(phase, event)
      #expect(step.next.rawValue == row.next, "\(phase) \(event)")
      #expect(step.output == row.output, "\(phase) \(event)")
      #expect(step.error?.rawValue == row.error, "\(phase) \(event)")
    }
  }

  @Test("Nothing leads out of the latch: no phase of a pinned agent goes back to unpinned")
  func latch() {
    for phase in AgentPhase.allCases where phase != .unpinned {
      for event in AgentMachine.Event.allCases {
        #expect(AgentMachine.step(phase, event).next != .unpinned, "\(phase) \(event)")
      }
    }
  }
}
