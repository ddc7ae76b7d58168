internal import COpenSSL

/// OpenSSL's algorithms called directly: a second implementation of what Endkey builds from its block cipher, and what
/// Endkey has no use for by itself.
package enum OpenSSLReference {
  /// The output of the cipher that OpenSSL calls `name`, without padding; nil when it refuses the input.
  package static func cipher(_ name: String, key: [UInt8], input: [UInt8], encrypts: Bool) -> [UInt8]? {
    guard let cipher = unsafe EVP_CIPHER_fetch(nil, name, nil), let context = unsafe EVP_CIPHER_CTX_new()
    else { fatalError("OpenSSL has no \(name)") }
    defer {
      unsafe EVP_CIPHER_CTX_free(context)
      unsafe EVP_CIPHER_free(cipher)
      ERR_clear_error()
    }
    precondition(unsafe EVP_CIPHER_get_key_length(cipher) == Int32(key.count), "a key of another length")
    var output = [UInt8](repeating: 0, count: input.count + 64)
    var count: Int32 = 0
    guard unsafe EVP_CipherInit_ex2(context, cipher, key, nil, encrypts ? 1 : 0, nil) == 1,
      unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1,
      unsafe EVP_CipherUpdate(context, &output, &count, input, Int32(input.count)) == 1
    else { return nil }
    return [UInt8](output.prefix(Int(count)))
  }

  /// AES-256-SIV. OpenSSL 3.0 refuses an empty plaintext, and skips empty associated data.
  package static func siv(
    sealing plaintext: [UInt8], key: [UInt8], associatedData: [[UInt8]]
  ) -> (v: [UInt8], ciphertext: [UInt8])? {
    siv(plaintext, v: nil, key: key, associatedData: associatedData)
  }

  /// The plaintext that AES-256-SIV opens, nil when it does not.
  package static func siv(
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

  /// The SHA-1 of `bytes`: 20 bytes.
  package static func sha1(_ bytes: [UInt8]) -> [UInt8] { unsafe digest(bytes, EVP_sha1(), count: 20) }

  /// The SHA-512 of `bytes`: 64 bytes.
  package static func sha512(_ bytes: [UInt8]) -> [UInt8] { unsafe digest(bytes, EVP_sha512(), count: 64) }

  private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?, count: Int) -> [UInt8] {
    var hash = [UInt8](repeating: 0, count: count)
    var written: UInt32 = 0
    guard unsafe EVP_Digest(bytes, bytes.count, &hash, &written, algorithm, nil) == 1, written == count else {
      fatalError("OpenSSL has no such hash")
    }
    return hash
  }
}

/// AES-256 of single blocks.
package struct AES256 {
  private let key: [UInt8]

  /// A key of 32 bytes.
  package init(key: [UInt8]) { self.key = key }

  package func encrypt(_ block: [UInt8]) -> [UInt8] { transform(block, encrypts: true) }

  package func decrypt(_ block: [UInt8]) -> [UInt8] { transform(block, encrypts: false) }

  private func transform(_ block: [UInt8], encrypts: Bool) -> [UInt8] {
    precondition(block.count == 16, "a block of another length")
    guard
      let output = OpenSSLReference.cipher("AES-256-ECB", key: key, input: block, encrypts: encrypts),
      output.count == 16
    else { fatalError("OpenSSL has no AES") }
    return output
  }
}
