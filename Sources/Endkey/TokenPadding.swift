internal import EndkeyPrimitives
internal import EndkeyWire

/// The padding of token values to one of nine sizes. §14.1
package enum TokenPadding {
  /// The smallest size that holds a value of `count` bytes, at most 4,095, and the byte 0x80. R-14.1-4
  package static func size(_ count: Int) -> Int {
    count < 16 ? 16 : 1 << (Int.bitWidth - count.leadingZeroBitCount)
  }

  /// Writes the value and 0x80 at `offset` of `bytes`, which holds zeros there.
  package static func pad(_ value: Span<UInt8>, into bytes: inout MutableSpan<UInt8>, at offset: Int = 0) {
    bytes.write(value, at: offset)
    bytes[offset + value.count] = 0x80
  }

  /// The number of bytes of the value in `padded`. `tokenOpenFailed` when the padding is wrong or longer than it
  /// must be, or the value is not UTF-8. R-14.2-2
  package static func valueCount(_ padded: Span<UInt8>) throws(ProtocolError) -> Int {
    guard let count = padded.indices.last(where: { padded[$0] != 0 }) else {
      throw ProtocolError(.tokenOpenFailed, "14.2")
    }
    guard padded[count] == 0x80, size(count) == padded.count, isUTF8(padded.extracting(0..<count)) else {
      throw ProtocolError(.tokenOpenFailed, "14.2")
    }
    return count
  }
}
