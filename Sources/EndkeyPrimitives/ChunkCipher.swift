/// The key, nonce and counter of one message of `ChunkedEncryption`. Used once, forward only.
struct ChunkCipher: ~Copyable, Sendable {
  /// Bytes of a chunk that is not the last.
  static var chunkByteCount: Int { SuiteLimit.chunk }
  /// Bytes that the tag adds to a chunk.
  static var tagByteCount: Int { AESGCM.tagByteCount }
  /// More chunks than this a message must not have. §2.5
  static var chunkMaximum: UInt64 { 1 << 38 }

  /// What shows that the message was made with this key, salt and context: 32 bytes.
  let commitment: [UInt8]
  private var cipher: CipherContext
  private let baseNonce: Scratch  // 12 bytes, and 4 of no meaning
  private var next: UInt64

  /// A key of 32 bytes, else `invalidKey`. `first` is the number of the chunk to start with.
  init(
    key: borrowing SecretBytes, salt: [UInt8], context: [UInt8], _ direction: CipherContext.Direction,
    first: UInt64 = 0
  ) throws(PrimitiveError) {
    guard key.count == AESGCM.keyByteCount else { throw .invalidKey }
    let info = Array("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM".utf8) + [0] + salt + context
    let derived = try HKDF.expandSHA512(prk: key, info: info, count: 32 + 12 + 32)
    let cipher = try derived.withBytes { (derived) throws(PrimitiveError) in
      try CipherContext(.aes256GCM, key: derived.extracting(0..<32), direction)
    }
    var baseNonce = Scratch(count: 16)
    commitment = derived.withBytes { derived in
      baseNonce.set(derived.extracting(32..<44), at: 0)
      return [UInt8](derived.extracting(44..<76))
    }
    self.cipher = cipher
    self.baseNonce = baseNonce
    next = first
  }

  /// Writes the ciphertext of the next chunk and its tag to `output`: 16 bytes more than `chunk` has.
  /// `invalidLength` when there were too many before.
  mutating func seal(_ chunk: Span<UInt8>, into output: UnsafeMutableRawPointer) throws(PrimitiveError) {
    try startChunk(or: .invalidLength)
    try unsafe chunk.withPointer { (start) throws(PrimitiveError) in
      try unsafe cipher.update(start, count: chunk.count, into: output)
    }
    try unsafe cipher.finishTag(into: output + chunk.count)
  }

  /// Writes the plaintext of the next chunk to `output`: 16 bytes less than `chunk` has. When the tag is
  /// wrong, `output` holds zeros; a chunk shorter than a tag is as wrong: `authenticationFailed`.
  mutating func open(_ chunk: Span<UInt8>, into output: UnsafeMutableRawPointer) throws(PrimitiveError) {
    let count = chunk.count - Self.tagByteCount
    guard count >= 0 else { throw .authenticationFailed }
    try startChunk(or: .authenticationFailed)
    try unsafe chunk.withPointer { (start) throws(PrimitiveError) in
      do throws(PrimitiveError) {
        try unsafe cipher.update(start, count: count, into: output)
        try unsafe cipher.verifyTag(start + count)
      } catch {
        unsafe Sodium.wipe(output, count: count)
        throw error
      }
    }
  }

  /// Takes the next number, so that no failure makes a nonce be used again.
  private mutating func startChunk(or error: PrimitiveError) throws(PrimitiveError) {
    guard next < Self.chunkMaximum else { throw error }
    // The number goes into the last 8 of the 12 bytes.
    let base = baseNonce.block(at: 0)
    let nonce = Block(high: base.high ^ next >> 32, low: base.low ^ next << 32)
    next += 1
    try cipher.restart(at: nonce)
  }
}
