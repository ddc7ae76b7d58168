/// C2SP chunked-encryption, version 1, with SHA-512 and AES-256-GCM: Seal and Open of §2.5.
///
/// A message opens under one key and context only, and no part of it can be moved, dropped or repeated.
/// `Sealer` and `Opener` do the same to a stream, in memory that does not grow with the message.
public enum ChunkedEncryption {
  /// Bytes of a key.
  public static var keyByteCount: Int { 32 }
  /// Bytes of the salt that a message starts with.
  public static var saltByteCount: Int { 24 }
  /// Bytes of the commitment that follows the salt.
  public static var commitmentByteCount: Int { 32 }
  /// Bytes before the first chunk.
  public static var headByteCount: Int { saltByteCount + commitmentByteCount }
  /// Bytes of plaintext in a chunk that is not the last; the last has fewer.
  public static var chunkByteCount: Int { ChunkCipher.chunkByteCount }
  /// Bytes of a chunk that is not the last, sealed.
  public static var sealedChunkByteCount: Int { chunkByteCount + ChunkCipher.tagByteCount }
  /// Bytes of the shortest message, whose plaintext is empty.
  public static var sealedMinimum: Int { headByteCount + ChunkCipher.tagByteCount }

  /// Bytes of a message whose plaintext has `count`. `invalidLength` when `count` is negative, or more than
  /// 2^38 chunks hold.
  public static func sealedCount(of count: Int) throws(PrimitiveError) -> Int {
    // Chunks are counted before anything is multiplied: the result stays below 2^53.
    guard count >= 0, UInt64(count / chunkByteCount) < ChunkCipher.chunkMaximum else { throw .invalidLength }
    return headByteCount + count + ChunkCipher.tagByteCount * (count / chunkByteCount + 1)
  }

  /// Bytes of the plaintext of a message of `sealedCount`. `authenticationFailed` when no message has that
  /// many: it was cut, or is none.
  public static func plaintextCount(of sealedCount: Int) throws(PrimitiveError) -> Int {
    guard sealedCount >= sealedMinimum else { throw .authenticationFailed }
    let body = sealedCount - headByteCount
    let last = body % sealedChunkByteCount - ChunkCipher.tagByteCount
    guard last >= 0, UInt64(body / sealedChunkByteCount) < ChunkCipher.chunkMaximum else {
      throw .authenticationFailed
    }
    return body / sealedChunkByteCount * chunkByteCount + last
  }

  /// Seals `plaintext` under a key of 32 bytes (else `invalidKey`) and a salt from `random`.
  public static func seal(
    _ plaintext: [UInt8], key: borrowing SecretBytes, context: [UInt8], using random: inout some RandomSource
  ) throws(PrimitiveError) -> [UInt8] {
    try seal(plaintext.span, key: key, context: context, using: &random)
  }

  /// Seals `plaintext` under a key of 32 bytes (else `invalidKey`) and a salt from `random`.
  public static func seal(
    _ plaintext: borrowing SecretBytes, key: borrowing SecretBytes, context: [UInt8],
    using random: inout some RandomSource
  ) throws(PrimitiveError) -> [UInt8] {
    try plaintext.withBytes { (plaintext) throws(PrimitiveError) in
      try seal(plaintext, key: key, context: context, using: &random)
    }
  }

  /// Seals `plaintext` under a key of 32 bytes (else `invalidKey`) and a salt from `random`.
  public static func seal(
    _ plaintext: Span<UInt8>, key: borrowing SecretBytes, context: [UInt8],
    using random: inout some RandomSource
  ) throws(PrimitiveError) -> [UInt8] {
    let count = try sealedCount(of: plaintext.count)
    var sealer = try Sealer(key: key, context: context, using: &random)
    var sealed: [UInt8] = []
    sealed.reserveCapacity(count)
    try sealer.update(plaintext, into: &sealed)
    try sealer.finish(into: &sealed)
    return sealed
  }

  /// Opens `sealed` under a key of 32 bytes (else `invalidKey`). `authenticationFailed`, and nothing of the
  /// plaintext, unless it is whole and was sealed under this key and context.
  public static func open(
    _ sealed: [UInt8], key: borrowing SecretBytes, context: [UInt8]
  ) throws(PrimitiveError) -> [UInt8] {
    try open(sealed.span, key: key, context: context)
  }

  /// Opens `sealed` under a key of 32 bytes (else `invalidKey`). `authenticationFailed`, and nothing of the
  /// plaintext, unless it is whole and was sealed under this key and context.
  public static func open(
    _ sealed: Span<UInt8>, key: borrowing SecretBytes, context: [UInt8]
  ) throws(PrimitiveError) -> [UInt8] {
    let count = try plaintextCount(of: sealed.count)
    return try unsafe [UInt8](count: count) { (plaintext) throws(PrimitiveError) in
      try unsafe open(sealed, key: key, context: context, count: count, into: plaintext)
    }
  }

  /// `open` for a plaintext that is secret itself, such as keys.
  public static func openSecret(
    _ sealed: [UInt8], key: borrowing SecretBytes, context: [UInt8]
  ) throws(PrimitiveError) -> SecretBytes {
    let count = try plaintextCount(of: sealed.count)
    return try SecretBytes(count: count) { (plaintext) throws(PrimitiveError) in
      try unsafe plaintext.withMutablePointer { (plaintext) throws(PrimitiveError) in
        try unsafe open(sealed.span, key: key, context: context, count: count, into: plaintext)
      }
    }
  }

  /// Writes the plaintext of `sealed`, `count` bytes, to `output`, which holds zeros after a failure.
  private static func open(
    _ sealed: Span<UInt8>, key: borrowing SecretBytes, context: [UInt8], count: Int,
    into output: UnsafeMutableRawPointer
  ) throws(PrimitiveError) {
    var cipher = try opening(sealed.extracting(0..<headByteCount), key: key, context: context)
    var chunks = sealed.extracting(headByteCount...)
    var done = 0
    do throws(PrimitiveError) {
      while done <= count {
        let step = min(chunks.count, sealedChunkByteCount)
        try unsafe cipher.open(chunks.extracting(0..<step), into: output + done)
        chunks = chunks.extracting(step...)
        done += chunkByteCount
      }
    } catch {
      unsafe Sodium.wipe(output, count: count)
      throw error
    }
  }

  /// The cipher of a message that starts with `head`, 56 bytes. `authenticationFailed` when the commitment
  /// is that of another key, salt or context; compared in constant time.
  static func opening(
    _ head: Span<UInt8>, key: borrowing SecretBytes, context: [UInt8]
  ) throws(PrimitiveError) -> ChunkCipher {
    let salt = [UInt8](head.extracting(0..<saltByteCount))
    let cipher = try ChunkCipher(key: key, salt: salt, context: context, .decrypt)
    let commitment = cipher.commitment
    guard ConstantTime.equal(commitment.span, head.extracting(saltByteCount...)) else {
      throw .authenticationFailed
    }
    return cipher
  }
}
