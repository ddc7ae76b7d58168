internal import EndkeyPrimitives
public import EndkeyWire

extension Hash {
  /// SHA-256 of a message: what links messages and names blobs and rule sets.
  public init(sha256 message: Span<UInt8>) {
    self.init(unchecked: SHA256.hash(message).span)
  }

  /// SHA-256 of a message.
  public init(sha256 message: [UInt8]) {
    self.init(unchecked: SHA256.hash(message).span)
  }
}
