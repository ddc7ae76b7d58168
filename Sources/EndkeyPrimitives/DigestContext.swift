internal import COpenSSL

/// A hash in progress. OpenSSL wipes its state when the value ends.
@safe struct DigestContext: ~Copyable, @unchecked Sendable {
  // Sendable: one owner, and every call that changes OpenSSL's state is `mutating`.
  private let context: OpaquePointer

  init(_ digest: Digest) throws(PrimitiveError) {
    let algorithm = try unsafe OpenSSL.check(digest.pointer)
    let context = try unsafe OpenSSL.check(EVP_MD_CTX_new())
    guard unsafe EVP_DigestInit_ex2(context, algorithm, nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()
      throw .libraryFailure
    }
    unsafe self.context = context
  }

  /// A second hash that goes on from where `other` is.
  init(copying other: borrowing DigestContext) throws(PrimitiveError) {
    let context = try unsafe OpenSSL.check(EVP_MD_CTX_new())
    guard unsafe EVP_MD_CTX_copy_ex(context, other.context) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      ERR_clear_error()
      throw .libraryFailure
    }
    unsafe self.context = context
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// Goes back to where `other` is: `init(copying:)` without an allocation of the context.
  mutating func become(_ other: borrowing DigestContext) throws(PrimitiveError) {
    try unsafe OpenSSL.check(EVP_MD_CTX_copy_ex(context, other.context))
  }

  mutating func update(_ bytes: Span<UInt8>) throws(PrimitiveError) {
    try unsafe bytes.withUnsafeBytes { (bytes) throws(PrimitiveError) in
      guard let start = bytes.baseAddress else { return }
      try unsafe update(start, count: bytes.count)
    }
  }

  mutating func update(_ bytes: UnsafeRawPointer, count: Int) throws(PrimitiveError) {
    try unsafe OpenSSL.check(EVP_DigestUpdate(context, bytes, count))
  }

  /// Ends the hash and writes it to `output`. Call `become` before any further use.
  mutating func finish(into output: UnsafeMutableRawPointer) throws(PrimitiveError) {
    try unsafe OpenSSL.check(EVP_DigestFinal_ex(context, output.assumingMemoryBound(to: UInt8.self), nil))
  }
}
