/// What a text is, so that what is put into it stays text, steers no terminal and computes nothing. R-18-5, R-18.2-4
public enum Escaping: Equatable, Sendable {
  /// Bytes for a program that escapes them itself: values go in as they are.
  case none
  /// Text for a person: what a value has of controls and marks of direction is written as `\u{...}`.
  case text
  /// JSON, within strings. What steers a terminal is escaped too, and `<`, for JSON in a script of a page.
  case json
  /// CSV (RFC 4180) with this byte between fields, usually `,`. Every field is quoted, those of the text as well; one
  /// that a spreadsheet would take as a formula gets a `'` before it.
  case csv(separator: UInt8)
}

extension Escaping {
  /// A value as text for a person. R-18.2-4
  package static func shown(_ value: String) -> String {
    guard value.unicodeScalars.contains(where: steers) else { return value }
    var shown = ""
    for scalar in value.unicodeScalars {
      if steers(scalar) {
        shown += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// A field of a CSV text, in its quotes. A program may split it elsewhere, so that what begins a formula has a `'`
  /// before it wherever a field could begin. R-18.2-4
  package static func field(_ content: some Sequence<UInt8>) -> [UInt8] {
    let content = Array(content)
    let isNumber = isDecimal(content[...])
    var field = [quote]
    for index in content.indices {
      if !isNumber && beginsFormula(content[index...], behind: content[..<index].last) {
        field.append(UInt8(ascii: "'"))
      }
      if content[index] == quote { field.append(quote) }
      field.append(content[index])
    }
    return field + [quote]
  }

  /// Controls, marks of direction, and the separators of lines and paragraphs.
  fileprivate static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  /// Whether a spreadsheet would compute what stands here: at the start of a field, or behind what may end one.
  private static func beginsFormula(_ rest: ArraySlice<UInt8>, behind last: UInt8?) -> Bool {
    guard let first = rest.first else { return false }
    if let last {
      guard ",;|\"\t\r\n".utf8.contains(last) else { return false }
    } else if "\t\r\n".utf8.contains(first) {
      return true
    }
    // The last four in their full-width forms, U+FF0B, U+FF0D, U+FF1D and U+FF20.
    let isWide = [[0xef, 0xbc, 0x8b], [0xef, 0xbc, 0x8d], [0xef, 0xbc, 0x9d], [0xef, 0xbc, 0xa0]]
      .contains(Array(rest.prefix(3)))
    return isWide || "=+-@".utf8.contains(first)
  }

  /// A sign, digits, a point and digits; without sign, or without point and what follows it.
  private static func isDecimal(_ content: ArraySlice<UInt8>) -> Bool {
    let isSigned = content.first == UInt8(ascii: "+") || content.first == UInt8(ascii: "-")
    let parts = content.dropFirst(isSigned ? 1 : 0)
      .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }
}

private let quote = UInt8(ascii: "\"")

/// Writes a text and values in it, in order.
struct EscapingWriter {
  private let escaping: Escaping
  private var row = CSVRow()

  init(_ escaping: Escaping) {
    self.escaping = escaping
  }

  /// Text as it is.
  mutating func text(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    if case .csv(let separator) = escaping {
      row.text(bytes, separator, into: &output)
    } else {
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }

  /// A value, as text.
  mutating func value(_ value: [UInt8], into output: inout [UInt8]) {
    switch escaping {
    case .none: output += value
    case .text: output += Escaping.shown(String(decoding: value, as: UTF8.self)).utf8
    case .json: Self.json(String(decoding: value, as: UTF8.self), into: &output)
    case .csv: row.value(value)
    }
  }

  /// The end of the text.
  mutating func finish(into output: inout [UInt8]) {
    if case .csv = escaping { row.finish(into: &output) }
  }

  private static func json(_ value: String, into output: inout [UInt8]) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        output += [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
      case _ where Escaping.steers(scalar) || scalar == "<":
        let digits = String(scalar.value, radix: 16)
        output += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
      default: output += String(scalar).utf8
      }
    }
  }
}

/// The row of a CSV text that is being read and written. A field is held back until it ends: what it begins with may
/// be a value.
private struct CSVRow {
  private enum Place {
    /// Where a field begins.
    case start
    case plain
    case quoted
    /// Behind a quote within a quoted field, which ends it unless another quote follows.
    case quote
  }

  private var place = Place.start
  /// What the field holds, without its quotes.
  private var field: [UInt8] = []
  /// Whether the row has no field before this one.
  private var isFirst = true

  mutating func text(_ bytes: Span<UInt8>, _ separator: UInt8, into output: inout [UInt8]) {
    for index in bytes.indices {
      let byte = bytes[index]
      switch place {
      case .start where byte == quote: place = .quoted
      case .quoted where byte == quote: place = .quote
      case .quoted: field.append(byte)
      case .quote where byte == quote:
        place = .quoted
        field.append(byte)
      case .start, .plain, .quote:
        if byte == separator {
          output += Escaping.field(field)
          output.append(byte)
          begin(isFirst: false)
        } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
          finish(into: &output)
          output.append(byte)
        } else {
          place = .plain
          field.append(byte)
        }
      }
    }
  }

  mutating func value(_ value: [UInt8]) {
    if place != .quoted { place = .plain }
    field += value
  }

  /// The end of the row. One without anything has no field.
  mutating func finish(into output: inout [UInt8]) {
    if !isFirst || place != .start { output += Escaping.field(field) }
    begin(isFirst: true)
  }

  private mutating func begin(isFirst: Bool) {
    field.removeAll(keepingCapacity: true)
    (place, self.isFirst) = (.start, isFirst)
  }
}
