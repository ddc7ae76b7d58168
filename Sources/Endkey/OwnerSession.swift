internal import EndkeyPrimitives
package import EndkeyWire

/// All that a person's end holds while the account is open. Copies share the keys. R-19-2
package struct OwnerSession: Sendable {
  let identity: Shared<Identity>
  let personID: AgentID
  /// Nil where the password was changed by an interrupted act and has not been typed since.
  let stretched: Shared<StretchedPassword>?
  let personKeys: PersonKeys
  /// Of the person's PersonKeys.
  let keysHash: Hash
  package let masterKey: Shared<MasterKey>
  /// That belongs to the vault.
  let state: AcceptedState
  let vault: Vault
  let vaultCounter: Counter
  let vaultHash: Hash
  /// The vault as it is stored: what an act starts from.
  let vaultBytes: [UInt8]
  let ruleSet: RuleSet?
  /// Whether the service has a wrap of this epoch that opens.
  let hasWrap: Bool
  /// What the service has in the place of this whole, which this end had kept; nil where it has this one.
  package var aside: Aside?
  /// Wholes that this owner's end had kept, with those of their MasterKeys that the account lacks, their own first.
  /// R-12.7-11
  package var ended: [(whole: Whole, keys: [Shared<MasterKey>])] = []

  package var accountID: AccountID { state.state.accountID }
  package var epoch: Epoch { state.state.epoch }
  /// Whether the service has another whole, which does not open.
  var isAside: Bool { aside != nil }
  /// Whether this person holds the root key.
  var isOwner: Bool { identity.value.verifyKey == state.state.rootKey }

  package init(
    identity: Shared<Identity>, personID: AgentID, stretched: Shared<StretchedPassword>?,
    personKeys: PersonKeys, keysHash: Hash, masterKey: Shared<MasterKey>, state: AcceptedState, vault: Vault,
    vaultCounter: Counter, vaultHash: Hash, vaultBytes: [UInt8], ruleSet: RuleSet?, hasWrap: Bool
  ) {
    self.identity = identity
    self.personID = personID
    self.stretched = stretched
    self.personKeys = personKeys
    self.keysHash = keysHash
    self.masterKey = masterKey
    self.state = state
    self.vault = vault
    self.vaultCounter = vaultCounter
    self.vaultHash = vaultHash
    self.vaultBytes = vaultBytes
    self.ruleSet = ruleSet
    self.hasWrap = hasWrap
  }

  /// The keys of all epochs.
  var ring: KeyRing {
    var ring = KeyRing(accountID: accountID, holder: .owner)
    ring.add(masterKey)
    for key in vault.pastKeys { ring.add(key) }
    return ring
  }

  /// What the end holds once `publication` of its own is stored.
  ///
  /// It is read from the publication's bytes, as after a crash: what cannot be opened is found before it is sent.
  func after(
    _ publication: Publication, stretched: Shared<StretchedPassword>?
  ) throws(ProtocolError) -> OwnerSession {
    let state = publication.accountState.map { AcceptedState($0) } ?? state
    let keys = publication.personKeys ?? personKeys
    let masterKey = try masterKey(of: state, in: publication)
    let bytes = publication.ownerVault.serialized
    let check = VaultCheck(state: state, personID: personID, keysHash: keys.hash)
    let (message, vault) = try check.open(bytes, with: masterKey.value)
    return OwnerSession(
      identity: identity, personID: personID,
      stretched: keys == personKeys ? self.stretched ?? stretched : stretched, personKeys: keys,
      keysHash: keys.hash, masterKey: masterKey, state: state, vault: vault, vaultCounter: message.counter,
      vaultHash: Hash(sha256: bytes), vaultBytes: bytes,
      ruleSet: vault.ruleSet == .zero ? nil : publication.ruleSet ?? ruleSet,
      hasWrap: publication.passwordWrap != nil || (hasWrap && masterKey === self.masterKey))
  }

  private func masterKey(
    of state: AcceptedState, in publication: Publication
  ) throws(ProtocolError) -> Shared<MasterKey> {
    if try masterKey.value.fits(state.state) { return masterKey }
    guard let grant = publication.grants.first(where: { $0.recipient == personID }) else {
      throw ProtocolError(.noMasterKey, "12.8")
    }
    let check = GrantCheck(accountID: accountID, recipient: personID, kind: .master, state: state)
    return Shared(try check.open(grant.serialized, with: identity.value).requireMaster("12.8"))
  }
}

extension GrantedKeys {
  /// The MasterKey of a grant that was checked to be of this kind.
  consuming func requireMaster(_ section: String) throws(ProtocolError) -> MasterKey {
    switch consume self {
    case .master(let masterKey): return masterKey
    case .scoped: throw ProtocolError(.internalError, section)
    }
  }
}
