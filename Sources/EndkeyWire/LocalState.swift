/// The state that an agent or an owner's device keeps on disk, sealed. §8.4, §13.4
public struct LocalState: WireStruct {
  public static var section: Section { .contents }

  /// Of type `agentState` or `ownerState`.
  public let header: Header
  /// One more at each write.
  public let generation: UInt64
  /// 72 to 2^24 - 1 bytes: sealed `AgentContents` or `OwnerContents`.
  public let sealed: [UInt8]

  public init(header: Header, generation: UInt64, sealed: [UInt8]) throws(WireError) {
    try header.require(.agentState, or: .ownerState)
    try Self.require(counter: generation, at: 24)
    try Self.require(length: sealed.count, in: Limit.sealedMin...Limit.sealedMax, at: 32)
    self.header = header
    self.generation = generation
    self.sealed = sealed
  }

  /// Reads the state of either end.
  public init(parsing reader: inout Reader) throws(WireError) {
    try self.init(parsing: &reader, .agentState, or: .ownerState)
  }

  private init(
    parsing reader: inout Reader, _ type: MessageType, or other: MessageType? = nil
  ) throws(WireError) {
    header = try reader.header(type, or: other)
    generation = try reader.counter("generation")
    sealed = try reader.opaque("sealed", Limit.sealedMin...Limit.sealedMax)
  }

  /// Reads a whole message of the one `type`, `agentState` or `ownerState`.
  public init(parsing bytes: [UInt8], type: MessageType) throws(WireError) {
    var reader = Reader(bytes.span, Self.section)
    try self.init(parsing: &reader, type)
    try reader.finish()
  }

  public var serializedCount: Int { 35 + sealed.count }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.uint64(generation)
    writer.opaque(sealed, upTo: Limit.sealedMax)
  }

  /// The context of the seal: the first 32 bytes.
  public var context: [UInt8] { Self.context(header: header, generation: generation) }

  /// The context of the seal of a state that is to be written.
  public static func context(header: Header, generation: UInt64) -> [UInt8] {
    Writer.array(count: 32) {
      header.serialize(into: &$0)
      $0.uint64(generation)
    }
  }
}
