internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives

/// Private keys of an account or agent of the suite.
struct FixtureKeys: Sendable {
  let name: String
  let p: [UInt8]
  let q: [UInt8]
  let seed: [UInt8]
  let modulus: [UInt8]
  let verifyKey: [UInt8]

  init(_ name: String) throws {
    self.name = name
    var random = DeterministicRandom.suite("keys of \(name)")
    (p, q) = try RawRSA.primes(using: &random)
    let rsa = try RSAPrivateKey(p: SecretBytes(copying: p), q: SecretBytes(copying: q))
    let seed = random.bytes(32)
    let secret = SecretBytes(copying: seed)
    let signing = try Ed25519.PrivateKey(seed: secret)
    self.seed = seed
    modulus = rsa.modulus
    verifyKey = signing.publicKey.bytes
  }

  /// The RSA key of some keys with the Ed25519 key of others.
  init(rsa: FixtureKeys, signing: FixtureKeys) {
    (name, p, q, modulus) = (rsa.name, rsa.p, rsa.q, rsa.modulus)
    (seed, verifyKey) = (signing.seed, signing.verifyKey)
  }

  var accountID: [UInt8] { [UInt8](Fixture.hash("account-id", verifyKey)[..<16]) }
  var agentID: [UInt8] { [UInt8](Fixture.hash("agent-id", modulus + verifyKey)[..<16]) }

  /// As a state's certificate lists a person.
  var signer: [UInt8] { verifyKey + agentID }

  /// The message with its last 64 bytes replaced by a signature of this key.
  func sign(_ message: [UInt8]) throws -> [UInt8] {
    let body = [UInt8](message.dropLast(64))
    return body + (try signature(Array("endkey/1 signature".utf8) + [0] + body))
  }

  /// The message with another signature of this key, as right as that of `sign`.
  func signAgain(_ message: [UInt8]) throws -> [UInt8] {
    let body = [UInt8](message.dropLast(64))
    return body + (try signatureAgain(Fixture.labelled("signature", body)))
  }

  /// Another right signature of exactly these bytes.
  func signatureAgain(_ bytes: [UInt8]) throws -> [UInt8] {
    try RawEd25519.sign(bytes, seed: seed, nonce: EndkeyVectors.bytes("nonce of \(name)", 32))
  }

  /// The signature of exactly these bytes.
  func signature(_ bytes: [UInt8]) throws -> [UInt8] {
    let secret = SecretBytes(copying: seed)
    let key = try Ed25519.PrivateKey(seed: secret)
    return key.sign(bytes)
  }

  /// RSA of 256 bytes without padding, to these keys.
  func encryptRaw(_ block: [UInt8]) -> [UInt8] { RawRSA.encrypt(block, modulus: modulus) }
}

/// What may be wrong with the signature of any signed message.
struct SignatureFault {
  let name: String
  let comment: String
  let message: [UInt8]

  /// `message` is right and signed by `keys`.
  static func all(of message: [UInt8], by keys: FixtureKeys, other: FixtureKeys) throws -> [SignatureFault] {
    let start = message.count - 64
    let body = [UInt8](message[..<start])
    let label = Array("endkey/1 signature".utf8) + [0]
    let s = [UInt8](message[(start + 32)...].reversed()).adding(RawEd25519.order.reversed())
    let malleable = [UInt8](message[..<(start + 32)]) + s.reversed()
    return [
      SignatureFault(
        name: "signature-r-flipped", comment: "One bit of R is wrong.", message: message.flipped(start)),
      SignatureFault(
        name: "signature-s-flipped", comment: "One bit of S is wrong.", message: message.flipped(start + 32)),
      SignatureFault(
        name: "signature-s-plus-order", comment: "S + L: the same signature, encoded twice.",
        message: malleable),
      SignatureFault(
        name: "signature-zero", comment: "No signature but zeros.", message: body + .zeros(64)),
      SignatureFault(
        name: "signature-of-another-key", comment: "Signed by other keys.", message: try other.sign(message)),
      SignatureFault(
        name: "signature-without-label", comment: "Signed without the label.",
        message: body + (try keys.signature(body))),
      SignatureFault(
        name: "signature-without-last-byte", comment: "The signature leaves out the last byte before it.",
        message: body + (try keys.signature(label + body.dropLast()))),
      SignatureFault(
        name: "signature-without-header", comment: "The signature leaves out the header.",
        message: body + (try keys.signature(label + body.dropFirst(24)))),
      SignatureFault(
        name: "signature-of-hash", comment: "Signed is the SHA-256 of what should be.",
        message: body + (try keys.signature(SHA256.hash(label + body)))),
    ]
  }
}
