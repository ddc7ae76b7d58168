internal import EndkeyPrimitives
public import EndkeyWire

/// Opens a SealedBlob, a piece at a time, in constant memory. §15
///
/// Each chunk is verified before a byte of it is released, but the content is not known to be complete until
/// `finish` has returned (R-2.5-4). After an error nothing more is released.
public struct BlobOpener: ~Copyable {
  private let ring: KeyRing
  private let reference: BlobReference?
  /// The agent whose batch has the reference.
  private let author: AgentID?
  /// The first bytes, until there are as many as the shortest SealedBlob has.
  private var head: [UInt8] = []
  private var opener: ChunkedEncryption.Opener?
  private var failure: ProtocolError?
  private var hash = SHA256()
  private var length: UInt64 = 0

  private static var headCount: Int { SealedBlob.Context.byteCount + Limit.sealedMin }

  /// What opens one blob with the keys of `ring`; `reference` is what the record that names the blob says of it, and
  /// `author` the agent of the batch that has the record: another agent's blob is refused. R-16.2-9
  public init(ring: KeyRing, reference: BlobReference? = nil, of author: AgentID? = nil) {
    self.ring = ring
    self.reference = reference
    self.author = author
  }

  /// Takes the next piece of the SealedBlob, and appends what of the content was verified to `output`.
  ///
  /// Throws a fault of format, `wrongAccount`, `noEpochKey` or `noGrant` without a key of the epoch and agent, else
  /// `blobOpenFailed`.
  public mutating func update(_ bytes: Span<UInt8>, into output: inout [UInt8]) throws(ProtocolError) {
    if let failure { throw failure }
    hash.update(bytes)
    length += UInt64(bytes.count)
    do {
      try advance(bytes, into: &output)
    } catch {
      failure = error
      throw error
    }
  }

  /// Says that the SealedBlob has ended, and appends the rest of the content to `output`. Only now it is
  /// complete.
  public consuming func finish(into output: inout [UInt8]) throws(ProtocolError) {
    if let failure { throw failure }
    // Too short for any: the parser says where.
    if head.count < Self.headCount { _ = try Self.context(head) }
    let start = output.count
    do {
      try opener?.finish(into: &output)
    } catch {
      throw ProtocolError(error, as: .blobOpenFailed, "15")
    }
    guard let reference else { return }
    let digest = Hash(unchecked: hash.finish().span)
    guard length == reference.length.value, digest == reference.digest else {
      output.removeLast(output.count - start)
      throw ProtocolError(.blobOpenFailed, "15")
    }
  }

  private mutating func advance(_ bytes: Span<UInt8>, into output: inout [UInt8]) throws(ProtocolError) {
    let count = min(Self.headCount - head.count, bytes.count)
    for index in 0..<count { head.append(bytes[index]) }
    guard head.count == Self.headCount else { return }
    if count > 0 { try begin(into: &output) }
    try pass(bytes.extracting(count..<bytes.count), into: &output)
  }

  /// The checks before the seal, in the order of §15.
  private mutating func begin(into output: inout [UInt8]) throws(ProtocolError) {
    let context = try Self.context(head)
    guard context.accountID == ring.accountID else { throw ProtocolError(.wrongAccount, "15") }
    let keys = try ring.agentKeys(epoch: context.epoch, of: context.agentID, "15")
    guard author == nil || author == context.agentID else { throw ProtocolError(.blobOpenFailed, "16.2") }
    if let reference, reference.field != context.field { throw ProtocolError(.blobOpenFailed, "15") }
    let sealed = [UInt8](head[SealedBlob.Context.byteCount...])
    for (index, key) in keys.enumerated() {
      opener = try opener(key.value)
      do {
        // The commitment is among the first bytes: a wrong key is found here.
        try pass(sealed.span, into: &output)
        return
      } catch {
        guard index + 1 < keys.count else { throw error }
      }
    }
  }

  /// What opens under one key. R-15-1, R-15-2
  private func opener(_ key: borrowing AgentKey) throws(ProtocolError) -> ChunkedEncryption.Opener {
    let blobKey = try key.blobKey()
    return try primitive("15") { () throws(PrimitiveError) in
      try ChunkedEncryption.Opener(key: blobKey, context: [UInt8](head[..<SealedBlob.Context.byteCount]))
    }
  }

  private mutating func pass(_ sealed: Span<UInt8>, into output: inout [UInt8]) throws(ProtocolError) {
    do {
      try opener?.update(sealed, into: &output)
    } catch {
      throw ProtocolError(error, as: .blobOpenFailed, "15")
    }
  }

  private static func context(_ head: [UInt8]) throws(ProtocolError) -> SealedBlob.Context {
    try SealedBlob(received: head).context
  }
}

extension SealedBlob {
  /// Opens a blob at once; as `BlobOpener`, without faults of format.
  public func open(
    with ring: KeyRing, reference: BlobReference? = nil
  ) throws(ProtocolError) -> [UInt8] {
    var opener = BlobOpener(ring: ring, reference: reference)
    var content: [UInt8] = []
    try opener.update(serialized.span, into: &content)
    try opener.finish(into: &content)
    return content
  }
}
