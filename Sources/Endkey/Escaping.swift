/// What a text is, so that what is put into it stays text and never becomes markup. R-18-5
public enum Escaping: Equatable, Sendable {
  /// Plain text: values go in as they are.
  case none
  /// HTML, in content or in a quoted attribute.
  case html
  /// JSON, within strings. `<` is escaped too, for JSON that stands in a script of a page.
  case json
  /// CSV (RFC 4180) with this byte between cells, usually `,`. A cell with a value is quoted if it must be; a
  /// value that a spreadsheet would take as a formula gets a `'` before it.
  case csv(separator: UInt8)
}

/// Writes a text and values in it, in order.
struct EscapingWriter {
  private let escaping: Escaping
  private var cell = CSVCell()

  init(_ escaping: Escaping) {
    self.escaping = escaping
  }

  /// Text as it is.
  mutating func text(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
    if case .csv(let separator) = escaping {
      cell.text(bytes, separator, into: &output)
    } else {
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }

  /// A value, as text.
  mutating func value(_ value: [UInt8], into output: inout [UInt8]) {
    switch escaping {
    case .none: output += value
    case .html: for byte in value { Self.html(byte, into: &output) }
    case .json: for byte in value { Self.json(byte, into: &output) }
    case .csv(let separator): cell.value(value, separator, into: &output)
    }
  }

  /// The end of the text.
  mutating func finish(into output: inout [UInt8]) {
    if case .csv(let separator) = escaping { cell.end(separator, into: &output) }
  }

  private static func html(_ byte: UInt8, into output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "&"): output += "&amp;".utf8
    case UInt8(ascii: "<"): output += "&lt;".utf8
    case UInt8(ascii: ">"): output += "&gt;".utf8
    case UInt8(ascii: "\""): output += "&quot;".utf8
    case UInt8(ascii: "'"): output += "&#39;".utf8
    default: output.append(byte)
    }
  }

  private static func json(_ byte: UInt8, into output: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
    case 0..<0x20, UInt8(ascii: "<"):
      output += "\\u00".utf8
      for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 48 + digit : 87 + digit) }
    default: output.append(byte)
    }
  }
}

/// The cell of a CSV text that is being written. One that is not quoted is held back until it ends, for only
/// then it is known whether it must be.
private struct CSVCell {
  private enum Place {
    case start
    /// In a cell that is not quoted.
    case plain
    case quoted
    /// Behind a quote within a quoted cell, which ends it unless another quote follows.
    case quote
  }

  private var place = Place.start
  /// Of the plain cell.
  private var held: [UInt8] = []
  private var hasValue = false
  /// Whether the quoted cell has content.
  private var isStarted = false

  mutating func text(_ bytes: Span<UInt8>, _ separator: UInt8, into output: inout [UInt8]) {
    for index in bytes.indices {
      let byte = bytes[index]
      switch place {
      case .start where byte == quote:
        (place, isStarted) = (.quoted, false)
        output.append(byte)
      case .quoted:
        if byte == quote { place = .quote } else { isStarted = true }
        output.append(byte)
      case .quote where byte == quote:
        (place, isStarted) = (.quoted, true)
        output.append(byte)
      case .start, .plain, .quote:
        if byte == separator || isLineEnd(byte) {
          end(separator, into: &output)
          output.append(byte)
        } else {
          place = .plain
          held.append(byte)
        }
      }
    }
  }

  mutating func value(_ value: [UInt8], _ separator: UInt8, into output: inout [UInt8]) {
    let isQuoted = place == .quoted
    let isFirst = isQuoted ? !isStarted : held.isEmpty
    let guarded = isFirst && isFormula(value) ? [UInt8(ascii: "'")] + value : value
    if isQuoted {
      isStarted = true
      append(guarded, into: &output)
    } else {
      place = .plain
      hasValue = true
      held += guarded
    }
  }

  /// Writes what is held of a cell that ends.
  mutating func end(_ separator: UInt8, into output: inout [UInt8]) {
    if hasValue, held.contains(where: { $0 == separator || $0 == quote || isLineEnd($0) }) {
      output.append(quote)
      append(held, into: &output)
      output.append(quote)
    } else {
      output += held
    }
    held.removeAll(keepingCapacity: true)
    (place, hasValue) = (.start, false)
  }

  /// Content of a quoted cell.
  private func append(_ content: [UInt8], into output: inout [UInt8]) {
    for byte in content {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
  }
}

private let quote = UInt8(ascii: "\"")

private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

/// Whether a spreadsheet would compute the cell that starts so.
private func isFormula(_ value: [UInt8]) -> Bool {
  guard let first = value.first else { return false }
  return "=+-@\t\r\n".utf8.contains(first)
}
