internal import COpenSSL

/// A cipher of OpenSSL's default provider, fetched once for the process.
@safe struct Cipher: @unchecked Sendable {
  // Sendable: OpenSSL's fetched algorithms are immutable and counted atomically.
  static let aes256CBC = Cipher("AES-256-CBC")
  static let aes256ECB = Cipher("AES-256-ECB")
  static let aes256GCM = Cipher("AES-256-GCM")

  /// Null when the provider lacks it; `CipherContext` reports that.
  let pointer: OpaquePointer?

  private init(_ name: String) {
    unsafe pointer = EVP_CIPHER_fetch(nil, name, nil)
  }
}
