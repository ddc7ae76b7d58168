/// The number of a list of the persons who may sign: from 1. §2.1, §7
@frozen public struct Generation: Hashable, Comparable, Sendable {
  /// The number.
  public let value: UInt32

  /// The least generation: 1.
  public static let first = Generation(unchecked: 1)

  /// The generation of this number. Throws `valueOutOfRange` for 0. R-2.2-6
  public init(_ value: UInt32) throws(WireError) {
    guard value > 0 else { throw WireError(.valueOutOfRange, at: 0, .messages) }
    self.value = value
  }

  @inline(__always)
  init(unchecked value: UInt32) { self.value = value }

  /// The generation after this one; nil behind the last.
  public var next: Generation? { value < .max ? Generation(unchecked: value + 1) : nil }

  public static func < (left: Generation, right: Generation) -> Bool { left.value < right.value }
}

extension Generation: CustomStringConvertible {
  public var description: String { "\(value)" }
}
