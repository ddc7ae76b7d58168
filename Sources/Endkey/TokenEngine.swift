internal import EndkeyPrimitives
internal import EndkeyWire

/// Seals and opens tokens of one account and epoch, many at a time, from one flat buffer into another.
///
/// `PlainToken` does the same to one, step by step as §14 says it, and is what this must equal.
struct TokenEngine: ~Copyable, Sendable {
  /// Values in one piece of work: so few that the cache holds all that belongs to them.
  static var pieceCount: Int { 512 }

  let epoch: UInt32
  private var siv: LockstepSIV
  // Kept for their memory.
  private var messages: [LockstepSIV.Message] = []
  private var ends: [Int] = []
  private var verified: [Bool] = []
  private var highBytes: [Bool] = []

  init(key: borrowing TokenKey, _ section: String) throws(ProtocolError) {
    epoch = key.epoch
    let associatedData = TokenAssociatedData(key.accountID, key.epoch)
    do {
      siv = try LockstepSIV(
        key: key.secret, associatedData: associatedData.lists, gap: Token.Layout.gapCount)
    } catch {
      throw ProtocolError(error, as: .internalError, section)
    }
  }

  /// Calls `body` with the pieces of `range`, in order.
  static func forEachPiece(
    of range: Range<Int>, _ body: (Range<Int>) throws(ProtocolError) -> Void
  ) throws(ProtocolError) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + pieceCount, range.upperBound)
      try body(start..<end)
      start = end
    }
  }

  /// No fewer bytes than the tokens of the values at `range` have together: padding doubles at most.
  static func byteCountBound(_ values: FlatBytes, _ range: Range<Int>) -> Int {
    guard let last = range.last else { return 0 }
    let valueByteCount = values.range(last).upperBound - values.range(range.lowerBound).lowerBound
    return range.count * (Token.Layout.headCount + 16) + 2 * valueByteCount
  }

  /// Appends the tokens of the values at `range`. Throws what the first value that is refused is refused for.
  mutating func seal(
    _ values: FlatBytes, _ range: Range<Int>, _ field: TokenField, into tokens: inout FlatBytes
  ) throws(ProtocolError) {
    let start = tokens.bytes.count
    try setEnds(values, range, from: start)
    var highBytes: [Bool] = []  // taken out while the engine works
    swap(&highBytes, &self.highBytes)
    defer { swap(&highBytes, &self.highBytes) }
    if highBytes.count != ends.count { highBytes = [Bool](repeating: false, count: ends.count) }
    try tokens.append(endingAt: ends) { (output) throws(ProtocolError) in
      let ends = ends
      var high = highBytes.mutableSpan
      try seal(
        values.bytes.span, values.range(range.lowerBound).lowerBound, values.ends(range), field,
        into: &output,
        start, ends.span, &high)
      var token = start
      for end in ends {
        Token.Layout.serialize(
          field: field, epoch: epoch, count: end - token - Token.Layout.headCount, into: &output, at: token)
        token = end
      }
      // ASCII is UTF-8. The few values that are not ASCII are looked at now, and of a refusal nothing remains.
      for offset in highBytes.indices where highBytes[offset] {
        try TokenValue.check(values.bytes.span.extracting(values.range(range.lowerBound + offset)))
      }
    }
  }

  /// Sets `ends` for tokens from `start` on.
  private mutating func setEnds(
    _ values: FlatBytes, _ range: Range<Int>, from start: Int
  ) throws(ProtocolError) {
    ends.removeAll(keepingCapacity: true)
    var longest = 0
    ends.append(addingCapacity: range.count) { ends in
      var end = start
      for index in range {
        let count = values.range(index).count
        longest = max(longest, count)
        end += Token.Layout.headCount + TokenPadding.size(count)
        ends.append(end)
      }
    }
    guard longest > Limit.tokenValueMax else { return }
    // One is too long. Another may come before it and be refused for something else.
    for index in range { try TokenValue.check(values.bytes.span.extracting(values.range(index))) }
  }

  private mutating func seal(
    _ bytes: Span<UInt8>, _ start: Int, _ valueEnds: Span<Int>, _ field: TokenField,
    into output: inout MutableSpan<UInt8>, _ tokenStart: Int, _ tokenEnds: Span<Int>,
    _ highBytes: inout MutableSpan<Bool>
  ) throws(ProtocolError) {
    try primitive("14.1") { () throws(PrimitiveError) in
      try siv.seal(
        LockstepSIV.Places(from: start, endingAt: valueEnds), of: bytes,
        associatedData: TokenAssociatedData.index(field),
        into: LockstepSIV.Places(from: tokenStart, endingAt: tokenEnds), of: &output,
        prefixCount: Token.Layout.vOffset, highBytes: &highBytes)
    }
  }

  /// The token of one value, which is not refused.
  mutating func seal(_ value: Span<UInt8>, _ field: TokenField) throws(ProtocolError) -> Token {
    let size = TokenPadding.size(value.count)
    let valueEnds: InlineArray<1, Int> = [value.count]
    let tokenEnds: InlineArray<1, Int> = [Token.Layout.headCount + size]
    var highBytes: InlineArray<1, Bool> = [false]
    return try Token(field: field, epoch: epoch, paddedCount: size) { (token) throws(ProtocolError) in
      var high = highBytes.mutableSpan
      try seal(value, 0, valueEnds.span, field, into: &token, 0, tokenEnds.span, &high)
    }
  }

  /// The value of a token of this epoch, or `tokenOpenFailed`.
  mutating func open(_ token: Token) throws(ProtocolError) -> [UInt8] {
    let bytes = token.serialized
    messages.removeAll(keepingCapacity: true)
    messages.append(
      LockstepSIV.Message(
        plaintext: 0, blockCount: (bytes.count - Token.Layout.headCount) / 16,
        ciphertext: Token.Layout.headCount, associatedData: TokenAssociatedData.index(token.field)))
    verified = [false]
    var value = [UInt8](repeating: 0, count: bytes.count - Token.Layout.headCount)
    var output = value.mutableSpan
    try primitive("14.2") { () throws(PrimitiveError) in
      try siv.open(messages, from: bytes.span, into: &output, verified: &verified)
    }
    guard verified[0] else { throw ProtocolError(.tokenOpenFailed, "14.2") }
    value.removeLast(value.count - (try TokenPadding.valueCount(value.span)))
    return value
  }

  /// Opens `tokens`, which are of this epoch and lie in `bytes`. The padded value of each goes to `padded` at
  /// the place of its C less `base`, or zeros when it does not open. `body` is told which of the two.
  mutating func open(
    _ tokens: [ParsedToken], in bytes: Span<UInt8>, into padded: inout MutableSpan<UInt8>, lessBy base: Int,
    _ body: (ParsedToken, Bool) -> Void
  ) throws(ProtocolError) {
    messages.removeAll(keepingCapacity: true)
    messages.append(addingCapacity: tokens.count) { messages in
      for token in tokens {
        let c = token.start + Token.Layout.headCount
        messages.append(
          LockstepSIV.Message(
            plaintext: c - base, blockCount: token.layout.c.count / 16, ciphertext: c,
            associatedData: TokenAssociatedData.index(token.layout.field)))
      }
    }
    verified.removeAll(keepingCapacity: true)
    verified.append(contentsOf: repeatElement(false, count: tokens.count))
    try primitive("14.2") { () throws(PrimitiveError) in
      try siv.open(messages, from: bytes, into: &padded, verified: &verified)
    }
    for index in tokens.indices { body(tokens[index], verified[index]) }
  }
}

/// A token among many, parsed but not opened.
struct ParsedToken {
  /// Of the token among them.
  let index: Int
  /// Where it starts in their buffer.
  let start: Int
  let layout: Token.Layout
}
