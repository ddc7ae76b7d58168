/// Finds the text forms of tokens and blobs anywhere in a text, which it gets in pieces. §18
///
/// A receiver gets the text in order: what lies between matches as it is, and each match with what it says. Whoever
/// writes out the former, and something in place of the latter, has a filter. The result does not depend on where the
/// text is cut (R-18-3). Time is linear in the text (R-18-2): how far the characters of a candidate reach is found once
/// for all candidates that overlap. At most `heldMax` bytes of the text wait for a decision.
///
/// If the receiver throws, the scanner is of no further use.
public struct Scanner: Sendable {
  /// A text form that stands whole in the text.
  public struct Match: Equatable, Sendable {
    /// What a text form encodes.
    public enum Content: Equatable, Sendable {
      /// The token behind `ekt1_`. §14.3
      case token(Token)
      /// The blob behind `eks1_`. §15.1
      case blob(SealedBlob)
    }

    /// Where the text form stands, in bytes from the start of the text.
    public let range: Range<Int>
    /// What the text form encodes.
    public let content: Content
  }

  /// A prefix that no text form follows.
  public struct Skipped: Equatable, Sendable {
    /// Where the prefix starts, in bytes from the start of the text.
    public let offset: Int
    /// Why no text form follows.
    public let code: WireError.Code
  }

  /// The length of the longest text form.
  public static var heldMax: Int { TextForm.prefixCount + Base64URL.textCount(BlobText.byteCountMax) }

  /// Bytes that wait for a decision, behind some that were passed on already.
  private var held: [UInt8] = []
  // Offsets count from the start of the text.
  private var heldStart = 0
  /// Everything before was passed on.
  private var passed = 0
  /// No prefix starts before, but for candidates already decided.
  private var next = 0
  /// From the last candidate's prefix up to here there are only base64url characters.
  private var runEnd = 0

  /// A scanner at the start of a text.
  public init() {}

  /// Takes the next piece of the text.
  public mutating func feed<Receiver: ScanReceiver>(
    _ piece: Span<UInt8>, into receiver: inout Receiver
  ) throws(Receiver.Failure) {
    var taken = 0
    while taken < piece.count {
      if held.isEmpty {
        let rest = piece.extracting(taken..<piece.count)
        let start = passed
        try scan(rest, from: start, isLast: false, into: &receiver)
        held = [UInt8](rest.extracting(passed - start..<rest.count))
        heldStart = passed
        return
      }
      // What waits is decided with as little of the piece as it takes, so that little is copied.
      let count = min(piece.count - taken, 4_096)
      held.append(piece.extracting(taken..<taken + count))
      taken += count
      try scanHeld(isLast: false, into: &receiver)
    }
  }

  /// Says that the text has ended.
  public mutating func finish<Receiver: ScanReceiver>(
    into receiver: inout Receiver
  ) throws(Receiver.Failure) {
    try scanHeld(isLast: true, into: &receiver)
  }

  /// The matches and skipped candidates of a whole text.
  public static func scan(_ text: Span<UInt8>) -> (matches: [Match], skipped: [Skipped]) {
    var scanner = Scanner()
    var findings = Findings()
    scanner.feed(text, into: &findings)
    scanner.finish(into: &findings)
    return (findings.matches, findings.skipped)
  }
}

/// Takes what a scanner finds, in the order of the text.
public protocol ScanReceiver {
  /// What the receiver may throw: nothing, unless it says otherwise.
  associatedtype Failure: Error = Never

  /// Takes text that is no match.
  mutating func text(_ bytes: Span<UInt8>) throws(Failure)

  /// Takes a match, and the `text` that it is, which stays if it does not open. R-18-4
  mutating func match(_ match: Scanner.Match, text: Span<UInt8>) throws(Failure)

  /// Takes a candidate that is no match. The text at its offset is passed on later.
  mutating func skipped(_ candidate: Scanner.Skipped) throws(Failure)
}

extension Scanner {
  private struct Findings: ScanReceiver {
    var matches: [Match] = []
    var skipped: [Skipped] = []

    mutating func text(_ bytes: Span<UInt8>) {}
    mutating func match(_ match: Match, text: Span<UInt8>) { matches.append(match) }
    mutating func skipped(_ candidate: Skipped) { skipped.append(candidate) }
  }

  private enum Decision {
    case match(Match.Content, count: Int)
    case skip(WireError.Code)
    /// The text so far does not tell.
    case wait
  }

  private mutating func scanHeld<Receiver: ScanReceiver>(
    isLast: Bool, into receiver: inout Receiver
  ) throws(Receiver.Failure) {
    let bytes = held
    held = []
    try scan(bytes.span, from: heldStart, isLast: isLast, into: &receiver)
    held = bytes
    // Dropping the front only when it is the larger part keeps the moves linear.
    let front = passed - heldStart
    if 2 * front >= held.count {
      held.removeFirst(front)
      heldStart = passed
    }
  }

