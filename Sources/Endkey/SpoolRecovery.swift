internal import EndkeyPrimitives
internal import EndkeyWire

/// What could be read from a spool segment: every frame that is complete and opens, whatever else is wrong.
/// §17
public struct SpoolRecovery: Equatable, Sendable {
  /// A frame that opened.
  public struct Frame: Equatable, Sendable {
    /// Where the frame starts, in bytes from the start of the segment.
    public let offset: Int
    /// The number of the frame in its segment, from 0.
    public let index: UInt32
    /// What the agent put into the frame.
    public let capture: Capture
    /// Whether it fails to continue the frame before, without damage between: `chain_broken`.
    public let breaksChain: Bool
  }

  /// Bytes that are no frame that opens.
  public struct Damage: Equatable, Sendable {
    /// Where the damage starts, in bytes from the start of the segment.
    public let offset: Int
    /// How many bytes are damaged.
    public let length: Int
    /// `badFrame`, or `frameOpenFailed` for a frame whose seal does not open, or that holds no Capture of the account.
    public let code: ErrorCode
  }

  /// Why nothing of the segment was read.
  public internal(set) var refusal: ProtocolError?
  /// The frames that opened, in their order.
  public internal(set) var frames: [Frame] = []
  /// Ascending, without overlaps. R-17-2
  public internal(set) var damage: [Damage] = []
  /// Where a torn end starts, which is dropped.
  public internal(set) var tornOffset: Int?

  /// Whether the segment is to be kept aside: it has damage other than a torn end, or was not read. R-17-2
  public var isQuarantined: Bool { refusal != nil || !damage.isEmpty }

  /// Reads all of a segment, in time linear in its length.
  ///
  /// A segment whose header is none, or is of another account or agent (`wrongAccount`, `wrongRecipient`), is not read.
  /// Throws only `internalError`.
  public init(segment: Span<UInt8>, key: borrowing SpoolKey) throws(ProtocolError) {
    do throws(ProtocolError) {
      let header = try Self.header(of: segment)
      guard header.accountID == key.accountID else { throw ProtocolError(.wrongAccount, "17") }
      guard header.agentID == key.agentID else { throw ProtocolError(.wrongRecipient, "17") }
      try read(segment, headerBytes: header.serialized, key: key)
    } catch {
      guard error.code != .internalError else { throw error }
      refusal = error
    }
  }

  private static func header(of segment: Span<UInt8>) throws(ProtocolError) -> SpoolHeader {
    let count = min(SpoolHeader.byteCount, segment.count)
    return try SpoolHeader(received: segment.extracting(first: count))
  }

  private mutating func read(
    _ segment: Span<UInt8>, headerBytes: [UInt8], key: borrowing SpoolKey
  ) throws(ProtocolError) {
    /// What the next frame continues; nil behind damage.
    var expected: Link? = Link(index: 0, previous: Hash(sha256: headerBytes))
    var offset = SpoolHeader.byteCount
    while offset < segment.count {
      let rest = segment.extracting(offset..<segment.count)
      let head = SpoolFrameHead(at: rest)
      let isWhole = head.map { $0.frameCount <= rest.count } ?? false
      if let head, isWhole {
        let sealed = rest.extracting(SpoolFrameHead.byteCount..<head.frameCount)
        if let capture = try capture(in: sealed, key: key, context: headerBytes + head.checkedBytes) {
          let link = Link(index: UInt64(head.index), previous: head.previous)
          frames.append(
            Frame(
              offset: offset, index: head.index, capture: capture,
              breaksChain: expected != nil && expected != link))
          let frame = rest.extracting(first: head.frameCount)
          expected = Link(index: UInt64(head.index) + 1, previous: Hash(sha256: frame))
          offset += head.frameCount
          continue
        }
      }
      // Not a frame. What follows may lie within what the head claims: R-17-1.
      let next = nextHead(in: segment, from: offset + 1)
      if next == nil, !isWhole, head != nil || isTornHead(rest) {
        tornOffset = offset
        return
      }
      let end = next ?? segment.count
      damage.append(
        Damage(offset: offset, length: end - offset, code: isWhole ? .frameOpenFailed : .badFrame))
      expected = nil
      offset = end
    }
  }

  private struct Link: Equatable {
    let index: UInt64
    let previous: Hash
  }

  /// The capture, or nil when the seal is wrong, or holds none of this account. Decrypts no further than to the first
  /// wrong chunk.
  private func capture(
    in sealed: Span<UInt8>, key: borrowing SpoolKey, context: [UInt8]
  ) throws(ProtocolError) -> Capture? {
    var payload: [UInt8] = []
    do {
      var opener = try ChunkedEncryption.Opener(key: key.secret, context: context)
      try opener.update(sealed, into: &payload)
      try opener.finish(into: &payload)
    } catch {
      guard error != .libraryFailure else { throw ProtocolError(error, as: .frameOpenFailed, "17") }
      return nil
    }
    do {
      let capture = try Capture(parsing: payload)
      return capture.accountID == key.accountID ? capture : nil
    } catch {
      return nil
    }
  }
}

/// Where the next right frame head stands.
private func nextHead(in segment: Span<UInt8>, from start: Int) -> Int? {
  var offset = start
  while offset + SpoolFrameHead.byteCount <= segment.count {
    if segment[offset] == magic[0], SpoolFrameHead(at: segment.extracting(offset..<segment.count)) != nil {
      return offset
    }
    offset += 1
  }
  return nil
}

/// Whether `bytes` are too few for a head, and start as one.
private func isTornHead(_ bytes: Span<UInt8>) -> Bool {
  guard bytes.count < SpoolFrameHead.byteCount else { return false }
  for index in 0..<min(magic.count, bytes.count) where bytes[index] != magic[index] { return false }
  return true
}

private let magic = [UInt8]("EKfr".utf8)

extension SpoolFrameHead {
  /// The right head that `bytes` start with: its magic, length and `check` are as they must be.
  fileprivate init?(at bytes: Span<UInt8>) {
    guard bytes.count >= Self.byteCount else { return nil }
    do throws(WireError) {
      self = try SpoolFrameHead(parsing: bytes.extracting(first: Self.byteCount))
    } catch {
      return nil
    }
    guard check == rightCheck else { return nil }
  }

  /// The bytes of the frame.
  fileprivate var frameCount: Int { Self.byteCount + Int(length.value) }
}
