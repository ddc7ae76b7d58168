package import EndkeyPrimitives
public import EndkeyWire

/// Seals a recording or text of any length, a piece at a time, in constant memory. §15
public struct BlobSealer: ~Copyable {
  private let field: BlobField
  private var head: [UInt8]
  private var sealer: ChunkedEncryption.Sealer
  private var hash = SHA256()
  private var length: UInt64 = 0

  /// A blob of the key's agent and epoch, with a fresh salt.
  package init(
    key: borrowing AgentKey, field: BlobField, using random: inout some RandomSource
  ) throws(ProtocolError) {
    let context = SealedBlob.Context(
      accountID: key.accountID, epoch: key.epoch, field: field, agentID: key.agentID
    ).serialized
    let blobKey = try key.blobKey()
    let sealer: ChunkedEncryption.Sealer
    do {
      sealer = try ChunkedEncryption.Sealer(key: blobKey, context: context, using: &random)
    } catch {
      throw ProtocolError(error, as: .internalError, "15")
    }
    self.sealer = sealer
    self.field = field
    head = context
  }

  /// Takes the next piece of the content, and appends to `output` what of the SealedBlob is made.
  public mutating func update(_ content: Span<UInt8>, into output: inout [UInt8]) throws(ProtocolError) {
    let start = output.count
    output += head
    head = []
    do {
      try sealer.update(content, into: &output)
    } catch {
      throw ProtocolError(error, as: .internalError, "15")
    }
    hash.update(output.span.extracting(start..<output.count))
    length += UInt64(output.count - start)
  }

  /// Appends the rest of the SealedBlob to `output`, and gives its reference for a record.
  public consuming func finish(into output: inout [UInt8]) throws(ProtocolError) -> BlobReference {
    let (start, field) = (output.count, field)
    output += head
    do {
      try sealer.finish(into: &output)
    } catch {
      throw ProtocolError(error, as: .internalError, "15")
    }
    hash.update(output.span.extracting(start..<output.count))
    let length = length + UInt64(output.count - start)
    let digest = Hash(unchecked: hash.finish().span)
    return try wire { () throws(WireError) in
      BlobReference(field: field, length: try Counter(length), digest: digest)
    }
  }
}

extension SealedBlob {
  /// Seals a short content at once.
  package init(
    sealing content: Span<UInt8>, key: borrowing AgentKey, field: BlobField,
    using random: inout some RandomSource
  ) throws(ProtocolError) {
    var sealer = try BlobSealer(key: key, field: field, using: &random)
    var bytes: [UInt8] = []
    try sealer.update(content, into: &bytes)
    _ = try sealer.finish(into: &bytes)
    self = try wire { () throws(WireError) in try SealedBlob(parsing: bytes) }
  }

  /// Seals a content that is to have a text form: `valueTooLong` when the blob would have more than 65,536
  /// bytes. §15.1
  package static func text(
    sealing content: Span<UInt8>, key: borrowing AgentKey, field: BlobField,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> String {
    // More content than this does not fit: nothing is sealed in vain.
    guard content.count <= Limit.blobTextMax else { throw ProtocolError(.valueTooLong, "15.1") }
    return try SealedBlob(sealing: content, key: key, field: field, using: &random).shortText()
  }

  /// The text form; `valueTooLong` when the blob has more than 65,536 bytes. §15.1
  public func shortText() throws(ProtocolError) -> String {
    do {
      return try text()
    } catch {
      // Its length is all that can be wrong with a blob.
      throw ProtocolError(.valueTooLong, "15.1")
    }
  }
}
