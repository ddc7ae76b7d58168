/// The place of `count` secret bytes within the bytes that hold the secrets of a content: see `SecretContents`. §8.4
public struct SecretPlace<let count: Int>: Hashable, Sendable {
  /// The offset of the first of the bytes.
  public let start: Int

  /// The place of the `count` bytes from `start` on.
  public init(at start: Int) { self.start = start }

  /// The offsets of the bytes.
  public var range: Range<Int> { start..<start + count }
}
