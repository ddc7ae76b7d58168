/// Writes JSON: keys in the order given, a newline at the end. Escaped is what has to be, and what steers a terminal:
/// controls, marks of direction, and the separators of lines and paragraphs.
struct JSONWriter {
  private let style: JSONStyle
  private var bytes: [UInt8] = []

  static func write(_ value: JSONValue, style: JSONStyle) -> [UInt8] {
    var writer = JSONWriter(style: style)
    writer.write(value, depth: 0)
    writer.bytes.append(UInt8(ascii: "\n"))
    return writer.bytes
  }

  private init(style: JSONStyle) { self.style = style }

  private mutating func write(_ value: JSONValue, depth: Int) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number): append(number.text)
    case .string(let text): write(text)
    case .array(let elements):
      write(elements, between: "[", "]", depth: depth) { (writer, element) in
        writer.write(element, depth: depth + 1)
      }
    case .object(let object):
      write(object.members, between: "{", "}", depth: depth) { (writer, member) in
        writer.write(member.key)
        writer.append(writer.style == .pretty ? ": " : ":")
        writer.write(member.value, depth: depth + 1)
      }
    }
  }

  private mutating func write<T>(
    _ items: [T], between opening: String, _ closing: String, depth: Int, item: (inout Self, T) -> Void
  ) {
    append(opening)
    var isFirst = true
    for element in items {
      if !isFirst { append(",") }
      isFirst = false
      breakLine(depth + 1)
      item(&self, element)
    }
    if !items.isEmpty { breakLine(depth) }
    append(closing)
  }

  private mutating func breakLine(_ depth: Int) {
    guard style == .pretty else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  private mutating func write(_ text: String) {
    append("\"")
    if text.utf8.allSatisfy(Self.isPlain) {
      append(text)
    } else {
      for scalar in text.unicodeScalars { append(Self.escape(of: scalar) ?? String(scalar)) }
    }
    append("\"")
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7f).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// How a string says what may not stand in it, or should not.
  private static func escape(of scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\u{8}": "\\b"
    case "\t": "\\t"
    case "\n": "\\n"
    case "\u{c}": "\\f"
    case "\r": "\\r"
    case "\0"..<" ", "\u{7f}"..."\u{9f}", "\u{61c}", "\u{200e}", "\u{200f}", "\u{2028}"..."\u{202e}",
      "\u{2066}"..."\u{2069}":
      "\\u" + Hex.encode([UInt8(scalar.value >> 8), UInt8(scalar.value & 0xff)])
    default: nil
    }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
