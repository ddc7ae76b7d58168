import EndkeyJSON
import Testing

/// A small file in Wycheproof's layout, and what becomes of its tests.
struct WycheproofFixture: Sendable, CustomTestStringConvertible {
  let algorithm: String
  let type: String
  /// The members of the one group, but its tests.
  var group: [(String, JSONValue)] = []
  var tests: [JSONValue]
  /// How many of the tests are not for Endkey.
  var skipped = 0
  /// The member that a valid test states as the result.
  let result: String

  var testDescription: String { algorithm }

  var bytes: [UInt8] { file(tests: tests) }

  /// The file with other tests.
  func file(tests: [JSONValue], numberOfTests: Int? = nil) -> [UInt8] {
    var members = JSONObject()
    for (key, value) in [("type", .string(type))] + group { members.append(key, value) }
    members.append("tests", .array(tests))
    let file: JSONValue = [
      "algorithm": .string(algorithm), "schema": "a_schema_v1.json",
      "numberOfTests": .integer(numberOfTests ?? tests.count), "header": ["..."], "notes": [:],
      "testGroups": [.object(members)],
    ]
    return file.serialized(.pretty)
  }

  /// A test: `members` are hex, but the numbers.
  static func test(_ id: Int, _ verdict: String, _ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    var test = JSONObject()
    test.append("tcId", .integer(id))
    test.append("comment", "test \(id)")
    test.append("flags", ["Normal"])
    for (key, value) in members { test.append(key, value) }
    test.append("result", .string(verdict))
    return .object(test)
  }

  static let all = [
    siv, sivWithNonce, keyWrap, oldKeyWrap, oaep, oldOAEP, pbkdf2, hkdf, gcm, ed25519, oldEd25519, hmac,
  ]

  private static let key64 = JSONValue.hex((0..<64).map { UInt8($0) })
  private static let key32 = JSONValue.hex((0..<32).map { UInt8($0) })

  // The outputs with this key were made by two independent implementations.
  static let siv = WycheproofFixture(
    algorithm: "AES-SIV-CMAC", type: "DaeadTest", group: [("keySize", 512)],
    tests: [
      test(1, "valid", ["key": key64, "aad": "101112", "msg": "", "ct": "41558cadc37a58d0743114494d87fe26"]),
      test(
        2, "valid",
        [
          "key": key64, "aad": "", "msg": "112233445566778899aabbccddee",
          "ct": "956c2bf56e4501728ae2079d6b73ce05df466d1acd665bfab51b4057cd83",
        ]),
      test(
        3, "invalid", ["key": key64, "aad": "101113", "msg": "", "ct": "41558cadc37a58d0743114494d87fe26"]),
      test(4, "invalid", ["key": key64, "aad": "", "msg": "", "ct": "41558cadc37a58d0743114494d87fe"]),
      // RFC 5297 A.1 has a key of 256 bits.
      test(
        5, "valid",
        [
          "key": "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
          "aad": "101112131415161718191a1b1c1d1e1f2021222324252627", "msg": "112233445566778899aabbccddee",
          "ct": "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c",
        ]),
    ], skipped: 1, result: "ct")

  static let sivWithNonce = WycheproofFixture(
    algorithm: "AEAD-AES-SIV-CMAC", type: "AeadTest",
    group: [("keySize", 512), ("ivSize", 96), ("tagSize", 128)],
    tests: [
      test(
        1, "valid",
        [
          "key": key64, "iv": "000000000000000000000000", "aad": "0102",
          "msg": "0505050505050505050505050505050505", "ct": "456797c0dba51ae7811176bf5d0e670b8f",
          "tag": "87edc47203f0b11be918e009a2a1b7a2",
        ]),
      test(
        2, "invalid",
        [
          "key": key64, "iv": "000000000000000000000001", "aad": "0102",
          "msg": "0505050505050505050505050505050505", "ct": "456797c0dba51ae7811176bf5d0e670b8f",
          "tag": "87edc47203f0b11be918e009a2a1b7a2",
        ]),
    ], result: "ct")

  // RFC 3394 §4.6, §4.3 and §4.1.
  static let keyWrap = WycheproofFixture(
    algorithm: "AES-WRAP", type: "KeywrapTest", group: [("keySize", 256)],
    tests: [
      test(
        1, "valid",
        [
          "key": key32, "msg": "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
          "ct": "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21",
        ]),
      test(
        2, "valid",
        [
          "key": key32, "msg": "00112233445566778899aabbccddeeff",
          "ct": "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7",
        ]),
      test(
        3, "invalid",
        [
          "key": key32, "msg": "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
          "ct": "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd20",
        ]),
      test(4, "invalid", ["key": key32, "msg": "", "ct": "64e8c3f9ce0f5ba263e977790581"]),
      test(
        5, "acceptable", ["key": key32, "msg": "0011223344556677", "ct": "64e8c3f9ce0f5ba263e9777905818a2a"]),
      test(
        6, "valid",
        [
          "key": "000102030405060708090a0b0c0d0e0f", "msg": "00112233445566778899aabbccddeeff",
          "ct": "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5",
        ]),
    ], skipped: 2, result: "ct")

