internal import EndkeyWire

/// The padding of token values to one of nine sizes. §14.1
package enum TokenPadding {
  /// The smallest size that holds a value of `count` bytes, at most 4,095, and the byte 0x80. R-14.1-4
  static func size(_ count: Int) -> Int {
    var size = 16
    while size <= count { size *= 2 }
    return size
  }

  /// The value, 0x80, and zeros.
  package static func pad(_ value: Span<UInt8>) -> [UInt8] {
    Writer.array(count: size(value.count)) {
      $0.bytes(value)
      $0.uint8(0x80)
      for _ in value.count + 1..<size(value.count) { $0.uint8(0) }
    }
  }

  /// The number of bytes of the value, or nil when the padding is wrong or longer than it must be. R-14.2-2
  static func valueCount(_ padded: Span<UInt8>) -> Int? {
    var count = padded.count - 1
    while count > 0, padded[count] == 0 { count -= 1 }
    guard padded[count] == 0x80, size(count) == padded.count else { return nil }
    return count
  }
}
