internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let machines: [Family] = [
    Family("owner/machine") { builder in
      for phase in OwnerMachine.Phase.allCases {
        for event in OwnerMachine.Event.allCases {
          let step = OwnerMachine.step(phase, event)
          let more: [ErrorCode: String] = [
            .unsettled: "R-12.8-2", .approvalRequired: "R-12.8-1", .stateExpired: "R-12.8-1",
            .clockWrong: "R-12.8-1",
          ]
          try builder.accept(
            "owner-machine-\(slug(phase.rawValue))-\(slug(event.rawValue))",
            ["R-10.4-1"] + (step.error.flatMap { more[$0] }.map { [$0] } ?? []),
            "\(event.rawValue) in phase \(phase.rawValue).",
            in: .of(["phase": .string(phase.rawValue), "event": .string(event.rawValue)]),
            out: .of(["next": .string(step.next.rawValue), "error": .code(step.error)]))
        }
      }
    },
    Family("agent/machine") { builder in
      for phase in AgentPhase.allCases {
        for event in AgentMachine.Event.allCases {
          let step = AgentMachine.step(phase, event)
          let more: [ErrorCode: String] = [
            .alreadyPinned: "R-13.1-2", .latched: "R-13.1-3", .stopped: "R-13.1-4", .noGrant: "R-13.1-5",
            .wrongRecipient: "R-10.1-4", .stateExpired: "R-13.5-2", .revoked: "R-10.3-3",
          ]
          try builder.accept(
            "agent-machine-\(slug(phase.name))-\(slug(event.rawValue))",
            ["R-10.3-1"] + (step.error.flatMap { more[$0] }.map { [$0] } ?? []),
            "\(event.rawValue) in phase \(phase.name).",
            in: .of(["phase": .string(phase.name), "event": .string(event.rawValue)]),
            out: .of(["next": .string(step.next.name), "error": .code(step.error)]))
        }
      }
    },
    Family("agent/run", flags: [latchFlag]) { builder in
      for play in try AgentPlay.all() {
        try builder.accept(
          "agent-run-\(play.id)", play.req, flags: ["Latch"], play.comment, in: play.input, out: play.output)
      }
      let stage = try AgentStage()
      var managers = stage.open(try stage.sample.text("m", kind: .master, role: .manager))
      managers.append("steps", [])
      try builder.reject(
        "agent-run-begun-with-a-managers-code", ["R-10.1-4"], flags: ["Latch"],
        "No agent pins a manager's code.",
        in: managers, code: .wrongRecipient, twin: "agent-run-usual")
    },
  ]

  private static let latchFlag = VectorFile.Flag(
    "Latch", bugType: "MISSING_CHECK",
    effect: "an agent that the service tells so sends plaintext, or encrypts to keys of the service",
    refs: ["R-13.1-3"])

  private static func slug(_ name: String) -> String { String(name.map { $0 == "_" ? "-" : $0 }) }
}
