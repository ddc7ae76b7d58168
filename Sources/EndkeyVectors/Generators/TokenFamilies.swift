internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  /// AES-SIV, sealed messages, normal forms, tokens and blobs.
  static let activity: [Family] = [
    sivSeal, sivOpen, sealedSeal, sealedOpen, normalPassword, normalLoginName, tokenSeal, tokenOpen, blobSeal,
    blobOpen,
  ]

  private static let sivKey = bytes("siv key", 64)
  private static let ad = bytes("siv ad", 36)

  private static func siv(
    _ plaintext: [UInt8], key: [UInt8] = sivKey, _ elements: [[UInt8]] = [ad]
  ) throws -> (v: [UInt8], c: [UInt8]) {
    var siv = try AESSIV(key: SecretBytes(copying: key))
    let sealed = try siv.seal(plaintext, associatedData: elements)
    return (sealed.v, sealed.ciphertext)
  }

  private static let sivLengths = [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 4096]

  /// Values of V at which the counter of a message of three blocks carries, and what they are. A client whose counter
  /// is too narrow passes all vectors but these: by chance no short message meets one.
  private static let carries: [(id: String, comment: String, v: [UInt8])] = [
    ("ff", "The counter carries over one byte.", bytes("carry 1", 14) + [0, 0xff]),
    ("ffff", "The counter carries over two bytes.", bytes("carry 2", 13) + [0, 0xff, 0xff]),
    ("ffffff", "The counter carries over three bytes.", bytes("carry 3", 12) + [0, 0xff, 0xff, 0xff]),
    (
      "7fffffff", "The counter carries over 31 bits.",
      [UInt8](repeating: 0xff, count: 12) + [0x7f, 0xff, 0xff, 0xff]
    ),
    (
      "ffffffff", "All bits of V are set; two are cleared in the counter.",
      [UInt8](repeating: 0xff, count: 16)
    ),
  ]

  /// A plaintext of three blocks that has this V: the last block is solved for by decrypting V.
  private static func plaintext(of v: [UInt8]) -> [UInt8] {
    let mac = CMACByHand(key: Array(sivKey[..<32]))
    let d = mac.authenticate(.zeros(16)).doubled ^ mac.authenticate(ad)
    let start = bytes("plaintext of V", 32)
    let state = mac.chain(start.chunks(16))
    return start + (mac.aes.decrypt(v) ^ state ^ mac.whole ^ d)
  }

  private static let sivSeal = Family("siv/seal", flags: sivFlags) { builder in
    for (id, comment, v) in carries {
      let plaintext = plaintext(of: v)
      let sealed = try siv(plaintext)
      guard sealed.v == v else { throw SuiteError("siv-seal-v-ends-in-\(id): not the V that was solved for") }
      try builder.accept(
        "siv-seal-v-ends-in-\(id)", ["R-14.1-2"], flags: ["SivCounter"], comment,
        in: .of(["key": .hex(sivKey), "ad": .hex(ad), "plaintext": .hex(plaintext)]),
        out: .of(["v": .hex(v), "c": .hex(sealed.c)]))
    }
    let other = try siv([], [[]])
    try builder.accept(
      "siv-seal-nothing-with-empty-ad", ["R-14.1-1"], flags: ["SivAssociatedData"],
      "An empty element is not the same as no element.",
      in: .of(["key": .hex(sivKey), "ad": "", "plaintext": ""]),
      out: .of(["v": .hex(other.v), "c": ""]))
    for count in sivLengths {
      let plaintext = bytes("siv plaintext \(count)", count)
      let (v, c) = try siv(plaintext)
      try builder.accept(
        "siv-seal-\(count)-bytes", ["R-14.1-1"], "A plaintext of \(count) bytes.",
        in: .of(["key": .hex(sivKey), "ad": .hex(ad), "plaintext": .hex(plaintext)]),
        out: .of(["v": .hex(v), "c": .hex(c)]))
    }
  }

  private static let sivFlags = [
    VectorFile.Flag(
      "SivTag", bugType: "MISSING_CHECK", effect: "a mauled token opens", refs: ["RFC 5297 2.7"]),
    VectorFile.Flag(
      "SivAssociatedData", bugType: "WRONG_PRIMITIVE", effect: "tokens of other clients do not open",
      refs: ["RFC 5297 2.4"]),
    VectorFile.Flag(
      "SivCounter", bugType: "WRONG_PRIMITIVE", effect: "some tokens, by chance, do not open",
      refs: ["RFC 5297 2.5"]),
  ]

  private static let sivOpen = Family("siv/open", flags: sivFlags) { builder in
    func input(_ v: [UInt8], _ c: [UInt8], key: [UInt8] = sivKey, ad: [UInt8] = ad) -> JSONObject {
      .of(["key": .hex(key), "ad": .hex(ad), "v": .hex(v), "c": .hex(c)])
    }
    for count in sivLengths {
      let plaintext = bytes("siv plaintext \(count)", count)
      let (v, c) = try siv(plaintext)
      try builder.accept(
        "siv-open-\(count)-bytes", ["R-14.1-1"], "A plaintext of \(count) bytes.", in: input(v, c),
        out: .of("plaintext", plaintext))
    }
    let twin = "siv-open-32-bytes"
    let plaintext = bytes("siv plaintext 32", 32)
    let (v, c) = try siv(plaintext)
    for index in 0..<16 {
      var bad = v
      bad[index] ^= 1
      try builder.reject(
        "siv-open-v-byte-\(index)-flipped", ["R-14.2-1"], flags: ["SivTag"], "One bit of byte \(index) of V.",
        in: input(bad, c),
        code: .tokenOpenFailed, twin: twin)
    }
    for (index, bit) in [(8, "63"), (12, "31")] {
      var bad = v
      bad[index] ^= 0x80
      try builder.reject(
        "siv-open-v-bit-\(bit)-flipped", ["R-14.2-1"], flags: ["SivTag", "SivCounter"],
        "A bit of V that the counter does not use.", in: input(bad, c), code: .tokenOpenFailed, twin: twin)
    }
    for (id, comment, bad) in [
      ("c-first-byte-flipped", "One bit of C.", [c[0] ^ 1] + c.dropFirst()),
      ("c-last-byte-flipped", "One bit of C.", c.dropLast() + [c[31] ^ 0x80]),
      ("c-shortened", "The last byte of C is missing.", Array(c.dropLast())),
      ("c-extended", "A byte behind C.", c + [0]),
      ("c-empty", "No C.", []),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "siv-open-\(id)", ["R-14.2-1"], flags: ["SivTag"], comment, in: input(v, bad), code: .tokenOpenFailed,
        twin: twin)
    }
    for (id, comment, bad) in [
      ("v-15-bytes", "V of 15 bytes.", Array(v.dropLast())), ("v-17-bytes", "V of 17 bytes.", v + [0]),
      ("v-empty", "No V.", []),
      ("v-zero", "V is zeros.", [UInt8](repeating: 0, count: 16)),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "siv-open-\(id)", ["R-14.2-1"], flags: ["SivTag"], comment, in: input(bad, c), code: .tokenOpenFailed,
        twin: twin)
    }
    let emptyV = try siv([]).v
    try builder.reject(
      "siv-open-empty-v-flipped", ["R-14.2-1"], flags: ["SivTag"], "An empty plaintext, one bit of V.",
      in: input([emptyV[0] ^ 1] + emptyV.dropFirst(), []), code: .tokenOpenFailed, twin: "siv-open-0-bytes")
    for (id, comment, elements) in [
      ("no-ad", "Sealed with no element of associated data.", []),
      ("empty-ad", "Sealed with one empty element.", [[]]),
      ("two-ads", "Sealed with the data cut in two elements.", [Array(ad[..<16]), Array(ad[16...])]),
      ("ad-and-empty", "Sealed with an empty element behind.", [ad, []]),
      ("ad-twice", "Sealed with the element twice.", [ad, ad]),
      ("two-empty-ads", "Sealed with two empty elements.", [[], []]),
    ] as [(String, String, [[UInt8]])] {
      let other = try siv(plaintext, elements)
      try builder.reject(
        "siv-open-sealed-with-\(id)", ["R-14.1-1"], flags: ["SivAssociatedData"], comment,
        in: input(other.v, other.c),
        code: .tokenOpenFailed, twin: twin)
    }
    let swapped = try siv(plaintext, key: Array(sivKey[32...] + sivKey[..<32]))
    try builder.reject(
      "siv-open-key-halves-swapped", ["R-14.1-1"], flags: ["SivAssociatedData"],
      "Sealed with the halves of the key swapped.",
      in: input(swapped.v, swapped.c), code: .tokenOpenFailed, twin: twin)
    try builder.reject(
      "siv-open-ad-changed", ["R-14.1-1"], flags: ["SivTag"], "Another associated data.",
      in: input(v, c, ad: ad.dropLast() + [0]),
      code: .tokenOpenFailed, twin: twin)
    let withEmpty = try siv(plaintext, [[]])
    try builder.accept(
      "siv-open-empty-ad", ["R-14.1-1"], flags: ["SivAssociatedData"], "One element, which is empty.",
      in: input(withEmpty.v, withEmpty.c, ad: []), out: .of("plaintext", plaintext))
    for (id, comment, elements) in [
      ("none", "no element", []), ("two", "two empty elements", [[], []]),
    ] as [(String, String, [[UInt8]])] {
      let other = try siv(plaintext, elements)
      try builder.reject(
        "siv-open-empty-ad-sealed-with-\(id)", ["R-14.1-1"], flags: ["SivAssociatedData"],
        "Opened with one empty element, sealed with \(comment).", in: input(other.v, other.c, ad: []),
        code: .tokenOpenFailed, twin: "siv-open-empty-ad")
    }
    // By another implementation of AES-SIV, since this one has no other size.
    for (bits, v, c) in [
      (
        256, "1db756e179b17897b45c0e783cf596c8",
        "df296076d43317cfcdbf485b62d13d715cee1823d9bb16cdf91e1a71f369a497"
      ),
      (
        384, "e24c43e87245d406e99f8c675a572cd3",
        "0efa04900c9eba47d8afc594580e641c1009b8857c26778ff1aee3c1193f63bd"
      ),
    ] {
      try builder.reject(
        "siv-open-key-of-\(bits)-bits", ["R-14.1-1"], flags: ["SivTag"],
        "Sealed under the first \(bits / 8) bytes of the key, with AES of \(bits / 2) bits.",
        in: input(try Hex.decode(v), try Hex.decode(c)), code: .tokenOpenFailed, twin: twin)
    }
    for (id, comment, v) in carries {
      let plaintext = Self.plaintext(of: v)
      try builder.accept(
        "siv-open-v-ends-in-\(id)", ["R-14.1-2"], flags: ["SivCounter"], comment,
        in: input(v, try siv(plaintext).c), out: .of("plaintext", plaintext))
    }
    // What a V opens to is made so that its own V differs in one byte only: who compares the others takes it.
    let solved = bytes("solved V", 16)
    let known = Self.plaintext(of: solved)
    let stream = try siv(known).c ^ known
    for index in 0..<16 {
      let plaintext = Self.plaintext(of: solved.flipped(index))
      try builder.reject(
        "siv-open-v-differs-in-byte-\(index)-alone", ["R-14.2-1"], flags: ["SivTag"],
        "The V of what opens is right but for byte \(index).", in: input(solved, plaintext ^ stream),
        code: .tokenOpenFailed, twin: twin)
    }
    let zero = solved.with([0], at: 3)
    let behind = Self.plaintext(of: zero.flipped(9))
    let zeroKnown = Self.plaintext(of: zero)
    try builder.reject(
      "siv-open-v-differs-behind-a-zero-byte", ["R-14.2-1"], flags: ["SivTag"],
      "The V of what opens is right up to a zero byte, and one more.",
      in: input(zero, behind ^ siv(zeroKnown).c ^ zeroKnown), code: .tokenOpenFailed, twin: twin)
    // Plaintexts whose V ends so that the counter carries: searched for, as V's last two bytes decide over 16 bits.
    var (carry, notCleared) = (0, 0)
    var attempt = 0
    while carry < 1 || notCleared < 2 {
      attempt += 1
      let plaintext = bytes("siv counter \(attempt)", 64)
      let (v, c) = try siv(plaintext)
      if carry < 1, v[15] >= 0xfd, v[14] == 0xff {
        carry += 1
        try builder.accept(
          "siv-open-counter-carries-over-two-bytes", ["R-14.1-2"], flags: ["SivCounter"],
          "V ends in ff and fd or more: the counter of the fourth block has carried beyond 16 bits.",
          in: input(v, c),
          out: .of("plaintext", plaintext))
      } else if notCleared < 2, v[notCleared == 0 ? 8 : 12] & 0x80 != 0,
        v[notCleared == 0 ? 12 : 8] & 0x80 == 0
      {
        let bit = notCleared == 0 ? 63 : 31
        notCleared += 1
        try builder.accept(
          "siv-open-v-bit-\(bit)-is-set-alone", ["R-14.1-2"], flags: ["SivCounter"],
          "Bit \(bit) of V is set and cleared in the counter; the other one is not set.", in: input(v, c),
          out: .of("plaintext", plaintext))
      }
    }
  }

  private static let sealKey = bytes("seal key", 32)
  private static let context = bytes("seal context", 41)
  private static let sealSizes = [0, 1, 100, 16_383, 16_384, 16_385]

  private static func sealed(
    _ plaintext: [UInt8], salt: [UInt8], _ context: [UInt8] = context, key: [UInt8] = sealKey
  ) throws -> [UInt8] {
    var random = FixedRandom(salt)
    return try ChunkedEncryption.seal(
      plaintext, key: SecretBytes(copying: key), context: context, using: &random)
  }

  private static let sealedSeal = Family("sealed/seal") { builder in
    for count in sealSizes {
      let plaintext = bytes("sealed \(count)", count)
      let salt = bytes("salt \(count)", 24)
      try builder.accept(
        "sealed-seal-\(count)-bytes", ["R-2.5-1"], "A plaintext of \(count) bytes.",
        in: .of([
          "key": .hex(sealKey), "context": .hex(context), "salt": .hex(salt), "plaintext": .hex(plaintext),
        ]),
        out: .of("sealed", try sealed(plaintext, salt: salt)))
    }
  }

  private static let sealedOpen = Family(
    "sealed/open",
    flags: [
      VectorFile.Flag(
        "ChunkOrder", bugType: "MISSING_CHECK", effect: "a recording is cut or rearranged unseen",
        refs: ["R-2.5-3"]),
      VectorFile.Flag(
        "Commitment", bugType: "MISSING_CHECK", effect: "one message opens under two keys", refs: ["R-2.5-2"]),
      VectorFile.Flag(
        "SealTag", bugType: "MISSING_CHECK", effect: "mauled content is released", refs: ["R-2.5-4"]),
    ]
  ) { builder in
    func input(_ sealed: [UInt8], _ context: [UInt8] = context) -> JSONObject {
      .of(["key": .hex(sealKey), "context": .hex(context), "sealed": .hex(sealed)])
    }
    for count in sealSizes {
      let plaintext = bytes("sealed \(count)", count)
      let message = try sealed(plaintext, salt: bytes("salt \(count)", 24))
      try builder.accept(
        "sealed-open-\(count)-bytes", ["R-2.5-3"], "A plaintext of \(count) bytes.", in: input(message),
        out: .of("plaintext", plaintext))
    }
    let small = try sealed(bytes("sealed 100", 100), salt: bytes("salt 100", 24))
    for index in [0, 23, 24, 40, 55, 56, 155, 156, 171] {
      var bad = small
      bad[index] ^= 1
      try builder.reject(
        "sealed-open-byte-\(index)-flipped", [index < 56 ? "R-2.5-2" : "R-2.5-4"],
        flags: [index < 56 ? "Commitment" : "SealTag"], "One bit of byte \(index).", in: input(bad),
        code: .blobOpenFailed,
        twin: "sealed-open-100-bytes")
    }
    for count in [0, 1, 55, 56, 71, 72, 171] {
      try builder.reject(
        "sealed-open-cut-to-\(count)-bytes", ["R-2.5-3"], flags: ["ChunkOrder"],
        "Only the first \(count) bytes.",
        in: input(Array(small.prefix(count))), code: .blobOpenFailed, twin: "sealed-open-100-bytes")
    }
    try builder.reject(
      "sealed-open-byte-appended", ["R-2.5-3"], flags: ["ChunkOrder"], "A byte behind the last chunk.",
      in: input(small + [0]),
      code: .blobOpenFailed, twin: "sealed-open-100-bytes")
    try builder.reject(
      "sealed-open-context-changed", ["R-2.5-2"], flags: ["Commitment"], "Another context.",
      in: input(small, context.dropLast() + [0]), code: .blobOpenFailed, twin: "sealed-open-100-bytes")
    try builder.reject(
      "sealed-open-context-shortened", ["R-2.5-2"], flags: ["Commitment"], "A context without its last byte.",
      in: input(small, Array(context.dropLast())), code: .blobOpenFailed, twin: "sealed-open-100-bytes")
    let foreign = try sealed(
      bytes("sealed 100", 100), salt: bytes("salt 100", 24), key: bytes("other key", 32))
    try builder.reject(
      "sealed-open-commitment-of-another-key", ["R-2.5-2"], flags: ["Commitment"],
      "The chunk is right; the commitment is to another key, as in a message that opens under both.",
      in: input(small.with(Array(foreign[24..<56]), at: 24)), code: .blobOpenFailed,
      twin: "sealed-open-100-bytes")
    try builder.reject(
      "sealed-open-chunk-of-another-key", ["R-2.5-4"], flags: ["SealTag"],
      "The commitment is right; the chunk is sealed under another key.",
      in: input(Array(small[..<56] + foreign[56...])), code: .blobOpenFailed, twin: "sealed-open-100-bytes")
    let plaintext = bytes("sealed 3 chunks", 2 * 16_384 + 10)
    let large = try sealed(plaintext, salt: bytes("salt 3 chunks", 24))
    let twin = "sealed-open-three-chunks"
    try builder.accept(
      twin, ["R-2.5-3"], "Two full chunks and a short one.", in: input(large),
      out: .of("plaintext", plaintext))
    let head = Array(large[..<56])
    let chunk = 16_384 + 16
    let (first, second) = (Array(large[56..<(56 + chunk)]), Array(large[(56 + chunk)..<(56 + 2 * chunk)]))
    let last = Array(large[(56 + 2 * chunk)...])
    for (id, comment, bad) in [
      ("last-chunk-dropped", "The last chunk is missing.", head + first + second),
      ("middle-chunk-dropped", "The second chunk is missing.", head + first + last),
      ("first-chunk-dropped", "The first chunk is missing.", head + second + last),
      ("chunks-swapped", "The full chunks are swapped.", head + second + first + last),
      ("chunk-repeated", "The first chunk stands twice.", head + first + first + second + last),
      ("last-chunk-repeated", "The last chunk stands twice.", head + first + second + last + last),
      ("last-chunk-first", "The last chunk alone.", head + last), ("head-alone", "No chunk.", head),
    ] {
      try builder.reject(
        "sealed-open-\(id)", ["R-2.5-3"], flags: ["ChunkOrder"], comment, in: input(bad),
        code: .blobOpenFailed, twin: twin)
    }
  }

  private static let normalPassword = Family("normal/password", flags: normalFlags) { builder in
    try normal(&builder, "password", "R-9.1-1", .badPassword, most: 1024, lowers: false)
    try borders(&builder)
  }

  /// Of every range that normal forms need.
  private static func borders(_ builder: inout FamilyBuilder) throws {
    for (name, comment, table) in [
      ("assigned", "The first and last code points of ranges that are assigned.", UnicodeBorders.assigned),
      ("marks", "The first and last code points of ranges of one combining class.", UnicodeBorders.marks),
      ("decomposed", "What canonical mappings are, taken apart.", UnicodeBorders.decomposed),
      ("mapped", "Code points with canonical mappings.", UnicodeBorders.mapped),
    ] {
      let values = try table.split(separator: ";").map {
        try JSONCursor(.string($0.filter { $0.isHexDigit })).hex()
      }.filter { !$0.isEmpty }
      for index in stride(from: 0, to: values.count - 1, by: 2) {
        try builder.accept(
          "normal-password-borders-\(name)-\(index / 2 + 1)", ["R-9.1-1", "R-9.1-3"],
          flags: ["Normalisation"],
          comment, in: .of("password", values[index]), out: .of("normal", values[index + 1]))
      }
    }
    for text in UnicodeBorders.unassigned.split(whereSeparator: { !$0.isHexDigit }) {
      guard let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init) else {
        throw SuiteError("\(text) is no scalar value")
      }
      try builder.reject(
        "normal-password-unassigned-\(text.lowercased())", ["R-9.1-1"], flags: ["IllFormed"],
        "The first or last of a range that is not assigned.",
        in: .of("password", Array(String(Character(scalar)).utf8)), code: .badPassword,
        twin: "normal-password-ascii")
    }
  }

  private static let normalLoginName = Family("normal/login-name", flags: normalFlags) { builder in
    try normal(&builder, "login_name", "R-9.1-2", .badLoginName, most: 255, lowers: true)
  }

  private static let normalFlags = [
    VectorFile.Flag(
      "Normalisation", bugType: "WRONG_PRIMITIVE", effect: "the right password does not open the account",
      refs: ["UAX #15"]),
    VectorFile.Flag(
      "IllFormed", bugType: "MISSING_CHECK", effect: "two clients take one password for two, or two for one",
      refs: ["R-9.1-1"]),
  ]

  private static func normal(
    _ builder: inout FamilyBuilder, _ name: String, _ req: String, _ code: ErrorCode, most: Int, lowers: Bool
  ) throws {
    let slug = "normal-\(lowers ? "login-name" : "password")"
    let twin = "\(slug)-ascii"
    for (id, comment, text, normal) in [
      ("ascii", "Nothing changes.", "correct horse 9!", "correct horse 9!"),
      ("composed", "e, acute is composed.", "e\u{301}", "\u{e9}"),
      ("composed-already", "It stays.", "\u{e9}", "\u{e9}"),
      ("angstrom", "U+212B is U+00C5.", "\u{212b}", "\u{c5}"),
      ("reordered", "Marks are put in order.", "a\u{301}\u{323}", "\u{1ea1}\u{301}"),
      ("hangul", "Jamo are composed.", "\u{1112}\u{1161}\u{11ab}", "\u{d55c}"),
      ("beyond-the-bmp", "U+10041 U+0300 do not compose.", "\u{10041}\u{300}", "\u{10041}\u{300}"),
      ("composed-beyond-the-bmp", "U+11099 U+110BA compose.", "\u{11099}\u{110ba}", "\u{1109a}"),
      ("exclusion", "U+0958 is decomposed and stays so.", "\u{958}", "\u{915}\u{93c}"),
      (
        "decomposed-twice", "U+1EA5 is taken apart in two steps, and U+0323 goes to the front.",
        "\u{1ea5}\u{323}",
        "\u{1ead}\u{301}"
      ),
      ("hangul-tail-base", "U+11A7 is no tail.", "\u{d558}\u{11a7}", "\u{d558}\u{11a7}"),
      ("hangul-second-tail", "A syllable takes one tail.", "\u{d55c}\u{11ab}", "\u{d55c}\u{11ab}"),
      ("blocked", "A mark of the same class stands between.", "a\u{33d}\u{301}", "a\u{33d}\u{301}"),
      ("composed-over-a-mark", "A mark of a lower class does not block.", "a\u{316}\u{301}", "\u{e1}\u{316}"),
      ("equal-classes-stay", "Marks of one class keep their order.", "x\u{301}\u{300}", "x\u{301}\u{300}"),
      ("equal-classes-before-a-letter", "The same, and a letter.", "x\u{301}\u{300}y", "x\u{301}\u{300}y"),
      (
        "reordered-beyond-the-bmp", "Marks of music are put in order.", "x\u{1d16d}\u{1d165}",
        "x\u{1d165}\u{1d16d}"
      ),
      ("of-unicode-16", "Composed since Unicode 16.", "\u{11382}\u{113c9}", "\u{11383}"),
      ("of-unicode-16-with-itself", "Composed since Unicode 16.", "\u{16d67}\u{16d67}", "\u{16d68}"),
      (
        "of-unicode-16-twice", "Composed in two steps since Unicode 16.", "\u{16d63}\u{16d67}\u{16d67}",
        "\u{16d6a}"
      ),
      ("of-unicode-16-with-a-mark", "Composed since Unicode 16.", "\u{105d2}\u{307}", "\u{105c9}"),
      (
        "of-unicode-16-blocked", "A mark of the same class stands between.", "\u{105d2}\u{301}\u{307}",
        "\u{105d2}\u{301}\u{307}"
      ),
      ("of-unicode-17", "Assigned since Unicode 17.", "\u{20c1}", "\u{20c1}"),
      (
        "of-unicode-17-reordered", "A mark of class 220 since Unicode 17 goes before one of class 230.",
        "x\u{301}\u{1add}", "x\u{1add}\u{301}"
      ),
      ("hangul-first-and-vowel", "Jamo without a tail are composed.", "\u{1100}\u{1161}", "\u{ac00}"),
      ("hangul-syllable-and-tail", "A syllable takes a tail.", "\u{ac00}\u{11c2}", "\u{ac1b}"),
      ("hangul-last-syllable", "The last jamo of each kind.", "\u{1112}\u{1175}\u{11c2}", "\u{d7a3}"),
      ("hangul-vowel-beyond", "U+1176 is no vowel that composes.", "\u{1100}\u{1176}", "\u{1100}\u{1176}"),
      ("hangul-tail-beyond", "U+11C3 is no tail that composes.", "\u{ac00}\u{11c3}", "\u{ac00}\u{11c3}"),
      ("hangul-tail-alone", "A first and a tail do not compose.", "\u{1100}\u{11a8}", "\u{1100}\u{11a8}"),
      (
        "hangul-blocked", "A mark stands between the jamo.", "\u{1100}\u{301}\u{1161}",
        "\u{1100}\u{301}\u{1161}"
      ),
      ("vowel-behind-a-letter", "A jamo's vowel does not compose with a letter.", "a\u{1161}", "a\u{1161}"),
      (
        "tail-behind-a-letter", "Nor does a tail, whatever its distance from the syllables is.",
        "d\u{11a8}", "d\u{11a8}"
      ),
      ("control-characters", "They stay.", "a\u{1}\u{7f}\u{9f}\t", "a\u{1}\u{7f}\u{9f}\t"),
      ("line-end", "It stays.", "a\r\n", "a\r\n"),
      ("byte-order-mark", "It stays.", "\u{feff}a", "\u{feff}a"),
      ("ligature", "A ligature is not taken apart.", "\u{fb01}", "\u{fb01}"),
      ("full-width", "A full-width letter stays.", "\u{ff21}", "\u{ff21}"),
      ("spaces", "Spaces stay.", "  a b  ", "  a b  "), ("sharp-s", "It is not folded.", "\u{df}", "\u{df}"),
      ("dotted-capital-i", "U+0130 is not lowered.", "\u{130}", "\u{130}"),
      ("greek-capital", "Only A to Z are ever lowered.", "\u{394}", "\u{394}"),
      ("noncharacter-free", "U+E000 is assigned for private use.", "\u{e000}", "\u{e000}"),
    ] {
      try builder.accept(
        "\(slug)-\(id)", [req, "R-9.1-3"], flags: ["Normalisation"], comment, in: .of(name, Array(text.utf8)),
        out: .of("normal", Array(normal.utf8)))
    }
    try builder.accept(
      "\(slug)-a-to-z", [req], flags: ["Normalisation"], "The first and last letters, and their neighbours.",
      in: .of(name, Array("@AZ[`az{".utf8)),
      out: .of("normal", Array((lowers ? "@az[`az{" : "@AZ[`az{").utf8)))
    let upper = "Ana@Example.COM"
    try builder.accept(
      "\(slug)-upper-case", [req], flags: ["Normalisation"], lowers ? "A to Z are lowered." : "Case is kept.",
      in: .of(name, Array(upper.utf8)), out: .of("normal", Array((lowers ? "ana@example.com" : upper).utf8)))
    // The last is composed only once it is lowered: R-9.1-2.
    for (letter, mark, composed) in [
      ("H", "\u{331}", "\u{1e96}"), ("J", "\u{30c}", "\u{1f0}"), ("T", "\u{308}", "\u{1e97}"),
      ("W", "\u{30a}", "\u{1e98}"), ("Y", "\u{30a}", "\u{1e99}"),
    ] {
      try builder.accept(
        "\(slug)-\(letter.lowercased())-composes-when-lowered", [req], flags: ["Normalisation"],
        "\(letter) and this mark compose only in lower case.", in: .of(name, Array((letter + mark).utf8)),
        out: .of("normal", Array((lowers ? composed : letter + mark).utf8)))
    }
    let longest = [UInt8](repeating: UInt8(ascii: "x"), count: most)
    try builder.accept(
      "\(slug)-longest", [req], "\(most) bytes.", in: .of(name, longest), out: .of("normal", longest))
    // U+0065 U+0301 shrinks from 3 bytes to 2; U+0958 grows from 3 to 6.
    let shrinking = String(repeating: "e\u{301}", count: most / 2) + (most % 2 == 1 ? "x" : "")
    let shrunk = String(repeating: "\u{e9}", count: most / 2) + (most % 2 == 1 ? "x" : "")
    try builder.accept(
      "\(slug)-longest-after-composition", [req], flags: ["Normalisation"],
      "\(shrinking.utf8.count) bytes, whose normal form has \(most): the limit is that of the normal form.",
      in: .of(name, Array(shrinking.utf8)), out: .of("normal", Array(shrunk.utf8)))
    let growing = String(repeating: "\u{958}", count: most / 6 + 1)
    try builder.reject(
      "\(slug)-too-long-after-composition", [req], flags: ["Normalisation"],
      "\(growing.utf8.count) bytes, whose normal form has \(2 * growing.utf8.count).",
      in: .of(name, Array(growing.utf8)), code: code, twin: "\(slug)-exclusion")
    for (id, comment, bytes) in [
      ("empty", "No byte.", []), ("too-long", "\(most + 1) bytes.", longest + [0x78]),
      (
        "too-long-in-few-characters", "One character more than fit, of 4 bytes each.",
        Array(String(repeating: "\u{1f512}", count: most / 4 + 1).utf8)
      ),
      ("nul", "U+0000 alone.", [0]), ("nul-at-the-end", "a, U+0000.", [0x61, 0]),
      ("nul-inside", "a, U+0000, b.", [0x61, 0, 0x62]),
      ("lone-continuation", "80.", [0x80]), ("overlong", "c0 80, an overlong U+0000.", [0xc0, 0x80]),
      ("overlong-slash", "e0 80 af.", [0xe0, 0x80, 0xaf]),
      ("surrogate", "ed a0 80, U+D800.", [0xed, 0xa0, 0x80]),
      ("surrogate-pair", "A pair of surrogates in three bytes each.", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
      ("beyond-unicode", "f4 90 80 80.", [0xf4, 0x90, 0x80, 0x80]), ("cut", "e2 82, cut.", [0xe2, 0x82]),
      ("ff", "ff.", [0xff]),
      ("unassigned", "U+0378 is not assigned.", [0xcd, 0xb8]),
      ("noncharacter", "U+FFFF is a noncharacter.", [0xef, 0xbf, 0xbf]),
      ("unassigned-plane", "U+40000 is not assigned.", [0xf1, 0x80, 0x80, 0x80]),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "\(slug)-\(id)", [req], flags: ["IllFormed"], comment, in: .of(name, bytes), code: code, twin: twin)
    }
  }

  private static let tokenKey = bytes("token key", 64)
  private static let account = bytes("account", 16)

  private static let values: [(id: String, value: [UInt8])] =
    [0, 1, 14, 15, 16, 17, 30, 31, 32, 63, 64, 127, 255, 511, 1023, 2047, 4095].map { count in
      ("\(count)-bytes", (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) })
    } + [
      ("case-is-kept", Array("Firefox FIREFOX".utf8)), ("decomposed-stays", Array("e\u{301}".utf8)),
      ("composed-stays", Array("\u{e9}".utf8)), ("ends-in-80", Array("\u{80}".utf8)),
      ("nul-inside", [0x61, 0, 0x62]),
      ("spaces-stay", Array("  a b  ".utf8)), ("byte-order-mark-stays", Array("\u{feff}a".utf8)),
      ("line-ends-stay", Array("a\r\nb\r\n".utf8)),
      ("emoji", Array("\u{1f512}\u{fe0f}".utf8)), ("url", Array("https://example.org/a?b=c#d".utf8)),
    ]

  /// The token of §14.1, by the formula.
  private static func token(
    _ padded: [UInt8], field: UInt8 = 4, epoch: UInt32 = 3, account: [UInt8] = account,
    key: [UInt8] = tokenKey,
    label: String = "token-ad"
  ) throws -> [UInt8] {
    let ad = Array("endkey/1 \(label)".utf8) + [0] + account + be(epoch, 4) + [field]
    let (v, c) = try siv(padded, key: key, [ad])
    return [1, field] + be(epoch, 4) + v + be(c.count, 2) + c
  }

  /// The longest value, such that the counter of its token carries over two bytes on the way.
  private static let carrying = Result {
    var attempt = 0
    while true {
      let head = Array("value \(attempt) ".utf8)
      let value = head + [UInt8](repeating: UInt8(ascii: "."), count: 4095 - head.count)
      let token = try token(padded(value))
      if token[20] == 0xff, token[21] > 1 { return value }
      attempt += 1
    }
  }

  private static let tokenSeal = Family("token/seal", flags: sivFlags) { builder in
    func input(_ value: [UInt8], field: String = "url") -> JSONObject {
      .of([
        "token_key": .hex(tokenKey), "account_id": .hex(account), "epoch": 3, "field": .string(field),
        "value": .hex(value),
      ])
    }
    for (id, value) in values {
      try builder.accept(
        "token-seal-\(id)", ["R-14.1-4", "R-14.1-1"], "A value of \(value.count) bytes.", in: input(value),
        out: .of("token", try token(padded(value))))
    }
    let carrying = try carrying.get()
    try builder.accept(
      "token-seal-counter-carries", ["R-14.1-2"], flags: ["SivCounter"],
      "V ends in ff and another byte: the counter of a later block carries over two bytes.",
      in: input(carrying), out: .of("token", try token(padded(carrying))))
    for field in TokenField.allCases {
      let name = field.name.split(separator: "_").joined(separator: "-")
      try builder.accept(
        "token-seal-field-\(name)", ["R-14.1-1"], "The same value in another field.",
        in: input(Array("same".utf8), field: field.name),
        out: .of("token", try token(padded(Array("same".utf8)), field: field.rawValue)))
    }
    for (id, comment, code, value) in [
      ("4096-bytes", "A byte too long.", .valueTooLong, [UInt8](repeating: 0x61, count: 4096)),
      ("65536-bytes", "Far too long.", .valueTooLong, [UInt8](repeating: 0x61, count: 65_536)),
      (
        "2000-characters", "4,000 UTF-16 units, 6,000 bytes.", .valueTooLong,
        Array(String(repeating: "\u{20ac}", count: 2_000).utf8)
      ),
      ("lone-continuation", "Not UTF-8.", .valueNotUTF8, [0x80]),
      ("surrogate", "Not UTF-8.", .valueNotUTF8, [0xed, 0xa0, 0x80]),
      ("cut-character", "Not UTF-8.", .valueNotUTF8, [0x61, 0xe2, 0x82]),
      ("overlong", "Not UTF-8.", .valueNotUTF8, [0xc0, 0xaf]),
    ] as [(String, String, ErrorCode, [UInt8])] {
      try builder.reject(
        "token-seal-\(id)", ["R-14.1-3"], comment, in: input(value), code: code, twin: "token-seal-1-bytes")
    }
  }

  private static let tokenOpen = Family(
    "token/open",
    flags: sivFlags + [
      VectorFile.Flag(
        "TokenMoved", bugType: "MISSING_CHECK", effect: "a value appears in another column or account",
        refs: ["R-14.1-1"]),
      VectorFile.Flag(
        "TokenPadding", bugType: "MISSING_CHECK", effect: "two tokens for one value", refs: ["R-14.2-2"]),
    ]
  ) { builder in
    func input(
      _ token: [UInt8], account: [UInt8] = account, keys: [(Int, [UInt8])]? = nil
    ) -> JSONObject {
      let keys = keys ?? [(2, bytes("token key 2", 64)), (3, tokenKey)]
      return .of([
        "account_id": .hex(account),
        "keys": .array(keys.map { ["epoch": .integer($0.0), "token_key": .hex($0.1)] }), "token": .hex(token),
      ])
    }
    let another = bytes("token key of another line", 64)
    for (place, keys) in [
      ("first", [(3, tokenKey), (3, another)]), ("last", [(3, another), (3, tokenKey)]),
      ("middle", [(3, another), (3, tokenKey), (3, bytes("token key of a third line", 64)), (4, another)]),
    ] {
      try builder.accept(
        "token-open-right-key-\(place)-of-an-epoch", ["R-7-5", "R-14.2-1"],
        "Two lines of the account have used the epoch: each of its keys is tried.",
        in: input(try token(padded(Array("value".utf8))), keys: keys),
        out: .of(["field": "url", "epoch": 3, "value": .hex(Array("value".utf8))]))
    }
    for (id, code, keys): (String, ErrorCode, [(Int, [UInt8])]) in [
      (
        "no-key-of-several-opens", .tokenOpenFailed,
        [(3, another), (3, bytes("token key of a third line", 64))]
      ),
      ("right-key-of-another-epoch", .noEpochKey, [(2, tokenKey), (4, tokenKey)]),
      ("no-keys", .noEpochKey, []),
    ] {
      try builder.reject(
        "token-open-\(id)", ["R-7-5"], flags: ["TokenMoved"], "No key of the epoch opens it.",
        in: input(try token(padded(Array("value".utf8))), keys: keys), code: code,
        twin: "token-open-right-key-first-of-an-epoch")
    }
    for (id, value) in values {
      try builder.accept(
        "token-open-\(id)", ["R-14.1-4"], "A value of \(value.count) bytes.",
        in: input(try token(padded(value))),
        out: .of(["field": "url", "epoch": 3, "value": .hex(value)]))
    }
    let carrying = try carrying.get()
    try builder.accept(
      "token-open-counter-carries", ["R-14.1-2"], flags: ["SivCounter"],
      "V ends in ff and another byte: the counter of a later block carries over two bytes.",
      in: input(try token(padded(carrying))), out: .of(["field": "url", "epoch": 3, "value": .hex(carrying)]))
    let twin = "token-open-16-bytes"
    let value = values.first { $0.id == "16-bytes" }?.value ?? []
    let good = try token(padded(value))
    func bad(
      _ id: String, _ comment: String, _ flag: String, _ req: String, _ token: [UInt8],
      _ code: ErrorCode = .tokenOpenFailed
    ) throws {
      try builder.reject(
        "token-open-\(id)", [req], flags: [flag], comment, in: input(token), code: code, twin: twin)
    }
    for index in 6..<22 {
      var token = good
      token[index] ^= 1
      try bad(
        "v-byte-\(index - 6)-flipped", "One bit of byte \(index - 6) of V.", "SivTag", "R-14.2-1", token)
    }
    for index in [24, 40, 55] {
      var token = good
      token[index] ^= 1
      try bad("c-byte-\(index - 24)-flipped", "One bit of C.", "SivTag", "R-14.2-1", token)
    }
    for field: UInt8 in [1, 2, 3, 5] {
      var token = good
      token[1] = field
      try bad(
        "moved-to-field-\(field)", "Another field in front of the same V and C.", "TokenMoved", "R-14.1-1",
        token)
    }
    var moved = good
    moved[5] = 2
    try bad("moved-to-epoch-2", "Another epoch whose key is there.", "TokenMoved", "R-14.1-1", moved)
    moved[5] = 9
    try bad(
      "epoch-without-key", "An epoch whose key is not there.", "TokenMoved", "R-7-3", moved, .noEpochKey)
    try builder.reject(
      "token-open-moved-to-another-account", ["R-14.1-1"], flags: ["TokenMoved"],
      "The reader's account is another.",
      in: input(good, account: bytes("another account", 16)), code: .tokenOpenFailed, twin: twin)
    try bad(
      "another-key", "Sealed under another key.", "SivTag", "R-14.2-1",
      try token(padded(value), key: bytes("other", 64)))
    try bad(
      "key-halves-swapped", "Sealed with the halves of the key swapped.", "SivTag", "R-14.1-1",
      try token(padded(value), key: Array(tokenKey[32...] + tokenKey[..<32])))
    try bad(
      "ad-with-another-label", "The label of the associated data is another.", "SivAssociatedData",
      "R-14.1-1",
      try token(padded(value), label: "token"))
    for (id, comment, padded) in [
      ("padding-missing", "16 bytes without 80.", value),
      ("padding-zero", "Zeros only.", [UInt8](repeating: 0, count: 16)),
      ("padding-01", "01 instead of 80.", value + [1] + [UInt8](repeating: 0, count: 15)),
      ("padding-not-zero", "A byte behind 80.", value + [0x80] + [UInt8](repeating: 0, count: 14) + [1]),
      ("padding-pkcs7", "PKCS #7.", value + [UInt8](repeating: 16, count: 16)),
      (
        "padding-of-a-greater-size", "64 bytes where 32 are enough.",
        padded(value) + [UInt8](repeating: 0, count: 32)
      ),
      (
        "padding-of-a-far-greater-size", "4096 bytes where 32 are enough.",
        padded(value) + [UInt8](repeating: 0, count: 4064)
      ),
      ("value-not-utf8", "A value of ff.", padded([0xff])),
      ("value-surrogate", "A value of U+D800.", padded([0xed, 0xa0, 0x80])),
    ] as [(String, String, [UInt8])] {
      try bad(id, comment, "TokenPadding", "R-14.2-2", try token(padded))
    }
  }

  private static let agentKey = bytes("agent key", 32)
  private static let agent = bytes("agent", 16)

  static func blobContext(
    field: UInt8 = 19, epoch: UInt32 = 3, account: [UInt8] = account, agent: [UInt8] = agent
  ) -> [UInt8] {
    Array("EK".utf8) + [1, 7] + account + be(epoch, 4) + [field] + agent
  }

  /// The blob of §15, by the formula.
  private static func blob(
    _ content: [UInt8], salt: [UInt8], head: [UInt8] = blobContext(), under context: [UInt8]? = nil,
    key: [UInt8]? = nil
  ) throws -> [UInt8] {
    let key = try key ?? Fixture.derive(agentKey, "blob", blobKeyContext)
    return head + (try sealed(content, salt: salt, context ?? head, key: key))
  }

  private static let blobKeyContext = account + be(3, 4) + agent

  private static let blobSeal = Family("blob/seal") { builder in
    for count in sealSizes + [2 * 16_384 + 10] {
      let content = bytes("blob \(count)", count)
      let salt = bytes("blob salt \(count)", 24)
      try builder.accept(
        "blob-seal-\(count)-bytes", ["R-15-2"], "A content of \(count) bytes.",
        in: .of([
          "agent_key": .hex(agentKey), "account_id": .hex(account), "epoch": 3, "agent_id": .hex(agent),
          "field": "screenshot",
          "salt": .hex(salt), "content": .hex(content),
        ]), out: .of("blob", try blob(content, salt: salt)))
    }
    for field in BlobField.allCases {
      let (content, salt) = (bytes("blob 1", 1), bytes("blob salt 1", 24))
      try builder.accept(
        "blob-seal-field-\(field.name.split(separator: "_").joined(separator: "-"))", ["R-15-2"],
        "The same content in another field.",
        in: .of([
          "agent_key": .hex(agentKey), "account_id": .hex(account), "epoch": 3, "agent_id": .hex(agent),
          "field": .string(field.name), "salt": .hex(salt), "content": .hex(content),
        ]), out: .of("blob", try blob(content, salt: salt, head: blobContext(field: field.rawValue))))
    }
  }

  private static let blobOpen = Family(
    "blob/open",
    flags: [
      VectorFile.Flag(
        "BlobMoved", bugType: "MISSING_CHECK", effect: "a recording is shown as another's", refs: ["R-15-2"]),
      VectorFile.Flag(
        "BlobReference", bugType: "MISSING_CHECK", effect: "a blob is exchanged unseen", refs: ["15"]),
    ]
  ) { builder in
    func input(
      _ blob: [UInt8]?, reference: JSONValue = .null, account: [UInt8] = account,
      keys: [[UInt8]] = [agentKey], epoch: Int = 3, of agent: [UInt8] = agent
    ) -> JSONObject {
      .of([
        "account_id": .hex(account),
        "keys": .array(
          keys.map { ["epoch": .integer(epoch), "agent_id": .hex(agent), "agent_key": .hex($0)] }),
        "blob": .hexOrNull(blob), "reference": reference,
      ])
    }
    let content = bytes("blob content", 1000)
    let good = try blob(content, salt: bytes("blob salt", 24))
    let out = JSONObject.of(["field": "screenshot", "agent_id": .hex(agent), "content": .hex(content)])
    let twin = "blob-open-valid"
    try builder.accept(twin, ["R-15-1", "R-15-2"], "A screenshot.", in: input(good), out: out)
    let another = bytes("agent key of another line", 32)
    for (place, keys) in [("first", [agentKey, another]), ("last", [another, agentKey])] {
      try builder.accept(
        "blob-open-right-key-\(place)-of-an-epoch", ["R-7-5", "R-15-1"],
        "Two lines of the account have used the epoch: each of its keys is tried.",
        in: input(good, keys: keys), out: out)
    }
    try builder.reject(
      "blob-open-no-key-of-several-opens", ["R-7-5"], flags: ["BlobMoved"], "Neither key opens it.",
      in: input(good, keys: [another, bytes("agent key of a third line", 32)]), code: .blobOpenFailed,
      twin: "blob-open-right-key-first-of-an-epoch")
    for (id, input) in [
      ("right-key-of-another-epoch", input(good, epoch: 2)),
      ("right-key-of-another-agent", input(good, of: bytes("agent 2", 16))),
      ("no-keys", input(good, keys: [])),
    ] {
      try builder.reject(
        "blob-open-\(id)", ["R-15-1"], flags: ["BlobMoved"], "No key of the epoch and agent is there.",
        in: input, code: .noEpochKey, twin: twin)
    }
    let digest = SHA256.hash(good)
    func reference(_ length: Int, _ digest: [UInt8], field: String = "screenshot") -> JSONValue {
      ["field": .string(field), "length": .integer(length), "digest": .hex(digest)]
    }
    try builder.accept(
      "blob-open-with-reference", ["R-15-2"], "Length and digest are those of the record.",
      in: input(good, reference: reference(good.count, digest)), out: out)
    try builder.reject(
      "blob-open-missing", ["R-16.5-3"], flags: ["BlobReference"], "The service has no such blob.",
      in: input(nil, reference: reference(good.count, digest)), code: .blobMissing,
      twin: "blob-open-with-reference")
    try builder.reject(
      "blob-open-missing-order-before-keys", ["R-16.5-3"], flags: ["BlobReference"],
      "That the blob is missing is said before a key is looked for.",
      in: input(nil, reference: reference(good.count, digest), keys: []), code: .blobMissing,
      twin: "blob-open-with-reference")
    try builder.reject(
      "blob-open-order-key-before-reference", ["R-15-2"], flags: ["BlobReference"],
      "That there is no key is said before the reference is looked at.",
      in: input(good, reference: reference(good.count + 1, digest), keys: []), code: .noEpochKey,
      twin: "blob-open-with-reference")
    try builder.reject(
      "blob-open-reference-of-another-field", ["R-15-2"], flags: ["BlobReference"],
      "The record says a camera's picture.",
      in: input(good, reference: reference(good.count, digest, field: "camera_shot")), code: .blobOpenFailed,
      twin: "blob-open-with-reference")
    for (id, comment, length, digest) in [
      ("reference-of-another-length", "The record says a byte more.", good.count + 1, digest),
      (
        "reference-of-another-digest", "The record has another digest.", good.count,
        [digest[0] ^ 1] + digest.dropFirst()
      ),
      ("reference-of-a-byte-less", "The record says a byte less.", good.count - 1, digest),
      (
        "reference-whose-digest-ends-otherwise", "The digest's last byte differs.", good.count,
        digest.flipped(31)
      ),
    ] {
      try builder.reject(
        "blob-open-\(id)", ["R-15-2"], flags: ["BlobReference"], comment,
        in: input(good, reference: reference(length, digest)),
        code: .blobOpenFailed, twin: "blob-open-with-reference")
    }
    for (name, digest) in digest.neighbours {
      try builder.reject(
        "blob-open-digest-\(name)", ["R-15-2"], flags: ["BlobReference"], "The digest differs in a byte.",
        in: input(good, reference: reference(good.count, digest)), code: .blobOpenFailed,
        twin: "blob-open-with-reference")
    }
    for (name, account) in account.neighbours {
      try builder.reject(
        "blob-open-account-\(name)", ["R-15-2"], flags: ["BlobMoved"],
        "The reader's account differs in a byte.",
        in: input(good, account: account), code: .wrongAccount, twin: twin)
    }
    for (name, agent) in agent.neighbours {
      try builder.reject(
        "blob-open-key-of-agent-\(name)", ["R-15-1"], flags: ["BlobMoved"], "The key is of a similar agent.",
        in: input(good, of: agent), code: .noEpochKey, twin: twin)
    }
    func bad(_ id: String, _ comment: String, _ head: [UInt8], _ code: ErrorCode) throws {
      try builder.reject(
        "blob-open-\(id)", ["R-15-2"], flags: ["BlobMoved"], comment, in: input(head + Array(good[41...])),
        code: code, twin: twin)
    }
    try bad("another-field", "The field in front is another.", blobContext(field: 20), .blobOpenFailed)
    try bad(
      "another-agent", "The agent in front is another.", blobContext(agent: bytes("agent 2", 16)),
      .noEpochKey)
    try bad("another-epoch", "The epoch in front is one without key.", blobContext(epoch: 4), .noEpochKey)
    try bad(
      "another-account", "The account in front is another.", blobContext(account: bytes("account 2", 16)),
      .wrongAccount)
    try bad(
      "another-agent-and-epoch", "Neither the epoch nor the agent has a key: the epoch comes first.",
      blobContext(epoch: 4, agent: bytes("agent 2", 16)), .noEpochKey)
    for (id, comment, context) in [
      ("context-without-agent", "Sealed under the header and field alone.", Array(blobContext()[..<25])),
      ("context-empty", "Sealed under no context.", []),
      ("context-of-another-field", "Sealed as a camera shot.", blobContext(field: 20)),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "blob-open-\(id)", ["R-15-2"], flags: ["BlobMoved"], comment,
        in: input(try blob(content, salt: bytes("blob salt", 24), under: context)), code: .blobOpenFailed,
        twin: twin)
    }
    for (id, comment, key) in [
      ("agent-key", "Sealed under Kagent itself.", agentKey),
      (
        "spool-key", "Sealed as a spool is, with the agent key for the device's.",
        try Fixture.derive(agentKey, "spool", account + agent)
      ),
      ("token-key", "Sealed under the first half of the token key.", Array(tokenKey[..<32])),
      (
        "key-of-another-agent", "Sealed under the key of another agent.",
        try Fixture.derive(bytes("agent key 2", 32), "blob", blobKeyContext)
      ),
    ] {
      try builder.reject(
        "blob-open-sealed-with-\(id)", ["R-15-1", "R-2.3-1"], flags: ["BlobMoved"], comment,
        in: input(try blob(content, salt: bytes("blob salt", 24), key: key)), code: .blobOpenFailed,
        twin: twin)
    }
    let long = bytes("blob of two chunks", 16_384 + 10)
    let two = try blob(long, salt: bytes("blob salt of two chunks", 24))
    let foreign = try blob(long, salt: bytes("blob salt of another", 24))
    let chunks = (head: Array(two[..<97]), first: Array(two[97..<16_497]), last: Array(two[16_497...]))
    try builder.accept(
      "blob-open-two-chunks", ["R-2.5-3"], "A full chunk and a short one.", in: input(two),
      out: .of(["field": "screenshot", "agent_id": .hex(agent), "content": .hex(long)]))
    for (id, comment, blob) in [
      ("last-chunk-dropped", "The last chunk is missing.", chunks.head + chunks.first),
      ("chunks-swapped", "The chunks are swapped.", chunks.head + chunks.last + chunks.first),
      (
        "chunk-repeated", "The first chunk stands twice.",
        chunks.head + chunks.first + chunks.first + chunks.last
      ),
      ("byte-appended", "A byte behind the last chunk.", two + [0]),
      (
        "chunk-of-another-blob", "The first chunk is that of another blob.",
        chunks.head + foreign[97..<16_497] + chunks.last
      ),
    ] {
      try builder.reject(
        "blob-open-\(id)", ["R-2.5-3"], flags: ["BlobMoved"], comment, in: input(blob), code: .blobOpenFailed,
        twin: "blob-open-two-chunks")
    }
    for index in [41, 65, 97, 1096, 1112] {
      var blob = good
      blob[index] ^= 1
      try builder.reject(
        "blob-open-byte-\(index)-flipped", ["R-15-2"], flags: ["BlobMoved"], "One bit of byte \(index).",
        in: input(blob),
        code: .blobOpenFailed, twin: twin)
    }
  }
}
