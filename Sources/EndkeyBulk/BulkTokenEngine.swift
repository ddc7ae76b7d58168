internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// Seals and opens tokens of one account and epoch, many at a time, from one flat buffer into another.
///
/// `TokenSealer` and `TokenOpener` do the same to one, step by step as §14 reads, and are what this must equal.
struct BulkTokenEngine: ~Copyable, Sendable {
  /// Values in one piece of work: so few that the cache holds all that belongs to them.
  static var pieceCount: Int { 512 }

  let epoch: Epoch
  private var siv: MultiBufferSIV

  init(key: borrowing TokenKey, _ section: String) throws(ProtocolError) {
    let epoch = key.epoch
    let associatedData = TokenAssociatedData(key.accountID, epoch)
    let kinds = TokenField.allCases.map { field in
      MultiBufferSIV.Kind(
        prefix: Token.Layout.prefix(field: field, epoch: epoch), associatedData: associatedData[field])
    }
    siv = try primitive(section) { () throws(PrimitiveError) in
      try MultiBufferSIV(key: key.secret, kinds: kinds)
    }
    self.epoch = epoch
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
    range.count * (Token.Layout.headCount + 16) + 2 * values.byteRange(range).count
  }

  /// Appends the tokens of the values at `range`. When one is refused, throws what the first is refused for, and
  /// nothing was appended.
  mutating func seal(
    _ values: FlatBytes, _ range: Range<Int>, _ field: TokenField, into tokens: inout FlatBytes
  ) throws(ProtocolError) {
    let start = tokens.bytes.count
    try tokens.append(byteCapacity: Self.byteCountBound(values, range), count: range.count) {
      (tokens, ends) throws(ProtocolError) in
      let isSealed = try primitive("14.1") { () throws(PrimitiveError) in
        try siv.seal(
          MultiBufferSIV.Places(from: values.byteRange(range).lowerBound, endingAt: values.ends(range)),
          of: values.bytes.span, kind: TokenAssociatedData.index(field), into: &tokens, from: start,
          endingAt: &ends, isText: isUTF8)
      }
      guard !isSealed else { return }
      for index in range { try TokenValue.check(values.bytes.span.extracting(values.range(index))) }
      throw ProtocolError(.internalError, "14.1")
    }
  }

  /// Opens the tokens of this epoch that lie at `records` in `bytes`. Appends the value of each to `values`, nothing
  /// when it does not open: `refuse` is then told its index among `records`. Together they have at most `byteCount`
  /// bytes of C.
  mutating func open(
    _ records: [MultiBufferSIV.Record], in bytes: Span<UInt8>, byteCount: Int, into values: inout FlatBytes,
    refuse: (Int) -> Void
  ) throws(ProtocolError) {
    let start = values.bytes.count
    try values.append(byteCapacity: byteCount, count: records.count) {
      (values, ends) throws(ProtocolError) in
      try primitive("14.2") { () throws(PrimitiveError) in
        try siv.open(
          records.span, of: bytes, into: &values, from: start, endingAt: &ends, isText: isUTF8, refuse: refuse
        )
      }
    }
  }
}
