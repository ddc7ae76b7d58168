internal import EndkeyJSON
internal import EndkeyPrimitives
internal import TestPrimitives

/// HKDF-SHA-256, extract and expand.
struct WycheproofHKDF: WycheproofAlgorithm {
  static let names = ["HKDF-SHA-256"]
  static let groupType = "HkdfTest"

  init(group: inout JSONFields) {}

  func run(_ test: inout WycheproofTest) throws {
    let ikm = try test.secret("ikm")
    let salt = try test.bytes("salt")
    let info = try test.bytes("info")
    let count = try test.integer("size")
    try test.check("derivation", gives: test.bytes("okm")) { () throws(PrimitiveError) in
      try HKDF.sha256(ikm: ikm, salt: salt, info: info, count: Int(count)).disclosed
    }
  }
}
