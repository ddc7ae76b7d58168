internal import EndkeyJSON
internal import EndkeyPrimitives

/// AES key wrap. Endkey wraps 32 bytes only; its algorithm for other lengths is tested too.
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
    if test.verdict != .invalid {
      try test.check("wrapping", gives: wrapped) { () throws(PrimitiveError) in
        key.count == AESKeyWrap.keyByteCount
          ? try AESKeyWrap.wrap(key, kek: kek) : try AESKeyWrap.wrapAnyLength(key, kek: kek)
      }
    }
    try test.check("unwrapping", gives: test.bytes("msg")) { () throws(PrimitiveError) in
      let unwrapped =
        wrapped.count == AESKeyWrap.wrappedByteCount
        ? try AESKeyWrap.unwrap(wrapped, kek: kek) : try AESKeyWrap.unwrapAnyLength(wrapped, kek: kek)
      return unwrapped.disclosed
    }
  }
}
