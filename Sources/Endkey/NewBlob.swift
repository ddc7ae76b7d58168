package import EndkeyPrimitives
public import EndkeyWire

/// A blob that was sealed. §15
public struct NewBlob: Equatable, Sendable {
  /// The blob, for the service's store of blobs.
  public let blob: SealedBlob
  /// What a record says of the blob: its field, length and hash.
  public let reference: BlobReference

  /// Seals a content at once.
  package init(
    sealing content: Span<UInt8>, key: borrowing AgentKey, field: BlobField,
    using random: inout some RandomSource
  ) throws(ProtocolError) {
    var sealer = try BlobSealer(key: key, field: field, using: &random)
    var bytes: [UInt8] = []
    try sealer.update(content, into: &bytes)
    reference = try sealer.finish(into: &bytes)
    blob = try SealedBlob(received: bytes)
  }
}
