/// A table as a terminal shows it.
enum Columns {
  enum Side { case left, right }

  /// A line for each row. Each column is as wide as its widest cell; nothing stands behind the last cell of a row.
  static func lines(_ rows: [[String]], _ sides: [Side] = []) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], width(of: cell))
      }
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - width(of: cell))
        if sides.indices.contains(column), sides[column] == .right { return padding + cell }
        return column == row.count - 1 ? cell : cell + padding
      }
      .joined(separator: "  ")
    }
  }

  /// A line, broken between words where a terminal would break it anywhere. What stands in backquotes or brackets stays
  /// whole: a command is to be copied.
  static func wrapped(_ line: String, _ columns: Int) -> String {
    var (text, used) = ("", 0)
    for (index, word) in words(of: line).enumerated() {
      let width = width(of: word)
      if index > 0, used > 0, used + 1 + width > columns {
        text += "\n  "
        used = 2
      } else if index > 0 {
        text += " "
        used += 1
      }
      text += word
      used += width
    }
    return text
  }

  private static func words(of line: String) -> [String] {
    var (words, isCommand, depth) = ([""], false, 0)
    for character in line {
      switch character {
      case "`": isCommand.toggle()
      case "[": depth += 1
      case "]": depth -= 1
      default: break
      }
      if character == " ", !isCommand, depth <= 0 {
        words.append("")
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }

  /// How many columns of a terminal a text takes: two for each wide letter and emoji, none for a mark at a letter.
  static func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }

  private static func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    let isEmoji = scalars.contains { $0.properties.isEmojiPresentation || $0.value == 0xfe0f }
    return isEmoji ? 2 : scalars.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return scalar.value == 0xad ? 1 : 0
    default: break
    }
    // The vowels and finals of a Hangul syllable stand in the square of its first letter.
    if (0x1160...0x11ff).contains(scalar.value) || (0xd7b0...0xd7ff).contains(scalar.value) { return 0 }
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// What is wide or full-width by Unicode's Annex 11, emoji aside.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115f, 0x2329...0x232a, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97c, 0xac00...0xd7a3,
    0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6b, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18d08,
    0x1aff0...0x1b2fb, 0x1f200...0x1f265, 0x20000...0x3fffd,
  ]
}
