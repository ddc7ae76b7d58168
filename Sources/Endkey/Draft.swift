internal import EndkeyPrimitives
internal import EndkeyWire

/// An act in the making: what the next vault says, and what else must be published with it. §12.8, §12.9
struct Draft: Sendable {
  /// What the act starts from.
  let base: OwnerSession
  /// When the act is made.
  let made: Time
  /// What the next vault says.
  var vault: Vault
  /// The MasterKey after the act.
  private(set) var masterKey: Shared<MasterKey>
  /// What becomes of the list of persons.
  private(set) var list = ListChange.same
  /// Whether the act makes a state.
  private(set) var makesState = false
  /// Whether it makes another list of persons, or another generation.
  private(set) var isRootAct = false
  /// Whether the rules, or what is known of their values, change.
  var changesRules = false
  /// Tokens of past epochs that were seen, so that their rules serve on.
  var seenTokens: Set<Token> = []
  /// Persons who are new.
  var newPersons: Set<AgentID> = []
  /// The keys under a new password.
  var newKeys: NewKeys?
  /// A publication of this end that was lost to another vault of the same state: what it has besides the vault stays,
  /// byte for byte.
  private(set) var kept: Besides?

  /// What a publication has besides the vault and the rules that it names.
  struct Besides: Sendable {
    let accountState: AccountState?
    let personKeys: PersonKeys?
    let login: Publication.Login?
    let passwordWrap: PasswordWrap?
    let grants: [Grant]
  }

  /// A person's keys under a new password.
  struct NewKeys: Sendable {
    let keys: PersonKeys
    let stretched: Shared<StretchedPassword>
  }

  /// What becomes of the list of persons.
  enum ListChange: Sendable {
    case same
    /// The same list for longer.
    case renewed
    /// One person more, in the same generation.
    case extended
    /// Another generation.
    case replaced(Generation)
  }

  init(base: OwnerSession, made: Time) {
    self.base = base
    self.made = made
    vault = base.vault
    masterKey = base.masterKey
  }

  /// The vault of `after`, which this end has lost, made anew on top of `base`: see `VaultMerge`.
  init(base: OwnerSession, keeping pending: PendingPublication, after: OwnerSession, vault: Vault) {
    self.init(base: base, made: max(vault.made, after.vault.made))
    self.vault = vault
    isRootAct = pending.kind.isRootAct
    let kept = pending.publication
    self.kept = Besides(
      accountState: kept.accountState, personKeys: kept.personKeys, login: kept.login,
      passwordWrap: kept.passwordWrap, grants: kept.grants)
    masterKey = after.masterKey
    seenTokens = Set(after.ruleSet?.rules.map(\.token) ?? [])
  }

  var epoch: Epoch { masterKey.value.epoch }

  /// Whether the act makes another generation.
  var isReplacing: Bool {
    if case .replaced = list { true } else { false }
  }

  /// The act makes a state, of the list of now where nothing else is said.
  mutating func makeState() { makesState = true }

  mutating func renewList() {
    list = .renewed
    makesState = true
  }

  mutating func extendList() {
    list = .extended
    (makesState, isRootAct) = (true, true)
  }

  /// Another generation ends all codes: their texts name an older one. §12.9
  mutating func replaceList(_ generation: Generation) throws(ProtocolError) {
    list = .replaced(generation)
    vault.codes = []
    (makesState, isRootAct) = (true, true)
    try endUnlisted()
  }

  /// Persons whom a greater list that is served has no more are removed.
  mutating func endUnlisted() throws(ProtocolError) {
    for person in base.aside?.gone(from: vault, under: base.state.state) ?? [] {
      var person = person
      person.status = .removed
      try vault.set(person)
    }
  }

  /// Goes to the next epoch: a new MasterKey, the old one among the past keys. R-7-2
  ///
  /// A root act may take any number that is not used: whoever drove the epochs to their end gains nothing.
  mutating func beginEpoch(using random: inout some RandomSource) throws(ProtocolError) {
    let next = isReplacing ? unusedEpoch() : epoch.next
    guard let next else { throw ProtocolError(.limitReached, "12.2") }
    try vault.keep(masterKey, most: mostPastKeys)
    if let keys = base.aside?.keys { vault.unite([keys], most: mostPastKeys) }
    masterKey = Shared(try MasterKey(accountID: base.accountID, epoch: next, using: &random))
    makesState = true
  }

  /// Puts the MasterKeys that this end had kept and the account lacks among the past keys, once the act has ended its
  /// epoch. A merge is of what the act has put there. R-12.7-11
  mutating func giveBack() {
    guard kept == nil else { return }
    vault.unite(base.ended.map(\.keys), most: mostPastKeys)
  }

  /// How many past keys the act may leave.
  private var mostPastKeys: Int { isReplacing ? Limit.pastKeysMax : Vault.pastKeysOfAll }

  /// The first epoch above this one that no past key has, or the least of all.
  private func unusedEpoch() -> Epoch? {
    let used = Set(vault.pastEpochs + [epoch])
    var candidate = epoch.next
    while let next = candidate, used.contains(next) { candidate = next.next }
    if let candidate { return candidate }
    candidate = .first
    while let next = candidate, used.contains(next) { candidate = next.next }
    return candidate
  }

  /// The members with these ids get no keys any more; which epoch lists them first is that of the act.
  mutating func end(_ ids: Set<AgentID>, as status: MemberStatus) throws(ProtocolError) {
    for id in ids {
      var member = try vault.requireMember(id, "12.3")
      guard member.status == .granted else { throw ProtocolError(.revoked, "12.3") }
      member.status = status
      member.listed = epoch.value
      try vault.set(member)
    }
    makesState = true
  }
}
