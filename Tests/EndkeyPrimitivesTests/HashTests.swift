import EndkeyPrimitives
import TestPrimitives
import Testing

@Suite("Hashes, MACs and derivations") struct HashTests {
  @Test(
    "SHA-256 of the messages of FIPS 180",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func sha256(_ message: String, _ hash: String) {
    #expect(SHA256.hash(Array(message.utf8)) == hex(hash))
  }

  @Test("SHA-256 in pieces of any size is that of the whole", arguments: [1, 7, 63, 64, 65, 1000])
  func pieces(_ size: Int) {
    let message = pattern(1000)
    var hash = SHA256()
    for start in stride(from: 0, to: message.count, by: size) {
      hash.update(Array(message[start..<min(start + size, message.count)]))
      hash.update([])
    }
    #expect(hash.finish() == SHA256.hash(message))
  }

  /// RFC 4231 §4.
  static let macs: [(key: [UInt8], message: [UInt8], mac: String)] = [
    (
      [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), [UInt8](repeating: 0xcd, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test("HMAC-SHA-256 of RFC 4231", arguments: macs.indices)
  func hmac(_ index: Int) throws {
    let (key, message, mac) = Self.macs[index]
    let secret = SecretBytes(copying: key)
    #expect(try HMACSHA256.authenticate(message, key: secret) == hex(mac))
    #expect(try HMACSHA256.verify(hex(mac), message: message, key: secret))
  }

  @Test("a MAC with any bit flipped, cut, prolonged or empty is refused")
  func wrongMAC() throws {
    let key = SecretBytes(copying: pattern(32))
    let mac = try HMACSHA256.authenticate([1, 2, 3], key: key)
    for index in mac.indices {
      #expect(try !HMACSHA256.verify(mac.flipping(index), message: [1, 2, 3], key: key))
    }
    for wrong in [[], Array(mac.prefix(16)), mac + [0]] {
      #expect(try !HMACSHA256.verify(wrong, message: [1, 2, 3], key: key))
    }
    #expect(try !HMACSHA256.verify(mac, message: [1, 2], key: key))
  }

  @Test("a key of 64 bytes is used as it is, one of 65 is hashed first")
  func longKeys() throws {
    let long = pattern(65)
    #expect(
      try HMACSHA256.authenticate([1], key: SecretBytes(copying: long))
        == HMACSHA256.authenticate([1], key: SecretBytes(copying: SHA256.hash(long))))
    let full = pattern(64)
    #expect(
      try HMACSHA256.authenticate([1], key: SecretBytes(copying: full))
        != HMACSHA256.authenticate([1], key: SecretBytes(copying: SHA256.hash(full))))
  }

  /// RFC 5869 §A.1 to §A.3.
  static let derivations: [(ikm: [UInt8], salt: [UInt8], info: [UInt8], okm: String)] = [
    (
      [UInt8](repeating: 0x0b, count: 22), Array(0...0x0c), Array(0xf0...0xf9),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    ),
    (
      Array(0...0x4f), Array(0x60...0xaf), Array(0xb0...0xff),
      """
      b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09
      da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
      """
    ),
    (
      [UInt8](repeating: 0x0b, count: 22), [], [],
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    ),
  ]

  @Test("HKDF-SHA-256 of RFC 5869", arguments: derivations.indices)
  func hkdf(_ index: Int) throws {
    let (ikm, salt, info, okm) = Self.derivations[index]
    let result = try HKDF.sha256(
      ikm: SecretBytes(copying: ikm), salt: salt, info: info, count: hex(okm).count)
    #expect(result.disclosed == hex(okm))
  }

  @Test("an empty salt of HKDF is 32 zero bytes")
  func emptySalt() throws {
    let ikm = SecretBytes(copying: pattern(32))
    let zeros = [UInt8](repeating: 0, count: 32)
    #expect(
      try HKDF.sha256(ikm: ikm, info: [1], count: 64).disclosed
        == HKDF.sha256(ikm: ikm, salt: zeros, info: [1], count: 64).disclosed)
  }

  @Test("HKDF gives 0 to 8,160 bytes, the shorter a prefix of the longer, and no more")
  func hkdfLength() throws {
    let ikm = SecretBytes(copying: pattern(32))
    let longest = try HKDF.sha256(ikm: ikm, info: [1], count: 8160).disclosed
    for count in [0, 1, 31, 32, 33, 8159] {
      #expect(try HKDF.sha256(ikm: ikm, info: [1], count: count).disclosed == Array(longest.prefix(count)))
    }
    for count in [-1, 8161, Int.max] {
      let error = failure { () throws(PrimitiveError) in try HKDF.sha256(ikm: ikm, info: [1], count: count) }
      #expect(error == .invalidLength)
    }
  }

  @Test("HKDF-Expand-SHA-512 agrees with an independent implementation")
  func expandSHA512() throws {
    let result = try HKDF.expandSHA512(
      prk: SecretBytes(copying: Array(0..<64)), info: Array("info".utf8), count: 100)
    #expect(
      result.disclosed
        == hex(
          """
          3cb647d2d2c424e185201a85c73a729ca9496b114c8f3752d6819f60b1bd5da03e3834c1728ebce89f8f9d40c6838a86
          aed857389ea8cb24aedbb87b66a27fd80dcebd3b0738fe78268087c46ea29193641823aa89b268495cc9dbe521981d91
          260dea86
          """))
  }

  /// The inputs of RFC 6070 and RFC 7914 §11, and empty ones.
  static let passwords: [(password: String, salt: String, iterations: UInt32, key: String)] = [
    ("password", "salt", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"),
    ("password", "salt", 2, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
    ("password", "salt", 4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"),
    (
      "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
      "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9"
    ),
    ("pass\0word", "sa\0lt", 4096, "89b69d0516f829893c696226650a8687"),
    (
      "passwd", "salt", 1,
      """
      55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc49ca9cccf179b645991664b39d77ef31
      7c71b845b1e30bd509112041d3a19783
      """
    ),
    (
      "Password", "NaCl", 80_000,
      """
      4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56a1d425a1225833549adb841b51c9b317
      6a272bdebba1d078478f62b397f33c8d
      """
    ),
    ("", "", 1, "f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad89"),
  ]

  @Test("PBKDF2-HMAC-SHA-256 of the well-known inputs", arguments: passwords.indices)
  func pbkdf2(_ index: Int) throws {
    let (password, salt, iterations, key) = Self.passwords[index]
    let result = try PBKDF2.hmacSHA256(
      password: SecretBytes(copying: Array(password.utf8)), salt: Array(salt.utf8), iterations: iterations,
      count: hex(key).count)
    #expect(result.disclosed == hex(key))
  }

  @Test(
    "no iterations, no output or too much output of PBKDF2 is an error",
    arguments: [(0, 32), (1, 0), (1, -1), (1, Int.max)] as [(UInt32, Int)])
  func pbkdf2Bounds(_ iterations: UInt32, _ count: Int) {
    let error = failure { () throws(PrimitiveError) in
      try PBKDF2.hmacSHA256(
        password: SecretBytes(copying: [1]), salt: [], iterations: iterations, count: count)
    }
    #expect(error == .invalidLength)
  }
}
