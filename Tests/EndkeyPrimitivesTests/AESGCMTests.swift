import EndkeyPrimitives
import Testing

@Suite("AES-GCM") struct AESGCMTests {
  struct Vector: Sendable {
    let key, nonce, plaintext, associatedData, ciphertext, tag: String
  }

  /// Test cases 13 to 16 of the GCM specification (McGrew and Viega, appendix B).
  static let vectors = [
    Vector(
      key: zeros(32), nonce: zeros(12), plaintext: "", associatedData: "", ciphertext: "",
      tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      key: zeros(32), nonce: zeros(12), plaintext: zeros(16), associatedData: "",
      ciphertext: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Vector(
      key: key, nonce: "cafebabefacedbaddecaf888", plaintext: plaintext + "1aafd255", associatedData: "",
      ciphertext: ciphertext + "898015ad", tag: "b094dac5d93471bdec1a502270e3cc6c"),
    Vector(
      key: key, nonce: "cafebabefacedbaddecaf888", plaintext: plaintext,
      associatedData: "feedfacedeadbeeffeedfacedeadbeefabaddad2", ciphertext: ciphertext,
      tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  static let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
  static let plaintext = """
    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
    b16aedf5aa0de657ba637b39
    """
  static let ciphertext = """
    522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838
    c5f61e6393ba7a0abcc9f662
    """

  static func zeros(_ count: Int) -> String { String(repeating: "00", count: count) }

  @Test("the test cases of the specification seal and open", arguments: vectors)
  func published(_ vector: Vector) throws {
    let sealed = try AESGCM.seal(
      hex(vector.plaintext), key: secret(vector.key), nonce: hex(vector.nonce),
      associatedData: hex(vector.associatedData))
    #expect(sealed.ciphertext == hex(vector.ciphertext))
    #expect(sealed.tag == hex(vector.tag))
    let opened = try AESGCM.open(
      sealed.ciphertext, tag: sealed.tag, key: secret(vector.key), nonce: hex(vector.nonce),
      associatedData: hex(vector.associatedData))
    #expect(opened == hex(vector.plaintext))
  }

  @Test("a flipped bit anywhere, a cut tag, another nonce, key or associated data is refused")
  func tampered() throws {
    let (key, nonce, data, plaintext) = (pattern(32), pattern(12), pattern(5), pattern(20))
    let (ciphertext, tag) = try AESGCM.seal(
      plaintext, key: SecretBytes(copying: key), nonce: nonce, associatedData: data)
    func opening(
      _ ciphertext: [UInt8], _ tag: [UInt8], key: [UInt8], nonce: [UInt8], data: [UInt8]
    ) -> PrimitiveError? {
      failure { () throws(PrimitiveError) in
        try AESGCM.open(
          ciphertext, tag: tag, key: SecretBytes(copying: key), nonce: nonce, associatedData: data)
      }
    }
    #expect(opening(ciphertext, tag, key: key, nonce: nonce, data: data) == nil)
    var wrong: [PrimitiveError?] = []
    for index in ciphertext.indices {
      wrong.append(opening(ciphertext.flipping(index), tag, key: key, nonce: nonce, data: data))
    }
    for index in tag.indices {
      wrong.append(opening(ciphertext, tag.flipping(index), key: key, nonce: nonce, data: data))
    }
    for index in key.indices {
      wrong.append(opening(ciphertext, tag, key: key.flipping(index), nonce: nonce, data: data))
    }
    for index in nonce.indices {
      wrong.append(opening(ciphertext, tag, key: key, nonce: nonce.flipping(index), data: data))
    }
    for index in data.indices {
      wrong.append(opening(ciphertext, tag, key: key, nonce: nonce, data: data.flipping(index)))
    }
    for count in 0..<16 {
      wrong.append(opening(ciphertext, Array(tag.prefix(count)), key: key, nonce: nonce, data: data))
    }
    wrong.append(opening(ciphertext, tag, key: key, nonce: nonce, data: []))
    wrong.append(opening([], tag, key: key, nonce: nonce, data: data))
    #expect(wrong.allSatisfy { $0 == .authenticationFailed })
  }

  @Test("keys of other sizes are refused, and nonces")
  func sizes() {
    for count in [0, 16, 24, 31, 33] {
      let error = failure { () throws(PrimitiveError) in
        _ = try AESGCM.seal([1], key: SecretBytes(copying: pattern(count)), nonce: pattern(12))
      }
      #expect(error == .invalidKey)
    }
    for count in [0, 8, 11, 13, 16] {
      let key = SecretBytes(copying: pattern(32))
      #expect(
        failure { () throws(PrimitiveError) in _ = try AESGCM.seal([1], key: key, nonce: pattern(count)) }
          == .invalidLength)
      #expect(
        failure { () throws(PrimitiveError) in
          try AESGCM.open([1], tag: pattern(16), key: key, nonce: pattern(count))
        } == .invalidLength)
    }
  }
}
