/// A block of AES: 16 bytes.
@usableFromInline
package typealias Block = SIMD16<UInt8>

extension Block {
  /// The block as two big-endian numbers.
  @inlinable @inline(__always)
  package init(high: UInt64, low: UInt64) {
    self = unsafe unsafeBitCast(SIMD2(high.bigEndian, low.bigEndian), to: Block.self)
  }

  /// The first eight bytes as a big-endian number.
  @inlinable
  package var high: UInt64 { UInt64(bigEndian: unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self).x) }

  /// The last eight bytes as a big-endian number.
  @inlinable
  package var low: UInt64 { UInt64(bigEndian: unsafe unsafeBitCast(self, to: SIMD2<UInt64>.self).y) }

  /// The block times x in the field of CMAC (RFC 5297 §2.3). Constant time.
  var doubled: Block {
    Block(high: high << 1 | low >> 63, low: low << 1 ^ (high >> 63) &* 0x87)
  }
}

extension Block {
  /// Bit 7 of eight bytes.
  @inlinable
  package static var highBits: UInt64 { 0x8080_8080_8080_8080 }

  /// Whether one of the bytes is above 0x7f.
  @inlinable @inline(__always)
  package var hasHighByte: Bool { (high | low) & Self.highBits != 0 }
}

extension Block {
  /// 16 bytes.
  init(_ bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Block.self) }
  }

  /// At most 16 bytes; fewer are followed by a bit 1 and bits 0, the pad of CMAC and S2V.
  init(padding bytes: Span<UInt8>) {
    guard bytes.count < 16 else {
      self.init(bytes)
      return
    }
    self.init()
    for index in bytes.indices { self[index] = bytes[index] }
    self[bytes.count] = 0x80
  }

  /// The block as an array.
  var bytes: [UInt8] { unsafe [UInt8](count: 16) { unsafe $0.storeBytes(of: self, as: Block.self) } }
}

/// Calls `body` with the place of each block before `count`.
@inlinable @inline(__always)
package func forEachBlock(of count: Int, from start: Int = 0, _ body: (Int) -> Void) {
  var offset = start
  while offset < count {
    body(offset)
    offset &+= 16
  }
}
