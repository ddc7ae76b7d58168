public import EndkeyPrimitives
public import EndkeyWire

// How an end comes to an account: it makes one, joins one as a manager, or recovers one. §10.4, §12.6

/// An account that was made here.
public struct NewAccount: ~Copyable, Sendable {
  /// What the service stores.
  public let publication: Publication
  /// The state that its agents follow, which is part of the publication.
  public let accountState: AccountState
  /// The root key, for paper. It gives authority, not content; whoever finds it takes over the account. R-12.6-1
  public let recoveryText: RecoveryText
}

extension Owner {
  /// Makes a new account with these keys, and opens it.
  ///
  /// - Parameters:
  ///   - identity: the owner's private keys, which nobody else holds.
  ///   - credentials: what opens the account.
  ///   - iterations: the iterations of PBKDF2, 600,000 to 10,000,000. It takes 0.1 to 2 seconds.
  ///   - retentionDays: for how many days the service keeps batches and blobs.
  ///   - now: the time.
  ///   - random: where randomness comes from; a program passes a `SystemRandom`.
  /// - Throws: `alreadyPinned` when this end has an account; `iterationsOutOfRange`, `badPassword` or `badLoginName`.
  public mutating func create(
    identity: consuming Identity, credentials: borrowing Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), retentionDays: RetentionDays, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewAccount {
    try step(.create)
    let recoveryText = RecoveryText(seed: identity.signing.copySeed())
    let accountID = identity.accountID
    let head = try PasswordHeader(
      accountID: accountID, counter: 1, iterations: iterations, accountSecret: credentials.accountSecretUse,
      using: &random)
    let stretched = try StretchedPassword(credentials, head: head)
    let founding = Founding(
      identity: Shared(identity), stretched: Shared(stretched),
      masterKey: Shared(try MasterKey(accountID: accountID, epoch: .first, using: &random)), made: now,
      generation: try Founding.generation(after: greatestGeneration, at: now), stateCounter: 1,
      vaultCounter: 1, expected: nil, persons: [], members: [], retentionDays: retentionDays)
    let made = try founding.make(using: &random)
    begin(made)
    return NewAccount(
      publication: made.publication, accountState: made.session.state.state, recoveryText: recoveryText)
  }

  /// Joins an account as a manager, under a code that its owner has made: the request is for the service, and the owner
  /// lets this person in by the id that both see.
  ///
  /// - Throws: `wrongRecipient` for an agent's code; `alreadyPinned` when this end has an account;
  ///   `iterationsOutOfRange`, `badPassword` or `badLoginName`.
  public mutating func enrol(
    code: borrowing EnrolmentCode, identity: borrowing Identity, credentials: borrowing Credentials,
    iterations: UInt32 = UInt32(Limit.iterationsMin), using random: inout some RandomSource
  ) throws(ProtocolError) -> PersonRequest {
    try step(code.terms.role == .manager ? .enrol : .enrolAsAgent)
    let head = try PasswordHeader(
      accountID: code.accountID, counter: 1, iterations: iterations,
      accountSecret: credentials.accountSecretUse, using: &random)
    let stretched = try StretchedPassword(credentials, head: head)
    let keys = try PersonKeys.seal(identity, with: stretched, using: &random)
    let nonce = try primitive("10.2") { () throws(PrimitiveError) in try random.bytes(Hash.byteCount) }
    let login = try stretched.login(rootKeyOf: nil)
    let request = PersonRequest(
      request: try EnrolmentRequest.make(code: code, identity: identity, nonce: Hash(unchecked: nonce.span)),
      keys: keys, loginID: login.id, loginVerifier: login.verifier)
    join(
      OwnerPins(
        head: head, state: nil, generation: code.terms.generation, isConfirmed: false, vaultCounter: 0,
        vaultHash: .zero, pending: nil, writes: 0))
    return request
  }
}

// MARK: - Recovery. §12.6

extension Owner {
  /// The root key of the open account, for paper, where the first copy is lost. R-12.6-1
  ///
  /// - Throws: `noMasterKey` when the account is not open; `rootRequired` at a manager's end.
  public func recoveryText() throws(ProtocolError) -> RecoveryText {
    let session = try openSession(.read)
    guard session.isOwner else { throw ProtocolError(.rootRequired, "12.6") }
    return RecoveryText(seed: session.identity.value.signing.copySeed())
  }
}

/// What a service shows to a person who comes with a recovery text. Nobody who has no MasterKey can open the vault.
public struct RecoverySource: Equatable, Sendable {
  /// The newest AccountState.
  public var accountState: [UInt8]
  /// The newest OwnerVault, which stays sealed.
  public var ownerVault: [UInt8]
  /// The head of the owner's PersonKeys, whose counter the new ones go on from; nil where there is none.
  public var head: PasswordHeader?

  /// What a service has shown.
  public init(accountState: [UInt8], ownerVault: [UInt8], head: PasswordHeader?) {
    self.accountState = accountState
    self.ownerVault = ownerVault
    self.head = head
  }
}

