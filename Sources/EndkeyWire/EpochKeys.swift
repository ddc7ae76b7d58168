/// An agent's keys of one epoch: 101 bytes, or 133 with a MasterKey. §8.4
public struct EpochKeys: SecretContents {
  public let epoch: UInt32
  /// 64 secret bytes: Ktok.
  public let tokenKey: Range<Int>
  /// 32 secret bytes: Kagent.
  public let agentKey: Range<Int>
  /// 32 secret bytes after a master grant.
  public let masterKey: Range<Int>?

  public init(
    epoch: UInt32, tokenKey: Range<Int>, agentKey: Range<Int>, masterKey: Range<Int>?
  ) throws(WireError) {
    try ContentsCheck.require(epoch > 0, .valueOutOfRange, at: 0)
    try ContentsCheck.require(tokenKey, count: 64, at: 4)
    try ContentsCheck.require(agentKey, count: 32, at: 68)
    if let masterKey { try ContentsCheck.require(masterKey, count: 32, at: 100) }
    self.epoch = epoch
    self.tokenKey = tokenKey
    self.agentKey = agentKey
    self.masterKey = masterKey
  }

  init(parsing reader: inout Reader) throws(WireError) {
    epoch = try reader.epoch("epoch")
    tokenKey = try reader.secret("token_key", 64)
    agentKey = try reader.secret("agent_key", 32)
    let masterKey = try reader.secret(
      "master_key", try reader.length("master_key", 0...32) { $0 == 0 || $0 == 32 })
    self.masterKey = masterKey.isEmpty ? nil : masterKey
  }

  public var serializedCount: Int { masterKey == nil ? 101 : 133 }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.uint32(epoch)
    writer.bytes(secrets.extracting(tokenKey))
    writer.bytes(secrets.extracting(agentKey))
    writer.length(masterKey == nil ? 0 : 32, upTo: 32)
    if let masterKey { writer.bytes(secrets.extracting(masterKey)) }
  }
}
