internal import CLibcrypto
public import EndkeyWire

extension Hash {
  /// The SHA-256 of `bytes`.
  public init(of bytes: [UInt8]) {
    var digest = SHA256Stream()
    digest.update(bytes)
    self = digest.value()
  }

  /// H(label, data). The specification's section 2.3
  public init(label: String, _ data: [UInt8]) { self.init(of: Array("endkey/1 \(label)\0".utf8) + data) }
}

/// SHA-256 of what arrives piece by piece.
public struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  /// Of nothing yet.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      fatalError("libcrypto has no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  /// Takes in more bytes.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    let done = bytes.withContiguousStorageIfAvailable { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    if done == nil { update(Array(bytes)) }
  }

  /// The hash of all that was taken in.
  public consuming func value() -> Hash {
    var digest = [UInt8](repeating: 0, count: Hash.byteCount)
    EVP_DigestFinal_ex(context, &digest, nil)
    return Hash(unchecked: digest.span)
  }
}

/// HMAC with SHA-256: 32 bytes.
public func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
  var mac = [UInt8](repeating: 0, count: Hash.byteCount)
  _ = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &mac, nil)
  return mac
}

/// Whether two hashes are the same, in a time that does not depend on them.
public func isEqual(_ one: Hash, _ other: Hash) -> Bool {
  CRYPTO_memcmp(one.bytes, other.bytes, Hash.byteCount) == 0
}

/// `count` bytes of the system's randomness.
public func randomBytes(_ count: Int) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  guard RAND_bytes(&bytes, Int32(count)) == 1 else { fatalError("the system has no randomness") }
  return bytes
}
