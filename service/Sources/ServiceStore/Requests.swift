public import EndkeyWire
internal import ServiceHash
public import ServiceModel

/// A request for enrolment: an agent's or a person's.
public enum Joining: Sendable {
  case agent(EnrolmentRequest)
  case person(PersonRequest)

  /// The request for the keys.
  public var request: EnrolmentRequest {
    switch self {
    case .agent(let request): request
    case .person(let person): person.request
    }
  }

  var role: Role {
    switch self {
    case .agent: .agent
    case .person: .manager
    }
  }

  /// The bytes of the message.
  var serialized: [UInt8] {
    switch self {
    case .agent(let request): request.serialized
    case .person(let person): person.serialized
    }
  }

  /// The message that `bytes` are: a person's is longer.
  public init(parsing bytes: [UInt8]) throws(WireError) {
    if bytes.count > 440 {
      self = .person(try PersonRequest(parsing: bytes))
    } else {
      self = .agent(try EnrolmentRequest(parsing: bytes))
    }
  }

  /// The id that the keys certify. The specification's section 7
  public var id: AgentID {
    let hash = Hash(label: "agent-id", request.modulus.bytes + request.verifyKey.bytes)
    return AgentID(unchecked: Array(hash.bytes.prefix(16)).span)
  }
}

/// A request as it is stored.
public struct StoredRequest: Sendable {
  /// Its place in the account's lists.
  public let ordinal: Int64
  /// The agent or person.
  public let id: AgentID
  /// Whether it is an agent's.
  public let isAgent: Bool
  /// When it came, in milliseconds.
  public let received: Int64
  /// Whether its agent or person was granted keys.
  public let isGranted: Bool
  /// The message.
  public let body: [UInt8]
}

extension Store {
  private static let waitingMost: Int64 = 10_000
  static let waitingLongest: Int64 = 30 * 86_400_000

  /// Stores a request that a live code admits, under the credential that it shall have. H-5.3-1
  ///
  /// Gives whether it is new.
  public func store(
    _ joining: Joining, in account: AccountID, admission: Hash, credential: Credential, from address: [UInt8]
  ) async throws -> Bool {
    let now = clock()
    let refusals = Attempts("admission", address, Slot(now, of: Self.slotLength), most: 30)
    try await database.read { try $0.check(refusals) }
    let id = joining.id
    let body = joining.serialized
    let hash: Hash
    switch (credential, joining) {
    case (.agent(let of, let agent, let secret), .agent) where of == account && agent == id:
      hash = Hash(of: secret.bytes)
    case (.person(let of, let secret), .person) where of == account: hash = Hash(of: secret.bytes)
    default: throw Problem(.idMismatch)
    }
    guard joining.request.accountID == account else { throw Problem(.wrongAgent) }
    do {
      return try await admit(joining, body, in: account, admission, credential: hash, at: now)
    } catch let problem as Problem where problem.kind == .admissionRefused {
      try await database.write { try $0.count(refusals) }
      throw problem
    }
  }

  private func admit(
    _ joining: Joining, _ body: [UInt8], in account: AccountID, _ admission: Hash, credential hash: Hash,
    at now: Int64
  ) async throws -> Bool {
    let (id, role) = (joining.id, joining.role)
    return try await database.write(leavingRoom: true) { transaction in
      guard try transaction.row(.state, [.fixed(account)]) != nil else { throw Problem(.admissionRefused) }
      // One that waited too long is asked anew, whether or not it was swept yet.
      let oldest = now - Self.waitingLongest
      for row in try transaction.rows(
        .oldRequests, [.fixed(account), .integer(oldest), .integer(Self.waitingMost)])
      {
        try transaction.refuse(row.fixed(0), in: account)
      }
      let earlier = try transaction.row(.request, [.fixed(account), .fixed(id)])
      if let row = earlier {
        guard isEqual(row.fixed(1), hash) else { throw Problem(.otherCredential) }
        if row.bytes(0) == body { return false }
        // An agent may come by another code, whether it waits or was granted.
        guard case .agent = joining else { throw Problem(.otherBytes) }
      }
      let admitted = try transaction.run(
        .useAdmission, [.fixed(account), .fixed(admission), .integer(Int64(role.rawValue)), .integer(now)])
      guard admitted == 1 else { throw Problem(.admissionRefused) }
      let ordinal = try transaction.nextOrdinal(account)
      if earlier != nil {
        try transaction.run(
          .replaceRequest, [.fixed(account), .fixed(id), .bytes(body), .integer(ordinal), .integer(now)])
        try transaction.checkWaiting(account, atMost: Self.waitingMost)
        return true
      }
      try transaction.run(
        .storeRequest,
        [
          .fixed(account), .fixed(id), .integer(Int64(role.rawValue)), .bytes(body), .fixed(hash),
          .integer(ordinal),
          .integer(now),
        ])
      switch joining {
      case .agent:
        guard let number = try transaction.row(.nextAgent, [.fixed(account)]) else {
          throw Problem(.notFound)
        }
        try transaction.run(
          .storeAgent,
          [.fixed(account), .fixed(id), .integer(number.integer(0)), .fixed(hash), .integer(ordinal)])
      case .person(let person):
        try transaction.claim(person.loginID, for: id, in: account)
        try transaction.run(
          .storePerson,
          [
            .fixed(account), .fixed(id), .flag(false), .flag(false), .fixed(person.loginVerifier),
            .bytes(person.keys.serialized), .fixed(person.loginID),
          ])
      }
      try transaction.checkWaiting(account, atMost: Self.waitingMost)
      return true
    }
  }

