/// CMAC of AES-256 (RFC 4493, NIST SP 800-38B), as S2V needs it. Keyed once and reused.
package struct CMAC: ~Copyable, Sendable {
  private var chain: CipherContext  // AES-CBC, whose last block is the MAC
  private let subkeys: Scratch  // K1 and K2
  private var buffer = Scratch(count: 1024)
  private var last = Scratch(count: 16)  // the chain's last output,
  private var isAtLast = false  // unless an error left it somewhere else

  /// A key of 32 bytes, else `invalidKey`.
  package init(key: Span<UInt8>) throws(PrimitiveError) {
    var chain = try CipherContext(.aes256CBC, key: key, .encrypt)
    var block = Block()
    try chain.restart(at: Block())
    try chain.transform(&block)
    var subkeys = Scratch(count: 32)
    subkeys.set(block.doubled, at: 0)
    subkeys.set(block.doubled.doubled, at: 16)
    self.chain = chain
    self.subkeys = subkeys
  }

  /// K1: masks a last block that is whole.
  package var wholeKey: Block { subkeys.block(at: 0) }

  /// K2: masks a last block that was padded.
  private var paddedKey: Block { subkeys.block(at: 16) }

  /// The MAC of one whole block.
  mutating func authenticate(_ block: Block) throws(PrimitiveError) -> Block {
    var block = try startChain() ^ block ^ wholeKey
    try chain.transform(&block)
    return endChain(block)
  }

  /// The MAC of `message`, of any length, whose last 16 bytes are masked with `mask` first when there is one
  /// (the xorend of RFC 5297 §2.1; the message must have 16 bytes then).
  mutating func authenticate(
    _ message: Span<UInt8>, maskingEnd mask: Block? = nil
  ) throws(PrimitiveError) -> Block {
    let end = max(16, (message.count + 15) & ~15)  // of the message with its pad
    var start = try startChain()
    var done = 0
    while end - done > buffer.count {
      // At least two blocks are left for the rest: the end that is masked lies in them.
      let step = min(end - done - 32, buffer.count)
      buffer.set(message.extracting(done..<done + step), at: 0)
      _ = try unsafe run(buffer.start, count: step, from: start)
      start = Block()
      done += step
    }

    let rest = message.extracting(done..<message.count)
    let count = end - done
    buffer.set(Block(), at: count - 16)
    buffer.set(rest, at: 0)
    if let mask { buffer.set(buffer.block(at: rest.count - 16) ^ mask, at: rest.count - 16) }
    if rest.count < count { buffer[rest.count] = 0x80 }
    buffer.set(buffer.block(at: count - 16) ^ (rest.count < count ? paddedKey : wholeKey), at: count - 16)
    // What stays in the buffer is what AES gave, not the message.
    return endChain(try unsafe run(buffer.start, count: count, from: start))
  }

  /// The MAC of the blocks at `blocks`, `count` bytes, the last of which is masked already. Overwrites them.
  package mutating func authenticate(
    masked blocks: UnsafeMutableRawPointer, count: Int
  ) throws(PrimitiveError) -> Block {
    endChain(try unsafe run(blocks, count: count, from: try startChain()))
  }

  /// S2V's D after the elements of associated data, RFC 5297 §2.4. At most 126, else `invalidLength`.
  package mutating func s2v(_ elements: [[UInt8]]) throws(PrimitiveError) -> Block {
    guard elements.count <= AESSIV.associatedDataMaximum else { throw .invalidLength }
    var d = try authenticate(Block())
    for element in elements { d = try d.doubled ^ authenticate(element.span) }
    return d
  }

  /// What to combine a message's first block with, for a chain that starts from zero: OpenSSL's starts from
  /// its last output, and setting it back would take longer than a short message does.
  @inline(__always)
  private mutating func startChain() throws(PrimitiveError) -> Block {
    guard isAtLast else {
      try chain.restart(at: Block())
      return Block()
    }
    isAtLast = false
    return last.block(at: 0)
  }

  /// Notes what the chain ends with.
  @inline(__always)
  private mutating func endChain(_ block: Block) -> Block {
    last.set(block, at: 0)
    isAtLast = true
    return block
  }

  /// Takes blocks of `count` bytes through the chain, the first combined with `start`: what the last comes to.
  /// Overwrites them.
  @inline(__always)
  private mutating func run(
    _ blocks: UnsafeMutableRawPointer, count: Int, from start: Block
  ) throws(PrimitiveError) -> Block {
    let first = unsafe blocks.loadUnaligned(as: Block.self) ^ start
    unsafe blocks.storeBytes(of: first, as: Block.self)
    try unsafe chain.update(blocks, count: count, into: blocks)
    return unsafe blocks.loadUnaligned(fromByteOffset: count - 16, as: Block.self)
  }
}
