extension Token {
  static var prefix: UInt64 { 0x65_6b74_315f }  // ekt1_
  static var byteCountMax: Int { Layout.headCount + Limit.tokenPaddedMax }

  /// The text form `ekt1_...`. §14.3
  public var text: String { Self.text(of: serialized.span) }

  /// The text form of the token that `serialized` is.
  public static func text(of serialized: Span<UInt8>) -> String {
    let count = textCount(serialized.count)
    return unsafe String(unsafeUninitializedCapacity: count) { buffer in
      var bytes = unsafe buffer.mutableSpan
      var writer = Writer(&bytes)
      serializeText(of: serialized, into: &writer)
      return count
    }
  }

  /// The number of characters of the text form.
  public var textCount: Int { Self.textCount(serialized.count) }

  /// The number of characters of the text form of a token of `byteCount` bytes.
  public static func textCount(_ byteCount: Int) -> Int {
    TextForm.prefixCount + Base64URL.textCount(byteCount)
  }

  /// Writes the `textCount` characters of the text form.
  public func serializeText(into writer: inout Writer) {
    Self.serializeText(of: serialized.span, into: &writer)
  }

  /// Writes the text form of the token that `serialized` is.
  public static func serializeText(of serialized: Span<UInt8>, into writer: inout Writer) {
    TextForm.serialize(serialized, prefix, into: &writer)
  }

  /// No fewer bytes than any text forms of `count` characters together encode.
  public static func byteCountBound(inTexts count: Int) -> Int { Base64URL.byteCount(count) }

  /// Writes the bytes that `text` encodes, and zeros, which are no token, when it is not a prefix and base64url.
  /// Whether the bytes are a token is not looked at. Returns how many there are; none when no token has so many.
  public static func decode(text: Span<UInt8>, into bytes: inout MutableSpan<UInt8>, at offset: Int) -> Int {
    let count = Base64URL.byteCount(max(text.count - TextForm.prefixCount, 0))
    guard 1...byteCountMax ~= count else { return 0 }
    var writer = Writer(&bytes, at: offset)
    do {
      guard TextForm.hasPrefix(text, prefix) else { throw WireError(.badPrefix, at: 0, .tokenText) }
      try Base64URL.decode(text.extracting(TextForm.prefixCount..<text.count), into: &writer)
    } catch {
      var zeros = Writer(&bytes, at: offset)
      for _ in 0..<count { zeros.uint8(0) }
    }
    return count
  }

  /// Reads the text form. R-14.3-1
  public init(text: Span<UInt8>) throws(WireError) {
    self = try TextForm.parse(text, Self.prefix, .tokenText, limit: Self.byteCountMax)
  }

  /// Reads the text form.
  public init(text: [UInt8]) throws(WireError) { try self.init(text: text.span) }

  /// Reads the text form.
  public init(text: String) throws(WireError) { try self.init(text: [UInt8](text.utf8)) }
}
