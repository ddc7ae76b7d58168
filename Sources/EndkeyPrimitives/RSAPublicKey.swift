/// An RSA-2048 public key with the exponent 65537, for RSAES-OAEP with SHA-1 and an empty label. §6
///
/// One value is meant for many messages, and serves many threads.
public struct RSAPublicKey: Sendable {
  /// Bytes of a modulus.
  public static var modulusByteCount: Int { 256 }
  /// Bytes of a wrapped secret.
  public static var wrappedByteCount: Int { 256 }

  /// The modulus, 256 bytes, big-endian.
  public let modulus: [UInt8]
  private let key: RSAKey

  /// Checks the modulus: `invalidKey` unless it is an odd number of exactly 2,048 bits with no prime factor
  /// below 1,024.
  public init(modulus: [UInt8]) throws(PrimitiveError) {
    guard modulus.count == Self.modulusByteCount, modulus[0] >= 0x80, modulus[255] & 1 == 1 else {
      throw .invalidKey
    }
    let number = try BigNumber(modulus.span)
    for prime in smallOddPrimes where number.isMultiple(of: prime) { throw .invalidKey }
    self.modulus = modulus
    key = try RSAKey(modulus: number)
  }

  /// Encrypts a secret of at most 214 bytes (else `invalidLength`): 256 bytes. OAEP's seed is the next 20
  /// bytes of `random`.
  public func wrap(
    _ secret: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(PrimitiveError) -> [UInt8] {
    let block = try OAEP.encode(secret, using: &random)
    return try block.withBytes(0..<block.count) { (block) throws(PrimitiveError) in try key.encrypt(block) }
  }
}

/// The odd primes below `smallest_factor`. R-6-2
private let smallOddPrimes: [UInt] = (3..<UInt(SuiteLimit.smallestFactor)).filter { candidate in
  !(2..<candidate).prefix(while: { $0 * $0 <= candidate }).contains { candidate.isMultiple(of: $0) }
}
