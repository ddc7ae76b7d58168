internal import CSodium

/// Secret bytes in guarded, locked memory of libsodium: never copied implicitly, printed, or compared
/// with `==`. Read-only once made, wiped when the value ends.
@safe public struct SecretBytes: ~Copyable, @unchecked Sendable {
  // Sendable: the memory is written only by `init`, and freed only by the one owner.
  private let start: UnsafeMutableRawPointer
  /// The number of bytes.
  public let count: Int

  /// Makes `count` bytes, zero at first, that `fill` writes. Nothing remains when `fill` throws.
  public init<E: Error>(count: Int, filling fill: (inout MutableSpan<UInt8>) throws(E) -> Void) throws(E) {
    precondition(count >= 0, "a secret of negative length")
    _ = Sodium.ready
    guard let memory = unsafe sodium_malloc(count) else {
      fatalError("no memory for \(count) secret bytes: the limit of locked memory or of mappings is reached")
    }
    unsafe sodium_memzero(memory, count)
    var bytes = unsafe MutableSpan<UInt8>(_unsafeStart: memory, byteCount: count)
    do {
      try fill(&bytes)
    } catch {
      unsafe sodium_free(memory)
      throw error
    }
    unsafe sodium_mprotect_readonly(memory)
    unsafe self.start = memory
    self.count = count
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

  deinit {
    unsafe sodium_free(start)  // wipes before it frees
  }

  /// Lends the bytes to `body`.
  public borrowing func withBytes<R: ~Copyable, E: Error>(
    _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    try body(unsafe Span(_unsafeStart: start, byteCount: count))
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
