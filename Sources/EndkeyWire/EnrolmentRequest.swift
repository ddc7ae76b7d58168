/// An agent's public keys, under a code: 440 bytes. §8.3, §10.2
public struct EnrolmentRequest: SignedMessage {
  public static var section: Section { .messages }
  public static var byteCount: Int { 440 }

  public let header: Header
  /// 256 bytes.
  public let modulus: [UInt8]
  /// 32 bytes.
  public let verifyKey: [UInt8]
  public let nonce: Hash
  /// 32 bytes.
  public let mac: [UInt8]
  /// 64 bytes, by the agent.
  public let signature: [UInt8]

  public init(
    header: Header, modulus: [UInt8], verifyKey: [UInt8], nonce: Hash, mac: [UInt8] = .zeros(32),
    signature: [UInt8] = .zeros(64)
  ) throws(WireError) {
    try header.require(.enrolmentRequest)
    try Self.require(modulus, count: 256, at: 24)
    try Self.require(verifyKey, count: 32, at: 280)
    try Self.require(mac, count: 32, at: 344)
    try Self.require(signature, count: 64, at: 376)
    self.header = header
    self.modulus = modulus
    self.verifyKey = verifyKey
    self.nonce = nonce
    self.mac = mac
    self.signature = signature
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.enrolmentRequest)
    modulus = try reader.bytes("modulus", 256)
    verifyKey = try reader.bytes("verify_key", 32)
    nonce = try reader.fixed("nonce")
    mac = try reader.bytes("mac", 32)
    signature = try reader.bytes("signature", 64)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.bytes(modulus)
    writer.bytes(verifyKey)
    writer.fixed(nonce)
    writer.bytes(mac)
    writer.bytes(signature)
  }

  /// The bytes that the MAC covers: the first 344.
  public var authenticatedBytes: [UInt8] { [UInt8](serialized.prefix(344)) }

  /// The same request under another MAC of 32 bytes.
  public func authenticated(_ mac: [UInt8]) throws(WireError) -> EnrolmentRequest {
    try EnrolmentRequest(
      header: header, modulus: modulus, verifyKey: verifyKey, nonce: nonce, mac: mac, signature: signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> EnrolmentRequest {
    try EnrolmentRequest(
      header: header, modulus: modulus, verifyKey: verifyKey, nonce: nonce, mac: mac, signature: signature)
  }
}
