internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceHash
internal import ServiceModel
internal import ServiceStore

/// The greatest bodies, in bytes.
enum BodyLimit {
  static let json = 1_024
  static let request = 1_024
  static let wrap = 1_024
  static let publication = 34 << 20
  static let firstPublication = 1 << 20
  static let grants = 1_000 * 425
  static let batch = (1 << 24) + 198
  static let blob = 17 << 20
  static let report = 65_536
  static let retention = 1_024
  static let erasure = 8 << 20
  static let alerts = 256 << 10
  static let acknowledgement = 32 << 10
  static let webhook = 4_096
}

/// `spec/http.md`, section 3
func discovery(at origin: String?, features: [String]) -> [Route] {
  [
    Route(.get, "/.well-known/endkey", .anybody) { exchange in
      let authority = exchange.request.head.authority ?? ""
      // A stranger's name is not repeated: caches may keep the answer.
      guard origin != nil || isLoopback(authority) else { throw Problem.malformed(member: "Host") }
      let origin = origin ?? "http://\(authority)"
      var answer = Answer([
        "api": .string("\(origin)/v1"), "protocol": [1], "store": .hex(exchange.store.id),
        "signup": .string(exchange.store.signup.rawValue),
        "limits": .object(
          .of([
            "publication": .integer(BodyLimit.publication), "batch": .integer(BodyLimit.batch),
            "blob": .integer(BodyLimit.blob),
          ])),
        "features": .array(features.map { .string($0) }),
      ])
      answer.headers[.cacheControl] = "public, max-age=300"
      return answer
    }
  ]
}

/// Whether an authority, which may have a port, is this computer.
private func isLoopback(_ authority: String) -> Bool {
  ["127.0.0.1", "localhost", "[::1]"].contains { authority == $0 || authority.hasPrefix("\($0):") }
}

/// `spec/http.md`, section 7.1
let accountRoutes: [Route] = [
  Route(.post, "/v1/heads", .anybody) { exchange in
    let login: Hash = try await exchange.json(atMost: BodyLimit.json) { try $0.required("login_id").fixed() }
    return Answer(try await exchange.store.head(of: login, from: exchange.address), .message)
  },
  Route(.post, "/v1/sessions", .anybody) { exchange in
    let (session, secret) = try await logIn(exchange)
    return Answer(
      session.members(with: [("token", .string(Credential.text(session.account, secret: secret)))]),
      status: .created)
  },
  Route(.get, "/v1/session", .person) { exchange in Answer(try exchange.session.members(with: [])) },
  Route(.delete, "/v1/session", .person) { exchange in
    try await exchange.store.logOut(try exchange.credential())
    return .empty
  },
  Route(.post, "/v1/accounts", .anybody) { exchange in
    // Nobody is asked for a body that would be refused whatever it is.
    guard exchange.store.signup == .open else { throw Problem(.signupRefused) }
    try await exchange.store.countSignUp(from: exchange.address)
    let publication: PublicationEnvelope = try await exchange.message(
      .publication, atMost: BodyLimit.firstPublication)
    let (published, isNew) = try await exchange.store.makeAccount(publication)
    return Answer(published.members, status: isNew ? .created : .ok)
  },
  Route(.get, "/v1/a/{a}/whole", .person) { exchange in
    let whole = try await exchange.store.whole(for: try exchange.session).serialized
    return Answer(whole, .whole).tagged(Hash(of: whole), unless: exchange)
  },
  Route(.get, "/v1/a/{a}/state", .agentOrPerson) { exchange in
    let state = try await exchange.store.state(of: try exchange.account)
    return Answer(state, .message).tagged(Hash(of: state), unless: exchange)
  },
  Route(.post, "/v1/a/{a}/publications", .active) { exchange in
    let publication: PublicationEnvelope = try await exchange.message(
      .publication, atMost: BodyLimit.publication)
    let published = try await exchange.store.publish(
      publication, in: try exchange.account, by: try exchange.session)
    return Answer(published.members)
  },
  Route(.put, "/v1/a/{a}/wrap", .owner) { exchange in
    let keys = try exchange.expectedTag
    let wrap: PasswordWrap = try await exchange.message(atMost: BodyLimit.wrap)
    try await exchange.store.store(wrap, madeWith: keys, by: try exchange.session)
    return .empty
  },
  Route(.post, "/v1/a/{a}/grants", .active) { exchange in
    let bytes = try await exchange.body(.grants, atMost: BodyLimit.grants)
    let grants = try grants(in: bytes)
    let refused = try await exchange.store.store(grants, in: try exchange.account)
    return Answer([
      "stored": .integer(grants.count - refused.count),
      "refused": .array(
        refused.map { recipient, kind in
          .object(
            .of(["recipient": .hex(recipient.bytes), "type": .string("urn:endkey:http:1:\(kind.rawValue)")]))
        }),
    ])
  },
  Route(.get, "/v1/a/{a}/grant", .agentOrPerson) { exchange in
    guard let caller = exchange.caller else { throw Problem(.noCredential) }
    let grant = try await exchange.store.grant(to: caller.id, in: caller.account)
    return Answer(grant, .message).tagged(Hash(of: grant), unless: exchange)
  },
]

/// Grants that lie one after the other.
private func grants(in bytes: [UInt8]) throws(Problem) -> [Grant] {
  var grants: [Grant] = []
  for start in stride(from: 0, to: bytes.count, by: Grant.byteCount) {
    do {
      grants.append(try Grant(parsing: Array(bytes[start...].prefix(Grant.byteCount))))
    } catch {
      throw Problem(
        .malformed, [("code", .string(error.code.rawValue)), ("offset", .integer(start + error.offset))])
    }
  }
  return grants
}

/// By a login key or by a recovery key. `spec/http.md`, section 5.1
private func logIn(_ exchange: Exchange) async throws -> (Session, secret: [UInt8]) {
  enum Shown {
    case login(Hash, key: Hash)
    case recovery(AccountID, key: Hash)
  }
  let shown: Shown = try await exchange.json(atMost: BodyLimit.json) { fields in
    if let account = fields.optional("account") {
      return .recovery(try account.fixed(), key: try fields.required("recovery").fixed())
    }
    return .login(try fields.required("login_id").fixed(), key: try fields.required("login_key").fixed())
  }
  switch shown {
  case .login(let login, let key):
    return try await exchange.store.logIn(login, key: key.bytes, from: exchange.address)
  case .recovery(let account, let key):
    return try await exchange.store.recover(account, key: key.bytes, from: exchange.address)
  }
}

extension Published {
  fileprivate var members: KeyValuePairs<String, JSONValue> {
    ["vault": .hex(vault.bytes), "state": .hex(state.bytes)]
  }
}

extension Session {
  fileprivate func members(with first: [(key: String, value: JSONValue)]) -> JSONObject {
    var object = JSONObject()
    let members: [(key: String, value: JSONValue)] = [
      ("account", .hex(account.bytes)), ("person", .hex(person.bytes)),
      ("role", .string(isOwner ? "owner" : "manager")), ("pending", .bool(!isActive)),
      ("expires", .integer(expires)),
      ("fresh_until", .integer(freshUntil)),
    ]
    for (key, value) in first + members { object.append(key, value) }
    return object
  }
}
