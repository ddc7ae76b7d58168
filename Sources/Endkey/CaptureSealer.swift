public import EndkeyPrimitives
public import EndkeyWire

/// Makes records of what was captured: tokens and blobs of the epoch in which they are sent. §16.1
///
/// A Capture lies in the spool until a batch is made of it, so that what is sent is always of the newest epoch, however
/// long the computer was away. A sealer serves one batch: whether its keys may be used is asked when it is made.
public struct CaptureSealer: ~Copyable, Sendable {
  private let agentKey: AgentKey
  private var tokens: TokenSealer

  package init(keys: borrowing AgentKeys) throws(ProtocolError) {
    agentKey = keys.agentKey.copy()
    tokens = try TokenSealer(key: keys.tokenKey)
  }

  /// What comes of a Capture.
  public struct Sealed: Equatable, Sendable {
    /// The record, for a batch.
    public let record: Record
    /// The blobs that the record names, for the service's store of blobs.
    public let blobs: [SealedBlob]
  }

  /// Makes the record of `capture`, which is of the agent's account. Its texts are made UTF-8 of at most 4,095
  /// bytes. R-13.3-1
  public mutating func seal(
    _ capture: Capture, using random: inout some RandomSource
  ) throws(ProtocolError) -> Sealed {
    guard capture.accountID == agentKey.accountID else { throw ProtocolError(.wrongAccount, "13.3") }
    var items: [Item] = []
    var blobs: [SealedBlob] = []
    for captured in capture.items {
      let content = captured.content.bytes
      switch captured.field {
      case .token(let field):
        items.append(.token(try tokens.seal(CapturedText.repaired(content), field: field)))
      case .blob(let field):
        let sealed = try NewBlob(sealing: content.span, key: agentKey, field: field, using: &random)
        items.append(.blob(sealed.reference))
        blobs.append(sealed.blob)
      }
    }
    let record = try wire { [items] () throws(WireError) in
      Record(
        kind: capture.kind, start: capture.start, duration: capture.duration, items: try BoundedList(items))
    }
    return Sealed(record: record, blobs: blobs)
  }
}
