import COpenSSL

/// OpenSSL's ciphers called directly, to compare with.
enum OpenSSLReference {
  struct Failure: Error {}

  /// The one-shot result of the cipher called `name`.
  static func cipher(_ name: String, key: [UInt8], input: [UInt8], encrypt: Bool) throws -> [UInt8] {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, name, nil), let context = unsafe EVP_CIPHER_CTX_new()
    else {
      throw Failure()
    }
    defer {
      unsafe EVP_CIPHER_CTX_free(context)
      unsafe EVP_CIPHER_free(cipher)
    }
    var output = [UInt8](repeating: 0, count: input.count + 64)
    var written: Int32 = 0
    guard unsafe EVP_CipherInit_ex2(context, cipher, key, nil, encrypt ? 1 : 0, nil) == 1,
      unsafe EVP_CipherUpdate(context, &output, &written, input, Int32(input.count)) == 1
    else { throw Failure() }
    return Array(output.prefix(Int(written)))
  }
}
