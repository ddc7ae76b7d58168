/// Signed activity records. §8.3, §16
public struct RecordBatch: SignedMessage {
  public static var section: Section { .messages }

  public let header: Header
  public let agentID: AgentID
  /// From 1.
  public let sequence: UInt64
  /// Of the previous RecordBatch, zero in the first.
  public let previous: Hash
  /// Of the newest AccountState that the agent has accepted.
  public let stateCounter: UInt64
  /// At least one; at most 2^24 - 1 bytes.
  public let records: [Record]
  /// 64 bytes, by the agent.
  public let signature: [UInt8]

  public init(
    header: Header, agentID: AgentID, sequence: UInt64, previous: Hash, stateCounter: UInt64,
    records: [Record], signature: [UInt8] = .zeros(64)
  ) throws(WireError) {
    try header.require(.recordBatch)
    try Self.require(counter: sequence, at: 40)
    try Self.require(counter: stateCounter, at: 80)
    try Self.require(length: records.serializedCount, in: 15...Limit.recordsMax, at: 88)
    try Self.require(signature, count: 64, at: 91 + records.serializedCount)
    self.header = header
    self.agentID = agentID
    self.sequence = sequence
    self.previous = previous
    self.stateCounter = stateCounter
    self.records = records
    self.signature = signature
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.recordBatch)
    agentID = try reader.fixed("agent_id")
    sequence = try reader.counter("sequence")
    previous = try reader.fixed("previous")
    stateCounter = try reader.counter("state_counter")
    records = try reader.vector("records", 15...Limit.recordsMax, of: Record.init(parsing:))
    signature = try reader.bytes("signature", 64)
  }

  public var serializedCount: Int { 155 + records.serializedCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.fixed(agentID)
    writer.uint64(sequence)
    writer.fixed(previous)
    writer.uint64(stateCounter)
    writer.length(records.serializedCount, upTo: Limit.recordsMax)
    records.serialize(into: &writer)
    writer.bytes(signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> RecordBatch {
    try RecordBatch(
      header: header, agentID: agentID, sequence: sequence, previous: previous, stateCounter: stateCounter,
      records: records, signature: signature)
  }
}
