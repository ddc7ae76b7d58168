import EndkeyPrimitives

/// Gives out the bytes that it was made of, and fails when there are no more.
struct FixedRandom: RandomSource {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    guard rest.count >= bytes.count else { throw .libraryFailure }
    for index in bytes.indices { bytes[index] = rest.removeFirst() }
  }
}
