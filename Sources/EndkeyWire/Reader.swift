/// A cursor that only goes forward over untrusted bytes. §2.2
///
/// It reads a field at a time and throws at the first that breaks a rule, with the offset that §2.2 gives. It holds no
/// copy of the bytes and allocates nothing before a length was checked. When it was made with `recording`, it notes
/// each field it has read, so that an annotated dump comes from the parser itself.
public struct Reader: ~Copyable, ~Escapable {
  private let bytes: Span<UInt8>
  /// The place of the next byte, from the start of the message.
  public private(set) var offset = 0
  /// Where the vector that is being read ends, or the message.
  private var end: Int
  private var section: Section
  private let recorder: Recorder?

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, _ section: Section, recording: Bool = false) {
    self.bytes = bytes
    self.end = bytes.count
    self.section = section
    self.recorder = recording ? Recorder() : nil
  }

  /// The fields read so far, when made with `recording`.
  var fields: [Field] { recorder?.fields ?? [] }

  /// Whether the vector that is being read, or the message, has no more bytes.
  var isAtEnd: Bool { offset == end }

  /// The bytes up to the end of the vector that is being read, or of the message.
  var remaining: Int { end - offset }

  /// The last word on every message: nothing follows its last field. R-2.2-1
  @inline(__always)
  func finish() throws(WireError) {
    guard isAtEnd else { throw fault(.trailingBytes, at: offset) }
  }

  @inline(__always)
  func fault(_ code: WireError.Code, at offset: Int) -> WireError {
    Self.fault(code, at: offset, section)
  }

  /// Out of line, and without a reader: it keeps the good path short and the cursor in registers.
  @inline(never)
  private static func fault(_ code: WireError.Code, at offset: Int, _ section: Section) -> WireError {
    WireError(code, at: offset, section)
  }
}

// MARK: - Numbers

extension Reader {
  @inline(__always)
  mutating func uint16(_ name: StaticString) throws(WireError) -> UInt16 {
    let start = try take(2)
    let value = UInt16(truncatingIfNeeded: bytes.bigEndian(start..<start + 2))
    recorder?.note(name, start..<offset, section, number: UInt64(value))
    return value
  }

  @inline(__always)
  mutating func uint32(_ name: StaticString) throws(WireError) -> UInt32 {
    let start = try take(4)
    let value = UInt32(truncatingIfNeeded: bytes.bigEndian(start..<start + 4))
    recorder?.note(name, start..<offset, section, number: UInt64(value))
    return value
  }

  /// The number of bytes of a later field. §17
  mutating func byteCount<let least: Int, let most: Int>(
    _ name: StaticString
  ) throws(WireError) -> ByteCount<least, most> {
    let start = try take(4)
    let value = Int(truncatingIfNeeded: bytes.bigEndian(start..<offset))
    do {
      let count = try ByteCount<least, most>(value)
      recorder?.note(name, start..<offset, section, number: UInt64(count.value))
      return count
    } catch {
      throw fault(error.code, at: start)
    }
  }

  /// A number of `width` bytes, within its bounds. R-2.2-6
  mutating func boundedNumber<let least: Int, let most: Int>(
    _ name: StaticString, _ width: Int
  ) throws(WireError) -> BoundedNumber<least, most> {
    let start = try take(width)
    let value = bytes.bigEndian(start..<offset)
    do {
      let number = try BoundedNumber<least, most>(Int(truncatingIfNeeded: value))
      recorder?.note(name, start..<offset, section, number: value)
      return number
    } catch {
      throw fault(error.code, at: start)
    }
  }

  /// A `Counter`, of those from `least`. R-2.2-6
  @inline(__always)
  mutating func counter(_ name: StaticString, from least: UInt64 = 0) throws(WireError) -> Counter {
    Counter(unchecked: try number(name, from: least))
  }

  /// A `Time`. R-2.2-6
  @inline(__always)
  mutating func time(_ name: StaticString) throws(WireError) -> Time { Time(unchecked: try number(name)) }

