internal import EndkeyPrimitives
internal import EndkeyWire

/// An account's first publication under an owner's keys: a new account, or one that is recovered. §12.9, §12.6
struct Founding: Sendable {
  let identity: Shared<Identity>
  let stretched: Shared<StretchedPassword>
  let masterKey: Shared<MasterKey>
  /// When it is made, by the owner's clock.
  let made: Time
  let generation: Generation
  let stateCounter: Counter
  let vaultCounter: Counter
  /// The hash of the vault that the service holds; nil for a new account.
  let expected: Hash?
  /// Besides the owner.
  let persons: [Person]
  let members: [Member]
  let retentionDays: RetentionDays

  /// What is made.
  struct Made: Sendable {
    let publication: Publication
    let session: OwnerSession
    let pins: OwnerPins
  }

  func make(using random: inout some RandomSource) throws(ProtocolError) -> Made {
    let keys = try PersonKeys.seal(identity.value, with: stretched.value, using: &random)
    let owner = Person(
      personID: identity.value.agentID, role: .owner, status: .granted, modulus: identity.value.modulus,
      verifyKey: identity.value.verifyKey, keys: keys.hash, label: .empty)
    let state = AcceptedState(try makeState([owner] + persons))
    var vault = Vault(
      made: made, madeBy: owner.personID, state: state.note, persons: [owner] + persons,
      retentionDays: retentionDays, blobDays: retentionDays)
    for member in members { try vault.set(member) }
    if let expected { vault.follow(expected) }
    let written = try vault.sealed(
      counter: vaultCounter, masterKey: masterKey.value, signingKey: identity.value.signing, using: &random)
    let publication = Publication(
      expected: expected, ownerVault: written, accountState: state.state, personKeys: keys,
      login: try stretched.value.login(rootKeyOf: identity),
      passwordWrap: try stretched.value.wrap(masterKey.value),
      grants: try makeGrants(vault, using: &random))
    let bytes = written.serialized
    let session = OwnerSession(
      identity: identity, personID: owner.personID, stretched: stretched, personKeys: keys,
      keysHash: keys.hash,
      masterKey: masterKey, state: state,
      vault: vault, vaultCounter: written.counter, vaultHash: Hash(sha256: bytes), vaultBytes: bytes,
      ruleSet: nil, hasWrap: true)
    let pins = OwnerPins(
      head: keys.head, state: nil, generation: generation, isConfirmed: true, vaultCounter: 0,
      vaultHash: .zero, pending: nil, writes: 0)
    return Made(publication: publication, session: session, pins: pins.sending(publication))
  }

  private func makeState(_ persons: [Person]) throws(ProtocolError) -> AccountState {
    let until = try made.end(after: Limit.certificateDefault)
    let list = try Certificate.make(
      generation: generation, from: made, until: until, signers: persons.map(\.signer),
      rootKey: identity.value.signing)
    return try AccountState.make(
      counter: stateCounter, made: made, validUntil: try made.end(after: Limit.validityDefault),
      masterKey: masterKey.value, list: list, revoked: [], signingKey: identity.value.signing)
  }

  private func makeGrants(
    _ vault: Vault, using random: inout some RandomSource
  ) throws(ProtocolError) -> [Grant] {
    var grants: [Grant] = []
    for person in vault.grantedPersons {
      grants.append(
        try Grant.make(
          .master, to: person.personID, modulus: person.modulus, masterKey: masterKey.value,
          signingKey: identity.value.signing, using: &random))
    }
    return grants
  }

  /// The number of a generation: above every one that this end has signed or seen, and the minutes since 1970, so that
  /// what a lost device has signed before is passed. R-12.9-1
  static func generation(after greatest: Generation?, at made: Time) throws(ProtocolError) -> Generation {
    let (next, overflow) = (greatest?.value ?? 0).addingReportingOverflow(1)
    guard !overflow, let minutes = UInt32(exactly: made.milliseconds / 60_000) else {
      throw ProtocolError(.limitReached, "12.9")
    }
    return try wire { () throws(WireError) in try Generation(max(next, minutes)) }
  }
}
