/// HMAC-SHA-256 (RFC 2104, RFC 4231).
public enum HMACSHA256 {
  /// Bytes of a MAC.
  public static var byteCount: Int { 32 }

  /// The MAC of `message`: 32 bytes. Any length of key.
  public static func authenticate(
    _ message: [UInt8], key: borrowing SecretBytes
  ) throws(PrimitiveError) -> [UInt8] {
    let key = try key.withBytes { (key) throws(PrimitiveError) in try HMACKey(.sha256, key: key) }
    var context = try key.begin()
    try context.update(message.span)
    return try unsafe [UInt8](count: byteCount) { (mac) throws(PrimitiveError) in
      try unsafe key.finish(&context, into: mac)
    }
  }

  /// Whether `mac` is the whole MAC of `message`. Compared in constant time.
  public static func verify(
    _ mac: [UInt8], message: [UInt8], key: borrowing SecretBytes
  ) throws(PrimitiveError) -> Bool {
    ConstantTime.equal(mac, try authenticate(message, key: key))
  }
}
