extension Span<UInt8> {
  /// Whether these bytes come before `other`, in lexicographic order. Not for secrets of others: time depends on them.
  func precedes(_ other: Span<UInt8>) -> Bool {
    for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
      return self[index] < other[index]
    }
    return count < other.count
  }

  /// The number that the bytes at `range`, at most 8, are.
  @inline(__always)
  func bigEndian(_ range: Range<Int>) -> UInt64 {
    let bytes = extracting(range)
    var value: UInt64 = 0
    for index in bytes.indices { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  /// The number that the eight bytes from `offset` on are: one load and one check of its bounds. It is marked unsafe
  /// for types that not all bytes are values of.
  @inlinable @inline(__always)
  func bigEndian(at offset: Int) -> UInt64 {
    unsafe UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The `count` bytes from `offset` on, at most 8, as the highest of a number, and zeros below.
  @inline(__always)
  func leading(_ count: Int, at offset: Int) -> UInt64 {
    guard count < 8 else { return bigEndian(at: offset) }
    // With bytes before them it takes no loop.
    let end = offset + count
    return (end >= 8 ? bigEndian(at: end - 8) : bigEndian(0..<end)) << UInt64(64 - 8 * count)
  }

  /// Two lower-case digits a byte.
  var hexadecimal: String {
    var text = ""
    text.reserveCapacity(2 * count)
    for index in indices {
      for digit in [self[index] >> 4, self[index] & 15] {
        text.unicodeScalars.append(Unicode.Scalar(digit < 10 ? 48 + digit : 87 + digit))
      }
    }
    return text
  }
}

extension [UInt8] {
  // Faster than the initialisers that take a count: those look up the array's type at run time.

  /// `count` zeros.
  init(zeros count: Int) {
    self = []
    append(addingCapacity: count) { $0.append(repeating: 0, count: count) }
  }

  /// Zero bytes, `count` of them.
  public static func zeros(_ count: Int) -> [UInt8] { [UInt8](zeros: count) }

  /// A copy of `bytes`.
  init(_ bytes: Span<UInt8>) {
    self = []
    reserveCapacity(bytes.count)
    append(bytes)
  }

  mutating func append(_ bytes: Span<UInt8>) {
    append(addingCapacity: bytes.count) { output in
      for index in bytes.indices { output.append(bytes[index]) }
    }
  }
}
