internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let grants: [Family] = [
    Family("grant/make", flags: [recipientFlag]) { builder in try buildGrantMake(&builder) },
    Family("grant/open", flags: grantFlags) { builder in try buildGrantOpen(&builder) },
  ]

  private static let recipientFlag = VectorFile.Flag(
    "Recipient", bugType: "MISSING_CHECK", effect: "keys are encrypted to whom the service names",
    refs: ["R-11-12"])
  private static let grantFlags = [
    VectorFile.Flag(
      "Signature", bugType: "MISSING_CHECK",
      effect: "the service grants a MasterKey of its own, and reads all that the agent encrypts with it",
      refs: ["R-11-1", "R-6-1"]),
    VectorFile.Flag(
      "Replay", bugType: "MISSING_CHECK", effect: "an old grant brings an agent back to old keys",
      refs: ["R-11-10"]),
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
    func input(_ grant: FixtureGrant) -> JSONObject {
      .of([
        "seed": .hex(grant.signer.seed), "account_id": .hex(fixture.accountID),
        "epoch": .integer(grant.epoch),
        "kind": .string(grant.kind == 1 ? "master" : "scoped"), "recipient": .hex(grant.recipient.agentID),
        "modulus": .hex(grant.recipient.modulus), "verify_key": .hex(grant.recipient.verifyKey),
        "master_key": .hex(Fixture.masterKey(grant.epoch, grant.line)), "oaep_seed": .hex(grant.seed),
      ])
    }
    for (name, comment, edit) in [
      ("scoped", "Keys of one agent.", { _ in }), ("master", "A MasterKey.", { $0.kind = 1 }),
      ("scoped-epoch-2", "Another epoch.", { $0.epoch = 2 }),
      ("master-epoch-2", "Another epoch.", { ($0.kind, $0.epoch) = (1, 2) }),
      ("scoped-other-agent", "To another agent.", { $0.recipient = fixture.other }),
      ("master-to-a-manager", "To a manager.", { ($0.kind, $0.recipient) = (1, fixture.manager) }),
      ("master-to-the-owner", "To the owner itself.", { ($0.kind, $0.recipient) = (1, fixture.account) }),
      ("scoped-by-a-manager", "A manager signs.", { $0.signer = fixture.manager }),
      ("scoped-of-another-line", "Another MasterKey of the epoch.", { $0.line = " of another line" }),
      ("scoped-greatest-epoch", "The greatest epoch.", { $0.epoch = .max }),
    ] as [(String, String, (inout FixtureGrant) -> Void)] {
      let grant = FixtureGrant(fixture, edit)
      try builder.accept(
        "grant-make-\(name)", ["R-11-14", "R-7-3"], comment, in: input(grant),
        out: .of("grant", try grant.bytes()))
    }
    let good = input(FixtureGrant(fixture))
    func reject(_ id: String, _ req: String, _ comment: String, _ edits: [String: [UInt8]], _ code: ErrorCode)
      throws
    {
      var input = good
      for (key, value) in edits { input[key] = .hex(value) }
      try builder.reject(
        "grant-make-\(id)", [req], flags: ["Recipient"], comment, in: input, code: code,
        twin: "grant-make-scoped")
    }
    for (name, id) in fixture.agent.agentID.neighbours {
      try reject(
        "recipient-\(name)", "R-11-12", "The id differs in a byte from that of the keys.", ["recipient": id],
        .wrongRecipient)
    }
    let (agent, other) = (fixture.agent, fixture.other)
    try reject(
      "even-modulus", "R-6-2", "An even number is no modulus.", ["modulus": agent.modulus.flipped(255)],
      .badKey)
    try reject(
      "modulus-of-2047-bits", "R-6-2", "A modulus of 2,047 bits.",
      ["modulus": agent.modulus.with([0x7f], at: 0)],
      .badKey)
    try reject(
      "verify-key-of-small-order", "R-6-3", "The neutral element as public key.",
      ["verify_key": [1] + .zeros(31)], .badKey)
    for (id, comment, edits) in [
      ("recipient-of-other-keys", "The id is that of other keys.", ["recipient": other.agentID]),
      ("recipient-similar", "The id differs in its last byte.", ["recipient": agent.agentID.flipped(15)]),
      ("modulus-of-another", "The service put its own modulus in.", ["modulus": other.modulus]),
      ("verify-key-of-another", "The verify key is another's.", ["verify_key": other.verifyKey]),
      ("recipient-zero", "A grant to nobody.", ["recipient": .zeros(16)]),
    ] {
      try reject(id, "R-11-12", comment, edits, .wrongRecipient)
    }
    try reject(
      "order-key-before-recipient", "R-11-12", "The key is looked at before the id.",
      ["modulus": agent.modulus.flipped(255), "recipient": other.agentID], .badKey)
  }

  private static func buildGrantOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (account, agent, other) = (fixture.account, fixture.agent, fixture.other)
    let current = FixtureState(fixture) { ($0.epoch, $0.counter) = (2, 3) }
    let state2 = try current.bytes()
    func input(
      _ grant: [UInt8], state: [UInt8]? = nil, kind: String = "scoped", held: Bool = false,
      keys: FixtureKeys? = nil
    ) -> JSONObject {
      let keys = keys ?? agent
      return .of([
        "account_id": .hex(fixture.accountID), "state": .hex(state ?? state2), "kind": .string(kind),
        "p": .hex(keys.p), "q": .hex(keys.q), "seed": .hex(keys.seed), "keys_held": .bool(held),
        "grant": .hex(grant),
      ])
    }
    func made(_ edit: (inout FixtureGrant) -> Void = { _ in }) throws -> FixtureGrant {
      FixtureGrant(fixture) {
        $0.epoch = 2
        edit(&$0)
      }
    }
    let keys = JSONObject.of([
      "kind": "scoped", "token_key": .hex(try fixture.key("token", 2, count: 64)),
      "agent_key": .hex(try fixture.key("agent", 2, agent: agent.agentID)),
    ])
    let master = JSONObject.of(["kind": "master", "master_key": .hex(Fixture.masterKey(2))])
    let (scoped, mastered) = ("grant-open-scoped", "grant-open-master")
    let right = try made()
    let grant = try right.bytes()
    let masterRight = try made { $0.kind = 1 }
    let masterGrant = try masterRight.bytes()

    try builder.accept(scoped, ["R-11-1"], "A scoped grant.", in: input(grant), out: keys)
    try builder.accept(
      mastered, ["R-11-5"], "A master grant.", in: input(masterGrant, kind: "master"), out: master)
    try builder.accept(
      "grant-open-by-a-manager", ["R-11-8"], "A manager granted.",
      in: input(try made { $0.signer = fixture.manager }.bytes()), out: keys)
    try builder.accept(
      "grant-open-of-a-manager", ["R-11-5"], "A manager's own grant.",
      in: input(
        try made { ($0.kind, $0.recipient) = (1, fixture.manager) }.bytes(), kind: "master",
        keys: fixture.manager
      ),
      out: master)
    try builder.accept(
      "grant-open-under-a-newer-state", ["R-11-10"],
      "The state is newer, its epoch and commitment are the same.",
      in: input(grant, state: try current.edited { $0.counter = 99 }.bytes()), out: keys)
    try builder.accept(
      "grant-open-under-a-greater-generation", ["R-11-8"],
      "The generation is another, and the signer is on its list.",
      in: input(grant, state: try current.edited { ($0.generation, $0.persons) = (9, [account]) }.bytes()),
      out: keys)
    try builder.accept(
      "grant-open-again", ["R-11-1"], "Keys are held already: nothing is decrypted.",
      in: input(grant, held: true), out: .of(["kind": "unchanged"]))
    let garbled = try account.sign(grant.with(.zeros(256), at: 105))
    try builder.accept(
      "grant-open-again-with-a-ciphertext-of-zeros", ["R-11-1"],
      "Keys are held already: what the ciphertext is does not matter.", in: input(garbled, held: true),
      out: .of(["kind": "unchanged"]))

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ grant: [UInt8], _ code: ErrorCode,
      offset: Int? = nil, state: [UInt8]? = nil, kind: String = "scoped", held: Bool = false,
      twin: String? = nil
    ) throws {
      try builder.reject(
        "grant-open-\(id)", req, flags: [flag], comment,
        in: input(grant, state: state, kind: kind, held: held),
        code: code, offset: offset, twin: twin ?? (kind == "master" ? mastered : scoped))
    }

    // Steps 1 to 3.
    try reject(
      "cut", ["R-11-1"], "Order", "The last byte is missing.", [UInt8](grant.dropLast()), .truncated,
      offset: 361)
    try reject(
      "trailing-byte", ["R-11-1"], "Order", "A byte too many.", grant + [0], .trailingBytes, offset: 425)
    try reject(
      "kind-0", ["R-11-1"], "Order", "A kind that does not exist, signed.",
      account.sign(grant.with([0], at: 24)), .unknownValue, offset: 24)
    try reject(
      "of-another-account", ["R-11-1"], "Order", "The header names another account.",
      account.sign(grant.with(other.accountID, at: 4)), .wrongAccount)
    try reject(
      "of-a-similar-account", ["R-11-1"], "Order", "The header's id differs in its last byte.",
      account.sign(grant.flipped(19)), .wrongAccount)
    for (name, bad) in grant.neighbours(in: 4..<20) {
      try reject(
        "account-\(name)", ["R-11-1"], "Order", "The header's id differs in a byte.", account.sign(bad),
        .wrongAccount)
    }
    for (name, bad) in grant.neighbours(in: 41..<73) {
      try reject(
        "commitment-\(name)", ["R-11-10"], "Replay", "The commitment differs in a byte, and is signed.",
        account.sign(bad), .epochFork)
    }
    for (name, id) in agent.agentID.neighbours {
      let head = try right.head().with(id, at: 25)
      let block = try OAEPBlock(message: right.contents(head), seed: bytes("oaep \(name)", 20)).bytes
      try reject(
        "recipient-\(name)", ["R-11-1"], "Order", "The recipient differs in a byte.",
        account.sign(head + agent.encryptRaw(block) + .zeros(64)), .wrongRecipient)
    }
    var stateless = input(grant)
    stateless["state"] = .null
    try builder.reject(
      "grant-open-before-any-state", ["R-11-1"], flags: ["Order"],
      "Without an AccountState there is no list to look for the signer on.", in: stateless, code: .noState,
      twin: scoped)
    var elsewhere = input(try account.sign(grant.with(other.accountID, at: 4)))
    elsewhere["state"] = .null
    try builder.reject(
      "grant-open-order-account-before-state", ["R-11-1"], flags: ["Order"],
      "The account is compared before a state is asked for.", in: elsewhere, code: .wrongAccount, twin: scoped
    )
    // Steps 4 and 5.
    try reject(
      "epoch-before-state", ["R-11-10"], "Replay", "The grant of the epoch before.",
      FixtureGrant(fixture).bytes(), .epochRollback)
    try reject(
      "epoch-after-state", ["R-11-10"], "Replay", "A grant of an epoch whose state is not known yet.",
      made { $0.epoch = 3 }.bytes(), .epochMismatch)
    try reject(
      "of-another-line", ["R-11-10", "R-7-5"], "Replay", "The epoch is right, the MasterKey another.",
      made { $0.line = " of another line" }.bytes(), .epochFork)
    for (place, at) in [("first", 41), ("middle", 57), ("last", 72)] {
      try reject(
        "commitment-\(place)-byte", ["R-11-10"], "Replay", "The commitment differs in a byte, and is signed.",
        account.sign(grant.flipped(at)), .epochFork)
    }
    try reject(
      "of-another-line-though-held", ["R-11-10"], "Replay", "Keys that are held do not make it right.",
      made { $0.line = " of another line" }.bytes(), .epochFork, held: true, twin: "grant-open-again")
    try reject(
      "order-epoch-before-signature", ["R-11-1"], "Order", "The epoch is compared before the signature.",
      FixtureGrant(fixture).bytes().flipped(424), .epochRollback)
    try reject(
      "order-commitment-before-signature", ["R-11-1"], "Order",
      "The commitment is compared before the signature.",
      grant.flipped(41), .epochFork)
    // Step 6.
    for fault in try SignatureFault.all(of: grant, by: account, other: other) {
      try reject(
        fault.name, ["R-11-1", "R-6-1"], "Signature", fault.comment, fault.message, .signatureInvalid)
    }
    for (name, offset, mask) in [("kind", 24, 3), ("recipient", 30, 1), ("ciphertext", 300, 1)]
      as [(String, Int, UInt8)]
    {
      try reject(
        "\(name)-changed-after-signing", ["R-11-1"], "Signature", "The signature covers \(name).",
        grant.flipped(offset, mask), .signatureInvalid)
    }
    let evil = try made { $0.signer = fixture.deputy }.bytes()
    try reject(
      "by-nobody-on-the-list", ["R-11-8"], "Signature", "Signed by somebody who is not on the list.", evil,
      .signatureInvalid)
    try reject(
      "by-a-removed-manager", ["R-11-8", "R-12.2-2"], "Signature",
      "The signer was on the list of the generation before.",
      made { $0.signer = fixture.manager }.bytes(), .signatureInvalid,
      state: current.edited { ($0.generation, $0.persons) = (9, [account]) }.bytes(),
      twin: "grant-open-under-a-greater-generation")
    try reject(
      "signed-by-another-than-named", ["R-11-8"], "Signature", "Named is the owner, signed has a manager.",
      fixture.manager.sign(grant), .signatureInvalid)
    try reject(
      "by-nobody-though-held", ["R-11-8"], "Signature", "Keys that are held do not make it right.", evil,
      .signatureInvalid, held: true, twin: "grant-open-again")
    try reject(
      "order-signature-before-recipient", ["R-11-1"], "Order", "The signature comes before the recipient.",
      made { $0.recipient = other }.bytes().flipped(424), .signatureInvalid)
    // Step 7.
    try reject(
      "to-another-agent", ["R-11-1"], "Order", "A grant to another agent.",
      made { $0.recipient = other }.bytes(), .wrongRecipient)
    for (name, recipient, comment) in [
      ("first-byte-of-recipient", agent.agentID.flipped(0), "The recipient differs in its first byte."),
      ("last-byte-of-recipient", agent.agentID.flipped(15), "The recipient differs in its last byte."),
      ("zero-recipient", .zeros(16), "A grant to nobody."),
    ] {
      let head = try right.head().with(recipient, at: 25)
      let block = try OAEPBlock(message: right.contents(head), seed: bytes("oaep \(name)", 20)).bytes
      try reject(
        name, ["R-11-1"], "Order", comment, account.sign(head + agent.encryptRaw(block) + .zeros(64)),
        .wrongRecipient)
    }
    try reject(
      "master-where-scoped-is-due", ["R-11-9"], "Order", "The agent's code said that it gets a scoped grant.",
      masterGrant, .wrongRecipient)
    try reject(
      "scoped-where-master-is-due", ["R-11-9"], "Order", "The recipient's kind is master.", grant,
      .wrongRecipient,
      kind: "master")
    try reject(
      "to-another-though-held", ["R-11-1"], "Order", "Keys that are held do not make it right.",
      made { $0.recipient = other }.bytes(), .wrongRecipient, held: true, twin: "grant-open-again")
    try reject(
      "order-recipient-before-decryption", ["R-11-1"], "Order", "No private key is used on another's grant.",
      account.sign(try made { $0.recipient = other }.bytes().with(.zeros(256), at: 105)), .wrongRecipient)

    // Step 9.
    let head = try right.head()
    let masterHead = try masterRight.head()
    let contents = try right.contents(head)
    let seed = bytes("seed of faults", 20)
    func cipher(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ ciphertext: [UInt8],
      master: Bool = false
    ) throws {
      try reject(
        id, req, flag, comment, account.sign((master ? masterHead : head) + ciphertext + .zeros(64)),
        .grantOpenFailed, kind: master ? "master" : "scoped")
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
        [UInt8](grant[105..<361]).flipped(offset))
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
    let masterContents = try masterRight.contents(masterHead)
    try content(
      "contents-63-bytes", "A content that is cut.", [UInt8](masterContents.dropLast()), master: true)
    try content("contents-65-bytes", "A content with a byte too many.", masterContents + [0], master: true)
    try content(
      "scoped-with-contents-of-master", "A MasterKey in a scoped grant.",
      SHA256.hash(head) + Fixture.masterKey(2))
    try content(
      "master-with-contents-of-scoped", "Keys of one agent in a master grant.",
      SHA256.hash(masterHead) + [UInt8](contents[32...]), master: true)
    for (name, offset) in [("first", 0), ("middle", 16), ("last", 31)] {
      try content("inner-hash-\(name)-byte", "The inner hash is wrong.", contents.flipped(offset))
    }
    for (name, comment, another) in [
      ("another-epoch", "The ciphertext was made for another epoch.", try FixtureGrant(fixture).bytes()),
      (
        "another-signer", "The ciphertext was made for another signer.",
        try made { $0.signer = fixture.manager }.bytes()
      ),
      (
        "another-line", "The ciphertext was made for another MasterKey.",
        try made { $0.line = " of another line" }.bytes()
      ),
    ] {
      try cipher("ciphertext-of-\(name)", ["R-11-4"], "CiphertextMoved", comment, [UInt8](another[105..<361]))
    }
    for (name, comment, count) in [
      ("all-361-bytes", "The inner hash covers the ciphertext's place too.", 361),
      ("104-bytes", "The inner hash leaves the last byte before the ciphertext out.", 104),
      ("73-bytes", "The inner hash leaves the signer out.", 73),
      ("the-header", "The inner hash covers the header alone.", 24),
    ] {
      try content(
        "inner-hash-of-\(name)", comment, SHA256.hash([UInt8](grant[..<count])) + [UInt8](contents[32...]))
    }
    try content(
      "contents-96-bytes", "The agent key is missing.", [UInt8](contents.dropLast(32)))
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
      SHA256.hash(masterHead) + Fixture.masterKey(1), master: true, ["R-11-5"])
    try content(
      "master-key-off-by-a-bit", "The MasterKey is not that of the state's commitment.",
      SHA256.hash(masterHead) + Fixture.masterKey(2).flipped(31), master: true, ["R-11-5"])

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
        account.sign(head + ciphertext.dropFirst() + .zeros(64)), .truncated, offset: 361,
        twin: "grant-open-ciphertext-leading-zero")
      return
    }
  }
}
