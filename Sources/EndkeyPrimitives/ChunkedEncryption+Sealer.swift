extension ChunkedEncryption {
  /// Seals a stream: any number of `update`, then `finish`. Holds at most one chunk of it.
  public struct Sealer: ~Copyable, Sendable {
    private var cipher: ChunkCipher
    private var head: [UInt8]  // until it was given out
    private var pending = Scratch(count: chunkByteCount)
    private var pendingCount = 0  // always fewer than a chunk has

    /// A key of 32 bytes, else `invalidKey`. The salt comes from `random`.
    public init(
      key: borrowing SecretBytes, context: [UInt8], using random: inout some RandomSource
    ) throws(PrimitiveError) {
      let salt = try random.bytes(saltByteCount)
      let cipher = try ChunkCipher(key: key, salt: salt, context: context, .encrypt)
      head = salt + cipher.commitment
      self.cipher = cipher
    }

    /// Takes more plaintext, and appends to `output` what of the message is ready. `invalidLength` when the
    /// message has too many chunks.
    public mutating func update(_ plaintext: Span<UInt8>, into output: inout [UInt8]) throws(PrimitiveError) {
      giveHead(to: &output)
      var rest = plaintext
      if pendingCount > 0 {
        let step = min(rest.count, chunkByteCount - pendingCount)
        keep(rest.extracting(0..<step))
        rest = rest.extracting(step...)
        guard pendingCount == chunkByteCount else { return }
        try sealPending(into: &output)
      }
      while rest.count >= chunkByteCount {
        try unsafe output.append(count: sealedChunkByteCount) { (output) throws(PrimitiveError) in
          try unsafe cipher.seal(rest.extracting(0..<chunkByteCount), into: output)
        }
        rest = rest.extracting(chunkByteCount...)
      }
      keep(rest)
    }

    /// Appends the end of the message to `output`.
    public consuming func finish(into output: inout [UInt8]) throws(PrimitiveError) {
      giveHead(to: &output)
      try sealPending(into: &output)
    }

    private mutating func giveHead(to output: inout [UInt8]) {
      output += head
      head = []
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
      pending.set(bytes, at: pendingCount)
      pendingCount += bytes.count
    }

    private mutating func sealPending(into output: inout [UInt8]) throws(PrimitiveError) {
      let count = pendingCount
      pendingCount = 0
      try pending.withBytes(0..<count) { (chunk) throws(PrimitiveError) in
        try unsafe output.append(count: count + ChunkCipher.tagByteCount) { (output) throws(PrimitiveError) in
          try unsafe cipher.seal(chunk, into: output)
        }
      }
    }
  }
}
