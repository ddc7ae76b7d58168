internal import EndkeyJSON
internal import EndkeyPrimitives
internal import TestPrimitives

/// PBKDF2 with HMAC-SHA-256.
struct WycheproofPBKDF2: WycheproofAlgorithm {
  static let names = ["PBKDF2-HMACSHA256"]
  static let groupType = "PbkdfTest"
  /// More iterations than this, over all blocks, are minutes of work that a hostile file could ask for.
  private static let workMaximum: UInt64 = 20_000_000

  init(group: inout JSONFields) {}

  func run(_ test: inout WycheproofTest) throws {
    let password = try test.secret("password")
    let salt = try test.bytes("salt")
    let iterations = try test.integer("iterationCount")
    let count = try test.integer("dkLen")
    let work = UInt64(iterations) * (UInt64(count) / 32 + 1)
    guard work <= Self.workMaximum else {
      throw WycheproofStop.skip("more than \(Self.workMaximum) iterations")
    }
    try test.check("derivation", gives: test.bytes("dk")) { () throws(PrimitiveError) in
      try PBKDF2.hmacSHA256(password: password, salt: salt, iterations: iterations, count: Int(count))
        .disclosed
    }
  }
}
