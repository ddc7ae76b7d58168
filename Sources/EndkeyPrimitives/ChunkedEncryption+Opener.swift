extension ChunkedEncryption {
  /// Opens a stream: any number of `update`, then `finish`. Holds at most one chunk of it.
  ///
  /// What `update` gives out was verified, but is only the beginning of a message of which the rest may be
  /// missing or forged: it is the message when `finish` has returned, and not before. After an error, every
  /// further call is `authenticationFailed`.
  public struct Opener: ~Copyable, Sendable {
    private let key: SecretBytes
    private let context: [UInt8]
    private var cipher: ChunkCipher?  // once the head was there and its commitment verified
    private var pending = Scratch(count: sealedChunkByteCount)
    private var pendingCount = 0
    private var failed = false

    /// A key of 32 bytes, else `invalidKey`.
    public init(key: borrowing SecretBytes, context: [UInt8]) throws(PrimitiveError) {
      guard key.count == keyByteCount else { throw .invalidKey }
      self.key = key.copy()
      self.context = context
    }

    /// Takes more of the message, and appends to `output` the plaintext of those chunks that are complete
    /// and verified. `authenticationFailed` at the first that is not, which gives out nothing.
    public mutating func update(_ sealed: Span<UInt8>, into output: inout [UInt8]) throws(PrimitiveError) {
      guard !failed else { throw .authenticationFailed }
      failed = true  // unless the end of this call is reached
      var rest = sealed
      while rest.count > 0 {
        let wanted = (cipher == nil ? headByteCount : sealedChunkByteCount) - pendingCount
        let step = min(rest.count, wanted)
        pending.set(rest.extracting(0..<step), at: pendingCount)
        pendingCount += step
        rest = rest.extracting(step...)
        guard step == wanted else { break }
        if cipher == nil { try openHead() } else { try openChunk(into: &output) }
      }
      failed = false
    }

    /// Appends the plaintext of the last chunk to `output`. `authenticationFailed` when it is not verified,
    /// or when the end of the message is missing.
    public consuming func finish(into output: inout [UInt8]) throws(PrimitiveError) {
      guard !failed else { throw .authenticationFailed }
      try openChunk(into: &output)
    }

    private mutating func openHead() throws(PrimitiveError) {
      pendingCount = 0
      cipher = try pending.withBytes(0..<headByteCount) { (head) throws(PrimitiveError) in
        try opening(head, key: key, context: context)
      }
    }

    private mutating func openChunk(into output: inout [UInt8]) throws(PrimitiveError) {
      let count = pendingCount
      pendingCount = 0
      guard count >= ChunkCipher.tagByteCount else { throw .authenticationFailed }
      try pending.withBytes(0..<count) { (chunk) throws(PrimitiveError) in
        try unsafe output.append(count: count - ChunkCipher.tagByteCount) { (output) throws(PrimitiveError) in
          guard try unsafe cipher?.open(chunk, into: output) != nil else { throw .authenticationFailed }
        }
      }
    }
  }
}
