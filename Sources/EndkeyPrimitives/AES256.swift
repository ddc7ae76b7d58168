/// AES-256 of single blocks, for the intermediate values of vectors and for inputs that no honest sender makes.
package struct AES256: ~Copyable {
  private var encryption: CipherContext
  private var decryption: CipherContext

  /// A key of 32 bytes, else `invalidKey`.
  package init(key: [UInt8]) throws(PrimitiveError) {
    let encryption = try CipherContext(.aes256ECB, key: key.span, .encrypt)
    let decryption = try CipherContext(.aes256ECB, key: key.span, .decrypt)
    self.encryption = encryption
    self.decryption = decryption
  }

  package mutating func encrypt(_ block: [UInt8]) throws(PrimitiveError) -> [UInt8] {
    guard block.count == 16 else { throw .invalidLength }
    return try encryption.transform(block.span)
  }

  package mutating func decrypt(_ block: [UInt8]) throws(PrimitiveError) -> [UInt8] {
    guard block.count == 16 else { throw .invalidLength }
    return try decryption.transform(block.span)
  }
}
