internal import EndkeyJSON
internal import EndkeyPrimitives
internal import TestPrimitives

/// AES key wrap, of the 32 bytes that Endkey wraps, and of lengths that nobody does.
struct WycheproofKeyWrap: WycheproofAlgorithm {
  static let names = ["AES-WRAP", "KW"]
  static let groupType = "KeywrapTest"

  init(group: inout JSONFields) {}

  func run(_ test: inout WycheproofTest) throws {
    let kek = try test.secret("key")
    let key = try test.secret("msg")
    let wrapped = try test.bytes("ct")
    guard kek.count == AESKeyWrap.keyByteCount else {
      throw WycheproofStop.skip("a key of \(8 * kek.count) bits")
    }
    guard key.count == AESKeyWrap.keyByteCount || key.count < 16 || !key.count.isMultiple(of: 8) else {
      throw WycheproofStop.skip("\(key.count) bytes to wrap")
    }
    if test.verdict != .invalid {
      try test.check("wrapping", gives: wrapped) { () throws(PrimitiveError) in
        try AESKeyWrap.wrap(key, kek: kek)
      }
    }
    try test.check("unwrapping", gives: test.bytes("msg")) { () throws(PrimitiveError) in
      try AESKeyWrap.unwrap(wrapped, kek: kek).disclosed
    }
  }
}
