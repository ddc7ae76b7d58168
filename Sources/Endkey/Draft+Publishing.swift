internal import EndkeyPrimitives
internal import EndkeyWire

extension Draft {
  /// Makes every message of the act; none was sent before all are made. §12.8
  consuming func publish(using random: inout some RandomSource) throws(ProtocolError) -> Publication {
    giveBack()
    let ruleSet = try nextRuleSet()
    return try publish(ruleSet: ruleSet, using: &random)
  }

  /// The same with a rule set that is made already, or with that of now.
  consuming func publish(
    ruleSet: RuleSet?, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    let others = if let kept { kept } else { try nextBesides(using: &random) }
    if let state = others.accountState { vault.note(AcceptedState(state).note) }
    try note(others.personKeys?.hash ?? base.keysHash)
    vault.follow(base.vaultHash)
    let replaced = base.aside?.vaultHash ?? base.vaultHash
    if replaced != base.vaultHash { vault.follow(replaced) }
    (vault.made, vault.madeBy) = (made, base.personID)
    let written = try vault.sealed(
      counter: try next(max(base.vaultCounter, base.aside?.vaultCounter ?? 0)), masterKey: masterKey.value,
      signingKey: base.identity.value.signing, using: &random)
    try checkReserve(written)
    return Publication(
      expected: replaced, ownerVault: written, accountState: others.accountState, ruleSet: ruleSet,
      personKeys: others.personKeys, login: others.login, passwordWrap: others.passwordWrap,
      grants: others.grants, admissions: try vault.admissions(of: base.accountID))
  }

  /// What only grows is not filled by acts that are no root acts. R-12.5-8
  private func checkReserve(_ written: OwnerVault) throws(ProtocolError) {
    guard !isRootAct, written.serialized.count > base.vaultBytes.count,
      try vault.contents().count > Vault.contentsOfAll
    else { return }
    throw ProtocolError(.limitReached, "12.5")
  }

  private func nextBesides(using random: inout some RandomSource) throws(ProtocolError) -> Besides {
    Besides(
      accountState: try nextState(), personKeys: newKeys?.keys, login: try nextLogin(),
      passwordWrap: try nextWrap(), grants: try nextGrants(using: &random))
  }

  /// One more, or 1 where a root act finds no number left.
  private func next(_ counter: Counter) throws(ProtocolError) -> Counter {
    guard let next = counter.next ?? (isReplacing ? 1 : nil) else {
      throw ProtocolError(.limitReached, "12.8")
    }
    return next
  }

  private func nextState() throws(ProtocolError) -> AccountState? {
    guard makesState else { return nil }
    let (last, identity) = (base.state.state, base.identity)
    let list = try nextList()
    // In the same epoch, what the state before lists and what this act adds: not what a vault claims of others.
    let isSameEpoch = epoch == last.epoch
    let ofAct = vault.listed(in: epoch).subtracting(isSameEpoch ? base.vault.listed(in: epoch) : [])
    let before = isSameEpoch ? Set(last.revoked) : vault.listed(in: last.epoch)
    return try AccountState.make(
      counter: try next(last.counter), made: made,
      validUntil: try min(made.end(after: Limit.validityDefault), list.until), masterKey: masterKey.value,
      list: list, revoked: isSameEpoch ? before.union(ofAct) : Self.listed(ofAct, before),
      signingKey: identity.value.signing)
  }

  /// The ids that a state of a new epoch lists: those of the act first, as many as it has room for. Nobody of the
  /// others has keys of that epoch.
  private static func listed(_ ofAct: Set<AgentID>, _ before: Set<AgentID>) -> Set<AgentID> {
    let most = Limit.revokedMax / AgentID.byteCount
    guard ofAct.union(before).count > most else { return ofAct.union(before) }
    return Set((ofAct.sorted() + before.subtracting(ofAct).sorted()).prefix(most))
  }

