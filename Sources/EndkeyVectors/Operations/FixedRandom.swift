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
