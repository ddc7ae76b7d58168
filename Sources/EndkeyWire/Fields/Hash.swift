/// A SHA-256 hash.
public struct Hash: FixedBytes {
  public static var byteCount: Int { 32 }
  private let first: Bytes16
  private let second: Bytes16

  /// What stands where there is nothing to hash, for example no predecessor.
  public static let zero = Hash(first: .zero, second: .zero)

  private init(first: Bytes16, second: Bytes16) {
    self.first = first
    self.second = second
  }

  public init(unchecked bytes: Span<UInt8>) {
    self.init(first: Bytes16(bytes), second: Bytes16(bytes, at: 16))
  }

  public func write(into writer: inout Writer) {
    first.write(into: &writer)
    second.write(into: &writer)
  }

  public static func < (left: Hash, right: Hash) -> Bool {
    (left.first, left.second) < (right.first, right.second)
  }
}
