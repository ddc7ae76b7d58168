public import EndkeyPrimitives
public import EndkeyWire

/// Makes the frames of a spool segment. The caller writes them to the file, back to back behind the header.
/// §17
public struct SpoolWriter: ~Copyable, Sendable {
  /// The header, whose bytes a segment starts with.
  public let header: SpoolHeader
  /// The number of the next frame; 2^32 when the segment is full.
  public private(set) var nextIndex: UInt64
  /// Of the last frame, or of the header.
  private var previous: Hash
  private let key: SecretBytes

  /// Starts a segment, whose file begins with `header.serialized`.
  package init(key: borrowing AgentKey, segment: Counter) throws(ProtocolError) {
    let header = SpoolHeader(
      accountID: key.accountID, epoch: key.epoch, agentID: key.agentID, segment: segment)
    self.key = try key.spoolKey()
    self.header = header
    nextIndex = 0
    previous = Hash(sha256: header.serialized)
  }

  /// The bytes of the next frame, which holds `payload`; nothing changes when it throws. `limitReached` when
  /// the segment is full, `valueTooLong` when the sealed payload would pass 2^24 - 1 bytes.
  public mutating func append(
    _ payload: Span<UInt8>, using random: inout some RandomSource
  ) throws(ProtocolError) -> [UInt8] {
    guard nextIndex <= UInt32.max else { throw ProtocolError(.limitReached, "17") }
    guard payload.count <= Limit.sealedMax else { throw ProtocolError(.valueTooLong, "17") }
    let length = try primitive("17") { () throws(PrimitiveError) in
      try ChunkedEncryption.sealedCount(of: payload.count)
    }
    guard length <= Limit.sealedMax else { throw ProtocolError(.valueTooLong, "17") }

    let (index, previous) = (UInt32(nextIndex), self.previous)
    var head = try wire { () throws(WireError) in
      SpoolFrameHead(index: index, length: try ByteCount(length), previous: previous)
    }
    head.check = head.rightCheck
    let context = header.serialized + head.checkedBytes
    let sealed = try primitive("17") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(payload, key: key, context: context, using: &random)
    }
    let frame = head.serialized + sealed
    self.previous = Hash(sha256: frame)
    nextIndex += 1
    return frame
  }

  /// The bytes of the next frame.
  public mutating func append(
    _ payload: [UInt8], using random: inout some RandomSource
  ) throws(ProtocolError) -> [UInt8] {
    try append(payload.span, using: &random)
  }
}

extension SpoolFrameHead {
  /// What `check` must be.
  var rightCheck: Bytes<8> {
    Bytes(unchecked: Label.Hashed.frameCheck.hash(of: checkedBytes).bytes.span.extracting(first: 8))
  }
}
