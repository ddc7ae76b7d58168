internal import EndkeyPrimitives
internal import EndkeyWire

/// A person's end opens what the service gives: the steps of §12.7, in their order.
struct Opening {
  /// What this end remembers; nil at a fresh one.
  let pins: OwnerPins?
  /// The person's keys, which the password has opened.
  let keys: PersonKeys
  let identity: Shared<Identity>
  /// Kept while the account is open: an end that has no wrap can make one.
  let stretched: Shared<StretchedPassword>?

  /// What passed.
  struct Opened {
    var session: OwnerSession
    /// What does not fit what this end remembers, in a greater generation.
    let findings: [ErrorCode]
  }

  /// Step 2: PersonKeys. Step 1, the head, was checked when the password was stretched.
  init(
    personKeys bytes: [UInt8], with stretched: Shared<StretchedPassword>, pins: OwnerPins?
  ) throws(ProtocolError) {
    (keys, identity) = try PersonKeys.open(bytes, with: stretched.value)
    self.stretched = stretched
    self.pins = pins
  }

  /// The keys are in memory already: an end opens anew what another has changed meanwhile. `headChanged` when the
  /// password was changed, which needs a login.
  init(again session: OwnerSession, personKeys bytes: [UInt8], pins: OwnerPins) throws(ProtocolError) {
    let keys = try PersonKeys(received: bytes)
    try HeadCheck(pinned: session.personKeys.head).check(keys.head)
    self.keys = session.personKeys
    identity = session.identity
    stretched = session.stretched
    self.pins = pins
  }

  /// Steps 3 to 6 of what is served, or where these refuse it of what an owner's end has kept.
  func open(_ whole: Whole, orKept kept: KeptAccount?) throws(ProtocolError) -> Opened {
    var opened = try open(whole, or: kept?.whole)
    if let kept, opened.session.isOwner { opened.session.ended = ended(kept, beside: opened.session) }
    return opened
  }

  private func open(_ whole: Whole, or kept: Whole?) throws(ProtocolError) -> Opened {
    var served: Opened?
    var refusal = ProtocolError(.limitReached, "12.7")
    do {
      served = try open(whole)
    } catch {
      refusal = error
    }
    if let served, !served.session.isOwner || served.session.vault.leavesReserve { return served }
    guard let base = opened(kept) else {
      if let served { return served }
      throw refusal
    }
    if let served, !base.session.vault.leavesReserve { return served }
    var session = base.session
    session.aside = aside(of: whole, beside: session)
    return Opened(session: session, findings: [refusal.code] + base.findings.filter { $0 != refusal.code })
  }

  /// The kept whole of an owner's end, which opens like any other, under whatever password it was kept.
  private func opened(_ kept: Whole?) -> Opened? {
    guard let kept, pins?.state != nil else { return nil }
    do {
      let opened = try open(kept, isHeadPinned: true)
      return opened.session.isOwner ? opened : nil
    } catch {
      return nil
    }
  }

  /// Steps 3 to 6.
  func open(_ whole: Whole, isHeadPinned: Bool? = nil) throws(ProtocolError) -> Opened {
    let personID = identity.value.agentID
    let state = try StateCheck(
      accountID: keys.head.accountID, last: pins?.state,
      leastGeneration: pins?.state == nil ? pins?.generation ?? .first : .first
    ).accept(whole.accountState).state
    let wrap = try openWrap(whole.passwordWrap, under: state)
    let masterKey = try masterKey(wrap: wrap, grant: whole.grant, under: state)

    let check = VaultCheck(
      state: state, personID: personID, keysHash: keys.hash,
      isHeadPinned: isHeadPinned ?? (pins?.head == keys.head))
    let (message, vault) = try check.open(whole.ownerVault, with: masterKey.value)
    let hash = Hash(sha256: whole.ownerVault)
    var findings = try lineFindings(
      LineCheck.Whole(state: state, vault: vault, vaultCounter: message.counter, vaultHash: hash))
    if let own = vault[person: personID], !check.isOwn(own.keys) { findings.insert(.chainBroken, at: 0) }
    let ruleSet = try ruleSet(whole.ruleSet, of: vault, under: state.state)
    let session = OwnerSession(
      identity: identity, personID: personID, stretched: stretched, personKeys: keys, keysHash: keys.hash,
      masterKey: masterKey, state: state,
      vault: vault, vaultCounter: message.counter, vaultHash: hash, vaultBytes: whole.ownerVault,
      ruleSet: ruleSet, hasWrap: wrap != nil)
    return Opened(session: session, findings: findings)
  }

  /// Step 6: what the vault names, or nothing where it names none.
  private func ruleSet(
    _ bytes: [UInt8]?, of vault: Vault, under state: AccountState
  ) throws(ProtocolError) -> RuleSet? {
    guard vault.ruleSet != .zero else { return nil }
    return try RuleSet(
      verifying: bytes ?? [], accountID: state.accountID, epoch: state.epoch, hash: vault.ruleSet)
  }