  /// A number of 8 bytes, to 2^53 - 1. R-2.2-6
  @inline(__always)
  private mutating func number(_ name: StaticString, from least: UInt64 = 0) throws(WireError) -> UInt64 {
    let start = try take(8)
    let value = bytes.bigEndian(start..<start + 8)
    guard least...Limit.counterMax ~= value else { throw fault(.valueOutOfRange, at: start) }
    recorder?.note(name, start..<offset, section, number: UInt64(value))
    return value
  }

  /// An `Epoch`. R-2.2-6
  @inline(__always)
  mutating func epoch(_ name: StaticString) throws(WireError) -> Epoch {
    Epoch(unchecked: try epoch(name) { $0 > 0 })
  }

  /// A `Generation`. R-2.2-6
  @inline(__always)
  mutating func generation(_ name: StaticString) throws(WireError) -> Generation {
    Generation(unchecked: try epoch(name) { $0 > 0 })
  }

  /// An epoch, or nil for 0, where `allowed` takes the number.
  mutating func optionalEpoch(
    _ name: StaticString, where allowed: (UInt32) -> Bool = { _ in true }
  ) throws(WireError) -> Epoch? {
    let value = try epoch(name, where: allowed)
    return value == 0 ? nil : Epoch(unchecked: value)
  }

  /// A number in the place of an epoch, which `allowed` takes. R-2.2-6
  @inline(__always)
  mutating func epoch(_ name: StaticString, where allowed: (UInt32) -> Bool) throws(WireError) -> UInt32 {
    let start = try take(4)
    let value = UInt32(truncatingIfNeeded: bytes.bigEndian(start..<start + 4))
    guard allowed(value) else { throw fault(.valueOutOfRange, at: start) }
    recorder?.note(name, start..<offset, section, number: UInt64(value))
    return value
  }

  /// An enum value that the specification lists. R-2.2-5
  @inline(__always)
  mutating func value<Value: WireEnum>(_ name: StaticString, as type: Value.Type = Value.self)
    throws(WireError) -> Value
  {
    let start = try take(1)
    guard let value = Value(rawValue: bytes[start]) else { throw fault(.unknownValue, at: start) }
    recorder?.note(name, start..<offset, section, value: value)
    return value
  }

  /// The number of a field that is captured. R-2.2-5
  mutating func capturedField(_ name: StaticString) throws(WireError) -> CapturedField {
    let start = try take(1)
    guard let field = CapturedField(rawValue: bytes[start]) else { throw fault(.unknownValue, at: start) }
    recorder?.note(name, start..<offset, section, number: UInt64(field.rawValue))
    return field
  }

  /// A number that is 0 or 1, as whether it is 1. R-2.2-5
  @inline(__always)
  mutating func flag(_ name: StaticString) throws(WireError) -> Bool {
    let start = try take(1)
    guard bytes[start] <= 1 else { throw fault(.unknownValue, at: start) }
    recorder?.note(name, start..<offset, section, number: UInt64(bytes[start]))
    return bytes[start] == 1
  }

  /// The version, which is 1. R-2.2-7
  @inline(__always)
  mutating func version() throws(WireError) {
    let start = try take(1)
    guard bytes[start] == 1 else { throw fault(.unknownVersion, at: start) }
    recorder?.note("version", start..<offset, section, number: 1)
  }

  /// The type of a message, which is one of `Type`. R-2.2-7, R-8.1-1
  @inline(__always)
  mutating func type<Type: MessageTypeSubset>(as: Type.Type = Type.self) throws(WireError) -> Type {
    let start = try take(1)
    for type in Type.allCases where type.messageType.rawValue == bytes[start] {
      recorder?.note("type", start..<offset, section, value: type.messageType)
      return type
    }
    throw fault(.unexpectedType, at: start)
  }

  /// The type of a message, which is `expected`. R-2.2-7, R-8.1-1
  @inline(__always)
  mutating func type(_ expected: MessageType) throws(WireError) {
    let start = try take(1)
    guard bytes[start] == expected.rawValue else { throw fault(.unexpectedType, at: start) }
    recorder?.note("type", start..<offset, section, value: expected)
  }

  /// Magic bytes. R-2.2-7
  @inline(__always)
  mutating func magic(_ expected: StaticString) throws(WireError) {
    let start = try take(expected.utf8CodeUnitCount)
    var position = start
    for byte in expected.description.utf8 {
      guard bytes[position] == byte else { throw fault(.badMagic, at: start) }
      position += 1
    }
    recorder?.note("magic", start..<offset, section, magic: expected)
  }
}

