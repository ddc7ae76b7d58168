internal import EndkeyJSON
internal import EndkeyPrimitives

/// AES-SIV with one element of associated data. The ciphertext is V and C.
struct WycheproofSIV: WycheproofAlgorithm {
  static let names = ["AES-SIV-CMAC"]
  static let groupType = "DaeadTest"

  init(group: inout JSONFields) {}

  func run(_ test: inout WycheproofTest) throws {
    let ciphertext = try test.bytes("ct")
    try Self.run(
      &test, associatedData: [test.bytes("aad")], v: Array(ciphertext.prefix(AESSIV.vByteCount)),
      ciphertext: Array(ciphertext.dropFirst(AESSIV.vByteCount)))
  }

  /// A test of any layout, both ways.
  static func run(
    _ test: inout WycheproofTest, associatedData: [[UInt8]], v: [UInt8], ciphertext: [UInt8]
  ) throws {
    let key = try test.secret("key")
    let message = try test.bytes("msg")
    guard key.count == AESSIV.keyByteCount else {
      throw WycheproofStop.skip("a key of \(8 * key.count) bits")
    }
    var siv = try AESSIV(key: key)
    if test.verdict != .invalid {
      try test.check("encryption", gives: v + ciphertext) { () throws(PrimitiveError) in
        let sealed = try siv.seal(message, associatedData: associatedData)
        return sealed.v + sealed.ciphertext
      }
    }
    try test.check("decryption", gives: message) { () throws(PrimitiveError) in
      try siv.open(v: v, ciphertext: ciphertext, associatedData: associatedData)
    }
  }
}
