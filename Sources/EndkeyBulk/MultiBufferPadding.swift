internal import EndkeyPrimitives

/// The padding of `MultiBufferSIV`: the byte 0x80, then zeros up to 16, 32, 64 ... 4,096 bytes.
///
/// How many bytes a string has differs from one to the next. A jump that depends on it would mostly be foreseen
/// wrongly, so there is none; the padded size is the same for many strings in a row.
struct MultiBufferPadding: ~Copyable, Sendable {
  /// Most bytes of a string.
  static var stringMaximum: Int { 4_095 }

  /// As many bytes 0xff as zeros, to mask with what lies behind a string.
  private let mask: Scratch

  init() {
    var mask = Scratch(count: Self.stringMaximum + 17)
    for index in 0..<mask.count / 2 { mask[index] = 0xff }
    self.mask = mask
  }

  /// 2 to this power is the number of blocks of a string with `count` bytes, padded.
  @inline(__always)
  static func power(_ count: Int) -> Int { Int.bitWidth - 4 - (count | 8).leadingZeroBitCount }

  /// How many bytes a string has at least that is padded to `byteCount`.
  @inline(__always)
  private static func leastCount(_ byteCount: Int) -> Int { byteCount == 16 ? 0 : byteCount &>> 1 }

  /// Copies the `count` bytes of `input` from `string` on to `target`, padded to `byteCount`. Says whether one of them
  /// may be above 0x7f.
  @unsafe @inline(__always)
  func copy(
    _ string: Int, _ count: Int, of input: UnsafeRawBufferPointer, _ byteCount: Int,
    to target: UnsafeMutableRawPointer
  ) -> Bool {
    guard string <= input.count &- byteCount, let start = input.baseAddress else {
      // The last few: no whole blocks can be loaded.
      unsafe target.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      if let start = input.baseAddress { unsafe target.copyMemory(from: start + string, byteCount: count) }
      unsafe target.storeBytes(of: 0x80, toByteOffset: count, as: UInt8.self)
      return true
    }
    // Blocks are loaded whole, with bytes of the next strings. In those that are surely full there are none.
    let source = unsafe start + string
    var union = Block()
    forEachBlock(of: Self.leastCount(byteCount)) { offset in
      let block = unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
      union |= block
      unsafe target.store(block, offset)
    }
    let mask = unsafe mask.start + (mask.count / 2 &- count)
    forEachBlock(of: byteCount, from: Self.leastCount(byteCount)) { offset in
      let block =
        unsafe source.loadUnaligned(fromByteOffset: offset, as: Block.self)
        & mask.loadUnaligned(fromByteOffset: offset, as: Block.self)
      union |= block
      unsafe target.store(block, offset)
    }
    unsafe target.storeBytes(of: 0x80, toByteOffset: count, as: UInt8.self)
    return union.hasHighByte
  }

  /// How many bytes stand before the padding of the `byteCount` bytes at `padded`, and whether one of them is above
  /// 0x7f. -1 when the padding is wrong or more than it must be.
  @unsafe @inline(__always)
  static func string(
    _ padded: UnsafeMutableRawPointer, _ byteCount: Int
  ) -> (count: Int, hasHighByte: Bool) {
    // The mark is in the last word that is not zero; of several blocks, in the second half.
    var (offset, place) = (leastCount(byteCount), 0)
    while offset < byteCount {
      place = unsafe padded.loadWord(offset) == 0 ? place : offset
      offset &+= 8
    }
    let word = unsafe padded.loadWord(place)
    let zeroCount = word.leadingZeroBitCount & ~7
    // declassified(padding, maybe): the verdict on the padding
    guard place >= leastCount(byteCount), (word &<< UInt64(zeroCount)) >> 56 == 0x80 else {
      return (-1, false)
    }
    // Bits 7 of the mark and of nothing else: in no column of the blocks twice, and in one column.
    var (once, twice) = (Block(), Block())
    forEachBlock(of: byteCount) { offset in
      let block = unsafe padded.load(offset)
      twice |= once & block
      once |= block
    }
    let (left, right) = (once.high & Block.highBits, once.low & Block.highBits)
    let all = left | right
    // declassified(ascii, maybe): whether a value is ASCII
    let isASCII = !twice.hasHighByte && left & right | all & (all &- 1) == 0
    return (place &+ 7 &- zeroCount / 8, !isASCII)
  }
}
