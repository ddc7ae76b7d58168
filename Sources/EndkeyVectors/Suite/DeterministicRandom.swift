public import EndkeyPrimitives

/// The suite's randomness: SHA-256 of seed, label and a counter. Reproducible, so never for production;
/// only this module has it.
public struct DeterministicRandom: RandomSource {
  /// The committed seed of the suite. Another seed makes another suite.
  public static let suiteSeed = Array("endkey vectors 1.0.0".utf8)

  private let prefix: [UInt8]
  private var counter: UInt64 = 0
  private var block: [UInt8] = []

  /// A stream of its own for each label, so that a new vector does not shift the others.
  public init(_ label: String, seed: [UInt8] = suiteSeed) {
    prefix = seed + [0] + Array(label.utf8) + [0]
  }

  public mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    for index in 0..<bytes.count {
      if block.isEmpty {
        let count = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * UInt64($0))) }
        block = SHA256.hash(prefix + count).reversed()
        counter += 1
      }
      bytes[index] = block.removeLast()
    }
  }
}
