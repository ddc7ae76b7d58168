internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Scenario {
  /// The client is an agent that has pinned a code and sent its request.
  static func agent() throws -> [Self] {
    let stage = try AgentStage()
    return try agentAttacks(stage) + agentService(stage) + agentActs(stage)
  }

  private static func agent(
    _ stage: AgentStage, _ name: String, _ attack: String, _ req: [String], _ steps: [AgentPlay.Step],
    vectors: [(says: String, id: String)] = []
  ) throws -> Self {
    Self(
      id: "scenario-agent-\(name)", role: .agent, attack: attack, req: req,
      open: stage.open(try stage.sample.text()), phase: "pinned",
      steps: steps.map { .agent($0) } + vectors.map { .vector(says: $0.says, id: $0.id) })
  }

  private static func enrolled(_ stage: AgentStage) throws -> [AgentPlay.Step] {
    [
      try stage.state("waiting").saying("the account's state"),
      try stage.grant("active").saying("the grant"),
    ]
  }

  // MARK: - Numbered attacks

  private static func agentAttacks(_ stage: AgentStage) throws -> [Self] {
    let (fixture, enrolled) = (stage.fixture, try enrolled(stage))
    let works = stage.activity("active").saying("a window title")
    let other = " of another line"
    /// By the manager, with another MasterKey.
    func elsewhere(_ state: inout FixtureState) {
      (state.epoch, state.counter, state.line, state.signer) = (2, 2, other, fixture.manager)
    }
    /// The owner's next list, without the manager.
    func healed(_ state: inout FixtureState) {
      (state.generation, state.epoch, state.counter, state.persons) = (6, 3, 3, [fixture.account])
      state.made = Fixture.day(101)
    }
    let hour = Fixture.hour
    let days = (60 * Fixture.day, 80 * Fixture.day)
    let late = try stage.state("active") {
      ($0.counter, $0.made, $0.validUntil) = (2, Fixture.day(140), Fixture.day(180))
    }
    return [
      try agent(
        stage, "attack-1-two-rotations", "One person's end is made to rotate twice into one epoch.",
        ["R-11-10", "R-12.8-3", "R-12.1-6"],
        enrolled + [
          try stage.state("waiting") { ($0.epoch, $0.counter) = (2, 2) }.saying("the state of one rotation"),
          try stage.grant("waiting", .epochFork) {
            ($0.epoch, $0.line, $0.signer) = (2, other, fixture.manager)
          }.saying("the grant of the other"),
          stage.activity("waiting", .noGrant).saying("nothing is sent in between"),
          try stage.state("waiting", .counterFork) { elsewhere(&$0) }.saying("the other's state"),
          try stage.grant("active") { $0.epoch = 2 }.saying("the grant of the one"), works,
          try stage.grant("active", .epochFork) {
            ($0.epoch, $0.line, $0.signer) = (2, other, fixture.manager)
          }.saying("the other's grant again"),
          try stage.state("waiting") { healed(&$0) }.saying("the owner's repair"),
          try stage.grant("active") { $0.epoch = 3 }.saying("its grant"),
          try stage.state("active", .generationRollback) { elsewhere(&$0) }.saying("the other's state"),
          works,
        ], vectors: [("the batches are held against the vault's notes", "batch-audit-state-forked")]),
      try agent(
        stage, "attack-2-state-withheld",
        "The newest state is withheld from an agent whose clock is held back, so that a removed one reads on.",
        ["R-13.5-1", "R-13.5-2", "R-13.5-3", "R-12.1-7"],
        [
          enrolled[0].after(0, wall: 0, now: Fixture.day(100)),
          enrolled[1].after(hour, wall: 0, now: Fixture.day(100, hours: 1)),
          works.after(days.0 - hour - 1, wall: 0, now: Fixture.day(160) - 1),
          stage.event("restart", "active").after(0, wall: 0, now: Fixture.day(160) - 1)
            .saying("the agent is restarted, which sets nothing back"),
          stage.activity("active", .stateExpired).after(1, wall: 0, now: Fixture.day(160))
            .saying("the agent falls silent"),
          stage.capture("active").after(0, wall: 0, now: Fixture.day(160)).saying("what is captured is kept"),
          enrolled[0].with(phase: "active").after(0, wall: 0, now: Fixture.day(160)).saying(
            "the same state again"),
          stage.activity("active", .stateExpired).after(0, wall: 0, now: Fixture.day(160))
            .saying("it is as old as before"),
          late.after(0, wall: 0, now: Fixture.day(160)).saying("the state that was withheld"),
          works.after(0, wall: 0, now: Fixture.day(160)),
          stage.activity("active", .stateExpired).after(20 * Fixture.day, wall: 0, now: Fixture.day(180))
            .saying("the certificate has ended"),
        ],
        vectors: [("what was made under the old state is noted in the audit", "batch-audit-stale")]),
      try agent(
        stage, "attack-10-removed-manager", "A removed manager signs on, and the service helps.",
        ["R-12.1-5", "R-12.1-6", "R-12.8-6", "R-12.9-3"],
        enrolled + [
          try stage.state("waiting") { healed(&$0) }.saying("the owner has removed the manager"),
          try stage.grant("active") { $0.epoch = 3 }.saying("the grant"),
          try stage.state("active", .generationRollback) {
            ($0.counter, $0.epoch, $0.signer) = (9, 9, fixture.manager)
          }.saying("the manager's state under the old list"),
          try stage.state("active", .certificateInvalid) {
            healed(&$0)
            ($0.counter, $0.persons) = (4, [fixture.account, fixture.manager])
            ($0.signer, $0.certifier) = (fixture.manager, fixture.manager)
          }.saying("the manager's state under a list of its own"),
          try stage.state("active", .signatureInvalid) {
            healed(&$0)
            ($0.counter, $0.signer) = (4, fixture.manager)
          }.saying("the manager's state under the new list"),
          try stage.grant("active", .signatureInvalid) { ($0.epoch, $0.signer) = (3, fixture.manager) }
            .saying("the manager's grant"),
          try stage.state("active", .generationRollback) {
            ($0.counter, $0.signer, $0.revoked) = (9, fixture.manager, [fixture.agent.agentID])
          }.saying("the manager removes the agent"), works,
        ]),
      try agent(
        stage, "attack-10-removed-manager-isolated-agent",
        "An agent that never sees the removal is led by the removed manager until the old list ends.",
        ["R-12.1-7", "R-13.5-2", "R-12.9-3"],
        [
          enrolled[0].after(0, wall: 0, now: Fixture.day(100)),
          enrolled[1].after(0, wall: 0, now: Fixture.day(100)),
          try stage.state("active") {
            ($0.counter, $0.signer, $0.made, $0.validUntil) = (
              2, fixture.manager, Fixture.day(150), Fixture.day(180)
            )
          }.after(days.0, wall: 0, now: Fixture.day(160)).saying("the manager's state of the old list"),
          works.after(20 * Fixture.day - 1, wall: 0, now: Fixture.day(180) - 1),
          try stage.state("active", .badValidity) {
            ($0.counter, $0.signer, $0.made, $0.validUntil) = (
              3, fixture.manager, Fixture.day(170), Fixture.day(200)
            )
          }.after(0, wall: 0, now: Fixture.day(180) - 1).saying("a longer one than the list is"),
          try stage.state("active", .certificateInvalid) {
            ($0.counter, $0.signer, $0.made, $0.validUntil, $0.until, $0.certifier) = (
              3, fixture.manager, Fixture.day(170), Fixture.day(200), Fixture.day(270), fixture.manager
            )
          }.after(0, wall: 0, now: Fixture.day(180) - 1).saying("a longer list"),
          stage.activity("active", .stateExpired).after(1, wall: 0, now: Fixture.day(180))
            .saying("the agent falls silent"),
          try stage.state("waiting") {
            healed(&$0)
            ($0.made, $0.validUntil, $0.from, $0.until) = (
              Fixture.day(181), Fixture.day(240), Fixture.day(181), Fixture.day(270)
            )
          }.after(0, wall: 0, now: Fixture.day(181)).saying("the owner's list of now"),
          try stage.grant("active") { $0.epoch = 3 }.after(0, wall: 0, now: Fixture.day(181)).saying(
            "its grant"),
        ]),
      try agent(
        stage, "attack-17-last-numbers", "Epoch and counter are driven to their last numbers.",
        ["R-12.1-6", "R-12.9-1"],
        [
          enrolled[0], enrolled[1],
          try stage.state("waiting") {
            ($0.epoch, $0.counter, $0.signer) = (.max, (1 << 53) - 1, fixture.manager)
          }.saying("a manager drives both to their ends"),
          try stage.grant("active") { ($0.epoch, $0.signer) = (.max, fixture.manager) }.saying("its grant"),
          try stage.state("active", .counterRollback) { $0.counter = 2 }.saying("a state of the right line"),
          try stage.state("waiting") { ($0.generation, $0.epoch, $0.counter, $0.line) = (6, 2, 1, other) }
            .saying("the owner's repair begins both anew"),
          try stage.grant("waiting", .epochRollback).saying("a grant of an older epoch"),
          try stage.grant("active") { ($0.epoch, $0.line) = (2, other) }.saying("the repair's grant"), works,
        ], vectors: [("the repair itself", "publication-make-repair-last-numbers")]),
    ]
  }

  // MARK: - A malicious service

  private static func agentService(_ stage: AgentStage) throws -> [Self] {
    let (fixture, enrolled) = (stage.fixture, try enrolled(stage))
    let works = stage.activity("active").saying("a window title")
    let page = Array("<html><h1>404 Not Found</h1></html>".utf8)
    let (state, grant) = (try stage.state.bytes(), try FixtureGrant(fixture).bytes())
    func given(
      _ says: String, _ event: String, _ message: [UInt8], _ phase: String, _ code: ErrorCode
    ) -> AgentPlay.Step {
      AgentPlay.Step(says: says, event: event, message: message, phase: phase, code: code)
    }
    let other = fixture.other
    return [
      try agent(
        stage, "master-key-planted", "The service plants an account or MasterKey of its own.",
        ["R-11-1", "R-7-4", "R-12.1-4"],
        [
          try stage.state("pinned", .wrongAccount) {
            ($0.root, $0.persons, $0.signer, $0.certifier) = (other, [other], other, other)
          }.saying("a state of the service's own account"),
          given(
            "a state with this account's id and another root key", "state",
            try other.sign(state.with(other.verifyKey, at: 80)), "pinned", .wrongAccount),
          try stage.state("pinned", .certificateInvalid) {
            ($0.persons, $0.signer, $0.certifier) = ([other], other, other)
          }
          .saying("a list that the service signed"),
          given("a grant before any state", "grant", grant, "pinned", .noState), enrolled[0],
          try stage.grant("waiting", .signatureInvalid) { $0.signer = other }
            .saying("a grant that the service signed"),
          try stage.grant("waiting", .wrongAccount) { ($0.account, $0.signer) = (other.accountID, other) }
            .saying("a grant of the service's own account"),
          try stage.grant("waiting", .wrongRecipient) { $0.recipient = other }.saying(
            "a grant for another agent"),
          stage.activity("waiting", .noGrant).saying("nothing is sent before the grant"), enrolled[1], works,
        ]),
      try agent(
        stage, "replay", "The service replays old states and grants.", ["R-12.1-1", "R-11-10", "R-13.4-2"],
        enrolled + [
          try stage.state("active") { $0.counter = 2 }.saying("a newer state"),
          try stage.state("active", .counterRollback).saying("an older state"),
          stage.event("restart", "active").saying("the agent is restarted"),
          try stage.state("active", .counterRollback).saying("an older state"), works,
          try stage.state("waiting") { ($0.epoch, $0.counter) = (2, 3) }.saying("the next epoch"),
          try stage.grant("waiting", .epochRollback).saying("a grant of the epoch before"),
          stage.activity("waiting", .noGrant).saying("nothing is sent before the grant"),
          try stage.grant("active") { $0.epoch = 2 }.saying("the grant of the epoch"),
          try stage.state("active", .counterRollback) { $0.counter = 2 }.saying(
            "a state of the epoch before"),
          works,
        ]),
      try agent(
        stage, "fork", "The service shows two states of one counter.", ["R-12.1-1"],
        enrolled + [
          try stage.state("active") { $0.counter = 2 }.saying("one state"),
          try stage.state("active", .counterFork) { ($0.counter, $0.signer) = (2, fixture.manager) }
            .saying("another of the same counter"),
          try stage.state("active") { $0.counter = 2 }.saying("the first once more"), works,
        ]),
      try agent(
        stage, "oracle", "The service uses the agent as a decryption oracle.", ["R-11-1", "R-11-3"],
        [enrolled[0]] + oracle(fixture, grant) + [enrolled[1], works]),
      try agent(
        stage, "property-5-encryption-off",
        "The service says that encryption is off, or answers with what is no message.",
        ["R-13.1-3", "R-12.1-3"],
        [
          stage.event("service_off", "pinned", .latched).saying("off"), enrolled[0],
          stage.event("service_off", "waiting", .latched).saying("off"),
          stage.activity("waiting", .noGrant).saying("nothing is sent in clear"), enrolled[1],
          stage.event("service_off", "active", .latched).saying("off"),
          given("an error page for a state", "state", page, "active", .badMagic),
          given("an empty answer for a state", "state", [], "active", .truncated),
          given("a state of version 2", "state", state.with([2], at: 2), "active", .unknownVersion),
          given("an error page for a grant", "grant", page, "active", .badMagic),
          stage.given(try stage.sample.text("second"), "active", .alreadyPinned).saying("another code"),
          stage.event("restart", "active").saying("the agent is restarted"),
          stage.event("service_off", "active", .latched).saying("off"), works,
        ]),
      try agent(
        stage, "property-6-another-purpose", "What was made for one purpose is shown for another.",
        ["R-8.1-1", "R-10.1-4", "R-11-9"],
        [
          stage.given(try stage.sample.text("m", kind: .master, role: .manager), "pinned", .wrongRecipient)
            .saying("a manager's code"),
          stage.given(try stage.sample.text(account: other.accountID), "pinned", .alreadyPinned)
            .saying("a code of another account"),
          given("a grant for a state", "state", grant, "pinned", .unexpectedType), enrolled[0],
          given("a state for a grant", "grant", state, "waiting", .unexpectedType),
          try stage.grant("waiting", .wrongRecipient) { $0.kind = 1 }.saying("a master grant"), enrolled[1],
          works,
        ],
        vectors: [
          ("keys of one epoch are all different", "keys-epoch-1"),
          ("a token's text in the place of a blob's", "text-blob-prefix-of-a-token"),
        ]),
      try agent(
        stage, "state-damaged", "The agent's own state is lost or damaged.", ["R-13.1-4"],
        enrolled + [
          works, stage.event("restart_damaged", "stopped").saying("the state is damaged"),
          stage.activity("stopped", .stopped).saying("nothing is sent"),
          stage.capture("stopped", .stopped).saying("nothing is kept"),
          stage.event("service_off", "stopped", .stopped).saying("off"),
          try stage.state("stopped", .stopped) { $0.counter = 2 }.saying("a state"),
          try stage.grant("stopped", .stopped).saying("a grant"),
          stage.given(try stage.sample.text(), "stopped", .stopped).saying("a code"),
        ]),
    ]
  }

  /// Ciphertexts that no person signed never reach RSA; signed ones that do not open all look alike.
  private static func oracle(_ fixture: Fixture, _ grant: [UInt8]) throws -> [AgentPlay.Step] {
    let made = FixtureGrant(fixture)
    let head = try made.head()
    let contents = try made.contents(head)
    let seed = bytes("oracle", 20)
    func signed(_ block: [UInt8]) throws -> [UInt8] {
      try fixture.account.sign(head + fixture.agent.encryptRaw(block) + .zeros(64))
    }
    func sealed(_ contents: [UInt8], _ edit: (inout OAEPBlock) -> Void = { _ in }) throws -> [UInt8] {
      try signed(OAEPBlock(message: contents, seed: seed, edit).bytes)
    }
    let pkcs1 = [0, 2] + bytes("oracle padding", 253 - contents.count).map { $0 | 1 } + [0] + contents
    let unsigned: [(String, [UInt8])] = [
      ("a ciphertext of the service's choice", grant.flipped(110)),
      ("another kind", grant.with([1], at: 24)),
    ]
    let unopened: [(String, [UInt8])] = [
      ("a leading byte that is not zero", try sealed(contents) { $0.leading = 1 }),
      ("a wrong label hash", try sealed(contents) { $0.lHash[10] ^= 1 }),
      ("padding that is not zero", try sealed(contents) { $0.padding[0] = 1 }),
      ("the hash of another head", try sealed(contents.flipped(0))),
      ("contents that are too short", try sealed([UInt8](contents.dropLast()))),
      ("padding of PKCS #1 v1.5", try signed(pkcs1)),
    ]
    func steps(_ kind: String, _ messages: [(String, [UInt8])], _ code: ErrorCode) -> [AgentPlay.Step] {
      messages.map {
        AgentPlay.Step(says: "\(kind): \($0.0)", event: "grant", message: $0.1, phase: "waiting", code: code)
      }
    }
    return steps("unsigned", unsigned, .signatureInvalid) + steps("signed", unopened, .grantOpenFailed)
  }

  // MARK: - What persons do

  private static func agentActs(_ stage: AgentStage) throws -> [Self] {
    let (fixture, enrolled, agent) = (stage.fixture, try enrolled(stage), stage.fixture.agent.agentID)
    let works = stage.activity("active").saying("a window title")
    let renewed = try stage.state("active") {
      ($0.counter, $0.made, $0.validUntil) = (2, Fixture.day(150), Fixture.day(180))
    }
    return [
      try self.agent(
        stage, "captures-and-late-sealing", "An agent captures before it has keys, and seals later.",
        ["R-13.1-6", "R-13.3-1", "R-16.1-6"],
        [
          stage.capture("pinned").saying("captured before there is a state"), enrolled[0],
          stage.capture("waiting").saying("captured before there is a grant"),
          stage.activity("waiting", .noGrant).saying("nothing is sent yet"), enrolled[1], works,
          try stage.state("waiting") { ($0.epoch, $0.counter) = (2, 2) }.saying("the account is rotated"),
          stage.capture("waiting").saying("captured between the epochs"),
          try stage.grant("active") { $0.epoch = 2 }.saying("the grant of the next epoch"), works,
        ],
        vectors: [
          ("what was captured is sealed", "capture-seal-several"),
          ("and what was captured ill-formed", "capture-seal-ill-formed"),
          ("the first batch", "batch-sign-first"), ("the next", "batch-sign-later"),
        ]),
      try self.agent(
        stage, "spool-recovery", "A computer stops while it captures; the spool is read again.", ["R-17-1"],
        [
          stage.capture("pinned").saying("captured"),
          stage.event("restart", "pinned").saying("the computer stops"),
          enrolled[0], stage.capture("waiting").saying("captured"),
        ],
        vectors: [
          ("a whole segment", "spool-recover-whole"),
          ("one that was torn", "spool-recover-torn-after-108-bytes"),
          ("one that was damaged", "spool-recover-damaged-seal"),
          ("one that lacks a frame", "spool-recover-frame-missing"),
        ]),
      try self.agent(
        stage, "renewal", "A state is renewed before it ends.", ["R-13.5-2", "R-12.8-6"],
        enrolled + [
          works.after(0, wall: Fixture.day(160) - 1),
          stage.activity("active", .stateExpired).after(0, wall: Fixture.day(160))
            .saying("nobody has opened for 60 days"),
          renewed.after(0, wall: Fixture.day(160)).saying("a person opens, and the state is renewed"),
          works.after(0, wall: Fixture.day(160)),
        ]),
      try self.agent(
        stage, "retired", "The computer is retired.", ["R-10.3-3", "R-12.3-4"],
        enrolled + [
          try stage.state("revoked") { ($0.counter, $0.revoked) = (2, [agent]) }.saying(
            "the state lists the agent"),
          stage.activity("revoked", .revoked).saying("nothing is sent"),
          stage.capture("revoked", .revoked).saying("nothing is kept"),
          try stage.grant("revoked", .revoked).saying("a grant of the same epoch"),
          stage.event("restart", "revoked").saying("the agent is restarted"),
          stage.given(try stage.sample.text("second"), "revoked", .alreadyPinned)
            .saying("another code: the computer comes back under new keys alone"),
        ], vectors: [("the act", "publication-make-retire")]),
      try self.agent(
        stage, "removed", "The computer was stolen, and is removed.", ["R-10.3-3", "R-12.3-2"],
        enrolled + [
          try stage.state("revoked") { ($0.epoch, $0.counter, $0.revoked) = (2, 2, [agent]) }
            .saying("the next epoch lists the agent"),
          try stage.grant("revoked", .revoked) { $0.epoch = 2 }.saying("a grant of it"),
          try stage.state("revoked") { ($0.epoch, $0.counter) = (3, 3) }
            .saying("the epoch after does not list it any more"),
          stage.activity("revoked", .revoked).saying("nothing is sent without a grant"),
        ], vectors: [("the act", "publication-make-remove")]),
      try self.agent(
        stage, "recovered", "The owner recovers the account with the recovery text.",
        ["R-12.6-2", "R-12.1-6"],
        enrolled + [
          try stage.state("waiting") {
            ($0.generation, $0.epoch, $0.counter) = (6, 2, 2)
            let owner = FixtureKeys(rsa: fixture.other, signing: fixture.account)
            ($0.persons, $0.signer) = ([owner, fixture.manager], owner)
          }.saying("a new list: the same root key, and another RSA key of the owner's"),
          stage.activity("waiting", .noGrant).saying("nothing is sent before the grant"),
          try stage.grant("active") { $0.epoch = 2 }.saying("the grant"), works,
        ], vectors: [("the act", "account-recover-plain")]),
    ]
  }
}
