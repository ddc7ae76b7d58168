/// An agent that was granted keys, as the vault knows it: 359 bytes. §8.4
public struct Member: WireStruct {
  public static var section: Section { .contents }
  public static var byteCount: Int { 359 }

  public let agentID: AgentID
  /// 256 bytes.
  public let modulus: [UInt8]
  /// 32 bytes.
  public let verifyKey: [UInt8]
  public let role: Role
  public let status: MemberStatus
  public let kind: GrantKind
  /// Of the last grant.
  public let epoch: UInt32
  /// Of the last grant.
  public let grantCounter: UInt64
  /// The last RecordBatch audited, 0 before the first.
  public let auditedSequence: UInt64
  /// Its hash, zero before the first.
  public let auditedHash: Hash

  public init(
    agentID: AgentID, modulus: [UInt8], verifyKey: [UInt8], role: Role, status: MemberStatus,
    kind: GrantKind, epoch: UInt32, grantCounter: UInt64, auditedSequence: UInt64, auditedHash: Hash
  ) throws(WireError) {
    try Self.require(modulus, count: 256, at: 16)
    try Self.require(verifyKey, count: 32, at: 272)
    try Self.require(epoch: epoch, at: 307)
    try Self.require(counter: grantCounter, at: 311)
    try Self.require(counter: auditedSequence, at: 319)
    self.agentID = agentID
    self.modulus = modulus
    self.verifyKey = verifyKey
    self.role = role
    self.status = status
    self.kind = kind
    self.epoch = epoch
    self.grantCounter = grantCounter
    self.auditedSequence = auditedSequence
    self.auditedHash = auditedHash
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    agentID = try reader.fixed("agent_id")
    modulus = try reader.bytes("modulus", 256)
    verifyKey = try reader.bytes("verify_key", 32)
    role = try reader.value("role")
    status = try reader.value("status")
    kind = try reader.value("kind")
    epoch = try reader.epoch("epoch")
    grantCounter = try reader.counter("grant_counter")
    auditedSequence = try reader.counter("audited_sequence")
    auditedHash = try reader.fixed("audited_hash")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.fixed(agentID)
    writer.bytes(modulus)
    writer.bytes(verifyKey)
    writer.value(role)
    writer.value(status)
    writer.value(kind)
    writer.uint32(epoch)
    writer.uint64(grantCounter)
    writer.uint64(auditedSequence)
    writer.fixed(auditedHash)
  }
}
