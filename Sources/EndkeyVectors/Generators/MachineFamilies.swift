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
          try builder.accept(
            "owner-machine-\(slug(phase.rawValue))-\(slug(event.rawValue))",
            step.error == .rotationDue ? ["R-10.4-1", "R-12.3-1"] : ["R-10.4-1"],
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
    Family("agent/run", flags: [latchFlag]) { builder in try buildAgentRun(&builder) },
  ]

  private static let latchFlag = VectorFile.Flag(
    "Latch", bugType: "MISSING_CHECK",
    effect: "an agent that the service tells so sends plaintext, or encrypts to keys of the service",
    refs: ["R-13.1-3"])

  private static func slug(_ name: String) -> String { String(name.map { $0 == "_" ? "-" : $0 }) }

  private static func buildAgentRun(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let sample = EnrolmentSample(fixture: fixture)
    let code = String(decoding: sample.text(), as: UTF8.self)
    let state1 = try fixture.state()
    let state2 = try fixture.state(counter: 2, previous: Hash(sha256: state1).bytes)
    let fork = try fixture.state(
      counter: 2, previous: Hash(sha256: state1).bytes, ruleSet: bytes("rules", 32))
    let rotated = try fixture.state(epoch: 2, counter: 3, previous: Hash(sha256: state2).bytes)
    let revoking = try fixture.state(
      counter: 2, previous: Hash(sha256: state1).bytes, revoked: [fixture.agent.agentID])
    let foreign = try fixture.other.sign(
      state1.with(fixture.other.accountID, at: 4).with(fixture.other.verifyKey, at: 32))
    let grant = try fixture.grant()
    let newer = try fixture.grant(counter: 2)
    let granted = try fixture.grant(epoch: 2, counter: 3)
    typealias Step = (event: String, message: [UInt8]?, phase: String, code: ErrorCode?)
    func run(_ id: String, _ req: [String], _ comment: String, _ steps: [Step]) throws {
      let given = steps.map { step -> JSONValue in
        ["event": .string(step.event), "message": step.message.map { .hex($0) } ?? .null]
      }
      let results = steps.map { step -> JSONValue in
        ["phase": .string(step.phase), "code": .code(step.code)]
      }
      try builder.accept(
        "agent-run-\(id)", req, flags: ["Latch"], comment,
        in: .of([
          "code": .string(code), "p": .hex(fixture.agent.p), "q": .hex(fixture.agent.q),
          "seed": .hex(fixture.agent.seed), "nonce": .hex(sample.nonce), "steps": .array(given),
        ]), out: .of(["results": .array(results)]))
    }
    let title = Array("Quarterly figures".utf8)
    let enrolled: [Step] = [("state", state1, "waiting", nil), ("grant", grant, "active", nil)]
    let works: Step = ("activity", title, "active", nil)
    try run("usual", ["R-10.3-1", "R-13.1-1"], "State, grant, activity.", enrolled + [works])
    let master = try fixture.grant(kind: 1)
    try run(
      "master-grant", ["R-10.3-1", "R-13.4-1"], "A master grant is kept and used like a scoped one.",
      [
        ("state", state1, "waiting", nil), ("grant", master, "active", nil), works,
        ("restart", nil, "active", nil), works, ("state", state2, "active", nil),
        ("state", rotated, "waiting", nil), ("activity", title, "waiting", .noGrant),
        ("grant", granted, "active", nil), works,
      ])
    try run(
      "activity-before-keys", ["R-13.1-1"], "Nothing is sent before there are keys.",
      [
        ("activity", title, "pinned", .noState), ("state", state1, "waiting", nil),
        ("activity", title, "waiting", .noGrant), ("grant", grant, "active", nil), works,
      ])
    try run(
      "off-at-every-phase", ["R-13.1-3"], "The service says that encryption is off.",
      [
        ("service_off", nil, "pinned", .latched), ("state", state1, "waiting", nil),
        ("service_off", nil, "waiting", .latched), ("grant", grant, "active", nil),
        ("service_off", nil, "active", .latched), works,
      ])
    try run(
      "state-rolled-back", ["R-12.1-1", "R-19-2"], "An older state is refused and changes nothing.",
      enrolled + [
        ("state", state2, "active", nil), ("state", state1, "active", .counterRollback), works,
      ])
    try run(
      "state-forked", ["R-12.1-1"], "Two states with one counter.",
      enrolled + [("state", state2, "active", nil), ("state", fork, "active", .counterFork), works])
    try run(
      "state-repeated", ["R-12.1-1"], "The same state again is no error.",
      enrolled + [("state", state1, "active", nil), works])
    try run(
      "revoked", ["R-10.3-1", "R-12.3-1"], "A revoked agent sends nothing, and takes nothing.",
      enrolled + [
        ("state", revoking, "revoked", nil), ("activity", title, "revoked", .revoked),
        ("grant", newer, "revoked", .revoked), ("state", rotated, "revoked", .revoked),
      ])
    try run(
      "state-damaged", ["R-13.1-4"], "An agent whose state is damaged stops for good.",
      enrolled + [
        ("restart_damaged", nil, "stopped", nil), ("activity", title, "stopped", .stopped),
        ("state", state1, "stopped", .stopped), ("code", sample.text(), "stopped", .stopped),
        ("service_off", nil, "stopped", .stopped),
      ])
    try run(
      "grant-replayed", ["R-11-7"], "An older grant is refused.",
      enrolled + [("grant", newer, "active", nil), ("grant", grant, "active", .counterRollback), works])
    try run(
      "grant-repeated", ["R-11-7"], "The same grant again is no error.",
      enrolled + [("grant", grant, "active", nil), works])
    try run(
      "grant-before-state", ["R-11-1"], "A grant that cannot be verified yet.",
      [("grant", grant, "pinned", .noState)] + enrolled + [works])
    try run(
      "state-of-another-account", ["R-7-1", "R-12.1-4"], "The service presents an account of its own.",
      [("state", foreign, "pinned", .wrongAccount)] + enrolled
        + [("state", foreign, "active", .wrongAccount), works])
    try run(
      "another-code", ["R-13.1-2"], "A pinned agent takes no other code.",
      [("code", sample.text(secret: .zeros(16)), "pinned", .alreadyPinned)] + enrolled
        + [("code", sample.text(), "active", .alreadyPinned), works])
    try run(
      "rotation", ["R-13.1-5"], "A newer epoch: nothing is sent before its grant.",
      enrolled + [
        ("state", state2, "active", nil), ("state", rotated, "waiting", nil),
        ("activity", title, "waiting", .noGrant), ("grant", newer, "waiting", .epochRollback),
        ("grant", granted, "active", nil), works,
      ])
    try run(
      "state-rolled-back-after-restart", ["R-12.1-1", "R-13.4-1"],
      "A restart does not forget the newest state.",
      enrolled + [
        ("state", state2, "active", nil), ("restart", nil, "active", nil),
        ("state", state1, "active", .counterRollback), works,
      ])
    try run(
      "stopped-after-restart", ["R-13.1-4"], "Another start does not help an agent that has stopped.",
      enrolled + [
        ("restart_damaged", nil, "stopped", nil), ("restart", nil, "stopped", .stopped),
        ("code", sample.text(), "stopped", .stopped), ("state", state1, "stopped", .stopped),
      ])
    try run(
      "revoked-after-restart", ["R-12.3-1", "R-13.4-1"], "A restart does not forget a revocation.",
      enrolled + [
        ("state", revoking, "revoked", nil), ("restart", nil, "revoked", nil),
        ("activity", title, "revoked", .revoked), ("grant", newer, "revoked", .revoked),
      ])
    let broken = try fixture.account.sign(try fixture.grant(counter: 9).with(.zeros(256), at: 49))
    try run(
      "grant-that-fails-changes-nothing", ["R-19-2"],
      "The counter of a grant that does not open is not kept.",
      [
        ("state", state1, "waiting", nil), ("grant", broken, "waiting", .grantOpenFailed),
        ("grant", grant, "active", nil), works,
      ])
    try run(
      "restarts", ["R-13.4-1", "R-13.1-3"], "Everything that was accepted survives a restart.",
      [
        ("restart", nil, "pinned", nil), ("state", state1, "waiting", nil), ("restart", nil, "waiting", nil),
        ("grant", newer, "active", nil), ("restart", nil, "active", nil),
        ("grant", grant, "active", .counterRollback), ("service_off", nil, "active", .latched), works,
      ])
  }
}
