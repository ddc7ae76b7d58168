public import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

/// An owner's end whose account is open, over its store and its service.
///
/// Each step takes the store's lock, makes the step, writes it ahead, sends it, and remembers it. A crash at any moment
/// loses no step that has returned, and makes none twice. Where another device of the owner has changed the account
/// since, the step is made again on what the service has now.
///
/// Every step throws `refused` when the protocol does not allow it; then nothing has changed. After `service` with
/// `uncertain` the step is on this device, and is sent before anything else is done; `resumption` then says what became
/// of it.
public actor OwnerEnd<Store: EndStore, Service: OwnerService> {
  private let memory: OwnerMemory<Store>
  private let service: Service
  /// May be ahead of the service, after a step that failed.
  private var owner: Owner
  /// What `owner` said when the service had all of it.
  private var said: Said
  private var key: AccountKey
  /// The password that a step sets which has not returned.
  private var nextKey: AccountKey?
  /// SHA-256 of the vault that `owner` was opened with, or has published last.
  private var vaultHash: Hash?
  /// Whether `owner` may be ahead of the service.
  private var isStale = false
  /// What became of the step that was interrupted last, on this device, since its `LockedOwner` was made.
  public private(set) var resumption = Resumption.nothing
  /// The iterations of PBKDF2 of the PasswordWrap that the account was opened with.
  public nonisolated let iterations: UInt32

  init(
    _ memory: OwnerMemory<Store>, _ service: Service, _ opened: consuming OwnerMemory<Store>.Opened,
    _ key: AccountKey, iterations: UInt32, _ resumption: Resumption = .nothing
  ) {
    self.memory = memory
    self.service = service
    self.key = key
    self.iterations = iterations
    self.resumption = resumption
    vaultHash = opened.vaultHash
    said = Said(opened.owner)
    owner = opened.owner
  }

  /// Makes a new account at the service, and this device's memory of it in an empty store. §5
  ///
  /// - Throws: `service` with `superseded` when the service has an account already.
  public static func create(
    identity: consuming Identity, credentials: consuming Credentials, iterations: UInt32, store: Store,
    service: Service
  ) async throws(EndError) -> OwnerEnd {
    let lock = try await store.locked()
    let memory = try OwnerMemory(store)
    let key = AccountKey(.password(credentials))
    var owner = Owner.absent()
    let account = try key.create(&owner, identity: identity, iterations: iterations)
    let pending = try memory.writeAhead(account.messages, of: &owner, expecting: nil)
    try await memory.send(pending, to: service)
    lock.end()
    let opened = OwnerMemory<Store>.Opened(
      owner: owner, vaultHash: Hash(sha256: account.ownerVault.serialized))
    return OwnerEnd(memory, service, opened, key, iterations: iterations)
  }
}

// MARK: - What the account says

extension OwnerEnd {
  /// What the account's vault says. A step that failed is not in it.
  public var vault: Vault? { said.vault }
  /// The newest AccountState.
  public var state: AccountState? { said.state }
  /// The phase of the owner's state machine. §10.4
  public var phase: OwnerMachine.Phase { said.phase }

  private struct Said {
    let vault: Vault?
    let state: AccountState?
    let phase: OwnerMachine.Phase

    init(_ owner: borrowing Owner) {
      vault = owner.vault
      state = owner.state
      phase = owner.phase
    }
  }
  /// Whether the account was opened with a password, and not by a second manager.
  public var hasPassword: Bool { key.isPassword }

  /// The keys of all epochs, for whatever opens tokens, blobs and texts.
  public func keyRing() throws(EndError) -> KeyRing {
    try checked(service.name) { () throws(ProtocolError) in try owner.keyRing() }
  }
}

// What it has cannot be copied, and so not be reflected.
extension OwnerEnd: CustomReflectable {
  public nonisolated var customMirror: Mirror { Mirror(self, children: []) }
}

// MARK: - Members

extension OwnerEnd {
  /// The requests to be enrolled that wait at the service: those of `agentID`, or of all agents that are no members.
  /// One that cannot be read is among the latter, to be refused with its fault. §10.2
  public func waitingRequests(of agentID: AgentID? = nil) async throws(EndError) -> [ReceivedMessage] {
    try await settle()
    let requests: [ReceivedMessage]
    do {
      requests = try await service.requests()
    } catch {
      throw .service(error)
    }
    let known = Set((vault?.members ?? []).map(\.agentID))
    return requests.filter { request in
      do {
        let id = try EnrolmentRequest(parsing: request.bytes).agentID
        return agentID.map { $0 == id } ?? !known.contains(id)
      } catch {
        return agentID == nil
      }
    }
  }

  /// Verifies a request, notes its maker as a member, and grants it keys. §10.2, §11
  ///
  /// The parameters are those of `Owner.approve`.
  public func approve(
    _ request: ReceivedMessage, approved: AgentID? = nil, kind: GrantKind? = nil, now: Time
  ) async throws(EndError) -> Owner.NewGrant {
    try await step(request.place) { (owner, random) throws(ProtocolError) in
      try owner.approve(request.bytes, approved: approved, kind: kind, now: now, using: &random)
    }
  }

  /// Makes an enrolment code. §10.1
  ///
  /// The parameters are those of `Owner.makeCode`. The vault knows the code when this returns.
  public func makeCode(
    role: Role = .agent, approval: Approval, uses: UInt16 = 1, expires: Time?, now: Time
  ) async throws(EndError) -> Owner.NewCode {
    try await step { (owner, random) throws(ProtocolError) in
      try owner.makeCode(
        role: role, approval: approval, uses: uses, expires: expires, now: now, using: &random)
    }
  }

