internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

/// Requests and the codes they are made under.
struct EnrolmentSample {
  let fixture: Fixture
  let secret = bytes("code", 16)
  let nonce = bytes("nonce", 32)

  func text(secret: [UInt8]? = nil) -> [UInt8] {
    let bytes = [1] + fixture.accountID + (secret ?? self.secret)
    return Writer.array(count: SecretText.textCount) { SecretText.encode(bytes.span, as: .code, into: &$0) }
  }

  /// The request with a right MAC under `secret` and a right signature.
  func sealed(_ request: [UInt8], secret: [UInt8]? = nil, by keys: FixtureKeys? = nil) throws -> [UInt8] {
    let key = try Fixture.derive(
      secret ?? self.secret, "enrolment-mac", [UInt8](request[4..<20]))
    let mac = try Fixture.mac(key, [UInt8](request[..<344]))
    return try (keys ?? fixture.agent).sign(request.with(mac, at: 344))
  }

  func request(_ keys: FixtureKeys? = nil, nonce: [UInt8]? = nil, secret: [UInt8]? = nil) throws -> [UInt8] {
    let keys = keys ?? fixture.agent
    let bytes =
      Fixture.header(3, fixture.accountID, 0) + keys.modulus + keys.verifyKey + (nonce ?? self.nonce)
    return try sealed(bytes + .zeros(96), secret: secret, by: keys)
  }

  func code(
    secret: [UInt8]? = nil, approval: String = "automatic", uses: Int = 1, expires: UInt64 = 0,
    nonces: [[UInt8]] = []
  ) -> JSONValue {
    [
      "secret": .hex(secret ?? self.secret), "role": "agent", "approval": .string(approval),
      "uses_left": .integer(uses), "expires": .integer(expires), "nonces": .array(nonces.map { .hex($0) }),
    ]
  }

