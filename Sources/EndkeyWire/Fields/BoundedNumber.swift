/// A number from `least` to `most`. §2.1
public struct BoundedNumber<let least: Int, let most: Int>: Hashable, Sendable {
  /// The number, from `least` to `most`.
  public let value: Int

  /// The number of this value. Throws `valueOutOfRange` unless it is from `least` to `most`. R-2.2-6
  public init(_ value: Int) throws(WireError) {
    guard least...most ~= value else { throw WireError(.valueOutOfRange, at: 0, .messages) }
    self.value = value
  }
}

/// The number of days for which the service keeps something. §16
public typealias RetentionDays = BoundedNumber<7, 3_650>