// MARK: - Bytes

extension Reader {
  /// `count` bytes.
  @inline(__always)
  mutating func bytes(_ name: StaticString, _ count: Int) throws(WireError) -> [UInt8] {
    array(at: try range(name, count))
  }

  /// The place of `count` bytes that are read later.
  @inline(__always)
  mutating func range(_ name: StaticString, _ count: Int) throws(WireError) -> Range<Int> {
    let start = try take(count)
    recorder?.note(name, start..<offset, section, bytes: bytes.extracting(start..<offset))
    return start..<offset
  }

  /// The place of secret bytes, which are neither copied nor recorded.
  @inline(__always)
  mutating func secret<let count: Int>(_ name: StaticString) throws(WireError) -> SecretPlace<count> {
    SecretPlace(at: try take(count))
  }

  /// A value of a fixed number of bytes.
  @inline(__always)
  mutating func fixed<Value: FixedBytes>(_ name: StaticString, as type: Value.Type = Value.self)
    throws(WireError) -> Value
  {
    let start = try take(Value.byteCount)
    let value = Value(unchecked: bytes.extracting(start..<offset))
    recorder?.note(name, start..<offset, section, bytes: bytes.extracting(start..<offset))
    return value
  }

  /// All that remains, at least `least` bytes.
  @inline(__always)
  mutating func rest(_ name: StaticString, atLeast least: Int) throws(WireError) -> [UInt8] {
    guard remaining >= least else { throw fault(.truncated, at: offset) }
    return try bytes(name, remaining)
  }

  /// Bytes behind their length. R-2.2-3
  @inline(__always)
  mutating func opaque<let least: Int, let most: Int>(
    _ name: StaticString
  ) throws(WireError) -> BoundedBytes<least, most> {
    BoundedBytes(unchecked: try bytes(name, try length(name, least...most)))
  }

  /// The zeros, behind their length, that make the size since `start` a multiple of `multiple`. R-8.4-4
  mutating func padding(_ name: StaticString, _ multiple: Int, since start: Int) throws(WireError) {
    let size = offset - start + Reader.lengthWidth(multiple - 1)
    let count = try length(name, 0...multiple - 1) { (size + $0).isMultiple(of: multiple) }
    let first = try take(count)
    for place in first..<offset where bytes[place] != 0 { throw fault(.notCanonical, at: place) }
    recorder?.note(name, first..<offset, section, bytes: bytes.extracting(first..<offset))
  }

  /// `valueOutOfRange` unless the value of the field at `offset` fits those of other fields. R-2.2-9
  func require(_ fits: Bool, at offset: Int) throws(WireError) {
    guard fits else { throw fault(.valueOutOfRange, at: offset) }
  }

  /// The length before a vector, in as few bytes as hold its upper bound. R-2.2-3
  @inline(__always)
  mutating func length(
    _ name: StaticString, _ bounds: ClosedRange<Int>, where isSize: (Int) -> Bool = { _ in true }
  ) throws(WireError) -> Int {
    let width = Reader.lengthWidth(bounds.upperBound)
    let start = try take(width)
    let length = Int(truncatingIfNeeded: bytes.bigEndian(start..<offset))
    guard bounds.contains(length), isSize(length) else { throw fault(.lengthOutOfRange, at: start) }
    recorder?.note(name, start..<offset, section, length: length)
    return length
  }

  /// The bytes of the length before a vector of at most `upperBound` bytes.
  @inline(__always)
  static func lengthWidth(_ upperBound: Int) -> Int {
    upperBound < 1 << 8 ? 1 : upperBound < 1 << 16 ? 2 : 3
  }

  /// The bytes at `range`, which this reader gave.
  func array(at range: Range<Int>) -> [UInt8] {
    [UInt8](bytes.extracting(range))
  }
}

// MARK: - Structs and lists

extension Reader {
  /// A struct within a struct.
  @inline(__always)
  mutating func nested<Value: WireStruct>(_ name: StaticString, as type: Value.Type = Value.self)
    throws(WireError) -> Value
  {
    try nested(name, Value.section) { reader throws(WireError) in try Value(parsing: &reader) }
  }

