import TestPrimitives
import Testing

@testable import EndkeyPrimitives

@Suite("RSA") struct RSATests {
  /// A number of 1,024 bits: 2^1024 less `distance`.
  static func below(_ distance: UInt64) -> SecretBytes {
    var bytes = [UInt8](repeating: 0xff, count: 128)
    let end = UInt64.max - distance + 1
    for index in 0..<8 { bytes[127 - index] = UInt8(truncatingIfNeeded: end >> (8 * index)) }
    return SecretBytes(copying: bytes)
  }

  /// 2^1023 and `excess`.
  static func above(_ excess: UInt64) -> SecretBytes {
    var bytes = [UInt8](repeating: 0, count: 128)
    bytes[0] = 0x80
    for index in 0..<8 { bytes[127 - index] = UInt8(truncatingIfNeeded: excess >> (8 * index)) }
    return SecretBytes(copying: bytes)
  }

  /// A key for tests, of the two largest primes of 1,024 bits. Made once: their primality takes a while.
  static let made = Result { () throws(PrimitiveError) in
    SharedKey(try RSAPrivateKey(p: below(105), q: below(179)))
  }

  static func key() throws(PrimitiveError) -> SharedKey { try made.get() }

  /// A key that copies share.
  final class SharedKey: Sendable {
    private let key: RSAPrivateKey
    init(_ key: consuming RSAPrivateKey) { self.key = key }
    var publicKey: RSAPublicKey { key.publicKey }
    var modulus: [UInt8] { key.modulus }
    func unwrap(_ ciphertext: [UInt8]) throws(PrimitiveError) -> SecretBytes { try key.unwrap(ciphertext) }
    func copyPrimes() throws(PrimitiveError) -> SecretBytes { try key.copyPrimes() }
  }

