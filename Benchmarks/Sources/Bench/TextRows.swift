import CPeers
import Endkey
import EndkeyBulk
import EndkeyPrimitives
import EndkeyWire
import Foundation

/// Parsing, base64url and the scanner: target 6.
enum TextRows {
  /// Text as a report has it, without a token: words, digits, marks, and an underscore here and there.
  static func prose(_ count: Int) -> [UInt8] {
    var numbers = Numbers(seed: 3)
    let words =
      "the of report hours total window_title week ekt ek1 mean project — début client, review. 12:30 \n"
      .split(
        separator: " ")
    var text: [UInt8] = []
    while text.count < count {
      text += (words.randomElement(using: &numbers) ?? "").utf8
      text.append(0x20)
    }
    return Array(text[..<count])
  }

  struct Counter: ScanReceiver {
    var passed = 0
    var matches = 0
    mutating func text(_ bytes: Span<UInt8>) { passed += bytes.count }
    mutating func match(_ match: EndkeyWire.Scanner.Match, text: Span<UInt8>) { matches += 1 }
    mutating func skipped(_ candidate: EndkeyWire.Scanner.Skipped) {}
  }

  static func scan(_ text: [UInt8]) -> Counter {
    var scanner = EndkeyWire.Scanner()
    var counter = Counter()
    scanner.feed(text.span, into: &counter)
    scanner.finish(into: &counter)
    return counter
  }

  static func measure(_ report: inout Report) throws {
    try parse(&report)
    try base64(&report)
    let text = prose(report.isQuick ? 1 << 16 : 1 << 24)
    report.check("the scanner passes all text on", scan(text).passed == text.count)
    var copy = [UInt8](repeating: 0, count: text.count)
    var way = Measurement()
    way.add("scan") { guard scan(text).matches == 0 else { fatalError("a match") } }
    way.add("copy") { copy.replaceSubrange(0..<copy.count, with: text) }
    let seconds = try way.run(quick: report.isQuick)
    let (own, memory) = (seconds["scan"] ?? 0, seconds["copy"] ?? 0)
    report.row("Scanner", "text without tokens", Double(text.count) / own / 1e9, "GB/s", atLeast: 1)
    report.row("Scanner", "÷ memcpy of the same text", memory / own, "×")
  }

  private static func parse(_ report: inout Report) throws {
    // Tokens of 88 bytes: six fields.
    var sealer = try BulkTokenSealer(key: TokenRows.key())
    var values = FlatBytes()
    for index in 0..<10_000 { values.append("a title of some forty bytes, as they are \(index)".utf8) }
    let tokens = try sealer.seal(values, field: .url)
    var way = Measurement()
    way.add("parse") {
      var sum = 0
      for index in 0..<tokens.count {
        sum += try Token.Layout(parsing: tokens.bytes.span.extracting(tokens.range(index))).count
      }
      guard sum == 64 * tokens.count else { fatalError("sizes") }
    }
    let seconds = try way.run(quick: report.isQuick)
    report.row(
      "Parser", "a message of 6 fields and 88 bytes, in place",
      (seconds["parse"] ?? 0) * 1e9 / Double(tokens.count), "ns",
      atMost: 8)
  }

  private static func base64(_ report: inout Report) throws {
    let bytes = (0..<60).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let data = Data(bytes)
    let text = Base64URL.encode(bytes.span)
    let foundation = data.base64EncodedString()
    let characters = Array(text.utf8)
    report.check(
      "base64url",
      text == foundation.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_"))
    report.check("base64url back", try Base64URL.decode(characters.span) == bytes)
    var output = [UInt8](repeating: 0, count: 80)
    var back = [UInt8](repeating: 0, count: 60)
    var way = Measurement()
    way.add("encode") {
      for _ in 0..<1_000 {
        var span = output.mutableSpan
        var writer = Writer(&span)
        Base64URL.encode(bytes.span, into: &writer)
      }
    }
    way.add("decode") {
      for _ in 0..<1_000 {
        var span = back.mutableSpan
        var writer = Writer(&span)
        try Base64URL.decode(characters.span, into: &writer)
      }
    }
    way.add("decode to an array") { for _ in 0..<1_000 { _ = try Base64URL.decode(characters.span) } }
    way.add("array") { for _ in 0..<1_000 { _ = [UInt8](repeating: 0, count: 60) } }
    way.add("foundation encode") { for _ in 0..<1_000 { _ = data.base64EncodedData() } }
    way.add("foundation decode") { for _ in 0..<1_000 { _ = Data(base64Encoded: foundation) } }
    let seconds = try way.run(quick: report.isQuick)
    let group = "Base64url, 60 bytes into memory that is there"
    for direction in ["encode", "decode"] {
      let (own, peer) = (seconds[direction] ?? 0, seconds["foundation \(direction)"] ?? 0)
      report.row(group, "\(direction) ÷ Foundation, which makes a Data", peer / own, "×", atLeast: 2)
      report.row(group, direction, 60_000 / own / 1e6, "MB/s")
    }
    report.row(
      group, "decode to a new array ÷ Foundation",
      (seconds["foundation decode"] ?? 0) / (seconds["decode to an array"] ?? 0), "×")
    report.row(group, "of which the array", (seconds["array"] ?? 0) * 1e6, "ns")
  }
}
