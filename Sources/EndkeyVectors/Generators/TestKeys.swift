internal import EndkeyPrimitives

enum TestKeys {
  /// RSA key pair `index`, made from the suite's seed, or, after the first time, from its primes.
  static func rsa(_ index: Int) throws -> RSAPrivateKey {
    let primes = try primes[index].get()
    return try RSAPrivateKey(
      p: SecretBytes(copying: Array(primes[..<128])), q: SecretBytes(copying: Array(primes[128...])))
  }

  private static let primes: [Result<[UInt8], any Error>] = (0..<3).map { index in
    Result {
      var random = DeterministicRandom("rsa key \(index)")
      return try RSAPrivateKey.generate(using: &random).copyPrimes().disclosed
    }
  }
}
