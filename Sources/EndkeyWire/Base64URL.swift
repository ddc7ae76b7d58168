/// Base64url without padding, of which only canonical text is read. §2.4
///
/// Sixteen characters are made or read at once, by arithmetic alone. Where a text has a fault shows in the time, and
/// nothing else of it. No key passes through here: texts that hold a secret are Bech32m (`SecretText`). §18.1
public enum Base64URL {
  /// The number of characters for `count` bytes.
  public static func textCount(_ count: Int) -> Int {
    count / 3 * 4 + (count % 3 == 0 ? 0 : count % 3 + 1)
  }

  /// The number of bytes in `count` characters.
  public static func byteCount(_ count: Int) -> Int {
    count / 4 * 3 + count % 4 * 3 / 4
  }

  /// The number of bits, all 0, behind those of bytes in the last of `count` characters.
  @inline(__always)
  private static func paddingBitCount(_ count: Int) -> Int { 6 * count & 7 }

  /// Writes the text of `bytes`: `textCount(bytes.count)` characters. §2.4, RFC 4648 section 5
  public static func encode(_ bytes: Span<UInt8>, into writer: inout Writer) {
    var text = writer.room(textCount(bytes.count))
    var (offset, target) = (0, 0)
    while bytes.count - offset >= 12 {
      let bits = Bits(bytes.bigEndian(at: offset) >> 16, bytes.bigEndian(at: offset + 4) & low48)
      text.storeBytes(of: characters(bits), toByteOffset: target, as: Characters.self)
      offset += 12
      target += 16
    }
    guard offset < bytes.count else { return }
    if offset > 0 {
      // The last sixteen characters, some of them again: one step instead of many.
      let padding = UInt64(paddingBitCount(text.byteCount))
      let (first, last) = (bytes.bigEndian(at: bytes.count - 12), bytes.bigEndian(at: bytes.count - 8))
      let bits = Bits(first >> (16 - padding) & low48, last << padding & low48)
      text.storeBytes(of: characters(bits), toByteOffset: text.byteCount - 16, as: Characters.self)
      return
    }
    while offset < bytes.count {
      let count = min(bytes.count - offset, 6)
      let characters = characters(Bits(bytes.leading(count, at: offset) >> 16, 0))
      text.store(first: textCount(count), of: words(characters).x, at: target)
      offset += count
      target += 8
    }
  }

  /// The text of `bytes`, without padding. §2.4, RFC 4648 section 5
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
    var areValid = Mask(repeating: -1)
    while text.count - offset >= 16 {
      let (bits, areThese) = bits(text.characters(at: offset))
      areValid &= areThese
      bytes.store(bits.x << 16 | bits.y >> 32, at: target)
      bytes.store(bits.x << 48 | bits.y, at: target + 4)
      offset += 16
      target += 12
    }
    if offset > 0 {
      // The last sixteen characters, some of them again: one step instead of many.
      let (bits, areThese) = bits(text.characters(at: text.count - 16))
      guard all(areValid & areThese) else { throw alphabetFault(text, base) }
      guard text.count % 4 != 1 else { throw fault(at: base + text.count) }
      let padding = UInt64(paddingBitCount(text.count))
      guard bits.y & (1 << padding - 1) == 0 else { throw fault(at: base + text.count - 1) }
      guard offset < text.count else { return }
      let (first, last) = (bits.x << 16 | bits.y >> 32, bits.x << 48 | bits.y)
      bytes.store(first << (8 - padding) | last >> (24 + padding) & 0xff, at: bytes.byteCount - 11)
      bytes.store(last >> padding | bits.x << (48 - padding), at: bytes.byteCount - 8)
      return
    }
    while offset < text.count {
      let count = min(text.count - offset, 8)
      guard let bits = bits(ofEight: text.leading(count, at: offset) | padding(count)) else {
        throw alphabetFault(text, base)
      }
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
    while end - offset >= 8, bits(ofEight: text.bigEndian(at: offset)) != nil { offset += 8 }
    while offset < end, isCharacter(text[offset]) { offset += 1 }
    return offset
  }

  /// Whether the last of `count` characters has no bits that encode no byte, or zeros there.
  static func isCanonical(last character: UInt8, ofCount count: Int) -> Bool {
    guard count % 4 > 1 else { return count % 4 == 0 }
    let characters = allA & ~0xff | UInt64(character)
    guard let bits = bits(ofEight: characters) else { return false }
    return bits & (count % 4 == 2 ? 15 : 3) == 0
  }
}