  static let oldKeyWrap = WycheproofFixture(
    algorithm: "KW", type: "KeywrapTest", group: [("keySize", 256)], tests: Array(keyWrap.tests.prefix(3)),
    skipped: 1, result: "ct")

  private static let prime1 = """
    d04f54d9697cf7d9607427665b331e95203d3e1f9e6d70cb3c8776279a9356d8fe35fa03d9882571f6e8e260e159d4e9a8204604\
    49910146a03ad58d1b069fbbb0333ed71d2f2b7a9012aefd87cc2800203a179ed44290bc6df2d9d0fd73b2e6f04f618a63efcb55\
    aea3cdd2aa5302048250272b8cb36fb66f61c96520b27b79
    """
  private static let prime2 = """
    be1528e2cbe085a12d4a05f6c23b7866e3dac4aeee9df2c75c9d1aeca4edf634566b579b1ba423799ba0d718c31cbf275aba08e5\
    a308518cece37fdfc5f2669b6f7aaa7e78997244b4fc25c66dc22d10afe74e9edc8c33b15ab91bd2398bee066c9483085434c8af\
    4b9f5ae808b0a97d89ab1323cd24fb9fcfda59bfbb193b79
    """
  private static let encrypted = """
    1e22ec7923f0378c7105fdf8726ddb5d5d6a16dc8ab486048431e46fbed7033667ff734ddd3c02414bb9a8df5a7c1e6bd8b86b81\
    98fdf19245a47daf30d76ce9b7e7be383b36b43575c9dba4e867aa18198dabd23d943ee45eb0761fc5b7ba19cf333cb7ee5d579f\
    83baf1fdca57ccd75f71d94841b7f1664b4db111eb2e74484fded545e648d206104ab5b197bc070cdae161da03d349ca5acd1bcd\
    1347bab9fcd22e196e6cef61b016210e98245af97e08a64762e33e8f70bd1b2455959f6ae8779b46faf03d4239684707e97b6ae1\
    324e48fcc4c52621ec14eba5d6541761bf1c66a365f0686719fa775d3a58c42fa58c889a396e1973a1537c61ca57a64f
    """
  private static let encryptedWithLabel = """
    4f33babf20fd98fde8b39f621c987219c2009927b0474f7974bc8970d04e4f72d9b558d316a582d7af94765ba6ea0f0fc83ddfe9\
    0ed19c44b50c30e6bb908f1be4de7210007dc3e15861ddb2a3bd76c58aa88b2965db93b336cffa1206395c18362971edb97c5468\
    7640298d9330f0a8e751f8eabba3a2c88db5f8f101185877b1d0a812696538022e98b0330cd331079a6cc558ecc9308da5c19acf\
    227c145602617ef470815791781b67dc6a9126548f0ce9c670dad38419ab43e4b474996c2dd1cdb8dc1642b0ca7543c93a3d2c55\
    47f7f07a29520469fa432575d88268c5638109490737959a6bebb29c2ec60d72034d8d4edebb4d9bc191d87a2a11bbb6
    """

  // The key and the ciphertexts were made by one implementation and opened by another.
  static let oaep = WycheproofFixture(
    algorithm: "RSAES-OAEP", type: "RsaesOaepDecrypt",
    group: [
      ("keySize", 2048), ("sha", "SHA-1"), ("mgf", "MGF1"), ("mgfSha", "SHA-1"),
      (
        "privateKey",
        ["publicExponent": "010001", "prime1": .string("00" + prime1), "prime2": .string("00" + prime2)]
      ),
    ],
    tests: [
      test(1, "valid", ["msg": key32, "ct": .string(encrypted), "label": ""]),
      test(2, "invalid", ["msg": key32, "ct": .string(encryptedWithLabel), "label": ""]),
      test(3, "invalid", ["msg": key32, "ct": .string(String(encrypted.dropLast(2))), "label": ""]),
      test(4, "invalid", ["msg": "", "ct": "", "label": ""]),
      test(5, "valid", ["msg": key32, "ct": .string(encryptedWithLabel), "label": "78"]),
    ], skipped: 1, result: "msg")

  /// The key as PKCS #8 with the smaller prime first, and numbers that nobody needs set to 1.
  static let oldOAEP = WycheproofFixture(
    algorithm: "RSAES-OAEP", type: "RsaesOaepDecrypt",
    group: [
      ("keysize", 2048), ("sha", "SHA-1"), ("mgf", "MGF1"), ("mgfSha", "SHA-1"), ("e", "10001"),
      (
        "privateKeyPkcs8",
        .string(
          "30820139" + "020100" + "300d06092a864886f70d0101010500" + "04820123" + "3082011f" + "020100"
            + "020101" + "0203010001" + "020101" + "02818100" + prime2 + "02818100" + prime1 + "020101"
            + "020101"
            + "020101")
      ),
    ], tests: oaep.tests, skipped: 1, result: "msg")

