internal import EndkeyJSON
public import EndkeyWire
internal import ServiceHash
internal import ServiceModel

/// What is stored after a publication.
public struct Published: Equatable, Sendable {
  /// The SHA-256 of the vault.
  public let vault: Hash
  /// The SHA-256 of the state.
  public let state: Hash
}

extension Store {
  // MARK: - Making an account

  /// Makes an account of its first publication; told again, does nothing.
  public func makeAccount(_ publication: PublicationEnvelope) async throws -> (Published, isNew: Bool) {
    let account = publication.vault.accountID
    let vaultHash = Hash(of: publication.vault.serialized)
    let now = clock()
    let signup = signup
    return try await database.write(leavingRoom: true) { transaction in
      if let held = try transaction.held(account) {
        guard held.vaultHash == vaultHash else {
          // Hashes of what is held are for persons of the account alone.
          throw Problem(.otherPublication)
        }
        return (Published(vault: held.vaultHash, state: held.stateHash), false)
      }
      guard signup == .open else { throw Problem(.signupRefused) }
      guard publication.expected == .zero else { throw Problem(.notFound) }
      try publication.checkParts(of: account, over: nil)
      guard let state = publication.state, let keys = publication.keys, publication.wrap != nil,
        let owner = state.signers.first(where: { $0.verifyKey == state.rootKey })
      else { throw PublicationEnvelope.lacking }
      try transaction.run(.makeAccount, [.fixed(account), .integer(now)])
      let published = try transaction.replace(
        publication, of: account, by: owner.personID, over: nil, vaultHash)
      try transaction.store(keys, of: owner.personID, isOwner: true, in: account)
      try transaction.follow(state, in: account)
      return (published, true)
    }
  }

  // MARK: - Publishing

  /// Decides a publication, in the order of `spec/http.md`, section 8.
  public func publish(
    _ publication: PublicationEnvelope, in account: AccountID, by session: Session
  ) async throws -> Published {
    let vaultHash = Hash(of: publication.vault.serialized)
    let now = clock()
    return try await database.write { transaction in
      guard let session = try transaction.session(account, session.tokenHash) else {
        throw Problem(.noCredential)
      }
      let publisher = Publisher(
        person: session.person, isOwner: session.isOwner, isFresh: now < session.freshUntil)
      _ = try transaction.nextOrdinal(account)
      guard let held = try transaction.held(account) else { throw Problem(.notFound) }
      if held.vaultHash == vaultHash {
        try transaction.run(.undoOrdinal, [.fixed(account)])
        return Published(vault: held.vaultHash, state: held.stateHash)
      }
      guard held.vaultHash == publication.expected else { throw Problem(.otherPublication, held.members) }
      try publication.checkParts(of: account, over: held)
      try publication.checkRight(of: publisher, over: held)
      let published = try transaction.replace(
        publication, of: account, by: publisher.person, over: held, vaultHash)
      if let keys = publication.keys {
        let newest = publication.state ?? held.state
        let owner = newest.signers.first { $0.verifyKey == newest.rootKey }?.personID
        let person = publisher.isOwner ? owner ?? publisher.person : publisher.person
        if publisher.isOwner, person != publisher.person {
          try transaction.run(.renameSessions, [.fixed(account), .fixed(publisher.person), .fixed(person)])
        }
        try transaction.run(
          .endOtherSessions, [.fixed(account), .fixed(person), .fixed(session.tokenHash)])
        try transaction.store(keys, of: person, isOwner: publisher.isOwner, in: account)
      }
      if let state = publication.state { try transaction.follow(state, in: account) }
      return published
    }
  }

  // MARK: - Reading

  /// The whole account, for a person.
  public func whole(for session: Session) async throws -> WholeEnvelope {
    let account = session.account
    return try await database.read { transaction in
      guard let row = try transaction.row(.whole, [.fixed(account)]),
        let person = try transaction.row(.person, [.fixed(account), .fixed(session.person)])
      else { throw Problem(.notFound) }
      var whole = WholeEnvelope(
        keys: try PersonKeys(parsing: person.bytes(0)), state: try AccountState(parsing: row.bytes(1)))
      whole.grant = try transaction.row(.grant, [.fixed(account), .fixed(session.person)])
        .map { try Grant(parsing: $0.bytes(2)) }
      guard session.isActive else { return whole }
      whole.vault = try OwnerVault(parsing: row.bytes(0))
      whole.ruleSet = try row.optionalBytes(2).map { try RuleSet(parsing: $0) }
      if session.isOwner { whole.wrap = try row.optionalBytes(3).map { try PasswordWrap(parsing: $0) } }
      return whole
    }
  }

  /// The newest state, as its bytes.
  public func state(of account: AccountID) async throws -> [UInt8] {
    try await database.read { transaction in
      guard let row = try transaction.row(.state, [.fixed(account)]) else { throw Problem(.notFound) }
      return row.bytes(0)
    }
  }

  /// Stores the owner's wrap, beside the PersonKeys with this hash alone. H-8-3
  public func store(_ wrap: PasswordWrap, madeWith keys: Hash, by session: Session) async throws {
    let account = session.account
    guard wrap.accountID == account else { throw Problem(.wrongAgent) }
    try await database.write { transaction in
      let state = try transaction.state(account)
      guard let person = try transaction.row(.person, [.fixed(account), .fixed(session.person)]),
        Hash(of: person.bytes(0)) == keys
      else { throw Problem(.otherKeys) }
      guard wrap.epoch == state.epoch else { throw Problem.staleEpoch(state) }
      try transaction.run(.storeWrap, [.fixed(account), .bytes(wrap.serialized)])
    }
  }
}

