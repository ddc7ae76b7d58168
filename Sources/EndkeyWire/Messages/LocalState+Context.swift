extension LocalState {
  /// Reads a whole message of the one `type`, `agentState` or `ownerState`.
  public init(parsing bytes: [UInt8], type: MessageType) throws(WireError) {
    // The type is the first thing that tells the two apart: another is refused before anything behind it is read.
    var reader = Reader(bytes.span, Self.section)
    _ = try reader.header(type)
    try self.init(parsing: bytes)
  }

  /// The context of the seal: the first 32 bytes. §13.4
  public var context: [UInt8] { Self.context(header: header, generation: generation) }

  /// The context of the seal of a state that is to be written.
  public static func context(header: Header, generation: UInt64) -> [UInt8] {
    Writer.array(count: 32) {
      header.serialize(into: &$0)
      $0.uint64(generation)
    }
  }
}
