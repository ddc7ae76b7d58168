/// Names a sealed blob by its length and hash: 41 bytes. §8.3
public struct BlobReference: WireStruct {
  public static var section: Section { .messages }
  public static var byteCount: Int { 41 }

  public let field: BlobField
  /// Bytes of the SealedBlob.
  public let length: UInt64
  public let digest: Hash

  public init(field: BlobField, length: UInt64, digest: Hash) throws(WireError) {
    try Self.require(counter: length, at: 1)
    self.field = field
    self.length = length
    self.digest = digest
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    field = try reader.value("field")
    length = try reader.counter("length")
    digest = try reader.fixed("digest")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.value(field)
    writer.uint64(length)
    writer.fixed(digest)
  }
}
