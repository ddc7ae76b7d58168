public import Endkey
internal import EndkeyPrimitives
public import EndkeyWire

/// Turns many values at once into tokens of one account and epoch: those that `TokenSealer` makes of each, in a fifth of
/// the time. §14.1
///
/// It is keyed once and serves any number of batches, one thread at a time; `sealInParallel` makes several from one
/// key. Fewer than three values are sooner sealed by `TokenSealer`.
public struct BulkTokenSealer: ~Copyable, Sendable {
  /// The account whose tokens it makes.
  public let accountID: AccountID
  /// The epoch whose tokens it makes.
  public let epoch: Epoch
  private var engine: BulkTokenEngine

  /// A sealer with a key, such as `Agent.tokenKey` gives, for its account and epoch. Throws only `internalError`.
  public init(key: borrowing TokenKey) throws(ProtocolError) {
    accountID = key.accountID
    epoch = key.epoch
    engine = try BulkTokenEngine(key: key, "14.1")
  }

  /// The tokens of many values, in their order. The first value that is refused ends it: `valueTooLong` for more than
  /// 4,095 bytes, `valueNotUTF8` for what is not UTF-8. R-14.1-3
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
      bytes: tokens.bytes.count + BulkTokenEngine.byteCountBound(values, range),
      count: tokens.count + range.count
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
      bytes: texts.bytes.count + Token.textCount(BulkTokenEngine.byteCountBound(values, 0..<values.count))
        + values.count * Token.textCount(0),
      count: texts.count + values.count)
    let count = texts.count
    var tokens = FlatBytes()
    do {
      try BulkTokenEngine.forEachPiece(of: 0..<values.count) { (piece) throws(ProtocolError) in
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

extension BulkTokenSealer {
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
            var sealer = try BulkTokenSealer(key: key.value)
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
