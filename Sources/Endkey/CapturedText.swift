internal import EndkeyWire

/// What a program found as a name, title or address, made a value that has a token. R-13.3-1
///
/// Nothing that is captured is refused: what an application writes into a title is in nobody's hand.
package enum CapturedText {
  /// The bytes as UTF-8 of at most 4,095 bytes.
  ///
  /// Each maximal subpart of an ill-formed sequence becomes U+FFFD, as Unicode recommends; what is too long is cut
  /// between two code points.
  package static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    let text = isUTF8(bytes.span) ? bytes : [UInt8](String(decoding: bytes, as: UTF8.self).utf8)
    guard text.count > Limit.tokenValueMax else { return text }
    var end = Limit.tokenValueMax
    while UTF8.isContinuation(text[end]) { end -= 1 }
    return [UInt8](text[..<end])
  }
}
