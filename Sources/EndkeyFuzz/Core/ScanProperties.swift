internal import EndkeyWire

/// The properties of the scanner. §18
enum ScanProperties {
  static func check(_ text: Span<UInt8>, _ effort: Effort) throws(Violation) -> FuzzTarget.Outcome {
    let whole = try Events(of: text, cutAt: [])
    try whole.check(against: text)
    try Pieces.check(text, effort, whole: whole) { (cuts) throws(Violation) in
      try Events(of: text, cutAt: cuts)
    }
    for cut in effort.cuts(of: text) { try checkParts(text, cut) }
    return whole.matches.isEmpty ? .refused : .accepted
  }

  /// A line feed is part of no text form: two texts with one between scan as each alone.
  private static func checkParts(_ text: Span<UInt8>, _ cut: Int) throws(Violation) {
    let first = Scanner.scan(text.extracting(first: cut))
    let second = Scanner.scan(text.extracting(cut...))
    let joined = text.extracting(first: cut).array + [0x0a] + text.extracting(cut...).array
    let both = Scanner.scan(joined.span)
    let matches =
      first.matches.map { $0.range }
      + second.matches.map { $0.range.lowerBound + cut + 1..<$0.range.upperBound + cut + 1 }
    try require(both.matches.map(\.range) == matches, "split at \(cut), the matches are others")
    let skipped =
      first.skipped.map { ($0.offset, $0.code) } + second.skipped.map { ($0.offset + cut + 1, $0.code) }
    try require(
      both.skipped.elementsEqual(skipped) { $0.offset == $1.0 && $0.code == $1.1 },
      "split at \(cut), the candidates reported are others")
  }

  /// What a scanner gave, in order; text that is no match as one string, with a zero length for each match.
  private struct Events: ScanReceiver, Equatable {
    private(set) var matches: [Scanner.Match] = []
    private(set) var skipped: [Scanner.Skipped] = []
    /// Everything passed on, texts of matches too: the text itself.
    private(set) var passed: [UInt8] = []
    /// Where in `passed` the matches stood.
    private var places: [Range<Int>] = []

    init(of text: Span<UInt8>, cutAt cuts: [Int]) throws(Violation) {
      var scanner = Scanner()
      var start = 0
      for cut in cuts {
        scanner.feed(text.extracting(start..<cut), into: &self)
        start = cut
      }
      scanner.feed(text.extracting(start...), into: &self)
      scanner.finish(into: &self)
    }

    mutating func text(_ bytes: Span<UInt8>) { passed += bytes.array }

    mutating func match(_ match: Scanner.Match, text: Span<UInt8>) {
      matches.append(match)
      places.append(passed.count..<passed.count + text.count)
      passed += text.array
    }

    mutating func skipped(_ candidate: Scanner.Skipped) { skipped.append(candidate) }

    func check(against text: Span<UInt8>) throws(Violation) {
      try require(passed.span.equals(text), "the text that is passed on is not the text that was given")
      try require(places == matches.map(\.range), "a match does not stand where its range says")
      for match in matches {
        try require(Self.isRead(match, in: text), "the match at \(match.range) is not read as what it says")
      }
      let starts = matches.map(\.range.lowerBound) + skipped.map(\.offset)
      try require(Set(starts).count == starts.count, "an offset is reported twice")
      // R-18-1: every prefix outside of a match is one, or is reported.
      var covered = matches[...]
      for offset in text.indices where Self.isPrefix(text, at: offset) {
        while let first = covered.first, first.range.upperBound <= offset { covered.removeFirst() }
        let isInside = covered.first.map { $0.range.lowerBound < offset } ?? false
        try require(
          isInside != starts.contains(offset), "the prefix at \(offset) is lost, or reported within a match")
      }
      for offset in starts {
        try require(Self.isPrefix(text, at: offset), "what is reported at \(offset) has no prefix")
      }
    }

    private static func isRead(_ match: Scanner.Match, in text: Span<UInt8>) -> Bool {
      let form = text.extracting(match.range)
      do {
        switch match.content {
        case .token(let token): return try Token(text: form) == token
        case .blob(let blob): return try SealedBlob(text: form) == blob
        }
      } catch {
        return false
      }
    }

    private static func isPrefix(_ text: Span<UInt8>, at offset: Int) -> Bool {
      guard offset + 5 <= text.count else { return false }
      return text[offset] == UInt8(ascii: "e") && text[offset + 1] == UInt8(ascii: "k")
        && (text[offset + 2] == UInt8(ascii: "t") || text[offset + 2] == UInt8(ascii: "s"))
        && text[offset + 3] == UInt8(ascii: "1") && text[offset + 4] == UInt8(ascii: "_")
    }
  }
}
