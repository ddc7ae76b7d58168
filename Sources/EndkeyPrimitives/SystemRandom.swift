internal import CSodium

/// The operating system's generator, through libsodium.
public struct SystemRandom: RandomSource, Sendable {
  /// The generator, which all values of this type share: it has no state of its own.
  public init() {}

  /// Overwrites all of `bytes`. Never fails: libsodium ends the process when the system has no randomness.
  public mutating func fill(_ bytes: inout MutableSpan<UInt8>) throws(PrimitiveError) {
    _ = Sodium.ready
    unsafe bytes.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe randombytes_buf(start, bytes.count)
    }
  }
}
