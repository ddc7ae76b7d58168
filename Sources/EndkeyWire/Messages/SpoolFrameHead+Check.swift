extension SpoolFrameHead {
  /// The bytes that `check` is a hash of, and the end of the context of the frame's seal: the first 44.
  public var checkedBytes: [UInt8] { [UInt8](serialized.prefix(44)) }
}
