import EndkeyPrimitives
import TestPrimitives
import Testing

@Suite("AES key wrap") struct AESKeyWrapTests {
  static let kek = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

  /// RFC 3394 §4.3, §4.5 and §4.6: a key and its wrap. Endkey wraps those of 32 bytes alone.
  static let vectors = [
    ("00112233445566778899aabbccddeeff", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
    (
      "00112233445566778899aabbccddeeff0001020304050607",
      "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"
    ),
    (
      "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
      "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
    ),
  ]

  @Test("the examples of RFC 3394 wrap and unwrap by its letter", arguments: vectors)
  func examples(_ key: String, _ wrapped: String) {
    #expect(KeyWrapReference.wrap(hex(key), kek: hex(Self.kek)) == hex(wrapped))
    let checkValue = [UInt8](repeating: 0xa6, count: 8)
    #expect(KeyWrapReference.unwrap(hex(wrapped), kek: hex(Self.kek)) == checkValue + hex(key))
  }

  @Test("only keys of 32 bytes are wrapped, and only 40 bytes unwrapped")
  func lengths() throws {
    let kek = secret(Self.kek)
    let wrapped = try AESKeyWrap.wrap(secret(Self.vectors[2].0), kek: kek)
    #expect(wrapped == hex(Self.vectors[2].1))
    #expect(try AESKeyWrap.unwrap(wrapped, kek: kek).disclosed == hex(Self.vectors[2].0))
    for count in [0, 8, 16, 24, 31, 33, 40] {
      let error = failure { () throws(PrimitiveError) in
        try AESKeyWrap.wrap(SecretBytes(copying: pattern(count)), kek: kek)
      }
      #expect(error == .invalidLength, "\(count)")
    }
    for count in [0, 8, 16, 24, 32, 39, 41, 48] {
      let error = failure { () throws(PrimitiveError) in try AESKeyWrap.unwrap(pattern(count), kek: kek) }
      #expect(error == .invalidLength, "\(count)")
    }
    // Genuine wraps of keys of 16 and 24 bytes.
    for vector in Self.vectors.prefix(2) {
      let error = failure { () throws(PrimitiveError) in try AESKeyWrap.unwrap(hex(vector.1), kek: kek) }
      #expect(error == .invalidLength)
    }
  }

  @Test("a KEK that does not have 32 bytes is refused", arguments: [0, 16, 24, 31, 33, 64])
  func keySizes(_ count: Int) {
    let kek = SecretBytes(copying: pattern(count))
    #expect(
      failure { () throws(PrimitiveError) in
        try AESKeyWrap.wrap(SecretBytes(copying: pattern(32)), kek: kek)
      } == .invalidKey)
    #expect(
      failure { () throws(PrimitiveError) in try AESKeyWrap.unwrap(pattern(40), kek: kek) } == .invalidKey)
  }

  @Test("a flipped bit in any byte is refused", arguments: 0..<40)
  func tampered(_ index: Int) {
    let wrapped = hex(Self.vectors[2].1)
    for bit: UInt8 in [1, 0x80] {
      let error = failure { () throws(PrimitiveError) in
        try AESKeyWrap.unwrap(wrapped.flipping(index, bit: bit), kek: secret(Self.kek))
      }
      #expect(error == .authenticationFailed)
    }
  }

  @Test("another KEK is refused")
  func wrongKEK() {
    for index in [0, 15, 16, 31] {
      let kek = SecretBytes(copying: hex(Self.kek).flipping(index))
      let error = failure { () throws(PrimitiveError) in
        try AESKeyWrap.unwrap(hex(Self.vectors[2].1), kek: kek)
      }
      #expect(error == .authenticationFailed)
    }
  }

  @Test("the check value of RFC 5649 is refused")
  func padded() throws {
    let kek = hex(Self.kek)
    let padded = try #require(
      OpenSSLReference.cipher("AES-256-WRAP-PAD", key: kek, input: pattern(32), encrypts: true))
    #expect(padded.count == 40)
    let error = failure { () throws(PrimitiveError) in
      try AESKeyWrap.unwrap(padded, kek: SecretBytes(copying: kek))
    }
    #expect(error == .authenticationFailed)
  }

  @Test("OpenSSL's own key wrap agrees, both ways", arguments: 0..<20)
  func reference(_ seed: Int) throws {
    var random = DeterministicRandom("wrap \(seed)")
    let (kek, key) = (random.bytes(32), random.bytes(32))
    let wrapped = try AESKeyWrap.wrap(SecretBytes(copying: key), kek: SecretBytes(copying: kek))
    #expect(OpenSSLReference.cipher("AES-256-WRAP", key: kek, input: key, encrypts: true) == wrapped)
    #expect(OpenSSLReference.cipher("AES-256-WRAP", key: kek, input: wrapped, encrypts: false) == key)
    #expect(try AESKeyWrap.unwrap(wrapped, kek: SecretBytes(copying: kek)).disclosed == key)
  }
}
