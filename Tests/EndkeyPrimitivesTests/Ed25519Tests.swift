import EndkeyPrimitives
import TestPrimitives
import Testing

@Suite("Ed25519") struct Ed25519Tests {
  struct Vector: Sendable {
    let seed, publicKey, message, signature: String
  }

  /// RFC 8032 §7.1: tests 1, 2, 3 and SHA(abc).
  static let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", message: "",
      signature: """
        e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b
        d25bf5f0595bbe24655141438e7a100b
        """),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", message: "72",
      signature: """
        92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c
        387b2eaeb4302aeeb00d291612bb0c00
        """),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", message: "af82",
      signature: """
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659
        4a7c15e9716ed28dc027beceea1ec40a
        """),
    Vector(
      seed: "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      publicKey: "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      message: """
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd
        454d4423643ce80e2a9ac94fa54ca49f
        """,
      signature: """
        dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030
        3dca179c138ac17ad9bef1177331a704
        """),
  ]

  @Test("the examples of RFC 8032 sign and verify", arguments: vectors)
  func examples(_ vector: Vector) throws {
    let key = try Ed25519.PrivateKey(seed: secret(vector.seed))
    #expect(key.publicKey.bytes == hex(vector.publicKey))
    #expect(key.sign(hex(vector.message)) == hex(vector.signature))
    #expect(key.copySeed().disclosed == hex(vector.seed))
    let publicKey = try Ed25519.PublicKey(hex(vector.publicKey))
    #expect(publicKey == key.publicKey)
    #expect(publicKey.verify(hex(vector.signature), message: hex(vector.message)))
  }

  @Test("a flipped bit in any byte of a signature, another message, key or length is refused")
  func tampered() throws {
    let (vector, other) = (Self.vectors[2], Self.vectors[1])
    let key = try Ed25519.PublicKey(hex(vector.publicKey))
    let (message, signature) = (hex(vector.message), hex(vector.signature))
    for index in signature.indices {
      for bit: UInt8 in [1, 0x80] {
        #expect(!key.verify(signature.flipping(index, bit: bit), message: message), "\(index)")
      }
    }
    for wrong in [[], Array(signature.prefix(63)), signature + [0]] {
      #expect(!key.verify(wrong, message: message))
    }
    #expect(!key.verify(signature, message: []))
    #expect(!key.verify(signature, message: message + [0]))
    #expect(try !Ed25519.PublicKey(hex(other.publicKey)).verify(signature, message: message))
  }

  @Test("another nonce gives another right signature", arguments: vectors)
  func secondSignature(_ vector: Vector) throws {
    let (seed, message) = (hex(vector.seed), hex(vector.message))
    let publicKey = try Ed25519.PublicKey(hex(vector.publicKey))
    let signatures = try Set(
      [1, 2].map { (nonce: UInt8) in
        try RawEd25519.sign(message, seed: seed, nonce: [UInt8](repeating: nonce, count: 32))
      } + [hex(vector.signature)])
    #expect(signatures.count == 3)
    for signature in signatures { #expect(publicKey.verify(signature, message: message)) }
  }

  @Test("S + L is refused, though the equation holds for it", arguments: vectors)
  func malleated(_ vector: Vector) throws {
    let order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var signature = hex(vector.signature)
    var carry: UInt16 = 0
    for index in 0..<32 {
      let sum = UInt16(signature[32 + index]) + UInt16(order[index]) + carry
      signature[32 + index] = UInt8(truncatingIfNeeded: sum)
      carry = sum >> 8
    }
    #expect(carry == 0)
    #expect(try !Ed25519.PublicKey(hex(vector.publicKey)).verify(signature, message: hex(vector.message)))
  }

  @Test("R = the neutral element is refused although the equation holds, in every encoding")
  func smallR() throws {
    let key = try Ed25519.PublicKey(hex("ce0835d5eef35d3d7194904428ab19ee30b76afce559883b3b3542994e42af45"))
    let message = Array("endkey".utf8)
    let canonical = hex(
      """
      0100000000000000000000000000000000000000000000000000000000000000137e05e9f92d12bad036ef70126c291a
      960e6f1215231d196c31d34a75267507
      """)
    let other = hex(
      """
      eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7fc1cce54951bf5a6ba87bb177f5d64206
      4cdbbaebdf49d3f9b21470312682820c
      """)
    #expect(!key.verify(canonical, message: message))
    #expect(!key.verify(other, message: message))
  }

  /// Of order 1, 2, 4, 4, 8, 8, 8, 8.
  static let smallOrder = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  ]

  @Test("a public key of small order is refused", arguments: smallOrder)
  func smallKeys(_ key: String) {
    #expect(failure { () throws(PrimitiveError) in try Ed25519.PublicKey(hex(key)) } == .invalidKey)
  }

  /// Small multiples of y = p + k have no other encoding; those of x = 0 have one with the sign bit.
  static let nonCanonical =
    (0..<19).flatMap { k in
      let start = UInt8(0xed + k)
      let rest = String(repeating: "ff", count: 30)
      return [String(start, radix: 16) + rest + "7f", String(start, radix: 16) + rest + "ff"]
    } + [
      "0100000000000000000000000000000000000000000000000000000000000080",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    ]

  @Test("a public key that is not encoded canonically is refused", arguments: nonCanonical)
  func nonCanonicalKeys(_ key: String) {
    #expect(failure { () throws(PrimitiveError) in try Ed25519.PublicKey(hex(key)) } == .invalidKey)
  }

  @Test(
    "the canonical twins of those keys are accepted exactly when they lie on the curve", arguments: 2..<19)
  func canonicalTwins(_ y: Int) {
    let key = [UInt8(y)] + [UInt8](repeating: 0, count: 31)
    let error = failure { () throws(PrimitiveError) in try Ed25519.PublicKey(key) }
    let onCurve = [3, 4, 5, 6, 9, 10, 14, 15, 16, 18].contains(y)
    #expect(error == (onCurve ? nil : .invalidKey))
  }

  @Test("a public key of another length is refused", arguments: [0, 31, 33, 64])
  func keySizes(_ count: Int) {
    #expect(failure { () throws(PrimitiveError) in try Ed25519.PublicKey(pattern(count)) } == .invalidKey)
    #expect(
      failure { () throws(PrimitiveError) in
        try Ed25519.PrivateKey(seed: SecretBytes(copying: pattern(count)))
      } == .invalidKey)
  }

  @Test("a key with a part of small order verifies by the equation without the cofactor")
  func mixedOrder() throws {
    // A = aB + T with T of order 8, R = rB, S = r + ka: holds without the cofactor only where 8 divides k.
    let key = try Ed25519.PublicKey(hex("3deb8ca9e3d031548d729bed3aa7f3840e256888362f1ea239c189f03b281f24"))
    let r = "7db0dc9222f3c183457ddde4c708de8e5ea6bf3d5c4404cca14b32729a05c32a"
    let divisible = hex(r + "435cce7fd79d7eea6b3edd09cc2ab643d01d90f67246e214178b985e7152dc01")
    let indivisible = hex(r + "842ace8b45822747bedc9777eaf18f71418554c5899299d323db4a589392590b")
    #expect(key.verify(divisible, message: Array("27".utf8)))
    #expect(!key.verify(indivisible, message: Array("3".utf8)))
  }

  @Test("keys from randomness differ, and what one signs the other does not verify")
  func generated() throws {
    var random = DeterministicRandom("ed25519")
    let first = try Ed25519.PrivateKey(using: &random)
    let second = try Ed25519.PrivateKey(using: &random)
    #expect(first.publicKey != second.publicKey)
    for count in [0, 1, 100, 10_000] {
      let message = pattern(count)
      let signature = first.sign(message)
      #expect(first.publicKey.verify(signature, message: message))
      #expect(!second.publicKey.verify(signature, message: message))
    }
    // A key from randomness passes the check that keys from elsewhere must pass.
    #expect(try Ed25519.PublicKey(first.publicKey.bytes) == first.publicKey)
  }
}
