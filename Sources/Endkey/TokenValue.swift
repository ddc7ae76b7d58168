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
  if isASCII(bytes) { return true }  // mostly, and sooner known
  do {
    _ = try UTF8Span(validating: bytes)
    return true
  } catch {
    return false
  }
}

/// Eight bytes at a time, the last eight of them perhaps twice.
private func isASCII(_ bytes: Span<UInt8>) -> Bool {
  guard bytes.count >= 8 else {
    for index in bytes.indices where bytes[index] > 0x7f { return false }
    return true
  }
  var union: UInt64 = 0
  var place = 0
  while place < bytes.count {
    let eight = bytes.extracting(min(place, bytes.count - 8)..<min(place + 8, bytes.count))
    for index in 0..<8 { union |= UInt64(eight[index]) << UInt64(8 * index) }
    place += 8
  }
  return union & 0x8080_8080_8080_8080 == 0
}
