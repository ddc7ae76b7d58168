extension LocalState {
  /// Reads a whole message of this type alone.
  public init(parsing bytes: [UInt8], type: HeaderType) throws(WireError) {
    // The type is the first thing that tells the two apart: another is refused before anything behind it is read.
    var reader = Reader(bytes.span, Self.section)
    try reader.startHeader(type.messageType)
    try self.init(parsing: bytes)
  }

  /// The context of the seal: the first 32 bytes. §13.4
  public var context: [UInt8] { Self.context(header: header, writes: writes) }

  /// The context of the seal of a state that is to be written.
  public static func context(header: Header, writes: Counter) -> [UInt8] {
    Writer.array(count: 32) {
      header.serialize(into: &$0)
      $0.counter(writes)
    }
  }
}
