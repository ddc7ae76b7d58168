public import EndkeyWire

/// What a person's device keeps of the account beside its pins: all of it as the service had it when it was opened
/// last, or once it had stored what this end has published since. An owner's root act starts from it where what the
/// service has does not open, and it is put back at a service that lost data. All of it is sealed or signed. §12.7
public struct KeptAccount: Equatable, Sendable {
  /// The person whose end this is.
  public let personID: AgentID
  /// What the service gave the person.
  public private(set) var whole: Whole
  /// What the service knows the person's login by, as far as this end knows it.
  public private(set) var login: Publication.Login?
  /// The master grants of this epoch that this end has made for others.
  public private(set) var grants: [Grant] = []
  /// Wholes that were kept before and have MasterKeys that the account lacks, one of each generation: the next
  /// publication gives them back. R-12.7-11
  public private(set) var ended: [Whole] = []

  private init(personID: AgentID, whole: Whole) {
    self.personID = personID
    self.whole = whole
  }

  /// What the service has once it has stored the publication of this person's with which an account begins, or begins
  /// anew; nil where it is another one.
  public init?(first publication: Publication, by personID: AgentID) {
    guard let whole = Whole(first: publication, by: personID) else { return nil }
    self.init(personID: personID, whole: whole)
    take(publication)
  }

  /// What was opened, after what was kept `before`.
  package init(
    opened whole: Whole, by personID: AgentID, login: Publication.Login?, ended: [Whole],
    after before: KeptAccount?
  ) {
    self.init(personID: personID, whole: whole)
    let before = before?.personID == personID ? before : nil
    self.login = login ?? before?.login
    self.ended = ended
    grants = before?.grants ?? []
    if let epoch = OwnerVault(reading: whole.ownerVault)?.epoch { grants.removeAll { $0.epoch != epoch } }
  }

  /// What the service has once it has stored a publication of this person's, which started from this whole; nil where
  /// it started from another one.
  public func after(_ pending: PendingPublication) -> KeptAccount? {
    guard whole.ownerVault == pending.base else { return nil }
    var account = self
    account.whole.take(pending.publication, by: personID)
    account.take(pending.publication)
    return account
  }

  private mutating func take(_ publication: Publication) {
    login = publication.login ?? login
    let others = publication.grants.filter { $0.recipient != personID }
    let regranted = Set(others.map(\.recipient))
    grants.removeAll { $0.epoch != publication.ownerVault.epoch || regranted.contains($0.recipient) }
    grants += others
  }

  /// The head of the person's PersonKeys.
  public var head: PasswordHeader? { PersonKeys(reading: whole.personKeys)?.head }

  /// What puts it back in the place of what the service holds for the person, which is sent nothing it has. `vault`
  /// is this account's, opened. What nobody reads of it, and is no message, stays away.
  ///
  /// - Throws: a fault of format where it never opened.
  public func replacing(_ held: Whole, with vault: Vault) throws(ProtocolError) -> Publication {
    let ownerVault = try OwnerVault(received: whole.ownerVault)
    let state = try AccountState(received: whole.accountState)
    let keys = try PersonKeys(received: whole.personKeys)
    let hasKeys = held.personKeys == whole.personKeys
    return Publication(
      expected: Hash(sha256: held.ownerVault), ownerVault: ownerVault,
      accountState: held.accountState == whole.accountState ? nil : state,
      ruleSet: whole.ruleSet.flatMap { RuleSet(reading: $0) },
      personKeys: hasKeys ? nil : keys, login: hasKeys ? nil : login,
      passwordWrap: whole.passwordWrap.flatMap { PasswordWrap(reading: $0) },
      grants: [whole.grant.flatMap { Grant(reading: $0) }].compactMap(\.self) + grants,
      admissions: try vault.admissions(of: ownerVault.accountID))
  }
}

// As bytes.

extension KeptAccount {
  private static var magic: String { "EKka" }

  private enum Tag: UInt8 {
    case personID = 1
    case whole, login, grant, ended
  }

  /// What a device writes before the pins that go with it.
  public var serialized: [UInt8] {
    var parts = TaggedParts(magic: Self.magic)
    parts.add(Tag.personID.rawValue, personID.bytes)
    parts.add(Tag.whole.rawValue, whole.serialized)
    parts.add(Tag.login.rawValue, login?.serialized)
    for grant in grants { parts.add(Tag.grant.rawValue, grant.serialized) }
    for whole in ended { parts.add(Tag.ended.rawValue, whole.serialized) }
    return parts.bytes
  }

  /// Reads what was written; nil for bytes that are no such thing.
  public init?(parsing bytes: [UInt8]) {
    guard let parts = TaggedParts.read(bytes, magic: Self.magic) else { return nil }
    func all(_ tag: Tag) -> [[UInt8]] { parts.filter { $0.tag == tag.rawValue }.map(\.bytes) }
    guard let personID = all(.personID).first, let whole = all(.whole).first.flatMap(Whole.init(parsing:))
    else { return nil }
    do {
      self.init(personID: try AgentID(personID), whole: whole)
      login = try all(.login).first.map { (bytes) throws(WireError) in try Publication.Login(parsing: bytes) }
    } catch {
      return nil
    }
    grants = all(.grant).compactMap { Grant(reading: $0) }
    ended = all(.ended).compactMap(Whole.init(parsing:))
    guard serialized == bytes else { return nil }
  }
}
