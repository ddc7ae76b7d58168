internal import EndkeyWire

// A pending publication as it lies on a device's disk.

extension PendingPublication {
  private static var magic: String { "EKpp" }

  private enum Tag: UInt8 {
    case base = 1
    case baseState, kind, expected, vault, state, ruleSet, personKeys, login, wrap, grant, admission
  }

  /// What the caller writes to the device's disk, in one step with the pins that name the publication. All of it is
  /// sealed or signed.
  public var serialized: [UInt8] {
    var parts = TaggedParts(magic: Self.magic)
    func add(_ tag: Tag, _ part: [UInt8]?) { parts.add(tag.rawValue, part) }
    add(.base, base)
    add(.baseState, baseState.bytes)
    add(.kind, [kind.rawValue])
    add(.expected, publication.expected?.bytes)
    add(.vault, publication.ownerVault.serialized)
    add(.state, publication.accountState?.serialized)
    add(.ruleSet, publication.ruleSet?.serialized)
    add(.personKeys, publication.personKeys?.serialized)
    add(.login, publication.login?.serialized)
    add(.wrap, publication.passwordWrap?.serialized)
    for grant in publication.grants { add(.grant, grant.serialized) }
    for admission in publication.admissions { add(.admission, admission.serialized) }
    return parts.bytes
  }

  /// Reads what was written; nil for bytes that are no such thing.
  public init?(parsing bytes: [UInt8]) {
    guard let parts = TaggedParts.read(bytes, magic: Self.magic) else { return nil }
    func part(_ tag: Tag) -> [UInt8]? { parts.first { $0.tag == tag.rawValue }?.bytes }
    guard let vault = part(.vault), let base = part(.base), let baseState = part(.baseState),
      let kind = part(.kind)?.first.flatMap(Kind.init)
    else {
      return nil
    }
    do {
      self.init(
        publication: Publication(
          expected: try part(.expected).map { (bytes) throws(WireError) in try Hash(bytes) },
          ownerVault: try OwnerVault(parsing: vault),
          accountState: try part(.state).map { (bytes) throws(WireError) in try AccountState(parsing: bytes)
          },
          ruleSet: try part(.ruleSet).map { (bytes) throws(WireError) in try RuleSet(parsing: bytes) },
          personKeys: try part(.personKeys).map { (bytes) throws(WireError) in
            try PersonKeys(parsing: bytes)
          },
          login: try part(.login).map { (bytes) throws(WireError) in try Publication.Login(parsing: bytes) },
          passwordWrap: try part(.wrap).map { (bytes) throws(WireError) in
            try PasswordWrap(parsing: bytes)
          },
          grants: try parts.filter { $0.tag == Tag.grant.rawValue }.map { (part) throws(WireError) in
            try Grant(parsing: part.bytes)
          },
          admissions: try parts.filter { $0.tag == Tag.admission.rawValue }.map { (part) throws(WireError) in
            try Admission(parsing: part.bytes)
          }), base: base, baseState: try Hash(baseState), kind: kind)
    } catch {
      return nil
    }
    guard serialized == bytes else { return nil }
  }
}

extension Publication.Login {
  var serialized: [UInt8] { id.bytes + verifier.bytes + (recoveryVerifier?.bytes ?? []) }

  init(parsing bytes: [UInt8]) throws(WireError) {
    let recovery = bytes.count > 64 ? try Hash(Array(bytes[64...])) : nil
    self.init(
      id: try Hash(Array(bytes.prefix(32))), verifier: try Hash(Array(bytes.dropFirst(32).prefix(32))),
      recoveryVerifier: recovery)
  }
}
