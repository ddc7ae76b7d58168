public import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// Turns many tokens at once back into values: those that `TokenOpener` opens each to. §14.2
///
/// A key is set up at the first token of its epoch and kept. Copies share what was set up, so an opener and
/// its copies serve one thread at a time.
public struct BulkTokenOpener {
  /// The keys that it opens with.
  public let ring: KeyRing
  /// Of epochs that two lines of the account have used: each token is tried with both keys, one at a time.
  private var plain: TokenOpener
  private var engines: [Epoch: Engine] = [:]

  /// An opener with the keys of `ring`, such as `Owner.keyRing` gives.
  public init(ring: KeyRing) {
    self.ring = ring
    plain = TokenOpener(ring: ring)
  }

  /// The values of many tokens, in their order. Throws only `internalError`: what is wrong with a token is told of that
  /// token, and is what `TokenOpener` throws for it.
  public mutating func open(_ tokens: FlatBytes) throws(ProtocolError) -> OpenedTokens {
    var opened = OpenedTokens()
    opened.values.reserveCapacity(bytes: tokens.bytes.count, count: tokens.count)
    try BulkTokenEngine.forEachPiece(of: 0..<tokens.count) { (piece) throws(ProtocolError) in
      try open(tokens, piece, into: &opened)
    }
    return opened
  }

  /// The values of the tokens whose text forms are `texts`.
  public mutating func open(texts: FlatBytes) throws(ProtocolError) -> OpenedTokens {
    var opened = OpenedTokens()
    opened.values.reserveCapacity(bytes: texts.bytes.count / 2, count: texts.count)
    var tokens = FlatBytes()
    try BulkTokenEngine.forEachPiece(of: 0..<texts.count) { (piece) throws(ProtocolError) in
      tokens.removeAll()
      tokens.append(decoding: texts, piece)
      let known = opened.failures.count
      try open(tokens, 0..<piece.count, into: &opened)
      // A fault of format is that of the text, at the offset it has there.
      for failure in known..<opened.failures.count {
        opened.failures[failure].index += piece.lowerBound
        guard opened.failures[failure].error.offset != nil else { continue }
        let text = texts.bytes.span.extracting(texts.range(opened.failures[failure].index))
        do throws(WireError) {
          _ = try Token(text: text)
        } catch {
          opened.failures[failure].error = ProtocolError(error)
        }
      }
    }
    return opened
  }

  /// The values of the tokens whose text forms are `texts`. The first that does not open ends it.
  public mutating func open(texts: [String]) throws(ProtocolError) -> [String] {
    let opened = try open(texts: FlatBytes(texts))
    if let failure = opened.failures.first { throw failure.error }
    return opened.values.strings
  }

  private mutating func open(
    _ tokens: FlatBytes, _ piece: Range<Int>, into opened: inout OpenedTokens
  ) throws(ProtocolError) {
    // Mostly all are tokens, of one epoch whose key is there.
    let bytes = tokens.bytes.span
    guard let epoch = Token.Layout(of: bytes, at: tokens.range(piece.lowerBound))?.epoch,
      let records = Self.records(of: tokens, piece, epoch: epoch), ring.hasTokenKey(epoch: epoch),
      let engine = try engine(epoch: epoch)
    else { return try openMixed(tokens, piece, into: &opened) }
    var failures: [OpenedTokens.Failure] = []
    try engine.engine.open(
      records, in: bytes, byteCount: tokens.byteRange(piece).count, into: &opened.values
    ) { failures.append(Self.openFailed(piece.lowerBound + $0)) }
    opened.failures += failures
  }

  /// The places of the tokens at `piece`; nil when one is no token of `epoch`.
  private static func records(
    of tokens: FlatBytes, _ piece: Range<Int>, epoch: Epoch
  ) -> [MultiBufferSIV.Record]? {
    let (bytes, ends) = (tokens.bytes.span, tokens.ends(piece))
    var records: [MultiBufferSIV.Record] = []
    var areTokens = true
    records.append(addingCapacity: piece.count) { records in
      var start = tokens.byteRange(piece).lowerBound
      for index in ends.indices {
        let end = ends[index]
        guard let layout = Token.Layout(of: bytes, at: start..<end), layout.epoch == epoch else {
          areTokens = false
          return
        }
        records.append(MultiBufferSIV.Record(layout, at: start))
        start = end
      }
    }
    return areTokens ? records : nil
  }