  private func nextList() throws(ProtocolError) -> Certificate {
    let (last, identity) = (base.state.state.list, base.identity)
    switch list {
    case .same: return last
    case .renewed:
      return try last.renewed(
        until: made.end(after: Limit.certificateDefault), rootKey: identity.value.signing)
    case .extended:
      return try Certificate.make(
        generation: last.generation, from: last.from, until: last.until,
        signers: vault.grantedPersons.map(\.signer), rootKey: identity.value.signing)
    case .replaced(let generation):
      return try Certificate.make(
        generation: generation, from: made, until: try made.end(after: Limit.certificateDefault),
        signers: vault.grantedPersons.map(\.signer), rootKey: identity.value.signing)
    }
  }

  /// The rule set, where rules, or what is known of their values, or the epoch are new; the vault names it. What
  /// somebody has defined stops no act that makes a generation: R-12.9-10.
  private mutating func nextRuleSet() throws(ProtocolError) -> RuleSet? {
    guard changesRules || epoch != base.epoch, vault.ruleSet != .zero || !vault.rules.isEmpty else {
      return nil
    }
    do {
      let ruleSet = try madeRuleSet()
      vault.ruleSet = Hash(sha256: ruleSet.serialized)
      return ruleSet
    } catch {
      guard isReplacing else { throw error }
      vault.ruleSet = .zero
      return nil
    }
  }

  private func madeRuleSet() throws(ProtocolError) -> RuleSet {
    var ring = KeyRing(accountID: base.accountID, holder: .owner)
    ring.add(masterKey)
    for key in vault.pastKeys { ring.add(key) }
    var sealer = try TokenSealer(key: try masterKey.value.tokenKey())
    var opener = TokenOpener(ring: ring)
    return try RuleSet.make(
      vault.rules, sealer: &sealer, past: seenTokens.union(base.ruleSet?.rules.map(\.token) ?? []),
      opener: &opener)
  }

  /// A person notes the hash of the own PersonKeys with the first publication, and with each new password.
  private mutating func note(_ keysHash: Hash) throws(ProtocolError) {
    var own = try vault.requirePerson(base.personID, "12.8")
    own.keys = keysHash
    try vault.set(own)
  }

  private func nextLogin() throws(ProtocolError) -> Publication.Login? {
    guard let newKeys else { return nil }
    return try newKeys.stretched.value.login(rootKeyOf: base.isOwner ? base.identity : nil)
  }

  /// The owner's wrap is made of head, epoch and MasterKey alone: it is made where one of them is new.
  private func nextWrap() throws(ProtocolError) -> PasswordWrap? {
    guard base.isOwner, newKeys != nil || epoch != base.epoch else { return nil }
    guard let stretched = newKeys?.stretched ?? base.stretched else { return nil }
    return try stretched.value.wrap(masterKey.value)
  }

  /// The master grants that are part of the publication: with a new MasterKey to all persons, this one included.
  private func nextGrants(using random: inout some RandomSource) throws(ProtocolError) -> [Grant] {
    var grants: [Grant] = []
    for person in vault.grantedPersons where epoch != base.epoch || newPersons.contains(person.personID) {
      grants.append(
        try Grant.make(
          .master, to: person.personID, modulus: person.modulus, masterKey: masterKey.value,
          signingKey: base.identity.value.signing, using: &random))
    }
    return grants
  }
}

extension StretchedPassword {
  /// What the service keeps of the login, with what an owner's recovery text proves itself with.
  func login(rootKeyOf owner: Shared<Identity>?) throws(ProtocolError) -> Publication.Login {
    let verifier = StretchedPassword.loginVerifier(of: try loginKey())
    let recovery = try owner.map { (owner) throws(ProtocolError) in
      try owner.value.recoveryProof().withBytes { Hash(sha256: $0) }
    }
    return Publication.Login(id: loginID, verifier: verifier, recoveryVerifier: recovery)
  }
}
