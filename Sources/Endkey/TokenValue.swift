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
    guard !range.isEmpty else { return }
    let bytes = values.bytes.span
    let end = values.range(range.upperBound - 1).upperBound
    // Up to here all is ASCII, or was checked. It runs ahead of the values in blocks, which most pass whole.
    var passed = values.range(range.lowerBound).lowerBound
    for index in range {
      let place = values.range(index)
      if place.count > Limit.tokenValueMax { throw ProtocolError(.valueTooLong, "14.1") }
      while passed < place.upperBound, isASCII(bytes.extracting(passed..<min(passed + 64, end))) { passed += 64 }
      if passed < place.upperBound {
        try check(bytes.extracting(place))
        passed = place.upperBound
      }
    }
  }

  private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    var union: UInt8 = 0
    for index in bytes.indices { union |= bytes[index] }
    return union < 0x80
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
