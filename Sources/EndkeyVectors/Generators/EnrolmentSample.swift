internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

/// Requests and the codes they are made under.
struct EnrolmentSample {
  let fixture: Fixture
  let nonce = bytes("nonce", 32)

  /// The text of a code of the fixture's account.
  func text(
    _ name: String = "first", generation: UInt32 = 5, made: UInt64 = Fixture.day(95),
    kind: GrantKind = .scoped, role: Role = .agent, account: [UInt8]? = nil
  ) throws -> [UInt8] {
    let terms = CodeTerms(
      generation: try Generation(generation), made: try Time(milliseconds: made), kind: kind, role: role)
    let secret = SecretBytes(copying: FixtureContents.codeSecret(name))
    let code = EnrolmentCode(
      accountID: try AccountID(account ?? fixture.accountID), secret: secret, terms: terms)
    return code.text().disclosed
  }

  /// The request with a right MAC under a code and a right signature.
  func sealed(_ request: [UInt8], code: String = "first", by keys: FixtureKeys? = nil) throws -> [UInt8] {
    let key = try Fixture.derive(
      FixtureContents.codeSecret(code), "enrolment-mac", [UInt8](request[4..<20]))
    let mac = try Fixture.mac(key, [UInt8](request[..<344]))
    return try (keys ?? fixture.agent).sign(request.with(mac, at: 344))
  }

  func request(
    _ keys: FixtureKeys? = nil, nonce: [UInt8]? = nil, code: String = "first"
  ) throws -> [UInt8] {
    let keys = keys ?? fixture.agent
    let bytes =
      Fixture.header(3, fixture.accountID, 0) + keys.modulus + keys.verifyKey + (nonce ?? self.nonce)
    return try sealed(bytes + .zeros(96), code: code, by: keys)
  }

  func code(
    _ name: String = "first", role: String = "agent", kind: String = "scoped", approval: String = "automatic",
    uses: Int = 1, expires: UInt64 = 0, nonces: [[UInt8]] = [], id: [UInt8]? = nil
  ) -> JSONValue {
    [
      "id": .hex(id ?? FixtureContents.codeID(name)), "secret": .hex(FixtureContents.codeSecret(name)),
      "role": .string(role), "kind": .string(kind), "approval": .string(approval),
      "uses_left": .integer(uses), "expires": .integer(expires), "nonces": .hexes(nonces),
    ]
  }

  var managersCode: JSONValue { code("manager", role: "manager", kind: "master", approval: "manual") }

  func verifying(
    _ request: [UInt8], codes: [JSONValue]? = nil, members: [([UInt8], String)] = [],
    persons: [([UInt8], String)]? = nil, root: Bool = true, now: UInt64 = Fixture.day(101),
    approved: Bool = false
  ) -> JSONObject {
    let persons = persons ?? [(fixture.account.agentID, "granted"), (fixture.manager.agentID, "granted")]
    return .of([
      "account_id": .hex(fixture.accountID), "request": .hex(request), "codes": .array(codes ?? [code()]),
      "members": .array(members.map { ["agent_id": .hex($0.0), "status": .string($0.1)] }),
      "persons": .array(persons.map { ["person_id": .hex($0.0), "status": .string($0.1)] }),
      "root": .bool(root), "now": .integer(now), "approved": .bool(approved),
    ])
  }
}
