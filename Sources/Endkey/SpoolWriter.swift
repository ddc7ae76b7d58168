package import EndkeyPrimitives
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
  public init(key: borrowing SpoolKey, segment: Counter) {
    header = SpoolHeader(accountID: key.accountID, agentID: key.agentID, segment: segment)
    self.key = key.secret.copy()
    nextIndex = 0
    previous = Hash(sha256: header.serialized)
  }

  /// The bytes of the next frame, which holds `capture`; nothing changes when it throws.
  ///
  /// `wrongAccount` for a capture of another account, `limitReached` when the segment is full, or the frame would have
  /// more than 2^24 - 1 sealed bytes.
  package mutating func append(
    _ capture: Capture, using random: inout some RandomSource
  ) throws(ProtocolError) -> [UInt8] {
    guard capture.accountID == header.accountID else { throw ProtocolError(.wrongAccount, "17") }
    guard nextIndex <= UInt32.max, capture.serializedCount <= Limit.sealedMax else {
      throw ProtocolError(.limitReached, "17")
    }
    let length = try primitive("17") { () throws(PrimitiveError) in
      try ChunkedEncryption.sealedCount(of: capture.serializedCount)
    }
    guard length <= Limit.sealedMax else { throw ProtocolError(.limitReached, "17") }

    var head = try wire { () throws(WireError) in
      SpoolFrameHead(index: UInt32(nextIndex), length: try ByteCount(length), previous: previous)
    }
    head.check = head.rightCheck
    let context = header.serialized + head.checkedBytes
    let payload = capture.serialized
    let sealed = try primitive("17") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(payload.span, key: key, context: context, using: &random)
    }
    let frame = head.serialized + sealed
    previous = Hash(sha256: frame)
    nextIndex += 1
    return frame
  }
}

extension SpoolFrameHead {
  /// What `check` must be.
  var rightCheck: Bytes<8> {
    Bytes(unchecked: Label.Hashed.frameCheck.hash(of: checkedBytes).bytes.span.extracting(first: 8))
  }
}
