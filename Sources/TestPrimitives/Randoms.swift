package import EndkeyPrimitives

/// Randomness that anybody can make again: SHA-256 of a seed, a label and a counter. A stream of its own for each
/// label, so that a new use does not shift the others.
package struct DeterministicRandom: RandomSource, RandomNumberGenerator {
  private let prefix: [UInt8]
  private var counter: UInt64 = 0
  private var block: [UInt8] = []

  package init(_ label: String, seed: [UInt8] = []) {
    prefix = seed + [0] + Array(label.utf8) + [0]
  }

  package mutating func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices { bytes[index] = byte() }
  }

  package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

  package mutating func next() -> UInt64 {
    (0..<8).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
  }

  private mutating func byte() -> UInt8 {
    if block.isEmpty {
      let count = (0..<8).reversed().map { UInt8(truncatingIfNeeded: counter >> (8 * UInt64($0))) }
      block = SHA256.hash(prefix + count).reversed()
      counter += 1
    }
    return block.removeLast()
  }
}

/// Gives out 0, 1, 2, ... and goes on after 255 with 0: no two salts in a row are equal.
package struct CountingRandom: RandomSource {
  private var next: UInt8 = 0

  package init() {}

  package mutating func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices {
      bytes[index] = next
      next &+= 1
    }
  }
}

/// Gives out the bytes that it was made of, and fails when there are no more.
package struct FixedRandom: RandomSource {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  package mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard bytes.count <= rest.count else { throw .libraryFailure }
    for index in bytes.indices { bytes[index] = rest.removeFirst() }
  }
}

/// Gives out the values that it was made of, each to whoever asks for so many bytes, and fails when there are no more.
package struct SizedRandom: RandomSource {
  private var rest: [Int: ArraySlice<[UInt8]>]

  /// The values of each size are given out in the order of the lists.
  package init(_ lists: [[UInt8]]...) {
    rest = Dictionary(grouping: lists.joined()) { $0.count }.mapValues { $0[...] }
  }

  package mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard let next = rest[bytes.count]?.popFirst() else { throw .libraryFailure }
    for index in bytes.indices { bytes[index] = next[index] }
  }
}

/// Fails after so many uses.
package struct FailingRandom: RandomSource {
  private var random = DeterministicRandom("failing")
  private var left: Int

  package init(after count: Int) { left = count }

  package mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard left > 0 else { throw .libraryFailure }
    left -= 1
    random.fill(&bytes)
  }
}
