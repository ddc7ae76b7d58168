internal import COpenSSL

/// OpenSSL's own modes: a second implementation of what we build from its block cipher.
enum OpenSSLReference {
  /// AES-256-SIV. OpenSSL 3.0 refuses an empty plaintext, and skips empty associated data.
  static func siv(
    sealing plaintext: [UInt8], key: [UInt8], associatedData: [[UInt8]]
  ) -> (v: [UInt8], ciphertext: [UInt8])? {
    siv(plaintext, v: nil, key: key, associatedData: associatedData)
  }

  static func siv(
    opening ciphertext: [UInt8], v: [UInt8], key: [UInt8], associatedData: [[UInt8]]
  ) -> [UInt8]? {
    siv(ciphertext, v: v, key: key, associatedData: associatedData)?.ciphertext
  }

  private static func siv(
    _ input: [UInt8], v: [UInt8]?, key: [UInt8], associatedData: [[UInt8]]
  ) -> (v: [UInt8], ciphertext: [UInt8])? {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-256-SIV", nil),
      let context = unsafe EVP_CIPHER_CTX_new()
    else { return nil }
    defer {
      unsafe EVP_CIPHER_CTX_free(context)
      unsafe EVP_CIPHER_free(cipher)
      ERR_clear_error()
    }
    var tag = v ?? [UInt8](repeating: 0, count: 16)
    var output = [UInt8](repeating: 0, count: input.count)
    var count: Int32 = 0
    guard unsafe EVP_CipherInit_ex2(context, cipher, key, nil, v == nil ? 1 : 0, nil) == 1 else { return nil }
    if v != nil {
      guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, &tag) == 1 else { return nil }
    }
    for element in associatedData {
      guard unsafe EVP_CipherUpdate(context, nil, &count, element, Int32(element.count)) == 1 else {
        return nil
      }
    }
    guard unsafe EVP_CipherUpdate(context, &output, &count, input, Int32(input.count)) == 1,
      unsafe EVP_CipherFinal_ex(context, nil, &count) == 1
    else { return nil }
    if v == nil {
      guard unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, &tag) == 1 else { return nil }
    }
    return (tag, output)
  }

  /// AES-256 key wrap, RFC 3394; nil when it does not unwrap.
  static func keyWrap(_ input: [UInt8], kek: [UInt8], wraps: Bool) -> [UInt8]? {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, "AES-256-WRAP", nil),
      let context = unsafe EVP_CIPHER_CTX_new()
    else { return nil }
    defer {
      unsafe EVP_CIPHER_CTX_free(context)
      unsafe EVP_CIPHER_free(cipher)
      ERR_clear_error()
    }
    var output = [UInt8](repeating: 0, count: input.count + 16)
    var count: Int32 = 0
    guard unsafe EVP_CipherInit_ex2(context, cipher, kek, nil, wraps ? 1 : 0, nil) == 1,
      unsafe EVP_CipherUpdate(context, &output, &count, input, Int32(input.count)) == 1
    else { return nil }
    return Array(output.prefix(Int(count)))
  }

  static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: 20)
    var count: UInt32 = 0
    guard unsafe EVP_Digest(bytes, bytes.count, &hash, &count, EVP_sha1(), nil) == 1, count == 20 else {
      fatalError("OpenSSL has no SHA-1")
    }
    return hash
  }
}
