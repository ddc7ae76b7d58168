internal import EndkeyJSON
internal import EndkeyPrimitives
internal import TestPrimitives

/// RSA-2048 with OAEP, SHA-1 for the label and for MGF1. Decryption only: encryption has random bytes in it.
final class WycheproofOAEP: WycheproofAlgorithm {
  static let names = ["RSAES-OAEP"]
  static let groupType = "RsaesOaepDecrypt"

  private let key: RSAPrivateKey

  init(group: inout JSONFields) throws {
    // The older layout writes "keysize".
    if let size = try (group.optional("keySize") ?? group.optional("keysize"))?.integer(as: Int.self) {
      guard size == 2048 else { throw WycheproofStop.skip("a key of \(size) bits") }
    }
    let hash = try group.required("sha").string()
    guard hash == "SHA-1" else { throw WycheproofStop.skip("\(hash) for the label") }
    let mask = try group.required("mgf").string()
    let maskHash = try group.required("mgfSha").string()
    guard mask == "MGF1", maskHash == "SHA-1" else { throw WycheproofStop.skip("\(mask) with \(maskHash)") }
    let (exponent, primes) = try Self.numbers(&group)
    guard exponent == [1, 0, 1] else { throw WycheproofStop.skip("a public exponent other than 65537") }
    do throws(PrimitiveError) {
      key = try RSAPrivateKey(p: SecretBytes(copying: primes[0]), q: SecretBytes(copying: primes[1]))
    } catch {
      throw WycheproofStop.skip("a key that Endkey does not use: \(error)")
    }
  }

  func run(_ test: inout WycheproofTest) throws {
    let message = try test.bytes("msg")
    let ciphertext = try test.bytes("ct")
    guard try test.bytes("label").isEmpty else { throw WycheproofStop.skip("a label") }
    try test.check("decryption", gives: message) { () throws(PrimitiveError) in
      try key.unwrap(ciphertext).disclosed
    }
  }

  /// The public exponent, and the primes, the greater one first, without leading zeros.
  private static func numbers(_ group: inout JSONFields) throws -> ([UInt8], [[UInt8]]) {
    let numbers: [[UInt8]]
    if let key = group.optional("privateKey") {
      var fields = try key.fields()
      numbers = try ["publicExponent", "prime1", "prime2"].map { name in
        try fields.required(name).hex(letterCase: .any)
      }
    } else {
      let encoded = try group.required("privateKeyPkcs8")
      guard let key = PKCS8(try encoded.hex(letterCase: .any)) else {
        throw encoded.error("not an RSA private key in PKCS #8")
      }
      numbers = [key.publicExponent, key.prime1, key.prime2]
    }
    let trimmed = numbers.map { Array($0.drop { $0 == 0 }) }
    let primes = trimmed.dropFirst().sorted { $1.lexicographicallyPrecedes($0) }
    return (trimmed[0], primes)
  }
}