/// Who stays in an account that is recovered: the old list is lost with the vault, so that the person confirms each
/// by id.
public struct RecoveredMembers: Equatable, Sendable {
  /// The EnrolmentRequests of the other persons who stay.
  public var persons: [[UInt8]]
  /// The computers that stay, with the kind of their grants.
  public var members: [AgentID: GrantKind]

  /// Nobody but those that are named, beside the owner.
  public init(persons: [[UInt8]] = [], members: [AgentID: GrantKind] = [:]) {
    self.persons = persons
    self.members = members
  }
}

extension Identity {
  /// New keys of an owner around the root key that a recovery text has kept.
  public static func recovered(from text: borrowing RecoveryText) throws(ProtocolError) -> Identity {
    try primitive("12.6") { () throws(PrimitiveError) in
      Identity(rsa: try RSAPrivateKey.generate(), signing: try Ed25519.PrivateKey(seed: text.seed))
    }
  }

  /// What lets the owner of a recovery text in at the service: 32 bytes, of which the service keeps the SHA-256.
  package func recoveryProof() throws(ProtocolError) -> SecretBytes {
    try Label.Derived.recovery.derive(from: signing.copySeed(), context: accountID.bytes)
  }
}

extension Owner {
  /// Recovers an account with the root key: a new generation under a new RSA key and a new password. It gives back
  /// authority, not content.
  ///
  /// - Parameters:
  ///   - identity: of ``Identity/recovered(from:)``.
  ///   - source: what the service shows.
  ///   - isConfirmed: whether the person has confirmed what is shown, and who stays.
  ///   - staying: who stays.
  ///   - credentials: what opens the account from now on.
  ///   - iterations: the iterations of PBKDF2.
  ///   - retentionDays: for how many days the service keeps batches and blobs.
  ///   - now: the time; the person has confirmed the clock.
  ///   - random: where randomness comes from.
  /// - Throws: `approvalRequired` unless it is confirmed; `alreadyPinned` when this end has an account; the errors of
  ///   §12.1 for the state, which is accepted though it has expired; a fault of format of the vault or a request,
  ///   `wrongAccount` for one of another account; `unknownAgent` for a person whom the state does not list;
  ///   `iterationsOutOfRange`, `badPassword` or `badLoginName`; `limitReached`.
  public mutating func recover(
    identity: consuming Identity, source: RecoverySource, isConfirmed: Bool, staying: RecoveredMembers,
    credentials: borrowing Credentials, iterations: UInt32 = UInt32(Limit.iterationsMin),
    retentionDays: RetentionDays, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try step(isConfirmed ? .recover : .recoverUnconfirmed)
    let accountID = identity.accountID
    let shown = try StateCheck(accountID: accountID, last: nil).accept(source.accountState).state.state
    let vault = try OwnerVault(received: source.ownerVault)
    guard vault.accountID == accountID, source.head?.accountID ?? accountID == accountID else {
      throw ProtocolError(.wrongAccount, "12.6")
    }
    let persons = try staying.persons.map { (bytes) throws(ProtocolError) in
      try Person(recovering: bytes, listedIn: shown)
    }
    guard let counter = (source.head?.counter ?? 0).next else { throw ProtocolError(.limitReached, "12.6") }
    let head = try PasswordHeader(
      accountID: accountID, counter: counter, iterations: iterations,
      accountSecret: credentials.accountSecretUse, using: &random)
    let stretched = try StretchedPassword(credentials, head: head)
    let seen = greatestGeneration.map { max($0, shown.generation) } ?? shown.generation
    let founding = Founding(
      identity: Shared(identity), stretched: Shared(stretched),
      masterKey: Shared(
        try MasterKey(accountID: accountID, epoch: shown.epoch.next ?? .first, using: &random)),
      made: now, generation: try Founding.generation(after: seen, at: now),
      stateCounter: shown.counter.next ?? 1, vaultCounter: vault.counter.next ?? 1,
      expected: Hash(sha256: source.ownerVault), persons: persons,
      members: staying.members.map { Member(recovering: $0.key, kind: $0.value) },
      retentionDays: retentionDays)
    let made = try founding.make(using: &random)
    begin(made)
    return made.publication
  }
}

extension Person {
  /// A person whom the old list has, by the keys of an EnrolmentRequest, which the id certifies.
  fileprivate init(recovering bytes: [UInt8], listedIn state: AccountState) throws(ProtocolError) {
    let request = try EnrolmentRequest(received: bytes)
    guard request.accountID == state.accountID else { throw ProtocolError(.wrongAccount, "12.6") }
    let signer = Signer(verifyKey: request.verifyKey, personID: request.agentID)
    guard signer.verifyKey != state.rootKey, state.signers.contains(signer) else {
      throw ProtocolError(.unknownAgent, "12.6")
    }
    self.init(
      personID: signer.personID, role: .manager, status: .granted, modulus: request.modulus,
      verifyKey: request.verifyKey, keys: .zero, label: .empty)
  }
}

extension Member {
  fileprivate init(recovering agentID: AgentID, kind: GrantKind) {
    self.init(
      agentID: agentID, label: .empty, codeID: .zero, kind: kind, status: .granted, listed: 0,
      auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
      keptHash: .zero)
  }
}
