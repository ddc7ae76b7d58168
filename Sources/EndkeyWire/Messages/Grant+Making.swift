extension Grant {
  /// The bytes that `GrantContents` holds the hash of: the first 49. §8.4
  public var hashedBytes: [UInt8] { [UInt8](serialized.prefix(49)) }

  /// This grant with another ciphertext. Throws `lengthOutOfRange` unless it has 256 bytes. §11
  public func encrypted(_ ciphertext: [UInt8]) throws(WireError) -> Grant {
    try Grant(
      header: header, kind: kind, recipient: recipient, counter: counter, ciphertext: ciphertext,
      signature: signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> Grant {
    try Grant(
      header: header, kind: kind, recipient: recipient, counter: counter, ciphertext: ciphertext,
      signature: signature)
  }
}
