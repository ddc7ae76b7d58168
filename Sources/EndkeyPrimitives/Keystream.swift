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
    var (high, low) = (counter.high, counter.low)
    var done = 0
    defer { blocks.wipe(count: min((range.count + 15) & ~15, blocks.count)) }
    while done < range.count {
      let step = min(range.count - done, blocks.count)
      let byteCount = (step + 15) & ~15
      for offset in stride(from: 0, to: byteCount, by: 16) {
        blocks.set(Block(high: high, low: low), at: offset)
        low &+= 1
        if low == 0 { high &+= 1 }
      }
      try unsafe cipher.update(blocks.start, count: byteCount, into: blocks.start)
      let start = range.lowerBound + done
      unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe blocks.combine(into: UnsafeMutableRawBufferPointer(rebasing: bytes[start..<start + step]))
      }
      done += step
    }
  }
}
