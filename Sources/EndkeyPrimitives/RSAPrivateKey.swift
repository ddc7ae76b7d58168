/// An RSA-2048 private key with the public exponent 65537, for RSAES-OAEP with SHA-1 and an empty label. §6
///
/// One value is meant for many messages, and serves many threads.
public struct RSAPrivateKey: ~Copyable, Sendable {
  /// Bytes of each prime.
  public static var primeByteCount: Int { 128 }

  /// The public key.
  public let publicKey: RSAPublicKey
  private let key: RSAKey

  /// The modulus, 256 bytes, big-endian.
  public var modulus: [UInt8] { publicKey.modulus }

  /// The key of two primes of 128 bytes each, big-endian, the larger one first, from a seal or a generator that vouches
  /// for them.
  ///
  /// `invalidKey` unless p > q, both are of 1,024 bits and pass Fermat's test to base 3, the public exponent has an
  /// inverse, and the modulus is one that `RSAPublicKey` takes. The test finds the fault of a generator, and no number
  /// that somebody chose to pass it.
  public init(p: borrowing SecretBytes, q: borrowing SecretBytes) throws(PrimitiveError) {
    guard p.count == Self.primeByteCount, q.count == Self.primeByteCount else { throw .invalidKey }
    let p = try p.withBytes { (p) throws(PrimitiveError) in try BigNumber(p) }
    let q = try q.withBytes { (q) throws(PrimitiveError) in try BigNumber(q) }
    let bits = 8 * Self.primeByteCount
    guard q < p, p.bitCount == bits, q.bitCount == bits, p.isOdd, q.isOdd else { throw .invalidKey }
    try self.init(key: RSAKey(p: p, q: q))
  }

  /// Makes a key with OpenSSL's generator.
  public static func generate() throws(PrimitiveError) -> RSAPrivateKey {
    try RSAPrivateKey(key: RSAKey(generatingBits: Int32(8 * RSAPublicKey.modulusByteCount)))
  }

  private init(key: RSAKey) throws(PrimitiveError) {
    publicKey = try RSAPublicKey(modulus: key.modulus())  // and with it the size of the product
    self.key = key
  }

  private init(publicKey: RSAPublicKey, key: RSAKey) {
    self.publicKey = publicKey
    self.key = key
  }

  /// Another value with the same key.
  package func copy() -> RSAPrivateKey { RSAPrivateKey(publicKey: publicKey, key: key) }

  /// Decrypts what `RSAPublicKey.wrap` made. `authenticationFailed`, whatever is wrong, and in the same time, except
  /// for a ciphertext that does not have 256 bytes or is not below the modulus.
  public func unwrap(_ ciphertext: [UInt8]) throws(PrimitiveError) -> SecretBytes {
    guard ciphertext.count == RSAPublicKey.wrappedByteCount, ciphertext.lexicographicallyPrecedes(modulus)
    else { throw .authenticationFailed }
    return try key.decryptOAEP(ciphertext.span)
  }

  /// Both primes, 128 bytes each, big-endian, the larger one first: 256 bytes.
  public func copyPrimes() throws(PrimitiveError) -> SecretBytes {
    let first = try key.number("rsa-factor1")
    let second = try key.number("rsa-factor2")
    let swapped = first < second
    return try SecretBytes(count: 2 * Self.primeByteCount) { (primes) throws(PrimitiveError) in
      let (larger, smaller) = (0..<Self.primeByteCount, Self.primeByteCount..<2 * Self.primeByteCount)
      try first.write(to: &primes, at: swapped ? smaller : larger)
      try second.write(to: &primes, at: swapped ? larger : smaller)
    }
  }
}