  // RFC 7914 §11; 16 GiB of output would be hours of work.
  static let pbkdf2 = WycheproofFixture(
    algorithm: "PBKDF2-HMACSHA256", type: "PbkdfTest",
    tests: [
      test(
        1, "valid",
        [
          "password": "706173737764", "salt": "73616c74", "iterationCount": 1, "dkLen": 64,
          "dk": """
          55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
          49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783
          """,
        ]),
      test(
        2, "valid",
        ["password": "", "salt": "", "iterationCount": 1, "dkLen": .integer(UInt32.max), "dk": "00"]),
    ], skipped: 1, result: "dk")

  // RFC 5869 A.1 and A.3; and more than 255 blocks.
  static let hkdf = WycheproofFixture(
    algorithm: "HKDF-SHA-256", type: "HkdfTest", group: [("keySize", 176)],
    tests: [
      test(
        1, "valid",
        [
          "ikm": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "salt": "000102030405060708090a0b0c",
          "info": "f0f1f2f3f4f5f6f7f8f9", "size": 42,
          "okm": "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ]),
      test(
        2, "valid",
        [
          "ikm": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "salt": "", "info": "", "size": 42,
          "okm": "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ]),
      test(3, "invalid", ["ikm": "0b0b", "salt": "", "info": "", "size": 8161, "okm": ""]),
    ], result: "okm")

  // Cases 13 and 14 of the GCM specification, and nonces that Endkey does not use.
  static let gcm = WycheproofFixture(
    algorithm: "AES-GCM", type: "AeadTest", group: [("keySize", 256), ("ivSize", 96), ("tagSize", 128)],
    tests: [
      test(
        1, "valid",
        [
          "key": zeros(32), "iv": zeros(12), "aad": "", "msg": "", "ct": "",
          "tag": "530f8afbc74536b9a963b4f1c4cb738b",
        ]),
      test(
        2, "valid",
        [
          "key": zeros(32), "iv": zeros(12), "aad": "", "msg": zeros(16),
          "ct": "cea7403d4d606b6e074ec5d3baf39d18", "tag": "d0d1c8a799996bf0265b98b5d48ab919",
        ]),
      test(
        3, "invalid",
        [
          "key": zeros(32), "iv": zeros(12), "aad": "", "msg": "", "ct": "",
          "tag": "530f8afbc74536b9a963b4f1c4cb738a",
        ]),
      test(4, "invalid", ["key": zeros(32), "iv": "", "aad": "", "msg": "", "ct": "", "tag": zeros(16)]),
      test(
        5, "valid", ["key": zeros(16), "iv": zeros(12), "aad": "", "msg": "", "ct": "", "tag": zeros(16)]),
    ], skipped: 2, result: "tag")

  // RFC 8032 §7.1, test 2; S + L; a signature cut short.
  static let ed25519 = WycheproofFixture(
    algorithm: "EDDSA", type: "EddsaVerify",
    group: [
      (
        "publicKey",
        [
          "type": "EDDSAPublicKey", "curve": "edwards25519", "keySize": 255,
          "pk": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        ]
      )
    ],
    tests: [
      test(1, "valid", ["msg": "72", "sig": .string(r + s)]),
      test(2, "invalid", ["msg": "73", "sig": .string(r + s)]),
      test(3, "invalid", ["msg": "72", "sig": .string(r + sPlusL)]),
      test(4, "invalid", ["msg": "72", "sig": .string(r + s.dropLast(2))]),
      test(5, "invalid", ["msg": "72", "sig": ""]),
    ], result: "sig")

  static let oldEd25519 = WycheproofFixture(
    algorithm: "EDDSA", type: "EddsaVerify",
    group: [
      (
        "key",
        [
          "curve": "edwards25519", "keySize": 255, "type": "EDDSAKeyPair",
          "pk": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        ]
      )
    ], tests: ed25519.tests, result: "sig")

  private static let r = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
  private static let s = "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
  private static let sPlusL = "f52db7415978abc61b2c2eb6aeebfca0387b2eaeb4302aeeb00d291612bb0c10"

  // RFC 4231 §4.2 and §4.3.
  static let hmac = WycheproofFixture(
    algorithm: "HMACSHA256", type: "MacTest", group: [("keySize", 160), ("tagSize", 256)],
    tests: [
      test(
        1, "valid",
        [
          "key": "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "msg": "4869205468657265",
          "tag": "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ]),
      test(
        2, "valid",
        [
          "key": "4a656665", "msg": "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
          "tag": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ]),
      test(
        3, "invalid",
        [
          "key": "4a656665", "msg": "",
          "tag": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ]),
      test(
        4, "invalid",
        [
          "key": "4a656665", "msg": "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
          "tag": "5bdcc146bf60754e6a042426089575c7",
        ]),
    ], result: "tag")

  private static func zeros(_ count: Int) -> JSONValue { .hex([UInt8](repeating: 0, count: count)) }
}
