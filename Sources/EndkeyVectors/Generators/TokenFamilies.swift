internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

extension Family {
  /// AES-SIV, sealed messages, normal forms, tokens, blobs, texts and the scanner.
  static let activity: [Family] = [
    sivSeal, sivOpen, sealedSeal, sealedOpen, normalPassword, normalLoginName, tokenSeal, tokenOpen, blobSeal,
    blobOpen,
    textToken, textTokenEncode, textCode, textCodeEncode, textAccountSecret, scan,
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

  private static let sivLengths = [0, 1, 15, 16, 17, 31, 32, 33, 47, 48, 64, 4096]

  private static let sivSeal = Family("siv/seal") { builder in
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
    // Plaintexts whose V ends so that the counter carries: searched for, as the last two bytes of V decide over 16 bits.
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

  private static func sealed(_ plaintext: [UInt8], salt: [UInt8], _ context: [UInt8] = context) throws
    -> [UInt8]
  {
    var random = FixedRandom(salt)
    return try ChunkedEncryption.seal(
      plaintext, key: SecretBytes(copying: sealKey), context: context, using: &random)
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
    for (id, comment, bytes) in [
      ("empty", "No byte.", []), ("too-long", "\(most + 1) bytes.", longest + [0x78]),
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
      ("emoji", Array("\u{1f512}\u{fe0f}".utf8)), ("url", Array("https://example.org/a?b=c#d".utf8)),
    ]

  /// The token of §14.1, by the formula.
  private static func token(
    _ padded: [UInt8], field: UInt8 = 4, epoch: UInt32 = 3, account: [UInt8] = account,
    key: [UInt8] = tokenKey,
    label: String = "token-ad"
  ) throws -> [UInt8] {
    let ad = Array("endkey/1 \(label)".utf8) + [0] + account + be(UInt64(epoch), 4) + [field]
    let (v, c) = try siv(padded, key: key, [ad])
    return [1, field] + be(UInt64(epoch), 4) + v + be(UInt64(c.count), 2) + c
  }

  private static func pad(_ value: [UInt8]) -> [UInt8] {
    var size = 16
    while size < value.count + 1 { size *= 2 }
    return value + [0x80] + [UInt8](repeating: 0, count: size - value.count - 1)
  }

  private static let tokenSeal = Family("token/seal") { builder in
    func input(_ value: [UInt8], field: String = "url") -> JSONObject {
      .of([
        "token_key": .hex(tokenKey), "account_id": .hex(account), "epoch": 3, "field": .string(field),
        "value": .hex(value),
      ])
    }
    for (id, value) in values {
      try builder.accept(
        "token-seal-\(id)", ["R-14.1-4", "R-14.1-1"], "A value of \(value.count) bytes.", in: input(value),
        out: .of("token", try token(pad(value))))
    }
    for field in TokenField.allCases {
      let name = field.name.split(separator: "_").joined(separator: "-")
      try builder.accept(
        "token-seal-field-\(name)", ["R-14.1-1"], "The same value in another field.",
        in: input(Array("same".utf8), field: field.name),
        out: .of("token", try token(pad(Array("same".utf8)), field: field.rawValue)))
    }
    for (id, comment, code, value) in [
      ("4096-bytes", "A byte too long.", .valueTooLong, [UInt8](repeating: 0x61, count: 4096)),
      ("65536-bytes", "Far too long.", .valueTooLong, [UInt8](repeating: 0x61, count: 65_536)),
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
    func input(_ token: [UInt8], account: [UInt8] = account) -> JSONObject {
      .of([
        "account_id": .hex(account),
        "keys": [
          ["epoch": 2, "token_key": .hex(bytes("token key 2", 64))],
          ["epoch": 3, "token_key": .hex(tokenKey)],
        ], "token": .hex(token),
      ])
    }
    for (id, value) in values {
      try builder.accept(
        "token-open-\(id)", ["R-14.1-4"], "A value of \(value.count) bytes.",
        in: input(try token(pad(value))),
        out: .of(["field": "url", "epoch": 3, "value": .hex(value)]))
    }
    let twin = "token-open-16-bytes"
    let value = values.first { $0.id == "16-bytes" }?.value ?? []
    let good = try token(pad(value))
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
      try token(pad(value), key: bytes("other", 64)))
    try bad(
      "key-halves-swapped", "Sealed with the halves of the key swapped.", "SivTag", "R-14.1-1",
      try token(pad(value), key: Array(tokenKey[32...] + tokenKey[..<32])))
    try bad(
      "ad-with-another-label", "The label of the associated data is another.", "SivAssociatedData",
      "R-14.1-1",
      try token(pad(value), label: "token"))
    for (id, comment, padded) in [
      ("padding-missing", "16 bytes without 80.", value),
      ("padding-zero", "Zeros only.", [UInt8](repeating: 0, count: 16)),
      ("padding-01", "01 instead of 80.", value + [1] + [UInt8](repeating: 0, count: 15)),
      ("padding-not-zero", "A byte behind 80.", value + [0x80] + [UInt8](repeating: 0, count: 14) + [1]),
      ("padding-pkcs7", "PKCS #7.", value + [UInt8](repeating: 16, count: 16)),
      (
        "padding-of-a-greater-size", "64 bytes where 32 are enough.",
        pad(value) + [UInt8](repeating: 0, count: 32)
      ),
      (
        "padding-of-a-far-greater-size", "4096 bytes where 32 are enough.",
        pad(value) + [UInt8](repeating: 0, count: 4064)
      ),
      ("value-not-utf8", "A value of ff.", pad([0xff])),
      ("value-surrogate", "A value of U+D800.", pad([0xed, 0xa0, 0x80])),
    ] as [(String, String, [UInt8])] {
      try bad(id, comment, "TokenPadding", "R-14.2-2", try token(padded))
    }
  }

  private static let agentKey = bytes("agent key", 32)
  private static let agent = bytes("agent", 16)

  private static func blobContext(
    field: UInt8 = 19, epoch: UInt32 = 3, account: [UInt8] = account, agent: [UInt8] = agent
  ) -> [UInt8] {
    Array("EK".utf8) + [1, 7] + account + be(UInt64(epoch), 4) + [field] + agent
  }

  /// The blob of §15, by the formula.
  private static func blob(
    _ content: [UInt8], salt: [UInt8], head: [UInt8] = blobContext(), under context: [UInt8]? = nil
  ) throws -> [UInt8] {
    let info = Array("endkey/1 blob".utf8) + [0] + account + be(3, 4) + agent
    let key = try HKDF.sha256(ikm: SecretBytes(copying: agentKey), info: info, count: 32)
    var random = FixedRandom(salt)
    return head + (try ChunkedEncryption.seal(content, key: key, context: context ?? head, using: &random))
  }

  private static let blobSeal = Family("blob/seal") { builder in
    for count in sealSizes {
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
    func input(_ blob: [UInt8], reference: JSONValue = .null, account: [UInt8] = account) -> JSONObject {
      .of([
        "account_id": .hex(account),
        "keys": [["epoch": 3, "agent_id": .hex(agent), "agent_key": .hex(agentKey)]], "blob": .hex(blob),
        "reference": reference,
      ])
    }
    let content = bytes("blob content", 1000)
    let good = try blob(content, salt: bytes("blob salt", 24))
    let out = JSONObject.of(["field": "screenshot", "agent_id": .hex(agent), "content": .hex(content)])
    let twin = "blob-open-valid"
    try builder.accept(twin, ["R-15-1", "R-15-2"], "A screenshot.", in: input(good), out: out)
    let digest = SHA256.hash(good)
    func reference(_ length: Int, _ digest: [UInt8], field: String = "screenshot") -> JSONValue {
      ["field": .string(field), "length": .integer(length), "digest": .hex(digest)]
    }
    try builder.accept(
      "blob-open-with-reference", ["R-15-2"], "Length and digest are those of the record.",
      in: input(good, reference: reference(good.count, digest)), out: out)
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
    ] {
      try builder.reject(
        "blob-open-\(id)", ["R-15-2"], flags: ["BlobReference"], comment,
        in: input(good, reference: reference(length, digest)),
        code: .blobOpenFailed, twin: "blob-open-with-reference")
    }
    func bad(_ id: String, _ comment: String, _ head: [UInt8], _ code: ErrorCode) throws {
      try builder.reject(
        "blob-open-\(id)", ["R-15-2"], flags: ["BlobMoved"], comment, in: input(head + Array(good[41...])),
        code: code, twin: twin)
    }
    try bad("another-field", "The field in front is another.", blobContext(field: 20), .blobOpenFailed)
    try bad(
      "another-agent", "The agent in front is another.", blobContext(agent: bytes("agent 2", 16)),
      .wrongRecipient)
    try bad("another-epoch", "The epoch in front is one without key.", blobContext(epoch: 4), .noEpochKey)
    try bad(
      "another-account", "The account in front is another.", blobContext(account: bytes("account 2", 16)),
      .wrongAccount)
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
    for index in [41, 65, 97, 1096, 1112] {
      var blob = good
      blob[index] ^= 1
      try builder.reject(
        "blob-open-byte-\(index)-flipped", ["R-15-2"], flags: ["BlobMoved"], "One bit of byte \(index).",
        in: input(blob),
        code: .blobOpenFailed, twin: twin)
    }
  }

  private static let textFlags = [
    VectorFile.Flag(
      "Canonical", bugType: "MALLEABILITY",
      effect: "two texts for one token: grouping by text splits, filters are evaded", refs: ["R-2.4-1"])
  ]

  private static let base64Alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static func base64(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = Array(bytes[start..<min(start + 3, bytes.count)])
      let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0...group.count { text.append(base64Alphabet[value >> (18 - 6 * index) & 63]) }
    }
    return text
  }

  private static func text(_ prefix: String, _ bytes: [UInt8]) -> [UInt8] {
    Array(prefix.utf8) + base64(bytes)
  }

  private static let textTokenEncode = Family("text/token-encode") { builder in
    for count in [16, 32, 64, 4096] {
      let token =
        [1, 2] + be(5, 4) + bytes("text v \(count)", 16) + be(UInt64(count), 2)
        + bytes("text c \(count)", count)
      try builder.accept(
        "text-token-encode-\(count)", ["R-14.3-1"], "A token of \(token.count) bytes.",
        in: .of("bytes", token),
        out: .of("text", text("ekt1_", token)))
    }
  }

  private static let textToken = Family("text/token", flags: textFlags) { builder in
    let token = [1, 2] + be(5, 4) + bytes("text v 16", 16) + be(16, 2) + bytes("text c 16", 16)
    let long = [1, 2] + be(5, 4) + bytes("text v 32", 16) + be(32, 2) + bytes("text c 32", 32)
    let good = text("ekt1_", token)
    let twin = "text-token-valid"
    try builder.accept(twin, ["R-14.3-1"], "54 characters.", in: .of("text", good), out: .of("bytes", token))
    try builder.accept(
      "text-token-valid-75", ["R-14.3-1"], "75 characters.", in: .of("text", text("ekt1_", long)),
      out: .of("bytes", long))
    for (id, prefix) in [
      ("upper-case", "EKT1_"), ("mixed-case", "Ekt1_"), ("version-2", "ekt2_"), ("of-a-blob", "eks1_"),
      ("without-underscore", "ekt1"), ("hyphen", "ekt1-"), ("empty", ""),
    ] {
      try builder.reject(
        "text-token-prefix-\(id)", ["R-14.3-1"], flags: ["Canonical"], "The prefix \"\(prefix)\".",
        in: .of("text", Array(prefix.utf8) + good.dropFirst(5)), code: .badPrefix, offset: 0, twin: twin)
    }
    try builder.reject(
      "text-token-space-before", ["R-14.3-1"], flags: ["Canonical"], "A space before the prefix.",
      in: .of("text", [0x20] + good),
      code: .badPrefix, offset: 0, twin: twin)
    for (id, character) in [
      ("plus", "+"), ("slash", "/"), ("equals", "="), ("space", " "), ("tab", "\t"), ("newline", "\n"),
      ("dot", "."), ("cyrillic-a", "\u{430}"), ("nul", "\0"),
    ] {
      var bad = good
      bad.replaceSubrange(20..<21, with: Array(character.utf8))
      try builder.reject(
        "text-token-character-\(id)", ["R-2.4-1"], flags: ["Canonical"],
        "A character outside of the alphabet.", in: .of("text", bad),
        code: .badBase64url, offset: 20, twin: twin)
    }
    for (id, tail) in [("padding", "=="), ("newline", "\n"), ("carriage-return", "\r\n"), ("space", " ")] {
      try builder.reject(
        "text-token-\(id)-behind", ["R-2.4-1"], flags: ["Canonical"],
        "The text, and \(tail.debugDescription).",
        in: .of("text", good + Array(tail.utf8)), code: .badBase64url, offset: good.count, twin: twin)
    }
    try builder.reject(
      "text-token-length-1-modulo-4", ["R-2.4-1"], flags: ["Canonical"], "57 characters encode no bytes.",
      in: .of("text", good + Array("AAA".utf8)), code: .badBase64url, offset: good.count + 3, twin: twin)
    let last = base64Alphabet.firstIndex(of: good[good.count - 1]) ?? 0
    for bit in [1, 2, 4, 8] {
      try builder.reject(
        "text-token-trailing-bit-\(bit)", ["R-2.4-1"], flags: ["Canonical"],
        "A bit of the last character that encodes nothing.",
        in: .of("text", good.dropLast() + [base64Alphabet[last | bit]]), code: .badBase64url,
        offset: good.count - 1, twin: twin)
    }
    for (id, req, code, byte, bytes) in [
      ("version-2", "R-2.2-7", .unknownVersion, 0, [2] + token.dropFirst()),
      ("field-9", "R-2.2-5", .unknownValue, 1, [1, 9] + token.dropFirst(2)),
      ("epoch-0", "R-8.1-2", .valueOutOfRange, 2, [1, 2, 0, 0, 0, 0] + token.dropFirst(6)),
      ("c-of-17", "R-8.3-1", .lengthOutOfRange, 22, token[..<22] + be(17, 2) + token[24...] + [0]),
      ("cut", "R-2.2-2", .truncated, 24, token.dropLast(3)),
      ("trailing", "R-2.2-1", .trailingBytes, 40, token + [0, 0]),
    ] as [(String, String, ErrorCode, Int, [UInt8])] {
      try builder.reject(
        "text-token-grammar-\(id)", [req], flags: ["Canonical"], "Right base64url of a wrong token.",
        in: .of("text", text("ekt1_", bytes)), code: code, offset: 5 + 4 * byte / 3, twin: twin)
    }
  }

  private static let textCode = Family("text/code", flags: textFlags) { builder in
    try secretTexts(&builder, "code", hrp: "ekc", other: "ekb")
  }
  private static let textAccountSecret = Family("text/account-secret", flags: textFlags) { builder in
    try secretTexts(&builder, "account-secret", hrp: "ekb", other: "ekc")
  }

  private static let textCodeEncode = Family("text/code-encode") { builder in
    let (account, secret) = (bytes("code account", 16), bytes("code secret", 16))
    try builder.accept(
      "text-code-encode-valid", ["R-18.1-2"], "Lower case.",
      in: .of(["account_id": .hex(account), "secret": .hex(secret)]),
      out: .of("text", bech32("ekc", [1] + account + secret)))
  }

  private static let bechAlphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  /// BIP 350, or BIP 173 with constant 1, with `pad` as the last bits of the data.
  private static func bech32(_ hrp: String, _ bytes: [UInt8], constant: UInt32 = 0x2bc8_30a3, pad: UInt8 = 0)
    -> [UInt8]
  {
    var (data, value, bits): ([UInt8], UInt32, Int) = ([], 0, 0)
    for byte in bytes {
      value = (value << 8 | UInt32(byte)) & 0xfff
      bits += 8
      while bits >= 5 {
        bits -= 5
        data.append(UInt8(value >> UInt32(bits) & 31))
      }
    }
    if bits > 0 { data.append(UInt8(value << UInt32(5 - bits) & 31) | pad) }
    func polymod(_ values: [UInt8]) -> UInt32 {
      var check: UInt32 = 1
      for value in values {
        let top = check >> 25
        check = (check & 0x1ff_ffff) << 5 ^ UInt32(value)
        for (index, generator) in [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
          .enumerated()
        where top >> UInt32(index) & 1 == 1 { check ^= UInt32(generator) }
      }
      return check
    }
    let expanded = hrp.utf8.map { $0 >> 5 } + [0] + hrp.utf8.map { $0 & 31 }
    let check = polymod(expanded + data + [0, 0, 0, 0, 0, 0]) ^ constant
    let sum = (0..<6).map { UInt8(check >> UInt32(5 * (5 - $0)) & 31) }
    return Array(hrp.utf8) + [UInt8(ascii: "1")] + (data + sum).map { bechAlphabet[Int($0)] }
  }

  private static func secretTexts(_ builder: inout FamilyBuilder, _ name: String, hrp: String, other: String)
    throws
  {
    let (account, secret) = (bytes("\(name) account", 16), bytes("\(name) secret", 16))
    let bytes = [1] + account + secret
    let good = bech32(hrp, bytes)
    let out = JSONObject.of(["account_id": .hex(account), "secret": .hex(secret)])
    let slug = "text-\(name)"
    let twin = "\(slug)-valid"
    try builder.accept(twin, ["R-18.1-1"], "Lower case.", in: .of("text", good), out: out)
    let upper = good.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 ? $0 - 32 : $0 }
    try builder.accept(
      "\(slug)-upper-case", ["R-18.1-2"], "Upper case, as in a QR code.", in: .of("text", upper), out: out)
    func bad(
      _ id: String, _ comment: String, _ text: [UInt8], _ code: ErrorCode = .badBech32m, offset: Int? = nil
    ) throws {
      // The place is the implementation's where the generator gives none; §18.1 fixes it.
      let place: Int?
      if let offset { place = offset } else { place = try builder.offset(of: .of("text", text)) }
      try builder.reject(
        "\(slug)-\(id)", [code == .unknownVersion ? "R-2.2-7" : "R-18.1-1"], flags: ["Canonical"], comment,
        in: .of("text", text),
        code: code, offset: place, twin: twin)
    }
    for index in 4..<63 {
      var text = good
      let at = bechAlphabet.firstIndex(of: text[index]) ?? 0
      text[index] = bechAlphabet[(at + 1) % 32]
      try bad("character-\(index)-wrong", "Another character at \(index).", text)
    }
    try bad("bech32", "The checksum of Bech32.", bech32(hrp, bytes, constant: 1))
    try bad("padding-bit", "The last bit of the data is set.", bech32(hrp, bytes, pad: 1))
    try bad(
      "of-the-other-kind", "The human-readable part \(other).", bech32(other, bytes), .badPrefix, offset: 0)
    try bad("version-2", "Version 2.", bech32(hrp, [2] + bytes.dropFirst()), .unknownVersion)
    try bad(
      "mixed-case", "One upper-case letter.", good.dropLast() + [good[62] == UInt8(ascii: "q") ? 0x50 : 0x51])
    try bad(
      "character-b", "A character outside of the alphabet.", good[..<20] + [UInt8(ascii: "b")] + good[21...])
    try bad("space-inside", "A space.", good[..<20] + [0x20] + good[21...])
    try bad("short", "62 characters.", Array(good.dropLast()))
    try bad("long", "64 characters.", good + [UInt8(ascii: "q")])
    try bad("empty", "No character.", [], .badPrefix, offset: 0)
    try bad("32-bytes", "A byte too few, with a right checksum.", bech32(hrp, Array(bytes.dropLast())))
    try bad("34-bytes", "A byte too many, with a right checksum.", bech32(hrp, bytes + [0]))
  }

  private static let scan = Family("scan", flags: textFlags) { builder in
    let token = [1, 2] + be(5, 4) + bytes("text v 16", 16) + be(16, 2) + bytes("text c 16", 16)
    let tokenText = text("ekt1_", token)
    let blob = blobContext() + bytes("scan sealed", 80)
    let blobText = text("eks1_", be(UInt64(blob.count), 3) + blob)
    func check(
      _ id: String, _ comment: String, _ parts: [[UInt8]], matches: [(Int, String)],
      skipped: [(Int, String)] = []
    ) throws {
      // `matches` and `skipped` name parts; their places follow.
      let starts = parts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
      try builder.accept(
        "scan-\(id)", ["R-18-1"], comment, in: .of("text", parts.flatMap { $0 }),
        out: .of([
          "matches": .array(
            matches.map {
              ["kind": .string($0.1), "start": .integer(starts[$0.0]), "end": .integer(starts[$0.0 + 1])]
            }),
          "skipped": .array(skipped.map { ["offset": .integer(starts[$0.0]), "code": .string($0.1)] }),
        ]))
    }
    func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    try check("nothing", "No text.", [[]], matches: [])
    try check("no-candidate", "A text without any.", [ascii("plain ekt1 eks_ text")], matches: [])
    try check("token-alone", "A token.", [tokenText], matches: [(0, "token")])
    try check("blob-alone", "A blob.", [blobText], matches: [(0, "blob")])
    try check(
      "two-back-to-back", "Two tokens without anything between.", [tokenText, tokenText],
      matches: [(0, "token"), (1, "token")])
    try check(
      "in-a-url", "In a query.", [ascii("https://x/?q="), tokenText, ascii("&r=1")], matches: [(1, "token")])
    try check(
      "in-an-attribute", "In HTML.", [ascii("<td title=\""), tokenText, ascii("\">")], matches: [(1, "token")]
    )
    try check("in-json", "In JSON.", [ascii("{\"a\":\""), tokenText, ascii("\"}")], matches: [(1, "token")])
    try check(
      "in-csv", "In CSV.", [ascii("1,"), tokenText, ascii(",2\n3,"), blobText, ascii(",4\n")],
      matches: [(1, "token"), (3, "blob")])
    try check(
      "characters-behind", "What follows does not matter.", [tokenText, ascii("abc")], matches: [(0, "token")]
    )
    try check(
      "cut-by-the-end", "The text ends too early.", [Array(tokenText.dropLast())], matches: [],
      skipped: [(0, "truncated")])
    try check(
      "prefix-alone", "A prefix at the end.", [ascii("x"), ascii("ekt1_")], matches: [],
      skipped: [(1, "truncated")])
    try check(
      "prefix-before-a-token", "A prefix whose characters are another token.", [ascii("ekt1_"), tokenText],
      matches: [(1, "token")],
      skipped: [(0, "unknown_version")])
    try check(
      "broken-by-a-line", "A line break inside.",
      [Array(tokenText[..<30]), ascii("\n"), Array(tokenText[30...])], matches: [],
      skipped: [(0, "truncated")])
    let trailing = tokenText.dropLast() + [UInt8(ascii: "_")]
    try check(
      "trailing-bits", "Bits that encode nothing.", [Array(trailing)], matches: [],
      skipped: [(0, "bad_base64url")])
    try check(
      "upper-case-prefix", "Not a prefix.", [ascii("EKT1_"), Array(tokenText.dropFirst(5))], matches: [])
    try check(
      "version-2", "A token of another version.", [text("ekt1_", [2] + token.dropFirst())], matches: [],
      skipped: [(0, "unknown_version")])
    try check(
      "field-9", "A field that is none.", [text("ekt1_", [1, 9] + token.dropFirst(2))], matches: [],
      skipped: [(0, "unknown_value")])
    try check(
      "not-utf-8", "Bytes that are no UTF-8 around.", [[0xff, 0xfe], tokenText, [0x80]],
      matches: [(1, "token")])
  }
}
