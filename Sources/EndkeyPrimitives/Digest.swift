internal import COpenSSL

/// A hash function of OpenSSL's default provider, fetched once for the process.
@safe struct Digest: @unchecked Sendable {
  // Sendable: OpenSSL's fetched algorithms are immutable and counted atomically.
  static let sha1 = Digest("SHA1", count: 20, blockCount: 64)  // OAEP only
  static let sha256 = Digest("SHA2-256", count: 32, blockCount: 64)
  static let sha512 = Digest("SHA2-512", count: 64, blockCount: 128)

  /// Null when the provider lacks it; `DigestContext` reports that.
  let pointer: OpaquePointer?
  /// Bytes of a hash.
  let count: Int
  /// Bytes of a block of the compression function.
  let blockCount: Int

  private init(_ name: String, count: Int, blockCount: Int) {
    unsafe pointer = EVP_MD_fetch(nil, name, nil)
    self.count = count
    self.blockCount = blockCount
  }
}
