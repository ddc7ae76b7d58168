internal import EndkeyJSON
internal import EndkeyPrimitives

/// AES-SIV as RFC 5297 §3 uses it with a nonce: the last element of associated data. The tag is V.
struct WycheproofSIVWithNonce: WycheproofAlgorithm {
  static let names = ["AEAD-AES-SIV-CMAC"]
  static let groupType = "AeadTest"

  init(group: inout JSONFields) {}

  func run(_ test: inout WycheproofTest) throws {
    try WycheproofSIV.run(
      &test, associatedData: [test.bytes("aad"), test.bytes("iv")], v: test.bytes("tag"),
      ciphertext: test.bytes("ct"))
  }
}
