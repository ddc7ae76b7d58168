/// Normalization Form C of Unicode 17.0.0 (UAX #15), over secret text.
///
/// The standard library's own is not public, and its tables are as old or new as the compiler;
/// Foundation's on Linux cuts scalars down to 16 bits. A password normalised by either may open nothing
/// elsewhere.
///
/// Nothing but the caller's memory ever holds the text: no array, no string. ASCII text is read from no
/// table; which tables' rows other text touches, and so how long it takes, depends on the text.
package enum NFC {
  /// Why text is refused. Says where, in bytes of the input, and never what stands there.
  package enum Failure: Error, Equatable {
    /// Not UTF-8: an overlong form, a surrogate, a value above U+10FFFF, a stray or a missing byte.
    /// The offset is that of the first byte of the first such sequence.
    case illFormed(at: Int)
    /// A code point that Unicode 17.0.0 does not assign, noncharacters included, in well-formed UTF-8.
    /// The offset is that of its first byte.
    case unassigned(at: Int)
  }

  /// How much memory normalising `utf8Count` bytes takes: 1.5 slots of 4 bytes for each byte, as for U+0390.
  package static func workspaceCount(utf8Count: Int) -> Int { 6 * utf8Count }

  /// Normalises `utf8` inside `memory`, which has at least `workspaceCount` bytes and is overwritten.
  ///
  /// The result stands at the start of `memory`, the rest of which is zero; after a failure all of it is.
  /// Linear in the input, except that a run of combining marks takes the square of its length if its order
  /// is the worst: bound the input.
  ///
  /// - Returns: the number of bytes of the result.
  package static func normalize(
    utf8: RawSpan, in memory: inout MutableRawSpan
  ) throws(Failure) -> Int {
    precondition(memory.byteCount >= workspaceCount(utf8Count: utf8.byteCount), "the memory is too small")
    var byteCount = 0
    defer { memory.zero(from: byteCount) }
    var count = try decompose(utf8, into: &memory)
    compose(&memory, &count)
    byteCount = encode(&memory, count)
    return byteCount
  }

  // MARK: The three steps. In between, `memory` holds slots: a scalar and, above bit 24, its combining class.

  /// Decodes and decomposes, and puts each run of combining marks into canonical order.
  private static func decompose(_ utf8: RawSpan, into memory: inout MutableRawSpan) throws(Failure) -> Int {
    var count = 0
    var offset = 0
    var firstUnassigned: Int?
    while offset < utf8.byteCount {
      let start = offset
      let scalar = try decodeScalar(utf8, &offset)
      if scalar >= 0x80, firstUnassigned == nil, !UnicodeData.isAssigned(scalar) { firstUnassigned = start }
      if firstUnassigned == nil { append(scalar, to: &memory, &count) }
    }
    if let firstUnassigned { throw .unassigned(at: firstUnassigned) }
    return count
  }

  /// Composes each starter with what follows it unblocked. The slots only ever move down.
  private static func compose(_ memory: inout MutableRawSpan, _ count: inout Int) {
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
  private static func encode(_ memory: inout MutableRawSpan, _ count: Int) -> Int {
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
      memory.setByte(byteCount, UInt8(lead | scalar >> UInt32(6 * trailing)))
      for position in 0..<trailing {
        let bits = scalar >> UInt32(6 * (trailing - 1 - position)) & 0x3F
        memory.setByte(byteCount + 1 + position, UInt8(0x80 | bits))
      }
      byteCount += 1 + trailing
    }
    return byteCount
  }

  // MARK: Scalars

  /// Table 3-7 of the Unicode Standard, Well-Formed UTF-8 Byte Sequences.
  private static func decodeScalar(_ utf8: RawSpan, _ offset: inout Int) throws(Failure) -> UInt32 {
    let start = offset
    let lead = utf8.byte(start)
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
    default: throw .illFormed(at: start)
    }
    var scalar = UInt32(lead) & (trailing == 0 ? 0x7F : 0x3F >> UInt32(trailing))
    for index in start + 1..<start + 1 + trailing {
      guard index < utf8.byteCount, allowed.contains(utf8.byte(index)) else { throw .illFormed(at: start) }
      scalar = scalar << 6 | UInt32(utf8.byte(index) & 0x3F)
      allowed = 0x80...0xBF
    }
    offset = start + 1 + trailing
    return scalar
  }

  /// Appends the full canonical decomposition, each mark sorted, stably, into the run that it ends.
  private static func append(_ scalar: UInt32, to memory: inout MutableRawSpan, _ count: inout Int) {
    if let (first, second) = decomposition(of: scalar) {
      append(first, to: &memory, &count)
      if let second { append(second, to: &memory, &count) }
      return
    }
    let combiningClass = scalar < 0x300 ? 0 : UInt32(UnicodeData.combiningClass(of: scalar))
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

// Bounds-checked, and every bit pattern is a value of these types; unaligned, as guarded memory may be.
extension RawSpan {
  fileprivate func byte(_ offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }
}

extension MutableRawSpan {
  fileprivate func slot(_ index: Int) -> UInt32 {
    unsafe unsafeLoadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
  }

  fileprivate mutating func setSlot(_ index: Int, _ slot: UInt32) {
    storeBytes(of: slot, toByteOffset: 4 * index, as: UInt32.self)
  }

  fileprivate mutating func setByte(_ offset: Int, _ byte: UInt8) {
    storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }

  fileprivate mutating func zero(from offset: Int) {
    for offset in offset..<byteCount { setByte(offset, 0) }
  }
}
