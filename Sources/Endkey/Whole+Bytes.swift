import EndkeyWire

// The whole that a person's end keeps, as it lies on its disk. §12.7

extension Whole {
  private static var magic: String { "EKwh" }

  private enum Tag: UInt8 {
    case personKeys = 1
    case passwordWrap, accountState, grant, ownerVault, ruleSet
  }

  /// What a person's end writes. All of it is sealed or signed.
  var serialized: [UInt8] {
    var parts = TaggedParts(magic: Self.magic)
    parts.add(Tag.personKeys.rawValue, personKeys)
    parts.add(Tag.passwordWrap.rawValue, passwordWrap)
    parts.add(Tag.accountState.rawValue, accountState)
    parts.add(Tag.grant.rawValue, grant)
    parts.add(Tag.ownerVault.rawValue, ownerVault)
    parts.add(Tag.ruleSet.rawValue, ruleSet)
    return parts.bytes
  }

  /// Reads what was written; nil for bytes that are no such thing.
  init?(parsing bytes: [UInt8]) {
    guard let parts = TaggedParts.read(bytes, magic: Self.magic) else { return nil }
    func part(_ tag: Tag) -> [UInt8]? { parts.first { $0.tag == tag.rawValue }?.bytes }
    guard let personKeys = part(.personKeys), let state = part(.accountState), let vault = part(.ownerVault)
    else { return nil }
    self.init(
      personKeys: personKeys, passwordWrap: part(.passwordWrap), accountState: state, grant: part(.grant),
      ownerVault: vault, ruleSet: part(.ruleSet))
    guard serialized == bytes else { return nil }
  }

  /// What the service has for a person once it has stored the publication of this person's with which an account
  /// begins, or begins anew; nil where it is another one.
  init?(first publication: Publication, by personID: AgentID) {
    guard let keys = publication.personKeys, let state = publication.accountState else { return nil }
    self.init(
      personKeys: keys.serialized, passwordWrap: nil, accountState: state.serialized, grant: nil,
      ownerVault: publication.ownerVault.serialized, ruleSet: nil)
    take(publication, by: personID)
  }

  /// What the service has for a person once it has stored a publication of this person's, which started from this
  /// whole.
  mutating func take(_ publication: Publication, by personID: AgentID) {
    ownerVault = publication.ownerVault.serialized
    if let state = publication.accountState { accountState = state.serialized }
    if let keys = publication.personKeys { personKeys = keys.serialized }
    if let wrap = publication.passwordWrap { passwordWrap = wrap.serialized }
    if let rules = publication.ruleSet { ruleSet = rules.serialized }
    if let own = publication.grants.first(where: { $0.recipient == personID }) { grant = own.serialized }
  }
}