  @Test("a key of two primes has their product as its modulus, and gives the primes back")
  func primes() throws {
    let key = try Self.key()
    #expect(
      SHA256.hash(key.modulus) == hex("45f09723ca9969efb9b4355357eb98baf5d730689278d2c16c1bee1fac912025"))
    let expected = SecretBytes.concatenating(Self.below(105), Self.below(179))
    let same = try key.copyPrimes().equals(expected)
    #expect(same)
  }

  /// Secrets, the seed 00 01 ... 13, and the hash of the ciphertext by an independent implementation.
  static let wraps: [([UInt8], String)] = [
    ([], "9dbe347da9141c104534b79d038fc576ecd9d6c860437a071b225c77a798e78b"),
    (Array(0x50..<0x70), "ae5ee4b5e8477d5ea4017d3d69f8b525e7c7216e00780c3dd5573b4b633a7b3d"),
    (
      [UInt8](repeating: 0, count: 214), "60c4fcb4b17fe0c201b4adf18b3e22e15ab845d2fab24b4b146080c11d1da4cb"
    ),
  ]

  @Test(
    "wrapping with a known seed gives what an independent implementation gives, and unwraps", arguments: wraps
  )
  func wrap(_ message: [UInt8], _ hash: String) throws {
    let key = try Self.key()
    var random = FixedRandom(Array(0..<20))
    let wrapped = try key.publicKey.wrap(SecretBytes(copying: message), using: &random)
    #expect(SHA256.hash(wrapped) == hex(hash))
    #expect(try key.unwrap(wrapped).disclosed == message)
  }

  @Test("what another implementation wrapped is unwrapped")
  func interoperability() throws {
    let wrapped = hex(
      """
      188f337885148436f653a65e506f96e0bdea5e36f3bc9716ffea3fcea8a58ce2fe55eeedba0b0c10dfda527d6dcd6825
      98cdf6fa50fc4f97548369fe3fe5a55b94bdaafea5a67a5673eae5d3b641da3f971dc76074fbbd2a94cff8b990f29030
      e675a644865b95290584e5da97e6fdf835edc2b363b95ad15186c501fabf97172a565dc02018160abc55e8fab5c74a74
      a85fb0e5e2d01220ee37aaccc989f556130cba071e71a02cd2c6bfc902873e6338a79ebfeb3a8c2675dbb0f21656399e
      146069f8a182ec9931758dd4bf5785d542015ce9efffaa5d28f4e48bc8e8f1d9c7439a80b775d190c6a82c720ea53173
      4148dd4a2fd19df8356f1c45369c3fe7
      """)
    #expect(try Self.key().unwrap(wrapped).disclosed == Array(0..<32))
  }

  @Test("a secret of 215 bytes is too long")
  func tooLong() throws {
    let key = try Self.key()
    var random = SystemRandom()
    let error = failure { () throws(PrimitiveError) in
      try key.publicKey.wrap(SecretBytes(copying: pattern(215)), using: &random)
    }
    #expect(error == .invalidLength)
  }

  @Test("wrapping without randomness fails, and twice gives different bytes")
  func randomized() throws {
    let key = try Self.key()
    var none = FixedRandom(pattern(19))
    let error = failure { () throws(PrimitiveError) in
      try key.publicKey.wrap(SecretBytes(copying: [1]), using: &none)
    }
    #expect(error == .libraryFailure)
    var random = SystemRandom()
    let secret = SecretBytes(copying: pattern(32))
    let first = try key.publicKey.wrap(secret, using: &random)
    let second = try key.publicKey.wrap(secret, using: &random)
    #expect(first != second)
  }

  /// A data block of OAEP with `message`.
  static func dataBlock(_ message: [UInt8]) -> [UInt8] {
    OAEPBlock(message: message, seed: Array(0..<20)).data
  }

  /// The encoded block of a data block, with the seed 00 01 ... 13.
  static func encode(_ dataBlock: [UInt8], leading: UInt8 = 0) -> [UInt8] {
    OAEPBlock.encode(leading: leading, seed: Array(0..<20), data: dataBlock)
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let block: @Sendable () -> [UInt8]
  }

  static let message = Array(UInt8(0x50)..<0x70)

  static let faults: [Fault] =
    [0, 9, 10, 18, 19].map { index in
      Fault(testDescription: "byte \(index) of the label's hash") {
        encode(dataBlock(message).flipping(index))
      }
    }
    + [20, 100, 201].flatMap { index in
      [1, 2, 0xff].map { value in
        Fault(testDescription: "padding byte \(index) is \(value)") {
          // A 01 in the padding would only move the separator; whatever follows it is then the message.
          encode(dataBlock(message).flipping(index, bit: value == 1 ? 0x80 : value))
        }
      }
    }
    + [0, 2, 0xff].map { value in
      Fault(testDescription: "the separator is \(value)") {
        encode(dataBlock(message).flipping(202, bit: 1 ^ value))
      }
    } + [
      Fault(testDescription: "no separator at all") {
        encode(Array(dataBlock([]).prefix(20)) + [UInt8](repeating: 0, count: 215))
      },
      Fault(testDescription: "the leading byte is 1") {
        encode(dataBlock(message), leading: 1)
      },
      Fault(testDescription: "a cut SHA-256 as the label's hash") {
        encode(Array(SHA256.hash([]).prefix(20)) + dataBlock(message)[20...])
      },
      Fault(testDescription: "PKCS #1 v1.5") {
        [0, 2] + [UInt8](repeating: 0x55, count: 221) + [0] + message
      },
      Fault(testDescription: "no encoding at all") {
        [UInt8](repeating: 0, count: 224) + message
      },
      Fault(testDescription: "zero") { [UInt8](repeating: 0, count: 256) },
      Fault(testDescription: "one") { [UInt8](repeating: 0, count: 255) + [1] },
    ]

  @Test("the block that the faulty ones are made from is accepted")
  func faultless() throws {
    let key = try Self.key()
    let wrapped = RawRSA.encrypt(Self.encode(Self.dataBlock(Self.message)), modulus: key.modulus)
    #expect(try key.unwrap(wrapped).disclosed == Self.message)
    var random = FixedRandom(Array(0..<20))
    #expect(try key.publicKey.wrap(SecretBytes(copying: Self.message), using: &random) == wrapped)
  }

  @Test("a block with one fault is refused like any other", arguments: faults)
  func faulty(_ fault: Fault) throws {
    let key = try Self.key()
    let wrapped = RawRSA.encrypt(fault.block(), modulus: key.modulus)
    #expect(failure { () throws(PrimitiveError) in try key.unwrap(wrapped) } == .authenticationFailed)
  }

  @Test("ciphertexts of other lengths, not below the modulus, zero and one are refused")
  func ciphertexts() throws {
    let key = try Self.key()
    var random = FixedRandom(Array(0..<20))
    let wrapped = try key.publicKey.wrap(SecretBytes(copying: Self.message), using: &random)
    let modulus = key.modulus
    let zero = [UInt8](repeating: 0, count: 256)
    let wrong = [
      [], Array(wrapped.prefix(255)), wrapped + [0], [0] + wrapped, zero, zero.flipping(255), modulus,
      modulus.flipping(255), [UInt8](repeating: 0xff, count: 256), wrapped.flipping(255), wrapped.flipping(0),
    ]
    for ciphertext in wrong {
      #expect(failure { () throws(PrimitiveError) in try key.unwrap(ciphertext) } == .authenticationFailed)
    }
    #expect(try key.unwrap(wrapped).disclosed == Self.message)
  }

  @Test("a ciphertext that starts with a zero byte unwraps whole, and not without that byte")
  func leadingZero() throws {
    let key = try Self.key()
    var random = DeterministicRandom("leading zero")
    var wrapped: [UInt8] = [1]
    while wrapped[0] != 0 {
      wrapped = try key.publicKey.wrap(SecretBytes(copying: Self.message), using: &random)
    }
    #expect(try key.unwrap(wrapped).disclosed == Self.message)
    let error = failure { () throws(PrimitiveError) in try key.unwrap(Array(wrapped.dropFirst())) }
    #expect(error == .authenticationFailed)
  }

  @Test("another key of the same size does not unwrap")
  func wrongKey() throws {
    var random = FixedRandom(Array(0..<20))
    let wrapped = try Self.key().publicKey.wrap(SecretBytes(copying: Self.message), using: &random)
    let other = try RSAPrivateKey(p: Self.below(105), q: Self.below(1397))
    #expect(failure { () throws(PrimitiveError) in try other.unwrap(wrapped) } == .authenticationFailed)
  }

  struct Primes: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let p: @Sendable () -> SecretBytes
    let q: @Sendable () -> SecretBytes
  }

  static let wrongPrimes = [
    Primes(testDescription: "the smaller one first") {
      below(179)
    } q: {
      below(105)
    },
    Primes(testDescription: "twice the same") {
      below(105)
    } q: {
      below(105)
    },
    Primes(testDescription: "p is composite") {
      below(103)
    } q: {
      below(105)
    },
    Primes(testDescription: "p is composite, without a factor below 1,024") {
      below(183)
    } q: {
      below(1397)
    },
    Primes(testDescription: "q is composite") {
      below(105)
    } q: {
      below(107)
    },
    Primes(testDescription: "q is even") {
      below(105)
    } q: {
      below(106)
    },
    Primes(testDescription: "p - 1 is a multiple of the exponent") {
      below(105)
    } q: {
      below(9_896_087)
    },
    Primes(testDescription: "a product of 2,047 bits") {
      above(1493)
    } q: {
      above(1155)
    },
    Primes(testDescription: "q has 1,023 bits") {
      below(105)
    } q: {
      lowPrime
    },
    Primes(testDescription: "q has 127 bytes") {
      below(105)
    } q: {
      SecretBytes(copying: pattern(127))
    },
    Primes(testDescription: "p has a leading zero byte") {
      SecretBytes.concatenating(SecretBytes(copying: [0]), below(105))
    } q: {
      below(179)
    },
    Primes(testDescription: "nothing") {
      SecretBytes(copying: [])
    } q: {
      SecretBytes(copying: [])
    },
    Primes(testDescription: "zeros") {
      SecretBytes(count: 128) { (_: inout MutableSpan<UInt8>) in }
    } q: {
      SecretBytes(count: 128) { (_: inout MutableSpan<UInt8>) in }
    },
  ]

  /// The largest prime of 1,023 bits: 2^1023 - 361.
  static var lowPrime: SecretBytes {
    var bytes = [UInt8](repeating: 0xff, count: 128)
    bytes[0] = 0x7f
    bytes[126] = 0xfe
    bytes[127] = 0x97
    return SecretBytes(copying: bytes)
  }

  @Test("primes that do not make a key are refused", arguments: wrongPrimes)
  func refusedPrimes(_ primes: Primes) {
    let error = failure { () throws(PrimitiveError) in try RSAPrivateKey(p: primes.p(), q: primes.q()) }
    #expect(error == .invalidKey)
  }

  @Test("a modulus that is even, of another size or zero is refused")
  func refusedModuli() throws {
    let modulus = try Self.key().modulus
    #expect(try RSAPublicKey(modulus: modulus).modulus == modulus)
    let wrong = [
      modulus.flipping(255), modulus.flipping(0, bit: 0x80), Array(modulus.prefix(255)), [0] + modulus,
      modulus + [1], [UInt8](repeating: 0, count: 256), [], Array(modulus.prefix(128)),
    ]
    for modulus in wrong {
      #expect(failure { () throws(PrimitiveError) in try RSAPublicKey(modulus: modulus) } == .invalidKey)
    }
  }

  @Test(
    "a modulus with a prime factor below 1,024 is refused, and one with 1,031 is not",
    arguments: [
      3, 5, 7, 11, 257, 1009, 1013, 1019, 1021, 1031,
    ])
  func smallFactors(_ factor: Int) {
    // The largest odd multiple of the factor below 2^2048 that has none of the other factors.
    var modulus = [UInt8](repeating: 0xff, count: 256)
    func remainder(_ divisor: Int) -> Int { modulus.reduce(0) { ($0 << 8 | Int($1)) % divisor } }
    func subtract(_ value: Int) {
      var rest = value
      for index in modulus.indices.reversed() where rest > 0 {
        let difference = Int(modulus[index]) - rest & 0xff
        rest >>= 8
        if difference < 0 { rest += 1 }
        modulus[index] = UInt8(truncatingIfNeeded: difference)
      }
    }
    let others = (3..<1024).filter { candidate in
      candidate != factor && !(2..<candidate).contains { candidate.isMultiple(of: $0) }
    }
    subtract(remainder(2 * factor) - factor + (remainder(2 * factor) < factor ? 2 * factor : 0))
    while others.contains(where: { remainder($0) == 0 }) { subtract(2 * factor) }
    #expect(remainder(factor) == 0 && modulus[255] & 1 == 1)
    let error = failure { () throws(PrimitiveError) in try RSAPublicKey(modulus: modulus) }
    #expect(error == (factor < 1024 ? .invalidKey : nil))
  }

  @Test("R-6-4: a key made by OpenSSL has primes, wraps, unwraps, and is made again from them")
  func generated() throws {
    let key = try RSAPrivateKey.generate()
    let primes = try key.copyPrimes()
    for half in [0..<128, 128..<256] {
      let prime = try primes.slice(half).disclosed
      #expect(RawRSA.isPrime(prime))
    }
    let again = try RSAPrivateKey(p: primes.slice(0..<128), q: primes.slice(128..<256))
    #expect(again.modulus == key.modulus)
    var random = SystemRandom()
    let wrapped = try again.publicKey.wrap(SecretBytes(copying: Self.message), using: &random)
    #expect(try key.unwrap(wrapped).disclosed == Self.message)
  }

  @Test("a key made from given randomness is the one that an independent implementation makes")
  func deterministic() throws {
    var random = DeterministicRandom("rsa")
    let key = try RSAPrivateKey.reproducible(using: &random)
    #expect(
      SHA256.hash(key.modulus) == hex("20f1a6aa167ce1e94f67764e59ae338d469797a4af04a7480522b2177009fc81"))
    #expect(
      try SHA256.hash(key.copyPrimes().disclosed)
        == hex("6774d9b2457384c9d851efe1c7b0f6984c38835ac7365c3c67a0977d1da44c64"))
  }

  @Test("one key serves many tasks at once")
  func concurrency() async throws {
    let key = try Self.key()
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<8 {
        group.addTask {
          var random = DeterministicRandom("task \(index)")
          let message = random.bytes(32)
          let wrapped = try key.publicKey.wrap(SecretBytes(copying: message), using: &random)
          return try key.unwrap(wrapped).disclosed == message
        }
      }
      for try await right in group { #expect(right) }
    }
  }
}
