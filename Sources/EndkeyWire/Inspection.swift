/// An annotated reading of any message, of damaged ones up to the byte where they fail.
public struct Inspection: Equatable, Sendable {
  /// What was read, in order.
  public let fields: [Field]
  /// Why the reading ended, unless the message is whole.
  public let error: WireError?

  /// What bytes are taken for.
  public enum Form: Equatable, Sendable {
    /// A message of this type.
    case message(MessageType)
    /// A Token, as its bytes. §8.3
    case token
    /// What the text form of a blob encodes.
    case blobText
  }

  /// Reads `bytes` as `form`, or as what their first bytes say.
  ///
  /// A PasswordHeader alone is a whole message as well; a spool segment is read with its frames, whose seals are opaque
  /// here as all seals are.
  public static func inspect(_ bytes: Span<UInt8>, as form: Form? = nil) -> Inspection {
    switch form ?? guess(bytes) {
    case .token: read(bytes, as: Token.self)
    case .blobText: read(bytes, as: BlobText.self)
    case .message(.personKeys) where bytes.count == PasswordHeader.byteCount:
      read(bytes, as: PasswordHeader.self)
    case .message(.spoolSegment): read(bytes, .spool, segment)
    case .message(let type): read(bytes, as: type.message)
    case nil: read(bytes, as: Header.self)
    }
  }

  /// Reads `bytes` as `form`, or as what their first bytes say.
  public static func inspect(_ bytes: [UInt8], as form: Form? = nil) -> Inspection {
    inspect(bytes.span, as: form)
  }

  /// A message says its type in its fourth byte; a token starts with its version.
  private static func guess(_ bytes: Span<UInt8>) -> Form? {
    if bytes.count > 0, bytes[0] == 1 { return .token }
    guard bytes.count > 3 else { return nil }
    return MessageType(rawValue: bytes[3]).map { .message($0) }
  }

  private static func read<Value: WireStruct>(_ bytes: Span<UInt8>, as type: Value.Type) -> Inspection {
    read(bytes, Value.section) { reader throws(WireError) in _ = try Value(parsing: &reader) }
  }

  private static func read(
    _ bytes: Span<UInt8>, _ section: Section, _ body: (inout Reader) throws(WireError) -> Void
  ) -> Inspection {
    var reader = Reader(bytes, section, recording: true)
    do {
      try body(&reader)
      try reader.finish()
      return Inspection(fields: reader.fields, error: nil)
    } catch {
      return Inspection(fields: reader.fields, error: error)
    }
  }

  private static func segment(_ reader: inout Reader) throws(WireError) {
    _ = try SpoolHeader(parsing: &reader)
    var index = 0
    while !reader.isAtEnd {
      try reader.element("frames", index) { reader throws(WireError) in
        let head = try SpoolFrameHead(parsing: &reader)
        _ = try reader.range("sealed", Int(head.length.value))
      }
      index += 1
    }
  }
}
