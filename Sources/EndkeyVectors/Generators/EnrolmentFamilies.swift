internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let enrolment: [Family] = [
    Family("enrolment/request", flags: [codeFlag]) { builder in
      let sample = EnrolmentSample(fixture: try Fixture.made.get())
      func input(_ text: [UInt8], _ keys: FixtureKeys, nonce: [UInt8]? = nil) -> JSONObject {
        .of([
          "code": .string(String(decoding: text, as: UTF8.self)), "p": .hex(keys.p), "q": .hex(keys.q),
          "seed": .hex(keys.seed), "nonce": .hex(nonce ?? sample.nonce),
        ])
      }
      func out(_ request: [UInt8], _ keys: FixtureKeys) -> JSONObject {
        .of(["request": .hex(request), "agent_id": .hex(keys.agentID)])
      }
      let (agent, other) = (sample.fixture.agent, sample.fixture.other)
      let text = try sample.text()
      let plain = "enrolment-request-plain"
      try builder.accept(
        plain, ["R-10.2-1"], "A request.", in: input(text, agent), out: out(try sample.request(), agent))
      try builder.accept(
        "enrolment-request-of-another-agent", ["R-10.2-1"], "Another agent under the same code.",
        in: input(text, other), out: out(try sample.request(other), other))
      try builder.accept(
        "enrolment-request-of-a-manager", ["R-10.2-1"], "A coming manager's request is made alike.",
        in: input(try sample.text("manager", kind: .master, role: .manager), sample.fixture.deputy),
        out: out(try sample.request(sample.fixture.deputy, code: "manager"), sample.fixture.deputy))
      try builder.accept(
        "enrolment-request-of-another-nonce", ["R-10.2-3"], "The nonce is in the MAC.",
        in: input(text, agent, nonce: .zeros(32)), out: out(try sample.request(nonce: .zeros(32)), agent))
      try builder.accept(
        "enrolment-request-under-another-code", ["R-10.2-1"], "The code's secret is the key of the MAC.",
        in: input(try sample.text("second"), agent), out: out(try sample.request(code: "second"), agent))
      try builder.accept(
        "enrolment-request-terms-are-not-in-the-mac", ["R-10.1-3"],
        "What the code's text says of generation, time and kind changes no byte of the request.",
        in: input(try sample.text(generation: 9, made: 0, kind: .master), agent),
        out: out(try sample.request(), agent))
      try builder.accept(
        "enrolment-request-code-in-upper-case", ["R-18.1-1"], flags: ["Code"],
        "A code in capitals, as a QR code has it.",
        in: input(text.map { $0 >= 0x61 ? $0 - 32 : $0 }, agent), out: out(try sample.request(), agent))
      for (name, comment, text, code, offset) in [
        (
          "of-an-account-secret", "Another kind of text.", text.with([0x62], at: 2), ErrorCode.badPrefix, 0
        ),
        ("mixed-case", "One letter in another case.", text.with([0x51], at: 4), .badBech32m, 4),
        (
          "wrong-letter", "A letter of the alphabet, but a wrong one.",
          text.with([text[30] == 0x71 ? 0x70 : 0x71], at: 30), .badBech32m, 80
        ),
        (
          "foreign-letter", "A letter that the alphabet lacks.", text.with([0x62], at: 30), .badBech32m, 30
        ),
        ("cut", "The last character is missing.", [UInt8](text.dropLast()), .badBech32m, 85),
        ("empty", "No text.", [], .badPrefix, 0),
        ("white-space", "White space at the end.", text + [0x20], .badBech32m, 86),
      ] {
        try builder.reject(
          "enrolment-request-code-\(name)", ["R-18.1-1"], flags: ["Code"], comment, in: input(text, agent),
          code: code, offset: offset, twin: plain)
      }
    },
    Family("enrolment/verify", flags: [macFlag, reuseFlag, keyFlag, roleFlag]) { builder in
      try buildEnrolmentVerify(&builder)
    },
  ]

  private static let codeFlag = VectorFile.Flag(
    "Code", bugType: "WRONG_ENCODING", effect: "a code that was mistyped pins the wrong account",
    refs: ["R-18.1-1"])
  private static let macFlag = VectorFile.Flag(
    "Mac", bugType: "MISSING_CHECK",
    effect: "the service puts its own key in the place of an agent's, and is granted the account's keys",
    refs: ["R-10.2-1"])
  private static let reuseFlag = VectorFile.Flag(
    "Reuse", bugType: "MISSING_CHECK", effect: "a code enrols more often or longer than its owner said",
    refs: ["R-10.2-3", "R-10.2-5"])
  private static let keyFlag = VectorFile.Flag(
    "BadKey", bugType: "MISSING_CHECK", effect: "keys are encrypted to a modulus that anybody can factor",
    refs: ["R-6-2", "R-6-3"])
  private static let roleFlag = VectorFile.Flag(
    "Role", bugType: "MISSING_CHECK",
    effect: "who may have the MasterKey is decided by who may not decide it",
    refs: ["R-12.9-5", "R-10.2-7"])

  private static func buildEnrolmentVerify(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let sample = EnrolmentSample(fixture: fixture)
    let slug = "enrolment-verify"
    let request = try sample.request()
    let managers = try sample.request(fixture.deputy, code: "manager")
    let masters = sample.code(kind: "master", approval: "manual")
    let now = Fixture.day(101)
    let (mine, others) = (fixture.agent.agentID, fixture.other.agentID)
    func accept(
      _ id: String, _ req: [String], _ comment: String, _ input: JSONObject, code: String = "first",
      kind: String = "scoped", role: String = "agent", of keys: FixtureKeys? = nil, codeID: [UInt8]? = nil
    ) throws {
      try builder.accept(
        "\(slug)-\(id)", req, comment, in: input,
        out: .of([
          "agent_id": .hex((keys ?? fixture.agent).agentID),
          "code_id": .hex(codeID ?? FixtureContents.codeID(code)), "kind": .string(kind),
          "role": .string(role),
        ]))
    }
    try accept("plain", ["R-10.2-1"], "A request under the only code.", sample.verifying(request))
    let codes = (0..<4).map { sample.code("code \($0)") }
    for (place, list) in [
      ("first", [sample.code()] + codes), ("middle", codes[..<2] + [sample.code()] + codes[2...]),
      ("last", codes + [sample.code()]),
    ] {
      try accept(
        "\(place)-of-many-codes", ["R-10.2-4"], "Every code is tried.",
        sample.verifying(request, codes: list))
    }
    let twice = [[UInt8](repeating: 1, count: 8), [UInt8](repeating: 0xf0, count: 8)]
    try accept(
      "two-codes-of-one-secret", ["R-10.2-4"], "Of two codes that verify, the first by id is meant.",
      sample.verifying(request, codes: [sample.code(id: twice[0]), sample.code(id: twice[1])]),
      codeID: twice[0])
    let places = (1...3).map { [UInt8](repeating: 0x50 * UInt8($0), count: 8) }
    for (place, name) in ["first", "middle", "last"].enumerated() {
      var codes = places.enumerated().map { sample.code($0 == place ? "first" : "code \($0)", id: $1) }
      for order in ["ascending", "descending"] {
        try accept(
          "\(name)-of-three-by-id-\(order)", ["R-10.2-4"],
          "Every code is tried, in whatever order they are given.",
          sample.verifying(request, codes: codes), codeID: places[place])
        codes.reverse()
      }
    }
    let mirrored = [[1] + [UInt8](repeating: 9, count: 7), [2] + [UInt8](repeating: 0, count: 7)]
    for (id, pair) in [("", twice), ("-compared-from-the-front", mirrored)] {
      try accept(
        "two-codes-of-one-secret\(id)-descending", ["R-10.2-4"],
        "The first by id is meant, not the first that is given.",
        sample.verifying(request, codes: pair.reversed().map { sample.code(id: $0) }), codeID: pair[0])
    }
    try accept(
      "two-codes-of-one-secret-compared-from-the-front", ["R-10.2-4"],
      "Ids are compared from the first byte on.",
      sample.verifying(request, codes: mirrored.map { sample.code(id: $0) }), codeID: mirrored[0])
    try accept(
      "not-expired-by-a-millisecond", ["R-10.2-5"], "The code expires in a millisecond.",
      sample.verifying(request, codes: [sample.code(expires: now + 1)]))
    try accept(
      "other-nonces-used", ["R-10.2-3"], "Another request was granted under the code.",
      sample.verifying(request, codes: [sample.code(nonces: [sample.nonce.flipped(31)])]))
    try accept(
      "nonce-used-under-another-code", ["R-10.2-3"], "Nonces count under their code.",
      sample.verifying(request, codes: [sample.code("code 0", nonces: [sample.nonce]), sample.code()]))
    try accept(
      "approved", ["R-10.2-2"], "A person has approved.",
      sample.verifying(request, codes: [sample.code(approval: "manual")], approved: true))
    try accept(
      "another-agent-gone", ["R-10.2-7"], "Another agent was removed.",
      sample.verifying(request, members: [(others, "removed")]))
    try accept(
      "again", ["R-10.2-7"], "A member that is granted comes once more.",
      sample.verifying(request, members: [(mine, "granted")]))
    try accept(
      "at-a-managers-end", ["R-12.9-5"], "A manager takes in agents for scoped grants.",
      sample.verifying(request, root: false))
    try accept(
      "master", ["R-12.9-5"], "A code that leads to a master grant.",
      sample.verifying(request, codes: [masters], approved: true), kind: "master")
    try accept(
      "a-manager", ["R-12.9-5"], "A coming manager.",
      sample.verifying(managers, codes: [sample.managersCode], approved: true), code: "manager",
      kind: "master", role: "manager", of: fixture.deputy)

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ input: JSONObject,
      _ code: ErrorCode, offset: Int? = nil, twin: String = "plain"
    ) throws {
      try builder.reject(
        "\(slug)-\(id)", req, flags: [flag], comment, in: input, code: code, offset: offset,
        twin: "\(slug)-\(twin)")
    }
    // Steps 1 and 2.
    try reject(
      "cut", ["R-10.2-1"], "Mac", "The last byte is missing.",
      sample.verifying([UInt8](request.dropLast())), .truncated, offset: 376)
    try reject(
      "trailing-byte", ["R-10.2-1"], "Mac", "A byte too many.", sample.verifying(request + [0]),
      .trailingBytes, offset: 440)
    try reject(
      "epoch-1", ["R-8.1-2"], "Mac", "A request has no epoch.",
      sample.verifying(try sample.sealed(request.with([0, 0, 0, 1], at: 20))), .valueOutOfRange, offset: 20)
    try reject(
      "of-another-account", ["R-10.2-1"], "Mac", "The header names another account.",
      sample.verifying(try sample.sealed(request.with(fixture.other.accountID, at: 4))), .wrongAccount)
    try reject(
      "of-a-similar-account", ["R-10.2-1"], "Mac", "The header's id differs in its last byte.",
      sample.verifying(try sample.sealed(request.flipped(19))), .wrongAccount)
    for (name, bad) in request.neighbours(in: 4..<20) {
      try reject(
        "account-\(name)", ["R-10.2-1"], "Mac", "The header's id differs in a byte.",
        sample.verifying(try sample.sealed(bad)), .wrongAccount)
    }
    try reject(
      "order-account-before-mac", ["R-10.2-1"], "Mac", "The account is compared before a code is tried.",
      sample.verifying(request.flipped(19)), .wrongAccount)
    // The MAC.
    try reject(
      "no-codes", ["R-10.2-1"], "Mac", "The vault has no code.", sample.verifying(request, codes: []),
      .macInvalid)
    try reject(
      "only-other-codes", ["R-10.2-4"], "Mac", "Made under a code that the vault does not have.",
      sample.verifying(request, codes: codes), .macInvalid)
    for (name, offset) in [("first", 344), ("middle", 360), ("last", 375)] {
      try reject(
        "mac-\(name)-byte", ["R-10.2-1"], "Mac", "One bit of the MAC is wrong.",
        sample.verifying(try fixture.agent.sign(request.flipped(offset))), .macInvalid)
    }
    let swapped = request.with(fixture.other.modulus + fixture.other.verifyKey, at: 24)
    try reject(
      "keys-swapped-by-the-service", ["R-10.2-1"], "Mac",
      "The service put its own keys in, and signed with them: it cannot make the MAC.",
      sample.verifying(try fixture.other.sign(swapped)), .macInvalid)
    for (name, edited) in [
      ("modulus-swapped", request.with(fixture.other.modulus, at: 24)),
      ("verify-key-swapped", request.with(fixture.other.verifyKey, at: 280)),
      ("nonce-changed-after-mac", request.flipped(343)),
    ] {
      try reject(
        name, ["R-10.2-1"], "Mac", "The MAC covers all before it.",
        sample.verifying(try fixture.agent.sign(edited)), .macInvalid)
    }
    let secret = FixtureContents.codeSecret("first")
    for (name, comment, key) in [
      ("with-the-secret-itself", "The key of the MAC was not derived.", secret),
      (
        "with-the-admission-key", "The key of the MAC is that which the service checks.",
        try Fixture.derive(secret, "admission", fixture.accountID)
      ),
      (
        "with-a-key-of-another-account", "The account id is in the derivation.",
        try Fixture.derive(secret, "enrolment-mac", fixture.other.accountID)
      ),
    ] {
      let mac = try Fixture.mac(key, [UInt8](request[..<344]))
      try reject(
        "mac-\(name)", ["R-10.2-1", "R-2.3-1"], "Mac", comment,
        sample.verifying(try fixture.agent.sign(request.with(mac, at: 344))), .macInvalid)
    }
    try reject(
      "order-mac-before-keys", ["R-10.2-4"], "Mac", "The MAC comes before the keys.",
      sample.verifying(request.flipped(279)), .macInvalid)
    // The code.
    for (name, comment, expires) in [
      ("expired-now", "The code expires in this millisecond.", now),
      ("expired-a-millisecond-ago", "The code has just expired.", now - 1),
      ("expired-long-ago", "The code has expired.", 1),
      ("expired-seven-weeks-ago", "In the lower 32 bits it would be later than now.", now - 1 << 32 + 5),
    ] {
      try reject(
        name, ["R-10.2-5"], "Reuse", comment,
        sample.verifying(request, codes: [sample.code(expires: expires)]), .codeExpired,
        twin: "not-expired-by-a-millisecond")
    }
    try reject(
      "used-up", ["R-10.2-5"], "Reuse", "The code has no uses left.",
      sample.verifying(request, codes: [sample.code(uses: 0)]), .codeExpired)
    try reject(
      "of-the-dead-one-of-two", ["R-10.2-5"], "Reuse", "Another code that lives does not help.",
      sample.verifying(request, codes: [sample.code(uses: 0), sample.code("second", uses: 9)]), .codeExpired)
    for (name, nonces) in [
      ("first", [sample.nonce, .zeros(32), .zeros(32)]), ("middle", [.zeros(32), sample.nonce, .zeros(32)]),
      ("last", [.zeros(32), .zeros(32), sample.nonce]),
    ] {
      try reject(
        "nonce-reused-\(name)", ["R-10.2-3"], "Reuse", "This request was granted before.",
        sample.verifying(request, codes: [sample.code(uses: 4, nonces: nonces)]), .nonceReused,
        twin: "other-nonces-used")
    }
    try reject(
      "order-expired-before-nonce", ["R-10.2-5"], "Reuse", "Expiry is looked at before the nonce.",
      sample.verifying(request, codes: [sample.code(uses: 0, nonces: [sample.nonce])]), .codeExpired)
    let even = try sample.sealed(request.flipped(279))
    try reject(
      "order-nonce-before-keys", ["R-10.2-3"], "Reuse", "The nonce is looked at before the keys.",
      sample.verifying(even, codes: [sample.code(nonces: [sample.nonce])]), .nonceReused)
    try reject(
      "order-code-before-keys", ["R-10.2-5"], "Reuse", "The code is looked at before the keys.",
      sample.verifying(even, codes: [sample.code(uses: 0)]), .codeExpired)
    // The keys.
    for (name, comment, bytes, offset) in [
      ("modulus-even", "An even modulus.", fixture.agent.modulus.flipped(255), 24),
      ("modulus-2047-bits", "A modulus of 2,047 bits.", fixture.agent.modulus.with([0x7f], at: 0), 24),
      ("modulus-zero", "No modulus.", .zeros(256), 24),
      ("modulus-with-factor-3", "A modulus that 3 divides.", multipleOf3(fixture.agent.modulus), 24),
      ("verify-key-of-small-order", "The neutral element as public key.", [1] + .zeros(31), 280),
      ("verify-key-zero", "A public key of order 4.", .zeros(32), 280),
      (
        "verify-key-not-canonical", "The public key's y is above the prime.",
        [0xee] + [UInt8](repeating: 0xff, count: 30) + [0x7f], 280
      ),
    ] {
      try reject(
        name, ["R-6-2", "R-6-3"], "BadKey", comment,
        sample.verifying(try sample.sealed(request.with(bytes, at: offset))), .badKey)
    }
    try reject(
      "order-keys-before-signature", ["R-6-2"], "BadKey", "The keys are looked at before the signature.",
      sample.verifying(even.flipped(439)), .badKey)
    for fault in try SignatureFault.all(of: request, by: fixture.agent, other: fixture.other) {
      try reject(
        fault.name, ["R-10.2-1", "R-6-1"], "Mac", fault.comment, sample.verifying(fault.message),
        .signatureInvalid)
    }
    try reject(
      "order-signature-before-revoked", ["R-10.2-1"], "Mac", "The signature comes before who it is.",
      sample.verifying(request.flipped(439), members: [(mine, "removed")]), .signatureInvalid)
    // Who it is.
    for (name, comment, members) in [
      ("retired", "A member that was retired comes again.", [(mine, "retired")]),
      ("removed", "A member that was removed comes again.", [(mine, "removed")]),
      (
        "removed-first", "It is the first of several.",
        [(mine, "removed"), (others, "granted"), (fixture.deputy.agentID, "granted")]
      ),
      (
        "removed-last", "It is the last of several.",
        [(others, "granted"), (fixture.deputy.agentID, "granted"), (mine, "removed")]
      ),
    ] {
      try reject(
        "revoked-\(name)", ["R-12.3-4", "R-10.2-7"], "Reuse", comment,
        sample.verifying(request, members: members), .revoked, twin: "another-agent-gone")
    }
    try reject(
      "revoked-person", ["R-10.2-7"], "Role", "A person who was removed comes again.",
      sample.verifying(
        managers, codes: [sample.managersCode],
        persons: [(fixture.account.agentID, "granted"), (fixture.deputy.agentID, "removed")], approved: true),
      .revoked, twin: "a-manager")
    try reject(
      "revoked-person-as-an-agent", ["R-10.2-7"], "Role", "A person who was removed comes as an agent.",
      sample.verifying(request, persons: [(fixture.account.agentID, "granted"), (mine, "removed")]), .revoked)
    try reject(
      "revoked-though-approved", ["R-12.3-4"], "Reuse", "No approval undoes a removal.",
      sample.verifying(
        request, codes: [sample.code(approval: "manual")], members: [(mine, "removed")], approved: true),
      .revoked, twin: "approved")
    for (name, comment, request, codes, members, persons) in [
      (
        "a-person-as-an-agent", "A person of the account comes as an agent.",
        try sample.request(fixture.manager), [sample.code()], [], nil
      ),
      (
        "a-person-once-more", "A person of the account comes as a manager again.",
        try sample.request(fixture.manager, code: "manager"), [sample.managersCode], [], nil
      ),
      (
        "the-owner-as-an-agent", "The owner's keys come as an agent's.", try sample.request(fixture.account),
        [sample.code()], [], nil
      ),
      (
        "a-member-as-a-manager", "A member comes as a manager.", managers, [sample.managersCode],
        [(fixture.deputy.agentID, "granted")], nil
      ),
    ] as [(String, String, [UInt8], [JSONValue], [([UInt8], String)], [([UInt8], String)]?)] {
      try reject(
        "wrong-recipient-\(name)", ["R-10.2-7"], "Role", comment,
        sample.verifying(request, codes: codes, members: members, persons: persons, approved: true),
        .wrongRecipient, twin: codes.count == 1 && name.hasSuffix("agent") ? "plain" : "a-manager")
    }
    try reject(
      "order-revoked-before-wrong-recipient", ["R-10.2-7"], "Role",
      "A member that was removed comes as a manager.",
      sample.verifying(
        managers, codes: [sample.managersCode], members: [(fixture.deputy.agentID, "removed")], approved: true
      ),
      .revoked, twin: "a-manager")
    try reject(
      "order-wrong-recipient-before-root", ["R-10.2-7"], "Role",
      "That it is a member is said before that the owner is asked.",
      sample.verifying(
        managers, codes: [sample.managersCode], members: [(fixture.deputy.agentID, "granted")], root: false,
        approved: true), .wrongRecipient, twin: "a-manager")
    // Who may answer.
    try reject(
      "manager-without-root-key", ["R-12.9-5"], "Role", "Only the owner adds a manager.",
      sample.verifying(managers, codes: [sample.managersCode], root: false, approved: true), .rootRequired,
      twin: "a-manager")
    try reject(
      "master-without-root-key", ["R-12.9-5"], "Role", "Only the owner lets an agent have a MasterKey.",
      sample.verifying(request, codes: [masters], root: false, approved: true), .rootRequired, twin: "master")
    try reject(
      "order-root-before-approval-of-master", ["R-12.9-5"], "Role",
      "The root key is asked for before the person.",
      sample.verifying(request, codes: [masters], root: false), .rootRequired, twin: "master")
    try reject(
      "order-root-before-approval", ["R-12.9-5"], "Role", "The root key is asked for before the person.",
      sample.verifying(managers, codes: [sample.managersCode], root: false), .rootRequired, twin: "a-manager")
    try reject(
      "not-approved", ["R-10.2-2"], "Reuse", "The code asks for approval, and nobody gave it.",
      sample.verifying(request, codes: [sample.code(approval: "manual")]), .approvalRequired,
      twin: "approved")
    try reject(
      "master-not-approved", ["R-10.2-2"], "Role", "Nobody has approved that an agent gets the MasterKey.",
      sample.verifying(request, codes: [masters]), .approvalRequired, twin: "master")
    try reject(
      "manager-not-approved", ["R-10.2-2"], "Role", "Nobody has approved the manager.",
      sample.verifying(managers, codes: [sample.managersCode]), .approvalRequired, twin: "a-manager")
    try reject(
      "order-revoked-before-approval", ["R-12.3-4"], "Reuse", "Removal is looked at before approval.",
      sample.verifying(
        request, codes: [sample.code(approval: "manual")], members: [(mine, "removed")]), .revoked,
      twin: "another-agent-gone")
  }

  /// An odd number near `modulus` that 3 divides.
  static func multipleOf3(_ modulus: [UInt8]) -> [UInt8] {
    var number = modulus
    while number.reduce(0, { ($0 << 8 | Int($1)) % 3 }) != 0 { number = number.adding([2]) }
    return number
  }
}
