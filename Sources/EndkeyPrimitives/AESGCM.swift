/// AES-256-GCM with a nonce of 12 bytes and a tag of 16 (NIST SP 800-38D, RFC 5116 §5.2).
///
/// A nonce must never be used twice under one key, and a ciphertext may open under two keys: what is stored
/// for long uses `ChunkedEncryption`, which lacks both traps.
public enum AESGCM {
  /// Bytes of a key.
  public static var keyByteCount: Int { 32 }
  /// Bytes of a nonce.
  public static var nonceByteCount: Int { 12 }
  /// Bytes of a tag.
  public static var tagByteCount: Int { 16 }

  /// Encrypts `plaintext`: as many bytes of ciphertext, and the tag.
  public static func seal(
    _ plaintext: [UInt8], key: borrowing SecretBytes, nonce: [UInt8], associatedData: [UInt8] = []
  ) throws(PrimitiveError) -> (ciphertext: [UInt8], tag: [UInt8]) {
    guard nonce.count == nonceByteCount else { throw .invalidLength }
    var cipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(.aes256GCM, key: key, .encrypt)
    }
    try cipher.restart(at: nonce.span)
    try cipher.authenticate(associatedData.span)
    let ciphertext = try cipher.transform(plaintext.span)
    let tag = try unsafe [UInt8](count: tagByteCount) { (tag) throws(PrimitiveError) in
      try unsafe cipher.finishTag(into: tag)
    }
    return (ciphertext, tag)
  }

  /// Decrypts `ciphertext`. `authenticationFailed`, and nothing of the plaintext, when the tag is wrong.
  public static func open(
    _ ciphertext: [UInt8], tag: [UInt8], key: borrowing SecretBytes, nonce: [UInt8],
    associatedData: [UInt8] = []
  ) throws(PrimitiveError) -> [UInt8] {
    guard nonce.count == nonceByteCount else { throw .invalidLength }
    guard tag.count == tagByteCount else { throw .authenticationFailed }
    var cipher = try key.withBytes { (key) throws(PrimitiveError) in
      try CipherContext(.aes256GCM, key: key, .decrypt)
    }
    try cipher.restart(at: nonce.span)
    try cipher.authenticate(associatedData.span)
    var plaintext = try cipher.transform(ciphertext.span)
    do throws(PrimitiveError) {
      try unsafe tag.span.withPointer { (tag) throws(PrimitiveError) in try unsafe cipher.verifyTag(tag) }
    } catch {
      plaintext.wipe()
      throw error
    }
    return plaintext
  }
}
