/// Writes fields, one after the other, into memory of the size that they need.
///
/// A struct knows its size before it is written (`serializedCount`), so the memory never grows. That serves both kinds
/// of content with one type: a message goes into an array, a content that holds keys goes straight into guarded memory
/// whose owner lends it as a `MutableSpan`, and no copy stays behind. Writing past the end traps: a size was wrong.
public struct Writer: ~Copyable, ~Escapable {
  private var bytes: MutableSpan<UInt8>
  /// The number of bytes written.
  public private(set) var offset = 0

  @_lifetime(&bytes)
  public init(_ bytes: inout MutableSpan<UInt8>) {
    self.bytes = bytes._mutatingExtracting(0..<bytes.count)
  }

  /// An array of the `count` bytes that `body` writes.
  public static func array<Failure: Error>(
    count: Int, _ body: (inout Writer) throws(Failure) -> Void
  ) throws(Failure) -> [UInt8] {
    var array = [UInt8](repeating: 0, count: count)
    var span = array.mutableSpan
    var writer = Writer(&span)
    try body(&writer)
    precondition(writer.offset == count, "a serialized count is wrong")
    return array
  }

  public mutating func uint8(_ value: UInt8) {
    bytes[offset] = value
    offset += 1
  }

  public mutating func uint16(_ value: UInt16) { bigEndian(UInt64(value), 2) }
  public mutating func uint32(_ value: UInt32) { bigEndian(UInt64(value), 4) }
  mutating func uint48(_ value: UInt64) { bigEndian(value, 6) }
  public mutating func uint64(_ value: UInt64) { bigEndian(value, 8) }

  public mutating func value(_ value: some WireEnum) { uint8(value.rawValue) }

  public mutating func bytes(_ source: Span<UInt8>) {
    var target = bytes._mutatingExtracting(offset..<offset + source.count)
    for index in source.indices { target[index] = source[index] }
    offset += source.count
  }

  public mutating func bytes(_ source: [UInt8]) { bytes(source.span) }

  public mutating func fixed(_ value: some FixedBytes) { value.write(into: &self) }

  /// The length before a vector of at most `upperBound` bytes.
  public mutating func length(_ length: Int, upTo upperBound: Int) {
    bigEndian(UInt64(length), Reader.lengthWidth(upperBound))
  }

  /// A vector of bytes behind its length.
  public mutating func opaque(_ source: [UInt8], upTo upperBound: Int) {
    length(source.count, upTo: upperBound)
    bytes(source)
  }

  @inline(__always)
  private mutating func bigEndian(_ value: UInt64, _ count: Int) {
    var target = bytes._mutatingExtracting(offset..<offset + count)
    for index in 0..<count {
      target[index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(count - 1 - index)))
    }
    offset += count
  }
}
