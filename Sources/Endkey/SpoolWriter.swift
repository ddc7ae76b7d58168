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

  /// Starts a segment, whose file begins with `header.serialized`. `segment` is at most 2^53 - 1.
  package init(key: borrowing AgentKey, segment: UInt64) throws(ProtocolError) {
    let (accountID, epoch, agentID) = (key.accountID, key.epoch, key.agentID)
    let header = try wire { () throws(WireError) in
      try SpoolHeader(
        header: Header(type: .spoolSegment, accountID: accountID, epoch: epoch), agentID: agentID,
        segment: segment)
    }
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
    let head = try wire { () throws(WireError) in
      let unchecked = try SpoolFrameHead(index: index, length: UInt32(length), previous: previous)
      return try unchecked.checked(unchecked.rightCheck)
    }
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
  /// What `check` must be: 8 bytes.
  var rightCheck: [UInt8] { [UInt8](Label.Hashed.frameCheck.hash(of: checkedBytes).bytes.prefix(8)) }
}
