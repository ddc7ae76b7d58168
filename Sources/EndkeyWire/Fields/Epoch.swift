/// The number of a generation of keys of an account: from 1. §2.1, §7
@frozen public struct Epoch: Hashable, Comparable, Sendable {
  /// The number.
  public let value: UInt32

  /// The epoch of a new account.
  public static let first = Epoch(unchecked: 1)

  /// The epoch of this number. Throws `valueOutOfRange` for 0. R-2.2-6
  public init(_ value: UInt32) throws(WireError) {
    guard value > 0 else { throw WireError(.valueOutOfRange, at: 0, .messages) }
    self.value = value
  }

  @inlinable @inline(__always)
  init(unchecked value: UInt32) { self.value = value }

  /// The epoch after this one; nil behind the last.
  public var next: Epoch? { value < .max ? Epoch(unchecked: value + 1) : nil }

  public static func < (left: Epoch, right: Epoch) -> Bool { left.value < right.value }
}

extension Epoch: CustomStringConvertible {
  public var description: String { "\(value)" }
}
