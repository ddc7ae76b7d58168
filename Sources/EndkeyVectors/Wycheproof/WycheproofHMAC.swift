internal import EndkeyJSON
internal import EndkeyPrimitives

/// HMAC-SHA-256, whole: Endkey never cuts a MAC.
struct WycheproofHMAC: WycheproofAlgorithm {
  static let names = ["HMACSHA256"]
  static let groupType = "MacTest"

  init(group: inout JSONFields) throws {
    let tagSize = try group.required("tagSize").integer(as: Int.self)
    guard tagSize == 8 * HMACSHA256.byteCount else { throw WycheproofStop.skip("a tag of \(tagSize) bits") }
  }

  func run(_ test: inout WycheproofTest) throws {
    let key = try test.secret("key")
    let message = try test.bytes("msg")
    let tag = try test.bytes("tag")
    if test.verdict != .invalid {
      try test.check("authentication", gives: tag) { () throws(PrimitiveError) in
        try HMACSHA256.authenticate(message, key: key)
      }
    }
    try test.check("verification") { () throws(PrimitiveError) in
      try HMACSHA256.verify(tag, message: message, key: key)
    }
  }
}