extension Base64URL {
  private static func isCharacter(_ character: UInt8) -> Bool {
    bits(ofEight: allA & ~0xff | UInt64(character)) != nil
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

// MARK: - Sixteen characters

extension Base64URL {
  private typealias Characters = SIMD16<Int8>
  /// -1 for each character that has a property, 0 for others.
  private typealias Mask = SIMD16<Int8>
  /// Twice 48 bits, which are eight characters each.
  private typealias Bits = SIMD2<UInt64>

  private static var low48: UInt64 { 0xffff_ffff_ffff }

  /// `A`, which stands for 0, eight times.
  private static var allA: UInt64 { 0x4141_4141_4141_4141 }

  // Operators between a vector and a number are slow loops: each number is made a vector first.
  @inline(__always)
  private static func each(_ number: Int8) -> Characters { Characters(repeating: number) }
  @inline(__always)
  private static func both(_ number: UInt64) -> Bits { Bits(repeating: number) }

  /// The characters for `bits`.
  @inline(__always)
  private static func characters(_ bits: Bits) -> Characters {
    // 6 bits to a byte: the halves apart, the halves of those, and again.
    let (half, quarter, eighth) = (both(0xff_ffff), both(0xfff_0000_0fff), both(0x3f_003f_003f_003f))
    var parts = bits &>> both(24) | (bits & half) &<< both(32)
    parts = parts &>> both(12) & quarter | (parts & quarter) &<< both(16)
    parts = parts &>> both(6) & eighth | (parts & eighth) &<< both(8)
    let numbers = unsafe unsafeBitCast(parts, to: Characters.self)
    // A to Z, and from there on what the next characters lie apart: a to z, 0 to 9, -, _.
    var characters = numbers &+ each(65)
    characters &+= mask(numbers .> each(25)) & each(6)
    characters &-= mask(numbers .> each(51)) & each(75)
    characters &-= mask(numbers .> each(61)) & each(13)
    characters &+= mask(numbers .> each(62)) & each(49)
    return characters
  }

  /// The bits of `characters`, and which of them are of the alphabet.
  @inline(always)
  private static func bits(_ characters: Characters) -> (Bits, areValid: Mask) {
    let isUpper = mask(characters .> each(64)) & mask(characters .< each(91))
    let isLower = mask(characters .> each(96)) & mask(characters .< each(123))
    let isDigit = mask(characters .> each(47)) & mask(characters .< each(58))
    let isHyphen = mask(characters .== each(45))
    let isLow = mask(characters .== each(95))
    let letters = isUpper & each(-65) | isLower & each(-71)
    let distance = letters | isDigit & each(4) | isHyphen & each(17) | isLow & each(-32)
    // Two times 6 bits side by side, and two times that, and again. In vectors of as many parts, or else what comes out
    // is words, and slower.
    let sixes = unsafe unsafeBitCast(characters &+ distance, to: SIMD8<UInt16>.self)
    let twelves = unsafe unsafeBitCast(
      (sixes & SIMD8(repeating: 0xff)) &<< SIMD8(repeating: 6) | sixes &>> SIMD8(repeating: 8),
      to: SIMD4<UInt32>.self)
    let parts = unsafe unsafeBitCast(
      (twelves & SIMD4(repeating: 0xffff)) &<< SIMD4(repeating: 12) | twelves &>> SIMD4(repeating: 16),
      to: Bits.self)
    let bits = (parts & both(0xffff_ffff)) &<< both(24) | parts &>> both(32)
    return (bits, isUpper | isLower | isDigit | isHyphen | isLow)
  }

  /// The 48 bits of eight characters, or nil when one is none of the alphabet.
  @inline(__always)
  private static func bits(ofEight characters: UInt64) -> UInt64? {
    let words = SIMD2(characters.bigEndian, allA)
    let (bits, areValid) = bits(unsafe unsafeBitCast(words, to: Characters.self))
    return all(areValid) ? bits.x : nil
  }

  @inline(__always)
  private static func mask(_ mask: SIMDMask<Mask>) -> Mask {
    Mask().replacing(with: -1, where: mask)
  }

  @inline(__always)
  private static func all(_ mask: Mask) -> Bool {
    let words = words(mask)
    return words.x & words.y == .max
  }

  /// Eight characters each.
  @inline(__always)
  private static func words(_ characters: Characters) -> Bits {
    let words = unsafe unsafeBitCast(characters, to: Bits.self)
    return Bits(words.x.bigEndian, words.y.bigEndian)
  }
}

extension Span<UInt8> {
  /// The sixteen bytes from `offset` on.
  @inline(__always)
  fileprivate func characters(at offset: Int) -> SIMD16<Int8> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD16<Int8>.self)
  }
}
