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

  /// Combines `input` with the keystream that starts at `counter`.
  mutating func transform(_ input: Span<UInt8>, from counter: Block) throws(PrimitiveError) -> [UInt8] {
    try unsafe [UInt8](count: input.count) { (output) throws(PrimitiveError) in
      var (high, low) = (counter.high, counter.low)
      var done = 0
      while done < input.count {
        let step = min(input.count - done, blocks.count)
        let blockCount = (step + 15) / 16
        for index in 0..<blockCount {
          blocks.set(Block(high: high, low: low), at: 16 * index)
          low &+= 1
          if low == 0 { high &+= 1 }
        }
        try unsafe cipher.update(blocks.start, count: 16 * blockCount, into: blocks.start)
        blocks.combine(input.extracting(done..<done + step))
        unsafe (output + done).copyMemory(from: blocks.start, byteCount: step)
        done += step
      }
    }
  }
}
