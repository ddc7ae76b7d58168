/// What the text form of a short SealedBlob encodes: the blob behind its length. §15.1
public struct BlobText: WireStruct {
  public static var section: Section { .blobText }
  static var prefix: UInt64 { 0x65_6b73_315f }  // eks1_
  static var byteCountMax: Int { 3 + Limit.blobTextMax }

  public let blob: SealedBlob

  /// `lengthOutOfRange` when the blob has more than 65,536 bytes.
  public init(blob: SealedBlob) throws(WireError) {
    guard blob.serializedCount <= Limit.blobTextMax else {
      throw WireError(.lengthOutOfRange, at: 0, .blobText)
    }
    self.blob = blob
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    let length = try Self.length(parsing: &reader)
    guard length <= reader.remaining else { throw reader.fault(.truncated, at: reader.offset) }
    blob = try reader.content(length) { reader throws(WireError) in try reader.nested("blob") }
  }

  /// Reads the length alone.
  static func length(parsing reader: inout Reader) throws(WireError) -> Int {
    try reader.length("blob", SealedBlob.Context.byteCount + Limit.sealedMin...Limit.blobTextMax)
  }

  public var serializedCount: Int { 3 + blob.serializedCount }

  public func serialize(into writer: inout Writer) {
    writer.length(blob.serializedCount, upTo: Limit.blobTextMax)
    blob.serialize(into: &writer)
  }
}

extension SealedBlob {
  /// The text form `eks1_...`; `lengthOutOfRange` when the blob has more than 65,536 bytes. §15.1
  public func text() throws(WireError) -> String {
    let bytes = try BlobText(blob: self).serialized
    let count = TextForm.prefixCount + Base64URL.textCount(bytes.count)
    return String(
      decoding: Writer.array(count: count) { TextForm.serialize(bytes.span, BlobText.prefix, into: &$0) },
      as: UTF8.self)
  }

  /// Reads the text form. R-15.1-1
  public init(text: Span<UInt8>) throws(WireError) {
    self = try TextForm.parse(
      text, BlobText.prefix, .blobText, limit: BlobText.byteCountMax, as: BlobText.self
    ).blob
  }

  /// Reads the text form.
  public init(text: [UInt8]) throws(WireError) { try self.init(text: text.span) }

  /// Reads the text form.
  public init(text: String) throws(WireError) { try self.init(text: [UInt8](text.utf8)) }
}
