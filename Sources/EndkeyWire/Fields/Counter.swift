/// A counter, sequence number or length: 0 to 2^53 - 1, exact in every JSON reader. §2.1
///
/// A literal of up to 32 bits is a counter: the compiler refuses another.
@frozen public struct Counter: Hashable, Comparable, Sendable {
  /// The number.
  public let value: UInt64

  /// The last counter: 2^53 - 1.
  public static let max = Counter(unchecked: Limit.counterMax)

  /// The counter of this number. Throws `valueOutOfRange` above 2^53 - 1. R-2.2-6
  public init(_ value: UInt64) throws(WireError) {
    guard value <= Limit.counterMax else { throw WireError(.valueOutOfRange, at: 0, .messages) }
    self.value = value
  }

  @inline(__always)
  init(unchecked value: UInt64) { self.value = value }

  /// The counter after this one; nil behind the last.
  public var next: Counter? { value < Limit.counterMax ? Counter(unchecked: value + 1) : nil }

  public static func < (left: Counter, right: Counter) -> Bool { left.value < right.value }
}

extension Counter: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt32) { self.value = UInt64(value) }
}

extension Counter: CustomStringConvertible {
  public var description: String { "\(value)" }
}