extension PublicationEnvelope {
  /// The first publication has all parts.
  static var lacking: Problem { Problem(.inconsistent, [("what", .string("first"))]) }
}

extension Problem {
  static func staleEpoch(_ state: AccountState) -> Problem {
    Problem(.staleEpoch, [("epoch", .integer(state.epoch.value))])
  }
}

extension HeldWhole {
  fileprivate var members: [(key: String, value: JSONValue)] {
    [("vault", .hex(vaultHash.bytes)), ("state", .hex(stateHash.bytes))]
  }
}

extension Transaction {
  /// What is held of an account; nil where there is none.
  fileprivate func held(_ account: AccountID) throws -> HeldWhole? {
    guard let row = try row(.heldWhole, [.fixed(account)]) else { return nil }
    let persons = try rows(.persons, [.fixed(account)]).map { $0.fixed(0, as: AgentID.self) }
    return HeldWhole(
      vaultHash: row.fixed(0), stateHash: row.fixed(1), state: try AccountState(parsing: row.bytes(2)),
      persons: Set(persons))
  }

  /// Replaces the parts that are sent.
  fileprivate func replace(
    _ publication: PublicationEnvelope, of account: AccountID, by person: AgentID, over held: HeldWhole?,
    _ vaultHash: Hash
  ) throws -> Published {
    let state = publication.state?.serialized ?? held?.state.serialized ?? []
    let stateHash = Hash(of: state)
    let isNewEpoch =
      held.map { old in
        publication.state.map { $0.epoch != old.state.epoch || $0.commitment != old.state.commitment }
          ?? false
      } ?? true
    let old = try row(.whole, [.fixed(account)])
    // A RuleSet and a wrap are of one epoch: with a new one they go, unless new ones come.
    let rules = publication.ruleSet?.serialized ?? (isNewEpoch ? nil : old?.optionalBytes(2))
    let wrap = publication.wrap?.serialized ?? (isNewEpoch ? nil : old?.optionalBytes(3))
    try run(.dropWhole, [.fixed(account)])
    try run(
      .storeWhole,
      [
        .fixed(account), .fixed(vaultHash), .fixed(stateHash), .bytes(publication.vault.serialized),
        .bytes(state),
        .optional(rules), .optional(wrap),
      ])
    for grant in publication.masters { try store(grant) }
    try run(.dropAdmissions, [.fixed(account)])
    for admission in publication.admissions {
      try run(
        .storeAdmission,
        [
          .fixed(account), .fixed(admission.credential), .integer(Int64(admission.role.rawValue)),
          .integer(Int64(admission.uses)), .time(admission.expires),
        ])
    }
    if let rules = publication.ruleSet { try categorise(account, rules) }
    return Published(vault: vaultHash, state: stateHash)
  }

  /// New keys of a person, with login and verifiers. Throws `login-taken` for another person's login.
  fileprivate func store(
    _ keys: KeysAndLogin, of person: AgentID, isOwner: Bool, in account: AccountID
  ) throws {
    try claim(keys.loginID, for: person, in: account)
    try run(.dropPerson, [.fixed(account), .fixed(person)])
    try run(
      .storePerson,
      [
        .fixed(account), .fixed(person), .flag(true), .flag(isOwner), .fixed(keys.loginVerifier),
        .bytes(keys.keys.serialized), .fixed(keys.loginID),
      ])
    if keys.recoveryVerifier != .zero {
      try run(.storeRecovery, [.fixed(account), .fixed(keys.recoveryVerifier)])
    }
  }

  /// A login becomes a person's. Throws `login-taken` for another person's.
  func claim(_ login: Hash, for person: AgentID, in account: AccountID) throws {
    try run(.claimLogin, [.fixed(login), .fixed(account), .fixed(person)])
    let holder = try row(.holderOfLogin, [.fixed(login)])
    guard let holder, holder.fixed(0, as: AccountID.self) == account else { throw Problem(.loginTaken) }
    let isOther = holder.fixed(1, as: AgentID.self) != person
    // A person who comes under a new id, as the owner after a recovery, keeps the login.
    if isOther {
      let state = try row(.state, [.fixed(account)]).map { try AccountState(parsing: $0.bytes(0)) }
      let old = holder.fixed(1, as: AgentID.self)
      let waits = try row(.person, [.fixed(account), .fixed(old)]).map { $0.integer(1) == 0 } ?? false
      guard let state, !waits, !state.signers.contains(where: { $0.personID == old }) else {
        throw Problem(.loginTaken)
      }
      try run(.moveLogin, [.fixed(login), .fixed(person)])
    }
    try run(.dropOtherLogins, [.fixed(account), .fixed(person), .fixed(login)])
  }

  /// What follows from a state: who is a person, who is the owner, who is listed, whose sessions end.
  fileprivate func follow(_ state: AccountState, in account: AccountID) throws {
    let signers = Set(state.signers.map(\.personID))
    for row in try rows(.activePersons, [.fixed(account)]) {
      let person = row.fixed(0, as: AgentID.self)
      guard !signers.contains(person) else { continue }
      try run(.dropPerson, [.fixed(account), .fixed(person)])
      try run(.dropLogins, [.fixed(account), .fixed(person)])
      try run(.endSessionsOf, [.fixed(account), .fixed(person)])
    }
    for signer in state.signers {
      try run(
        .setActive, [.fixed(account), .fixed(signer.personID), .flag(signer.verifyKey == state.rootKey)])
    }
    for agent in state.revoked { try run(.setListed, [.fixed(account), .fixed(agent)]) }
  }
}