  /// What `body` reads, as fields below `name`, defined in `section`.
  @inline(__always)
  mutating func nested<Value>(
    _ name: StaticString, _ section: Section, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let outer = self.section
    self.section = section
    let depth = recorder?.enter("\(name)")
    let value = try body(&self)
    if let depth { recorder?.leave(to: depth) }
    self.section = outer
    return value
  }

  /// A struct alone behind its length, which is at most `most`; nil where there is none.
  mutating func optionalStruct<Value: WireStruct>(
    _ name: StaticString, _ most: Int
  ) throws(WireError) -> Value? {
    try optional(name, most) { reader throws(WireError) in try reader.nested(name) }
  }

  /// Contents alone behind their length, which is at most `most`; nil where there are none.
  mutating func optionalContents<Value: SecretStruct>(
    _ name: StaticString, _ most: Int
  ) throws(WireError) -> Value? {
    try optional(name, most, Value.init(parsing:))
  }

  private mutating func optional<Value>(
    _ name: StaticString, _ most: Int, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value? {
    let length = try length(name, 0...most)
    guard length <= remaining else { throw fault(.truncated, at: offset) }
    return length == 0 ? nil : try content(length, body)
  }

  /// A list. Elements are read from its content alone (R-2.2-4); each must stand in order after the one before it
  /// (R-2.2-8).
  mutating func list<Rule: SecretListRule>(
    _ name: StaticString, of element: (inout Reader) throws(WireError) -> Rule.Element
  ) throws(WireError) -> BoundedList<Rule> {
    let size = Rule.elementSize
    let length = try length(name, Rule.bounds) { size == 0 || $0.isMultiple(of: size) }
    guard length <= remaining else { throw fault(.truncated, at: offset) }
    return try content(length) { reader throws(WireError) in
      var elements: [Rule.Element] = []
      // Those of no one size have about 64 bytes: a record, and an item with a short token.
      elements.reserveCapacity(size > 0 ? length / size : (length + 63) / 64)
      while !reader.isAtEnd {
        let start = reader.offset
        guard elements.count < Rule.countMax else { throw reader.fault(.lengthOutOfRange, at: start) }
        let value = try reader.element(name, elements.count, element)
        if let last = elements.last, !Rule.inOrder(last, value, reader.bytes) {
          throw reader.fault(.notCanonical, at: start)
        }
        elements.append(value)
      }
      return BoundedList(unchecked: elements)
    }
  }

  mutating func list<Rule: SecretListRule>(_ name: StaticString) throws(WireError) -> BoundedList<Rule>
  where Rule.Element: FixedBytes {
    try list(name) { reader throws(WireError) in try reader.fixed("") }
  }

  mutating func list<Rule: SecretListRule>(_ name: StaticString) throws(WireError) -> BoundedList<Rule>
  where Rule.Element: WireStruct {
    try list(name, of: Rule.Element.init(parsing:))
  }

  mutating func list<Rule: SecretListRule>(_ name: StaticString) throws(WireError) -> BoundedList<Rule>
  where Rule.Element: SecretStruct {
    try list(name, of: Rule.Element.init(parsing:))
  }

  /// What `body` reads, as fields below the element of `name` at `index`.
  @inline(__always)
  mutating func element<Value>(
    _ name: StaticString, _ index: Int, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let depth = recorder?.enter("\(name)[\(index)]")
    let value = try body(&self)
    if let depth { recorder?.leave(to: depth) }
    return value
  }

  /// What `body` reads from the next `count` bytes alone, which are there; it must read all of them.
  @inline(__always)
  mutating func content<Value>(
    _ count: Int, _ body: (inout Reader) throws(WireError) -> Value
  ) throws(WireError) -> Value {
    let outer = end
    end = offset + count
    let value = try body(&self)
    try finish()
    end = outer
    return value
  }
}

// MARK: - Within

extension Reader {
  /// Passes over `count` bytes and gives the offset of the first. R-2.2-2
  @inline(__always)
  private mutating func take(_ count: Int) throws(WireError) -> Int {
    guard count <= end - offset else { throw fault(.truncated, at: offset) }
    let start = offset
    offset += count
    return start
  }
}
