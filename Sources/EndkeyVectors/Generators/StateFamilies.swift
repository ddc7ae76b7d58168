internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let states: [Family] = [
    Family("certificate/make") { builder in try buildCertificateMake(&builder) },
    Family("state/make", flags: [certificateFlag, validityFlag, signatureFlag]) { builder in
      try buildStateMake(&builder)
    },
    Family(
      "state/accept", flags: [rollbackFlag, pinFlag, signatureFlag, certificateFlag, validityFlag]
    ) { builder in try buildStateAccept(&builder) },
    Family("clock/accept", flags: [clockFlag]) { builder in try buildClockAccept(&builder) },
    Family("clock/now", flags: [clockFlag]) { builder in try buildClockNow(&builder) },
  ]

  private static let rollbackFlag = VectorFile.Flag(
    "Rollback", bugType: "MISSING_CHECK", effect: "the service hides a removal or a rotation",
    refs: ["R-12.1-1"])
  private static let pinFlag = VectorFile.Flag(
    "Pin", bugType: "MISSING_CHECK", effect: "the service puts an account of its own in the owner's place",
    refs: ["R-7-4", "R-12.1-4"])
  private static let signatureFlag = VectorFile.Flag(
    "Signature", bugType: "MISSING_CHECK", effect: "somebody who is on no list writes states", refs: ["R-6-1"]
  )
  private static let certificateFlag = VectorFile.Flag(
    "Certificate", bugType: "MISSING_CHECK", effect: "somebody else than the owner says who may sign",
    refs: ["R-12.1-5"])
  private static let validityFlag = VectorFile.Flag(
    "Validity", bugType: "MISSING_CHECK", effect: "an agent that is kept from newer states works for ever",
    refs: ["R-12.1-7"])
  private static let clockFlag = VectorFile.Flag(
    "Clock", bugType: "MISSING_CHECK", effect: "who holds the wall clock back keeps an agent at work",
    refs: ["R-13.5-3"])

  // MARK: - Making

  private static func signers(_ persons: [FixtureKeys]) -> JSONValue {
    .array(persons.map { ["verify_key": .hex($0.verifyKey), "person_id": .hex($0.agentID)] })
  }

  private static func buildCertificateMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let all = [fixture.account, fixture.manager, fixture.deputy]
    for (id, comment, persons, edit) in [
      ("owner-alone", "The owner alone.", [fixture.account], { _ in }),
      ("of-three", "Three persons.", all, { _ in }),
      (
        "of-three-in-another-order", "The same three: the list is in the order of their keys.",
        all.reversed(), { _ in }
      ),
      ("renewed", "The same list for longer: only its end is another.", all, { $0.until = Fixture.day(300) }),
      ("greatest-generation", "The greatest generation.", [fixture.account], { $0.generation = .max }),
      (
        "of-no-time", "The numbers are not compared here.", [fixture.account],
        { ($0.from, $0.until) = (0, 0) }
      ),
    ] as [(String, String, [FixtureKeys], (inout FixtureState) -> Void)] {
      let state = FixtureState(fixture) {
        $0.persons = persons
        edit(&$0)
      }
      try builder.accept(
        "certificate-make-\(id)", ["R-8.5-1", "R-12.1-9"], comment,
        in: .of([
          "root_seed": .hex(fixture.account.seed), "generation": .integer(state.generation),
          "certificate_from": .integer(state.from), "certificate_until": .integer(state.until),
          "signers": signers(persons),
        ]),
        out: .of(["account_id": .hex(fixture.accountID), "certificate": .hex(try state.certificate())]))
    }
  }

  private static func making(_ state: FixtureState, certificate: [UInt8]? = nil) throws -> JSONObject {
    .of([
      "seed": .hex(state.signer.seed), "master_key": .hex(Fixture.masterKey(state.epoch, state.line)),
      "epoch": .integer(state.epoch), "counter": .integer(state.counter), "made": .integer(state.made),
      "valid_until": .integer(state.validUntil), "root_key": .hex(state.root.verifyKey),
      "generation": .integer(state.generation), "certificate_from": .integer(state.from),
      "certificate_until": .integer(state.until), "signers": signers(state.persons),
      "certificate": .hex(try certificate ?? state.certificate()), "revoked": .hexes(state.revoked),
    ])
  }

  private static func buildStateMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let good = FixtureState(fixture)
    func make(
      _ id: String, _ comment: String, revoked: [[UInt8]]? = nil,
      _ edit: (inout FixtureState) -> Void = { _ in }
    ) throws {
      let state = good.edited(edit)
      var input = try making(state)
      if let revoked { input["revoked"] = .hexes(revoked) }
      try builder.accept(
        "state-make-\(id)", ["R-12.1-9"], comment, in: input, out: .of("state", try state.bytes()))
    }
    try make("first", "A state of two persons, signed by the owner.")
    try make("by-a-manager", "Signed by a manager.") { $0.signer = fixture.manager }
    try make("owner-alone", "A list of one.") { $0.persons = [fixture.account] }
    try make("persons-in-another-order", "The list is in the order of keys.") {
      $0.persons = [fixture.manager, fixture.account]
    }
    try make("of-epoch-2", "Another epoch and counter.") { ($0.epoch, $0.counter) = (2, 9) }
    try make("greatest-numbers", "The greatest numbers.") {
      ($0.epoch, $0.counter, $0.generation) = (.max, 1 << 53 - 1, .max)
    }
    let (low, high) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 0xf0, count: 16))
    try make("revoking-one", "One agent is listed.") { $0.revoked = [low] }
    try make("revoking-two", "Two agents are listed.") { $0.revoked = [low, high] }
    try make("revoking-unsorted", "The list is in order.", revoked: [high, low]) { $0.revoked = [low, high] }
    let (front, back) = (low.with([2], at: 15), low.with([2], at: 0))
    try make(
      "revoking-sorted-from-the-front", "Ids are compared from the first byte on.", revoked: [back, front]
    ) {
      $0.revoked = [front, back]
    }
    let (below, above) = ([UInt8](repeating: 0x7f, count: 16), [UInt8](repeating: 0x80, count: 16))
    try make("revoking-sorted-unsigned", "Bytes are compared without a sign.", revoked: [above, below]) {
      $0.revoked = [below, above]
    }
    try make("certificate-just-begun", "The certificate begins and ends with the state.") {
      ($0.from, $0.until) = ($0.made, $0.validUntil)
    }
    try make("valid-for-401-days", "As long as receivers accept.") {
      ($0.validUntil, $0.until) = ($0.made + 401 * Fixture.day, $0.made + 401 * Fixture.day)
    }
    func reject(_ id: String, _ flag: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode)
      throws
    {
      try builder.reject(
        "state-make-\(id)", ["R-12.1-9"], flags: [flag], comment, in: input, code: code,
        twin: "state-make-first")
    }
    try reject(
      "certificate-of-another-key", "Certificate", "The certificate is not the root key's.",
      making(good.edited { $0.certifier = fixture.manager }), .certificateInvalid)
    try reject(
      "certificate-of-another-list", "Certificate", "The certificate is of another list.",
      making(good, certificate: good.edited { $0.persons = [fixture.account] }.certificate()),
      .certificateInvalid)
    try reject(
      "owner-not-listed", "Certificate", "The root key is not on the list.",
      making(good.edited { ($0.persons, $0.signer) = ([fixture.manager], fixture.manager) }),
      .certificateInvalid)
    try reject(
      "signer-not-listed", "Signature", "The signer is not on the list.",
      making(good.edited { $0.signer = fixture.deputy }), .signatureInvalid)
    for (id, comment, edit) in validityFaults(fixture) {
      try reject(id, "Validity", comment, making(good.edited(edit)), .badValidity)
    }
    try reject(
      "order-certificate-before-signer", "Certificate", "The certificate is looked at before the signer.",
      making(good.edited { ($0.certifier, $0.signer) = (fixture.manager, fixture.deputy) }),
      .certificateInvalid)
    try reject(
      "order-signer-before-validity", "Signature", "The signer is looked at before the times.",
      making(good.edited { ($0.signer, $0.validUntil) = (fixture.deputy, $0.made) }), .signatureInvalid)
  }

  private static func validityFaults(
    _ fixture: Fixture
  ) -> [(id: String, comment: String, edit: @Sendable (inout FixtureState) -> Void)] {
    [
      (
        "made-before-certificate", "Made a millisecond before the certificate begins.",
        { $0.from = $0.made + 1 }
      ),
      ("never-valid", "The state ends as it begins.", { $0.validUntil = $0.made }),
      ("ends-before-it-begins", "The state ends before it begins.", { $0.validUntil = $0.made - 1 }),
      (
        "outlives-its-certificate", "The state ends a millisecond after its certificate.",
        { $0.until = $0.validUntil - 1 }
      ),
      (
        "longer-than-401-days", "Both end a millisecond after 401 days.",
        { ($0.validUntil, $0.until) = ($0.made + 401 * Fixture.day + 1, $0.made + 401 * Fixture.day + 1) }
      ),
      (
        "certificate-longer-than-401-days", "The certificate ends a millisecond after 401 days.",
        { $0.until = $0.made + 401 * Fixture.day + 1 }
      ),
      ("for-ever", "The greatest times.", { ($0.validUntil, $0.until) = (1 << 53 - 1, 1 << 53 - 1) }),
    ]
  }

  // MARK: - Accepting

  private static func buildStateAccept(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (account, other) = (fixture.account, fixture.other)
    let good = FixtureState(fixture)
    let first = try good.bytes()
    let current = good.edited { ($0.epoch, $0.counter) = (3, 7) }
    let last = try current.bytes()
    func input(
      _ message: [UInt8], last: [UInt8]? = nil, agent: Bool = true, least: UInt32? = 5
    ) -> JSONObject {
      .of([
        "account_id": .hex(fixture.accountID), "agent_id": agent ? .hex(fixture.agent.agentID) : .null,
        "least_generation": least.map { .integer($0) } ?? .null, "last": .hexOrNull(last),
        "message": .hex(message),
      ])
    }
    func accept(
      _ id: String, _ req: [String], _ comment: String, _ input: JSONObject, changed: Bool = true,
      listed: Bool = false, fit: Bool = false
    ) throws {
      try builder.accept(
        "state-accept-\(id)", req, comment, in: input,
        out: .of(["changed": .bool(changed), "listed": .bool(listed), "keys_fit": .bool(fit)]))
    }
    func next(_ edit: (inout FixtureState) -> Void = { _ in }) throws -> [UInt8] {
      try current.edited {
        $0.counter = 8
        edit(&$0)
      }.bytes()
    }
    try accept("first", ["R-12.1-8"], "The first state.", input(first))
    try accept(
      "first-of-any-numbers", ["R-12.1-8"], "An agent that comes later starts with any state.", input(last))
    try accept(
      "first-of-a-greater-generation", ["R-12.1-8"], "The generation is above the code's.",
      input(first, least: 4))
    try accept(
      "first-at-a-persons-end", ["R-12.1-8"], "Who came by password has no least generation.",
      input(first, agent: false, least: nil))
    try accept(
      "by-a-manager", ["R-12.1-5"], "A manager signed.",
      input(try good.edited { $0.signer = fixture.manager }.bytes()))
    try accept(
      "owner-alone", ["R-12.1-5"], "A list of one person.",
      input(try good.edited { $0.persons = [account] }.bytes()))
    try accept("next", ["R-12.1-1"], "The state after the last.", input(try next(), last: last), fit: true)
    try accept(
      "again", ["R-12.1-1"], "The last state once more.", input(last, last: last), changed: false, fit: true)
    try accept(
      "counter-gap", ["R-12.1-1"], "States were missed.",
      input(try current.edited { $0.counter = 99 }.bytes(), last: last), fit: true)
    try accept(
      "counter-above-32-bits", ["R-12.1-1"], "Counters have more than 32 bits.",
      input(try current.edited { $0.counter = 1 << 32 + 1 }.bytes(), last: last), fit: true)
    // What keys fit: each of three may differ alone.
    let same = try fixture.commitment(3)
    try accept(
      "same-commitment-in-another-epoch", ["R-12.1-1", "R-10.3-2"],
      "The signer wrote the commitment of the epoch before: keys of that are none of this.",
      input(try next { ($0.epoch, $0.commitment) = (4, same) }, last: last))
    try accept(
      "same-commitment-and-epoch-in-another-generation", ["R-12.1-6", "R-10.3-2"],
      "A greater generation with epoch and commitment of the last.",
      input(try next { $0.generation = 6 }, last: last))
    for (place, at) in [("first", 0), ("middle", 16), ("last", 31)] {
      try accept(
        "commitment-differs-in-its-\(place)-byte", ["R-12.1-6", "R-10.3-2"],
        "A greater generation whose commitment differs in a byte.",
        input(try next { ($0.generation, $0.commitment) = (6, same.flipped(at)) }, last: last))
    }
    try accept("next-epoch", ["R-12.1-1"], "A new epoch.", input(try next { $0.epoch = 4 }, last: last))
    try accept(
      "epoch-gap", ["R-12.1-1"], "The account went several epochs on.",
      input(try next { $0.epoch = 9 }, last: last))
    try accept(
      "made-earlier", ["R-12.1-1"], "Times within a generation are in no order.",
      input(try next { $0.made = Fixture.day(91) }, last: last), fit: true)
    try accept(
      "certificate-renewed", ["R-12.1-5"], "The list for longer.",
      input(try next { $0.until = Fixture.day(200) }, last: last), fit: true)
    try accept(
      "a-person-more", ["R-12.1-5"], "The list has one person more.",
      input(try next { $0.persons.append(fixture.deputy) }, last: last), fit: true)
    try accept(
      "greater-generation", ["R-12.1-6"], "A greater generation.",
      input(try next { $0.generation = 6 }, last: last))
    try accept(
      "generation-gap", ["R-12.1-6"], "Generations were missed.",
      input(try next { $0.generation = 99 }, last: last))
    try accept(
      "greater-generation-lower-numbers", ["R-12.1-6"],
      "A greater generation is accepted whatever its numbers.",
      input(try good.edited { $0.generation = 6 }.bytes(), last: last))
    try accept(
      "greater-generation-same-pair-otherwise", ["R-12.1-6"],
      "Counter and epoch of the last, another commitment.",
      input(try current.edited { ($0.generation, $0.line) = (6, " of another line") }.bytes(), last: last))
    try accept(
      "greater-generation-without-a-person", ["R-12.1-6"], "A person is on the list no more.",
      input(try good.edited { ($0.generation, $0.persons) = (6, [account]) }.bytes(), last: last))
    let mine = fixture.agent.agentID
    let ends = [[UInt8].zeros(16), .init(repeating: 0xff, count: 16)]
    for (id, comment, revoked, listed) in [
      ("lists-the-agent", "The state lists the agent.", [mine], true),
      ("lists-another", "The state lists another agent.", [other.agentID], false),
      (
        "lists-the-agent-first", "The agent is the first of three.", [mine, ends[1].flipped(15), ends[1]],
        true
      ),
      ("lists-the-agent-between", "The agent stands between two others.", [ends[0], mine, ends[1]], true),
      (
        "lists-the-agent-last", "The agent is the last of three.", [ends[0], ends[0].flipped(15), mine], true
      ),
      ("lists-a-similar-id", "The id differs in its last byte.", [mine.flipped(15)], false),
      ("lists-a-similar-start", "The id differs in its first byte.", [mine.flipped(0)], false),
    ] {
      try accept(
        id, ["R-12.1-1"], comment, input(try next { $0.revoked = revoked }, last: last), listed: listed,
        fit: true)
    }
    try accept(
      "lists-an-agent-at-a-persons-end", ["R-12.1-1"], "A person's end is no agent.",
      input(try next { $0.revoked = [mine] }, last: last, agent: false), fit: true)
    try accept(
      "lists-the-agent-in-the-first", ["R-12.1-8"], "The first state lists the agent.",
      input(try good.edited { $0.revoked = [mine] }.bytes()), listed: true)

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ message: [UInt8],
      _ code: ErrorCode, offset: Int? = nil, last: [UInt8]? = nil, least: UInt32? = 5, twin: String? = nil
    ) throws {
      try builder.reject(
        "state-accept-\(id)", req, flags: [flag], comment, in: input(message, last: last, least: least),
        code: code, offset: offset, twin: "state-accept-\(twin ?? (last == nil ? "first" : "next"))")
    }
    // Step 1.
    let end = first.count
    try reject(
      "cut", ["R-2.2-2"], "Signature", "The last byte is missing.", [UInt8](first.dropLast()), .truncated,
      offset: end - 64)
    try reject(
      "trailing-byte", ["R-2.2-1"], "Signature", "A byte too many.", first + [0], .trailingBytes, offset: end)
    try reject(
      "off", ["R-12.1-3"], "Signature", "Text instead of a state, as a service may send it.",
      Array("{\"encryption\":\"off\"}".utf8), .badMagic, offset: 0)
    try reject("nothing", ["R-12.1-3"], "Signature", "No state.", [], .truncated, offset: 0)
    try reject(
      "version-0", ["R-12.1-3"], "Signature", "A version that does not exist.",
      account.sign(first.with([0], at: 2)), .unknownVersion, offset: 2)
    try reject(
      "a-vault", ["R-8.1-1"], "Signature", "Another type, signed.", account.sign(first.with([2], at: 3)),
      .unexpectedType, offset: 3)
    try reject(
      "epoch-0", ["R-8.1-2"], "Signature", "No epoch.", account.sign(first.with(be(0, 4), at: 20)),
      .valueOutOfRange, offset: 20)
    try reject(
      "generation-0", ["R-2.2-6"], "Signature", "No generation.", good.edited { $0.generation = 0 }.bytes(),
      .valueOutOfRange, offset: 112)
    try reject(
      "revoked-twice", ["R-2.2-8"], "Signature", "An agent is listed twice.",
      good.edited { $0.revoked = [mine, mine] }.bytes(), .notCanonical, offset: 134 + 96 + 64 + 2 + 16)
    // Step 2.
    try reject(
      "header-of-another-account", ["R-12.1-4"], "Pin", "The header names another account.",
      account.sign(first.with(other.accountID, at: 4)), .wrongAccount)
    try reject(
      "header-of-a-similar-account", ["R-12.1-4"], "Pin", "The header's id differs in its last byte.",
      account.sign(first.flipped(19)), .wrongAccount)
    for (name, bad) in first.neighbours(in: 4..<20) {
      try reject(
        "header-of-account-\(name)", ["R-12.1-4"], "Pin", "The header's id differs in a byte.",
        account.sign(bad),
        .wrongAccount)
      var pinned = input(try account.sign(bad))
      pinned["account_id"] = .hex(bad[4..<20])
      try builder.reject(
        "state-accept-root-key-of-account-\(name)", ["R-7-4", "R-12.1-4"], flags: ["Pin"],
        "The pinned id, and the header's, differ in a byte from that of the root key.", in: pinned,
        code: .wrongAccount, twin: "state-accept-first")
    }
    let foreign = good.edited {
      ($0.root, $0.persons, $0.signer, $0.certifier) = (other, [other], other, other)
    }
    try reject(
      "another-account", ["R-7-4"], "Pin", "A state of another account, right in itself.", foreign.bytes(),
      .wrongAccount)
    try reject(
      "key-of-another-account", ["R-7-4", "R-12.1-4"], "Pin",
      "The pinned id with a root key of the service, certified and signed with that.",
      other.sign(foreign.bytes().with(fixture.accountID, at: 4)), .wrongAccount)
    for index in 0... {
      let seed = bytes("similar account \(index)", 32)
      let key = try Ed25519.PrivateKey(seed: SecretBytes(copying: seed)).publicKey.bytes
      guard Fixture.hash("account-id", key)[0] == fixture.accountID[0] else { continue }
      try reject(
        "key-of-a-similar-account", ["R-12.1-4"], "Pin",
        "The id of the root key has the first byte of the pinned one.",
        account.sign(first.with(key, at: 80)), .wrongAccount)
      break
    }
    try reject(
      "order-account-before-keys", ["R-12.1-4"], "Pin", "The account is looked at before the keys.",
      first.with(.zeros(32), at: 80), .wrongAccount)
    // Step 3.
    for (id, comment, bad) in [
      ("of-small-order", "The neutral element.", [1] + [UInt8].zeros(31)),
      ("zero", "A key of order 4.", .zeros(32)),
      ("off-the-curve", "No point has y = 2.", [2] + .zeros(31)),
    ] {
      for (place, at) in [("first", 0), ("last", 1)] {
        var list = good.signers
        list.replaceSubrange(48 * at..<48 * at + 32, with: bad)
        guard list[..<32].lexicographicallyPrecedes(list[48..<80]) else { continue }
        try reject(
          "signer-key-\(id)-\(place)", ["R-6-3"], "Certificate", comment,
          resigned(first, list: list, fixture), .badKey)
      }
    }
    let neutral = [1] + [UInt8].zeros(31)
    let ofNeutral = [UInt8](Fixture.hash("account-id", neutral)[..<16])
    var rootless = input(first.with(ofNeutral, at: 4).with(neutral, at: 80))
    rootless["account_id"] = .hex(ofNeutral)
    try builder.reject(
      "state-accept-root-key-of-small-order", ["R-6-3"], flags: ["Certificate"],
      "The root key is of small order, and not on the list.", in: rootless, code: .badKey,
      twin: "state-accept-first")
    // Where the order of keys puts them: first, between two others, last.
    for (id, comment, bad) in [
      ("of-small-order", "The neutral element.", [1] + [UInt8].zeros(31)),
      ("of-order-2", "The point of order 2.", [0xec] + .init(repeating: 0xff, count: 30) + [0x7f]),
      ("not-canonical", "y is above the prime.", .init(repeating: 0xff, count: 32)),
    ] as [(String, String, [UInt8])] {
      let state = good.edited { $0.strangers = [bad + .zeros(16)] }
      let before = good.persons.count { $0.verifyKey.lexicographicallyPrecedes(bad) }
      try reject(
        "one-of-three-keys-\(id)-\(["first", "middle", "last"][before])", ["R-6-3"], "Certificate", comment,
        state.bytes(), .badKey)
    }
    let badList = (good.signers).with([1] + .zeros(31), at: good.signers[0] == 1 ? 48 : 0)
    try reject(
      "order-keys-before-certificate", ["R-6-3"], "Certificate", "Keys are looked at before the certificate.",
      account.sign(first.with(badList, at: 134)), .badKey)
    // Step 4.
    for fault in try certificateFaults(good, fixture) {
      try reject(
        fault.name, ["R-12.1-5", "R-8.5-1"], "Certificate", fault.comment, fault.message, .certificateInvalid)
    }
    try reject(
      "root-key-not-listed", ["R-12.1-5"], "Certificate", "The list is without the owner.",
      good.edited { ($0.persons, $0.signer) = ([fixture.manager], fixture.manager) }.bytes(),
      .certificateInvalid)
    try reject(
      "list-of-a-removed-manager", ["R-12.1-5"], "Certificate",
      "A manager makes a list of its own and signs both.",
      good.edited { ($0.certifier, $0.signer, $0.generation) = (fixture.manager, fixture.manager, 9) }
        .bytes(),
      .certificateInvalid)
    try reject(
      "order-certificate-before-signature", ["R-12.1-5"], "Certificate",
      "The certificate is looked at before the signature.",
      good.edited { $0.certifier = fixture.manager }.bytes().flipped(end - 1), .certificateInvalid)
    // Step 5.
    for fault in try SignatureFault.all(of: first, by: account, other: other) {
      try reject(
        fault.name, ["R-6-1", "R-12.1-5"], "Signature", fault.comment, fault.message, .signatureInvalid)
    }
    for (name, offset) in [
      ("counter", 31), ("made", 39), ("valid-until", 47), ("commitment", 60), ("epoch", 23),
    ] {
      try reject(
        "\(name)-changed-after-signing", ["R-12.1-5"], "Signature", "The signature covers it.",
        first.flipped(offset, 2), .signatureInvalid)
    }
    try reject(
      "signer-not-listed", ["R-12.1-5"], "Signature", "Signed by somebody who is not on the list.",
      good.edited { $0.signer = fixture.deputy }.bytes(), .signatureInvalid)
    try reject(
      "signer-another-than-named", ["R-12.1-5"], "Signature", "Named is the owner, signed has a manager.",
      fixture.manager.sign(first), .signatureInvalid)
    try reject(
      "signed-as-a-certificate", ["R-8.5-1"], "Signature", "Signed under the label of certificates.",
      first.dropLast(64) + account.signature(Fixture.labelled("certificate", [UInt8](first.dropLast(64)))),
      .signatureInvalid)
    try reject(
      "order-signature-before-validity", ["R-12.1-5"], "Signature",
      "The signature is looked at before the times.",
      good.edited { $0.validUntil = $0.made }.bytes().flipped(end - 1), .signatureInvalid)
    // Step 6.
    try accept(
      "valid-for-401-days", ["R-12.1-7"], "As long as may be.",
      input(
        try good.edited {
          ($0.validUntil, $0.until) = ($0.made + 401 * Fixture.day, $0.made + 401 * Fixture.day)
        }.bytes()))
    try accept(
      "valid-for-a-millisecond", ["R-12.1-7"], "As short as may be.",
      input(
        try good.edited { ($0.from, $0.validUntil, $0.until) = ($0.made, $0.made + 1, $0.made + 1) }.bytes()))
    for (id, comment, edit) in validityFaults(fixture) {
      try reject(id, ["R-12.1-7"], "Validity", comment, good.edited(edit).bytes(), .badValidity)
    }
    try reject(
      "order-validity-before-generation", ["R-12.1-7"], "Validity",
      "The times are looked at before the generation.",
      good.edited { ($0.validUntil, $0.generation) = ($0.made, 4) }.bytes(), .badValidity)
    try reject(
      "order-validity-before-rollback", ["R-12.1-7"], "Validity", "So it is where a state was accepted.",
      next { ($0.validUntil, $0.generation) = ($0.made, 4) }, .badValidity, last: last)
    // Steps 7 to 13.
    try reject(
      "first-below-the-codes-generation", ["R-12.1-8"], "Rollback",
      "The state is of a generation before the code.",
      first, .generationRollback, least: 6)
    try reject(
      "first-far-below-the-codes-generation", ["R-12.1-8"], "Rollback", "Generations have 32 bits.",
      first, .generationRollback, least: 0xffff_ffff)
    try reject(
      "generation-back", ["R-12.1-6"], "Rollback", "An older generation with greater numbers.",
      next { ($0.generation, $0.counter, $0.epoch) = (4, 99, 9) }, .generationRollback, last: last)
    try reject(
      "counter-back-by-one", ["R-12.1-1"], "Rollback", "The state before.",
      current.edited { $0.counter = 6 }.bytes(), .counterRollback, last: last)
    try reject(
      "counter-back", ["R-12.1-1"], "Rollback", "An older state.", first, .counterRollback, last: last)
    try reject(
      "counter-0-after-7", ["R-12.1-1"], "Rollback", "Counter 0.",
      current.edited { $0.counter = 0 }.bytes(), .counterRollback, last: last)
    for (id, comment, edit) in [
      ("list", "Another list of revoked.", { $0.revoked = [other.agentID] }),
      ("time", "Another time.", { $0.made += 1 }), ("epoch", "Another epoch.", { $0.epoch = 4 }),
      ("signer", "Another signer.", { $0.signer = fixture.manager }),
    ] as [(String, String, (inout FixtureState) -> Void)] {
      try reject(
        "fork-\(id)", ["R-12.1-1"], "Rollback", "\(comment) The counter is that of the last.",
        current.edited(edit).bytes(), .counterFork, last: last)
    }
    try reject(
      "fork-signature", ["R-12.1-1"], "Rollback",
      "The last state under another right signature of its signer: other bytes, so another state.",
      account.signAgain(last), .counterFork, last: last)
    try reject(
      "fork-certificate", ["R-12.1-1"], "Rollback", "The last state under another right certificate.",
      current.edited { $0.certifiesAgain = true }.bytes(), .counterFork, last: last)
    for (place, at) in [("first", 0), ("middle", 16), ("last", 31)] {
      try reject(
        "epoch-fork-\(place)-byte", ["R-12.1-1"], "Rollback", "The commitment differs in a byte.",
        next { $0.commitment = same.flipped(at) }, .epochFork, last: last)
    }
    try reject(
      "epoch-back", ["R-12.1-1"], "Rollback", "A newer counter with an older epoch.", next { $0.epoch = 2 },
      .epochRollback, last: last)
    try reject(
      "epoch-fork", ["R-12.1-1"], "Rollback", "The epoch of the last with another MasterKey.",
      next { $0.line = " of another line" }, .epochFork, last: last)
    try reject(
      "order-generation-before-counter", ["R-12.1-6"], "Rollback", "The generation is compared first.",
      good.edited { $0.generation = 4 }.bytes(), .generationRollback, last: last)
    try reject(
      "order-counter-before-epoch", ["R-12.1-1"], "Rollback", "The counter is compared before the epoch.",
      first, .counterRollback, last: last)
    try reject(
      "order-counter-fork-before-epoch", ["R-12.1-1"], "Rollback",
      "An equal counter comes before an epoch that is less.", current.edited { $0.epoch -= 1 }.bytes(),
      .counterFork, last: last)
    try reject(
      "order-counter-before-epoch-fork", ["R-12.1-1"], "Rollback",
      "The counter is compared before the commitment.",
      current.edited { $0.line = " of another line" }.bytes(), .counterFork, last: last)
    try reject(
      "kept-generation-decides", ["R-12.1-6"], "Rollback",
      "Once a state is kept, its generation is the least, not the code's.",
      next { $0.generation = 4 }, .generationRollback, last: last, least: 1)
  }

  /// `state` with another list, certified and signed.
  private static func resigned(_ state: [UInt8], list: [UInt8], _ fixture: Fixture) throws -> [UInt8] {
    let edited = state.with(list, at: 134)
    let end = 134 + list.count
    let certificate = try fixture.account.signature(
      Fixture.labelled("certificate", [UInt8](edited[4..<20] + edited[112..<end])))
    return try fixture.account.sign(edited.with(certificate, at: end))
  }

  /// What may be wrong with a certificate; the state's signature is right.
  private static func certificateFaults(
    _ state: FixtureState, _ fixture: Fixture
  ) throws -> [(name: String, comment: String, message: [UInt8])] {
    let bytes = try state.bytes()
    let (list, at) = (state.list, 134 + state.signers.count)
    let account = fixture.account
    func with(_ certificate: [UInt8]) throws -> [UInt8] { try account.sign(bytes.with(certificate, at: at)) }
    func certified(_ label: String, _ input: [UInt8]) throws -> [UInt8] {
      try with(account.signature(Fixture.labelled(label, input)))
    }
    let right = [UInt8](bytes[at..<at + 64])
    let s = [UInt8](right[32...].reversed()).adding(RawEd25519.order.reversed())
    var faults = [
      ("certificate-r-flipped", "One bit of R is wrong.", try with(right.flipped(0))),
      ("certificate-s-flipped", "One bit of S is wrong.", try with(right.flipped(32))),
      ("certificate-s-plus-order", "S + L.", try with(right[..<32] + s.reversed())),
      ("certificate-zero", "No certificate but zeros.", try with(.zeros(64))),
      (
        "certificate-of-a-manager", "Certified by a manager.",
        try state.edited { $0.certifier = fixture.manager }.bytes()
      ),
      (
        "certificate-without-account", "The account id is left out.", try certified("certificate", list)
      ),
      (
        "certificate-without-list-length", "The list's length is left out.",
        try certified("certificate", fixture.accountID + list[..<20] + list[22...])
      ),
      (
        "certificate-under-another-label", "Signed under the label of messages.",
        try certified("signature", fixture.accountID + list)
      ),
      (
        "certificate-without-label", "Signed without a label.",
        try with(account.signature(fixture.accountID + list))
      ),
      (
        "certificate-with-root-key", "The root key is in the input.",
        try certified("certificate", fixture.accountID + account.verifyKey + list)
      ),
    ]
    let certificate = try state.certificate()
    for (name, comment, edit) in [
      ("another-generation", "Made for another generation.", { $0.generation = 6 }),
      ("another-beginning", "The certificate began at another time.", { $0.from -= 1 }),
      ("another-end", "The certificate is longer than was signed.", { $0.until += 1 }),
      ("a-person-more", "A person was added.", { $0.persons.append(fixture.deputy) }),
      ("a-person-less", "A person was taken away.", { $0.persons = [account] }),
      ("another-person", "A person was exchanged.", { $0.persons = [account, fixture.deputy] }),
    ] as [(String, String, (inout FixtureState) -> Void)] {
      let edited = state.edited(edit)
      let message = try edited.bytes().with(certificate, at: 134 + edited.signers.count)
      faults.append(("certificate-of-\(name)", comment, try account.sign(message)))
    }
    return faults
  }

  // MARK: - Clock

  private static func buildClockAccept(_ builder: inout FamilyBuilder) throws {
    typealias Last = (generation: UInt32, least: UInt64, running: UInt64)
    let (code, most) = (Fixture.day(95), UInt64(1 << 53 - 1))
    for (id, req, comment, age, last, generation, made, least) in [
      (
        "first", "R-13.5-3", "The state is newer than the code.", 0, nil, 5, Fixture.day(100),
        Fixture.day(100)
      ),
      (
        "first-older-than-the-code", "R-13.5-3", "The first state is older than the code.", 0, nil, 5,
        Fixture.day(90), Fixture.day(95)
      ),
      (
        "first-after-a-week", "R-13.5-3", "The agent has run for a week since it was given the code.",
        7 * Fixture.day, nil, 5, Fixture.day(100), Fixture.day(102)
      ),
      (
        "next", "R-13.5-3", "The state is newer than the clock.", Fixture.day,
        (5, Fixture.day(100), Fixture.hour),
        5,
        Fixture.day(101), Fixture.day(101)
      ),
      (
        "next-older-than-the-clock", "R-13.5-3", "What has run counts.", Fixture.day,
        (5, Fixture.day(100), 3 * Fixture.day), 5, Fixture.day(101), Fixture.day(103)
      ),
      (
        "next-by-a-millisecond", "R-13.5-3", "The clock is a millisecond later.", Fixture.day,
        (5, Fixture.day(100), Fixture.day + 1), 5, Fixture.day(101), Fixture.day(101) + 1
      ),
      (
        "next-of-the-same-time", "R-13.5-3", "A state that was made earlier than the last.", Fixture.day,
        (5, Fixture.day(100), 0), 5, Fixture.day(91), Fixture.day(100)
      ),
      (
        "next-ignores-the-anchor", "R-13.5-3", "Within a generation the code's time does not count.",
        30 * Fixture.day, (5, Fixture.day(100), 0), 5, Fixture.day(101), Fixture.day(101)
      ),
      (
        "greater-generation-sets-it-back", "R-13.5-3", "A greater generation says what the time is.",
        Fixture.day, (5, Fixture.day(400), Fixture.hour), 6, Fixture.day(101), Fixture.day(101)
      ),
      (
        "greater-generation-not-below-the-anchor", "R-13.5-3", "Yet never below what the code says.",
        30 * Fixture.day, (5, Fixture.day(400), Fixture.hour), 6, Fixture.day(101), Fixture.day(125)
      ),
      (
        "greater-generation-at-the-anchor", "R-13.5-3", "Made exactly at the anchor.", 6 * Fixture.day,
        (5, Fixture.day(400), 0), 6, Fixture.day(101), Fixture.day(101)
      ),
      (
        "greatest-generation", "R-13.5-3", "Generations have 32 bits.", 0, (5, Fixture.day(400), 0),
        0xffff_ffff, Fixture.day(101), Fixture.day(101)
      ),
      (
        "sum-saturates", "R-13.5-1", "The sum ends at the greatest time.", 0, (5, most, most), 5,
        Fixture.day(101), most
      ),
      (
        "anchor-saturates", "R-13.5-1", "The anchor ends at the greatest time.", most, nil, 5,
        Fixture.day(101),
        most
      ),
    ] as [(String, String, String, UInt64, Last?, UInt32, UInt64, UInt64)] {
      try builder.accept(
        "clock-accept-\(id)", [req], flags: ["Clock"], comment,
        in: .of([
          "terms": ["made": .integer(code), "age": .integer(age)],
          "last": last.map {
            [
              "generation": .integer($0.generation), "least": .integer($0.least),
              "running": .integer($0.running),
            ]
          } ?? .null, "state": ["generation": .integer(generation), "made": .integer(made)],
        ]), out: .of(["least": .integer(least)]))
    }
  }

  private static func buildClockNow(_ builder: inout FamilyBuilder) throws {
    let (until, most) = (Fixture.day(160), UInt64(1 << 53 - 1))
    func input(_ wall: UInt64, _ least: UInt64, _ running: UInt64, _ until: UInt64 = until) -> JSONObject {
      .of([
        "wall": .integer(wall), "least": .integer(least), "running": .integer(running),
        "valid_until": .integer(until),
      ])
    }
    for (id, comment, input, now) in [
      (
        "wall", "The wall clock is ahead.", input(Fixture.day(110), Fixture.day(100), Fixture.day),
        Fixture.day(110)
      ),
      (
        "held-back", "The wall clock is held back.", input(0, Fixture.day(100), 9 * Fixture.day),
        Fixture.day(109)
      ),
      ("equal", "Both agree.", input(Fixture.day(101), Fixture.day(100), Fixture.day), Fixture.day(101)),
      ("last-millisecond", "A millisecond before the end.", input(until - 1, Fixture.day(100), 0), until - 1),
      (
        "last-millisecond-run", "A millisecond before the end by what has run.",
        input(0, Fixture.day(100), 60 * Fixture.day - 1), until - 1
      ),
      ("without-state", "Before the first state that is the wall clock.", input(5, 0, 0), 5),
    ] {
      try builder.accept(
        "clock-now-\(id)", ["R-13.5-2"], flags: ["Clock"], comment, in: input,
        out: .of(["now": .integer(now)]))
    }
    for (id, comment, input, twin) in [
      ("expired", "The end has come.", input(until, Fixture.day(100), 0), "last-millisecond"),
      (
        "expired-long-ago", "The end is long over.", input(Fixture.day(900), Fixture.day(100), 0),
        "last-millisecond"
      ),
      (
        "expired-by-what-has-run", "The wall clock is held back.",
        input(Fixture.day(100), Fixture.day(100), 60 * Fixture.day), "last-millisecond-run"
      ),
      (
        "expired-by-the-least", "The least time alone is the end.", input(0, until, 0), "last-millisecond-run"
      ),
      (
        "sum-saturates", "The sum ends at the greatest time.", input(0, most, most, most),
        "last-millisecond-run"
      ),
    ] {
      try builder.reject(
        "clock-now-\(id)", ["R-13.5-2"], flags: ["Clock"], comment, in: input, code: .stateExpired,
        twin: "clock-now-\(twin)")
    }
  }
}
