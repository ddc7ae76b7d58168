/// The properties of Unicode 17.0.0 behind `NFC`.
///
/// The standard library has them too, but of a Unicode version that differs between compilers.
enum UnicodeData {
  /// Whether the scalar value has a general category other than Cn.
  static func isAssigned(_ scalar: UInt32) -> Bool {
    guard let range = assigned.last(where: { $0.first <= scalar }) else { return false }
    return scalar <= range.last
  }

  /// Canonical_Combining_Class.
  static func combiningClass(of scalar: UInt32) -> UInt32 {
    guard let range = combiningClasses.last(where: { $0.first <= scalar }), scalar <= range.last else {
      return 0
    }
    return range.combiningClass
  }

  /// One step of the canonical decomposition, Hangul syllables aside; no `second` for a singleton.
  static func decomposition(of scalar: UInt32) -> (first: UInt32, second: UInt32?)? {
    guard let mapping = decompositions.last(where: { $0.scalar <= scalar }), mapping.scalar == scalar else {
      return nil
    }
    return (mapping.first, mapping.second == 0 ? nil : mapping.second)
  }

  /// The primary composite that decomposes into the pair, Hangul syllables aside.
  static func composite(of first: UInt32, _ second: UInt32) -> UInt32? {
    guard let mapping = compositions.last(where: { ($0.first, $0.second) <= (first, second) }),
      mapping.first == first, mapping.second == second
    else { return nil }
    return mapping.scalar
  }

  private typealias Mapping = (scalar: UInt32, first: UInt32, second: UInt32)

  private static let decompositions = SortedRows<Mapping>(UnicodeTables.decompositions) { digits in
    (digits.number(4), digits.number(4), digits.number(4))
  }

  private static let compositions = SortedRows<Mapping>(UnicodeTables.compositions) { digits in
    decompositions[Int(digits.number(2))]
  }

  private static let combiningClasses = SortedRows<(first: UInt32, last: UInt32, combiningClass: UInt32)>(
    UnicodeTables.combiningClasses
  ) { digits in
    (digits.number(4), digits.number(4), digits.number(2))
  }

  private static let assigned = SortedRows<(first: UInt32, last: UInt32)>(UnicodeTables.assigned) { digits in
    (digits.number(4), digits.number(4))
  }
}

/// The rows of one of `UnicodeTables`, unpacked.
private struct SortedRows<Row: Sendable>: Sendable {
  private let rows: [Row]

  init(_ text: String, row: (inout Digits) -> Row) {
    var digits = Digits(text)
    var rows: [Row] = []
    while !digits.isEmpty { rows.append(row(&digits)) }
    self.rows = rows
  }

  subscript(_ index: Int) -> Row { rows[index] }

  /// The last row that satisfies a predicate which, once false, stays false. nil if there is none.
  func last(where holds: (Row) -> Bool) -> Row? {
    var low = 0
    var high = rows.count
    while low < high {
      let middle = low + (high - low) / 2
      if holds(rows[middle]) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : rows[low - 1]
  }
}

/// Reads numbers in base 64, as `tools/run generate unicode_swift` writes them.
private struct Digits {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isEmpty: Bool { rest.isEmpty }

  mutating func number(_ count: Int) -> UInt32 {
    let digits = rest.prefix(count)
    rest = rest.dropFirst(count)
    return digits.reduce(0) { value, digit in
      value << 6 | UInt32(digit - (digit < UInt8(ascii: "\\") ? 0x30 : 0x31))
    }
  }
}
