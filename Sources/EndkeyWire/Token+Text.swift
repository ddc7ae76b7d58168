extension Token {
  static var prefix: String { "ekt1_" }
  static var byteCountMax: Int { Layout.headCount + Limit.tokenPaddedMax }

  /// The text form `ekt1_...`. §14.3
  public var text: String {
    String(decoding: Writer.array(count: textCount) { serializeText(into: &$0) }, as: UTF8.self)
  }

  /// The number of characters of the text form.
  public var textCount: Int { TextForm.prefixCount + Base64URL.textCount(serialized.count) }

  /// Writes the `textCount` characters of the text form.
  public func serializeText(into writer: inout Writer) {
    TextForm.serialize(serialized, Self.prefix, into: &writer)
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
