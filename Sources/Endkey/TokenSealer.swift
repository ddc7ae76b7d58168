internal import EndkeyPrimitives
public import EndkeyWire

/// Turns values into tokens of one account and epoch. It is keyed once and serves many values. §14.1
public struct TokenSealer: ~Copyable, Sendable {
  public let accountID: AccountID
  public let epoch: UInt32
  private var siv: AESSIV
  private let associatedData: TokenAssociatedData

  public init(key: borrowing TokenKey) throws(ProtocolError) {
    accountID = key.accountID
    epoch = key.epoch
    associatedData = TokenAssociatedData(key.accountID, key.epoch)
    do {
      siv = try AESSIV(key: key.secret)
    } catch {
      throw ProtocolError(error, as: .internalError, "14.1")
    }
  }

  /// The token of `value`, which is UTF-8 of at most 4,095 bytes: else `valueTooLong`, `valueNotUTF8`.
  /// R-14.1-3
  public mutating func seal(_ value: Span<UInt8>, field: TokenField) throws(ProtocolError) -> Token {
    guard value.count <= Limit.tokenValueMax else { throw ProtocolError(.valueTooLong, "14.1") }
    guard isUTF8(value) else { throw ProtocolError(.valueNotUTF8, "14.1") }
    let padded = TokenPadding.pad(value)
    do {
      let (v, c) = try siv.seal(padded, associatedData: associatedData[field])
      return try Token(field: field, epoch: epoch, v: SyntheticIV(unchecked: v.span), c: c)
    } catch {
      // Nothing of the input can cause this: its length was checked.
      throw ProtocolError(.internalError, "14.1")
    }
  }

  /// The token of `value`.
  public mutating func seal(_ value: [UInt8], field: TokenField) throws(ProtocolError) -> Token {
    try seal(value.span, field: field)
  }

  /// The token of `value`.
  public mutating func seal(_ value: String, field: TokenField) throws(ProtocolError) -> Token {
    try seal([UInt8](value.utf8).span, field: field)
  }

  /// The tokens of many values, back to back in one buffer. The first value that is refused ends it.
  public mutating func seal(_ values: FlatBytes, field: TokenField) throws(ProtocolError) -> FlatBytes {
    var tokens = FlatBytes()
    tokens.reserveCapacity(bytes: values.bytes.count + 40 * values.count, count: values.count)
    for index in 0..<values.count {
      let token = try seal(values.bytes.span.extracting(values.range(index)), field: field)
      tokens.append(token.serialized)
    }
    return tokens
  }
}

/// Whether `bytes` are well-formed UTF-8.
func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  do {
    _ = try UTF8Span(validating: bytes)
    return true
  } catch {
    return false
  }
}
