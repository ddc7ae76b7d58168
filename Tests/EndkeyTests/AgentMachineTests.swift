import EndkeyWire
import Testing

@testable import Endkey

/// §10.3: the agent's state machine in the code is the table of `spec/registry.json`.
@Suite("Agent's machine") struct AgentMachineTests {
  /// The row for a pair, that of `any other` if it has none of its own.
  private func find(_ rows: [MachineTables.Row], _ phase: String, _ event: String) -> MachineTables.Row? {
    rows.first { $0.phase == phase && $0.event == event }
      ?? rows.first { $0.phase == phase && $0.event == "any other" }
  }

  @Test("R-10.3-1: it is the table, for every phase and event", arguments: AgentPhase.allCases)
  func table(_ phase: AgentPhase) throws {
    let tables = try MachineTables.file.get()
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

  @Test("Nothing leads out of the latch: no phase of a pinned agent goes back to unpinned")
  func latch() {
    for phase in AgentPhase.allCases where phase != .unpinned {
      for event in AgentMachine.Event.allCases {
        #expect(AgentMachine.step(phase, event).next != .unpinned, "\(phase) \(event)")
      }
    }
  }

  @Test("Something is made in one phase only, and only while the state is valid")
  func activity() {
    for phase in AgentPhase.allCases {
      #expect((AgentMachine.step(phase, .activity).error == nil) == (phase == .active))
      #expect(AgentMachine.step(phase, .activityExpired).error != nil)
    }
  }
}
