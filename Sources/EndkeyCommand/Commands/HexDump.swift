internal import EndkeyJSON

/// What `xxd`, `hexdump` and `od` write: an offset in each line, then bytes or words in hex, perhaps the same as text.
/// A line `*` stands for lines like the one before; a last line may have an offset alone.
enum HexDump {
  /// Nil for a text that is none, or of which lines are missing.
  static func bytes(_ text: String) -> [UInt8]? {
    var lines: [Line] = []
    for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
      guard let line = Line(line) else { return nil }
      lines.append(line)
    }
    guard lines.contains(where: { !$0.bytes.isEmpty }) else { return nil }
    for radix in [16, 8] {
      if let bytes = joined(lines, radix) { return bytes }
    }
    return nil
  }

  /// The longest that is filled with lines that `*` leaves out.
  private static let lengthMax = 1 << 26

  private static func joined(_ lines: [Line], _ radix: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    var start: Int?
    var repeated: [UInt8]?
    for (index, line) in lines.enumerated() {
      guard !line.isRepetition else {
        guard let last = lines[..<index].last, !last.bytes.isEmpty else { return nil }
        repeated = last.bytes
        continue
      }
      guard let offset = Int(line.offset, radix: radix) else { return nil }
      let place = offset - (start ?? offset)
      start = start ?? offset
      if let filling = repeated {
        guard place <= lengthMax else { return nil }
        while bytes.count < place { bytes += filling }
        repeated = nil
      }
      // A word at the end may have a byte more than there was.
      if line.bytes.isEmpty, index == lines.count - 1, (0...1).contains(bytes.count - place) {
        bytes.removeLast(bytes.count - place)
      }
      guard bytes.count == place else { return nil }
      bytes += line.bytes
    }
    return bytes
  }

  private struct Line {
    let isRepetition: Bool
    let offset: Substring
    let bytes: [UInt8]

    init?(_ line: Substring) {
      let words = line.trimmingPrefix(while: \.isWhitespace)
      guard words != "*" else {
        (isRepetition, offset, bytes) = (true, "", [])
        return
      }
      guard let match = words.wholeMatch(of: #/([0-9a-fA-F]{4,16})(:?)(?:\s+(.*?))?\s*/#) else { return nil }
      let isOfXXD = !match.output.2.isEmpty
      guard let bytes = Self.bytes(match.output.3 ?? "", isOfXXD: isOfXXD) else { return nil }
      (isRepetition, offset, self.bytes) = (false, match.output.1, bytes)
    }

    /// Of the part behind an offset. Words that `xxd` writes have their first byte first, those of others their last.
    private static func bytes(_ part: Substring, isOfXXD: Bool) -> [UInt8]? {
      let text = ["|", ">"].compactMap { part.firstRange(of: $0) }.map(\.lowerBound).min()
      let gap = isOfXXD ? part.firstRange(of: "  ")?.lowerBound : nil
      var bytes: [UInt8] = []
      for word in part[..<(gap ?? text ?? part.endIndex)].split(whereSeparator: \.isWhitespace) {
        do {
          let decoded = try Hex.decode(word.utf8, letterCase: .any)
          bytes += isOfXXD ? decoded : decoded.reversed()
        } catch {
          return nil
        }
      }
      return bytes
    }
  }
}
