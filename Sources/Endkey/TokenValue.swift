internal import EndkeyWire

/// What a value must be to be sealed. R-14.1-3
enum TokenValue {
  /// `valueTooLong` or `valueNotUTF8`.
  static func check(_ value: Span<UInt8>) throws(ProtocolError) {
    guard value.count <= Limit.tokenValueMax else { throw ProtocolError(.valueTooLong, "14.1") }
    guard isUTF8(value) else { throw ProtocolError(.valueNotUTF8, "14.1") }
  }

  /// The same for the values at `range`: throws what the first that is refused is refused for.
  static func check(_ values: FlatBytes, _ range: Range<Int>) throws(ProtocolError) {
    let bytes = values.bytes.span
    // Most values are ASCII. Several are looked at as one.
    var start = range.lowerBound
    while start < range.upperBound {
      let end = min(start + 16, range.upperBound)
      var longest = 0
      for index in start..<end { longest = max(longest, values.range(index).count) }
      let together = values.range(start).lowerBound..<values.range(end - 1).upperBound
      if longest > Limit.tokenValueMax || !isASCII(bytes.extracting(together)) {
        for index in start..<end { try check(bytes.extracting(values.range(index))) }
      }
      start = end
    }
  }
}

/// Whether `bytes` are well-formed UTF-8.
func isUTF8(_ bytes: Span<UInt8>) -> Bool {
  do {
    _ = try UTF8Span(validating: bytes)
    return true
  } catch {
    return false
  }
}

private func isASCII(_ bytes: Span<UInt8>) -> Bool {
  var union: UInt8 = 0
  for index in bytes.indices { union |= bytes[index] }
  return union < 0x80
}
