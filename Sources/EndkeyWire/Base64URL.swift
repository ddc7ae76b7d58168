/// Base64url without padding, of which only canonical text is read. §2.4
///
/// Eight characters are made or read at once, as the lanes of a 64-bit number, by arithmetic and without a table.
public enum Base64URL {
  /// The number of characters for `count` bytes.
  public static func textCount(_ count: Int) -> Int {
    count / 3 * 4 + (count % 3 == 0 ? 0 : count % 3 + 1)
  }

  /// The number of bytes in `count` characters.
  public static func byteCount(_ count: Int) -> Int {
    count / 4 * 3 + count % 4 * 3 / 4
  }

  public static func encode(_ bytes: Span<UInt8>, into writer: inout Writer) {
    var offset = 0
    while bytes.count - offset >= 6 {
      writer.uint64(characters(ofSextets: spread(bytes.bigEndian(offset..<offset + 6))))
      offset += 6
    }
    let rest = bytes.count - offset
    guard rest > 0 else { return }
    let bits = bytes.bigEndian(offset..<bytes.count) << UInt64(8 * (6 - rest))
    let text = characters(ofSextets: spread(bits))
    for lane in 0..<textCount(rest) { writer.uint8(UInt8(truncatingIfNeeded: text >> UInt64(56 - 8 * lane))) }
  }

  public static func encode(_ bytes: Span<UInt8>) -> String {
    String(decoding: Writer.array(count: textCount(bytes.count)) { encode(bytes, into: &$0) }, as: UTF8.self)
  }

  /// Reads all of `text`. R-2.4-1
  ///
  /// Throws `badBase64url`; its offset counts from `base` before the first character.
  public static func decode(_ text: Span<UInt8>, base: Int = 0) throws(WireError) -> [UInt8] {
    try Writer.array(count: byteCount(text.count)) { writer throws(WireError) in
      try decode(text, base: base, into: &writer)
    }
  }

  /// Reads all of `text` and writes `byteCount(text.count)` bytes, unless it throws.
  static func decode(_ text: Span<UInt8>, base: Int, into writer: inout Writer) throws(WireError) {
    var offset = 0
    while text.count - offset >= 8 {
      let characters = text.bigEndian(offset..<offset + 8)
      guard let sextets = sextets(ofCharacters: characters) else { throw alphabetFault(text, base) }
      writer.uint48(gather(sextets))
      offset += 8
    }
    let rest = text.count - offset
    guard rest > 0 else { return }
    let padding = UInt64(8 * (8 - rest))
    let characters = text.bigEndian(offset..<text.count) << padding | allA & ((1 << padding) - 1)
    guard let sextets = sextets(ofCharacters: characters) else { throw alphabetFault(text, base) }
    guard rest % 4 != 1 else { throw fault(at: base + text.count) }
    let bits = gather(sextets)
    let count = byteCount(rest)
    guard bits << UInt64(16 + 8 * count) == 0 else { throw fault(at: base + text.count - 1) }
    for index in 0..<count { writer.uint8(UInt8(truncatingIfNeeded: bits >> UInt64(40 - 8 * index))) }
  }

  /// Checks all of `text` as `decode` does, and writes nothing.
  static func check(_ text: Span<UInt8>, base: Int) throws(WireError) {
    let valid = run(text, from: 0, upTo: text.count)
    guard valid == text.count else { throw fault(at: base + valid) }
    // What is left to check lies in the last characters, from a multiple of four on.
    let tail = text.count & ~3
    _ = try decode(text.extracting(tail..<text.count), base: base + tail)
  }

  /// How far from `start` all characters of `text` are of the alphabet, at most to `end`.
  static func run(_ text: Span<UInt8>, from start: Int, upTo end: Int) -> Int {
    var offset = start
    while end - offset >= 8, sextets(ofCharacters: text.bigEndian(offset..<offset + 8)) != nil { offset += 8 }
    while offset < end, isCharacter(text[offset]) { offset += 1 }
    return offset
  }

  /// Whether the last of `count` characters has no bits that encode no byte, or zeros there.
  static func isCanonical(last character: UInt8, ofCount count: Int) -> Bool {
    guard count % 4 > 1 else { return count % 4 == 0 }
    let characters = allA & ~0xff | UInt64(character)
    guard let sextets = sextets(ofCharacters: characters) else { return false }
    return sextets & (count % 4 == 2 ? 15 : 3) == 0
  }
}

extension Base64URL {
  private static func isCharacter(_ character: UInt8) -> Bool {
    sextets(ofCharacters: allA & ~0xff | UInt64(character)) != nil
  }

  private static func alphabetFault(_ text: Span<UInt8>, _ base: Int) -> WireError {
    fault(at: base + run(text, from: 0, upTo: text.count))
  }

  private static func fault(at offset: Int) -> WireError {
    WireError(.badBase64url, at: offset, .base64url)
  }
}

// MARK: - Eight lanes

extension Base64URL {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  /// Eight times `A`, which stands for 0.
  private static var allA: UInt64 { UInt64(UInt8(ascii: "A")) * ones }

  /// 1 in each lane of 0 to 127 that is at least `bound`, else 0.
  @inline(__always)
  private static func atLeast(_ bound: UInt8, _ lanes: UInt64) -> UInt64 {
    (lanes &+ UInt64(128 - bound) &* ones) >> 7 & ones
  }

  /// 48 bits as eight lanes of 6.
  @inline(__always)
  private static func spread(_ bits: UInt64) -> UInt64 {
    let by24 = (bits & 0xffff_ff00_0000) << 8 | bits & 0xff_ffff
    let by12 = (by24 & 0x00ff_f000_00ff_f000) << 4 | by24 & 0x0000_0fff_0000_0fff
    return (by12 & 0x0fc0_0fc0_0fc0_0fc0) << 2 | by12 & 0x003f_003f_003f_003f
  }

  /// Eight lanes of 6 bits as 48.
  @inline(__always)
  private static func gather(_ lanes: UInt64) -> UInt64 {
    let by12 = (lanes & 0x3f00_3f00_3f00_3f00) >> 2 | lanes & 0x003f_003f_003f_003f
    let by24 = (by12 & 0x0fff_0000_0fff_0000) >> 4 | by12 & 0x0000_0fff_0000_0fff
    return (by24 & 0x00ff_ffff_0000_0000) >> 8 | by24 & 0xff_ffff
  }

  /// `A` and on for 0 to 25, `a` for 26 to 51, `0` for 52 to 61, then `-` and `_`.
  @inline(__always)
  private static func characters(ofSextets lanes: UInt64) -> UInt64 {
    lanes &+ allA &+ 6 &* atLeast(26, lanes) &- 75 &* atLeast(52, lanes) &- 13 &* atLeast(62, lanes)
      &+ 49 &* atLeast(63, lanes)
  }

  /// The reverse, or nil when a lane holds another character.
  @inline(__always)
  private static func sextets(ofCharacters lanes: UInt64) -> UInt64? {
    guard lanes & 128 &* ones == 0 else { return nil }
    let upper = atLeast(65, lanes) &- atLeast(91, lanes)
    let lower = atLeast(97, lanes) &- atLeast(123, lanes)
    let digit = atLeast(48, lanes) &- atLeast(58, lanes)
    let hyphen = atLeast(45, lanes) &- atLeast(46, lanes)
    let underscore = atLeast(95, lanes) &- atLeast(96, lanes)
    guard upper | lower | digit | hyphen | underscore == ones else { return nil }
    return lanes &- 65 &* upper &- 71 &* lower &+ 4 &* digit &+ 17 &* hyphen &- 32 &* underscore
  }
}
