internal import EndkeyPrimitives
internal import EndkeyWire

/// All that an owner's end holds while its account is open. Copies share the keys: a step works on a copy,
/// which takes the place of the session once everything of the step was made. R-12.2-1, R-19-2
struct OwnerSession: Sendable {
  let identity: Shared<Identity>
  private(set) var masterKey: Shared<MasterKey>
  /// Of the newest PasswordWrap.
  private(set) var wrapHead: PasswordHeader
  var vault: Vault
  /// The newest.
  private(set) var state: AccountState
  /// All epochs.
  private(set) var ring: KeyRing

  var accountID: AccountID { vault.accountID }
  var epoch: Epoch { vault.epoch }

  func pins(generation: Counter) -> OwnerPins {
    OwnerPins(
      wrap: WrapPin(accountID: accountID, epoch: epoch, counter: wrapHead.counter, salt: wrapHead.salt),
      vaultCounter: vault.counter,
      state: StateMark(epoch: epoch, counter: vault.stateCounter, hash: vault.stateHash),
      generation: generation)
  }
}

// MARK: - A new account

extension OwnerSession {
  /// Makes an account and what is stored of it: the first wrap, keys, vault and state. §5, §12.1
  static func create(
    identity: consuming Identity, credentials: borrowing Credentials, iterations: UInt32,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> (OwnerSession, Owner.NewAccount) {
    let accountID = identity.accountID
    let masterKey = try MasterKey(accountID: accountID, epoch: .first, using: &random)
    let wrap = try PasswordWrap.make(
      masterKey, counter: 1, iterations: iterations, credentials: credentials, using: &random)
    let privateKeys = try PrivateKeys.seal(identity, masterKey: masterKey, using: &random)
    let state = try AccountState.make(
      counter: 1, masterKey: masterKey, modulus: identity.modulus, ruleSet: .zero, previous: .zero,
      revoked: [], signingKey: identity.signing)
    var vault = Vault(accountID: accountID, epoch: .first)
    vault.note(state)
    vault.wrapCounter = wrap.head.counter
    let written = try vault.write(masterKey: masterKey, using: &random)

    var ring = KeyRing(accountID: accountID, holder: .owner)
    try ring.add(masterKey.copy())
    let session = OwnerSession(
      identity: Shared(identity), masterKey: Shared(masterKey), wrapHead: wrap.head, vault: vault,
      state: state, ring: ring)
    let account = Owner.NewAccount(
      passwordWrap: wrap, privateKeys: privateKeys, accountState: state, ownerVault: written)
    return (session, account)
  }
}

// MARK: - An account from what is stored. §12.6

extension OwnerSession {
  /// Opens the account with the MasterKey that the wrap, already accepted, or a master grant gave.
  ///
  /// The order is: AccountState (§12.1), PrivateKeys (§12.4), the state's epoch and commitment against the
  /// MasterKey (`epochMismatch`), OwnerVault (§12.5), RuleSet (§16.4; `chainBroken` when the state names one
  /// that is not there).
  init(
    masterKey: consuming MasterKey, wrapHead: PasswordHeader, messages: StoredMessages, pins: OwnerPins?
  ) throws(ProtocolError) {
    let accountID = masterKey.accountID
    let state = try AccountState(accepting: messages.accountState, accountID: accountID, last: pins?.state)
    let identity = try PrivateKeys.open(messages.privateKeys, masterKey: masterKey, state: state)
    guard state.epoch == masterKey.epoch, try masterKey.commitment() == state.commitment else {
      throw ProtocolError(.epochMismatch, "12.6")
    }
    var vault = try Vault(
      opening: messages.ownerVault, masterKey: masterKey, pinnedCounter: pins?.vaultCounter,
      state: StateMark(state), wrapCounter: wrapHead.counter)
    if let ruleSet = messages.ruleSet {
      _ = try RuleSet(verifying: ruleSet, state: state, lastCounter: vault.ruleSetCounter)
    } else if state.ruleSet != .zero {
      throw ProtocolError(.chainBroken, "16.4")
    }

    // State and wrap may be newer than the vault, where its maker was interrupted: never the other way.
    vault.note(state)
    vault.wrapCounter = wrapHead.counter
    try vault.noteRevoked(state.revoked)
    var ring = KeyRing(accountID: accountID, holder: .owner)
    try vault.addPastKeys(to: &ring)
    try ring.add(masterKey.copy())
    self.init(
      identity: Shared(identity), masterKey: Shared(masterKey), wrapHead: wrapHead, vault: vault,
      state: state, ring: ring)
  }
}

// MARK: - Parts of steps

extension OwnerSession {
  /// Seals the vault anew: the last thing in a step.
  mutating func writeVault(using random: inout some RandomSource) throws(ProtocolError) -> OwnerVault {
    try vault.write(masterKey: masterKey.value, using: &random)
  }

