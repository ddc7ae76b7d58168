/// Normalization Form C of Unicode 17.0.0 (§9.1, UAX #15), over secret text.
///
/// The standard library's own is not public, and its tables are as old or new as the compiler;
/// Foundation's on Linux cuts scalars down to 16 bits. A password normalised by either may open nothing
/// elsewhere.
///
/// Nothing but the caller's memory ever holds the text: no array, no string. Of ASCII text nothing but its
/// length decides what is done; which rows of the tables other text touches, and so how long it takes, depends
/// on the text.
enum NFC {
  /// How much memory normalising `utf8Count` bytes takes: 1.5 slots of 4 bytes for each byte, as for U+0390.
  static func workspaceCount(utf8Count: Int) -> Int { 6 * utf8Count }

  /// No longer text has a normal form of `outputCount` bytes: it shrinks most, to 2 bytes from 7, where
  /// U+1FBE U+0308 U+0301 becomes U+0390.
  static func maxInputCount(outputCount: Int) -> Int { outputCount * 7 / 2 }

  /// Normalises `utf8` inside `memory`, which has at least `workspaceCount` bytes and is overwritten.
  ///
  /// Linear in the input, except that a run of combining marks takes the square of its length if its order
  /// is the worst: bound the input.
  ///
  /// - Returns: the number of bytes of the result, which stands at the start of `memory`. The rest of it,
  ///   and all of it after an error, holds leftovers of the text.
  static func normalize(
    _ utf8: Span<UInt8>, in memory: inout MutableSpan<UInt8>
  ) throws(NormalizationError) -> Int {
    precondition(memory.count >= workspaceCount(utf8Count: utf8.count), "the memory is too small")
    let (isASCII, hasNUL) = look(at: utf8)
    // declassified(ascii): whether all is ASCII
    if isASCII {
      // declassified(nul): whether U+0000 is in it
      guard !hasNUL else { throw .nul }
      for index in utf8.indices { memory[index] = utf8[index] }
      return utf8.count
    }
    var count = try decompose(utf8, into: &memory)
    compose(&memory, &count)
    return encode(&memory, count)
  }

  /// Whether all is ASCII, and whether U+0000 is in it: of all bytes together, wherever they are.
  private static func look(at utf8: Span<UInt8>) -> (isASCII: Bool, hasNUL: Bool) {
    var union: UInt8 = 0
    var borrows: UInt16 = 0
    for index in utf8.indices {
      union |= utf8[index]
      borrows |= UInt16(utf8[index]) &- 1
    }
    return (union < 0x80, borrows >> 8 != 0)
  }

  // MARK: The three steps. In between, `memory` holds slots: a scalar and, above bit 24, its combining class.

  /// Decodes and decomposes, and puts each run of combining marks into canonical order.
  private static func decompose(
    _ utf8: Span<UInt8>, into memory: inout MutableSpan<UInt8>
  ) throws(NormalizationError) -> Int {
    var count = 0
    var offset = 0
    while offset < utf8.count {
      let scalar = try decodeScalar(utf8, &offset)
      guard scalar != 0 else { throw .nul }
      guard scalar < 0x80 || UnicodeData.isAssigned(scalar) else { throw .unassigned }
      append(scalar, to: &memory, &count)
    }
    return count
  }

  /// Composes each starter with what follows it unblocked. The slots only ever move down.
  private static func compose(_ memory: inout MutableSpan<UInt8>, _ count: inout Int) {
    var kept = 0
    var starter: Int?
    for index in 0..<count {
      let slot = memory.slot(index)
      if let starter, starter == kept - 1 || memory.slot(kept - 1) >> 24 < slot >> 24,
        let composite = composite(of: memory.slot(starter), slot & 0xFF_FFFF)
      {
        memory.setSlot(starter, composite)
        continue
      }
      if slot >> 24 == 0 { starter = kept }
      memory.setSlot(kept, slot)
      kept += 1
    }
    count = kept
  }

  /// Replaces the slots by UTF-8, which is never ahead of the slot being read.
  private static func encode(_ memory: inout MutableSpan<UInt8>, _ count: Int) -> Int {
    var byteCount = 0
    for index in 0..<count {
      let scalar = memory.slot(index) & 0xFF_FFFF
      let (trailing, lead): (Int, UInt32) =
        switch scalar {
        case ..<0x80: (0, 0)
        case ..<0x800: (1, 0xC0)
        case ..<0x1_0000: (2, 0xE0)
        default: (3, 0xF0)
        }
      memory[byteCount] = UInt8(lead | scalar >> UInt32(6 * trailing))
      for position in 0..<trailing {
        let bits = scalar >> UInt32(6 * (trailing - 1 - position)) & 0x3F
        memory[byteCount + 1 + position] = UInt8(0x80 | bits)
      }
      byteCount += 1 + trailing
    }
    return byteCount
  }

  // MARK: Scalars

