internal import EndkeyJSON
internal import EndkeyPrimitives

/// Ed25519 verification by the strict rules of Endkey (§6).
struct WycheproofEd25519: WycheproofAlgorithm {
  static let names = ["EDDSA"]
  static let groupType = "EddsaVerify"

  private let key: [UInt8]

  init(group: inout JSONFields) throws {
    // The older layout calls it "key".
    let member = try group.optional("publicKey") ?? group.required("key")
    var fields = try member.fields()
    let curve = try fields.required("curve").string()
    guard curve == "edwards25519" else { throw WycheproofStop.skip("the curve \(curve)") }
    key = try fields.required("pk").hex(letterCase: .any)
  }

  func run(_ test: inout WycheproofTest) throws {
    let message = try test.bytes("msg")
    let signature = try test.bytes("sig")
    try test.check("verification") { () throws(PrimitiveError) in
      try Ed25519.PublicKey(key).verify(signature, message: message)
    }
  }
}
