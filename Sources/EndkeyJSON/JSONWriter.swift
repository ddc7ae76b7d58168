/// Writes JSON: keys in the order given, no escape that is not needed, a newline at the end.
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
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0a: append("\\n")
      case 0x0c: append("\\f")
      case 0x0d: append("\\r")
      case 0..<0x20: append("\\u00" + Hex.encode([byte]))
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
