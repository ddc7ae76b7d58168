/// What the text forms of tokens and blobs share: a prefix, then base64url of a struct. §14.3, §15.1
enum TextForm {
  /// Both prefixes have 5 characters, and are written here as the numbers that those are.
  static var prefixCount: Int { 5 }

  /// The `prefix`, then base64url of `bytes`.
  static func serialize(_ bytes: Span<UInt8>, _ prefix: UInt64, into writer: inout Writer) {
    writer.uint32(UInt32(truncatingIfNeeded: prefix >> 8))
    writer.uint8(UInt8(truncatingIfNeeded: prefix))
    Base64URL.encode(bytes, into: &writer)
  }

  /// Reads `text`: its prefix, base64url, then the grammar of `Value`, which has at most `limit` bytes.
  static func parse<Value: WireStruct>(
    _ text: Span<UInt8>, _ prefix: UInt64, _ section: Section, limit: Int, as type: Value.Type = Value.self
  ) throws(WireError) -> Value {
    guard hasPrefix(text, prefix) else { throw WireError(.badPrefix, at: 0, section) }
    let encoded = text.extracting(prefixCount..<text.count)
    let bytes = try decode(encoded, limit: limit)
    do {
      return try Value(parsing: bytes.span)
    } catch {
      throw WireError(moving: error, to: offset(ofByte: error.offset))
    }
  }

  /// The first character that holds a bit of the byte at `offset`.
  static func offset(ofByte offset: Int) -> Int { prefixCount + offset * 4 / 3 }

  @inline(__always)
  static func hasPrefix(_ text: Span<UInt8>, _ prefix: UInt64) -> Bool {
    text.count >= prefixCount && text.leading(prefixCount, at: 0) >> 24 == prefix
  }

  /// Checks all characters, but makes no more bytes than show that there are more than `limit`.
  private static func decode(_ text: Span<UInt8>, limit: Int) throws(WireError) -> [UInt8] {
    let enough = (limit / 3 + 1) * 4
    guard text.count > enough else { return try Base64URL.decode(text, base: prefixCount) }
    try Base64URL.check(text, base: prefixCount)
    return try Base64URL.decode(text.extracting(0..<enough), base: prefixCount)
  }
}
