internal import EndkeyJSON
internal import EndkeyPrimitives

/// AES-GCM.
struct WycheproofGCM: WycheproofAlgorithm {
  static let names = ["AES-GCM"]
  static let groupType = "AeadTest"

  init(group: inout JSONFields) throws {
    let tagSize = try group.required("tagSize").integer(as: Int.self)
    guard tagSize == 8 * AESGCM.tagByteCount else { throw WycheproofStop.skip("a tag of \(tagSize) bits") }
  }

  func run(_ test: inout WycheproofTest) throws {
    let key = try test.secret("key")
    let nonce = try test.bytes("iv")
    let associatedData = try test.bytes("aad")
    let message = try test.bytes("msg")
    let ciphertext = try test.bytes("ct")
    let tag = try test.bytes("tag")
    guard key.count == AESGCM.keyByteCount else {
      throw WycheproofStop.skip("a key of \(8 * key.count) bits")
    }
    guard nonce.count == AESGCM.nonceByteCount else {
      throw WycheproofStop.skip("a nonce of other than \(8 * AESGCM.nonceByteCount) bits")
    }
    if test.verdict != .invalid {
      try test.check("encryption", gives: ciphertext + tag) { () throws(PrimitiveError) in
        let sealed = try AESGCM.seal(message, key: key, nonce: nonce, associatedData: associatedData)
        return sealed.ciphertext + sealed.tag
      }
    }
    try test.check("decryption", gives: message) { () throws(PrimitiveError) in
      try AESGCM.open(ciphertext, tag: tag, key: key, nonce: nonce, associatedData: associatedData)
    }
  }
}
