internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Scenario {
  /// The client is an agent that has pinned a code and sent its request.
  static func agent() throws -> [Self] {
    let fixture = try Fixture.made.get()
    let sample = EnrolmentSample(fixture: fixture)
    let open = JSONObject.of([
      "code": .string(String(decoding: sample.text(), as: UTF8.self)), "p": .hex(fixture.agent.p),
      "q": .hex(fixture.agent.q), "seed": .hex(fixture.agent.seed), "nonce": .hex(sample.nonce),
    ])
    func scenario(_ name: String, _ attack: String, _ req: [String], _ steps: [Scenario.Step]) -> Self {
      Self(
        id: "scenario-agent-\(name)", role: .agent, attack: attack, req: req, open: open, phase: "pinned",
        steps: steps)
    }
    let state1 = try fixture.state()
    let previous = Hash(sha256: state1).bytes
    let state2 = try fixture.state(counter: 2, previous: previous)
    let fork = try fixture.state(counter: 2, previous: previous, ruleSet: bytes("rules", 32))
    let revoking = try fixture.state(counter: 2, previous: previous, revoked: [fixture.agent.agentID])
    let rotated = try fixture.state(epoch: 2, counter: 3, previous: Hash(sha256: state2).bytes)
    let (grant, newer) = (try fixture.grant(), try fixture.grant(counter: 2))
    let granted = try fixture.grant(epoch: 2, counter: 3)
    let title = Array("Quarterly figures".utf8)
    let page = Array("<html><h1>404 Not Found</h1></html>".utf8)

    typealias Step = Scenario.Step
    let enrolled: [Step] = [
      .agent("the account's state", .state, state1, "waiting"), .agent("the grant", .grant, grant, "active"),
    ]
    let works = Step.agent("a window title", .activity, title, "active")
    return [
      scenario(
        "master-key-planted", "The service plants an account or MasterKey of its own.", ["R-11-1", "R-7-1"],
        [
          .agent(
            "a state of the service's own account", .state,
            try fixture.other.sign(
              state1.with(fixture.other.accountID, at: 4).with(fixture.other.verifyKey, at: 32)),
            "pinned", .wrongAccount),
          .agent(
            "a state with this account's id and other keys", .state,
            try fixture.other.sign(state1.with(fixture.other.verifyKey, at: 32)), "pinned", .wrongAccount),
          .agent("a grant before any state", .grant, grant, "pinned", .noState), enrolled[0],
          .agent(
            "a grant that the service signed", .grant, try fixture.other.sign(grant), "waiting",
            .signatureInvalid),
          .agent(
            "a grant of the service's own account", .grant,
            try fixture.other.sign(grant.with(fixture.other.accountID, at: 4)), "waiting", .wrongAccount),
          .agent(
            "a grant for another agent", .grant, try fixture.grant(to: fixture.other), "waiting",
            .wrongRecipient),
          .agent("nothing is sent before the grant", .activity, title, "waiting", .noGrant), enrolled[1],
          works,
        ]),
      scenario(
        "replay", "The service replays old states and grants.", ["R-12.1-1", "R-11-7", "R-13.4-1"],
        [
          enrolled[0], .agent("a newer grant", .grant, newer, "active"),
          .agent("an older grant", .grant, grant, "active", .counterRollback),
          .agent("a newer state", .state, state2, "active"),
          .agent("an older state", .state, state1, "active", .counterRollback),
          .agent("the agent is restarted", .restart, "active"),
          .agent("an older state", .state, state1, "active", .counterRollback),
          .agent("an older grant", .grant, grant, "active", .counterRollback), works,
          .agent("the next epoch", .state, rotated, "waiting"),
          .agent("a grant of the epoch before", .grant, newer, "waiting", .epochRollback),
          .agent("nothing is sent before the grant", .activity, title, "waiting", .noGrant),
          .agent("the grant of the epoch", .grant, granted, "active"),
          .agent("a state of the epoch before", .state, state2, "active", .counterRollback), works,
        ]),
      scenario(
        "fork", "The service shows two states of one counter.", ["R-12.1-1"],
        enrolled + [
          .agent("one state", .state, state2, "active"),
          .agent("another of the same counter", .state, fork, "active", .counterFork),
          .agent("the first once more", .state, state2, "active"), works,
        ]),
      scenario(
        "oracle", "The service uses the agent as a decryption oracle.", ["R-11-1", "R-11-3", "R-19.2-1"],
        enrolled + (try oracle(fixture, grant)) + [works]),
      scenario(
        "encryption-off", "The service says that encryption is off, or answers with what is no message.",
        ["R-13.1-3", "R-12.1-3"],
        [
          .agent("off", .serviceOff, "pinned", .latched), enrolled[0],
          .agent("off", .serviceOff, "waiting", .latched),
          .agent("nothing is sent in clear", .activity, title, "waiting", .noGrant), enrolled[1],
          .agent("off", .serviceOff, "active", .latched),
          .agent("an error page for a state", .state, page, "active", .badMagic),
          .agent("an empty answer for a state", .state, [], "active", .truncated),
          .agent("a state of version 2", .state, state2.with([2], at: 2), "active", .unknownVersion),
          .agent("an error page for a grant", .grant, page, "active", .badMagic),
          .agent("another code", .code, sample.text(secret: .zeros(16)), "active", .alreadyPinned),
          .agent("the agent is restarted", .restart, "active"),
          .agent("off", .serviceOff, "active", .latched), works,
        ]),
      scenario(
        "state-damaged", "The agent's own state is lost or damaged.", ["R-13.1-4"],
        enrolled + [
          works, .agent("the state is damaged", .restartDamaged, "stopped"),
          .agent("nothing is sent", .activity, title, "stopped", .stopped),
          .agent("off", .serviceOff, "stopped", .stopped),
          .agent("a state", .state, state2, "stopped", .stopped),
          .agent("a grant", .grant, newer, "stopped", .stopped),
          .agent("a code", .code, sample.text(), "stopped", .stopped),
        ]),
      scenario(
        "revoked", "A revoked agent is talked into going on.", ["R-10.3-1", "R-12.3-1"],
        enrolled + [
          .agent("the state that revokes it", .state, revoking, "revoked"),
          .agent("nothing is sent", .activity, title, "revoked", .revoked),
          .agent("the next epoch", .state, rotated, "revoked", .revoked),
          .agent("its grant", .grant, granted, "revoked", .revoked),
          .agent("the agent is restarted", .restart, "revoked"),
          .agent("nothing is sent", .activity, title, "revoked", .revoked),
        ]),
    ]
  }

  /// Ciphertexts that the account did not sign never reach RSA; signed ones that do not open all look alike.
  private static func oracle(_ fixture: Fixture, _ grant: [UInt8]) throws -> [Scenario.Step] {
    let head = fixture.grantHead(kind: 2, epoch: 1, counter: 9, recipient: fixture.agent.agentID)
    let contents = try fixture.grantContents(head, kind: 2, epoch: 1, agent: fixture.agent)
    let seed = bytes("oracle", 20)
    func signed(_ block: [UInt8]) throws -> [UInt8] {
      try fixture.account.sign(head + fixture.agent.encryptRaw(block) + .zeros(64))
    }
    func sealed(_ contents: [UInt8], _ edit: (inout OAEPBlock) -> Void = { _ in }) throws -> [UInt8] {
      try signed(OAEPBlock(message: contents, seed: seed, edit).bytes)
    }
    let pkcs1 = [0, 2] + bytes("oracle padding", 253 - contents.count).map { $0 | 1 } + [0] + contents
    let unsigned: [(String, [UInt8])] = [
      ("a ciphertext of the service's choice", grant.flipped(100)),
      ("a counter of the service's choice", grant.flipped(48, 8)),
      ("another kind", grant.with([1], at: 24)),
    ]
    let unopened: [(String, [UInt8])] = [
      ("a leading byte that is not zero", try sealed(contents) { $0.leading = 1 }),
      ("a wrong label hash", try sealed(contents) { $0.lHash[10] ^= 1 }),
      ("padding that is not zero", try sealed(contents) { $0.padding[0] = 1 }),
      ("the hash of another header", try sealed(contents.flipped(0))),
      ("contents that are too short", try sealed([UInt8](contents.dropLast()))),
      ("padding of PKCS #1 v1.5", try signed(pkcs1)),
    ]
    return unsigned.map { .agent("unsigned: \($0.0)", .grant, $0.1, "active", .signatureInvalid) }
      + unopened.map { .agent("signed: \($0.0)", .grant, $0.1, "active", .grantOpenFailed) }
  }
}
