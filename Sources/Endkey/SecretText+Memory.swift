internal import EndkeyPrimitives
internal import EndkeyWire

// The three secret texts are read and written in guarded memory. §18.1

extension SecretText {
  /// The bytes that `text` holds. Only faults of the characters are thrown; what the bytes mean is read next.
  func decode(_ text: borrowing SecretBytes) throws(ProtocolError) -> SecretBytes {
    do {
      return try text.withBytes { (text) throws(WireError) in
        try SecretBytes(count: byteCount) { writer throws(WireError) in try decode(text, into: &writer) }
      }
    } catch {
      throw ProtocolError(error)
    }
  }

  /// The text of the bytes that `write` writes.
  func encode(_ write: (inout Writer) -> Void) -> SecretBytes {
    let content = SecretBytes(count: byteCount, writing: write)
    return SecretBytes(count: textCount) { writer in
      content.withBytes { encode($0, into: &writer) }
    }
  }

  /// A text as a String.
  static func revealed(_ text: borrowing SecretBytes) -> String {
    text.withBytes { text in String(decoding: text.indices.map { text[$0] }, as: UTF8.self) }
  }

  /// The bytes of the secrets of a code and of an account.
  static var secretCount: Int { 16 }
}
