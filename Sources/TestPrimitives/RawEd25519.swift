internal import EndkeyPrimitives

/// Ed25519 with a nonce of choice: a second right signature of a message, which RFC 8032 never makes.
package enum RawEd25519 {
  /// The order of the base point, little-endian.
  package static let order: [UInt8] =
    [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14]
    + [UInt8](repeating: 0, count: 15) + [0x10]

  /// A signature by the key of `seed`, whose R is the public key that belongs to the seed `nonce`.
  package static func sign(_ message: [UInt8], seed: [UInt8], nonce: [UInt8]) throws -> [UInt8] {
    func publicKey(_ seed: [UInt8]) throws -> [UInt8] {
      try Ed25519.PrivateKey(seed: SecretBytes(copying: seed)).publicKey.bytes
    }
    let r = try publicKey(nonce)
    let challenge = number(OpenSSLReference.sha512(r + (try publicKey(seed)) + message))
    let s = (scalar(nonce) + challenge * scalar(seed)).power(Natural([1]), modulo: number(order))
    return r + s.bytes(32).reversed()
  }

  private static func scalar(_ seed: [UInt8]) -> Natural {
    var half = [UInt8](OpenSSLReference.sha512(seed)[..<32])
    half[0] &= 0xf8
    half[31] = half[31] & 0x7f | 0x40
    return number(half)
  }

  private static func number(_ littleEndian: [UInt8]) -> Natural { Natural(littleEndian.reversed()) }
}
