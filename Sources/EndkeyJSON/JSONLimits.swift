/// What a reader refuses before it spends time or memory on it.
public struct JSONLimits: Equatable, Sendable {
  /// Most bytes of the whole text.
  public var byteCount: Int
  /// Most arrays and objects inside one another, at most 512: the reader is recursive.
  public var depth: Int

  public init(byteCount: Int = 64 << 20, depth: Int = 64) {
    precondition(byteCount >= 0 && (0...512).contains(depth), "limits outside their range")
    self.byteCount = byteCount
    self.depth = depth
  }
}
