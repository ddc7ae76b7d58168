/// The number of bytes of a later field: from `least` to `most`. §17
public struct ByteCount<let least: Int, let most: Int>: Hashable, Sendable {
  public let value: UInt32

  /// `lengthOutOfRange` unless `value` lies within. R-2.2-3
  public init(_ value: Int) throws(WireError) {
    guard least...most ~= value, let value = UInt32(exactly: value) else {
      throw WireError(.lengthOutOfRange, at: 0, .messages)
    }
    self.value = value
  }
}
