internal import EndkeyPrimitives

/// Calls `body` with the place of each block before `count`.
@inline(__always)
func forEachBlock(of count: Int, from start: Int = 0, _ body: (Int) -> Void) {
  var offset = start
  while offset < count {
    body(offset)
    offset &+= 16
  }
}

extension UnsafeMutableRawPointer {
  /// The block at `offset`, a multiple of 16.
  @unsafe @inline(__always)
  func load(_ offset: Int) -> Block { unsafe load(fromByteOffset: offset, as: Block.self) }
  /// Writes a block to `offset`, a multiple of 16.
  @unsafe @inline(__always)
  func store(_ block: Block, _ offset: Int) {
    unsafe storeBytes(of: block, toByteOffset: offset, as: Block.self)
  }
  /// The eight bytes at `offset`, the first of them the lowest.
  @unsafe @inline(__always)
  func loadWord(_ offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
