/// Writes fields, one after the other, into memory of the size that they need.
///
/// A struct knows its size before it is written (`serializedCount`), so the memory never grows. That serves both kinds
/// of content with one type: a message goes into an array, a content that holds keys goes straight into guarded memory
/// whose owner lends it as a `MutableSpan`, and no copy stays behind. Writing past the end traps: a size was wrong.
public struct Writer: ~Copyable, ~Escapable {
  private var bytes: MutableRawSpan
  /// Where the next byte goes.
  public private(set) var offset: Int

  /// Writes into `bytes` from `offset` on.
  @_lifetime(&bytes)
  public init(_ bytes: inout MutableSpan<UInt8>, at offset: Int = 0) {
    self.bytes = MutableRawSpan(_elements: &bytes)
    self.offset = offset
  }

  /// An array of the `count` bytes that `body` writes.
  public static func array<Failure: Error>(
    count: Int, _ body: (inout Writer) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var array = [UInt8](zeros: count)
    var span = array.mutableSpan
    var writer = Writer(&span)
    try body(&writer)
    precondition(writer.offset == count, "a serialized count is wrong")
    return array
  }

  /// Writes a number in one byte.
  @inline(__always)
  public mutating func uint8(_ value: UInt8) { store(value) }
  /// Writes a number in two bytes, the highest first. §2.1
  @inline(__always)
  public mutating func uint16(_ value: UInt16) { store(value.bigEndian) }
  /// Writes a number in four bytes, the highest first. §2.1
  @inline(__always)
  public mutating func uint32(_ value: UInt32) { store(value.bigEndian) }
  /// Writes a number in eight bytes, the highest first. §2.1
  @inline(__always)
  public mutating func uint64(_ value: UInt64) { store(value.bigEndian) }

  /// Room for the next `count` bytes, to be filled by place: in a long loop, counting bytes one by one costs more.
  @_lifetime(&self)
  @inline(__always)
  mutating func room(_ count: Int) -> MutableRawSpan {
    let start = offset
    offset += count
    return bytes._mutatingExtracting(start..<start + count)
  }

  /// Magic bytes.
  mutating func magic(_ text: StaticString) {
    for byte in text.description.utf8 { uint8(byte) }
  }

  /// Writes the number of an enumeration's value in one byte.
  public mutating func value(_ value: some WireEnum) { uint8(value.rawValue) }

  /// Writes bytes as they are, without a length before them.
  public mutating func bytes(_ source: Span<UInt8>) {
    var target = bytes._mutatingExtracting(offset..<offset + source.count)
    for index in source.indices { target.storeBytes(of: source[index], toByteOffset: index, as: UInt8.self) }
    offset += source.count
  }

  /// Writes bytes as they are, without a length before them.
  public mutating func bytes(_ source: [UInt8]) { bytes(source.span) }

  /// Writes a value of a fixed number of bytes.
  public mutating func fixed(_ value: some FixedBytes) { value.write(into: &self) }

  /// Writes the length before a vector of at most `upperBound` bytes, in as many bytes as that bound needs. §2.1
  public mutating func length(_ length: Int, upTo upperBound: Int) {
    switch Reader.lengthWidth(upperBound) {
    case 1: uint8(UInt8(truncatingIfNeeded: length))
    case 2: uint16(UInt16(truncatingIfNeeded: length))
    default:
      uint8(UInt8(truncatingIfNeeded: length >> 16))
      uint16(UInt16(truncatingIfNeeded: length))
    }
  }

  /// Writes a counter in eight bytes. §2.1
  public mutating func counter(_ value: Counter) { uint64(value.value) }
  /// Writes a time in eight bytes. §2.1
  public mutating func time(_ value: Time) { uint64(value.milliseconds) }
  /// Writes an epoch in four bytes. §2.1
  public mutating func epoch(_ value: Epoch) { uint32(value.value) }
  /// Writes a generation in four bytes. §2.1
  public mutating func generation(_ value: Generation) { uint32(value.value) }
  /// Writes the number of a field in one byte. §8.4
  public mutating func capturedField(_ value: CapturedField) { uint8(value.rawValue) }
  /// Writes 1 or 0 in one byte.
  public mutating func flag(_ value: Bool) { uint8(value ? 1 : 0) }
  /// Writes the number of bytes of a later field, in four bytes. §17
  public mutating func byteCount<let least: Int, let most: Int>(_ value: ByteCount<least, most>) {
    uint32(value.value)
  }

  /// Writes a number in `width` bytes.
  mutating func boundedNumber<let least: Int, let most: Int>(
    _ value: BoundedNumber<least, most>, _ width: Int
  ) {
    for byte in (0..<width).reversed() { uint8(UInt8(truncatingIfNeeded: value.value >> (8 * byte))) }
  }

  /// Writes a struct behind its length, or nothing behind a length of 0.
  mutating func optionalStruct(_ value: (some WireStruct)?, upTo most: Int) {
    length(value?.serializedCount ?? 0, upTo: most)
    value?.serialize(into: &self)
  }

  /// Writes contents behind their length, or nothing behind a length of 0.
  mutating func optionalContents(_ value: (some SecretStruct)?, upTo most: Int, of secrets: Span<UInt8>) {
    length(value?.serializedCount ?? 0, upTo: most)
    value?.serialize(into: &self, secrets: secrets)
  }

  /// Writes zeros behind their length.
  mutating func padding(_ count: Int, upTo most: Int) {
    length(count, upTo: most)
    for _ in 0..<count { uint8(0) }
  }

  /// Writes bytes behind their length. §2.1
  public mutating func opaque<let least: Int, let most: Int>(_ value: BoundedBytes<least, most>) {
    length(value.count, upTo: most)
    bytes(value.bytes)
  }

  /// Writes the secret at a place in `secrets`.
  public mutating func secret<let count: Int>(_ place: SecretPlace<count>, of secrets: Span<UInt8>) {
    bytes(secrets.extracting(place.range))
  }

  @inline(__always)
  private mutating func store<Number: BitwiseCopyable & FixedWidthInteger>(_ number: Number) {
    bytes.storeBytes(of: number, toByteOffset: offset, as: Number.self)
    offset += MemoryLayout<Number>.size
  }
}

extension MutableRawSpan {
  /// Stores `word`, its highest byte first.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func store(_ word: UInt64, at offset: Int) {
    storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt64.self)
  }

  /// Stores the `count` highest bytes of `word`, at most 8.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func store(first count: Int, of word: UInt64, at offset: Int) {
    guard count < 8 else { return store(word, at: offset) }
    for index in 0..<count {
      let byte = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index))
      storeBytes(of: byte, toByteOffset: offset + index, as: UInt8.self)
    }
  }
}
