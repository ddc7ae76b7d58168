internal import EndkeyPrimitives
internal import EndkeyWire

/// The tokens of one account and epoch, sealed and opened one at a time, step by step as §14 reads.
///
/// `EndkeyBulk` seals and opens many at a time. It must give what this gives, byte for byte and error for error.
/// A value is keyed once and serves many tokens, one thread at a time.
struct TokenCipher: ~Copyable, Sendable {
  let accountID: AccountID
  let epoch: Epoch
  private var siv: AESSIV

  /// `section` is what an error of a library is told under.
  init(key: borrowing TokenKey, _ section: String) throws(ProtocolError) {
    accountID = key.accountID
    epoch = key.epoch
    let associatedData = TokenAssociatedData(accountID, epoch)
    siv = try primitive(section) { () throws(PrimitiveError) in
      try AESSIV(key: key.secret, remembering: associatedData.lists)
    }
  }

  /// Appends the bytes of the token of `value` to `token`, which is empty. §14.1
  ///
  /// `valueTooLong` for a value of more than 4,095 bytes, `valueNotUTF8` for one that is not UTF-8, unless `isText` says
  /// that it is.
  mutating func seal(
    _ value: Span<UInt8>, _ field: TokenField, isText: Bool = false, into token: inout [UInt8]
  ) throws(ProtocolError) {
    try TokenValue.check(value, isText: isText)
    let paddedCount = TokenPadding.size(value.count)
    let start = Token.Layout.headCount
    token.reserveCapacity(start + paddedCount)
    token.append(addingCapacity: start + paddedCount) { $0.append(repeating: 0, count: start + paddedCount) }
    var bytes = token.mutableSpan
    var writer = Writer(&bytes)
    Token.Layout.serialize(field: field, epoch: epoch, into: &writer)
    (bytes[start - 2], bytes[start - 1]) = (UInt8(paddedCount >> 8), UInt8(paddedCount & 0xff))
    TokenPadding.pad(value, into: &bytes, at: start)
    do {
      try primitive("14.1") { () throws(PrimitiveError) in
        try siv.seal(
          inPlace: &bytes, start..<start + paddedCount, v: Token.Layout.vOffset,
          remembered: TokenAssociatedData.index(field))
      }
    } catch {
      token.wipe()
      throw error
    }
  }

  /// The value of `token`, which is of this epoch; else `tokenOpenFailed`. §14.2
  mutating func open(_ token: Token) throws(ProtocolError) -> [UInt8] {
    var value = token.c
    let v = token.serialized.span.extracting(Token.Layout.vOffset..<Token.Layout.headCount - 2)
    do {
      try primitive("14.2", or: .tokenOpenFailed) { () throws(PrimitiveError) in
        var text = value.mutableSpan
        try siv.open(inPlace: &text, v: v, remembered: TokenAssociatedData.index(token.field))
      }
      value.removeLast(value.count - (try TokenPadding.valueCount(value.span)))
    } catch {
      value.wipe()
      throw error
    }
    return value
  }
}
