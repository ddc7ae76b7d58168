internal import EndkeyPrimitives
internal import EndkeyWire

/// What a value must be to be sealed. R-14.1-3
enum TokenValue {
  /// `valueTooLong` or `valueNotUTF8`.
  static func check(_ value: Span<UInt8>) throws(ProtocolError) {
    guard value.count <= Limit.tokenValueMax else { throw ProtocolError(.valueTooLong, "14.1") }
    guard isUTF8(value) else { throw ProtocolError(.valueNotUTF8, "14.1") }
  }
}

/// Whether `bytes` are well-formed UTF-8.
func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  if bytes.isASCII { return true }  // mostly, and sooner known
  do {
    _ = try UTF8Span(validating: bytes)
    return true
  } catch {
    return false
  }
}
