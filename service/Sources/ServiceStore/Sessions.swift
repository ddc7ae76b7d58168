public import EndkeyWire
internal import ServiceHash
public import ServiceModel

/// A person's session.
public struct Session: Sendable {
  /// The account.
  public let account: AccountID
  /// The person.
  public let person: AgentID
  /// Whether the person is the owner.
  public let isOwner: Bool
  /// Whether the newest state names the person.
  public let isActive: Bool
  /// What the session is found by: the SHA-256 of its secret.
  let tokenHash: Hash
  /// Until when it is fresh, in milliseconds.
  public let freshUntil: Int64
  /// When it ends at the latest, in milliseconds.
  public let expires: Int64
}

/// Who asks, as far as a credential says.
public enum Caller: Sendable {
  /// A person with a session.
  case person(Session)
  /// An agent. It may upload when it was granted keys and is not listed.
  case agent(AccountID, AgentID, isGranted: Bool, isListed: Bool)

  /// The account.
  public var account: AccountID {
    switch self {
    case .person(let session): session.account
    case .agent(let account, _, _, _): account
    }
  }

  /// The person or agent.
  public var id: AgentID {
    switch self {
    case .person(let session): session.person
    case .agent(_, let agent, _, _): agent
    }
  }
}

extension Store {
  static let slotLength: Int64 = 15 * 60_000
  private static let hour: Int64 = 3_600_000
  static let idle: Int64 = 30 * 60_000
  private static let longest: Int64 = 12 * 3_600_000
  private static let fresh: Int64 = 10 * 60_000

  // MARK: - Heads

  /// The head of a login's PersonKeys; for a login that nobody has, one that looks real and stays the same. H-5.1-1
  public func head(of login: Hash, from address: [UInt8]) async throws -> [UInt8] {
    let invented = inventedHead(of: login)
    let slot = Slot(clock(), of: Self.slotLength)
    return try await database.write { transaction in
      try transaction.attempt("head-address", address, slot, atMost: 60)
      try transaction.attempt("head-login", login.bytes, slot, atMost: 300)
      let keys = try transaction.row(.keysOfLogin, [.fixed(login)])?.bytes(0)
      return keys.map { Array($0.prefix(PasswordHeader.byteCount)) } ?? invented
    }
  }

  private func inventedHead(of login: Hash) -> [UInt8] {
    func drawn(_ purpose: String) -> [UInt8] { hmac(headKey, Array(purpose.utf8) + [0] + login.bytes) }
    let header =
      [0x45, 0x4b, 1, MessageType.personKeys.rawValue] + drawn("account").prefix(16) + [0, 0, 0, 0]
    let counter: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
    let iterations: [UInt8] = [0, 0x09, 0x27, 0xc0]
    // What most have: the first password, the least number of iterations, no account secret.
    return header + counter + iterations + [AccountSecretUse.none.rawValue] + drawn("salt")
  }

  // MARK: - Logins

  /// A new session for whoever shows the login key, and its secret. One answer for every failure. H-5.1-2
  public func logIn(_ login: Hash, key: [UInt8], from address: [UInt8]) async throws -> (
    Session, secret: [UInt8]
  ) {
    let slot = Slot(clock(), of: Self.slotLength)
    // Counted in a transaction of its own, so that a refusal keeps it.
    try await database.write { transaction in
      try transaction.attempt("login", login.bytes + address, slot, atMost: 10)
      try transaction.attempt("login-id", login.bytes, slot, atMost: 100)
      try transaction.attempt("login-address", address, slot, atMost: 60)
    }
    let shown = Hash(label: "login-verifier", key)
    return try await begin { transaction in
      let row = try transaction.row(.verifierOfLogin, [.fixed(login)])
      guard isEqual(row?.fixed(2) ?? .zero, shown), let row else { throw Problem(.loginFailed) }
      return (row.fixed(0), row.fixed(1))
    }
  }

  /// A new session of the owner's for whoever shows the recovery key.
  public func recover(_ account: AccountID, key: [UInt8], from address: [UInt8]) async throws -> (
    Session, secret: [UInt8]
  ) {
    let slot = Slot(clock(), of: Self.hour)
    try await database.write { transaction in
      // Beyond the limit of an address nothing is kept of what it names.
      try transaction.attempt("recovery-address", address, slot, atMost: 60)
      try transaction.attempt("recovery", account.bytes + address, slot, atMost: 10)
      try transaction.attempt("recovery-account", account.bytes, slot, atMost: 100)
    }
    let shown = Hash(of: key)
    return try await begin { transaction in
      let held = try transaction.row(.recovery, [.fixed(account)])?.optionalBytes(0)
      guard isEqual(held.map { Hash(unchecked: $0.span) } ?? .zero, shown),
        let owner = try transaction.row(.owner, [.fixed(account)])
      else { throw Problem(.loginFailed) }
      return (account, owner.fixed(0))
    }
  }

