/// The properties of Unicode 17.0.0 behind `NFC`.
///
/// The standard library has them too, but of a Unicode version that differs between compilers.
enum UnicodeData {
  /// Whether the scalar value has a general category other than Cn.
  static func isAssigned(_ scalar: UInt32) -> Bool {
    guard let row = assigned.lastRow(startingAtOrBelow: scalar) else { return false }
    return scalar <= assigned.number(row, digit: 4, digits: 4)
  }

  /// Canonical_Combining_Class.
  static func combiningClass(of scalar: UInt32) -> UInt8 {
    guard let row = combiningClasses.lastRow(startingAtOrBelow: scalar),
      scalar <= combiningClasses.number(row, digit: 4, digits: 4)
    else { return 0 }
    return UInt8(combiningClasses.number(row, digit: 8, digits: 2))
  }

  /// One step of the canonical decomposition, Hangul syllables aside; no `second` for a singleton.
  static func decomposition(of scalar: UInt32) -> (first: UInt32, second: UInt32?)? {
    guard let row = decompositions.lastRow(startingAtOrBelow: scalar),
      decompositions.number(row, digit: 0, digits: 4) == scalar
    else { return nil }
    let second = decompositions.number(row, digit: 8, digits: 4)
    return (decompositions.number(row, digit: 4, digits: 4), second == 0 ? nil : second)
  }

  /// The primary composite that decomposes into the pair, Hangul syllables aside.
  static func composite(of first: UInt32, _ second: UInt32) -> UInt32? {
    let sought = (first, second)
    func pair(_ index: Int) -> (UInt32, UInt32) {
      let row = Int(compositions.number(index, digit: 0, digits: 2))
      return (
        decompositions.number(row, digit: 4, digits: 4), decompositions.number(row, digit: 8, digits: 4)
      )
    }
    guard let index = compositions.lastRow(where: { pair($0) <= sought }), pair(index) == sought else {
      return nil
    }
    let row = Int(compositions.number(index, digit: 0, digits: 2))
    return decompositions.number(row, digit: 0, digits: 4)
  }

  private static let decompositions = Table(UnicodeTables.decompositions, digitsPerRow: 12)
  private static let compositions = Table(UnicodeTables.compositions, digitsPerRow: 2)
  private static let combiningClasses = Table(UnicodeTables.combiningClasses, digitsPerRow: 10)
  private static let assigned = Table(UnicodeTables.assigned, digitsPerRow: 8)
}

/// Rows of numbers in increasing order, packed as spec/tools/unicode_tables.py says.
private struct Table {
  private let text: StaticString
  private let digitsPerRow: Int

  init(_ text: StaticString, digitsPerRow: Int) {
    self.text = text
    self.digitsPerRow = digitsPerRow
  }

  /// The last row whose first number, a scalar, does not exceed `scalar`.
  func lastRow(startingAtOrBelow scalar: UInt32) -> Int? {
    lastRow { number($0, digit: 0, digits: 4) <= scalar }
  }

  /// The last row that satisfies a predicate which, once false, stays false. nil if there is none.
  func lastRow(where holds: (Int) -> Bool) -> Int? {
    var low = 0
    var high = text.utf8CodeUnitCount / digitsPerRow
    while low < high {
      let middle = low + (high - low) / 2
      if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  func number(_ row: Int, digit: Int, digits: Int) -> UInt32 {
    let start = row * digitsPerRow + digit
    precondition(start >= 0 && start + digits <= text.utf8CodeUnitCount)
    return (start..<start + digits).reduce(0) { value, index in
      let character = unsafe text.utf8Start[index]
      return value << 6 | UInt32(character - (character < UInt8(ascii: "\\") ? 0x30 : 0x31))
    }
  }
}
