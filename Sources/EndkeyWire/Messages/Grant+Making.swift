extension Grant {
  /// The bytes that `GrantContents` holds the hash of: the first 105. §8.4
  public var hashedBytes: [UInt8] { [UInt8](serialized.prefix(105)) }
}
