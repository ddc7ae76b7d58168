/// Keys for one recipient: 369 bytes. §8.3, §11
public struct Grant: SignedMessage {
  public static var section: Section { .messages }
  public static var byteCount: Int { 369 }

  public let header: Header
  public let kind: GrantKind
  public let recipient: AgentID
  public let counter: UInt64
  /// 256 bytes: RSAES-OAEP of `GrantContents`.
  public let ciphertext: [UInt8]
  /// 64 bytes, by the account.
  public let signature: [UInt8]

  public init(
    header: Header, kind: GrantKind, recipient: AgentID, counter: UInt64,
    ciphertext: [UInt8] = .zeros(256), signature: [UInt8] = .zeros(64)
  ) throws(WireError) {
    try header.require(.grant)
    try Self.require(counter: counter, at: 41)
    try Self.require(ciphertext, count: 256, at: 49)
    try Self.require(signature, count: 64, at: 305)
    self.header = header
    self.kind = kind
    self.recipient = recipient
    self.counter = counter
    self.ciphertext = ciphertext
    self.signature = signature
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.grant)
    kind = try reader.value("kind")
    recipient = try reader.fixed("recipient")
    counter = try reader.counter("counter")
    ciphertext = try reader.bytes("ciphertext", 256)
    signature = try reader.bytes("signature", 64)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.value(kind)
    writer.fixed(recipient)
    writer.uint64(counter)
    writer.bytes(ciphertext)
    writer.bytes(signature)
  }

  /// The bytes that `GrantContents` holds the hash of: the first 49.
  public var hashedBytes: [UInt8] { [UInt8](serialized.prefix(49)) }

  /// The same grant with another ciphertext of 256 bytes.
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
