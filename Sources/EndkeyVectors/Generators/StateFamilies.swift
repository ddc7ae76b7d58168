internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let states: [Family] = [
    Family("state/make") { builder in
      let fixture = try Fixture.made.get()
      func make(
        _ id: String, _ req: [String], epoch: UInt32 = 1, counter: UInt64 = 1, previous: [UInt8] = .zeros(32),
        revoked: [[UInt8]] = [], ruleSet: [UInt8] = .zeros(32), sorted: [[UInt8]]? = nil
      ) throws {
        try builder.accept(
          "state-make-\(id)", req, "An AccountState.",
          in: .of([
            "account_seed": .hex(fixture.account.seed), "modulus": .hex(fixture.account.modulus),
            "epoch": .integer(epoch), "counter": .integer(counter),
            "master_key": .hex(fixture.masterKey(epoch)), "rule_set": .hex(ruleSet),
            "previous": .hex(previous), "revoked": .array(revoked.map { .hex($0) }),
          ]),
          out: .of(
            "state",
            try fixture.state(
              epoch: epoch, counter: counter, previous: previous, revoked: sorted ?? revoked,
              ruleSet: ruleSet)))
      }
      let (low, high) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 0xf0, count: 16))
      let previous = bytes("previous", 32)
      try make("first", ["R-12.1-2"])
      try make("second", ["R-12.1-2"], counter: 2, previous: previous)
      try make("of-epoch-2", ["R-12.1-2"], epoch: 2, counter: 3, previous: previous)
      try make("with-rules", ["R-16.4-1"], counter: 2, previous: previous, ruleSet: bytes("rules", 32))
      try make("revoking-one", ["R-12.2-2"], counter: 2, previous: previous, revoked: [low])
      try make("revoking-two", ["R-2.2-8"], counter: 2, previous: previous, revoked: [low, high])
      try make(
        "revoking-unsorted", ["R-2.2-8"], counter: 2, previous: previous, revoked: [high, low],
        sorted: [low, high])
      let (front, back) = (low.with([2], at: 15), low.with([2], at: 0))
      try make(
        "revoking-sorted-from-the-front", ["R-2.2-8"], counter: 2, previous: previous,
        revoked: [back, front],
        sorted: [front, back])
      let (below, above) = ([UInt8](repeating: 0x7f, count: 16), [UInt8](repeating: 0x80, count: 16))
      try make(
        "revoking-sorted-unsigned", ["R-2.2-8"], counter: 2, previous: previous, revoked: [above, below],
        sorted: [below, above])
      try make("greatest-counter", ["R-2.2-6"], counter: 1 << 53 - 1, previous: previous)
    },
    Family("state/accept", flags: [rollbackFlag, pinFlag, signatureFlag]) { builder in
      try buildStateAccept(&builder)
    },
  ]

  private static let rollbackFlag = VectorFile.Flag(
    "Rollback", bugType: "MISSING_CHECK", effect: "the service hides a revocation or a rotation",
    refs: ["R-12.1-1"])
  private static let pinFlag = VectorFile.Flag(
    "Pin", bugType: "MISSING_CHECK", effect: "the service puts an account of its own in the owner's place",
    refs: ["R-7-1", "R-12.1-4"])
  private static let signatureFlag = VectorFile.Flag(
    "Signature", bugType: "MISSING_CHECK", effect: "the service writes states", refs: ["R-6-1"])

  private static func buildStateAccept(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (account, other) = (fixture.account, fixture.other)
    let first = try fixture.state()
    let hash = SHA256.hash(first)
    let second = try fixture.state(counter: 2, previous: hash)
    let current = try fixture.state(epoch: 2, counter: 7, previous: bytes("previous", 32))
    let next = try fixture.state(epoch: 2, counter: 8, previous: SHA256.hash(current))
    func input(_ message: [UInt8], last: [UInt8]? = nil, agent: Bool = true) -> JSONObject {
      .of([
        "account_id": .hex(fixture.accountID), "agent_id": agent ? .hex(fixture.agent.agentID) : .null,
        "last": last.map { .hex($0) } ?? .null, "message": .hex(message),
      ])
    }
    func accept(_ id: String, _ comment: String, _ input: JSONObject, _ event: String = "state") throws {
      try builder.accept(
        "state-accept-\(id)", ["R-12.1-1", "R-12.1-2"], comment, in: input,
        out: .of(["event": .string(event)]))
    }
    try accept("first", "The first state.", input(first))
    try accept("next", "The state after the last.", input(next, last: current))
    try accept("later-for-a-new-agent", "An agent that comes later starts with any state.", input(current))
    try accept("gap", "States were missed.", input(current, last: first))
    try accept("again", "The last state once more.", input(current, last: current), "unchanged")
    try accept(
      "revokes", "The state lists the agent.",
      input(try fixture.state(counter: 2, previous: hash, revoked: [fixture.agent.agentID]), last: first),
      "state_revokes")
    try accept(
      "revokes-another", "The state lists another agent.",
      input(try fixture.state(counter: 2, previous: hash, revoked: [fixture.other.agentID]), last: first))
    try accept(
      "revokes-for-an-owner", "An owner's end is no agent.",
      input(
        try fixture.state(counter: 2, previous: hash, revoked: [fixture.agent.agentID]), last: first,
        agent: false
      ))
    let mine = fixture.agent.agentID
    try accept(
      "revokes-among-others", "The agent stands between two others.",
      input(
        try fixture.state(
          counter: 2, previous: hash, revoked: [.zeros(16), mine, .init(repeating: 0xff, count: 16)]),
        last: first),
      "state_revokes")
    try accept(
      "revokes-a-similar-id", "The id differs in its last byte.",
      input(try fixture.state(counter: 2, previous: hash, revoked: [mine.flipped(15)]), last: first))
    try accept(
      "revoked-unsigned-order", "Ids are compared as bytes without a sign.",
      input(
        try fixture.state(
          counter: 2, previous: hash,
          revoked: [.init(repeating: 0x7f, count: 16), .init(repeating: 0x80, count: 16)]),
        last: first))
    try accept(
      "counter-above-32-bits", "Counters have more than 32 bits.",
      input(try fixture.state(epoch: 2, counter: 1 << 32 + 1, previous: hash), last: current))
    try accept(
      "epoch-gap", "The account went two epochs on.",
      input(try fixture.state(epoch: 4, counter: 9, previous: hash), last: current))
    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ message: [UInt8],
      _ code: ErrorCode, offset: Int? = nil, last: [UInt8]? = nil, twin: String = "first"
    ) throws {
      try builder.reject(
        "state-accept-\(id)", req, flags: [flag], comment, in: input(message, last: last), code: code,
        offset: offset, twin: "state-accept-\(twin)")
    }
    try reject(
      "cut", ["R-2.2-2"], "Signature", "The last byte is missing.", [UInt8](first.dropLast()), .truncated,
      offset: 418)
    try reject(
      "off", ["R-12.1-3"], "Signature", "Text instead of a state, as a service may send it.",
      Array("{\"encryption\":\"off\"}".utf8), .badMagic, offset: 0)
    try reject("nothing", ["R-12.1-3"], "Signature", "No state.", [], .truncated, offset: 0)
    try reject(
      "version-0", ["R-12.1-3"], "Signature", "A version that does not exist.",
      account.sign(first.with([0], at: 2)), .unknownVersion, offset: 2)
    try reject(
      "revoked-twice", ["R-2.2-8"], "Signature", "An agent is listed twice.",
      fixture.state(revoked: [fixture.agent.agentID, fixture.agent.agentID]), .notCanonical, offset: 434)
    try reject(
      "header-of-another-account", ["R-12.1-4"], "Pin", "The header names another account.",
      account.sign(first.with(other.accountID, at: 4)), .wrongAccount)
    try reject(
      "key-of-another-account", ["R-7-1", "R-12.1-4"], "Pin",
      "The pinned id with a key of the service, signed with that.",
      other.sign(first.with(other.verifyKey, at: 32)), .wrongAccount)
    try reject(
      "another-account", ["R-7-1"], "Pin", "A state of another account, right in itself.",
      other.sign(first.with(other.accountID, at: 4).with(other.verifyKey, at: 32)), .wrongAccount)
    for (name, modulus) in [
      ("even", account.modulus.flipped(255)), ("of-2047-bits", account.modulus.with([0x7f], at: 0)),
    ] {
      try reject(
        "modulus-\(name)", ["R-6-2"], "Pin", "A modulus that is none.",
        account.sign(first.with(modulus, at: 64)), .badKey)
    }
    for fault in try SignatureFault.all(of: first, by: account, other: other) {
      try reject(fault.name, ["R-6-1"], "Signature", fault.comment, fault.message, .signatureInvalid)
    }
    for (name, offset) in [("counter", 31), ("commitment", 330), ("rule-set", 360), ("previous", 400)] {
      try reject(
        "\(name)-changed-after-signing", ["R-12.1-1"], "Signature", "The signature covers it.",
        first.flipped(offset), .signatureInvalid)
    }
    try reject(
      "counter-0", ["R-12.1-1"], "Rollback", "Counters start with 1.", fixture.state(counter: 0),
      .counterRollback)
    try reject(
      "counter-back", ["R-12.1-1"], "Rollback", "An older state.", second, .counterRollback, last: current,
      twin: "next")
    try reject(
      "counter-back-by-one", ["R-12.1-1"], "Rollback", "The state before.", first, .counterRollback,
      last: second)
    try reject(
      "fork", ["R-12.1-1"], "Rollback", "Another state with the counter of the last.",
      fixture.state(counter: 2, previous: hash, revoked: [other.agentID]), .counterFork, last: second)
    try reject(
      "epoch-back", ["R-12.1-1"], "Rollback", "A newer counter with an older epoch.",
      fixture.state(epoch: 1, counter: 9, previous: bytes("previous", 32)), .epochRollback, last: current,
      twin: "next")
    try reject(
      "previous-of-another-state", ["R-12.1-2"], "Rollback", "The next state does not name the last.",
      fixture.state(epoch: 2, counter: 8, previous: hash), .chainBroken, last: current, twin: "next")
    try reject(
      "previous-zero", ["R-12.1-2"], "Rollback", "The next state names none.",
      fixture.state(epoch: 2, counter: 8), .chainBroken, last: current, twin: "next")
    try reject(
      "first-with-previous", ["R-12.1-2"], "Rollback", "The first state names one before it.",
      fixture.state(previous: hash), .chainBroken)
    try reject(
      "previous-ends-otherwise", ["R-12.1-2"], "Rollback", "The last byte of the hash is wrong.",
      fixture.state(epoch: 2, counter: 8, previous: SHA256.hash(current).flipped(31)), .chainBroken,
      last: current,
      twin: "next")
    try reject(
      "header-of-a-similar-account", ["R-12.1-4"], "Pin", "The header's id differs in its last byte.",
      account.sign(first.flipped(19)), .wrongAccount)
    for index in 0... {
      let seed = bytes("similar account \(index)", 32)
      let key = try Ed25519.PrivateKey(seed: SecretBytes(copying: seed))
      guard Fixture.hash("account-id", key.publicKey.bytes)[0] == fixture.accountID[0] else { continue }
      let body = first.with(key.publicKey.bytes, at: 32).dropLast(64)
      try reject(
        "key-of-a-similar-account", ["R-12.1-4"], "Pin",
        "The id of the key has the first byte of the pinned one.",
        body + key.sign(Array("endkey/1 signature".utf8) + [0] + body), .wrongAccount)
      break
    }
    try reject(
      "order-key-before-signature", ["R-12.1-4"], "Pin", "The key is looked at before the signature.",
      first.with(other.verifyKey, at: 32), .wrongAccount)
    try reject(
      "order-key-before-modulus", ["R-12.1-4"], "Pin", "The key is looked at before the modulus.",
      other.sign(first.with(other.verifyKey, at: 32).flipped(319)), .wrongAccount)
    try reject(
      "order-modulus-before-signature", ["R-6-2"], "Pin", "The modulus is looked at before the signature.",
      first.flipped(319), .badKey)
    try reject(
      "order-epoch-before-chain", ["R-12.1-1"], "Rollback", "The epoch is compared before the chain.",
      fixture.state(epoch: 1, counter: 8, previous: hash), .epochRollback, last: current, twin: "next")
    try reject(
      "revoked-third-out-of-order", ["R-2.2-8"], "Signature", "The first two are in order, the third is not.",
      fixture.state(revoked: [
        .init(repeating: 1, count: 16), .init(repeating: 3, count: 16), .init(repeating: 2, count: 16),
      ]),
      .notCanonical, offset: 450)
    try reject(
      "order-counter-before-epoch", ["R-12.1-1"], "Rollback", "The counter is compared before the epoch.",
      first, .counterRollback, last: current, twin: "next")
  }
}
