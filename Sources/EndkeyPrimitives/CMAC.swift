/// CMAC of AES-256 (RFC 4493, NIST SP 800-38B), as S2V needs it. Keyed once and reused.
struct CMAC: ~Copyable, Sendable {
  private var chain: CipherContext  // AES-CBC, whose last block is the MAC
  private let subkeys: Scratch  // K1 and K2
  private var buffer = Scratch(count: 1024)
  private var last = Scratch(count: 16)  // the chain's last output,
  private var isAtLast = false  // unless an error left it somewhere else

  /// A key of 32 bytes, else `invalidKey`.
  init(key: Span<UInt8>) throws(PrimitiveError) {
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
  var wholeKey: Block { subkeys.block(at: 0) }

  /// K2: masks a last block that was padded.
  private var paddedKey: Block { subkeys.block(at: 16) }

  /// The MAC of one whole block.
  mutating func authenticate(_ block: Block) throws(PrimitiveError) -> Block {
    let start = try startChain()
    return try endChain(start ^ block ^ wholeKey)
  }

  /// The MAC of `message`, of any length, whose last 16 bytes are masked with `mask` first when there is one
  /// (the xorend of RFC 5297 §2.1; the message must have 16 bytes then).
  mutating func authenticate(
    _ message: Span<UInt8>, maskingEnd mask: Block? = nil
  ) throws(PrimitiveError) -> Block {
    let whole = message.count > 0 && message.count % 16 == 0
    let lastCount = message.count == 0 ? 0 : (message.count - 1) % 16 + 1
    let lastStart = message.count - lastCount
    var start = try startChain()

    // All blocks but the last, through the buffer.
    var done = 0
    while done < lastStart {
      let step = min(lastStart - done, buffer.count)
      buffer.set(message.extracting(done..<done + step), at: 0)
      if let mask { maskEnd(of: message.count, with: mask, from: done, count: step) }
      buffer.set(buffer.block(at: 0) ^ start, at: 0)
      start = Block()
      try unsafe chain.update(buffer.start, count: step, into: buffer.start)
      done += step
    }

    // The last, whole or padded.
    buffer.set(Block(padding: message.extracting(lastStart...)), at: 0)
    if let mask { maskEnd(of: message.count, with: mask, from: lastStart, count: lastCount) }
    return try endChain(start ^ buffer.block(at: 0) ^ (whole ? wholeKey : paddedKey))
  }

  /// The MAC of the blocks at `blocks`, `count` bytes, the last of which is masked already. Overwrites them.
  mutating func authenticate(
    masked blocks: UnsafeMutableRawPointer, count: Int
  ) throws(PrimitiveError) -> Block {
    let start = try startChain()
    let first = unsafe blocks.loadUnaligned(as: Block.self) ^ start
    unsafe blocks.storeBytes(of: first, as: Block.self)
    try unsafe chain.update(blocks, count: count, into: blocks)
    last.set(unsafe blocks.loadUnaligned(fromByteOffset: count - 16, as: Block.self), at: 0)
    isAtLast = true
    return last.block(at: 0)
  }

  /// S2V's D after the elements of associated data, RFC 5297 §2.4. At most 126, else `invalidLength`.
  mutating func s2v(_ elements: [[UInt8]]) throws(PrimitiveError) -> Block {
    guard elements.count <= AESSIV.associatedDataMaximum else { throw .invalidLength }
    var d = try authenticate(Block())
    for element in elements { d = try d.doubled ^ authenticate(element.span) }
    return d
  }

  /// What to combine a message's first block with, for a chain that starts from zero: OpenSSL's starts from
  /// its last output, and setting it back would take longer than a short message does.
  private mutating func startChain() throws(PrimitiveError) -> Block {
    guard isAtLast else {
      try chain.restart(at: Block())
      return Block()
    }
    isAtLast = false
    return last.block(at: 0)
  }

  private mutating func endChain(_ block: Block) throws(PrimitiveError) -> Block {
    var block = block
    try chain.transform(&block)
    last.set(block, at: 0)
    isAtLast = true
    return block
  }

  /// Masks those of the message's last 16 bytes that are in the buffer, which holds `count` from `start`.
  private mutating func maskEnd(of messageCount: Int, with mask: Block, from start: Int, count: Int) {
    let end = messageCount - 16
    for index in max(start, end)..<max(start + count, end) { buffer[index - start] ^= mask[index - end] }
  }
}
