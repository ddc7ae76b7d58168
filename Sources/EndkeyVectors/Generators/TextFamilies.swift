internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  /// The text forms and the scanner.
  static let texts: [Family] = [
    textToken, textTokenEncode, textBlob, textBlobEncode, textCode, textCodeEncode, textAccountSecret,
    textAccountSecretEncode, textRecovery, textRecoveryEncode, scan,
  ]

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
        [1, 2] + be(5, 4) + bytes("text v \(count)", 16) + be(count, 2)
        + bytes("text c \(count)", count)
      try builder.accept(
        "text-token-encode-\(count)", ["R-14.3-1"], "A token of \(token.count) bytes.",
        in: .of("bytes", token),
        out: .of("text", text("ekt1_", token)))
    }
  }

  /// What text forms have in common: prefix, alphabet, and the last character. `good` is the text of `twin`; one
  /// character of it that is in no other place of the alphabet is replaced at 20.
  private static func bendText(
    _ slug: String, _ req: String, good: [UInt8], twin: String, prefixes: [(id: String, prefix: String)],
    _ builder: inout FamilyBuilder
  ) throws {
    for (id, prefix) in prefixes {
      try builder.reject(
        "\(slug)-prefix-\(id)", [req], flags: ["Canonical"], "The prefix \"\(prefix)\".",
        in: .of("text", Array(prefix.utf8) + good.dropFirst(5)), code: .badPrefix, offset: 0, twin: twin)
    }
    for (id, comment, front) in [
      ("space", "A space before the prefix.", [0x20]),
      ("byte-order-mark", "A byte order mark before the prefix.", [0xef, 0xbb, 0xbf]),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "\(slug)-\(id)-before", [req], flags: ["Canonical"], comment, in: .of("text", front + good),
        code: .badPrefix, offset: 0, twin: twin)
    }
    try builder.reject(
      "\(slug)-empty", [req], flags: ["Canonical"], "No character.", in: .of("text", []), code: .badPrefix,
      offset: 0, twin: twin)
    try builder.reject(
      "\(slug)-prefix-alone", ["R-2.2-2"], flags: ["Canonical"], "Nothing behind the prefix.",
      in: .of("text", Array(good.prefix(5))), code: .truncated, offset: 5, twin: twin)
    for (id, character) in [
      ("plus", "+"), ("slash", "/"), ("equals", "="), ("space", " "), ("tab", "\t"), ("newline", "\n"),
      ("dot", "."), ("cyrillic-a", "\u{430}"), ("nul", "\0"),
    ] {
      var bad = good
      bad.replaceSubrange(20..<21, with: Array(character.utf8))
      try builder.reject(
        "\(slug)-character-\(id)", ["R-2.4-1"], flags: ["Canonical"], "A character outside of the alphabet.",
        in: .of("text", bad), code: .badBase64url, offset: 20, twin: twin)
    }
    try builder.reject(
      "\(slug)-mixed-alphabets", ["R-2.4-1"], flags: ["Canonical"],
      "A character of this alphabet, and one of the other, for the same bits.",
      in: .of("text", good.with(Array("-".utf8), at: 20).with(Array("+".utf8), at: 21)), code: .badBase64url,
      offset: 21, twin: twin)
    for (id, tail) in [("padding", "=="), ("newline", "\n"), ("carriage-return", "\r\n"), ("space", " ")] {
      try builder.reject(
        "\(slug)-\(id)-behind", ["R-2.4-1"], flags: ["Canonical"], "The text, and \(tail.debugDescription).",
        in: .of("text", good + Array(tail.utf8)), code: .badBase64url, offset: good.count, twin: twin)
    }
  }

  /// Bits of the last character that encode nothing, each alone. `spare` of them.
  private static func bendLastCharacter(
    _ slug: String, good: [UInt8], spare: Int, twin: String, _ builder: inout FamilyBuilder
  ) throws {
    let last = base64Alphabet.firstIndex(of: good[good.count - 1]) ?? 0
    for bit in (0..<spare).map({ 1 << $0 }) {
      try builder.reject(
        "\(slug)-trailing-bit-\(bit)", ["R-2.4-1"], flags: ["Canonical"],
        "A bit of the last character that encodes nothing.",
        in: .of("text", good.dropLast() + [base64Alphabet[last | bit]]), code: .badBase64url,
        offset: good.count - 1, twin: twin)
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
    try bendText(
      "text-token", "R-14.3-1", good: good, twin: twin,
      prefixes: [
        ("upper-case", "EKT1_"), ("mixed-case", "Ekt1_"), ("version-2", "ekt2_"), ("of-a-blob", "eks1_"),
        ("without-underscore", "ekt1"), ("hyphen", "ekt1-"), ("none", ""),
      ], &builder)
    try builder.reject(
      "text-token-length-1-modulo-4", ["R-2.4-1"], flags: ["Canonical"], "57 characters encode no bytes.",
      in: .of("text", good + Array("AAA".utf8)), code: .badBase64url, offset: good.count + 3, twin: twin)
    try bendLastCharacter("text-token", good: good, spare: 4, twin: twin, &builder)
    let longText = text("ekt1_", long)
    let lastOfLong = base64Alphabet.firstIndex(of: longText[longText.count - 1]) ?? 0
    for bit in [1, 2] {
      try builder.reject(
        "text-token-75-trailing-bit-\(bit)", ["R-2.4-1"], flags: ["Canonical"],
        "A bit of the last character that encodes nothing.",
        in: .of("text", longText.dropLast() + [base64Alphabet[lastOfLong | bit]]), code: .badBase64url,
        offset: longText.count - 1, twin: "text-token-valid-75")
    }
    try builder.reject(
      "text-token-space-behind-prefix", ["R-2.4-1"], flags: ["Canonical"], "A space behind the prefix.",
      in: .of("text", Array(good[..<5]) + [0x20] + good[5...]), code: .badBase64url, offset: 5, twin: twin)
    try builder.reject(
      "text-token-order-alphabet-before-length", ["R-2.4-1"], flags: ["Canonical"],
      "A wrong character is reported before a wrong length.",
      in: .of("text", Array(good[..<20]) + Array(".".utf8) + good[21...] + Array("AAA".utf8)),
      code: .badBase64url,
      offset: 20, twin: twin)
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

  private static func shortBlob(_ count: Int) -> [UInt8] {
    blobContext(field: 18) + bytes("text blob \(count)", count - 41)
  }

  /// The text of §15.1.
  private static func blobText(_ blob: [UInt8], length: Int? = nil) -> [UInt8] {
    text("eks1_", be(length ?? blob.count, 3) + blob)
  }

  private static let textBlobEncode = Family("text/blob-encode", flags: textFlags) { builder in
    for count in [113, 114, 115, 65_536] {
      let blob = shortBlob(count)
      try builder.accept(
        "text-blob-encode-\(count)", ["R-15.1-1"], "A blob of \(count) bytes.", in: .of("bytes", blob),
        out: .of("text", blobText(blob)))
    }
    try builder.reject(
      "text-blob-encode-65537", ["R-15.1-1"], flags: ["Canonical"], "A byte too many for a text.",
      in: .of("bytes", shortBlob(65_537)), code: .valueTooLong, twin: "text-blob-encode-65536")
    try builder.reject(
      "text-blob-encode-112", ["R-2.2-2"], flags: ["Canonical"], "Too short for a blob.",
      in: .of("bytes", shortBlob(112)), code: .truncated, offset: 41, twin: "text-blob-encode-113")
  }

  private static let textBlob = Family("text/blob", flags: textFlags) { builder in
    let blob = shortBlob(113)
    let good = blobText(blob)
    let twin = "text-blob-valid"
    try builder.accept(twin, ["R-15.1-1"], "The shortest.", in: .of("text", good), out: .of("bytes", blob))
    for count in [114, 115, 65_536] {
      let blob = shortBlob(count)
      try builder.accept(
        "text-blob-valid-\(count)", ["R-15.1-1"], "A blob of \(count) bytes.",
        in: .of("text", blobText(blob)),
        out: .of("bytes", blob))
    }
    try bendText(
      "text-blob", "R-15.1-1", good: good, twin: twin,
      prefixes: [
        ("upper-case", "EKS1_"), ("mixed-case", "Eks1_"), ("version-2", "eks2_"), ("of-a-token", "ekt1_"),
        ("without-underscore", "eks1"), ("hyphen", "eks1-"), ("none", ""),
      ], &builder)
    // With its length, a blob of 113 bytes leaves two bits of the last character, one of 114 none, one of 115 four.
    try bendLastCharacter("text-blob", good: good, spare: 2, twin: twin, &builder)
    try bendLastCharacter(
      "text-blob-115", good: blobText(shortBlob(115)), spare: 4, twin: "text-blob-valid-115", &builder)
    let other = blobText(shortBlob(114))
    try builder.reject(
      "text-blob-length-1-modulo-4", ["R-2.4-1"], flags: ["Canonical"],
      "A character more than whole groups of four.", in: .of("text", other + Array("A".utf8)),
      code: .badBase64url, offset: other.count + 1, twin: "text-blob-valid-114")
    func wrong(
      _ id: String, _ req: String, _ comment: String, _ code: ErrorCode, byte: Int, _ bytes: [UInt8]
    ) throws {
      try builder.reject(
        "text-blob-grammar-\(id)", [req], flags: ["Canonical"], comment,
        in: .of("text", text("eks1_", bytes)), code: code, offset: 5 + 4 * byte / 3, twin: twin)
    }
    let length = be(113, 3)
    try wrong(
      "length-112", "R-2.2-3", "A length that no blob has.", .lengthOutOfRange, byte: 0, be(112, 3) + blob)
    try wrong(
      "length-65537", "R-2.2-3", "A length that has no text.", .lengthOutOfRange, byte: 0,
      be(65_537, 3) + blob)
    try wrong("length-0", "R-2.2-3", "No length.", .lengthOutOfRange, byte: 0, be(0, 3) + blob)
    try wrong(
      "length-all-ones", "R-2.2-3", "The greatest number of three bytes.", .lengthOutOfRange, byte: 0,
      be(0xff_ffff, 3) + blob)
    try wrong(
      "length-one-more", "R-15.1-1", "The length is that of a longer blob.", .truncated, byte: 3,
      be(114, 3) + blob)
    try wrong(
      "length-one-less", "R-15.1-1", "The length is that of a shorter blob.", .trailingBytes, byte: 116,
      length + blob + [0])
    try wrong("length-missing", "R-2.2-2", "Two bytes.", .truncated, byte: 0, [0, 0])
    try wrong("magic", "R-2.2-7", "No magic.", .badMagic, byte: 3, length + blob.flipped(0))
    try wrong(
      "version-2", "R-2.2-7", "A blob of version 2.", .unknownVersion, byte: 5, length + blob.with([2], at: 2)
    )
    try wrong(
      "type-of-grant", "R-8.1-1", "Another message.", .unexpectedType, byte: 6, length + blob.with([4], at: 3)
    )
    try wrong(
      "epoch-0", "R-8.1-2", "Epoch 0.", .valueOutOfRange, byte: 23, length + blob.with(be(0, 4), at: 20))
    try wrong(
      "field-of-a-token", "R-2.2-5", "A field of tokens.", .unknownValue, byte: 27,
      length + blob.with([3], at: 24))
  }

  /// A Bech32m text: what it is of, in its bytes and as members.
  private struct BechText: Sendable {
    let name: String
    let hrp: String
    let others: [String]
    let members: @Sendable (_ label: String) -> JSONObject
    let bytes: @Sendable (_ members: JSONObject) throws -> [UInt8]

    static let code = BechText(
      name: "code", hrp: "ekc", others: ["ekb", "ekr"],
      members: { label in
        .of([
          "account_id": .hex(EndkeyVectors.bytes("\(label) account", 16)),
          "secret": .hex(EndkeyVectors.bytes("\(label) secret", 16)), "generation": 29_400_000,
          "made": .integer(1_764_000_000_000 as UInt64), "kind": "scoped", "role": "agent",
        ])
      },
      bytes: { members in
        var fields = try JSONCursor(.object(members)).fields()
        let start = try [1] + fields.bytes("account_id") + fields.bytes("secret")
        let terms = try be(fields.generation().value, 4) + be(fields.time("made").milliseconds, 8)
        let kind: GrantKind = try fields.named("kind")
        let role: Role = try fields.named("role")
        return start + terms + [kind.rawValue, role.rawValue]
      })
    static let accountSecret = BechText(
      name: "account-secret", hrp: "ekb", others: ["ekc", "ekr"],
      members: { label in
        .of([
          "account_id": .hex(EndkeyVectors.bytes("\(label) account", 16)),
          "secret": .hex(EndkeyVectors.bytes("\(label) secret", 16)),
        ])
      },
      bytes: { members in
        var fields = try JSONCursor(.object(members)).fields()
        return try [1] + fields.bytes("account_id") + fields.bytes("secret")
      })
    static let recovery = BechText(
      name: "recovery", hrp: "ekr", others: ["ekb", "ekc"],
      members: { label in .of("seed", EndkeyVectors.bytes("\(label) seed", 32)) },
      bytes: { members in
        var fields = try JSONCursor(.object(members)).fields()
        return try [1] + fields.bytes("seed")
      })
  }

  private static let textCode = Family("text/code", flags: textFlags) { builder in
    try secretTexts(&builder, .code)
    let good = try BechText.code.bytes(BechText.code.members("code"))
    func edited(_ edits: [(Int, [UInt8])]) -> [UInt8] {
      bech32("ekc", edits.reduce(good) { $0.with($1.1, at: $1.0) })
    }
    for (id, comment, edits, members) in [
      ("for-a-manager", "A manager's code.", [(45, [1, 2])], ["kind": "master", "role": "manager"]),
      ("master", "An agent's code that leads to a master grant.", [(45, [1])], ["kind": "master"]),
      (
        "least-generation-and-time", "Generation 1, time 0.", [(33, be(1, 4) + be(0, 8))],
        ["generation": 1, "made": 0]
      ),
      (
        "greatest-generation-and-time", "The greatest numbers.",
        [(33, be(0xffff_ffff, 4) + be(1 << 53 - 1, 8))],
        ["generation": .integer(0xffff_ffff as UInt32), "made": .integer(1 << 53 - 1 as UInt64)]
      ),
    ] as [(String, String, [(Int, [UInt8])], [String: JSONValue])] {
      var out = BechText.code.members("code")
      for (key, value) in members { out[key] = value }
      try builder.accept(
        "text-code-\(id)", ["R-18.1-3", "R-10.1-3"], comment, in: .of("text", edited(edits)), out: out)
    }
    for (id, comment, code, byte, edits) in [
      ("generation-0", "Generations start with 1.", .valueOutOfRange, 33, [(33, be(0, 4))]),
      ("made-2-to-53", "A time too late.", .valueOutOfRange, 37, [(37, be(1 << 53, 8))]),
      ("made-all-ones", "A time too late.", .valueOutOfRange, 37, [(37, be(UInt64.max, 8))]),
      ("kind-0", "A kind that is none.", .unknownValue, 45, [(45, [0])]),
      ("kind-3", "A kind that is none.", .unknownValue, 45, [(45, [3])]),
      ("role-0", "A role that is none.", .unknownValue, 46, [(46, [0])]),
      ("role-3", "A role that is none.", .unknownValue, 46, [(46, [3])]),
      ("scoped-for-a-manager", "A manager gets a master grant.", .valueOutOfRange, 45, [(46, [2])]),
      (
        "order-generation-before-made", "The generation is read first.", .valueOutOfRange, 33,
        [(33, be(0, 4)), (37, be(1 << 53, 8))]
      ),
      (
        "order-made-before-kind", "The time is read first.", .valueOutOfRange, 37,
        [(37, be(1 << 53, 8)), (45, [0])]
      ),
      ("order-kind-before-role", "The kind is read first.", .unknownValue, 45, [(45, [0, 0])]),
      (
        "order-role-before-its-kind", "Which kind fits is asked when all was read.", .unknownValue, 46,
        [(45, [2, 3])]
      ),
      (
        "order-version-before-terms", "The version is read first.", .unknownVersion, 0,
        [(0, [2]), (33, be(0, 4))]
      ),
    ] as [(String, String, ErrorCode, Int, [(Int, [UInt8])])] {
      try builder.reject(
        "text-code-\(id)", ["R-18.1-3"] + (id == "scoped-for-a-manager" ? ["R-2.2-9"] : []),
        flags: ["Canonical"], comment, in: .of("text", edited(edits)),
        code: code, offset: 4 + 8 * byte / 5, twin: "text-code-valid")
    }
  }
  private static let textAccountSecret = Family("text/account-secret", flags: textFlags) { builder in
    try secretTexts(&builder, .accountSecret)
  }
  private static let textRecovery = Family("text/recovery", flags: textFlags) { builder in
    try secretTexts(&builder, .recovery)
  }

  private static let textCodeEncode = Family("text/code-encode") { builder in
    try secretTextsMade(&builder, .code)
    for (id, kind, role): (String, JSONValue, JSONValue) in [
      ("master", "master", "agent"), ("for-a-manager", "master", "manager"),
    ] {
      var members = BechText.code.members("code")
      (members["kind"], members["role"]) = (kind, role)
      try builder.accept(
        "text-code-encode-\(id)", ["R-10.1-3"], "Kind and role are in the text.", in: members,
        out: .of("text", bech32("ekc", BechText.code.bytes(members))))
    }
  }
  private static let textAccountSecretEncode = Family("text/account-secret-encode") { builder in
    try secretTextsMade(&builder, .accountSecret)
  }
  private static let textRecoveryEncode = Family("text/recovery-encode") { builder in
    try secretTextsMade(&builder, .recovery)
  }

  private static func secretTextsMade(_ builder: inout FamilyBuilder, _ text: BechText) throws {
    for (id, comment, byte) in [
      ("valid", "Lower case.", nil), ("zeros", "All bits of the secret are zero.", 0),
      ("ones", "All bits of ids and secrets are set; those of padding are zero.", 0xff),
    ] as [(String, String, UInt8?)] {
      var members = text.members(text.name)
      if let byte {
        for member in members.members {
          guard case .string(let hex) = member.value, hex.utf8.count >= 32 else { continue }
          members[member.key] = .hex([UInt8](repeating: byte, count: hex.utf8.count / 2))
        }
      }
      try builder.accept(
        "text-\(text.name)-encode-\(id)", ["R-18.1-2"], comment, in: members,
        out: .of("text", bech32(text.hrp, text.bytes(members))))
    }
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

  private static func secretTexts(_ builder: inout FamilyBuilder, _ text: BechText) throws {
    let (name, hrp) = (text.name, text.hrp)
    let out = text.members(name)
    let bytes = try text.bytes(out)
    let good = bech32(hrp, bytes)
    let count = good.count
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
    for index in 4..<count {
      var text = good
      let at = bechAlphabet.firstIndex(of: text[index]) ?? 0
      text[index] = bechAlphabet[(at + 1) % 32]
      try bad("character-\(index)-wrong", "Another character at \(index).", text)
    }
    try bad("bech32", "The checksum of Bech32.", bech32(hrp, bytes, constant: 1))
    try bad("padding-bit", "The last bit of the data is set.", bech32(hrp, bytes, pad: 1), offset: count - 7)
    if bytes.count % 5 == 2 {
      try bad(
        "first-padding-bit", "The first bit behind the data is set.", bech32(hrp, bytes, pad: 8),
        offset: count - 7)
    }
    for other in text.others {
      try bad("of-\(other)", "The human-readable part \(other).", bech32(other, bytes), .badPrefix, offset: 0)
      try bad(
        "prefix-\(other)-alone", "The prefix of another kind of text before the right rest.",
        Array(other.utf8) + good.dropFirst(3), .badPrefix, offset: 0)
    }
    try bad("version-2", "Version 2.", bech32(hrp, [2] + bytes.dropFirst()), .unknownVersion)
    try bad("version-0", "Version 0.", bech32(hrp, [0] + bytes.dropFirst()), .unknownVersion)
    for bit in 3..<8 {
      let version = 1 | UInt8(1) << bit
      try bad(
        "version-\(version)", "Version \(version): version 1 and a bit more.",
        bech32(hrp, [version] + bytes.dropFirst()), .unknownVersion)
    }
    try bad("prefix-in-mixed-case", "E, then lower case.", [0x45] + good.dropFirst(), .badPrefix, offset: 0)
    try bad(
      "prefix-in-upper-case-alone", "The prefix in capitals, the rest not.",
      Array("\(hrp.uppercased())1".utf8) + good.dropFirst(4),
      offset: 4 + good[4...].prefix { $0 < 0x61 }.count)
    try bad(
      "mixed-case", "One upper-case letter.",
      good.dropLast() + [good[count - 1] == UInt8(ascii: "q") ? 0x50 : 0x51], offset: count - 1)
    try bad(
      "character-b", "A character outside of the alphabet.", good[..<20] + [UInt8(ascii: "b")] + good[21...],
      offset: 20)
    try bad("space-inside", "A space.", good[..<20] + [0x20] + good[21...], offset: 20)
    try bad("short", "A character too few.", Array(good.dropLast()), offset: count - 1)
    try bad("long", "A character too many.", good + [UInt8(ascii: "q")], offset: count + 1)
    try bad("empty", "No character.", [], .badPrefix, offset: 0)
    try bad("byte-missing", "A byte too few, with a right checksum.", bech32(hrp, Array(bytes.dropLast())))
    try bad("byte-too-many", "A byte too many, with a right checksum.", bech32(hrp, bytes + [0]))
    try bad(
      "order-alphabet-before-length", "A wrong character in a text that is too short.",
      good[..<20] + [UInt8(ascii: "b")] + good[21..<(count - 1)], offset: 20)
    try bad(
      "order-checksum-before-padding", "The checksum of Bech32 over bits that are not zero.",
      bech32(hrp, bytes, constant: 1, pad: 1), offset: count - 6)
    try bad(
      "order-padding-before-version", "Padding bits of a text of version 2.",
      bech32(hrp, [2] + bytes.dropFirst(), pad: 1), offset: count - 7)
  }

  private static let scan = Family("scan", flags: textFlags) { builder in
    let token = [1, 2] + be(5, 4) + bytes("text v 16", 16) + be(16, 2) + bytes("text c 16", 16)
    let tokenText = text("ekt1_", token)
    let blob = blobContext() + bytes("scan sealed", 80)
    let blobText = text("eks1_", be(blob.count, 3) + blob)
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
    try check("prefix-cut", "The text ends within a prefix.", [ascii("x ekt1")], matches: [])
    let head = [UInt8](token[..<22]) + be(17, 2)
    try check(
      "head-alone", "The text ends behind the length of a token, which is none.", [text("ekt1_", head)],
      matches: [], skipped: [(0, "length_out_of_range")])
    try check(
      "head-of-a-blob-alone", "The text ends behind the head of a blob of another version.",
      [text("eks1_", be(blob.count, 3) + [UInt8](blob.with([2], at: 2)[..<42]))], matches: [],
      skipped: [(0, "unknown_version")])
    try check(
      "look-alike-prefix", "The prefix with U+0435 for its e.",
      [ascii("\u{435}kt1_"), Array(tokenText.dropFirst(5))],
      matches: [])
    try check(
      "byte-order-mark", "A byte order mark before, CR LF behind.",
      [[0xef, 0xbb, 0xbf], tokenText, ascii("\r\n")],
      matches: [(1, "token")])
    try check(
      "blob-then-token", "A blob, and a token without anything between.", [blobText, tokenText],
      matches: [(0, "blob"), (1, "token")])
    try check(
      "blob-with-a-long-length", "A blob whose length passes the end of the text.",
      [text("eks1_", be(blob.count + 1, 3) + blob)], matches: [], skipped: [(0, "truncated")])
    try check(
      "broken-by-a-line", "A line break inside.",
      [Array(tokenText[..<30]), ascii("\n"), Array(tokenText[30...])], matches: [],
      skipped: [(0, "truncated")])
    let trailing = tokenText.dropLast() + [UInt8(ascii: "_")]
    let inner = [0x7a, 0x4b, 0x75, 0xfc] + bytes("inner", 12)  // base64url begins with ekt1_
    let nested = text("ekt1_", token[..<24] + inner)
    try check(
      "prefix-inside-a-token", "What a match holds is no candidate.", [nested], matches: [(0, "token")])
    try check(
      "broken-by-a-plus", "A plus sign inside.",
      [Array(tokenText[..<30]), ascii("+"), Array(tokenText[31...])],
      matches: [], skipped: [(0, "truncated")])
    try check(
      "broken-by-a-slash", "A slash behind the head.",
      [Array(tokenText[..<45]), ascii("/"), Array(tokenText[46...])], matches: [], skipped: [(0, "truncated")]
    )
    try check(
      "characters-of-many-bytes-before", "Offsets count bytes.",
      [ascii("\u{e9}\u{20ac}\u{1f512}"), tokenText],
      matches: [(1, "token")])
    try check("nul-before", "A zero byte before.", [[0x61, 0], tokenText], matches: [(1, "token")])
    try check(
      "run-of-31", "A character less than the head of a token.", [Array(tokenText[..<36]), ascii(" ")],
      matches: [], skipped: [(0, "truncated")])
    for (id, comment, bad, code) in [
      ("epoch-0", "A token of epoch 0.", [1, 2, 0, 0, 0, 0] + token[6...], "value_out_of_range"),
      (
        "c-of-17", "A length that is none of the sizes.", token[..<22] + be(17, 2) + token[24...] + [0],
        "length_out_of_range"
      ),
      (
        "c-of-48", "Whole blocks, but none of the sizes.",
        token[..<22] + be(48, 2) + token[24...] + bytes("c", 32), "length_out_of_range"
      ),
      ("c-of-0", "No C.", token[..<22] + be(0, 2) + token[24...], "length_out_of_range"),
      ("c-of-8", "Half of the least size.", token[..<22] + be(8, 2) + token[24...], "length_out_of_range"),
      (
        "c-of-8192", "Twice the greatest size.", token[..<22] + be(8192, 2) + token[24...],
        "length_out_of_range"
      ),
      ("c-of-8193", "More than any size.", token[..<22] + be(8193, 2) + token[24...], "length_out_of_range"),
      (
        "c-of-65535", "The greatest number.", token[..<22] + be(65_535, 2) + token[24...],
        "length_out_of_range"
      ),
      (
        "c-of-4096-cut", "The greatest size, and fewer characters.",
        token[..<22] + be(4096, 2) + token[24...],
        "truncated"
      ),
    ] as [(String, String, [UInt8], String)] {
      try check(id, comment, [text("ekt1_", bad)], matches: [], skipped: [(0, code)])
    }
    for (id, comment, bad, code) in [
      ("blob-of-112", "A byte too few for a blob.", be(112, 3) + blob[..<112], "length_out_of_range"),
      ("blob-of-65537", "A byte too many for a text form.", be(65_537, 3) + blob, "length_out_of_range"),
      ("blob-of-0", "No blob.", be(0, 3) + blob, "length_out_of_range"),
      ("blob-of-16777215", "The greatest number.", be(16_777_215, 3) + blob, "length_out_of_range"),
      ("blob-of-65536-cut", "The greatest blob, and fewer characters.", be(65_536, 3) + blob, "truncated"),
      (
        "blob-length-before-magic", "A byte too few for a blob, and no header.",
        be(112, 3) + blob.flipped(0), "length_out_of_range"
      ),
      (
        "blob-version-2", "A blob of another version.", be(blob.count, 3) + blob.with([2], at: 2),
        "unknown_version"
      ),
      (
        "blob-epoch-0", "A blob of epoch 0.", be(blob.count, 3) + blob.with(.zeros(4), at: 20),
        "value_out_of_range"
      ),
      ("blob-magic", "No header.", be(blob.count, 3) + blob.flipped(0), "bad_magic"),
      (
        "blob-type-of-grant", "Another message.", be(blob.count, 3) + blob.with([4], at: 3),
        "unexpected_type"
      ),
      (
        "blob-field-of-a-token", "A field that is none of a blob.",
        be(blob.count, 3) + blob.with([4], at: 24), "unknown_value"
      ),
    ] as [(String, String, [UInt8], String)] {
      try check(id, comment, [text("eks1_", bad)], matches: [], skipped: [(0, code)])
    }
    let least = blobContext() + bytes("scan least", 72)
    try check(
      "blob-of-113", "The shortest blob.", [text("eks1_", be(113, 3) + least)], matches: [(0, "blob")])
    try check(
      "blob-run-of-59", "A character less than the head of a blob.", [Array(blobText[..<64]), ascii(" ")],
      matches: [], skipped: [(0, "truncated")])
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
