/// The keys of a scoped grant: 96 bytes. §8.4
public struct ScopedKeys: SecretContents {
  public static var byteCount: Int { 96 }

  /// 64 secret bytes: Ktok.
  public let tokenKey: Range<Int>
  /// 32 secret bytes: Kagent.
  public let agentKey: Range<Int>

  public init(tokenKey: Range<Int>, agentKey: Range<Int>) throws(WireError) {
    try ContentsCheck.require(tokenKey, count: 64, at: 0)
    try ContentsCheck.require(agentKey, count: 32, at: 64)
    self.tokenKey = tokenKey
    self.agentKey = agentKey
  }

  init(parsing reader: inout Reader) throws(WireError) {
    tokenKey = try reader.secret("token_key", 64)
    agentKey = try reader.secret("agent_key", 32)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.bytes(secrets.extracting(tokenKey))
    writer.bytes(secrets.extracting(agentKey))
  }
}
