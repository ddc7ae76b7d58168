extension SpoolFrameHead {
  /// The bytes that `check` is a hash of, and the end of the context of the frame's seal: the first 44.
  public var checkedBytes: [UInt8] { [UInt8](serialized.prefix(44)) }

  /// This head with another `check`. Throws `lengthOutOfRange` unless it has 8 bytes. §17
  public func checked(_ check: [UInt8]) throws(WireError) -> SpoolFrameHead {
    try SpoolFrameHead(index: index, length: length, previous: previous, check: check)
  }
}
