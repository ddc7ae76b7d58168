/// The head of a spool file: 48 bytes. §17
public struct SpoolHeader: WireStruct {
  public static var section: Section { .spool }
  public static var byteCount: Int { 48 }

  public let header: Header
  public let agentID: AgentID
  public let segment: UInt64

  public init(header: Header, agentID: AgentID, segment: UInt64) throws(WireError) {
    try header.require(.spoolSegment)
    try Self.require(counter: segment, at: 40)
    self.header = header
    self.agentID = agentID
    self.segment = segment
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.spoolSegment)
    agentID = try reader.fixed("agent_id")
    segment = try reader.counter("segment")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.fixed(agentID)
    writer.uint64(segment)
  }
}
