/// Turns a text file, piece by piece, into UTF-8 without a byte order mark. What has no mark is left as it is: some
/// systems write UTF-16, each with its mark.
package struct TextDecoder {
  private enum Form { case unknown, bytes, littleEndian, bigEndian }

  private var form = Form.unknown
  /// What is not whole yet: the start of the text, a half of a code unit, the first of a pair.
  private var rest: [UInt8] = []

  package init() {}

  /// The whole of a text.
  package static func decode(_ bytes: [UInt8]) -> [UInt8] {
    var decoder = TextDecoder()
    let decoded = decoder.decode(bytes)
    return decoded + decoder.finish()
  }

  /// What is whole with the next piece.
  package mutating func decode(_ piece: [UInt8]) -> [UInt8] {
    rest += piece
    if form == .unknown { recognize() }
    switch form {
    // Not enough of it has come.
    case .unknown: return []
    case .bytes: return take(rest.count)
    case .littleEndian, .bigEndian:
      var count = rest.count / 2 * 2
      if count > 0, UTF16.isLeadSurrogate(unit(at: count - 2)) { count -= 2 }
      return decoded(take(count))
    }
  }

  /// What is left at the end. Half a character is replaced.
  package mutating func finish() -> [UInt8] {
    let end = take(rest.count)
    return form == .littleEndian || form == .bigEndian ? decoded(end) : end
  }

  private mutating func recognize() {
    let marks: [([UInt8], Form)] = [
      ([0xef, 0xbb, 0xbf], .bytes), ([0xff, 0xfe], .littleEndian), ([0xfe, 0xff], .bigEndian),
    ]
    if let (mark, form) = marks.first(where: { rest.starts(with: $0.0) }) {
      self.form = form
      rest.removeFirst(mark.count)
    } else if !marks.contains(where: { $0.0.starts(with: rest) }) {
      form = .bytes
    }
  }

  private mutating func take(_ count: Int) -> [UInt8] {
    defer { rest.removeFirst(count) }
    return Array(rest[..<count])
  }

  private func unit(at index: Int) -> UInt16 { Self.unit(rest[index], rest[index + 1], form) }

  private static func unit(_ first: UInt8, _ second: UInt8, _ form: Form) -> UInt16 {
    form == .littleEndian ? UInt16(second) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(second)
  }

  private func decoded(_ bytes: [UInt8]) -> [UInt8] {
    var units: [UInt16] = []
    for index in stride(from: 0, to: bytes.count, by: 2) {
      units.append(index + 1 < bytes.count ? Self.unit(bytes[index], bytes[index + 1], form) : 0xfffd)
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
