internal import EndkeyPrimitives

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
