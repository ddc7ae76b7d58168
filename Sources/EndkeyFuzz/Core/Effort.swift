/// How much of a property that speaks of many variants of one input is checked.
public enum Effort: Sendable {
  /// A few variants, others for each input: a fuzzer makes up for it by the number of its inputs.
  case sampled
  /// All of them, of long inputs a thousand: what `swift test` does with each committed input.
  case full

  /// The lengths of proper prefixes of `input` to look at.
  public func prefixes(of input: Span<UInt8>) -> [Int] {
    guard input.count > 0 else { return [] }
    switch self {
    case .full:
      return Array(stride(from: 0, to: input.count - 1, by: 1 + input.count / 1_024)) + [input.count - 1]
    case .sampled:
      guard input.count > 2 else { return Array(0..<input.count) }
      // The longest, and one that differs from input to input.
      return [input.count - 1, Int(input.mixed % UInt64(input.count - 1))]
    }
  }

  /// The positions at which to cut `input` in two.
  public func cuts(of input: Span<UInt8>) -> [Int] {
    switch self {
    case .full: Array(0...input.count)
    case .sampled: [Int(input.mixed % UInt64(input.count + 1))]
    }
  }
}

extension Span<UInt8> {
  /// A number that depends on all bytes: cheap, and the same in each run.
  public var mixed: UInt64 {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in indices { value = (value ^ UInt64(self[index])) &* 0x100_0000_01b3 }
    return value ^ value >> 29
  }

  /// The same bytes as an array.
  public var array: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in indices { bytes.append(self[index]) }
    return bytes
  }

  /// Whether both have the same bytes.
  public func equals(_ other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    for index in indices where self[index] != other[index] { return false }
    return true
  }
}
