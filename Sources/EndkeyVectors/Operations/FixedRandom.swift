internal import EndkeyPrimitives

/// Gives the bytes of a vector as randomness, once.
struct FixedRandom: RandomSource {
  private var rest: [UInt8]

  init(_ bytes: [UInt8]) { rest = bytes }

  mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard bytes.count <= rest.count else { throw .libraryFailure }
    for index in 0..<bytes.count { bytes[index] = rest[index] }
    rest.removeFirst(bytes.count)
  }
}

/// Gives the bytes of a vector as randomness, to whoever asks for so many.
struct SizedRandom: RandomSource {
  private var rest: [Int: [[UInt8]]]

  /// Of each size, in the order in which they are asked for.
  init(_ lists: [[UInt8]]...) {
    rest = Dictionary(grouping: lists.joined()) { $0.count }
  }

  mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard let next = rest[bytes.count]?.first else { throw .libraryFailure }
    for index in 0..<bytes.count { bytes[index] = next[index] }
    rest[bytes.count]?.removeFirst()
  }
}
