/// What the service answers a person who asks for the whole account, as section 6 of `spec/http.md` says.
public struct WholeEnvelope: WireStruct {
  public static var section: Section { .envelopes }

  /// The person's own keys.
  public var keys: PersonKeys
  /// The newest state.
  public var state: AccountState
  /// The owner's wrap; none for another person.
  public var wrap: PasswordWrap?
  /// The newest Grant to the person, if there is one.
  public var grant: Grant?
  /// The newest vault; none for a person whom the state does not name yet.
  public var vault: OwnerVault?
  /// The newest rule set, if there is one.
  public var ruleSet: RuleSet?

  /// A whole of these parts.
  public init(
    keys: PersonKeys, state: AccountState, wrap: PasswordWrap? = nil, grant: Grant? = nil,
    vault: OwnerVault? = nil, ruleSet: RuleSet? = nil
  ) {
    self.keys = keys
    self.state = state
    self.wrap = wrap
    self.grant = grant
    self.vault = vault
    self.ruleSet = ruleSet
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    try reader.magic("EKwh")
    keys = try reader.nested("keys")
    state = try reader.nested("state")
    wrap = try reader.presentStruct("wrap")
    grant = try reader.presentStruct("grant")
    vault = try reader.presentStruct("vault")
    ruleSet = try reader.presentStruct("rules")
  }

  public var serializedCount: Int {
    4 + keys.serializedCount + state.serializedCount + Self.presentCount(wrap) + Self.presentCount(grant)
      + Self.presentCount(vault) + Self.presentCount(ruleSet)
  }

  public func serialize(into writer: inout Writer) {
    writer.magic("EKwh")
    keys.serialize(into: &writer)
    state.serialize(into: &writer)
    writer.presentStruct(wrap)
    writer.presentStruct(grant)
    writer.presentStruct(vault)
    writer.presentStruct(ruleSet)
  }
}

extension WireStruct {
  /// The bytes of a part that may be absent, with the one that says so.
  static func presentCount(_ part: (some WireStruct)?) -> Int { 1 + (part?.serializedCount ?? 0) }
}

extension Reader {
  /// A struct behind a byte that says whether it is there.
  mutating func presentStruct<Value: WireStruct>(
    _ name: StaticString, as type: Value.Type = Value.self
  ) throws(WireError) -> Value? {
    try flag("presence") ? try nested(name) : nil
  }
}

extension Writer {
  /// A struct behind a byte that says whether it is there.
  mutating func presentStruct(_ value: (some WireStruct)?) {
    flag(value != nil)
    value?.serialize(into: &self)
  }
}
