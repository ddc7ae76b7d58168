public import EndkeyWire

/// Turns values into tokens of one account and epoch. It is keyed once and serves many values. §14.1
///
/// A sealer serves one thread at a time. Whoever has many values at hand imports `EndkeyBulk`, which makes the same
/// tokens in a fifth of the time.
public struct TokenSealer: ~Copyable, Sendable {
  private var cipher: TokenCipher
  /// Kept for its memory.
  private var token: [UInt8] = []

  /// The account whose tokens it makes.
  public var accountID: AccountID { cipher.accountID }
  /// The epoch whose tokens it makes.
  public var epoch: Epoch { cipher.epoch }

  /// A sealer with a key, for its account and epoch. Throws only `internalError`.
  public init(key: borrowing TokenKey) throws(ProtocolError) {
    cipher = try TokenCipher(key: key, "14.1")
  }

  /// The token of `value`, which is UTF-8 of at most 4,095 bytes: else `valueTooLong`, `valueNotUTF8`.
  /// R-14.1-3
  public mutating func seal(_ value: Span<UInt8>, field: TokenField) throws(ProtocolError) -> Token {
    try seal(value, field, isText: false)
  }

  private mutating func seal(
    _ value: Span<UInt8>, _ field: TokenField, isText: Bool
  ) throws(ProtocolError) -> Token {
    var bytes: [UInt8] = []
    try cipher.seal(value, field, isText: isText, into: &bytes)
    guard let token = Token(adopting: consume bytes) else { throw ProtocolError(.internalError, "14.1") }
    return token
  }

  /// The token of `value`, which is UTF-8 of at most 4,095 bytes: else `valueTooLong`, `valueNotUTF8`.
  public mutating func seal(_ value: [UInt8], field: TokenField) throws(ProtocolError) -> Token {
    try seal(value.span, field: field)
  }

  /// The token of `value`, which has at most 4,095 bytes of UTF-8: else `valueTooLong`.
  public mutating func seal(_ value: String, field: TokenField) throws(ProtocolError) -> Token {
    try seal(value.utf8.span, field, isText: true)
  }

  /// The text form `ekt1_...` of the token of `value`, which has at most 4,095 bytes of UTF-8: else `valueTooLong`.
  /// §14.3
  public mutating func sealText(_ value: String, field: TokenField) throws(ProtocolError) -> String {
    token.removeAll(keepingCapacity: true)
    try cipher.seal(value.utf8.span, field, isText: true, into: &token)
    return Token.text(of: token.span)
  }
}
