public import EndkeyWire

extension CapturedItem {
  /// A name, title or address, as it was found: it is made UTF-8 of at most 4,095 bytes when its token is made. §13.3
  ///
  /// `limitReached` for more than any capture holds.
  public init(_ field: TokenField, _ text: String) throws(ProtocolError) {
    try self.init(.token(field), [UInt8](text.utf8))
  }

  /// A recording, picture or text, for a blob. `limitReached` for more than any capture holds: what is longer is sealed
  /// as a stream.
  public init(_ field: BlobField, _ content: [UInt8]) throws(ProtocolError) {
    try self.init(.blob(field), content)
  }

  /// What was captured as a field. `limitReached` for more than any capture holds.
  public init(_ field: CapturedField, _ content: [UInt8]) throws(ProtocolError) {
    guard content.count <= Limit.captureMax else { throw ProtocolError(.limitReached, "17") }
    self.init(field: field, content: try wire { () throws(WireError) in try BoundedBytes(content) })
  }
}
