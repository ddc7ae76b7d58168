internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite
internal import EndkeyWire

/// An agent over many steps: a vector of `agent/run`, and the steps of a scenario.
struct AgentPlay: Sendable {
  let id: String
  let req: [String]
  let comment: String
  let open: JSONObject
  let steps: [Step]

  struct Step: Sendable {
    /// For scenarios: what the service does.
    var says = ""
    let event: String
    var message: [UInt8]?
    /// Milliseconds that the computer ran before.
    var runs: UInt64 = 0
    var wall = Fixture.day(101)
    let phase: String
    var code: ErrorCode?
    /// The agent's clock; by default the computer's.
    var now: UInt64?

    var input: JSONObject {
      .of([
        "event": .string(event), "message": .hexOrNull(message), "runs": .integer(runs),
        "wall": .integer(wall),
      ])
    }

    var result: JSONObject {
      .of(["phase": .string(phase), "code": .code(code), "now": .integer(now ?? wall)])
    }

    func saying(_ says: String) -> Step {
      var step = self
      step.says = says
      return step
    }

    func with(phase: String) -> Step {
      Step(
        says: says, event: event, message: message, runs: runs, wall: wall, phase: phase, code: code, now: now
      )
    }

    /// After so many milliseconds, when the computer's clock says `wall`.
    func after(_ runs: UInt64, wall: UInt64, now: UInt64? = nil) -> Step {
      var step = self
      (step.runs, step.wall, step.now) = (runs, wall, now)
      return step
    }
  }

  var input: JSONObject {
    var input = open
    input.append("steps", .array(steps.map { .object($0.input) }))
    return input
  }

  var output: JSONObject { .of(["results": .array(steps.map { .object($0.result) })]) }
}

/// What the steps of agents are made of.
struct AgentStage {
  let fixture: Fixture
  let sample: EnrolmentSample
  let state: FixtureState
  let title = Array("Quarterly figures".utf8)

  init() throws {
    fixture = try Fixture.made.get()
    sample = EnrolmentSample(fixture: fixture)
    state = FixtureState(fixture)
  }

  func open(_ code: [UInt8]) -> JSONObject {
    .of([
      "code": .string(String(decoding: code, as: UTF8.self)), "p": .hex(fixture.agent.p),
      "q": .hex(fixture.agent.q), "seed": .hex(fixture.agent.seed), "nonce": .hex(sample.nonce),
    ])
  }

  func state(
    _ phase: String, _ code: ErrorCode? = nil, _ edit: (inout FixtureState) -> Void = { _ in }
  ) throws -> AgentPlay.Step {
    AgentPlay.Step(event: "state", message: try state.edited(edit).bytes(), phase: phase, code: code)
  }

  func grant(
    _ phase: String, _ code: ErrorCode? = nil, _ edit: (inout FixtureGrant) -> Void = { _ in }
  ) throws -> AgentPlay.Step {
    AgentPlay.Step(event: "grant", message: try FixtureGrant(fixture, edit).bytes(), phase: phase, code: code)
  }

  func given(_ code: [UInt8], _ phase: String, _ error: ErrorCode? = nil) -> AgentPlay.Step {
    AgentPlay.Step(event: "code", message: code, phase: phase, code: error)
  }

  func activity(_ phase: String, _ code: ErrorCode? = nil) -> AgentPlay.Step {
    AgentPlay.Step(event: "activity", message: title, phase: phase, code: code)
  }

  func event(_ name: String, _ phase: String, _ code: ErrorCode? = nil) -> AgentPlay.Step {
    AgentPlay.Step(event: name, phase: phase, code: code)
  }

  func capture(_ phase: String, _ code: ErrorCode? = nil) -> AgentPlay.Step {
    let item = [3] + be(title.count, 3) + title
    var capture = Fixture.header(13, fixture.accountID, 0) + [2] + be(Fixture.day(101), 8)
    capture += be(60_000, 4) + be(item.count, 3) + item
    return AgentPlay.Step(event: "capture", message: capture, phase: phase, code: code)
  }
}