  /// Opens what may be tokens, of any epochs: one epoch after the other.
  private mutating func openMixed(
    _ tokens: FlatBytes, _ piece: Range<Int>, into opened: inout OpenedTokens
  ) throws(ProtocolError) {
    let bytes = tokens.bytes.span
    var failures: [OpenedTokens.Failure] = []
    var rest: [(index: Int, layout: Token.Layout)] = []
    for index in piece {
      do {
        rest.append((index, try Token.Layout(parsing: bytes.extracting(tokens.range(index)))))
      } catch {
        failures.append(OpenedTokens.Failure(index: index, error: ProtocolError(error)))
      }
    }
    var values = FlatBytes()
    defer { values.wipe() }
    var places: [Int: Int] = [:]  // by index, where its value is in `values`
    while let epoch = rest.first?.layout.epoch {
      let these = rest.filter { $0.layout.epoch == epoch }
      rest.removeAll { $0.layout.epoch == epoch }
      for (place, token) in these.enumerated() { places[token.index] = values.count + place }
      let engine: Engine?
      do {
        engine = try self.engine(epoch: epoch)
      } catch {
        guard error.code != .internalError else { throw error }
        for token in these { places[token.index] = nil }
        failures += these.map { OpenedTokens.Failure(index: $0.index, error: error) }
        continue
      }
      guard let engine else {
        for token in these {
          do {
            values.append(try plain.open(parsing: tokens[token.index]))
          } catch {
            values.append([])
            failures.append(Self.openFailed(token.index))
          }
        }
        continue
      }
      try engine.engine.open(
        these.map { MultiBufferSIV.Record($0.layout, at: tokens.range($0.index).lowerBound) }, in: bytes,
        byteCount: tokens.byteRange(piece).count, into: &values
      ) { failures.append(Self.openFailed(these[$0].index)) }
    }
    for index in piece {
      opened.values.append(places[index].map { values.bytes[values.range($0)] } ?? [])
    }
    opened.failures += failures.sorted { $0.index < $1.index }
  }

  private static func openFailed(_ index: Int) -> OpenedTokens.Failure {
    OpenedTokens.Failure(index: index, error: ProtocolError(.tokenOpenFailed, "14.2"))
  }

  /// Nil where the ring has more than one key of the epoch.
  private mutating func engine(epoch: Epoch) throws(ProtocolError) -> Engine? {
    if let engine = engines[epoch] { return engine }
    let keys = try ring.tokenKeys(epoch: epoch, "14.2")
    guard let key = keys.first, keys.count == 1 else { return nil }
    let engine = Engine(try BulkTokenEngine(key: key.value, "14.2"))
    engines[epoch] = engine
    return engine
  }

  private final class Engine: CustomReflectable {
    var engine: BulkTokenEngine

    init(_ engine: consuming BulkTokenEngine) { self.engine = engine }

    // What it has cannot be copied, and so not be reflected.
    var customMirror: Mirror { Mirror(self, children: []) }
  }
}

extension MultiBufferSIV.Record {
  fileprivate init(_ layout: Token.Layout, at start: Int) {
    self.init(
      start: start, paddedCount: layout.count, kind: TokenAssociatedData.index(layout.field))
  }
}

extension FlatBytes {
  /// Appends the bytes that the text forms at `range` encode, zeros where they are none.
  fileprivate mutating func append(decoding texts: FlatBytes, _ range: Range<Int>) {
    let start = bytes.count
    let bound = Token.byteCountBound(inTexts: texts.byteRange(range).count)
    append(byteCapacity: bound, count: range.count) { bytes, ends in
      bytes.append(repeating: 0, count: bound)
      var all = bytes.mutableSpan
      var offset = 0
      for index in range {
        offset += Token.decode(text: texts.bytes.span.extracting(texts.range(index)), into: &all, at: offset)
        ends.append(start + offset)
      }
      bytes.removeLast(bound - offset)
    }
  }
}
