public import EndkeyPrimitives
public import EndkeyWire

/// An enrolment code: what a person carries from an end of the account to a computer, or to another person, outside of
/// the service. §10.1, §18.1
public struct EnrolmentCode: ~Copyable, Sendable {
  /// The account that it leads to.
  public let accountID: AccountID
  /// 16 bytes.
  package let secret: SecretBytes
  /// What its holder keeps of it: the least generation, when it was made, the kind of grant, and the role.
  public let terms: CodeTerms

  package init(accountID: AccountID, secret: consuming SecretBytes, terms: CodeTerms) {
    precondition(secret.count == SecretText.secretCount, "the secret of a code has 16 bytes")
    self.accountID = accountID
    self.secret = secret
    self.terms = terms
  }

  /// A new one. R-10.1-1
  init(
    accountID: AccountID, terms: CodeTerms, using random: inout some RandomSource
  ) throws(ProtocolError) {
    let secret = try primitive("10.1") { () throws(PrimitiveError) in
      try random.secret(SecretText.secretCount)
    }
    self.init(accountID: accountID, secret: secret, terms: terms)
  }

  /// Reads a text: only faults of format are thrown.
  public init(text: borrowing SecretBytes) throws(ProtocolError) {
    let bytes = try SecretText.code.decode(text)
    let content = try wire { () throws(WireError) in
      try bytes.withBytes { (bytes) throws(WireError) in try SecretText.Code(parsing: bytes) }
    }
    self.init(accountID: content.accountID, secret: bytes.copy(content.secret), terms: content.terms)
  }

  /// The text, lower case, 86 ASCII characters. As secret as what it holds. R-18.1-2
  public func text() -> SecretBytes {
    SecretText.code.encode { writer in
      writer.uint8(1)
      writer.fixed(accountID)
      writer.secret(secret)
      terms.serialize(into: &writer)
    }
  }

  /// The text as a String, to be shown to the person that it is for. No memory of a String is wiped.
  public func revealedText() -> String { SecretText.revealed(text()) }

  /// Another value with the same secret.
  public func copy() -> EnrolmentCode {
    EnrolmentCode(accountID: accountID, secret: secret.copy(), terms: terms)
  }

  /// The key of the MAC of requests under this code: 32 bytes. §10.2
  func requestKey() throws(ProtocolError) -> SecretBytes {
    try Label.Derived.enrolmentMAC.derive(from: secret, context: accountID.bytes)
  }

  /// What lets a request under this code in at the service: 32 bytes. §10.2
  public func admission() throws(ProtocolError) -> SecretBytes {
    try Label.Derived.admission.derive(from: secret, context: accountID.bytes)
  }
}
