internal import Endkey
internal import EndkeyWire

/// All of an account that a person's device has had from its service or has published: it is kept, to be put back if
/// the service loses data. §12.8
struct KeptAccount: Equatable {
  /// The person whose end this is.
  let personID: AgentID
  /// What the service would hold, as one publication.
  let publication: Publication

  init(personID: AgentID, publication: Publication) {
    self.personID = personID
    self.publication = publication
  }

  /// The same once the service has stored `later`, too.
  func following(with later: Publication) -> KeptAccount {
    let earlier = publication
    let isNewEpoch = later.accountState.map { $0.epoch != earlier.accountState?.epoch } ?? false
    let regranted = Set(later.grants.map(\.recipient))
    return KeptAccount(
      personID: personID,
      publication: Publication(
        expected: later.expected, ownerVault: later.ownerVault,
        accountState: later.accountState ?? earlier.accountState, ruleSet: later.ruleSet ?? earlier.ruleSet,
        personKeys: later.personKeys ?? earlier.personKeys, login: later.login ?? earlier.login,
        passwordWrap: later.passwordWrap ?? earlier.passwordWrap,
        grants: (isNewEpoch ? [] : earlier.grants.filter { !regranted.contains($0.recipient) }) + later.grants
      ))
  }

  /// What the service would give this person; nil where the person's own keys were not kept.
  var whole: Whole? {
    guard let keys = publication.personKeys, let state = publication.accountState else { return nil }
    return Whole(
      personKeys: keys.serialized, passwordWrap: publication.passwordWrap?.serialized,
      accountState: state.serialized,
      grant: publication.grants.first { $0.recipient == personID }?.serialized,
      ownerVault: publication.ownerVault.serialized, ruleSet: publication.ruleSet?.serialized)
  }

  /// What puts it back in the place of the vault that the service holds.
  func replacing(_ held: Hash) -> Publication {
    Publication(
      expected: held, ownerVault: publication.ownerVault, accountState: publication.accountState,
      ruleSet: publication.ruleSet, personKeys: publication.personKeys, login: publication.login,
      passwordWrap: publication.passwordWrap, grants: publication.grants)
  }
}

extension Publication {
  /// What `whole` is, which was opened, with what the service knows the login by.
  init(opened whole: Whole, login: Login?) throws(WireError) {
    self.init(
      expected: nil, ownerVault: try OwnerVault(parsing: whole.ownerVault),
      accountState: try AccountState(parsing: whole.accountState),
      ruleSet: try whole.ruleSet.map { (bytes) throws(WireError) in try RuleSet(parsing: bytes) },
      personKeys: try PersonKeys(parsing: whole.personKeys), login: login,
      passwordWrap: try whole.passwordWrap.map { (bytes) throws(WireError) in try PasswordWrap(parsing: bytes)
      },
      grants: try whole.grant.map { (bytes) throws(WireError) in [try Grant(parsing: bytes)] } ?? [])
  }
}

// As bytes: those of a publication that is being sent, with no pins and no vault that it started from.

extension KeptAccount {
  var serialized: [UInt8] {
    PendingFile(
      pins: [], personID: personID,
      pending: PendingPublication(publication: publication, base: [], baseState: .zero, kind: .plain)
    ).serialized
  }

  /// Nil when `bytes` are not those of `serialized`.
  init?(parsing bytes: [UInt8]) {
    guard let file = PendingFile(parsing: bytes), file.pins.isEmpty else { return nil }
    self.init(personID: file.personID, publication: file.pending.publication)
  }
}
