internal import Endkey
internal import EndkeyFuzz
internal import EndkeyJSON
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// The properties of replacing text forms by values. §18
enum ReplaceProperties {
  static func check(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    let escaping = script.one(of: [Escaping.none, .text, .json, .csv(separator: UInt8(ascii: ","))])
    let cut = script.below(1 << 16)
    let (text, plain) = try made(&script)
    let whole = try replaced(text, escaping, cuts: [])
    let pieces = try replaced(text, escaping, cuts: [cut % (text.count + 1)])
    try require(whole == pieces, "cut at \(cut % (text.count + 1)), the text is replaced differently")
    switch escaping {
    case .none:
      try require(whole.output == plain, "the values do not stand in the places of their tokens")
    case .text:
      let steers = whole.output.contains { $0 < 0x20 || $0 == 0x7f }
      try require(!steers, "a value keeps a control")
    case .json:
      let quoted = [UInt8(ascii: "\"")] + whole.output + [UInt8(ascii: "\"")]
      let value = try must("reading the JSON string") { try JSONValue(parsing: quoted) }
      try require(value == .string(String(decoding: plain, as: UTF8.self)), "a value leaves its JSON string")
    case .csv:
      let commas = text.count { $0 == UInt8(ascii: ",") }
      try require(cellCount(whole.output) == commas + 1, "a value makes a cell, or takes one away")
    }
    return whole.count > 0 ? .accepted : .refused
  }

  /// The cells of one row by RFC 4180, or nil when there are more rows, or quotation marks where none may be.
  private static func cellCount(_ row: [UInt8]) -> Int? {
    var count = 1
    var (isQuoted, isStart) = (false, true)
    var rest = row[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        if rest.first == UInt8(ascii: "\"") { rest.removeFirst() } else { isQuoted = false }
      case UInt8(ascii: "\""):
        guard isStart else { return nil }
        isQuoted = true
      case UInt8(ascii: ",") where !isQuoted: count += 1
      case 0x0a, 0x0d: guard isQuoted else { return nil }
      default: break
      }
      isStart = byte == UInt8(ascii: ",") && !isQuoted
    }
    return isQuoted ? nil : count
  }

  private struct Result: Equatable {
    var output: [UInt8] = []
    var count = 0
    var unopened: [ScanReplacer.Finding] = []
    var skipped: [ScanReplacer.Finding] = []
  }

  private static func replaced(_ text: [UInt8], _ escaping: Escaping, cuts: [Int]) throws(Violation) -> Result
  {
    do {
      var replacer = ScanReplacer(ring: Keys.ring, escaping: escaping)
      var result = Result()
      var start = 0
      for cut in cuts + [text.count] {
        try replacer.feed(text.span.extracting(start..<cut), into: &result.output)
        start = cut
      }
      try replacer.finish(into: &result.output)
      result.count = replacer.replacedCount
      (result.unopened, result.skipped) = (replacer.unopened, replacer.skipped)
      return result
    } catch {
      throw Violation("replacing fails: \(error)")
    }
  }

  /// A text of words, tokens and blobs, and the same with values.
  private static func made(_ script: inout Script) throws(Violation) -> (text: [UInt8], plain: [UInt8]) {
    do {
      var sealer = try TokenSealer(key: Keys.masterKey(epoch: 2).tokenKey())
      let key = try Keys.masterKey(epoch: 3).agentKey(for: Keys.agents[1].agentID)
      var random = DeterministicRandom("replacer")
      var (text, plain): ([UInt8], [UInt8]) = ([], [])
      while !script.isAtEnd, text.count < 4_000 {
        let choice = script.below(4)
        let value = Array(String(decoding: script.string(atMost: 40), as: UTF8.self).utf8)
        switch choice {
        case 0:
          text += try sealer.seal(value, field: .windowTitle).text.utf8
          plain += value
        case 1:
          text += try NewBlob(sealing: value.span, key: key, field: .clipboard, using: &random).blob.text()
            .utf8
          plain += value
        default:
          // Words between, and half text forms, that no value may touch.
          let word = [" ekt1_ ", " eks1_AAAA ", " e", "k ", " word, "][script.below(5)]
          text += word.utf8
          plain += word.utf8
        }
        text.append(UInt8(ascii: " "))
        plain.append(UInt8(ascii: " "))
      }
      return (text, plain)
    } catch {
      throw Violation("making a text fails: \(error)")
    }
  }
}
