internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let grants: [Family] = [
    Family("grant/make") { builder in try buildGrantMake(&builder) },
    Family("grant/open", flags: grantFlags) { builder in try buildGrantOpen(&builder) },
  ]

  private static let grantFlags = [
    VectorFile.Flag(
      "Signature", bugType: "MISSING_CHECK",
      effect: "the service grants a MasterKey of its own, and reads all that the agent encrypts with it",
      refs: ["R-11-1", "R-6-1"]),
    VectorFile.Flag(
      "Replay", bugType: "MISSING_CHECK", effect: "an old grant brings an agent back to old keys",
      refs: ["R-11-7"]),
    VectorFile.Flag(
      "OaepDecoding", bugType: "MISSING_CHECK",
      effect: "the agent is an oracle that decrypts for the service", refs: ["R-11-3", "RFC 8017 7.1.2"]),
    VectorFile.Flag(
      "CiphertextMoved", bugType: "MISSING_CHECK",
      effect: "keys that were granted for another epoch, agent or kind are taken", refs: ["R-11-4"]),
    VectorFile.Flag(
      "Order", bugType: "WRONG_ORDER", effect: "private-key operations run on messages of anybody",
      refs: ["R-11-1"]),
  ]

  private static func buildGrantMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(_ kind: UInt8, _ epoch: UInt32, _ counter: UInt64, _ agent: FixtureKeys) -> JSONObject {
      .of([
        "account_seed": .hex(fixture.account.seed), "account_id": .hex(fixture.accountID),
        "epoch": .integer(epoch), "counter": .integer(counter),
        "kind": .string(kind == 1 ? "master" : "scoped"), "recipient": .hex(agent.agentID),
        "modulus": .hex(agent.modulus), "master_key": .hex(fixture.masterKey(epoch)),
        "oaep_seed": .hex(bytes("oaep \(kind) \(epoch) \(counter)", 20)),
      ])
    }
    for (name, kind, epoch, counter, agent) in [
      ("scoped", 2, 1, 1, fixture.agent), ("master", 1, 1, 1, fixture.agent),
      ("scoped-epoch-2", 2, 2, 7, fixture.agent), ("master-epoch-2", 1, 2, 8, fixture.agent),
      ("scoped-other-agent", 2, 1, 2, fixture.other), ("master-other-agent", 1, 1, 3, fixture.other),
      ("scoped-greatest-counter", 2, 1, 1 << 53 - 1, fixture.agent),
      ("scoped-greatest-epoch", 2, .max, 4, fixture.agent),
    ] as [(String, UInt8, UInt32, UInt64, FixtureKeys)] {
      try builder.accept(
        "grant-make-\(name)", ["R-11-4", "R-7-3"], "A grant, with this seed for OAEP.",
        in: input(kind, epoch, counter, agent),
        out: .of("grant", try fixture.grant(kind: kind, epoch: epoch, counter: counter, to: agent)))
    }
    var even = input(2, 1, 1, fixture.agent)
    even["modulus"] = .hex(fixture.agent.modulus.flipped(255))
    try builder.reject(
      "grant-make-even-modulus", ["R-6-2"], "An even number is no modulus.", in: even, code: .badKey,
      twin: "grant-make-scoped")
    var short = input(2, 1, 1, fixture.agent)
    short["modulus"] = .hex(fixture.agent.modulus.with([0x7f], at: 0))
    try builder.reject(
      "grant-make-modulus-of-2047-bits", ["R-6-2"], "A modulus of 2,047 bits.", in: short, code: .badKey,
      twin: "grant-make-scoped")
  }

  private static func buildGrantOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (account, agent, other) = (fixture.account, fixture.agent, fixture.other)
    let state2 = try fixture.state(epoch: 2, counter: 3, previous: bytes("previous", 32))
    func input(_ grant: [UInt8], state: [UInt8]? = nil, last: [UInt8]? = nil) -> JSONObject {
      let mark: JSONValue =
        last.map { last in
          let counter = last[41..<49].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
          return ["counter": .integer(counter), "hash": .hex(SHA256.hash(last))]
        } ?? .null
      return .of([
        "account_id": .hex(fixture.accountID), "state": .hex(state ?? state2), "p": .hex(agent.p),
        "q": .hex(agent.q), "seed": .hex(agent.seed), "last": mark, "grant": .hex(grant),
      ])
    }
    let keys = JSONObject.of([
      "kind": "scoped", "token_key": .hex(try fixture.key("token", 2, count: 64)),
      "agent_key": .hex(try fixture.key("agent", 2, agent: agent.agentID)),
    ])
    let master = JSONObject.of(["kind": "master", "master_key": .hex(fixture.masterKey(2))])
    let (scoped, mastered) = ("grant-open-scoped", "grant-open-master")
    let grant = try fixture.grant(epoch: 2, counter: 5)
    let masterGrant = try fixture.grant(kind: 1, epoch: 2, counter: 5)
    let older = try fixture.grant(epoch: 2, counter: 4)

    try builder.accept(scoped, ["R-11-1"], "A scoped grant.", in: input(grant), out: keys)
    try builder.accept(mastered, ["R-11-5"], "A master grant.", in: input(masterGrant), out: master)
    try builder.accept(
      "grant-open-counter-above-last", ["R-11-7"], flags: ["Replay"], "A newer grant than the last.",
      in: input(grant, last: older), out: keys)
    try builder.accept(
      "grant-open-again", ["R-11-7"], flags: ["Replay"], "The last grant once more: no effect, no error.",
      in: input(grant, last: grant), out: .of(["kind": "unchanged"]))
    try builder.accept(
      "grant-open-counter-gap", ["R-11-7"], flags: ["Replay"], "Grants to others came between.",
      in: input(try fixture.grant(epoch: 2, counter: 1 << 53 - 1), last: older), out: keys)

    try builder.accept(
      "grant-open-counter-above-32-bits", ["R-11-7"], flags: ["Replay"], "Counters have more than 32 bits.",
      in: input(try fixture.grant(epoch: 2, counter: 1 << 32 + 1), last: older), out: keys)

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ grant: [UInt8], _ code: ErrorCode,
      offset: Int? = nil, state: [UInt8]? = nil, last: [UInt8]? = nil, twin: String = "grant-open-scoped"
    ) throws {
      try builder.reject(
        "grant-open-\(id)", req, flags: [flag], comment, in: input(grant, state: state, last: last),
        code: code, offset: offset, twin: twin)
    }

    // Steps 1 to 3.
    try reject(
      "cut", ["R-11-1"], "Order", "The last byte is missing.", [UInt8](grant.dropLast()), .truncated,
      offset: 305)
    try reject(
      "trailing-byte", ["R-11-1"], "Order", "A byte too many.", grant + [0], .trailingBytes, offset: 369)
    try reject(
      "kind-0", ["R-11-1"], "Order", "A kind that does not exist, signed.",
      account.sign(grant.with([0], at: 24)), .unknownValue, offset: 24)
    try reject(
      "of-another-account", ["R-11-1"], "Order", "The header names another account.",
      account.sign(grant.with(other.accountID, at: 4)), .wrongAccount)
    var stateless = input(grant)
    stateless["state"] = .null
    try builder.reject(
      "grant-open-before-any-state", ["R-11-1"], flags: ["Order"],
      "Without an AccountState there is no key to verify the grant with.", in: stateless, code: .noState,
      twin: scoped)
    // Step 4.
    for fault in try SignatureFault.all(of: grant, by: account, other: other) {
      try reject(
        fault.name, ["R-11-1", "R-6-1"], "Signature", fault.comment, fault.message, .signatureInvalid)
    }
    for (name, offset) in [
      ("kind", 24), ("recipient", 30), ("counter", 48), ("epoch", 23), ("ciphertext", 300),
    ] {
      try reject(
        "\(name)-changed-after-signing", ["R-11-1"], "Signature", "The signature covers \(name).",
        grant.with([grant[offset] ^ 3], at: offset), .signatureInvalid)
    }
    // Steps 5 to 7.
    try reject(
      "to-another-agent", ["R-11-1"], "Order", "A grant to another agent.",
      fixture.grant(epoch: 2, counter: 5, to: other), .wrongRecipient)
    try reject(
      "epoch-before-state", ["R-11-1"], "Replay", "The grant of the epoch before.",
      fixture.grant(epoch: 1, counter: 6), .epochRollback)
    try reject(
      "epoch-after-state", ["R-11-1"], "Order", "A grant of an epoch whose state is not known yet.",
      fixture.grant(epoch: 3, counter: 6), .epochMismatch)
    try reject(
      "counter-below-last", ["R-11-7"], "Replay", "An older grant.", older, .counterRollback, last: grant,
      twin: "grant-open-counter-above-last")
    try reject(
      "fork", ["R-11-7"], "Replay", "Another grant with the counter of the last.", masterGrant, .counterFork,
      last: grant, twin: "grant-open-again")
    try reject(
      "order-epoch-before-counter", ["R-11-1"], "Order", "The epoch is compared before the counter.",
      fixture.grant(epoch: 1, counter: 4), .epochRollback, last: grant)
    try reject(
      "order-recipient-before-epoch", ["R-11-1"], "Order", "The recipient is compared before the epoch.",
      fixture.grant(epoch: 1, counter: 6, to: other), .wrongRecipient)

    for (name, recipient, comment) in [
      ("last-byte-of-recipient", agent.agentID.flipped(15), "The recipient differs in its last byte."),
      ("zero-recipient", .zeros(16), "A grant to nobody."),
    ] {
      let head = fixture.grantHead(kind: 2, epoch: 2, counter: 5, recipient: recipient)
      let contents = try fixture.grantContents(head, kind: 2, epoch: 2, agent: agent)
      let block = OAEPBlock(message: contents, seed: bytes("oaep \(name)", 20)).bytes
      try reject(
        name, ["R-11-1"], "Order", comment, account.sign(head + agent.encryptRaw(block) + .zeros(64)),
        .wrongRecipient)
    }
    try reject(
      "of-a-similar-account", ["R-11-1"], "Order", "The header's id differs in its last byte.",
      account.sign(grant.flipped(19)), .wrongAccount)
    var elsewhere = input(try account.sign(grant.with(other.accountID, at: 4)))
    elsewhere["state"] = .null
    try builder.reject(
      "grant-open-order-account-before-state", ["R-11-1"], flags: ["Order"],
      "The account is compared before a state is asked for.", in: elsewhere, code: .wrongAccount, twin: scoped
    )
    var forked = input(grant, last: grant)
    forked["last"] = ["counter": 5, "hash": .hex(SHA256.hash(grant).flipped(31))]
    try builder.reject(
      "grant-open-fork-whose-hash-ends-otherwise", ["R-11-7"], flags: ["Replay"],
      "The last byte of the hash differs.", in: forked, code: .counterFork, twin: "grant-open-again")

    // Step 8.
    let head = [UInt8](grant[..<49])
    let masterHead = [UInt8](masterGrant[..<49])
    let contents = try fixture.grantContents(head, kind: 2, epoch: 2, agent: agent)
    let seed = bytes("seed of faults", 20)
    func cipher(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ ciphertext: [UInt8],
      master: Bool = false
    ) throws {
      try reject(
        id, req, flag, comment, account.sign((master ? masterHead : head) + ciphertext + .zeros(64)),
        .grantOpenFailed, twin: master ? mastered : scoped)
    }
    let modulus = agent.modulus
    let minusOne = modulus.flipped(255)
    for (name, number) in [
      ("zero", [UInt8].zeros(256)), ("one", .zeros(255) + [1]), ("modulus-minus-1", minusOne),
      ("modulus", modulus), ("modulus-plus-1", modulus.adding([1])),
      ("all-ones", [UInt8](repeating: 0xff, count: 256)),
    ] {
      try cipher(
        "ciphertext-\(name)", ["R-11-2"], "OaepDecoding", "A ciphertext that no sender makes.", number)
    }
    for offset in [0, 100, 255] {
      try cipher(
        "ciphertext-byte-\(offset)-flipped", ["R-11-3"], "OaepDecoding", "One bit is wrong, but signed.",
        [UInt8](grant[49..<305]).flipped(offset))
    }
    try cipher(
      "encrypted-to-another-agent", ["R-11-3"], "OaepDecoding",
      "Encrypted with the modulus of another agent.",
      other.encryptRaw(OAEPBlock(message: contents, seed: seed).bytes))
    for (name, comment, edit) in [
      ("label-hash-first-byte", "The hash of the label is wrong.", { $0.lHash[0] ^= 1 }),
      ("label-hash-middle-byte", "The hash of the label is wrong.", { $0.lHash[10] ^= 1 }),
      ("label-hash-last-byte", "The hash of the label is wrong.", { $0.lHash[19] ^= 1 }),
      (
        "label-hash-of-sha-256", "The hash of the label is SHA-256, cut.",
        { $0.lHash = [UInt8](SHA256.hash([])[..<20]) }
      ),
      ("padding-first-byte", "The padding is not zero.", { $0.padding[0] = 0xff }),
      ("padding-middle-byte", "The padding is not zero.", { $0.padding[40] = 2 }),
      ("padding-last-byte", "The byte before the separator is not zero.", { $0.padding[85] = 0xff }),
      ("separator-0", "No separator.", { $0.separator = 0 }),
      ("separator-2", "A separator of 2.", { $0.separator = 2 }),
      ("separator-ff", "A separator of 255.", { $0.separator = 0xff }),
      (
        "data-of-zeros", "Nothing but zeros behind the hash of the label.",
        { ($0.separator, $0.message) = (0, .zeros($0.message.count)) }
      ),
      ("first-byte-1", "The block starts with 1 instead of 0.", { $0.leading = 1 }),
    ] as [(String, String, (inout OAEPBlock) -> Void)] {
      try cipher(
        "oaep-\(name)", ["R-11-3", "R-11-6"], "OaepDecoding", comment,
        agent.encryptRaw(OAEPBlock(message: contents, seed: seed, edit).bytes))
    }
    try cipher(
      "pkcs1-v1-5", ["R-11-6"], "OaepDecoding", "Padded as PKCS #1 v1.5 says.",
      agent.encryptRaw([0, 2] + [UInt8](repeating: 0xa5, count: 253 - contents.count) + [0] + contents))
    try cipher(
      "unpadded", ["R-11-6"], "OaepDecoding", "Not padded at all.",
      agent.encryptRaw(.zeros(256 - contents.count) + contents))

    func content(
      _ id: String, _ comment: String, _ contents: [UInt8], master: Bool = false,
      _ req: [String] = ["R-11-4"]
    ) throws {
      try cipher(
        id, req, "CiphertextMoved", comment, agent.encryptRaw(OAEPBlock(message: contents, seed: seed).bytes),
        master: master)
    }
    try content("contents-empty", "An empty content.", [])
    try content("contents-127-bytes", "A content that is cut.", [UInt8](contents.dropLast()))
    try content("contents-129-bytes", "A content with a byte too many.", contents + [0])
    let masterContents = try fixture.grantContents(masterHead, kind: 1, epoch: 2, agent: agent)
    try content(
      "contents-63-bytes", "A content that is cut.", [UInt8](masterContents.dropLast()), master: true)
    try content("contents-65-bytes", "A content with a byte too many.", masterContents + [0], master: true)
    try content(
      "scoped-with-contents-of-master", "A MasterKey in a scoped grant.",
      SHA256.hash(head) + fixture.masterKey(2))
    try content(
      "master-with-contents-of-scoped", "Keys of one agent in a master grant.",
      SHA256.hash(masterHead) + [UInt8](contents[32...]), master: true)
    for (name, offset) in [("first", 0), ("middle", 16), ("last", 31)] {
      try content("inner-hash-\(name)-byte", "The inner hash is wrong.", contents.flipped(offset))
    }
    try cipher(
      "ciphertext-of-an-older-grant", ["R-11-4"], "CiphertextMoved",
      "The ciphertext was made for another counter.", [UInt8](older[49..<305]))
    let epoch1 = try fixture.grant(epoch: 1, counter: 5)
    try cipher(
      "ciphertext-of-another-epoch", ["R-11-4"], "CiphertextMoved",
      "The ciphertext was made for another epoch.", [UInt8](epoch1[49..<305]))
    try content(
      "inner-hash-of-all-305-bytes", "The inner hash covers the ciphertext's place too.",
      SHA256.hash([UInt8](grant[..<305])) + [UInt8](contents[32...]))
    try content(
      "contents-96-bytes", "The agent key is missing.", [UInt8](contents.dropLast(32)))
    try content(
      "inner-hash-of-the-header", "The inner hash covers the header alone.",
      SHA256.hash([UInt8](head[..<24])) + [UInt8](contents[32...]))
    let committed = try fixture.key("commitment", 2)
    for index in 0... {
      let key = bytes("similar master key \(index)", 32)
      let context = fixture.accountID + be(2, 4)
      guard try Fixture.derive(key, "commitment", context)[0] == committed[0] else { continue }
      try content(
        "master-key-of-a-similar-commitment",
        "The commitment of this MasterKey has the first byte of the state's.",
        SHA256.hash(masterHead) + key, master: true, ["R-11-5"])
      break
    }
    try content(
      "master-key-of-another-epoch", "The MasterKey is not that of the state's commitment.",
      SHA256.hash(masterHead) + fixture.masterKey(1), master: true, ["R-11-5"])
    try content(
      "master-key-off-by-a-bit", "The MasterKey is not that of the state's commitment.",
      SHA256.hash(masterHead) + fixture.masterKey(2).flipped(31), master: true, ["R-11-5"])

    // A ciphertext below 2^2040 is whole with its leading zero.
    for number in UInt32(0)... {
      let block = OAEPBlock(message: contents, seed: bytes("leading zero \(number)", 20)).bytes
      let ciphertext = agent.encryptRaw(block)
      guard ciphertext[0] == 0 else { continue }
      try builder.accept(
        "grant-open-ciphertext-leading-zero", ["R-11-2"], flags: ["OaepDecoding"],
        "A ciphertext that starts with a zero byte.", in: input(account.sign(head + ciphertext + .zeros(64))),
        out: keys)
      try reject(
        "ciphertext-leading-zero-stripped", ["R-11-2"], "OaepDecoding",
        "The leading zero byte is missing, so that the message is a byte short.",
        account.sign(head + ciphertext.dropFirst() + .zeros(64)), .truncated, offset: 305,
        twin: "grant-open-ciphertext-leading-zero")
      return
    }
  }
}
