internal import EndkeyPrimitives
public import EndkeyWire

/// Turns tokens back into values. §14.2
///
/// A key is set up at the first token of its epoch and kept. Copies share what was set up, so an opener and
/// its copies serve one thread at a time.
public struct TokenOpener {
  public let ring: KeyRing
  private var engines: [UInt32: Engine] = [:]

  public init(ring: KeyRing) {
    self.ring = ring
  }

  /// The value of `token`: well-formed UTF-8. `noEpochKey` or `noGrant` without a key, else
  /// `tokenOpenFailed`.
  public mutating func open(_ token: Token) throws(ProtocolError) -> [UInt8] {
    try engine(epoch: token.epoch).engine.open(token)
  }

  /// The value of the token that `bytes` are.
  public mutating func open(parsing bytes: [UInt8]) throws(ProtocolError) -> [UInt8] {
    try open(try wire { () throws(WireError) in try Token(parsing: bytes) })
  }

  /// The value of the token whose text form is `text`.
  public mutating func open(text: String) throws(ProtocolError) -> [UInt8] {
    try open(try wire { () throws(WireError) in try Token(text: text) })
  }

  /// The values of many tokens, which takes a fraction of the time. Throws only `internalError`: what is wrong
  /// with a token is said of it.
  public mutating func open(_ tokens: FlatBytes) throws(ProtocolError) -> OpenedTokens {
    var opened = OpenedTokens()
    opened.values.reserveCapacity(bytes: tokens.bytes.count, count: tokens.count)
    try TokenEngine.forEachPiece(of: 0..<tokens.count) { (piece) throws(ProtocolError) in
      try open(tokens, piece, into: &opened)
    }
    return opened
  }

  /// The values of the tokens whose text forms are `texts`.
  public mutating func open(texts: FlatBytes) throws(ProtocolError) -> OpenedTokens {
    var opened = OpenedTokens()
    opened.values.reserveCapacity(bytes: texts.bytes.count / 2, count: texts.count)
    var tokens = FlatBytes()
    try TokenEngine.forEachPiece(of: 0..<texts.count) { (piece) throws(ProtocolError) in
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
    let bytes = tokens.bytes.span
    let base = tokens.range(piece.lowerBound).lowerBound
    var padded = [UInt8](repeating: 0, count: tokens.range(piece.upperBound - 1).upperBound - base)
    defer { padded.wipe() }
    var failures: [OpenedTokens.Failure] = []
    var parsed: [ParsedToken] = []
    parsed.reserveCapacity(piece.count)
    for index in piece {
      let place = tokens.range(index)
      do {
        let layout = try Token.Layout(parsing: bytes.extracting(place))
        parsed.append(ParsedToken(index: index, start: place.lowerBound, layout: layout))
      } catch {
        failures.append(OpenedTokens.Failure(index: index, error: ProtocolError(error)))
      }
    }

    // One epoch after the other. Mostly there is one.
    var verified: [ParsedToken] = []
    verified.reserveCapacity(piece.count)
    var output = padded.mutableSpan
    var rest = parsed
    while let epoch = rest.first?.layout.epoch {
      let isOnly = rest.allSatisfy { $0.layout.epoch == epoch }
      let these = isOnly ? rest : rest.filter { $0.layout.epoch == epoch }
      rest = isOnly ? [] : rest.filter { $0.layout.epoch != epoch }
      let engine: Engine
      do {
        engine = try self.engine(epoch: epoch)
      } catch {
        guard error.code != .internalError else { throw error }
        for token in these { failures.append(OpenedTokens.Failure(index: token.index, error: error)) }
        continue
      }
      try engine.engine.open(these, in: bytes, into: &output, lessBy: base) { token, isVerified in
        if isVerified {
          verified.append(token)
        } else {
          let error = ProtocolError(.tokenOpenFailed, "14.2")
          failures.append(OpenedTokens.Failure(index: token.index, error: error))
        }
      }
    }

    // Where the values lie in `padded`: nowhere, of those that do not open.
    var places = [Range<Int>](repeating: 0..<0, count: piece.count)
    for token in verified {
      let start = token.start + Token.Layout.headCount - base
      do {
        let place = start..<start + token.layout.c.count
        let count = try TokenPadding.valueCount(padded.span.extracting(place))
        places[token.index - piece.lowerBound] = start..<start + count
      } catch {
        failures.append(OpenedTokens.Failure(index: token.index, error: error))
      }
    }
    opened.values.append(padded.span, at: places)
    opened.failures.append(contentsOf: failures.sorted { $0.index < $1.index })
  }

  private mutating func engine(epoch: UInt32) throws(ProtocolError) -> Engine {
    if let engine = engines[epoch] { return engine }
    let engine = Engine(try TokenEngine(key: try ring.tokenKey(epoch: epoch, "14.2"), "14.2"))
    engines[epoch] = engine
    return engine
  }

  private final class Engine {
    var engine: TokenEngine

    init(_ engine: consuming TokenEngine) { self.engine = engine }
  }
}

extension FlatBytes {
  /// Appends the parts of `source` at `places`.
  fileprivate mutating func append(_ source: Span<UInt8>, at places: [Range<Int>]) {
    let start = bytes.count
    var newEnds: [Int] = []
    newEnds.append(addingCapacity: places.count) { newEnds in
      var end = start
      for place in places {
        end += place.count
        newEnds.append(end)
      }
    }
    append(endingAt: newEnds) { bytes in
      var offset = start
      for place in places {
        bytes.write(source.extracting(place), at: offset)
        offset += place.count
      }
    }
  }

  /// Appends the bytes that the text forms at `range` encode, zeros where they are none.
  fileprivate mutating func append(decoding texts: FlatBytes, _ range: Range<Int>) {
    let start = bytes.count
    var newEnds: [Int] = []
    newEnds.reserveCapacity(range.count)
    for index in range {
      newEnds.append((newEnds.last ?? start) + Token.byteCount(inText: texts.range(index).count))
    }
    append(endingAt: newEnds) { bytes in
      var offset = start
      for (index, end) in zip(range, newEnds) {
        Token.decode(text: texts.bytes.span.extracting(texts.range(index)), into: &bytes, at: offset)
        offset = end
      }
    }
  }
}