  func verifying(
    _ request: [UInt8], codes: [JSONValue]? = nil, revoked: [[UInt8]] = [], isDue: Bool = false,
    now: UInt64 = 1_700_000_000_000, approved: Bool = false
  ) -> JSONObject {
    .of([
      "account_id": .hex(fixture.accountID), "request": .hex(request), "codes": .array(codes ?? [code()]),
      "revoked": .array(revoked.map { .hex($0) }), "rotation_due": .bool(isDue), "now": .integer(now),
      "approved": .bool(approved),
    ])
  }
}

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
      let plain = "enrolment-request-plain"
      try builder.accept(
        plain, ["R-10.2-1"], "A request.", in: input(sample.text(), agent),
        out: out(try sample.request(), agent))
      try builder.accept(
        "enrolment-request-of-another-agent", ["R-10.2-1"], "Another agent under the same code.",
        in: input(sample.text(), other), out: out(try sample.request(other), other))
      try builder.accept(
        "enrolment-request-of-another-nonce", ["R-10.2-3"], "The nonce is in the MAC.",
        in: input(sample.text(), agent, nonce: .zeros(32)),
        out: out(try sample.request(nonce: .zeros(32)), agent))
      let secret = bytes("another code", 16)
      try builder.accept(
        "enrolment-request-under-another-code", ["R-10.2-1"], "The code's secret is the key of the MAC.",
        in: input(sample.text(secret: secret), agent), out: out(try sample.request(secret: secret), agent))
      try builder.accept(
        "enrolment-request-code-in-upper-case", ["R-18.1-1"], flags: ["Code"],
        "A code in capitals, as a QR code has it.",
        in: input(sample.text().map { $0 >= 0x61 ? $0 - 32 : $0 }, agent),
        out: out(try sample.request(), agent))
      for (name, comment, text, code, offset) in [
        (
          "of-an-account-secret", "Another kind of text.", sample.text().with([0x62], at: 2),
          ErrorCode.badPrefix, 0
        ),
        ("mixed-case", "One letter in another case.", sample.text().with([0x51], at: 4), .badBech32m, 4),
        (
          "wrong-letter", "A letter of the alphabet, but a wrong one.", wrongLetter(sample.text(), at: 30),
          .badBech32m, 57
        ),
        (
          "foreign-letter", "A letter that the alphabet lacks.", sample.text().with([0x62], at: 30),
          .badBech32m, 30
        ),
        ("cut", "The last character is missing.", [UInt8](sample.text().dropLast()), .badBech32m, 62),
        ("empty", "No text.", [], .badPrefix, 0),
        ("white-space", "White space at the end.", sample.text() + [0x20], .badBech32m, 63),
      ] {
        try builder.reject(
          "enrolment-request-code-\(name)", ["R-18.1-1"], flags: ["Code"], comment, in: input(text, agent),
          code: code, offset: offset, twin: plain)
      }
    },
    Family("enrolment/verify", flags: [macFlag, reuseFlag, keyFlag]) { builder in
      try buildEnrolmentVerify(&builder)
    },
  ]

  private static func wrongLetter(_ text: [UInt8], at offset: Int) -> [UInt8] {
    text.with([text[offset] == 0x71 ? 0x70 : 0x71], at: offset)
  }

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

  private static func buildEnrolmentVerify(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let sample = EnrolmentSample(fixture: fixture)
    let slug = "enrolment-verify"
    let request = try sample.request()
    let now: UInt64 = 1_700_000_000_000
    func out(_ code: Int, _ keys: FixtureKeys? = nil) -> JSONObject {
      .of(["agent_id": .hex((keys ?? fixture.agent).agentID), "code": .integer(code)])
    }
    func accept(_ id: String, _ req: [String], _ comment: String, _ input: JSONObject, _ code: Int = 0) throws
    {
      try builder.accept("\(slug)-\(id)", req, comment, in: input, out: out(code))
    }
    try accept("plain", ["R-10.2-1"], "A request under the only code.", sample.verifying(request))
    let codes = (0..<4).map { sample.code(secret: bytes("code \($0)", 16)) }
    try accept(
      "second-of-many-codes", ["R-10.2-4"], "Every code is tried.",
      sample.verifying(request, codes: [codes[0], sample.code(), codes[1], codes[2]]), 1)
    try accept(
      "last-of-many-codes", ["R-10.2-4"], "Every code is tried.",
      sample.verifying(request, codes: codes + [sample.code()]), 4)
    try accept(
      "not-expired-by-a-millisecond", ["R-10.2-5"], "The code expires in a millisecond.",
      sample.verifying(request, codes: [sample.code(expires: now + 1)]))
    try accept(
      "other-nonces-used", ["R-10.2-3"], "Another request was granted under the code.",
      sample.verifying(request, codes: [sample.code(nonces: [sample.nonce.flipped(31)])]))
    try accept(
      "nonce-used-under-another-code", ["R-10.2-3"], "Nonces count under their code.",
      sample.verifying(
        request,
        codes: [sample.code(secret: bytes("code 0", 16), nonces: [sample.nonce]), sample.code()]), 1)
    try accept(
      "approved", ["R-10.2-2"], "A person has approved.",
      sample.verifying(request, codes: [sample.code(approval: "manual")], approved: true))
    try accept(
      "another-agent-revoked", ["R-12.2-2"], "Another agent was revoked.",
      sample.verifying(request, revoked: [fixture.other.agentID]))

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ input: JSONObject,
      _ code: ErrorCode, offset: Int? = nil, twin: String = "plain"
    ) throws {
      try builder.reject(
        "\(slug)-\(id)", req, flags: [flag], comment, in: input, code: code, offset: offset,
        twin: "\(slug)-\(twin)")
    }
    try reject(
      "cut", ["R-10.2-1"], "Mac", "The last byte is missing.",
      sample.verifying([UInt8](request.dropLast())), .truncated, offset: 376)
    try reject(
      "epoch-1", ["R-8.1-2"], "Mac", "A request has no epoch.",
      sample.verifying(try sample.sealed(request.with([0, 0, 0, 1], at: 20))), .valueOutOfRange, offset: 20)
    try reject(
      "of-another-account", ["R-10.2-1"], "Mac", "The header names another account.",
      sample.verifying(try sample.sealed(request.with(fixture.other.accountID, at: 4))), .wrongAccount)
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
    try reject(
      "modulus-swapped", ["R-10.2-1"], "Mac", "Only the modulus is another's.",
      sample.verifying(try fixture.agent.sign(request.with(fixture.other.modulus, at: 24))), .macInvalid)
    try reject(
      "nonce-changed-after-mac", ["R-10.2-1"], "Mac", "The MAC covers the nonce.",
      sample.verifying(try fixture.agent.sign(request.flipped(343))), .macInvalid)
    try reject(
      "mac-with-the-secret-itself", ["R-10.2-1"], "Mac", "The key of the MAC was not derived.",
      sample.verifying(
        try fixture.agent.sign(request.with(Fixture.mac(sample.secret, [UInt8](request[..<344])), at: 344))),
      .macInvalid)
    // The code.
    try reject(
      "expired-now", ["R-10.2-5"], "Reuse", "The code expires in this millisecond.",
      sample.verifying(request, codes: [sample.code(expires: now)]), .codeExpired,
      twin: "not-expired-by-a-millisecond")
    try reject(
      "expired-long-ago", ["R-10.2-5"], "Reuse", "The code has expired.",
      sample.verifying(request, codes: [sample.code(expires: 1)]), .codeExpired,
      twin: "not-expired-by-a-millisecond")
    try reject(
      "used-up", ["R-10.2-5"], "Reuse", "The code has no uses left.",
      sample.verifying(request, codes: [sample.code(uses: 0)]), .codeExpired)
    try reject(
      "nonce-reused", ["R-10.2-3"], "Reuse", "This request was granted before.",
      sample.verifying(request, codes: [sample.code(uses: 4, nonces: [.zeros(32), sample.nonce])]),
      .nonceReused, twin: "other-nonces-used")
    try reject(
      "nonce-reused-long-ago", ["R-10.2-3"], "Reuse", "This request was the first under the code.",
      sample.verifying(request, codes: [sample.code(uses: 4, nonces: [sample.nonce, .zeros(32)])]),
      .nonceReused, twin: "other-nonces-used")
    try reject(
      "expired-seven-weeks-ago", ["R-10.2-5"], "Reuse", "In the lower 32 bits it would be later than now.",
      sample.verifying(request, codes: [sample.code(expires: now - 1 << 32 + 5)]), .codeExpired,
      twin: "not-expired-by-a-millisecond")
    try reject(
      "of-a-similar-account", ["R-10.2-1"], "Mac", "The header's id differs in its last byte.",
      sample.verifying(try sample.sealed(request.flipped(19))), .wrongAccount)
    try reject(
      "order-code-before-keys", ["R-10.2-5"], "Reuse", "The code is looked at before the keys.",
      sample.verifying(try sample.sealed(request.flipped(279)), codes: [sample.code(uses: 0)]), .codeExpired)
    try reject(
      "revoked-among-others", ["R-12.2-2"], "Reuse", "The agent stands between two others.",
      sample.verifying(request, revoked: [.zeros(16), fixture.agent.agentID, fixture.other.agentID]),
      .revoked,
      twin: "another-agent-revoked")
    try reject(
      "revoked-though-approved", ["R-12.2-2"], "Reuse", "No approval undoes a revocation.",
      sample.verifying(
        request, codes: [sample.code(approval: "manual")], revoked: [fixture.agent.agentID], approved: true),
      .revoked,
      twin: "approved")
    try reject(
      "order-revoked-before-approval", ["R-12.2-2"], "Reuse", "Revocation is looked at before approval.",
      sample.verifying(request, codes: [sample.code(approval: "manual")], revoked: [fixture.agent.agentID]),
      .revoked,
      twin: "another-agent-revoked")
    try reject(
      "order-rotation-before-approval", ["R-12.3-1"], "Reuse", "Rotation is looked at before approval.",
      sample.verifying(request, codes: [sample.code(approval: "manual")], isDue: true), .rotationDue)
    try reject(
      "order-expired-before-nonce", ["R-10.2-5"], "Reuse", "Expiry is looked at before the nonce.",
      sample.verifying(request, codes: [sample.code(uses: 0, nonces: [sample.nonce])]), .codeExpired)
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
    for fault in try SignatureFault.all(of: request, by: fixture.agent, other: fixture.other) {
      try reject(
        fault.name, ["R-10.2-1", "R-6-1"], "Mac", fault.comment, sample.verifying(fault.message),
        .signatureInvalid)
    }
    try reject(
      "revoked", ["R-12.2-2"], "Reuse", "An agent that was revoked asks again.",
      sample.verifying(request, revoked: [fixture.agent.agentID]), .revoked, twin: "another-agent-revoked")
    try reject(
      "rotation-due", ["R-12.3-1"], "Reuse", "Nobody is granted keys that a revoked agent has.",
      sample.verifying(request, isDue: true), .rotationDue)
    try reject(
      "order-revoked-before-rotation", ["R-12.3-1"], "Reuse", "Revocation is looked at before rotation.",
      sample.verifying(request, revoked: [fixture.agent.agentID], isDue: true), .revoked)
    try reject(
      "not-approved", ["R-10.2-2"], "Reuse", "The code asks for approval, and nobody gave it.",
      sample.verifying(request, codes: [sample.code(approval: "manual")]), .approvalRequired, twin: "approved"
    )
  }

  /// An odd number near `modulus` that 3 divides.
  private static func multipleOf3(_ modulus: [UInt8]) -> [UInt8] {
    var number = modulus
    while number.reduce(0, { ($0 << 8 | Int($1)) % 3 }) != 0 { number = number.adding([2]) }
    return number
  }
}
