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
  /// When it was used, to the minute.
  let used: Int64

  /// What tells sessions apart.
  public var id: Hash { tokenHash }

  /// Whether it has not ended.
  func isGoingOn(at now: Int64) -> Bool { expires > now && used > now - Store.idle }
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
  /// After which time a use of a session is noted again.
  private static let noted: Int64 = 60_000
  /// How long an address is known from which a login succeeded.
  private static let known: Int64 = 30 * 86_400_000

  // MARK: - Heads

  /// The head of a login's PersonKeys; for a login that nobody has, one that looks real and stays the same. H-5.1-1
  public func head(of login: Hash, from address: [UInt8]) async throws -> [UInt8] {
    let invented = inventedHead(of: login)
    let slot = Slot(clock(), of: Self.slotLength)
    let known = known(address, to: login)
    return try await database.write { transaction in
      if try transaction.row(.attempts, known) == nil {
        try transaction.count(Attempts("head-address", address, slot, most: 60))
        try transaction.count(Attempts("head-login", login.bytes, slot, most: 300))
      } else {
        // Many people may come from one address, each to a login of their own.
        try transaction.count(Attempts("head", login.bytes + address, slot, most: 60))
      }
      let keys = try transaction.row(.keysOfLogin, [.fixed(login)])?.bytes(0)
      return keys.map { Array($0.prefix(PasswordHeader.byteCount)) } ?? invented
    }
  }

  private func inventedHead(of login: Hash) -> [UInt8] {
    func drawn(_ purpose: String) -> [UInt8] { hmac(headKey, Array(purpose.utf8) + [0] + login.bytes) }
    let choice = drawn("choice")
    // Logins of one account have one id: some of the invented ones do, too.
    let account = hmac(headKey, Array("invented".utf8) + [choice[0], choice[1] & 0xf])
    let header = [0x45, 0x4b, 1, MessageType.personKeys.rawValue] + account.prefix(16) + [0, 0, 0, 0]
    // Most have their first password, the least number of iterations and no account secret; and not all.
    let changes: UInt8 = choice[2] < 192 ? 1 : choice[2] < 232 ? 2 : choice[2] < 248 ? 3 : 4
    let counter: [UInt8] = [0, 0, 0, 0, 0, 0, 0, changes]
    let iterations: [UInt8] = [0, 0x09, 0x27, 0xc0]
    let secret: AccountSecretUse = choice[3] < 192 ? .none : .required
    return header + counter + iterations + [secret.rawValue] + drawn("salt")
  }

  /// Where it is kept that a login succeeded from an address.
  private func known(_ address: [UInt8], to login: Hash) -> [Value] {
    [.bytes(hmac(headKey, Array("known".utf8) + [0] + login.bytes + address)), .integer(0)]
  }

  // MARK: - Logins

  /// A new session for whoever shows the login key, and its secret. One answer for every failure. H-5.1-2
  public func logIn(_ login: Hash, key: [UInt8], from address: [UInt8]) async throws -> (
    Session, secret: [UInt8]
  ) {
    let slot = Slot(clock(), of: Self.slotLength)
    let known = known(address, to: login)
    let own = [
      Attempts("login-address", address, slot, most: 60),
      Attempts("login", login.bytes + address, slot, most: 10),
    ]
    let ofLogin = Attempts("login-id", login.bytes, slot, most: 100)
    // Counted in a transaction of its own, so that a refusal keeps it.
    let counted = try await database.write { transaction in
      for attempts in own { try transaction.count(attempts) }
      // Strangers' attempts do not lock out who comes from where the person came from before.
      if try transaction.row(.attempts, known) != nil { return own }
      try transaction.count(ofLogin)
      return own + [ofLogin]
    }
    let shown = Hash(label: "login-verifier", key)
    let until = slot.now + Self.known
    return try await begin { transaction in
      let row = try transaction.row(.verifierOfLogin, [.fixed(login)])
      guard isEqual(row?.fixed(2) ?? .zero, shown), let row else { throw Problem(.loginFailed) }
      // What succeeds is no guess.
      for attempts in counted { try transaction.run(.uncountAttempt, attempts.place) }
      try transaction.run(.noteAttempt, known + [.integer(until)])
      try transaction.run(.keepAttempt, known + [.integer(until)])
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
      try transaction.count(Attempts("recovery-address", address, slot, most: 60))
      try transaction.count(Attempts("recovery", account.bytes + address, slot, most: 10))
      try transaction.count(Attempts("recovery-account", account.bytes, slot, most: 100))
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

  /// Counts an account that is to be made. Throws `slow-down` where too many were, from one address.
  public func countSignUp(from address: [UInt8]) async throws {
    let slot = Slot(clock(), of: Self.hour)
    try await database.write { try $0.count(Attempts("sign-up", address, slot, most: 100)) }
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
      let session = try await database.read { try $0.session(account, hash) }
      guard let session, session.isGoingOn(at: now) else {
        throw Problem(.noCredential)
      }
      if session.used < now - Self.noted {
        try await database.write { try $0.run(.useSession, [.fixed(account), .fixed(hash), .integer(now)]) }
      }
      return .person(session)
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

  func write<Result: Sendable>(
    leavingRoom: Bool, _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await base.write(leavingRoom: leavingRoom) { transaction in
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
        tokenHash: hash, freshUntil: row.integer(3), expires: row.integer(4), used: row.integer(5))
    }
  }

  /// Counts one more attempt. Throws `slow-down` where there were as many as there may be.
  func count(_ attempts: Attempts) throws {
    try check(attempts)
    try run(.noteAttempt, attempts.place + [.integer(attempts.slot.ends)])
    try run(.countAttempt, attempts.place)
  }

  /// Throws `slow-down` where there were as many attempts as there may be.
  func check(_ attempts: Attempts) throws {
    guard try row(.attempts, attempts.place)?.integer(0) ?? 0 < attempts.most else {
      throw Problem(.slowDown, retryAfter: Int((attempts.slot.ends - attempts.slot.now) / 1_000) + 1)
    }
  }
}

/// Attempts of one kind, by one login, account or address, in a slot of time.
struct Attempts {
  fileprivate let slot: Slot
  fileprivate let most: Int64
  /// What they are found by.
  fileprivate let place: [Value]

  init(_ kind: String, _ whose: [UInt8], _ slot: Slot, most: Int64) {
    self.slot = slot
    self.most = most
    place = [.bytes(Array(kind.utf8) + [0] + whose), .integer(slot.number)]
  }
}

/// A piece of time within which attempts are counted.
struct Slot {
  let now: Int64
  let number: Int64
  let ends: Int64

  init(_ now: Int64, of length: Int64) {
    (self.now, number, ends) = (now, now / length, (now / length + 1) * length)
  }
}