extension AgentPlay {
  static func all() throws -> [AgentPlay] {
    let stage = try AgentStage()
    let (fixture, sample) = (stage.fixture, stage.sample)
    let code = try sample.text()
    func play(
      _ id: String, _ req: [String], _ comment: String, code: [UInt8]? = nil, _ steps: [Step]
    ) throws -> AgentPlay {
      AgentPlay(
        id: id, req: req, comment: comment, open: stage.open(try code ?? sample.text()), steps: steps)
    }
    let (agent, other) = (fixture.agent.agentID, fixture.other)
    let works = stage.activity("active")
    let enrolled = [try stage.state("waiting"), try stage.grant("active")]
    func second(_ phase: String, _ error: ErrorCode? = nil) throws -> Step {
      try stage.state(phase, error) { $0.counter = 2 }
    }
    func rotated(_ phase: String, _ error: ErrorCode? = nil) throws -> Step {
      try stage.state(phase, error) { ($0.epoch, $0.counter) = (2, 3) }
    }
    func revoking(_ phase: String) throws -> Step {
      try stage.state(phase) { ($0.counter, $0.revoked) = (2, [agent]) }
    }
    let masterCode = try sample.text("master", kind: .master)
    let foreign = Step(
      event: "state",
      message: try stage.state.edited {
        ($0.root, $0.persons, $0.signer, $0.certifier) = (other, [other], other, other)
      }.bytes(), phase: "pinned", code: .wrongAccount)
    let expired = Fixture.day(160)

    var plays = [
      try play("usual", ["R-10.3-1", "R-13.1-1"], "State, grant, activity.", enrolled + [works]),
      try play(
        "master-grant", ["R-11-11", "R-11-9"], "An agent whose code said so takes a master grant.",
        code: masterCode,
        [
          try stage.state("waiting"), try stage.grant("waiting", .wrongRecipient),
          try stage.grant("active") { $0.kind = 1 }, works, stage.event("restart", "active"), works,
          try second("active"), try rotated("waiting"), stage.activity("waiting", .noGrant),
          try stage.grant("active") { ($0.kind, $0.epoch) = (1, 2) }, works,
        ]),
      try play(
        "master-grant-where-scoped-is-due", ["R-11-9"], "The code said that the grant is scoped.",
        [try stage.state("waiting"), try stage.grant("waiting", .wrongRecipient) { $0.kind = 1 }]
          + enrolled[1...]
          + [works]),
      try play(
        "activity-before-keys", ["R-13.1-1", "R-13.1-5"], "Nothing is sent before there are keys.",
        [
          stage.activity("pinned", .noState), try stage.state("waiting"), stage.activity("waiting", .noGrant),
          try stage.grant("active"), works,
        ]),
      try play(
        "captures-at-every-phase", ["R-13.1-6"],
        "What is captured is kept, but not once the agent is removed.",
        [
          stage.capture("pinned"), try stage.state("waiting"), stage.capture("waiting"),
          try stage.grant("active"), stage.capture("active"),
          stage.capture("active").after(0, wall: expired), try revoking("revoked"),
          stage.capture("revoked", .revoked),
        ]),
      try play(
        "off-at-every-phase", ["R-13.1-3"], "The service says that encryption is off.",
        [
          stage.event("service_off", "pinned", .latched), try stage.state("waiting"),
          stage.event("service_off", "waiting", .latched), try stage.grant("active"),
          stage.event("service_off", "active", .latched), works, try revoking("revoked"),
          stage.event("service_off", "revoked", .latched),
        ]),
      try play(
        "state-rolled-back", ["R-12.1-1", "R-19-2"], "An older state is refused and changes nothing.",
        enrolled + [try second("active"), try stage.state("active", .counterRollback), works]),
      try play(
        "state-forked", ["R-12.1-1"], "Two states with one counter.",
        enrolled + [
          try second("active"),
          try stage.state("active", .counterFork) { ($0.counter, $0.revoked) = (2, [agent]) },
          works,
        ]),
      try play(
        "epoch-forked", ["R-12.1-1", "R-7-5"], "A state with another MasterKey of the same epoch.",
        enrolled + [
          try stage.state("active", .epochFork) { ($0.counter, $0.line) = (2, " of another line") }, works,
        ]),
      try play(
        "state-repeated", ["R-12.1-1"], "The same state again is no error.",
        enrolled + [try stage.state("active"), works]),
      try play(
        "state-of-another-account", ["R-7-4", "R-12.1-4"], "The service presents an account of its own.",
        [foreign] + enrolled + [
          Step(event: "state", message: foreign.message, phase: "active", code: .wrongAccount), works,
        ]),
      try play(
        "generation-below-the-codes", ["R-12.1-8"], "The first state is older than the code.",
        code: try sample.text(generation: 6),
        [
          try stage.state("pinned", .generationRollback),
          try stage.state("waiting") { $0.generation = 6 }, try stage.grant("active"), works,
        ]),
      try play(
        "greater-generation", ["R-12.1-6", "R-10.3-2"],
        "A greater generation ends the keys, whatever its numbers; then the old one is refused.",
        enrolled + [
          try stage.state("active") { ($0.counter, $0.persons) = (9, [fixture.account, fixture.manager]) },
          try stage.state("waiting") { ($0.generation, $0.persons) = (6, [fixture.account]) },
          stage.activity("waiting", .noGrant),
          try stage.grant("waiting", .signatureInvalid) { $0.signer = fixture.manager },
          try stage.grant("active"), works,
          try stage.state("active", .generationRollback) { $0.counter = 10 }, works,
        ]),
      try play(
        "grant-before-state", ["R-11-1"], "A grant that cannot be verified yet.",
        [try stage.grant("pinned", .noState)] + enrolled + [works]),
      try play(
        "grant-of-nobody", ["R-11-8"], "A grant by somebody who is not on the list.",
        [
          try stage.state("waiting"),
          try stage.grant("waiting", .signatureInvalid) { $0.signer = fixture.deputy },
          try stage.grant("active") { $0.signer = fixture.manager }, works,
        ]),
      try play(
        "grant-repeated", ["R-11-1"], "The same grant again, and another's, change nothing.",
        enrolled + [
          try stage.grant("active"), try stage.grant("active") { $0.signer = fixture.manager },
          try stage.grant("active", .wrongRecipient) { $0.recipient = other }, works,
        ]),
      try play(
        "grant-that-fails-changes-nothing", ["R-19-2"], "A grant that does not open changes nothing.",
        [
          try stage.state("waiting"),
          Step(
            event: "grant",
            message: try fixture.account.sign(FixtureGrant(fixture).bytes().with(.zeros(256), at: 105)),
            phase: "waiting", code: .grantOpenFailed), try stage.grant("active"), works,
        ]),
      try play(
        "rotation", ["R-13.1-5", "R-10.3-2"], "A newer epoch: nothing is sent before its grant.",
        enrolled + [
          try second("active"), try rotated("waiting"), stage.activity("waiting", .noGrant),
          try stage.grant("waiting", .epochRollback),
          try stage.grant("waiting", .epochMismatch) { $0.epoch = 3 },
          try stage.grant("active") { $0.epoch = 2 }, works,
        ]),
      try play(
        "revoked", ["R-10.3-3"],
        "A revoked agent sends nothing, and takes no grant while the state lists it.",
        enrolled + [
          try revoking("revoked"), stage.activity("revoked", .revoked), try stage.grant("revoked", .revoked),
          try stage.state("revoked") { ($0.epoch, $0.counter, $0.revoked) = (2, 3, [agent]) },
          try stage.grant("revoked", .revoked) { $0.epoch = 2 },
          stage.given(code, "revoked", .alreadyPinned),
        ]),
      try play(
        "revoked-by-a-removed-person-and-healed", ["R-10.3-3"],
        "The next generation does not list the agent, and a grant under it sets it to work again.",
        enrolled + [
          try stage.state("revoked") { ($0.counter, $0.revoked, $0.signer) = (2, [agent], fixture.manager) },
          try stage.state("revoked") { ($0.generation, $0.epoch, $0.persons) = (6, 2, [fixture.account]) },
          stage.activity("revoked", .revoked), try stage.grant("active") { $0.epoch = 2 }, works,
        ]),
      try play(
        "another-code", ["R-10.3-4"],
        "Another code of the account: the pin stays, and a new request is made.",
        [
          stage.given(try sample.text("second"), "pinned"), try stage.state("waiting"),
          stage.given(try sample.text("third"), "waiting"), try stage.grant("active"), works,
          stage.given(code, "active", .alreadyPinned),
        ]),
      try play(
        "another-code-of-another-kind", ["R-10.3-4", "R-11-9"],
        "The new code says that the grant is a master grant.",
        [
          try stage.state("waiting"), stage.given(masterCode, "waiting"),
          try stage.grant("waiting", .wrongRecipient), try stage.grant("active") { $0.kind = 1 }, works,
        ]),
      try play(
        "code-of-a-greater-generation", ["R-10.3-4"], "The accepted state is dropped.",
        [
          try stage.state("waiting"), stage.given(try sample.text("second", generation: 6), "pinned"),
          try stage.state("pinned", .generationRollback), try stage.grant("pinned", .noState),
          try stage.state("waiting") { $0.generation = 6 }, try stage.grant("active"), works,
        ]),
      try play(
        "code-of-a-lower-generation", ["R-10.3-4"], "No code takes an agent back behind a generation.",
        [
          stage.given(try sample.text("second", generation: 6), "pinned"),
          stage.given(try sample.text("third", generation: 4), "pinned"),
          try stage.state("pinned", .generationRollback), try stage.state("waiting") { $0.generation = 6 },
        ]),
      try play(
        "code-of-a-manager", ["R-10.1-4"], "A manager's code is none of an agent's.",
        [
          stage.given(try sample.text("m", kind: .master, role: .manager), "pinned", .wrongRecipient),
          try stage.state("waiting"),
          stage.given(try sample.text("m", kind: .master, role: .manager), "waiting", .wrongRecipient),
        ] + enrolled[1...] + [works]),
      try play(
        "code-of-another-account", ["R-13.1-2"], "A pinned agent takes no code of another account.",
        [
          stage.given(try sample.text(account: other.accountID), "pinned", .alreadyPinned),
          stage.given(
            try sample.text(kind: .master, role: .manager, account: other.accountID), "pinned", .alreadyPinned
          ),
        ] + enrolled + [
          stage.given(try sample.text(account: other.accountID), "active", .alreadyPinned), works,
        ]),
      try play(
        "code-of-a-similar-account", ["R-13.1-2"], "The account differs in a byte.",
        try fixture.accountID.neighbours.map {
          stage.given(try sample.text(account: $0.bytes), "pinned", .alreadyPinned)
        } + enrolled + [works]),
      try play(
        "code-mistyped", ["R-18.1-1"], "A code that is none changes nothing.",
        [stage.given([UInt8](code.dropLast()), "pinned", .badBech32m)] + enrolled
          + [stage.given([UInt8](code.dropLast()), "active", .alreadyPinned), works]),
      try play(
        "state-damaged", ["R-13.1-4"], "An agent whose state is damaged stops for good.",
        enrolled + [
          stage.event("restart_damaged", "stopped"), stage.activity("stopped", .stopped),
          try stage.state("stopped", .stopped), stage.given(code, "stopped", .stopped),
          stage.event("service_off", "stopped", .stopped), stage.capture("stopped", .stopped),
          stage.event("restart", "stopped", .stopped), stage.event("restart_damaged", "stopped", .stopped),
        ]),
    ]
    plays += [
      try play(
        "state-damaged-before-any-state", ["R-13.1-4"], "The mark is written before the first state.",
        [stage.event("restart_damaged", "stopped"), try stage.state("stopped", .stopped)]),
      try play(
        "state-rolled-back-after-restart", ["R-12.1-1", "R-13.4-2"],
        "A restart does not forget the newest state.",
        enrolled + [
          try second("active"), stage.event("restart", "active"), try stage.state("active", .counterRollback),
          works,
        ]),
      try play(
        "revoked-after-restart", ["R-10.3-3", "R-13.4-2"],
        "A restart does not forget that the agent is listed.",
        enrolled + [
          try revoking("revoked"), stage.event("restart", "revoked"), stage.activity("revoked", .revoked),
          try stage.grant("revoked", .revoked),
        ]),
      try play(
        "restarts", ["R-13.4-2", "R-13.1-3"], "Everything that was accepted survives a restart.",
        [
          stage.event("restart", "pinned"), try stage.state("waiting"), stage.event("restart", "waiting"),
          try stage.grant("active"), stage.event("restart", "active"),
          stage.event("service_off", "active", .latched), works,
        ]),
      // The clock.
      try play(
        "expired", ["R-13.5-2"], "An expired state: nothing is made, and the next state mends it.",
        enrolled + [
          works.after(0, wall: expired - 1), stage.activity("active", .stateExpired).after(0, wall: expired),
          stage.capture("active").after(0, wall: expired),
          try stage.state("active") {
            ($0.counter, $0.made, $0.validUntil) = (2, Fixture.day(150), Fixture.day(180))
          }
          .after(0, wall: expired), works.after(0, wall: expired),
          stage.activity("active", .stateExpired).after(0, wall: Fixture.day(180)),
        ]),
      try play(
        "wall-clock-held-back", ["R-13.5-1", "R-13.5-2"],
        "What the computer runs counts where its clock is held back.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          try stage.grant("active").after(Fixture.hour, wall: 0, now: Fixture.day(100, hours: 1)),
          works.after(60 * Fixture.day - Fixture.hour - 1, wall: 0, now: expired - 1),
          stage.activity("active", .stateExpired).after(1, wall: 0, now: expired),
        ]),
      try play(
        "wall-clock-held-back-over-restarts", ["R-13.5-1"], "What has run survives a restart.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          try stage.grant("active").after(30 * Fixture.day, wall: 0, now: Fixture.day(130)),
          stage.event("restart", "active").after(0, wall: 0, now: Fixture.day(130)),
          works.after(29 * Fixture.day, wall: 0, now: Fixture.day(159)),
          stage.event("restart", "active").after(0, wall: 0, now: Fixture.day(159)),
          stage.activity("active", .stateExpired).after(Fixture.day, wall: 0, now: expired),
        ]),
      try play(
        "code-of-a-greater-generation-and-the-clock", ["R-10.3-4", "R-13.5-1"],
        "With the state goes what its clock was.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          stage.given(try sample.text("second", generation: 6), "pinned").after(Fixture.hour, wall: 0),
          stage.event("service_off", "pinned", .latched).after(Fixture.hour, wall: 0),
          try stage.state("waiting") { $0.generation = 6 }.after(0, wall: 0, now: Fixture.day(100)),
        ]),
      try play(
        "state-damaged-and-the-clock", ["R-13.1-4", "R-13.5-1"], "Nor is it there once the state is lost.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          stage.event("restart_damaged", "stopped").after(Fixture.hour, wall: 0),
          stage.event("service_off", "stopped", .stopped).after(Fixture.hour, wall: 0),
        ]),
      try play(
        "states-do-not-set-the-clock-back", ["R-13.5-3"],
        "A state of the same generation that was made earlier.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          try stage.grant("active").after(20 * Fixture.day, wall: 0, now: Fixture.day(120)),
          try stage.state("active") { ($0.counter, $0.made) = (2, Fixture.day(91)) }
            .after(0, wall: 0, now: Fixture.day(120)),
          works.after(Fixture.day, wall: 0, now: Fixture.day(121)),
        ]),
      try play(
        "greater-generation-sets-the-clock-back", ["R-13.5-3"],
        "A state of a clock that was ahead; the owner's next generation mends it.",
        [
          try stage.state("waiting") {
            ($0.made, $0.validUntil, $0.from, $0.until) = (
              Fixture.day(700), Fixture.day(760), Fixture.day(690), Fixture.day(780)
            )
          }.after(0, wall: 0, now: Fixture.day(700)),
          try stage.state("waiting") { ($0.generation, $0.made) = (6, Fixture.day(101)) }
            .after(0, wall: 0, now: Fixture.day(101)),
          try stage.grant("active").after(0, wall: 0, now: Fixture.day(101)),
        ]),
      try play(
        "old-states-do-not-outlive-the-code", ["R-13.5-3", "R-12.1-8"],
        "The first state shown ended before the code was made: it is accepted and has expired.",
        [
          try stage.state("waiting") {
            ($0.made, $0.from, $0.validUntil) = (Fixture.day(80), Fixture.day(70), Fixture.day(94))
          }
          .after(0, wall: 0, now: Fixture.day(95)),
          try stage.grant("active").after(0, wall: 0, now: Fixture.day(95)),
          stage.activity("active", .stateExpired).after(0, wall: 0, now: Fixture.day(95)),
        ]),
      try play(
        "what-runs-before-the-first-state-counts", ["R-13.5-1"],
        "The code is two weeks old when the first state comes.",
        [
          stage.capture("pinned").after(14 * Fixture.day, wall: 5, now: 5),
          try stage.state("waiting").after(0, wall: 5, now: Fixture.day(109)),
        ]),
      try play(
        "another-code-does-not-set-the-anchor-back", ["R-10.3-4", "R-13.5-3"],
        "An older code: the time stays where the first code and what has run since have it.",
        [
          stage.given(try sample.text("second", made: Fixture.day(90)), "pinned").after(
            14 * Fixture.day, wall: 5, now: 5),
          try stage.state("waiting").after(Fixture.day, wall: 5, now: Fixture.day(110)),
        ]),
      try play(
        "another-code-sets-the-anchor-on", ["R-10.3-4"], "A newer code says a later time.",
        [
          stage.given(try sample.text("second", made: Fixture.day(130)), "pinned").after(
            14 * Fixture.day, wall: 5, now: 5),
          try stage.state("waiting").after(Fixture.day, wall: 5, now: Fixture.day(131)),
        ]),
    ]
    func broken(_ phase: String, epoch: UInt32, _ error: ErrorCode? = .grantOpenFailed) throws -> Step {
      let grant = try FixtureGrant(fixture) { $0.epoch = epoch }.bytes()
      return Step(
        event: "grant", message: try fixture.account.sign(grant.with(.zeros(256), at: 105)), phase: phase,
        code: error)
    }
    func three(_ event: String, _ phase: String, _ error: ErrorCode) -> Step {
      Step(event: event, message: [1, 2, 3], phase: phase, code: error)
    }
    func noText(_ phase: String, _ error: ErrorCode) -> Step {
      Step(event: "activity", message: [0xff], phase: phase, code: error)
    }
    plays += [
      try play(
        "phase-before-messages", ["R-10.3-1"], "The phase says what is wrong, before a message is read.",
        [
          three("grant", "pinned", .noState), noText("pinned", .noState), try stage.state("waiting"),
          noText("waiting", .noGrant), try stage.grant("active"), noText("active", .valueNotUTF8),
          noText("active", .stateExpired).after(0, wall: expired), stage.event("restart_damaged", "stopped"),
          three("state", "stopped", .stopped), three("code", "stopped", .stopped),
        ]),
      try play(
        "state-that-is-refused-is-not-kept", ["R-19-2"], "The grant is of the state that was accepted.",
        [
          try stage.state("waiting"),
          try stage.state("waiting", .signatureInvalid) { ($0.epoch, $0.counter, $0.signer) = (2, 2, other) },
          try stage.grant("active"), works,
        ]),
      try play(
        "grant-that-fails-after-a-rotation", ["R-10.3-2", "R-12.10-1"],
        "The keys of the epoch before are gone, and a grant that does not open brings none.",
        enrolled + [
          try rotated("waiting"), try broken("waiting", epoch: 2), stage.activity("waiting", .noGrant),
          try stage.grant("active") { $0.epoch = 2 }, works,
        ]),
      try play(
        "grant-that-fails-after-a-removal", ["R-10.3-3", "R-12.10-1"],
        "The keys are gone when the state lists the agent, and do not come back.",
        enrolled + [
          try revoking("revoked"), try rotated("revoked"), try broken("revoked", epoch: 2),
          stage.activity("revoked", .revoked),
        ]),
      try play(
        "grant-that-fails-after-a-removal-that-was-undone", ["R-10.3-3", "R-12.10-1"],
        "The keys are gone though the next state has the same, and a grant brings them back.",
        enrolled + [
          try revoking("revoked"), try stage.state("revoked") { $0.counter = 3 },
          try broken("revoked", epoch: 1),
          stage.activity("revoked", .revoked), try stage.grant("active"), works,
        ]),
      try play(
        "grant-that-fails-where-keys-are-held", ["R-10.3-2"],
        "A state of the same epoch and commitment ends no keys: a grant of them is not opened.",
        enrolled + [try second("active"), try broken("active", epoch: 1, nil), works]),
      try play(
        "states-do-not-set-the-age-back", ["R-13.5-3"],
        "What has run since the code counts over states: the next generation finds it.",
        [
          try stage.state("waiting").after(0, wall: 0, now: Fixture.day(100)),
          try stage.state("waiting") { ($0.counter, $0.made) = (2, Fixture.day(101)) }
            .after(40 * Fixture.day, wall: 0, now: Fixture.day(140)),
          try stage.state("waiting") { ($0.generation, $0.made) = (6, Fixture.day(102)) }
            .after(0, wall: 0, now: Fixture.day(135)),
        ]),
    ]
    return plays
  }
}
