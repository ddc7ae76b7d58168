/// The CTR mode of SIV (RFC 5297 §2.5) over AES-256-ECB: a counter of 128 bits. Keyed once and reused.
///
/// OpenSSL's own CTR has to be set to every new counter, which takes longer than a short message does.
struct Keystream: ~Copyable, Sendable {
  private var cipher: CipherContext
  private var blocks = Scratch(count: 1024)

  /// A key of 32 bytes, else `invalidKey`.
  init(key: Span<UInt8>) throws(PrimitiveError) {
    cipher = try CipherContext(.aes256ECB, key: key, .encrypt)
  }

  /// Combines the bytes at `range`, in place, with the keystream that starts at `counter`.
  mutating func combine(
    _ bytes: inout MutableSpan<UInt8>, _ range: Range<Int>, from counter: Block
  ) throws(PrimitiveError) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    try unsafe bytes.withMutablePointer { (start) throws(PrimitiveError) in
      try unsafe combine(UnsafeMutableRawPointer(start + range.lowerBound), count: range.count, from: counter)
    }
  }

  private mutating func combine(
    _ text: UnsafeMutableRawPointer, count: Int, from counter: Block
  ) throws(PrimitiveError) {
    defer { blocks.wipe(count: min((count + 15) & ~15, blocks.count)) }
    let stream = unsafe blocks.start
    var (high, low) = (counter.high, counter.low)
    var done = 0
    while done < count {
      let step = min(count - done, blocks.count)
      let byteCount = (step + 15) & ~15
      forEachBlock(of: byteCount) { offset in
        unsafe stream.storeBytes(of: Block(high: high, low: low), toByteOffset: offset, as: Block.self)
        low &+= 1
        if low == 0 { high &+= 1 }
      }
      try unsafe cipher.update(stream, count: byteCount, into: stream)
      let target = unsafe text + done
      let whole = step & ~15
      forEachBlock(of: whole) { offset in
        let block = unsafe target.loadUnaligned(fromByteOffset: offset, as: Block.self)
        let combined = unsafe block ^ stream.load(fromByteOffset: offset, as: Block.self)
        unsafe target.storeBytes(of: combined, toByteOffset: offset, as: Block.self)
      }
      for offset in whole..<step {
        let combined = unsafe target.load(fromByteOffset: offset, as: UInt8.self) ^ blocks[offset]
        unsafe target.storeBytes(of: combined, toByteOffset: offset, as: UInt8.self)
      }
      done += step
    }
  }
}
