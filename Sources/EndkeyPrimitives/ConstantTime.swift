internal import CSodium

/// Comparisons whose time does not depend on where the bytes differ.
public enum ConstantTime {
  /// Whether `a` and `b` hold the same bytes. Only their lengths show in the time it takes.
  public static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    equal(a.span, b.span)
  }

  /// Whether two blocks are the same: one comparison of all their bytes.
  @inlinable
  package static func equal(_ a: Block, _ b: Block) -> Bool {
    let difference = a ^ b
    return difference.high | difference.low == 0
  }

  /// Whether `a` and `b` hold the same bytes. Only their lengths show in the time it takes.
  public static func equal(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
    guard a.count == b.count else { return false }
    guard a.count > 0 else { return true }
    return unsafe a.withUnsafeBytes { a in
      unsafe b.withUnsafeBytes { b in unsafe sodium_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 }
    }
  }
}