  /// Grants keys of the current epoch again to a member, of the same or another kind. §11
  @discardableResult
  public func grant(_ agentID: AgentID, kind: GrantKind) async throws(EndError) -> Owner.NewGrant {
    try await step { (owner, random) throws(ProtocolError) in
      try owner.grant(agentID, kind: kind, using: &random)
    }
  }

  /// Revokes a member by the next AccountState. §12.3
  @discardableResult
  public func revoke(_ agentID: AgentID) async throws(EndError) -> Owner.Revocation {
    try await step { (owner, random) throws(ProtocolError) in try owner.revoke(agentID, using: &random) }
  }
}

// MARK: - Passwords, epochs and rules

extension OwnerEnd {
  /// Sets a new password, in the same epoch. §9.3
  public func changePassword(
    to credentials: consuming Credentials, iterations: UInt32
  ) async throws(EndError) {
    let new = AccountKey(.password(credentials))
    _ = try await step(setting: new) { (owner, random) throws(ProtocolError) in
      try new.changePassword(of: &owner, iterations: iterations, using: &random)
    }
  }

  /// Goes to the next epoch, with the password that the account was opened with. §12.2
  ///
  /// - Throws: `refused` with `noMasterKey` at a second manager's end, which has no password.
  public func rotate(iterations: UInt32) async throws(EndError) -> Owner.NewEpoch {
    let key = key
    return try await step { (owner, random) throws(ProtocolError) in
      try key.rotate(&owner, iterations: iterations, using: &random)
    }
  }

  /// Goes to the next epoch, with a new password. §12.2
  public func rotate(
    with credentials: consuming Credentials, iterations: UInt32
  ) async throws(EndError) -> Owner.NewEpoch {
    let new = AccountKey(.password(credentials))
    return try await step(setting: new) { (owner, random) throws(ProtocolError) in
      try new.rotate(&owner, iterations: iterations, using: &random)
    }
  }

  /// Replaces all rules, and publishes those whose value was seen. §16.4
  @discardableResult
  public func setRules(_ rules: [RuleDefinition]) async throws(EndError) -> Owner.NewRules {
    try await step { (owner, random) throws(ProtocolError) in try owner.setRules(rules, using: &random) }
  }
}

// MARK: - Audit. §16.2

extension OwnerEnd {
  /// Reads all batches of all agents from the first on, and holds the result against what the last audit noted. Nothing
  /// is written: `note` does that.
  public func audit() async throws(EndError) -> AccountAudit? {
    try await settle()
    guard let vault, let state else { return nil }
    var audit = AccountAudit(vault: vault, stateCounter: state.counter)
    do {
      for author in try await service.batchAuthors() {
        audit.take(try await service.batches(of: author), of: author)
      }
    } catch {
      throw .service(error)
    }
    audit.finish()
    return audit
  }

  /// Notes in the vault how far an audit came, and which rules' values it saw: one publication, or none when there was
  /// nothing new.
  public func note(_ audit: AccountAudit) async throws(EndError) {
    guard !audit.fresh.isEmpty else { return }
    _ = try await step { (owner, random) throws(ProtocolError) in
      var messages: [PublishedMessage] = []
      for (agentID, batches) in audit.fresh {
        // Each vault has all that the ones before it have.
        messages = try owner.audit(agentID, batches: batches, using: &random).messages
      }
      return Note(messages: messages)
    }
  }

  private struct Note: Publication {
    let messages: [PublishedMessage]
  }
}

// MARK: - Steps

extension OwnerEnd {
  /// Makes a step, which may be made again on an account that has changed meanwhile. `place` is what the step was
  /// given, for a message; `newKey` opens the account after it, where that changes.
  private func step<Output: Publication & ~Copyable>(
    _ place: String? = nil, setting newKey: AccountKey? = nil,
    _ make: (inout Owner, inout SystemRandom) throws(ProtocolError) -> Output
  ) async throws(EndError) -> Output {
    let lock = try await memory.store.locked()
    var attempts = 0
    while true {
      try await resume()
      if isStale { try await reopen() }
      var random = SystemRandom()
      let output = try checked(place) { () throws(ProtocolError) in try make(&owner, &random) }
      isStale = true
      nextKey = newKey
      let messages = output.messages
      let pending = try memory.writeAhead(messages, of: &owner, expecting: vaultHash)
      attempts += 1
      do {
        try await memory.send(pending, to: service)
      } catch {
        guard case .service(.superseded) = error, attempts < Self.attemptsMax else { throw error }
        continue
      }
      if let newKey { key = newKey }
      nextKey = nil
      vaultHash = messages.vaultHash
      said = Said(owner)
      isStale = false
      lock.end()
      return output
    }
  }

  /// After a step that failed, takes what the service has.
  private func settle() async throws(EndError) {
    guard isStale else { return }
    let lock = try await memory.store.locked()
    try await resume()
    if isStale { try await reopen() }
    lock.end()
  }

  /// Sends the step whose fate is uncertain, if there is one.
  private func resume() async throws(EndError) {
    let resumed = try await memory.resume(at: service)
    let newKey = nextKey.take()
    guard resumed != .nothing else { return }
    resumption = resumed
    if resumed == .sent, let newKey { key = newKey }
    isStale = true
  }

  /// Takes what the service has now in the place of what this end has in memory.
  private func reopen() async throws(EndError) {
    let opened = try await memory.open(at: service, with: key)
    vaultHash = opened.vaultHash
    said = Said(opened.owner)
    owner = opened.owner
    isStale = false
  }

  /// How often a step is made when other devices publish at the same time.
  private static var attemptsMax: Int { 5 }
}
