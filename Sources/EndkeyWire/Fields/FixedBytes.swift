/// A value of a fixed number of bytes, held in place, in lexicographic order.
public protocol FixedBytes: Hashable, Comparable, Sendable, CustomStringConvertible {
  static var byteCount: Int { get }

  /// Takes `byteCount` bytes.
  init(unchecked bytes: Span<UInt8>)

  func write(into writer: inout Writer)
}

extension FixedBytes {
  /// `lengthOutOfRange` unless there are `byteCount` bytes.
  public init(_ bytes: Span<UInt8>) throws(WireError) {
    guard bytes.count == Self.byteCount else { throw WireError(.lengthOutOfRange, at: 0, .messages) }
    self.init(unchecked: bytes)
  }

  /// `lengthOutOfRange` unless there are `byteCount` bytes.
  public init(_ bytes: [UInt8]) throws(WireError) {
    try self.init(bytes.span)
  }

  public var bytes: [UInt8] {
    Writer.array(count: Self.byteCount) { write(into: &$0) }
  }

  /// In hexadecimal.
  public var description: String { bytes.span.hexadecimal }
}

/// 16 bytes as two big-endian numbers, so that their order is that of the bytes.
struct Bytes16: Hashable, Comparable, Sendable {
  private let high: UInt64
  private let low: UInt64

  static let zero = Bytes16(high: 0, low: 0)

  private init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The 16 bytes from `offset`.
  init(_ bytes: Span<UInt8>, at offset: Int = 0) {
    let bytes = bytes.extracting(offset..<offset + 16)
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<8 { high = high << 8 | UInt64(bytes[index]) }
    for index in 8..<16 { low = low << 8 | UInt64(bytes[index]) }
    self.init(high: high, low: low)
  }

  func write(into writer: inout Writer) {
    writer.uint64(high)
    writer.uint64(low)
  }

  static func < (left: Bytes16, right: Bytes16) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
