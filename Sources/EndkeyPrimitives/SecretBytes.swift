/// Secret bytes in guarded, locked memory of libsodium: never copied implicitly, printed, or compared
/// with `==`. Read-only once made, wiped when the value ends.
@safe public struct SecretBytes: ~Copyable, Sendable {
  private let memory: GuardedMemory
  /// The number of bytes.
  public var count: Int { memory.count }

  /// Makes `count` bytes, zero at first, that `fill` writes. Nothing remains when `fill` throws.
  public init<E: Error>(count: Int, filling fill: (inout MutableSpan<UInt8>) throws(E) -> Void) throws(E) {
    let memory = GuardedMemory(count: count)
    try memory.withMutableBytes(fill)
    memory.makeReadOnly()
    self.memory = memory
  }

  /// Copies `bytes`. The source is the caller's to wipe: meant for parsers and test vectors.
  public init(copying bytes: Span<UInt8>) {
    self.init(count: bytes.count) { memory in
      memory.write(bytes, at: 0)
    }
  }

  /// Copies `bytes`. The source is the caller's to wipe: meant for parsers and test vectors.
  public init(copying bytes: [UInt8]) {
    self.init(copying: bytes.span)
  }

  /// Copies the UTF-8 of a text that the program has as a String anyway, such as a field of a form.
  ///
  /// No memory of a String can be wiped: where a text can be had as bytes, that is better.
  public init(utf8 text: String) {
    self.init(copying: text.utf8.span)
  }

  /// Lends the bytes to `body`.
  public borrowing func withBytes<R: ~Copyable, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try memory.withBytes(body)
  }

  /// Another secret with the same bytes.
  public borrowing func copy() -> SecretBytes {
    withBytes { SecretBytes(copying: $0) }
  }

  /// Whether both hold the same bytes. Only their lengths show in the time it takes.
  public borrowing func equals(_ other: borrowing SecretBytes) -> Bool {
    withBytes { own in other.withBytes { ConstantTime.equal(own, $0) } }
  }

  /// A copy of the bytes at `range`, or `invalidLength` when it reaches outside.
  public borrowing func slice(_ range: Range<Int>) throws(PrimitiveError) -> SecretBytes {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw .invalidLength }
    return withBytes { SecretBytes(copying: $0.extracting(range)) }
  }

  /// The bytes of `first`, then those of `second`.
  public static func concatenating(
    _ first: borrowing SecretBytes, _ second: borrowing SecretBytes
  ) -> SecretBytes {
    first.withBytes { first in
      second.withBytes { second in
        SecretBytes(count: first.count + second.count) { memory in
          memory.write(first, at: 0)
          memory.write(second, at: first.count)
        }
      }
    }
  }
}
