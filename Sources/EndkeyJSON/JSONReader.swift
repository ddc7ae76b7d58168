/// A strict reader of RFC 8259. Stops at the first fault, in the order of the bytes.
///
/// Stricter than the RFC asks: no byte order mark, no key twice, no escape for half a surrogate pair.
struct JSONReader {
  private let bytes: [UInt8]
  private let limits: JSONLimits
  /// Whether strings that are ill-formed are repaired, and not refused.
  private let isRepairing: Bool
  private var offset = 0
  private var depth = 0

  static func read(
    _ bytes: [UInt8], limits: JSONLimits, isRepairing: Bool = false
  ) throws(JSONSyntaxError) -> JSONValue {
    guard bytes.count <= limits.byteCount else {
      // The place is that of the first byte too many, without counting the lines of a huge text.
      throw JSONSyntaxError(.tooLong, at: limits.byteCount, in: [])
    }
    var reader = JSONReader(bytes: bytes, limits: limits, isRepairing: isRepairing)
    let value = try reader.value()
    reader.skipWhiteSpace()
    guard reader.next == nil else { throw reader.fault(.trailingBytes) }
    return value
  }

  private init(bytes: [UInt8], limits: JSONLimits, isRepairing: Bool) {
    self.bytes = bytes
    self.limits = limits
    self.isRepairing = isRepairing
  }

  /// The byte to read next; nothing at the end.
  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func fault(_ reason: JSONSyntaxError.Reason, at offset: Int? = nil) -> JSONSyntaxError {
    JSONSyntaxError(reason, at: offset ?? self.offset, in: bytes)
  }

  /// The fault of a byte that is not what the grammar wants, or of no byte at all.
  private func unexpected(_ reason: JSONSyntaxError.Reason = .unexpectedByte) -> JSONSyntaxError {
    fault(next == nil ? .unexpectedEnd : reason)
  }

  private mutating func skipWhiteSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { offset += 1 }
  }

  /// Reads `byte` if it comes next.
  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: byte) else { return false }
    offset += 1
    return true
  }

  // MARK: Values

  private mutating func value() throws(JSONSyntaxError) -> JSONValue {
    skipWhiteSpace()
    guard let byte = next else { throw fault(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw fault(.unexpectedByte)
    }
  }

  private mutating func literal(_ text: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
    for byte in text.utf8 {
      guard next == byte else { throw unexpected(.invalidLiteral) }
      offset += 1
    }
    return value
  }

  private mutating func array() throws(JSONSyntaxError) -> [JSONValue] {
    try descend()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    skipWhiteSpace()
    if take("]") { return elements }
    repeat {
      elements.append(try value())
      skipWhiteSpace()
    } while take(",")
    guard take("]") else { throw unexpected() }
    return elements
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONObject {
    try descend()
    defer { depth -= 1 }
    var object = JSONObject()
    skipWhiteSpace()
    if take("}") { return object }
    repeat {
      skipWhiteSpace()
      let start = offset
      guard next == UInt8(ascii: "\"") else { throw unexpected() }
      let key = try string()
      guard object[key] == nil else { throw fault(.duplicateKey, at: start) }
      skipWhiteSpace()
      guard take(":") else { throw unexpected() }
      object.append(key, try value())
      skipWhiteSpace()
    } while take(",")
    guard take("}") else { throw unexpected() }
    return object
  }

  /// Passes an opening bracket.
  private mutating func descend() throws(JSONSyntaxError) {
    guard depth < limits.depth else { throw fault(.tooDeep) }
    depth += 1
    offset += 1
  }

  // MARK: Numbers, §6

  private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
    let start = offset
    _ = take("-")
    if take("0") {
      if let byte = next, Self.isDigit(byte) { throw fault(.invalidNumber) }  // no leading zeros
    } else {
      try digits()
    }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return JSONNumber(checked: String(decoding: bytes[start..<offset], as: UTF8.self))
  }

  /// One digit or more.
  private mutating func digits() throws(JSONSyntaxError) {
    guard let byte = next, Self.isDigit(byte) else { throw unexpected(.invalidNumber) }
    while let byte = next, Self.isDigit(byte) { offset += 1 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

  // MARK: Strings, §7

  private mutating func string() throws(JSONSyntaxError) -> String {
    offset += 1  // the quotation mark
    var start = offset  // of the bytes that `text` does not hold yet
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        let run = bytes[start..<offset]
        offset += 1
        guard !text.isEmpty else { return String(decoding: run, as: UTF8.self) }
        text.append(contentsOf: run)
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: bytes[start..<offset])
        try escape(into: &text)
        start = offset
      case 0x20..<0x80: offset += 1
      // The string's bytes are decoded as a whole, which replaces what is ill-formed.
      case _ where isRepairing: offset += 1
      case 0..<0x20: throw fault(.controlCharacter)
      default: try skipCodePoint()
      }
    }
    throw fault(.unexpectedEnd)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
    let start = offset
    offset += 1  // the backslash
    guard let byte = next else { throw fault(.unexpectedEnd) }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var value = UInt32(try codeUnit(of: start))
      if 0xd800...0xdbff ~= value, let low = try lowSurrogate() {
        value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(value) ?? (isRepairing ? "\u{fffd}" : nil) else { throw lone(start) }
      text.append(contentsOf: scalar.utf8)
    default: throw fault(.invalidEscape, at: start)
    }
  }

  /// Passes the escape of a second half, if that comes next.
  private mutating func lowSurrogate() throws(JSONSyntaxError) -> UInt32? {
    let start = offset
    if take("\\"), take("u") {
      let unit = UInt32(try codeUnit(of: start))
      if 0xdc00...0xdfff ~= unit { return unit }
    }
    guard next != nil else { return nil }
    offset = start
    return nil
  }

  private func lone(_ start: Int) -> JSONSyntaxError {
    fault(next == nil ? .unexpectedEnd : .loneSurrogate, at: next == nil ? nil : start)
  }

  /// The four hexadecimal digits of the escape that starts at `start`.
  private mutating func codeUnit(of start: Int) throws(JSONSyntaxError) -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next else { throw fault(.unexpectedEnd) }
      guard let digit = Hex.value(of: byte, lowerCaseOnly: false) else {
        throw fault(.invalidEscape, at: start)
      }
      value = value << 4 | UInt16(digit)
      offset += 1
    }
    return value
  }

  /// Passes one code point beyond ASCII, well-formed by table 3-7 of the Unicode standard: neither overlong,
  /// nor a surrogate, nor above U+10FFFF. The fault is at the first byte that no code point can continue.
  private mutating func skipCodePoint() throws(JSONSyntaxError) {
    let second: ClosedRange<UInt8>
    let further: Int
    switch bytes[offset] {
    case 0xc2...0xdf: (second, further) = (0x80...0xbf, 0)
    case 0xe0: (second, further) = (0xa0...0xbf, 1)
    case 0xed: (second, further) = (0x80...0x9f, 1)
    case 0xe1...0xef: (second, further) = (0x80...0xbf, 1)
    case 0xf0: (second, further) = (0x90...0xbf, 2)
    case 0xf1...0xf3: (second, further) = (0x80...0xbf, 2)
    case 0xf4: (second, further) = (0x80...0x8f, 2)
    default: throw fault(.invalidUTF8)
    }
    offset += 1
    guard let byte = next, second ~= byte else { throw unexpected(.invalidUTF8) }
    offset += 1
    for _ in 0..<further {
      guard let byte = next, 0x80...0xbf ~= byte else { throw unexpected(.invalidUTF8) }
      offset += 1
    }
  }
}
