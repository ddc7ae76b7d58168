internal import CSodium

/// libsodium, started once for the process.
enum Sodium {
  /// Touch it before any other call of libsodium.
  static let ready: Void = {
    guard sodium_init() >= 0 else { fatalError("libsodium did not start") }
  }()
}