  /// One request. Throws `not-found` where there is none.
  public func request(of id: AgentID, in account: AccountID) async throws -> [UInt8] {
    try await database.read { transaction in
      guard let row = try transaction.row(.request, [.fixed(account), .fixed(id)]) else {
        throw Problem(.notFound)
      }
      return row.bytes(0)
    }
  }

  /// Whether a request came with this credential.
  public func isRequest(of id: AgentID, shown credential: Credential) async throws -> Bool {
    let (account, secret) =
      switch credential {
      case .person(let account, let secret), .agent(let account, _, let secret): (account, secret)
      }
    let hash = Hash(of: secret.bytes)
    return try await database.read { transaction in
      guard let row = try transaction.row(.request, [.fixed(account), .fixed(id)]) else { return false }
      return isEqual(row.fixed(1), hash)
    }
  }

  /// Refuses a request: it goes, and with it a person that waits.
  public func refuse(_ id: AgentID, in account: AccountID) async throws {
    try await database.write { try $0.refuse(id, in: account) }
  }

  /// A page of requests, ascending by ordinal.
  public func requests(
    of account: AccountID, after: Int64, atMost limit: Int, isGranted: Bool?
  ) async throws -> Page<StoredRequest> {
    try await database.read { transaction in
      let rows = try transaction.rows(
        .requests,
        [.fixed(account), .integer(after), .integer(Int64(limit) + 1), isGranted.map { .flag($0) } ?? .null])
      return Page(
        rows.map { row in
          StoredRequest(
            ordinal: row.integer(0), id: row.fixed(1), isAgent: row.integer(2) == Int64(Role.agent.rawValue),
            received: row.integer(3), isGranted: row.integer(4) != 0, body: row.bytes(5))
        }, atMost: limit, after: after, \.ordinal)
    }
  }
}

extension Transaction {
  /// Throws `quota` where more requests of an account wait. H-5.3-3
  fileprivate func checkWaiting(_ account: AccountID, atMost most: Int64) throws {
    let waiting = try row(.countWaiting, [.fixed(account)])?.integer(0) ?? 0
    guard waiting <= most else { throw Problem(.quota) }
  }

  /// Drops a request that waits, and with it its agent, or its person, login and sessions. That of an agent which was
  /// granted before stays. H-5.3-5
  func refuse(_ id: AgentID, in account: AccountID) throws {
    guard try run(.regrantRequest, [.fixed(account), .fixed(id)]) == 0 else { return }
    guard try run(.refuseRequest, [.fixed(account), .fixed(id)]) == 1 else { return }
    if try run(.dropWaitingPerson, [.fixed(account), .fixed(id)]) == 1 {
      try run(.dropLogins, [.fixed(account), .fixed(id)])
      try run(.endSessionsOf, [.fixed(account), .fixed(id)])
    }
    try run(.dropAgent, [.fixed(account), .fixed(id)])
  }
}

/// A part of a list.
public struct Page<Item: Sendable>: Sendable {
  /// The items, ascending by ordinal.
  public let items: [Item]
  /// After which ordinal the next page begins.
  public let next: Int64
  /// Whether nothing follows.
  public let isLast: Bool

  /// A page of at most `limit` of `items`, of which there is one more where more follow.
  init(_ items: [Item], atMost limit: Int, after: Int64, _ ordinal: (Item) -> Int64) {
    self.items = Array(items.prefix(limit))
    next = self.items.last.map(ordinal) ?? after
    isLast = items.count <= limit
  }

  /// A page of all of `items`.
  init(_ items: [Item], isLast: Bool, after: Int64, _ ordinal: (Item) -> Int64) {
    self.items = items
    self.isLast = isLast
    next = items.last.map(ordinal) ?? after
  }
}
