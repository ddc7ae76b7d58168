/// AES-256 key wrap with the default check value (RFC 3394).
///
/// Built over AES-ECB: OpenSSL 3.0's own wrap runs AES from tables, whose timing shows the key.
public enum AESKeyWrap {
  /// Bytes of a key to wrap, and of a key that wraps.
  public static var keyByteCount: Int { 32 }
  /// Bytes of a wrapped key.
  public static var wrappedByteCount: Int { 40 }

  /// Wraps a key of 32 bytes (else `invalidLength`) under `kek`, of 32 bytes (else `invalidKey`): 40 bytes.
  public static func wrap(
    _ key: borrowing SecretBytes, kek: borrowing SecretBytes
  ) throws(PrimitiveError) -> [UInt8] {
    guard key.count == keyByteCount else { throw .invalidLength }
    var cipher = try kek.withBytes { (kek) throws(PrimitiveError) in
      try CipherContext(.aes256ECB, key: kek, .encrypt)
    }
    let count = key.count / 8
    var state = Scratch(count: 8 + key.count)  // A, R[1], ..., R[count]: RFC 3394 §2.2.1
    key.withBytes { state.set($0, at: 8) }
    var check = checkValue
    var step: UInt64 = 0
    for _ in 0..<6 {
      for index in 1...count {
        step += 1
        var block = Block(high: check, low: state.word(at: 8 * index))
        try cipher.transform(&block)
        check = block.high ^ step
        state.set(word: block.low, at: 8 * index)
      }
    }
    state.set(word: check, at: 0)
    return state.withBytes(0..<state.count) { [UInt8]($0) }
  }

  /// Unwraps 40 bytes (else `invalidLength`) under `kek`, of 32 bytes (else `invalidKey`): a key of 32 bytes.
  /// `authenticationFailed`, and nothing of the key, when the check value is wrong.
  public static func unwrap(
    _ wrapped: [UInt8], kek: borrowing SecretBytes
  ) throws(PrimitiveError) -> SecretBytes {
    guard wrapped.count == wrappedByteCount else { throw .invalidLength }
    var cipher = try kek.withBytes { (kek) throws(PrimitiveError) in
      try CipherContext(.aes256ECB, key: kek, .decrypt)
    }
    let count = wrapped.count / 8 - 1
    var state = Scratch(count: wrapped.count)  // RFC 3394 §2.2.2
    state.set(wrapped.span, at: 0)
    var check = state.word(at: 0)
    var step = 6 * UInt64(count)
    for _ in 0..<6 {
      for index in stride(from: count, through: 1, by: -1) {
        var block = Block(high: check ^ step, low: state.word(at: 8 * index))
        try cipher.transform(&block)
        check = block.high
        state.set(word: block.low, at: 8 * index)
        step -= 1
      }
    }
    // One comparison of all eight bytes: neither the time nor the error says which were wrong.
    // declassified(verdict): whether the check value is right
    guard check == checkValue else { throw .authenticationFailed }
    return state.withBytes(8..<state.count) { SecretBytes(copying: $0) }
  }

  /// The default check value, RFC 3394 §2.2.3.1.
  private static var checkValue: UInt64 { 0xa6a6_a6a6_a6a6_a6a6 }
}
