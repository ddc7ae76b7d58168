/// A time: milliseconds since 1970-01-01T00:00:00Z, without leap seconds, 0 to 2^53 - 1. §2.1
///
/// A literal of up to 32 bits is a time: the compiler refuses another.
@frozen public struct Time: Hashable, Comparable, Sendable {
  /// The milliseconds since 1970-01-01T00:00:00Z.
  public let milliseconds: UInt64

  /// The time of this number. Throws `valueOutOfRange` above 2^53 - 1. R-2.2-6
  public init(milliseconds: UInt64) throws(WireError) {
    guard milliseconds <= Limit.counterMax else { throw WireError(.valueOutOfRange, at: 0, .messages) }
    self.milliseconds = milliseconds
  }

  @inline(__always)
  init(unchecked milliseconds: UInt64) { self.milliseconds = milliseconds }

  public static func < (left: Time, right: Time) -> Bool { left.milliseconds < right.milliseconds }
}

extension Time: ExpressibleByIntegerLiteral {
  public init(integerLiteral milliseconds: UInt32) { self.milliseconds = UInt64(milliseconds) }
}

extension Time: CustomStringConvertible {
  public var description: String { "\(milliseconds)" }
}
