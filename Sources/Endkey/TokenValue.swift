internal import EndkeyPrimitives
internal import EndkeyWire

/// What a value must be to be sealed. R-14.1-3
package enum TokenValue {
  /// `valueTooLong`, or `valueNotUTF8` unless `isText` says that it is UTF-8.
  package static func check(_ value: Span<UInt8>, isText: Bool = false) throws(ProtocolError) {
    guard value.count <= Limit.tokenValueMax else { throw ProtocolError(.valueTooLong, "14.1") }
    guard isText || isUTF8(value) else { throw ProtocolError(.valueNotUTF8, "14.1") }
  }
}

/// Whether `bytes` are well-formed UTF-8.
package func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  // ASCII is sooner known, and what is around it is UTF-8 or not without it.
  // declassified(ascii): whether a value is ASCII
  let rest = bytes.beyondASCII
  guard !rest.isEmpty else { return true }
  do {
    _ = try UTF8Span(validating: bytes.extracting(rest))
    return true
  } catch {
    return false
  }
}
