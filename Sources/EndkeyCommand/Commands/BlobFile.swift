internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

/// Sealed blobs in files, read in pieces whatever their length.
enum BlobFile {
  /// What a record says of the blob in a file.
  static func reference(_ path: String) throws -> BlobReference {
    let file = try Descriptor(reading: path)
    var hash = SHA256()
    var length: UInt64 = 0
    var head: [UInt8] = []
    while true {
      let piece = try file.piece()
      if piece.isEmpty { break }
      if head.count < 113 { head += piece.prefix(113 - head.count) }
      hash.update(piece.span)
      length += UInt64(piece.count)
    }
    let field = try SealedBlob(parsing: head).field
    return BlobReference(field: field, length: try Counter(length), digest: try Hash(hash.finish()))
  }
}