  private func begin(
    _ body: @escaping @Sendable (any Transaction) throws -> (AccountID, AgentID)
  ) async throws -> (Session, secret: [UInt8]) {
    let secret = randomBytes(32)
    let now = clock()
    let session = try await database.write { transaction in
      let (account, person) = try body(transaction)
      let hash = Hash(of: secret)
      try transaction.run(
        .beginSession,
        [
          .fixed(account), .fixed(hash), .fixed(person), .integer(now), .integer(now + Self.fresh),
          .integer(now + Self.longest),
        ])
      guard let session = try transaction.session(account, hash) else { throw Problem(.loginFailed) }
      return session
    }
    return (session, secret)
  }

  // MARK: - Who asks

  /// Who shows this credential. Throws `no-credential` when it is none that the service knows.
  public func caller(_ credential: Credential) async throws -> Caller {
    let now = clock()
    switch credential {
    case .person(let account, let secret):
      let hash = Hash(of: secret.bytes)
      return try await database.write { transaction in
        try transaction.run(.endSessions, [.fixed(account), .integer(now), .integer(now - Self.idle)])
        try transaction.run(.useSession, [.fixed(account), .fixed(hash), .integer(now)])
        guard let session = try transaction.session(account, hash) else { throw Problem(.noCredential) }
        return .person(session)
      }
    case .agent: return try await database.read { try $0.caller(credential) }
    }
  }

  /// This store, but each write begins with a look at who the credential's holder is by then, and at what `check` says
  /// to that: what was true before a long body may have ended. H-5-4
  public func writing(
    for credential: Credential, _ check: @escaping @Sendable (Caller) throws -> Void
  ) -> Store {
    var store = self
    store.database = GuardedDatabase(base: database) { try check(try $0.caller(credential)) }
    return store
  }

  /// Ends the session of a credential.
  public func logOut(_ credential: Credential) async throws {
    guard case .person(let account, let secret) = credential else { throw Problem(.notAllowed) }
    try await database.write { try $0.run(.endSession, [.fixed(account), .fixed(Hash(of: secret.bytes))]) }
  }

  /// The time, in milliseconds.
  public var now: Int64 { clock() }
}

/// A database of which every write begins with the same check.
private struct GuardedDatabase: Database {
  let base: any Database
  let check: @Sendable (any Transaction) throws -> Void

  func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws
    -> Result
  { try await base.read(body) }

  func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws
    -> Result
  {
    try await base.write { transaction in
      try check(transaction)
      return try body(transaction)
    }
  }
}

extension Transaction {
  /// Who shows this credential. Throws `no-credential` when it is none that the service knows.
  fileprivate func caller(_ credential: Credential) throws -> Caller {
    switch credential {
    case .person(let account, let secret):
      guard let session = try session(account, Hash(of: secret.bytes)) else { throw Problem(.noCredential) }
      return .person(session)
    case .agent(let account, let agent, let secret):
      guard let row = try row(.agent, [.fixed(account), .fixed(agent)]),
        isEqual(row.fixed(0), Hash(of: secret.bytes))
      else { throw Problem(.noCredential) }
      return .agent(account, agent, isGranted: row.integer(1) != 0, isListed: row.integer(2) != 0)
    }
  }

  func session(_ account: AccountID, _ hash: Hash) throws -> Session? {
    try row(.session, [.fixed(account), .fixed(hash)]).map { row in
      Session(
        account: account, person: row.fixed(0), isOwner: row.integer(1) != 0, isActive: row.integer(2) != 0,
        tokenHash: hash, freshUntil: row.integer(3), expires: row.integer(4))
    }
  }

  /// Counts one attempt of a kind in a slot of time. Throws `slow-down` beyond `most`.
  fileprivate func attempt(_ kind: String, _ whose: [UInt8], _ slot: Slot, atMost most: Int64) throws {
    let (what, number) = (Value.bytes(Array(kind.utf8) + [0] + whose), Value.integer(slot.number))
    try run(.noteAttempt, [what, number, .integer(slot.ends)])
    try run(.countAttempt, [what, number])
    let count = try row(.attempts, [what, number])?.integer(0) ?? 0
    guard count <= most else {
      throw Problem(.slowDown, retryAfter: Int((slot.ends - slot.now) / 1_000) + 1)
    }
  }
}

/// A piece of time within which attempts are counted.
private struct Slot {
  let now: Int64
  let number: Int64
  let ends: Int64

  init(_ now: Int64, of length: Int64) {
    (self.now, number, ends) = (now, now / length, (now / length + 1) * length)
  }
}
