package import EndkeyPrimitives
public import EndkeyWire

/// An enrolment code as the vault keeps it: `Code` of §8.4. Copies share the secret.
public struct LiveCode: Sendable {
  /// Random, and public: members are known by the code that they came by.
  public let id: Bytes<8>
  private let shared: Shared<SecretBytes>
  /// What the persons call it.
  public internal(set) var label: BoundedBytes<0, 255>
  /// Whether the code enrols agents or one manager.
  public let role: Role
  /// What its computers are granted.
  public let kind: GrantKind
  /// Whether a person must let in each computer that comes with the code.
  public let approval: Approval
  /// How many more computers the code enrols.
  public internal(set) var usesLeft: UInt16
  /// When the code ends; nil for never.
  public let expires: Time?
  /// The nonces of the requests that were granted under this code, in that order.
  public internal(set) var nonces: [Hash]

  /// `secret` has 16 bytes. Who gets the MasterKey is let in by hand; a manager's code is for one person, who does.
  package init(
    id: Bytes<8>, secret: consuming SecretBytes, label: BoundedBytes<0, 255>, role: Role, kind: GrantKind,
    approval: Approval, usesLeft: UInt16, expires: Time?, nonces: [Hash] = []
  ) {
    precondition(secret.count == 16, "not the secret of a code")
    precondition(expires?.milliseconds != 0, "on the wire 0 is never")
    precondition(role == .agent || (kind == .master && usesLeft <= 1), "not a manager's code")
    precondition(kind == .scoped || approval == .manual, "the MasterKey without approval")
    self.id = id
    shared = Shared(secret)
    self.label = label
    self.role = role
    self.kind = kind
    self.approval = approval
    self.usesLeft = usesLeft
    self.expires = expires
    self.nonces = nonces
  }

  /// 16 bytes.
  var secret: SecretBytes {
    _read { yield shared.value }
  }

  /// Whether it can enrol nobody any more. R-10.2-5
  public func isDead(at now: Time) -> Bool { usesLeft == 0 || expires.map { $0 <= now } ?? false }

  /// The same code after one more request was granted. `limitReached` when it has no room for the nonce.
  func used(for nonce: Hash) throws(ProtocolError) -> LiveCode {
    guard usesLeft > 0, nonces.count < Self.noncesMax else { throw ProtocolError(.limitReached, "10.2") }
    var code = self
    code.usesLeft -= 1
    code.nonces.append(nonce)
    return code
  }

  /// Whether the secret is the key of a request's MAC: R-10.2-4 has this tried for every code.
  func authenticates(_ request: EnrolmentRequest) throws(ProtocolError) -> Bool {
    let key = try Label.Derived.enrolmentMAC.derive(from: shared.value, context: request.accountID.bytes)
    return try primitive("10.2") { () throws(PrimitiveError) in
      try HMACSHA256.verify(request.mac.bytes, message: request.authenticatedBytes, key: key)
    }
  }

  /// Nonces that a code has room for, and so requests that it can be used for: 65,535 bytes of 32 each.
  public static var noncesMax: Int { 2_047 }
}

extension Vault {
  /// What lets requests under the codes that have a use left in at the service, in the order of their hashes. §10.2
  func admissions(of accountID: AccountID) throws(ProtocolError) -> [Admission] {
    try codes.filter { $0.usesLeft > 0 }
      .map { (code) throws(ProtocolError) in try code.admission(of: accountID) }
      .sorted { $0.credential < $1.credential }
  }
}

extension LiveCode {
  /// What the service knows the code by. One that never ends has the greatest time.
  fileprivate func admission(of accountID: AccountID) throws(ProtocolError) -> Admission {
    let key = try Label.Derived.admission.derive(from: shared.value, context: accountID.bytes)
    return Admission(
      credential: key.withBytes { Hash(sha256: $0) }, role: role, uses: usesLeft, expires: expires ?? .max)
  }
}
