/// SHA-256, HMAC, HKDF and PBKDF2 of the runner's own, so that hashes can be asked of fresh inputs. Slow, and nobody's
/// secrets go through it.
enum Digest {
  /// FIPS 180-4.
  static func sha256(_ message: [UInt8]) -> [UInt8] {
    var state = initial
    var padded = message + [0x80]
    padded += [UInt8](repeating: 0, count: (119 - message.count % 64) % 64)
    padded += big(UInt64(message.count) * 8)
    var w = [UInt32](repeating: 0, count: 64)
    for block in stride(from: 0, to: padded.count, by: 64) {
      for i in 0..<16 {
        w[i] = padded[(block + 4 * i)..<(block + 4 * i + 4)].reduce(0) { $0 << 8 | UInt32($1) }
      }
      for i in 16..<64 {
        let s0 = turned(w[i - 15], 7) ^ turned(w[i - 15], 18) ^ w[i - 15] >> 3
        let s1 = turned(w[i - 2], 17) ^ turned(w[i - 2], 19) ^ w[i - 2] >> 10
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      var v = state
      for i in 0..<64 {
        let s1 = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
        let s0 = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)
        let t1 = v[7] &+ s1 &+ (v[4] & v[5] ^ ~v[4] & v[6]) &+ constants[i] &+ w[i]
        let t2 = s0 &+ (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2])
        v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
      }
      for i in 0..<8 { state[i] &+= v[i] }
    }
    return state.flatMap { big($0) }
  }

  /// RFC 2104 with SHA-256.
  static func hmac(_ key: [UInt8], _ data: [UInt8]) -> [UInt8] {
    var block = key.count > 64 ? sha256(key) : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    return sha256(block.map { $0 ^ 0x5c } + sha256(block.map { $0 ^ 0x36 } + data))
  }

  /// H of section 2.3 of the specification.
  static func labelled(_ label: String, _ data: [UInt8]) -> [UInt8] {
    sha256(Array("endkey/1 \(label)".utf8) + [0] + data)
  }

  /// Derive of section 2.3 of the specification.
  static func derive(_ key: [UInt8], _ label: String, _ context: [UInt8], count: Int) -> [UInt8] {
    let prk = hmac([UInt8](repeating: 0, count: 32), key)
    let info = Array("endkey/1 \(label)".utf8) + [0] + context
    var (made, block): ([UInt8], [UInt8]) = ([], [])
    for number in 1...UInt8((count + 31) / 32) {
      block = hmac(prk, block + info + [number])
      made += block
    }
    return Array(made.prefix(count))
  }

  /// RFC 8018 with HMAC-SHA-256, 32 bytes.
  static func pbkdf2(_ password: [UInt8], _ salt: [UInt8], _ iterations: Int) -> [UInt8] {
    var block = hmac(password, salt + [0, 0, 0, 1])
    var key = block
    for _ in 1..<max(1, iterations) {
      block = hmac(password, block)
      for i in key.indices { key[i] ^= block[i] }
    }
    return key
  }

  private static func turned(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  /// The first 32 bits of the fractional parts of the square and cube roots of the first primes.
  private static let initial = primes.prefix(8).map { fraction(of: Double($0).squareRoot()) }
  private static let constants = primes.map { cubeRootFraction($0) }
  private static let primes = Array((2...311).filter { n in !(2..<n).contains { n % $0 == 0 } })

  private static func fraction(of root: Double) -> UInt32 {
    UInt32(truncatingIfNeeded: Int64(root * 4_294_967_296))
  }

  /// By search: a double's cube root is not exact enough. The root times 2^32 is the greatest x with x^3 <= p * 2^96.
  private static func cubeRootFraction(_ prime: Int) -> UInt32 {
    var (low, high) = (UInt128(0), UInt128(1) << 36)
    while low + 1 < high {
      let middle = (low + high) / 2
      if middle * middle * middle <= UInt128(prime) << 96 { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
}

/// Big-endian bytes.
func big(_ number: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
  stride(from: number.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
}
