public import EndkeyWire

/// What an act of a person's end gives to be stored at the service, as one step: the service replaces all of it at
/// once, and only if the vault that it holds is the one that the act started from. §12.8
public struct Publication: Equatable, Sendable {
  /// The hash of the vault that the service must hold; nil for a new account.
  public let expected: Hash?
  /// The vault, which names every other message.
  public let ownerVault: OwnerVault
  /// The state, when the act makes one.
  public let accountState: AccountState?
  /// The rule set, when it changes.
  public let ruleSet: RuleSet?
  /// The person's own keys, when the password changes.
  public let personKeys: PersonKeys?
  /// What the service knows the login by, with new PersonKeys.
  public let login: Login?
  /// The MasterKey under the owner's password.
  public let passwordWrap: PasswordWrap?
  /// The MasterKey for each person, when it is new, or for a new person. They are part of the step: a vault that no
  /// person could open would lose the MasterKey.
  public let grants: [Grant]
  /// What lets requests under the codes that live in at the service, in the order of their hashes. §10.2
  public let admissions: [Admission]

  /// What the service keeps of a person's login. §9.4
  public struct Login: Equatable, Sendable {
    /// H("login-id", login name).
    public let id: Hash
    /// H("login-verifier", login key).
    public let verifier: Hash
    /// SHA-256 of what the owner's recovery text proves itself with; nil for a manager.
    public let recoveryVerifier: Hash?

    /// A login of these hashes.
    public init(id: Hash, verifier: Hash, recoveryVerifier: Hash?) {
      self.id = id
      self.verifier = verifier
      self.recoveryVerifier = recoveryVerifier
    }
  }

  /// A publication of these messages.
  public init(
    expected: Hash?, ownerVault: OwnerVault, accountState: AccountState? = nil, ruleSet: RuleSet? = nil,
    personKeys: PersonKeys? = nil, login: Login? = nil, passwordWrap: PasswordWrap? = nil,
    grants: [Grant] = [], admissions: [Admission] = []
  ) {
    self.expected = expected
    self.ownerVault = ownerVault
    self.accountState = accountState
    self.ruleSet = ruleSet
    self.personKeys = personKeys
    self.login = login
    self.passwordWrap = passwordWrap
    self.grants = grants
    self.admissions = admissions
  }

  /// The hash of the vault: what the service holds once it has stored the publication.
  public var vaultHash: Hash { Hash(sha256: ownerVault.serialized) }

  /// What pins and vault name the messages by.
  var hashes: OwnerPins.PendingHashes {
    OwnerPins.PendingHashes(
      vault: vaultHash, state: accountState.map { Hash(sha256: $0.serialized) } ?? .zero,
      ruleSet: ruleSet.map { Hash(sha256: $0.serialized) } ?? .zero)
  }
}

/// A publication that is being sent, with what it takes to make it anew after another end was faster. Its messages are
/// sealed or signed, so that it may lie on a disk. §12.8
public struct PendingPublication: Equatable, Sendable {
  /// What is sent, and sent again byte for byte.
  public let publication: Publication
  /// The vault that the act started from; empty where there was none.
  public let base: [UInt8]
  /// The hash of the state that belongs to that vault.
  public let baseState: Hash
  /// What its act does that decides what becomes of it where another end was faster.
  public let kind: Kind

  /// What an act does that decides what becomes of it where another end was faster.
  public enum Kind: UInt8, Sendable {
    /// None of what the others do.
    case plain
    /// It removes members: a person was asked about others.
    case removing
    /// It lists one person more in the same generation.
    case extending
    /// It makes a generation: a person was asked about all members.
    case replacing

    var isRootAct: Bool { self == .extending || self == .replacing }
    var asksAboutMembers: Bool { self == .removing || self == .replacing }
  }

  /// A publication that was made on the vault `base`.
  public init(publication: Publication, base: [UInt8], baseState: Hash, kind: Kind) {
    self.publication = publication
    self.base = base
    self.baseState = baseState
    self.kind = kind
  }
}

extension OwnerPins {
  /// What is remembered once a publication was sent: it is on the disk before the first byte leaves.
  func sending(_ publication: Publication) -> OwnerPins {
    var pins = self
    pins.pending = publication.hashes
    if let state = publication.accountState { pins.generation = max(generation, state.generation) }
    return pins
  }

  /// What is remembered once the service has stored a publication. It needs no key.
  public func settled(_ publication: Publication) -> OwnerPins {
    var pins = self
    pins.pending = nil
    if let keys = publication.personKeys { pins.head = keys.head }
    if let state = publication.accountState {
      pins.state = AcceptedState(state)
      pins.generation = max(generation, state.generation)
    }
    pins.vaultCounter = publication.ownerVault.counter
    pins.vaultHash = publication.vaultHash
    return pins
  }

  /// What is remembered once the messages of a publication are lost. Nothing tells then whether a state that was among
  /// them had a list of its own: it counts as a root act. §12.9
  func dropping() -> OwnerPins {
    var pins = self
    pins.pending = nil
    if let pending, pending.state != .zero { pins.generation = generation.next ?? generation }
    return pins
  }

  /// What became of the publication that these pins call pending, when the service gives the whole of `session`.
  func settling(
    _ pending: PendingPublication, by answer: Settlement.Answer, from session: OwnerSession
  ) -> Settlement {
    let sent = pending.publication.accountState
    return Settlement(
      Settlement.Pending(
        vault: pending.publication.vaultHash, state: sent.map { Hash(sha256: $0.serialized) },
        generation: sent?.generation ?? generation,
        isRootAct: pending.kind.isRootAct, asksAboutMembers: pending.kind.asksAboutMembers),
      base: pending.baseState, generation: generation, answer: answer,
      served: Settlement.Served(
        vault: session.vaultHash, recent: session.vault.recent, states: session.vault.states.map(\.hash)))
  }

  /// What is remembered once nothing is pending any more.
  func settled(_ settlement: Settlement) -> OwnerPins {
    var pins = self
    pins.pending = nil
    pins.generation = settlement.generation
    return pins
  }
}
