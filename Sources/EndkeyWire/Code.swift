/// An enrolment code as the vault knows it. §8.4, §10.1
public struct Code: SecretContents {
  /// 16 secret bytes.
  public let secret: Range<Int>
  public let role: Role
  public let approval: Approval
  public let usesLeft: UInt16
  /// Milliseconds since 1970-01-01T00:00:00Z, or 0: never.
  public let expires: UInt64
  /// Of the requests granted under this code, in that order; at most 2,047.
  public let nonces: [Hash]

  public init(
    secret: Range<Int>, role: Role, approval: Approval, usesLeft: UInt16, expires: UInt64, nonces: [Hash]
  ) throws(WireError) {
    try ContentsCheck.require(secret, count: 16, at: 0)
    try ContentsCheck.require(counter: expires, at: 20)
    try ContentsCheck.require(nonces.count <= Self.noncesMax / Hash.byteCount, .lengthOutOfRange, at: 28)
    self.secret = secret
    self.role = role
    self.approval = approval
    self.usesLeft = usesLeft
    self.expires = expires
    self.nonces = nonces
  }

  init(parsing reader: inout Reader) throws(WireError) {
    secret = try reader.secret("secret", 16)
    role = try reader.value("role")
    approval = try reader.value("approval")
    usesLeft = try reader.uint16("uses_left")
    expires = try reader.counter("expires")
    nonces = try reader.vector(
      "nonces", 0...Self.noncesMax, elementSize: Hash.byteCount,
      of: { reader throws(WireError) in try reader.fixed("") })
  }

  public var serializedCount: Int { 30 + Hash.byteCount * nonces.count }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.bytes(secrets.extracting(secret))
    writer.value(role)
    writer.value(approval)
    writer.uint16(usesLeft)
    writer.uint64(expires)
    writer.length(Hash.byteCount * nonces.count, upTo: Self.noncesMax)
    for nonce in nonces { writer.fixed(nonce) }
  }

  private static var noncesMax: Int { 65_535 }
}
