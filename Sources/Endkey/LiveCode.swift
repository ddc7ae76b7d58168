package import EndkeyPrimitives
public import EndkeyWire

/// An enrolment code as the owner's end keeps it in its vault: `Code` of §8.4. Copies share the secret.
public struct LiveCode: Sendable {
  private let shared: Shared<SecretBytes>
  /// Whether the code enrols agents or a second manager.
  public let role: Role
  /// Whether a person must let in each computer that comes with the code.
  public let approval: Approval
  /// How many more computers the code enrols.
  public private(set) var usesLeft: UInt16
  /// When the code ends, at least 1; nil for never.
  public let expires: Time?
  /// The nonces of the requests that were granted under this code, in that order.
  public private(set) var nonces: [Hash]

  /// `secret` has 16 bytes.
  package init(
    secret: consuming SecretBytes, role: Role, approval: Approval, usesLeft: UInt16, expires: Time?,
    nonces: [Hash] = []
  ) {
    precondition(secret.count == TypedSecret.secretCount, "not the secret of a code")
    precondition(expires != 0, "on the wire 0 is never")
    shared = Shared(secret)
    self.role = role
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
  public func isDead(at now: Time) -> Bool {
    usesLeft == 0 || expires.map { $0 <= now } ?? false
  }

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
    let key = try Label.Derived.enrolmentMAC.derive(
      from: shared.value, context: request.accountID.bytes)
    return try primitive("10.2") { () throws(PrimitiveError) in
      try HMACSHA256.verify(request.mac.bytes, message: request.authenticatedBytes, key: key)
    }
  }

  /// Nonces that a code has room for, and so requests that it can be used for: 65,535 bytes of 32 each.
  public static var noncesMax: Int { 2_047 }
}
