public import EndkeyPrimitives
public import EndkeyWire

/// An account secret: 16 random bytes that a person keeps beside the password, and that the service never has.
/// §9.2, §18.1
public struct AccountSecret: ~Copyable, Sendable {
  /// The account that it is for.
  public let accountID: AccountID
  /// 16 bytes.
  package let secret: SecretBytes

  package init(accountID: AccountID, secret: consuming SecretBytes) {
    precondition(secret.count == SecretText.secretCount, "an account secret has 16 bytes")
    self.accountID = accountID
    self.secret = secret
  }

  /// A new one.
  public init(accountID: AccountID, using random: inout some RandomSource) throws(ProtocolError) {
    let secret = try primitive("9.2") { () throws(PrimitiveError) in
      try random.secret(SecretText.secretCount)
    }
    self.init(accountID: accountID, secret: secret)
  }

  /// Reads a text: only faults of format are thrown.
  public init(text: borrowing SecretBytes) throws(ProtocolError) {
    let bytes = try SecretText.accountSecret.decode(text)
    let content = try wire { () throws(WireError) in
      try bytes.withBytes { (bytes) throws(WireError) in try SecretText.Account(parsing: bytes) }
    }
    self.init(accountID: content.accountID, secret: bytes.copy(content.secret))
  }

  /// The text, lower case, 63 ASCII characters. As secret as what it holds. R-18.1-2
  public func text() -> SecretBytes {
    SecretText.accountSecret.encode { writer in
      writer.uint8(1)
      writer.fixed(accountID)
      writer.secret(secret)
    }
  }

  /// The text as a String, to be shown to the person that it is for. No memory of a String is wiped.
  public func revealedText() -> String { SecretText.revealed(text()) }

  /// Another value with the same secret.
  public func copy() -> AccountSecret { AccountSecret(accountID: accountID, secret: secret.copy()) }
}
