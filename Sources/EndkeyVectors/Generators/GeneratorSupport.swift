internal import EndkeyPrimitives

/// `count` bytes of the suite's randomness for `label`.
func bytes(_ label: String, _ count: Int) -> [UInt8] {
  var random = DeterministicRandom(label)
  do {
    return try random.bytes(count)
  } catch {
    preconditionFailure("the suite's randomness cannot fail")
  }
}

/// Key pairs of the suite.
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

/// EME-OAEP with any part changed.
struct OAEPBlock {
  enum Hash { case sha1, sha256 }

  var leading: UInt8 = 0
  let seed: [UInt8]
  var lHash: [UInt8]
  var padding: [UInt8]
  var separator: UInt8 = 1
  let message: [UInt8]
  var maskHash: Hash

  /// The seed is as long as the hash.
  init(message: [UInt8], seed: [UInt8], hash: Hash = .sha1) throws {
    lHash = hash == .sha1 ? try SHA1.hash([]) : SHA256.hash([])
    self.message = message
    self.seed = seed
    maskHash = hash
    padding = [UInt8](repeating: 0, count: 256 - 2 * lHash.count - 2 - message.count)
  }

  /// The 256 bytes that are encrypted.
  var bytes: [UInt8] {
    get throws {
      let db = lHash + padding + [separator] + message
      let maskedDB = zip(db, try mask(seed, db.count)).map { $0 ^ $1 }
      let maskedSeed = zip(seed, try mask(maskedDB, seed.count)).map { $0 ^ $1 }
      return [leading] + maskedSeed + maskedDB
    }
  }

  /// MGF1.
  private func mask(_ seed: [UInt8], _ count: Int) throws -> [UInt8] {
    var mask: [UInt8] = []
    var counter: UInt64 = 0
    while mask.count < count {
      let input = seed + be(counter, 4)
      mask += maskHash == .sha1 ? try SHA1.hash(input) : SHA256.hash(input)
      counter += 1
    }
    return Array(mask.prefix(count))
  }
}
