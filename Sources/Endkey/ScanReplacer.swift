internal import EndkeyWire

/// Puts values in place of the tokens and short blobs in a text, which it gets in pieces. §18
///
/// What does not open stays as it is and is reported (R-18-4). Values are inserted as text (R-18-5). The
/// content of a blob must be UTF-8: with other content it stays, as `valueNotUTF8`.
public struct ScanReplacer {
  /// A text form that stays in the text.
  public struct Finding: Equatable, Sendable {
    /// Where the text form starts, in bytes from the start of the text that was read.
    public let offset: Int
    /// Why it stays.
    public let code: ErrorCode
  }

  private var scanner = Scanner()
  private var replacer: Replacer

  /// A replacer that opens with the keys of `ring`, in a text of which `escaping` says what it is.
  public init(ring: KeyRing, escaping: Escaping) {
    replacer = Replacer(opener: TokenOpener(ring: ring), writer: EscapingWriter(escaping))
  }

  /// Matches that did not open, in the order of the text. R-18-4
  public var unopened: [Finding] { replacer.unopened }
  /// Candidates that are no match, in the order of the text. R-18-1
  public var skipped: [Finding] { replacer.skipped }
  /// The number of matches that were replaced.
  public var replacedCount: Int { replacer.replacedCount }

  /// Takes the next piece of the text, and appends what is decided to `output`. Throws only `internalError`.
  public mutating func feed(_ piece: Span<UInt8>, into output: inout [UInt8]) throws(ProtocolError) {
    swap(&replacer.output, &output)
    defer { swap(&replacer.output, &output) }
    try scanner.feed(piece, into: &replacer)
  }

  /// Says that the text has ended, and appends the rest.
  public mutating func finish(into output: inout [UInt8]) throws(ProtocolError) {
    swap(&replacer.output, &output)
    defer { swap(&replacer.output, &output) }
    try scanner.finish(into: &replacer)
    replacer.finish()
  }
}

private struct Replacer: ScanReceiver {
  var opener: TokenOpener
  var writer: EscapingWriter
  /// The caller's, while a piece is taken.
  var output: [UInt8] = []
  private(set) var unopened: [ScanReplacer.Finding] = []
  private(set) var skipped: [ScanReplacer.Finding] = []
  private(set) var replacedCount = 0

  init(opener: TokenOpener, writer: EscapingWriter) {
    self.opener = opener
    self.writer = writer
  }

  mutating func text(_ bytes: Span<UInt8>) throws(ProtocolError) {
    writer.text(bytes, into: &output)
  }

  mutating func match(_ match: Scanner.Match, text: Span<UInt8>) throws(ProtocolError) {
    do {
      writer.value(try open(match.content), into: &output)
      replacedCount += 1
    } catch {
      guard error.code != .internalError else { throw error }
      unopened.append(ScanReplacer.Finding(offset: match.range.lowerBound, code: error.code))
      writer.text(text, into: &output)
    }
  }

  mutating func skipped(_ candidate: Scanner.Skipped) throws(ProtocolError) {
    skipped.append(ScanReplacer.Finding(offset: candidate.offset, code: ErrorCode(candidate.code)))
  }

  mutating func finish() {
    writer.finish(into: &output)
  }

  private mutating func open(_ content: Scanner.Match.Content) throws(ProtocolError) -> [UInt8] {
    switch content {
    case .token(let token): return try opener.open(token)
    case .blob(let blob):
      let content = try blob.open(with: opener.ring)
      guard isUTF8(content.span) else { throw ProtocolError(.valueNotUTF8, "18") }
      return content
    }
  }
}
