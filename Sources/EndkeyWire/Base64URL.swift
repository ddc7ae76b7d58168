/// Base64url without padding, of which only canonical text is read. §2.4
///
/// Eight characters are made or read at once, by tables, so time depends on them: this is for tokens and blobs, which are
/// public. No key ever passes through it: keys lie in files as sealed bytes, and the texts that hold a secret, enrolment
/// codes and account secrets, are Bech32m (`SecretText`), which is read and written by arithmetic alone. §18.1
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
    var text = writer.room(textCount(bytes.count))
    var (offset, target) = (0, 0)
    while bytes.count - offset >= 8 {  // one load of eight is quicker than of six
      text.store(characters(ofBits: bytes.bigEndian(at: offset) >> 16), at: target)
      offset += 6
      target += 8
    }
    while offset < bytes.count {
      let count = min(bytes.count - offset, 6)
      let bits = bytes.leading(count, at: offset) >> 16
      text.store(first: textCount(count), of: characters(ofBits: bits), at: target)
      offset += count
      target += 8
    }
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

  /// Reads all of `text` and writes `byteCount(text.count)` bytes, of no meaning when it throws, as `decode` does.
  public static func decode(
    _ text: Span<UInt8>, base: Int = 0, into writer: inout Writer
  ) throws(WireError) {
    var bytes = writer.room(byteCount(text.count))
    var (offset, target) = (0, 0)
    // A store of eight bytes is quicker than of six: the next one overwrites the last two.
    while text.count - offset >= 11 {
      guard let bits = bits(ofCharacters: text.bigEndian(at: offset)) else { throw alphabetFault(text, base) }
      bytes.store(bits << 16, at: target)
      offset += 8
      target += 6
    }
    while offset < text.count {
      let count = min(text.count - offset, 8)
      let characters = text.leading(count, at: offset) | padding(count)
      guard let bits = bits(ofCharacters: characters) else { throw alphabetFault(text, base) }
      guard count % 4 != 1 else { throw fault(at: base + text.count) }
      let (word, byteCount) = (bits << 16, byteCount(count))
      guard word << UInt64(8 * byteCount) == 0 else { throw fault(at: base + text.count - 1) }
      bytes.store(first: byteCount, of: word, at: target)
      offset += count
      target += byteCount
    }
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
    while end - offset >= 8, bits(ofCharacters: text.bigEndian(at: offset)) != nil { offset += 8 }
    while offset < end, isCharacter(text[offset]) { offset += 1 }
    return offset
  }

  /// Whether the last of `count` characters has no bits that encode no byte, or zeros there.
  static func isCanonical(last character: UInt8, ofCount count: Int) -> Bool {
    guard count % 4 > 1 else { return count % 4 == 0 }
    let characters = allA & ~0xff | UInt64(character)
    guard let bits = bits(ofCharacters: characters) else { return false }
    return bits & (count % 4 == 2 ? 15 : 3) == 0
  }
}

extension Base64URL {
  private static func isCharacter(_ character: UInt8) -> Bool {
    bits(ofCharacters: allA & ~0xff | UInt64(character)) != nil
  }

  /// `A`, which stands for 0, behind the first `count` of eight characters.
  @inline(__always)
  private static func padding(_ count: Int) -> UInt64 { count < 8 ? allA >> UInt64(8 * count) : 0 }

  private static func alphabetFault(_ text: Span<UInt8>, _ base: Int) -> WireError {
    fault(at: base + run(text, from: 0, upTo: text.count))
  }

  private static func fault(at offset: Int) -> WireError {
    WireError(.badBase64url, at: offset, .base64url)
  }
}

// MARK: - Eight characters

extension Base64URL {
  /// Eight times `A`, which stands for 0.
  private static var allA: UInt64 { 0x4141_4141_4141_4141 }

  /// The eight characters for 48 bits.
  @inline(__always)
  private static func characters(ofBits bits: UInt64) -> UInt64 {
    UInt64(pairs[Int(bits >> 36 & 4_095)]) << 48 | UInt64(pairs[Int(bits >> 24 & 4_095)]) << 32
      | UInt64(pairs[Int(bits >> 12 & 4_095)]) << 16 | UInt64(pairs[Int(bits & 4_095)])
  }

  /// The 48 bits of eight characters, or nil when one is none of the alphabet.
  @inline(__always)
  private static func bits(ofCharacters characters: UInt64) -> UInt64? {
    let first = bits(ofFour: characters >> 32)
    let second = bits(ofFour: characters)
    guard (first | second) >> 24 == 0 else { return nil }
    return UInt64(first) << 24 | UInt64(second)
  }

  /// The 24 bits of the lower four characters, or more than 24 when one is none of the alphabet.
  @inline(__always)
  private static func bits(ofFour characters: UInt64) -> UInt32 {
    numbers[Int(characters >> 24 & 255)] | numbers[256 + Int(characters >> 16 & 255)]
      | numbers[512 + Int(characters >> 8 & 255)] | numbers[768 + Int(characters & 255)]
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The two characters for 12 bits.
  private static let pairs = InlineArray<4_096, UInt16> { bits in
    UInt16(alphabet[bits >> 6]) << 8 | UInt16(alphabet[bits & 63])
  }

  /// The bits of a character in the first, second, third and fourth place of four.
  private static let numbers = InlineArray<1_024, UInt32> { index in
    guard let number = alphabet.firstIndex(of: UInt8(index & 255)) else { return .max }
    return UInt32(number) << UInt32(18 - 6 * (index >> 8))
  }
}
