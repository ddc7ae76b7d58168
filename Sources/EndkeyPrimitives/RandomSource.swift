/// Where randomness comes from. A parameter of every operation that needs it, so that vectors can be
/// reproduced; programs pass `SystemRandom`.
public protocol RandomSource {
  /// Overwrites all of `bytes` with random ones.
  mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError)
}

extension RandomSource {
  /// `count` random bytes that will be public, such as a salt.
  public mutating func bytes(_ count: Int) throws(PrimitiveError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    try fill(&span)
    return bytes
  }

  /// `count` random bytes to keep secret, such as a key.
  public mutating func secret(_ count: Int) throws(PrimitiveError) -> SecretBytes {
    try SecretBytes(count: count) { (bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) in
      try fill(&bytes)
    }
  }
}