  /// Makes the next AccountState, of the current epoch. R-12.1-2
  mutating func makeState(ruleSet: Hash? = nil) throws(ProtocolError) -> AccountState {
    let new = try AccountState.make(
      counter: try next(after: vault.stateCounter, "12.1"), masterKey: masterKey.value,
      modulus: identity.value.modulus, ruleSet: ruleSet ?? state.ruleSet, previous: vault.stateHash,
      revoked: vault.revoked.union(state.revoked), signingKey: identity.value.signing)
    vault.note(new)
    state = new
    return new
  }

  /// Makes the next PasswordWrap, of the current epoch, with a fresh salt. §9.3
  mutating func makeWrap(
    _ credentials: borrowing Credentials, iterations: UInt32, using random: inout some RandomSource
  ) throws(ProtocolError) -> PasswordWrap {
    let wrap = try PasswordWrap.make(
      masterKey.value, counter: try next(after: wrapHead.counter, "9.3"), iterations: iterations,
      credentials: credentials, using: &random)
    wrapHead = wrap.head
    vault.wrapCounter = wrap.head.counter
    return wrap
  }

  /// Makes the RuleSet of the current epoch from the vault's rules. §16.4
  mutating func makeRuleSet() throws(ProtocolError) -> RuleSet {
    let counter = try next(after: vault.ruleSetCounter, "16.4")
    var sealer = try TokenSealer(key: try masterKey.value.tokenKey())
    let ruleSet = try RuleSet(
      vault.rules, counter: counter, sealer: &sealer, signingKey: identity.value.signing)
    vault.ruleSetCounter = counter
    return ruleSet
  }

  /// Makes a Grant of the current epoch for a member, and notes it. §11
  mutating func makeGrant(
    _ kind: GrantKind, to member: Member, using random: inout some RandomSource
  ) throws(ProtocolError) -> Grant {
    precondition(member.status == .granted && !vault.isRotationDue, "R-12.2-2, R-12.3-1")
    let counter = try next(after: vault.grantCounter, "11")
    let grant = try Grant.make(
      kind, to: member.agentID, modulus: member.modulus, counter: counter, masterKey: masterKey.value,
      signingKey: identity.value.signing, using: &random)
    vault.grantCounter = counter
    var granted = member
    (granted.kind, granted.epoch, granted.grantCounter) = (kind, epoch, counter)
    try vault.set(granted)
    return grant
  }

  /// Steps 1 and 2 of §12.2: a new MasterKey of the next epoch, the old one among the past keys. R-7-2
  mutating func beginEpoch(using random: inout some RandomSource) throws(ProtocolError) {
    guard let next = epoch.next else { throw ProtocolError(.limitReached, "12.2") }
    let new = Shared(try MasterKey(accountID: accountID, epoch: next, using: &random))
    try ring.add(new.value.copy())
    vault.keep(masterKey)
    vault.epoch = new.value.epoch
    vault.dropCodes()  // R-12.2-4
    masterKey = new
  }
}

extension PasswordWrap {
  /// Wraps a MasterKey under a head with a fresh salt. §9.3
  fileprivate static func make(
    _ masterKey: borrowing MasterKey, counter: Counter, iterations: UInt32,
    credentials: borrowing Credentials, using random: inout some RandomSource
  ) throws(ProtocolError) -> PasswordWrap {
    let head = try PasswordHeader(
      accountID: masterKey.accountID, epoch: masterKey.epoch, counter: counter, iterations: iterations,
      accountSecret: credentials.hasAccountSecret ? .required : .none, using: &random)
    return try StretchedPassword(credentials, head: head).wrap(masterKey)
  }
}

extension Vault {
  /// Notes the newest AccountState. R-12.5-1
  fileprivate mutating func note(_ state: AccountState) {
    let mark = StateMark(state)
    stateCounter = mark.counter
    stateHash = mark.hash
  }

  /// A member that an AccountState lists is revoked, whatever an older vault says. R-12.2-2
  fileprivate mutating func noteRevoked(_ revoked: some Sequence<AgentID>) throws(ProtocolError) {
    for agentID in revoked {
      guard var member = self[member: agentID] else { continue }
      member.status = .revoked
      try set(member)
    }
  }
}