  /// Table 3-7 of the Unicode Standard, Well-Formed UTF-8 Byte Sequences.
  private static func decodeScalar(_ utf8: Span<UInt8>, _ offset: inout Int) throws(NormalizationError)
    -> UInt32
  {
    let start = offset
    let lead = utf8[start]
    let trailing: Int
    var allowed: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0x00...0x7F: trailing = 0
    case 0xC2...0xDF: trailing = 1
    case 0xE0: (trailing, allowed) = (2, 0xA0...0xBF)
    case 0xED: (trailing, allowed) = (2, 0x80...0x9F)
    case 0xE1...0xEF: trailing = 2
    case 0xF0: (trailing, allowed) = (3, 0x90...0xBF)
    case 0xF1...0xF3: trailing = 3
    case 0xF4: (trailing, allowed) = (3, 0x80...0x8F)
    default: throw .illFormed
    }
    var scalar = UInt32(lead) & (trailing == 0 ? 0x7F : 0x3F >> UInt32(trailing))
    for index in start + 1..<start + 1 + trailing {
      guard index < utf8.count, allowed.contains(utf8[index]) else { throw .illFormed }
      scalar = scalar << 6 | UInt32(utf8[index] & 0x3F)
      allowed = 0x80...0xBF
    }
    offset = start + 1 + trailing
    return scalar
  }

  /// Appends the full canonical decomposition, each mark sorted, stably, into the run that it ends.
  private static func append(_ scalar: UInt32, to memory: inout MutableSpan<UInt8>, _ count: inout Int) {
    if let (first, second) = decomposition(of: scalar) {
      append(first, to: &memory, &count)
      if let second { append(second, to: &memory, &count) }
      return
    }
    let combiningClass = scalar < 0x300 ? 0 : UnicodeData.combiningClass(of: scalar)
    var index = count
    if combiningClass != 0 {
      while index > 0, memory.slot(index - 1) >> 24 > combiningClass {
        memory.setSlot(index, memory.slot(index - 1))
        index -= 1
      }
    }
    memory.setSlot(index, combiningClass << 24 | scalar)
    count += 1
  }

  // MARK: One step of decomposition and composition (section 3.12 of the Unicode Standard for Hangul)

  private static func decomposition(of scalar: UInt32) -> (first: UInt32, second: UInt32?)? {
    if scalar < 0xC0 { return nil }
    if Hangul.syllables.contains(scalar) {
      let index = scalar - Hangul.syllables.lowerBound
      let (syllable, trailing) = index.quotientAndRemainder(dividingBy: Hangul.trailingCount)
      if trailing != 0 { return (scalar - trailing, Hangul.trailingBase + trailing) }
      let (leading, vowel) = syllable.quotientAndRemainder(dividingBy: Hangul.vowelCount)
      return (Hangul.leading.lowerBound + leading, Hangul.vowels.lowerBound + vowel)
    }
    return UnicodeData.decomposition(of: scalar)
  }

  private static func composite(of first: UInt32, _ second: UInt32) -> UInt32? {
    if second < 0x300 { return nil }
    if Hangul.leading.contains(first), Hangul.vowels.contains(second) {
      let syllable =
        (first - Hangul.leading.lowerBound) * Hangul.vowelCount + second - Hangul.vowels.lowerBound
      return Hangul.syllables.lowerBound + syllable * Hangul.trailingCount
    }
    if Hangul.syllables.contains(first), Hangul.trailing.contains(second),
      (first - Hangul.syllables.lowerBound).isMultiple(of: Hangul.trailingCount)
    {
      return first + second - Hangul.trailingBase
    }
    return UnicodeData.composite(of: first, second)
  }

  private enum Hangul {
    static let leading: Range<UInt32> = 0x1100..<0x1113
    static let vowels: Range<UInt32> = 0x1161..<0x1176
    static let trailing: Range<UInt32> = 0x11A8..<0x11C3
    static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    static let vowelCount: UInt32 = 21
    /// One more than there are: no trailing consonant counts as the one at `trailingBase`.
    static let trailingCount: UInt32 = 28
    static let trailingBase: UInt32 = 0x11A7
  }
}

extension MutableSpan<UInt8> {
  fileprivate func slot(_ index: Int) -> UInt32 {
    let start = 4 * index
    let high = UInt32(self[start]) << 24 | UInt32(self[start + 1]) << 16
    return high | UInt32(self[start + 2]) << 8 | UInt32(self[start + 3])
  }

  fileprivate mutating func setSlot(_ index: Int, _ slot: UInt32) {
    let start = 4 * index
    self[start] = UInt8(truncatingIfNeeded: slot >> 24)
    self[start + 1] = UInt8(truncatingIfNeeded: slot >> 16)
    self[start + 2] = UInt8(truncatingIfNeeded: slot >> 8)
    self[start + 3] = UInt8(truncatingIfNeeded: slot)
  }
}
