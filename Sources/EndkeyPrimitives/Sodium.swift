internal import CSodium

/// libsodium, started once for the process.
enum Sodium {
  /// Touch it before any other call of libsodium.
  static let ready: Void = {
    guard sodium_init() >= 0 else { fatalError("libsodium did not start") }
  }()

  /// Overwrites `count` bytes with zeros, whatever the optimiser thinks of it.
  static func wipe(_ start: UnsafeMutableRawPointer, count: Int) {
    unsafe sodium_memzero(start, count)
  }
}

extension [UInt8] {
  /// Overwrites the elements with zeros, whatever the optimiser thinks of it.
  package mutating func wipe() {
    unsafe withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe Sodium.wipe(start, count: bytes.count)
    }
  }
}
