/// The place of `count` secret bytes within the bytes that hold the secrets of a content: see `SecretContents`. §8.4
public struct SecretPlace<let count: Int>: Hashable, Sendable {
  public let start: Int

  public init(at start: Int) { self.start = start }

  public var range: Range<Int> { start..<start + count }
}
