public import EndkeyPrimitives
public import EndkeyWire

/// An enrolment code or account secret: what travels as a Bech32m text, outside of the service. §10.1, §18.1
public struct TypedSecret: ~Copyable, Sendable {
  /// Whether it is an enrolment code or an account secret.
  public let kind: SecretText.Kind
  /// The account that it is for.
  public let accountID: AccountID
  /// 16 bytes.
  package let secret: SecretBytes

  package init(kind: SecretText.Kind, accountID: AccountID, secret: consuming SecretBytes) {
    precondition(secret.count == Self.secretCount, "a typed secret has 16 bytes")
    self.kind = kind
    self.accountID = accountID
    self.secret = secret
  }

  /// A new one. R-10.1-1
  public init(
    kind: SecretText.Kind, accountID: AccountID, using random: inout some RandomSource
  ) throws(ProtocolError) {
    let secret = try primitive("10.1") { () throws(PrimitiveError) in try random.secret(Self.secretCount) }
    self.init(kind: kind, accountID: accountID, secret: secret)
  }

  /// Reads a text; only faults of format are thrown.
  public init(text: Span<UInt8>, kind: SecretText.Kind) throws(ProtocolError) {
    var content: SecretText?
    let bytes: SecretBytes
    do {
      bytes = try SecretBytes(count: SecretText.byteCount) { writer throws(WireError) in
        content = try SecretText.decode(text, as: kind, into: &writer)
      }
    } catch {
      throw ProtocolError(error)
    }
    guard let content else { throw ProtocolError(.internalError, "18.1") }
    self.init(kind: kind, accountID: content.accountID, secret: bytes.copy(content.secret))
  }

  /// The text, lower case, 63 ASCII characters. As secret as what it holds. R-18.1-2
  public func text() -> SecretBytes {
    let content = SecretBytes(count: SecretText.byteCount) { writer in
      writer.uint8(1)
      writer.fixed(accountID)
      writer.secret(secret)
    }
    return SecretBytes(count: SecretText.textCount) { writer in
      content.withBytes { SecretText.encode($0, as: kind, into: &writer) }
    }
  }

  /// The text as a String, to be shown to the person that it is for: 63 ASCII characters.
  ///
  /// It is as secret as what it holds, and no memory of a String is wiped. ``text()`` gives it in guarded memory.
  public func revealedText() -> String {
    text().withBytes { text in String(decoding: text.indices.map { text[$0] }, as: UTF8.self) }
  }

  /// Another value with the same secret.
  public func copy() -> TypedSecret { TypedSecret(kind: kind, accountID: accountID, secret: secret.copy()) }

  package static var secretCount: Int { 16 }
}
