import EndkeyPrimitives

/// Bytes that depend on a label only: SHA-256 of it and of 0, 1, 2, ... (8 bytes), one after the other.
struct CounterRandom: RandomSource {
  private let label: [UInt8]
  private var counter: UInt64 = 0
  private var rest: ArraySlice<UInt8> = []

  init(_ label: String) {
    self.label = Array(label.utf8)
  }

  mutating func fill(_ bytes: inout MutableSpan<UInt8>) {
    for index in bytes.indices { bytes[index] = next() }
  }

  private mutating func next() -> UInt8 {
    if rest.isEmpty {
      rest = SHA256.hash(label + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (56 - 8 * $0)) })[...]
      counter += 1
    }
    return rest.removeFirst()
  }
}
