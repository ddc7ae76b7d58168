extension EnrolmentRequest {
  /// The bytes that the MAC covers: the first 344. §10.2
  public var authenticatedBytes: [UInt8] { [UInt8](serialized.prefix(344)) }

  /// This request under another MAC. Throws `lengthOutOfRange` unless it has 32 bytes. §10.2
  public func authenticated(_ mac: [UInt8]) throws(WireError) -> EnrolmentRequest {
    try EnrolmentRequest(
      header: header, modulus: modulus, verifyKey: verifyKey, nonce: nonce, mac: mac, signature: signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> EnrolmentRequest {
    try EnrolmentRequest(
      header: header, modulus: modulus, verifyKey: verifyKey, nonce: nonce, mac: mac, signature: signature)
  }
}
