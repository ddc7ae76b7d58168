public import EndkeyWire

/// Turns values into tokens of one account and epoch. It is keyed once and serves many values. §14.1
///
/// A sealer serves one thread at a time; `sealInParallel` makes several from one key.
public struct TokenSealer: ~Copyable, Sendable {
  /// The account whose tokens it makes.
  public let accountID: AccountID
  /// The epoch whose tokens it makes, at least 1.
  public let epoch: UInt32
  private var engine: TokenEngine
  /// Kept for its memory.
  private var token: [UInt8] = []

  /// A sealer with a key, for its account and epoch. Throws only `internalError`.
  public init(key: borrowing TokenKey) throws(ProtocolError) {
    accountID = key.accountID
    epoch = key.epoch
    engine = try TokenEngine(key: key, "14.1")
  }

  /// The token of `value`, which is UTF-8 of at most 4,095 bytes: else `valueTooLong`, `valueNotUTF8`.
  /// R-14.1-3
  public mutating func seal(_ value: Span<UInt8>, field: TokenField) throws(ProtocolError) -> Token {
    guard let token = Token(adopting: try engine.seal(value, field)) else {
      throw ProtocolError(.internalError, "14.1")
    }
    return token
  }

  /// The token of `value`.
  public mutating func seal(_ value: [UInt8], field: TokenField) throws(ProtocolError) -> Token {
    try seal(value.span, field: field)
  }

  /// The token of `value`.
  public mutating func seal(_ value: String, field: TokenField) throws(ProtocolError) -> Token {
    try seal(value.utf8.span, field: field)
  }

  /// The text form of the token of `value`. §14.3
  public mutating func sealText(_ value: String, field: TokenField) throws(ProtocolError) -> String {
    token.removeAll(keepingCapacity: true)
    try engine.seal(value.utf8.span, field, into: &token) { _ in true }
    return Token.text(of: token.span)
  }

  /// The tokens of many values, which takes a fraction of the time. The first value that is refused ends it.
  public mutating func seal(_ values: FlatBytes, field: TokenField) throws(ProtocolError) -> FlatBytes {
    var tokens = FlatBytes()
    try seal(values, field: field, into: &tokens)
    return tokens
  }

  /// Appends the tokens of many values to `tokens`, whose memory can so be used again. When a value is refused,
  /// nothing was appended.
  public mutating func seal(
    _ values: FlatBytes, field: TokenField, into tokens: inout FlatBytes
  ) throws(ProtocolError) {
    try seal(values, 0..<values.count, field: field, into: &tokens)
  }

  private mutating func seal(
    _ values: FlatBytes, _ range: Range<Int>, field: TokenField, into tokens: inout FlatBytes
  ) throws(ProtocolError) {
    tokens.reserveCapacity(
      bytes: tokens.bytes.count + TokenEngine.byteCountBound(values, range), count: tokens.count + range.count
    )
    try engine.seal(values, range, field, into: &tokens)
  }

  /// The text forms of the tokens of many values. §14.3
  public mutating func sealText(_ values: FlatBytes, field: TokenField) throws(ProtocolError) -> FlatBytes {
    var texts = FlatBytes()
    try sealText(values, field: field, into: &texts)
    return texts
  }

  /// Appends the text forms of the tokens of many values to `texts`. When a value is refused, nothing was appended.
  public mutating func sealText(
    _ values: FlatBytes, field: TokenField, into texts: inout FlatBytes
  ) throws(ProtocolError) {
    texts.reserveCapacity(
      bytes: texts.bytes.count + Token.textCount(TokenEngine.byteCountBound(values, 0..<values.count))
        + values.count * Token.textCount(0),
      count: texts.count + values.count)
    let count = texts.count
    var tokens = FlatBytes()
    do {
      try TokenEngine.forEachPiece(of: 0..<values.count) { (piece) throws(ProtocolError) in
        tokens.removeAll()
        try engine.seal(values, piece, field, into: &tokens)
        texts.append(textsOf: tokens)
      }
    } catch {
      texts.removeLast(downTo: count)
      throw error
    }
  }

  /// The text forms of the tokens of many values.
  public mutating func seal(_ values: [String], field: TokenField) throws(ProtocolError) -> [String] {
    try sealText(FlatBytes(values), field: field).strings
  }
}

extension TokenSealer {
  /// The tokens of many values, by `width` sealers at a time: one for each core that should take part. In order, what
  /// each made; to put it into one piece would take longer than sealing.
  public static func sealInParallel(
    _ values: FlatBytes, field: TokenField, key: borrowing TokenKey, width: Int
  ) async throws(ProtocolError) -> [FlatBytes] {
    precondition(width > 0, "nobody to do the work")
    let key = Shared(key.copy())
    let share = (values.count + width - 1) / width
    let shares = stride(from: 0, to: values.count, by: max(share, 1)).map { start in
      start..<min(start + share, values.count)
    }
    let results = await withTaskGroup(of: (Int, Result<FlatBytes, ProtocolError>).self) { group in
      for (index, share) in shares.enumerated() {
        group.addTask {
          let result = Result { () throws(ProtocolError) in
            var sealer = try TokenSealer(key: key.value)
            var tokens = FlatBytes()
            try sealer.seal(values, share, field: field, into: &tokens)
            return tokens
          }
          return (index, result)
        }
      }
      var results = [Result<FlatBytes, ProtocolError>?](repeating: nil, count: shares.count)
      for await (index, result) in group { results[index] = result }
      return results
    }
    // In order: of several refusals, the first value's counts.
    var tokens: [FlatBytes] = []
    for case let result? in results { tokens.append(try result.get()) }
    return tokens
  }
}

extension FlatBytes {
  /// Appends the text forms of `tokens`.
  fileprivate mutating func append(textsOf tokens: FlatBytes) {
    let start = bytes.count
    // As much as all have at most; less than a character of each is left over.
    let bound = Token.textCount(tokens.bytes.count) + tokens.count * (Token.textCount(0) + 1)
    append(byteCapacity: bound, count: tokens.count) { bytes, ends in
      bytes.append(repeating: 0, count: bound)
      var all = bytes.mutableSpan
      var writer = Writer(&all)
      for index in 0..<tokens.count {
        Token.serializeText(of: tokens.bytes.span.extracting(tokens.range(index)), into: &writer)
        ends.append(start + writer.offset)
      }
      bytes.removeLast(bound - writer.offset)
    }
  }
}