  private func lineFindings(_ whole: LineCheck.Whole) throws(ProtocolError) -> [ErrorCode] {
    guard let pins, let state = pins.state else { return [] }
    return try LineCheck(state: state, vaultCounter: pins.vaultCounter, vaultHash: pins.vaultHash)
      .findings(whole)
  }
}

// MARK: - What does not open

extension Opening {
  /// As much of what is served as a root act needs that starts from the kept whole.
  private func aside(of whole: Whole, beside kept: OwnerSession) -> Aside {
    let hash = Hash(sha256: whole.ownerVault)
    let state = acceptable(whole.accountState)
    do {
      let message = try OwnerVault(received: whole.ownerVault)
      let counter = message.accountID == kept.accountID ? message.counter : nil
      return Aside(
        vaultHash: hash, vaultCounter: counter, state: state,
        keys: state.map { keys(of: whole, under: $0, beside: kept) } ?? [])
    } catch {
      return Aside(vaultHash: hash, vaultCounter: nil, state: state, keys: [])
    }
  }

  /// A state of the account, whatever this end has accepted before.
  private func acceptable(_ bytes: [UInt8]) -> AcceptedState? {
    do {
      return try StateCheck(accountID: keys.head.accountID, last: nil).accept(bytes).state
    } catch {
      return nil
    }
  }

  /// The MasterKeys in a vault that one of the state's signers made, as far as it opens.
  private func keys(
    of whole: Whole, under state: AcceptedState, beside kept: OwnerSession
  ) -> [Shared<MasterKey>] {
    do {
      let masterKey =
        if try kept.masterKey.value.fits(state.state) { kept.masterKey } else {
          try masterKey(
            wrap: openWrap(whole.passwordWrap, under: state), grant: whole.grant, under: state)
        }
      let check = VaultCheck(state: state, personID: identity.value.agentID, keysHash: keys.hash)
      return [masterKey] + (try check.read(whole.ownerVault, with: masterKey.value).1.pastKeys)
    } catch {
      return []
    }
  }
}

// MARK: - MasterKeys that the account lacks

extension Opening {
  /// The wholes among those kept that have MasterKeys which what is open has not, the first of each generation.
  /// R-12.7-11
  private func ended(
    _ kept: KeptAccount, beside session: OwnerSession
  ) -> [(whole: Whole, keys: [Shared<MasterKey>])] {
    let known = Dictionary(grouping: [session.masterKey] + session.vault.pastKeys) { $0.value.epoch }
    func isMissing(_ key: Shared<MasterKey>) -> Bool {
      known[key.value.epoch]?.contains { $0.value.secret.equals(key.value.secret) } != true
    }
    let isOpen = kept.whole.ownerVault == session.vaultBytes
    var generations: Set<Generation> = []
    var ended: [(whole: Whole, keys: [Shared<MasterKey>])] = []
    for whole in kept.ended + (isOpen ? [] : [kept.whole]) {
      guard let state = acceptable(whole.accountState) else { continue }
      let missing = keys(of: whole, under: state, beside: session).filter(isMissing)
      guard !missing.isEmpty, generations.insert(state.state.generation).inserted else { continue }
      ended.append((whole, missing))
    }
    return ended
  }
}

// MARK: - Step 4: the MasterKey

extension Opening {
  /// The owner's way: a wrap of the state's epoch whose MasterKey fits the state. One of another epoch, or that does
  /// not open, or holds another key, is as none.
  private func openWrap(
    _ bytes: [UInt8]?, under state: AcceptedState
  ) throws(ProtocolError) -> Shared<MasterKey>? {
    guard let bytes, let stretched, identity.value.verifyKey == state.state.rootKey else { return nil }
    let wrap = try PasswordWrap(received: bytes)
    guard wrap.accountID == state.state.accountID else { throw ProtocolError(.wrongAccount, "12.7") }
    guard wrap.epoch == state.state.epoch else { return nil }
    do throws(ProtocolError) {
      let masterKey = Shared(try stretched.value.open(wrap))
      return try masterKey.value.fits(state.state) ? masterKey : nil
    } catch {
      guard error.code == .passwordOpenFailed else { throw error }
      return nil
    }
  }

  /// What the wrap holds, or else the person's own grant; `noMasterKey` when there is neither. A grant of another
  /// epoch is as none: a removed person's stays what it was.
  private func masterKey(
    wrap: Shared<MasterKey>?, grant: [UInt8]?, under state: AcceptedState
  ) throws(ProtocolError) -> Shared<MasterKey> {
    if let wrap { return wrap }
    guard let grant else { throw ProtocolError(.noMasterKey, "12.7") }
    let epoch = try Grant(received: grant).epoch
    guard epoch == state.state.epoch else { throw ProtocolError(.noMasterKey, "12.7") }
    let check = GrantCheck(
      accountID: state.state.accountID, recipient: identity.value.agentID, kind: .master, state: state)
    return Shared(try check.open(grant, with: identity.value).requireMaster("12.7"))
  }
}

extension MasterKey {
  /// Whether it is the key that a state commits to.
  func fits(_ state: AccountState) throws(ProtocolError) -> Bool {
    guard epoch == state.epoch else { return false }
    return try commitment() == state.commitment
  }
}
