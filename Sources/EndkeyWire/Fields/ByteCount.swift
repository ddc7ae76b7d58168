/// The number of bytes of a later field: from `least` to `most`. §17
public struct ByteCount<let least: Int, let most: Int>: Hashable, Sendable {
  /// The number, from `least` to `most`.
  public let value: UInt32

  /// The count of this number. Throws `lengthOutOfRange` unless it is from `least` to `most`. R-2.2-3
  public init(_ value: Int) throws(WireError) {
    guard least...most ~= value, let value = UInt32(exactly: value) else {
      throw WireError(.lengthOutOfRange, at: 0, .messages)
    }
    self.value = value
  }
}
