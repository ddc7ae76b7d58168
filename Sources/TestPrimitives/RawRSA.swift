package import EndkeyPrimitives

/// RSA-2048 with the public exponent 65537 by itself, without OAEP: what no honest sender makes, and a look into what
/// one made.
package enum RawRSA {
  private static var exponent: Natural { Natural([1, 0, 1]) }

  /// Encrypts 256 bytes that are, as a number, below the modulus: 256 bytes.
  package static func encrypt(_ block: [UInt8], modulus: [UInt8]) -> [UInt8] {
    precondition(block.count == 256 && block.lexicographicallyPrecedes(modulus), "no block of this key")
    return Natural(block).power(exponent, modulo: Natural(modulus)).bytes(256)
  }

  /// The block of a ciphertext, nil when that is no number of 256 bytes below the modulus.
  package static func decrypt(_ ciphertext: [UInt8], p: [UInt8], q: [UInt8]) -> [UInt8]? {
    let (p, q, one, number) = (Natural(p), Natural(q), Natural([1]), Natural(ciphertext))
    guard ciphertext.count == 256, number < p * q else { return nil }
    let d = exponent.inverse(modulo: (p - one) * (q - one))
    return number.power(d, modulo: p * q).bytes(256)
  }

  /// Two primes of 128 bytes each from `random` alone, the larger one first.
  ///
  /// A prime is the first of the numbers that `random` gives, 128 bytes each with the two highest bits and the lowest
  /// set, that is prime and not 1 modulo 65537.
  package static func primes(using random: inout some RandomSource) throws -> (p: [UInt8], q: [UInt8]) {
    let first = try prime(using: &random)
    let second = try prime(using: &random)
    return first.lexicographicallyPrecedes(second) ? (second, first) : (first, second)
  }

  /// Whether a number is prime: by 64 rounds of Miller and Rabin.
  package static func isPrime(_ number: [UInt8]) -> Bool { Natural(number).isPrime }

  /// A prime of 128 bytes whose predecessor is a multiple of 65537: no factor of a key. It begins with twice the bits
  /// of `first`, which are seven.
  package static func primeWithoutInverse(
    first: UInt8, using random: inout some RandomSource
  ) throws -> [UInt8] {
    let step = exponent * Natural([2])
    while true {
      let candidate = Natural([first, 0] + (try random.bytes(124))) * step - (step - Natural([1]))
      if candidate.isPrime { return candidate.bytes(128) }
    }
  }

  private static func prime(using random: inout some RandomSource) throws -> [UInt8] {
    while true {
      var bytes = try random.bytes(128)
      bytes[0] |= 0xc0
      bytes[127] |= 1
      let candidate = Natural(bytes)
      if candidate.isPrime, (candidate - Natural([1])).isCoprime(to: exponent) { return bytes }
    }
  }
}

extension RSAPrivateKey {
  /// A key that anybody can make again, of the primes that `random` gives.
  package static func reproducible(using random: inout some RandomSource) throws -> RSAPrivateKey {
    let (p, q) = try RawRSA.primes(using: &random)
    return try RSAPrivateKey(p: SecretBytes(copying: p), q: SecretBytes(copying: q))
  }
}
