import EndkeyPrimitives
@_spi(_Unicode) import Swift
import Testing

@testable import Endkey

@Suite("Normal forms (§9.1)") struct NormalizationTests {
  // MARK: Normalization Form C

  /// A text, its NFC, and what it shows.
  static let texts: [(text: [UInt32], normal: [UInt32], fact: String)] = [
    ([0x41, 0x30A], [0xC5], "a letter and its mark compose"),
    ([0x212B], [0xC5], "ANGSTROM SIGN is a singleton, and composes again"),
    ([0x2126], [0x3A9], "OHM SIGN is a singleton"),
    ([0x1FEF], [0x60], "a singleton becomes ASCII"),
    ([0x390], [0x390], "three scalars in two bytes fit the memory"),
    ([0x1FBE, 0x308, 0x301], [0x390], "seven bytes become two, the most that text shrinks"),
    ([0x1D6, 0x301], [0x1D6, 0x301], "a further mark of the same class stays behind a full composite"),
    // Hangul
    ([0x1100, 0x1161, 0x11A8], [0xAC01], "jamo compose to a syllable"),
    ([0xAC00, 0x11A8], [0xAC01], "a syllable takes a trailing consonant"),
    ([0xAC01, 0x11A8], [0xAC01, 0x11A8], "a full syllable takes no second one"),
    ([0xAC00, 0x11A7], [0xAC00, 0x11A7], "U+11A7 is no trailing consonant"),
    ([0xAC00, 0x11C3], [0xAC00, 0x11C3], "U+11C3 is none either"),
    ([0x1112, 0x1175, 0x11C2], [0xD7A3], "the last syllable"),
    ([0x1113, 0x1161], [0x1113, 0x1161], "U+1113 is no leading consonant of a syllable"),
    ([0x1100, 0x1176], [0x1100, 0x1176], "U+1176 is no vowel of a syllable"),
    ([0x1100, 0x300, 0x1161], [0x1100, 0x300, 0x1161], "a mark blocks a vowel"),
    // Beyond 16 bits
    ([0x10041, 0x300], [0x10041, 0x300], "U+10041 is not U+0041"),
    ([0x110A5, 0x110BA], [0x110AB], "composites exist beyond 16 bits"),
    ([0x11935, 0x11930], [0x11938], "and of two spacing scalars"),
    ([0x1D15E], [0x1D157, 0x1D165], "and some are excluded from composition"),
    ([0x2F800], [0x4E3D], "a compatibility ideograph is a singleton"),
    // Composition exclusions
    ([0x958], [0x915, 0x93C], "a script-specific exclusion comes apart"),
    ([0x915, 0x93C], [0x915, 0x93C], "and stays so"),
    ([0x2ADD, 0x338], [0x2ADD, 0x338], "a later composite is not composed"),
    ([0x344], [0x308, 0x301], "a mark that decomposes to marks comes apart"),
    ([0xF73], [0xF71, 0xF72], "so does one with parts of different classes"),
    ([0x43, 0x344], [0x43, 0x308, 0x301], "and its parts find their place"),
    ([0x75, 0x344], [0x1D8], "or compose, one by one"),
    // Order
    ([0x71, 0x307, 0x323], [0x71, 0x323, 0x307], "marks are ordered by class"),
    ([0x44, 0x307, 0x323], [0x1E0C, 0x307], "before they compose"),
    ([0x61, 0x315, 0x300, 0x5AE, 0x62], [0xE0, 0x5AE, 0x315, 0x62], "marks compose over others"),
    ([0x61, 0x303, 0x301], [0xE3, 0x301], "marks of one class keep their order"),
    ([0x61, 0x301, 0x303], [0xE1, 0x303], "whichever it is"),
    ([0x301, 0x316], [0x316, 0x301], "marks that nothing precedes are ordered too"),
    ([0x301, 0x41], [0x301, 0x41], "and compose with nothing"),
    ([0x61, 0x41, 0x301], [0x61, 0xC1], "a mark belongs to the last starter"),
    ([0x9C7, 0x9BE], [0x9CB], "two starters compose"),
    ([0x9C7, 0x334, 0x9BE], [0x9C7, 0x334, 0x9BE], "but not over a mark"),
    // Nothing else
    ([0xFB01], [0xFB01], "a ligature is not folded"),
    ([0xFF21, 0x2460, 0x149], [0xFF21, 0x2460, 0x149], "nor another compatibility character"),
    ([0x1E9B, 0x323], [0x1E9B, 0x323], "long s stays long"),
    ([0x20, 0x41, 0xA0, 0x20, 0x9], [0x20, 0x41, 0xA0, 0x20, 0x9], "nothing is trimmed"),
    ([0x1, 0x7F, 0xAD, 0x200D, 0xFEFF], [0x1, 0x7F, 0xAD, 0x200D, 0xFEFF], "controls and formats stay"),
    ([0xE000, 0xF0000, 0xFFFFD, 0x10FFFD], [0xE000, 0xF0000, 0xFFFFD, 0x10FFFD], "private use is assigned"),
  ]

  @Test("R-9.1-1: a password becomes NFC, and NFC stays as it is", arguments: texts)
  func normalForm(_ text: [UInt32], _ normal: [UInt32], _ fact: String) {
    #expect(password(utf8(text)) == .success(utf8(normal)), "\(fact)")
    #expect(password(utf8(normal)) == .success(utf8(normal)), "\(fact)")
  }

  /// What libraries with older tables get wrong.
  static let recent: [(text: [UInt32], normal: [UInt32])] = [
    ([0x105D2, 0x307], [0x105C9]),  // composes since 16.0
    ([0x16121, 0x1611F], [0x16126]),  // since 16.0, in two steps
    ([0x1611E, 0x1611E, 0x1611F], [0x16126]),
    ([0x61, 0x1ACF, 0x1ADD], [0x61, 0x1ADD, 0x1ACF]),  // marks since 17.0, classes 230 and 220
    ([0x61, 0x1AEB, 0x301], [0xE1, 0x1AEB]),  // class 234
    ([0x11B60, 0xA7F1], [0x11B60, 0xA7F1]),  // assigned since 17.0
  ]

  @Test("R-9.1-3: what Unicode 16.0 and 17.0 brought is known", arguments: recent)
  func recentUnicode(_ text: [UInt32], _ normal: [UInt32]) {
    #expect(password(utf8(text)) == .success(utf8(normal)))
    #expect(loginName(utf8(text)) == .success(utf8(normal)))
  }

  // MARK: Refusals

  static let illFormed: [[UInt8]] = [
    [0x80], [0xBF], [0xFF], [0xFE], [0x61, 0x80],  // stray bytes
    [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xF0, 0x80, 0x80, 0x80],  // overlong
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF8, 0x88, 0x80, 0x80, 0x80],
    [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80],  // surrogates
    [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],  // above U+10FFFF
    [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xF0], [0xE2, 0x82, 0x61],  // a byte is missing
    [0xC3, 0x41], [0xC3, 0xC3, 0xA9], [0xF0, 0x9F, 0x98, 0xC3, 0xA9],
  ]

  @Test("R-9.1-1, R-9.1-2: ill-formed UTF-8 is refused", arguments: illFormed)
  func refusesIllFormed(_ bytes: [UInt8]) {
    #expect(password(bytes) == .failure(.illFormed))
    #expect(loginName(bytes) == .failure(.illFormed))
    #expect(password(utf8([0x41, 0xC5]) + bytes) == .failure(.illFormed))
  }

  @Test("R-9.1-1, R-9.1-2: U+0000 is refused wherever it stands", arguments: [[0], [0x70, 0], [0, 0x70]])
  func refusesNull(_ text: [UInt32]) {
    #expect(password(utf8(text)) == .failure(.nul))
    #expect(loginName(utf8(text)) == .failure(.nul))
  }

  @Test(
    "R-9.1-1, R-9.1-2: an unassigned code point is refused",
    arguments: [
      0x378, 0xFDD0, 0xFFFE, 0xFFFF, 0x1095A, 0x1FFFE, 0x2FA1E, 0x40000, 0xDFFFD, 0xE0000, 0xFFFFE, 0x10FFFF,
    ])
  func refusesUnassigned(_ scalar: UInt32) {
    #expect(password(utf8([0x61, scalar])) == .failure(.unassigned))
    #expect(loginName(utf8([0x61, scalar])) == .failure(.unassigned))
  }

  @Test("R-9.1-1, R-9.1-2: the empty text is refused")
  func refusesEmpty() {
    #expect(password([]) == .failure(.empty))
    #expect(loginName([]) == .failure(.empty))
  }

  // MARK: Limits

  @Test("R-9.1-1, R-9.1-2: the limit is on the bytes of the normal form, up to the last")
  func limits() {
    for (normalize, max) in [(password, 1024), (loginName, 255)] {
      let longest = [UInt8](repeating: 0x61, count: max)
      #expect(normalize(longest) == .success(longest))
      #expect(normalize(longest + [0x61]) == .failure(.tooLong))
      // Longer than the limit, but not its normal form.
      let pairs = max / 2
      let shrinking = utf8((0..<pairs).flatMap { _ in [0x1FBE, 0x308, 0x301] })
      #expect(shrinking.count == 7 * pairs)
      #expect(normalize(shrinking) == .success(utf8([UInt32](repeating: 0x390, count: pairs))))
      // Within the limit, but not its normal form.
      let growing = utf8([UInt32](repeating: 0x958, count: max / 6 + 1))
      #expect(growing.count <= max)
      #expect(normalize(growing) == .failure(.tooLong))
    }
  }

  @Test("text too long for any normal form is refused before it is read")
  func bound() {
    #expect(password([UInt8](repeating: 0xFF, count: 3585)) == .failure(.tooLong))
    #expect(password([UInt8](repeating: 0xFF, count: 3584)) == .failure(.illFormed))
    #expect(loginName([UInt8](repeating: 0xFF, count: 1786)) == .failure(.tooLong))
    #expect(loginName([UInt8](repeating: 0xFF, count: 1785)) == .failure(.illFormed))
  }

  @Test("marks in the worst order and text of the most scalars for its bytes fit the memory")
  func worstCases() {
    let reversed = utf8((0..<256).map { _ in 0x301 } + (0..<256).map { _ in 0x316 })
    let sorted = utf8((0..<256).map { _ in 0x316 } + (0..<256).map { _ in 0x301 })
    #expect(password(reversed) == .success(sorted))
    let expanding = utf8([UInt32](repeating: 0x390, count: 512))
    #expect(password(expanding) == .success(expanding))
    #expect(password(utf8([UInt32](repeating: 0x390, count: 1792))) == .failure(.tooLong))
  }

  // MARK: Login names

  static let loginNames: [(text: String, normal: String)] = [
    ("Alice", "alice"), ("AZ@[`az{09", "az@[`az{09"), (" Bob ", " bob "),
    ("\u{C5}", "\u{C5}"), ("A\u{30A}", "\u{C5}"), ("STRASSE\u{1E9E}\u{DF}", "strasse\u{1E9E}\u{DF}"),
    ("\u{212A}", "k"),  // KELVIN SIGN, by way of K
    ("\u{FF21}\u{130}\u{410}", "\u{FF21}\u{130}\u{410}"),
  ]

  @Test("R-9.1-2: of a login name, A to Z alone are lowered, after normalisation", arguments: loginNames)
  func lowered(_ text: String, _ normal: String) {
    #expect(loginName(Array(text.utf8)) == .success(Array(normal.utf8)))
  }

  @Test("R-9.1-2: a lowered letter is composed with its mark, and the normal form is its own")
  func loweredLast() {
    // H U+0331 has no composite, and h U+0331 has.
    #expect(loginName(utf8([0x48, 0x331])) == .success(utf8([0x1E96])))
    #expect(loginName(utf8([0x1E96])) == .success(utf8([0x1E96])))
    #expect(loginName(utf8([0x68, 0x331])) == .success(utf8([0x1E96])))
  }

  @Test("R-9.1-1: the case of a password stays")
  func caseStays() {
    #expect(password(Array("Pa\u{212A}S".utf8)) == .success(Array("PaKS".utf8)))
  }

  // MARK: Other normalisers

  @Test("R-9.1-1: random texts, and their normal forms, become what another normaliser makes of them")
  func samples() {
    let lines = NormalizationSamples.pairs.split(separator: "\n")
    #expect(lines.count == 1500)
    var changed = 0
    for line in lines {
      let columns = line.split(separator: ";").map { column in
        column.split(separator: " ").compactMap { UInt32($0, radix: 16) }
      }
      guard columns.count == 2 else {
        Issue.record("not a pair: \(line)")
        continue
      }
      changed += columns[0] == columns[1] ? 0 : 1
      #expect(password(utf8(columns[0])) == .success(utf8(columns[1])), "\(line)")
      #expect(password(utf8(columns[1])) == .success(utf8(columns[1])), "\(line)")
    }
    #expect(changed > 750)
  }

  @Test("R-9.1-1, R-9.1-3: exactly what Unicode 17.0.0 assigns is accepted, and becomes its NFC")
  func everyScalar() {
    #expect(Self.alone.count == NormalizationSamples.assignedCount)
    #expect(hash(Self.alone) == NormalizationSamples.everyScalar)
    #expect(hash(Self.amongMarks) == NormalizationSamples.everyScalarAmongMarks)
  }

  /// Whether the standard library, which comes with the compiler, has the tables of 17.0 at least.
  static let libraryIsRecent = (UnicodeScalar(0x11B60 as UInt32)?.properties.age?.major ?? 0) >= 17

  @Test(
    "R-9.1-3: scalar values become what the standard library makes of them",
    .enabled(if: libraryIsRecent, "this compiler's standard library knows only an older Unicode"))
  func standardLibrary() {
    let different = Self.alone.filter { form in
      utf8(String(form.scalar)._nfc.map(\.value)) != form.normal
    }
    #expect(different.map(\.scalar) == [])
    // The library of Swift 6.3 does not put the parts of these into order.
    let misplaced: [UnicodeScalar] = ["\u{F73}", "\u{F75}", "\u{F81}"]
    let differentAmongMarks = Self.amongMarks.filter { form in
      utf8("a\u{315}\(form.scalar)\u{300}\u{323}"._nfc.map(\.value)) != form.normal
    }
    #expect(differentAmongMarks.map(\.scalar).filter { !misplaced.contains($0) } == [])
  }

  // MARK: -

  typealias Form = (scalar: UnicodeScalar, normal: [UInt8])

  static let alone = normalForms(planes: [0, 1, 2, 3, 14]) { [$0] }
  static let amongMarks = normalForms(planes: [0, 1]) { [0x61, 0x315, $0, 0x300, 0x323] }

  /// The NFC of the texts that `text` makes of every scalar value but U+0000, in ordinary memory: guarded
  /// memory takes minutes for so many. A scalar value whose text is refused as unassigned is left out.
  static func normalForms(planes: [UInt32], _ text: (UInt32) -> [UInt32]) -> [Form] {
    var memory = [UInt8](repeating: 0, count: 128)
    var forms: [Form] = []
    for plane in planes {
      for value in plane << 16...plane << 16 | 0xFFFF where value != 0 {
        guard let scalar = UnicodeScalar(value) else { continue }
        do throws(NormalizationError) {
          var span = memory.mutableSpan
          let count = try NFC.normalize(utf8(text(value)).span, in: &span)
          forms.append((scalar, Array(memory[..<count])))
        } catch {
          if error != .unassigned { Issue.record("U+\(String(value, radix: 16)): \(error)") }
        }
      }
    }
    return forms
  }

  func hash(_ forms: [Form]) -> String {
    var hash = SHA256()
    for form in forms { hash.update(form.normal + [0x0A]) }
    let digits = Array("0123456789abcdef")
    return String(hash.finish().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  typealias Outcome = Result<[UInt8], NormalizationError>

  func password(_ bytes: [UInt8]) -> Outcome {
    Outcome { () throws(NormalizationError) in
      let normal = try NormalForm.password(bytes.span)
      return normal.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
  }

  func loginName(_ bytes: [UInt8]) -> Outcome {
    Outcome { () throws(NormalizationError) in try NormalForm.loginName(bytes.span) }
  }

  func utf8(_ text: [UInt32]) -> [UInt8] { Self.utf8(text) }

  static func utf8(_ text: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in text {
      guard let scalar = UnicodeScalar(value) else {
        Issue.record("no scalar value: \(value)")
        continue
      }
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return bytes
  }
}