  /// Scans `bytes`, which start at `start`, from `next` on, and passes on what is decided.
  private mutating func scan<Receiver: ScanReceiver>(
    _ bytes: Span<UInt8>, from start: Int, isLast: Bool, into receiver: inout Receiver
  ) throws(Receiver.Failure) {
    scan: while true {
      let position = Self.findPrefix(bytes, from: next - start, isLast: isLast)
      next = start + position
      guard TextForm.prefixCount <= bytes.count - position else { break }
      switch decide(bytes, at: position, from: start, isLast: isLast) {
      case .wait:
        break scan
      case .skip(let code):
        try pass(bytes, from: start, upTo: next, into: &receiver)
        try receiver.skipped(Skipped(offset: next, code: code))
        next += 1
      case .match(let content, let count):
        try pass(bytes, from: start, upTo: next, into: &receiver)
        let match = Match(range: next..<next + count, content: content)
        try receiver.match(match, text: bytes.extracting(position..<position + count))
        next += count
        passed = next
      }
    }
    try pass(bytes, from: start, upTo: next, into: &receiver)
  }

  private mutating func pass<Receiver: ScanReceiver>(
    _ bytes: Span<UInt8>, from start: Int, upTo end: Int, into receiver: inout Receiver
  ) throws(Receiver.Failure) {
    guard passed < end else { return }
    try receiver.text(bytes.extracting(passed - start..<end - start))
    passed = end
  }

  /// Decides on the candidate whose prefix is at `position`.
  private mutating func decide(
    _ bytes: Span<UInt8>, at position: Int, from start: Int, isLast: Bool
  ) -> Decision {
    let isToken = bytes[position + 2] == UInt8(ascii: "t")
    let encoded = position + TextForm.prefixCount
    // 24 bytes: a token up to C. 45: a blob's length, its context and a byte more.
    let headCount = isToken ? 32 : 60
    runEnd = max(runEnd, start + encoded)

    /// What to do unless `count` characters follow the prefix, else nil.
    func decisionUnless(_ count: Int) -> Decision? {
      let end = min(encoded + count, bytes.count)
      if runEnd < start + end { runEnd = start + Base64URL.run(bytes, from: runEnd - start, upTo: end) }
      if runEnd - start >= encoded + count { return nil }
      return isLast || runEnd - start < bytes.count ? .skip(.truncated) : .wait
    }

    if let decision = decisionUnless(headCount) { return decision }
    do {
      let head = try Base64URL.decode(bytes.extracting(encoded..<encoded + headCount))
      let byteCount = try isToken ? Self.tokenCount(head.span) : Self.blobCount(head.span)
      let count = Base64URL.textCount(byteCount)
      if let decision = decisionUnless(count) { return decision }
      // Before anything is decoded: many candidates may reach as far.
      guard Base64URL.isCanonical(last: bytes[encoded + count - 1], ofCount: count) else {
        return .skip(.badBase64url)
      }
      let form = try Base64URL.decode(bytes.extracting(encoded..<encoded + count))
      let content: Match.Content =
        try isToken ? .token(Token(parsing: form)) : .blob(BlobText(parsing: form).blob)
      return .match(content, count: TextForm.prefixCount + count)
    } catch {
      return .skip(error.code)
    }
  }

  /// The bytes of the token that starts with `head`.
  private static func tokenCount(_ head: Span<UInt8>) throws(WireError) -> Int {
    var reader = Reader(head, Token.section)
    return try Token.Layout(head: &reader).range.count
  }

  /// The bytes of the blob and its length that start with `head`.
  private static func blobCount(_ head: Span<UInt8>) throws(WireError) -> Int {
    var reader = Reader(head, BlobText.section)
    let length = try BlobText.length(parsing: &reader)
    _ = try SealedBlob.Context(parsing: &reader)
    return 3 + length
  }

  /// Where the first prefix starts, not before `start`, or else could still start when more text comes.
  private static func findPrefix(_ bytes: Span<UInt8>, from start: Int, isLast: Bool) -> Int {
    let last = TextForm.prefixCount - 1
    var position = start + last
    while position < bytes.count {
      // Most blocks of most texts have no underscore, and are passed over whole.
      guard bytes.count - position < 64 || hasUnderscore(bytes.extracting(position..<position + 64)) else {
        position += 64
        continue
      }
      let end = min(position + 64, bytes.count)
      while position < end {
        if bytes[position] == UInt8(ascii: "_"), isPrefix(bytes.extracting(position - last..<position)) {
          return position - last
        }
        position += 1
      }
    }
    guard !isLast else { return bytes.count }
    position = max(start, bytes.count - last)
    while position < bytes.count, !isPrefix(bytes.extracting(position..<bytes.count)) { position += 1 }
    return position
  }

  private static func hasUnderscore(_ block: Span<UInt8>) -> Bool {
    var found: UInt8 = 0
    for index in block.indices { found |= block[index] == UInt8(ascii: "_") ? 1 : 0 }
    return found != 0
  }

  /// Whether `bytes`, at most 4, are how a prefix starts.
  private static func isPrefix(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices {
      switch (index, bytes[index]) {
      case (0, UInt8(ascii: "e")), (1, UInt8(ascii: "k")), (2, UInt8(ascii: "t")), (2, UInt8(ascii: "s")),
        (3, UInt8(ascii: "1")):
        continue
      default: return false
      }
    }
    return true
  }
}
