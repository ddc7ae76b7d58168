internal import Foundation

/// Labels that a person takes for one another, though they are not the same letters.
///
/// Letters of other scripts that look like Latin ones are known one by one. Pairs such as `rn` and `m`, accents, and
/// letters that look alike within another script are not.
enum LookAlikes {
  /// What a text looks like: two that have one in common may be taken for each other. Empty for a blank one.
  static func looks(of text: String) -> Set<String> {
    let scalars = text.precomposedStringWithCompatibilityMapping.unicodeScalars.map(latin)
    return Set([text, String(String.UnicodeScalarView(scalars))].map(Legible.skeleton)).subtracting([""])
  }

  /// The letters of words that mix Latin letters with such as look like them, other than the Latin ones; each once.
  static func strangers(in text: String) -> [Unicode.Scalar] {
    var strangers: [Unicode.Scalar] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      let letters = word.unicodeScalars.filter(\.properties.isAlphabetic)
      let others = letters.filter { scalar in scripts.contains { $0.contains(scalar.value) } }
      guard !others.isEmpty, letters.contains(where: isLatin) else { continue }
      strangers += others.filter { !strangers.contains($0) }
    }
    var known: Set<Unicode.Scalar> = []
    return strangers.filter { known.insert($0).inserted }
  }

  private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII || (0xc0...0x24f).contains(scalar.value) || (0x1e00...0x1eff).contains(scalar.value)
  }

  /// Greek, Cyrillic, Armenian, Cherokee, Coptic and Lisu: those with capitals like the Latin ones.
  private static let scripts: [ClosedRange<UInt32>] = [
    0x370...0x3ff, 0x400...0x52f, 0x531...0x58f, 0x13a0...0x13ff, 0x1c80...0x1c8f, 0x1f00...0x1fff,
    0x2c80...0x2cff, 0x2de0...0x2dff, 0xa4d0...0xa4ff, 0xa640...0xa69f, 0xab70...0xabbf,
  ]

  private static func latin(_ scalar: Unicode.Scalar) -> Unicode.Scalar { table[scalar] ?? scalar }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs = [
      // Cyrillic, capitals and small letters.
      ("\u{410}\u{412}\u{415}\u{417}\u{406}\u{408}", "ABE3IJ"),
      ("\u{41a}\u{41c}\u{41d}\u{41e}\u{420}\u{421}", "KMHOPC"),
      ("\u{405}\u{422}\u{423}\u{425}\u{4ae}\u{51a}\u{51c}\u{474}\u{50c}\u{4c0}\u{4ba}", "STYXYQWVGlh"),
      ("\u{430}\u{435}\u{43e}\u{440}\u{441}\u{443}\u{445}\u{455}\u{456}\u{458}\u{437}", "aeopcyxsij3"),
      ("\u{501}\u{51b}\u{51d}\u{475}\u{4bb}\u{4cf}\u{433}\u{4af}\u{50d}", "dqwvhlryg"),
      // Greek.
      ("\u{391}\u{392}\u{395}\u{396}\u{397}\u{399}\u{39a}", "ABEZHIK"),
      ("\u{39c}\u{39d}\u{39f}\u{3a1}\u{3a4}\u{3a5}\u{3a7}", "MNOPTYX"),
      ("\u{3b1}\u{3bf}\u{3c1}\u{3bd}\u{3c5}\u{3b9}", "aopvui"),
      ("\u{3ba}\u{3b3}\u{3c7}\u{3b7}\u{3f2}\u{3f3}", "kyxncj"),
      // Armenian.
      ("\u{555}\u{54d}\u{585}\u{578}\u{57d}\u{570}\u{581}\u{566}\u{56c}", "OUonuhgql"),
      // Cherokee.
      ("\u{13aa}\u{13f4}\u{13df}\u{13ac}\u{13bb}\u{13ab}", "ABCEHJ"),
      ("\u{13e6}\u{13de}\u{13b7}\u{13e2}\u{13a1}\u{13da}", "KLMPRS"),
      ("\u{13a2}\u{13d9}\u{13b3}\u{13c3}\u{13c0}\u{13a0}", "TVWZGD"),
      // Latin letters and digits of their own.
      ("\u{131}\u{251}\u{261}\u{1c0}01I|", "iaglolll"),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (letters, latin) in pairs {
      for (letter, like) in zip(letters.unicodeScalars, latin.unicodeScalars) { table[letter] = like }
    }
    return table
  }()
}
