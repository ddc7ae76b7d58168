/// What a person's end posts as one step: the parts of a publication, and which admissions live from then on,
/// as section 6 of `spec/http.md` says.
public struct PublicationEnvelope: WireStruct {
  public static var section: Section { .envelopes }

  /// The SHA-256 of the vault that the service must hold; zero to make an account.
  public var expected: Hash
  /// The new vault.
  public var vault: OwnerVault
  /// The new state, if there is one.
  public var state: AccountState?
  /// The new rule set, if there is one.
  public var ruleSet: RuleSet?
  /// The person's new keys and login, if there are any.
  public var keys: KeysAndLogin?
  /// The new wrap, if there is one.
  public var wrap: PasswordWrap?
  /// Master Grants to persons: at most 64.
  public var masters: BoundedList<Masters>
  /// The admissions of the codes that live: at most 256, strictly ascending by their bytes.
  public var admissions: BoundedList<Admissions>

  /// A publication of these parts.
  public init(
    expected: Hash, vault: OwnerVault, state: AccountState? = nil, ruleSet: RuleSet? = nil,
    keys: KeysAndLogin? = nil, wrap: PasswordWrap? = nil, masters: BoundedList<Masters>,
    admissions: BoundedList<Admissions>
  ) {
    self.expected = expected
    self.vault = vault
    self.state = state
    self.ruleSet = ruleSet
    self.keys = keys
    self.wrap = wrap
    self.masters = masters
    self.admissions = admissions
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    try reader.magic("EKpu")
    expected = try reader.fixed("expect")
    vault = try reader.nested("vault")
    state = try reader.presentStruct("state")
    ruleSet = try reader.presentStruct("rules")
    keys = try reader.presentStruct("keys")
    wrap = try reader.presentStruct("wrap")
    masters = try reader.list("masters")
    admissions = try reader.list("admissions")
  }

  public var serializedCount: Int {
    let lists = 2 + masters.contentCount + 2 + admissions.contentCount
    return 4 + Hash.byteCount + vault.serializedCount + Self.presentCount(state) + Self.presentCount(ruleSet)
      + Self.presentCount(keys) + Self.presentCount(wrap) + lists
  }

  public func serialize(into writer: inout Writer) {
    writer.magic("EKpu")
    writer.fixed(expected)
    vault.serialize(into: &writer)
    writer.presentStruct(state)
    writer.presentStruct(ruleSet)
    writer.presentStruct(keys)
    writer.presentStruct(wrap)
    masters.serialize(into: &writer)
    admissions.serialize(into: &writer)
  }

  /// What `masters` may hold.
  public enum Masters: ListRule {
    /// What the list consists of.
    public typealias Element = Grant
    /// The number of bytes of all elements.
    public static var bounds: ClosedRange<Int> { 0...27_200 }
    /// The number of bytes of each element.
    public static var elementSize: Int { Grant.byteCount }
  }

  /// What `admissions` may hold.
  public enum Admissions: ListRule {
    /// What the list consists of.
    public typealias Element = Admission
    /// The number of bytes of all elements.
    public static var bounds: ClosedRange<Int> { 0...11_008 }
    /// The number of bytes of each element.
    public static var elementSize: Int { Admission.byteCount }
    /// Whether `next` may follow `element`.
    public static func inOrder(_ element: Admission, _ next: Admission, _ secrets: Span<UInt8>) -> Bool {
      element.credential < next.credential
    }
  }
}

/// A code that lets requests in, as the service knows it: 43 bytes, in section 6 of `spec/http.md`.
public struct Admission: WireStruct {
  public static var section: Section { .envelopes }
  /// The number of bytes of each value: always 43.
  public static var byteCount: Int { 43 }

  /// The SHA-256 of the code's admission key.
  public var credential: Hash
  /// What the holder of the code becomes.
  public var role: Role
  /// How many requests it still lets in.
  public var uses: UInt16
  /// When it ends.
  public var expires: Time

  /// An admission of these fields.
  public init(credential: Hash, role: Role, uses: UInt16, expires: Time) {
    self.credential = credential
    self.role = role
    self.uses = uses
    self.expires = expires
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    credential = try reader.fixed("credential")
    role = try reader.value("role")
    uses = try reader.uint16("uses")
    expires = try reader.time("expires")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.fixed(credential)
    writer.value(role)
    writer.uint16(uses)
    writer.time(expires)
  }
}

/// A person's keys under a new password, and what the service checks a login and a recovery by: 525 bytes, in
/// section 6 of `spec/http.md`.
public struct KeysAndLogin: WireStruct {
  public static var section: Section { .envelopes }
  /// The number of bytes of each value: always 525.
  public static var byteCount: Int { 525 }

  /// The keys.
  public var keys: PersonKeys
  /// The hash of the login name.
  public var loginID: Hash
  /// The hash of the login key.
  public var loginVerifier: Hash
  /// The hash of the owner's recovery key; zero for a manager.
  public var recoveryVerifier: Hash

  /// Keys and login of these fields.
  public init(keys: PersonKeys, loginID: Hash, loginVerifier: Hash, recoveryVerifier: Hash) {
    self.keys = keys
    self.loginID = loginID
    self.loginVerifier = loginVerifier
    self.recoveryVerifier = recoveryVerifier
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    keys = try reader.nested("keys")
    loginID = try reader.fixed("login_id")
    loginVerifier = try reader.fixed("login_verifier")
    recoveryVerifier = try reader.fixed("recovery_verifier")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    keys.serialize(into: &writer)
    writer.fixed(loginID)
    writer.fixed(loginVerifier)
    writer.fixed(recoveryVerifier)
  }
}
