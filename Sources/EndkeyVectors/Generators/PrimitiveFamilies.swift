internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  /// The primitives, as the protocol uses them.
  static let primitives: [Family] = [
    hash, derive, pbkdf2, hmac, keyWrap, keyUnwrap, oaepEncrypt, oaepDecrypt, rsaCheck, sign, verify, keys,
    accountID, agentID,
  ]

  private static let hash = Family("hash") { builder in
    for label in Label.Hashed.allCases {
      let data = bytes("data \(label.rawValue)", 32)
      let expected = SHA256.hash(Array("endkey/1 \(label.rawValue)".utf8) + [0] + data)
      try builder.accept(
        "hash-\(label.rawValue)", ["R-2.3-1"], "The label \(label.rawValue).",
        in: .of(["label": .string(label.rawValue), "data": .hex(data)]), out: .of("hash", expected))
    }
  }

  private static let derive = Family("derive") { builder in
    for label in Label.Derived.allCases {
      let key = bytes("key \(label.rawValue)", label == .enrolmentMAC || label == .admission ? 16 : 32)
      let context = bytes("context \(label.rawValue)", label.contextCount)
      let info = Array("endkey/1 \(label.rawValue)".utf8) + [0] + context
      let expected = try HKDF.sha256(ikm: SecretBytes(copying: key), info: info, count: label.keyCount)
        .disclosed
      try builder.accept(
        "derive-\(label.rawValue)", ["R-2.3-1"], "The label \(label.rawValue).",
        in: .of(["key": .hex(key), "label": .string(label.rawValue), "context": .hex(context)]),
        out: .of("key", expected))
    }
  }

  private static let pbkdf2 = Family(
    "pbkdf2",
    flags: [
      VectorFile.Flag(
        "PbkdfInput", bugType: "WRONG_PRIMITIVE",
        effect: "two salts or passwords give one key, or the right one gives another", refs: ["RFC 8018 5.2"]),
      VectorFile.Flag(
        "PbkdfIterations", bugType: "WRONG_PRIMITIVE",
        effect: "iterations above 16 bits, or above a library's limit, are cut", refs: ["R-9.2-1"]),
    ]
  ) { builder in
    let long = Array(repeating: UInt8(ascii: "x"), count: 65)
    let salt = (0..<32).map { UInt8($0) }
    // Computed by Python's hashlib, which shares no code with this implementation's loop.
    for (id, comment, password, salt, iterations, key) in [
      (
        "one-iteration", "A well-known example.", nil, nil, 1,
        "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"
      ),
      (
        "two-iterations", "A well-known example.", nil, nil, 2,
        "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"
      ),
      (
        "4096-iterations", "A well-known example.", nil, nil, 4096,
        "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"
      ),
      (
        "65535-iterations", "The most that 16 bits hold.", nil, nil, 65_535,
        "24cd27f296351a934855f099c091dc777a8fac258f1fdb7531cd71d7d05f48e0"
      ),
      (
        "65536-iterations", "One more than 16 bits hold.", nil, nil, 65_536,
        "4156f668bb31db3a17f4d1b91424ef0d417ad1f35d055aceaebd8da0f6a44b7e"
      ),
      (
        "65537-iterations", "Cut to 16 bits it would be one.", nil, nil, 65_537,
        "a5b64734bfc27527643ef3b43c703d88dd4e2bb90c0cf43a4e1829c206790e01"
      ),
      (
        "100001-iterations", "Above a limit that some libraries have.", nil, nil, 100_001,
        "ceb01179b54c4178973f9b6b7d6ed30d0c6cf23b0ad170f2d68ef9bfb34c4786"
      ),
      (
        "salt-of-32-bytes", "A salt as long as the protocol's.", nil, salt, 1000,
        "cee31d9e95839a8331ce1b8cf2b38ef5c26729d96a0c004dd8a1e4b9f7335664"
      ),
      (
        "salt-differs-at-byte-16", "The same but for byte 16.", nil, salt.with([0xff], at: 16), 1000,
        "7589bf79169b447fd813394a63787aed6b1032bdfb3967217fdbe202e2739b54"
      ),
      (
        "salt-differs-at-byte-31", "The same but for the last byte.", nil, salt.with([0xff], at: 31), 1000,
        "c404c6e638ce6ab825f627611d2d1cd933d49a183e9ca84d868acaca2b0450d9"
      ),
      (
        "salt-with-nul", "A zero byte in the salt.", nil, Array("sa\0lt".utf8), 1000,
        "7ef89f1779d31e315a2f5122181f4353bf67f07f1d1b980ac0ebab0b9491c85c"
      ),
      (
        "salt-ends-in-nul", "A zero byte at the end of the salt.", nil, Array("salt\0".utf8), 1000,
        "5606c7a25a5511eebdfea030d1b379c101189c8b67b6faac6bf87b6abd5b6942"
      ),
      (
        "password-of-64-bytes", "As long as a block of the hash.", Array(long.dropLast()), nil, 1000,
        "94efbf499329c0aaa1d5374b3d29083d0f6e423b6ee14c8f29f79342949a3d2f"
      ),
      (
        "password-of-65-bytes", "Longer than a block: HMAC hashes it first.", long, nil, 1000,
        "7a376e3c42d7a023046642e9868ba805fe08a73c53e2c489a4a06279d921a43e"
      ),
      (
        "hash-of-a-password-of-65-bytes", "The hash of that password: it gives the same key.",
        SHA256.hash(long), nil, 1000, "7a376e3c42d7a023046642e9868ba805fe08a73c53e2c489a4a06279d921a43e"
      ),
      (
        "password-of-1024-bytes", "The longest that the protocol allows.",
        Array(repeating: UInt8(ascii: "x"), count: 1024), nil, 1000,
        "4553c773df05d1d18ed58660b00c51af1231d17f8afc161b72c4168551b2a2e3"
      ),
    ] as [(String, String, [UInt8]?, [UInt8]?, Int, String)] {
      try builder.accept(
        "pbkdf2-\(id)", ["R-9.2-1"], flags: [iterations > 65_534 ? "PbkdfIterations" : "PbkdfInput"], comment,
        in: .of([
          "password": .hex(password ?? Array("password".utf8)), "salt": .hex(salt ?? Array("salt".utf8)),
          "iterations": .integer(iterations),
        ]), out: .of("key", try Hex.decode(key)))
    }
  }

  private static let hmac = Family("hmac") { builder in
    for (id, key, data, mac) in [
      (
        "hmac-short-key", Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        "hmac-key-of-a-block-and-more", [UInt8](repeating: 0xaa, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ] {
      try builder.accept(
        id, ["R-2.3-1"], "RFC 4231.", in: .of(["key": .hex(key), "data": .hex(data)]),
        out: .of("mac", try Hex.decode(mac)))
    }
  }

  private static let kek = bytes("kek", 32)
  private static let wrappedKey = bytes("wrapped key", 32)

  private static func wrapped(_ key: [UInt8], _ kek: [UInt8]) -> [UInt8] {
    KeyWrapReference.wrap(key, kek: kek)
  }

  private static let keyWrap = Family("kw/wrap") { builder in
    try builder.accept(
      "kw-wrap-rfc-3394-4-6", ["R-9.3-2"], "RFC 3394, section 4.6.",
      in: .of([
        "kek": .hex((0..<32).map { UInt8($0) }),
        "key": .hex(try Hex.decode("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f")),
      ]),
      out: .of(
        "wrapped",
        try Hex.decode("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21")))
    try builder.accept(
      "kw-wrap-other", ["R-9.3-2"], "Random keys.", in: .of(["kek": .hex(kek), "key": .hex(wrappedKey)]),
      out: .of("wrapped", wrapped(wrappedKey, kek)))
  }

  private static let keyUnwrap = Family(
    "kw/unwrap",
    flags: [
      VectorFile.Flag(
        "KwIcv", bugType: "MISSING_CHECK", effect: "a mauled or foreign key is accepted",
        refs: ["RFC 3394 2.2.3"]),
      VectorFile.Flag(
        "KwLength", bugType: "MISSING_CHECK", effect: "a key of another size is accepted", refs: ["R-9.3-2"]),
    ]
  ) { builder in
    let good = wrapped(wrappedKey, kek)
    let twin = "kw-unwrap-valid"
    func input(_ wrapped: [UInt8], _ kek: [UInt8] = kek) -> JSONObject {
      .of(["kek": .hex(kek), "wrapped": .hex(wrapped)])
    }
    try builder.accept(twin, ["R-9.3-2"], "A valid wrap.", in: input(good), out: .of("key", wrappedKey))
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << UInt8(index % 8)
      try builder.reject(
        "kw-unwrap-byte-\(index)-flipped", ["R-9.3-2"], flags: ["KwIcv"], "One bit of byte \(index).",
        in: input(bad),
        code: .passwordOpenFailed, twin: twin)
    }
    for index in 0..<8 {
      // A wrap with another ICV: its bytes decrypt to A6.. but for one.
      let bad = wrapWithICV(index: index)
      try builder.reject(
        "kw-unwrap-icv-byte-\(index)-wrong", ["R-9.3-2"], flags: ["KwIcv"],
        "The ICV differs in byte \(index) alone.",
        in: input(bad), code: .passwordOpenFailed, twin: twin)
    }
    for (id, icv) in [
      ("zero", [UInt8](repeating: 0, count: 8)), ("of-rfc-5649", [0xa6, 0x59, 0x59, 0xa6, 0, 0, 0, 32]),
      ("two-bytes-that-compensate", [0xa7, 0xa5, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6]),
      ("two-bytes-that-cancel-in-xor", [0xa7, 0xa7, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6]),
    ] as [(String, [UInt8])] {
      try builder.reject(
        "kw-unwrap-icv-\(id)", ["R-9.3-2"], flags: ["KwIcv"], "An ICV other than A6 A6 A6 A6 A6 A6 A6 A6.",
        in: input(KeyWrapReference.wrap(wrappedKey, kek: kek, icv: icv)), code: .passwordOpenFailed,
        twin: twin)
    }
    for (count, name) in [(16, "16"), (24, "24"), (40, "40"), (64, "64")] {
      try builder.reject(
        "kw-unwrap-a-key-of-\(name)-bytes", ["R-9.3-2"], flags: ["KwLength"],
        "A valid wrap of a key of \(name) bytes.",
        in: input(wrapped(bytes("key \(name)", count), kek)), code: .passwordOpenFailed, twin: twin)
    }
    for (id, bad) in [
      ("empty", []), ("8-bytes", Array(good.prefix(8))), ("16-bytes", Array(good.prefix(16))),
      ("24-bytes", Array(good.prefix(24))),
      ("39-bytes", Array(good.prefix(39))),
      ("41-bytes", good + [0]), ("48-bytes", good + Array(good.prefix(8))),
      ("first-block-dropped", Array(good.dropFirst(8))),
      ("last-block-dropped", Array(good.dropLast(8))),
      ("blocks-swapped", Array(good[0..<8] + good[16..<24] + good[8..<16] + good[24...])),
    ] as [(String, [UInt8])] {
      try builder.reject(
        "kw-unwrap-\(id)", ["R-9.3-2"], flags: ["KwLength"], "Not the 40 bytes of a wrap.", in: input(bad),
        code: .passwordOpenFailed, twin: twin)
    }
    try builder.reject(
      "kw-unwrap-icv-of-rfc-5649-31-bytes", ["R-9.3-2"], flags: ["KwIcv"],
      "A right wrap of RFC 5649, of 31 bytes and one of padding.",
      in: input(
        KeyWrapReference.wrap(
          wrappedKey.dropLast() + [0], kek: kek, icv: [0xa6, 0x59, 0x59, 0xa6, 0, 0, 0, 31])),
      code: .passwordOpenFailed, twin: twin)
    // By another implementation of AES, since this one has no other size.
    for (bits, foreign) in [
      (128, "7d69ea15a468d5474df5b2699fc3b2f732d8012fa9b754392618999e29d3c45b9ae9fdcdede70121"),
      (192, "5974209b60f1acba6a1ac8f3c1ac82519a7a41d73bd532672931e22de6c0a1d5727f350a8362635a"),
    ] {
      try builder.reject(
        "kw-unwrap-kek-of-\(bits)-bits", ["R-9.3-2"], flags: ["KwIcv"],
        "Wrapped by AES-\(bits) with the first \(bits / 8) bytes of the KEK.",
        in: input(try Hex.decode(foreign)),
        code: .passwordOpenFailed, twin: twin)
    }
    let (c, tag) = try AESGCM.seal(
      Array(wrappedKey.prefix(24)), key: SecretBytes(copying: kek), nonce: .zeros(12))
    try builder.reject(
      "kw-unwrap-gcm", ["R-9.3-2"], flags: ["KwIcv"], "40 bytes of AES-GCM: a ciphertext of 24, and its tag.",
      in: input(c + tag), code: .passwordOpenFailed, twin: twin)
    try builder.reject(
      "kw-unwrap-cbc", ["R-9.3-2"], flags: ["KwIcv"],
      "The check value in clear, and the key in AES-CBC without padding.",
      in: input([UInt8](repeating: 0xa6, count: 8) + cbc(wrappedKey, kek)), code: .passwordOpenFailed,
      twin: twin)
    var other = kek
    other[31] ^= 1
    try builder.reject(
      "kw-unwrap-kek-off-by-a-bit", ["R-9.3-2"], flags: ["KwIcv"], "The last bit of the KEK.",
      in: input(good, other),
      code: .passwordOpenFailed, twin: twin)
  }

  /// AES-CBC from zeros.
  private static func cbc(_ plaintext: [UInt8], _ key: [UInt8]) -> [UInt8] {
    let aes = AES256(key: key)
    var blocks: [[UInt8]] = []
    for block in plaintext.chunks(16) { blocks.append(aes.encrypt(block ^ (blocks.last ?? .zeros(16)))) }
    return blocks.flatMap { $0 }
  }

  private static func wrapWithICV(index: Int) -> [UInt8] {
    var icv = [UInt8](repeating: 0xa6, count: 8)
    icv[index] ^= 0x80
    return KeyWrapReference.wrap(wrappedKey, kek: kek, icv: icv)
  }

  private static let oaepEncrypt = Family("oaep/encrypt") { builder in
    let keys = try Fixture.made.get().agent
    for count in [0, 1, 32, 64, 128, 214] {
      let message = bytes("oaep message \(count)", count)
      let seed = bytes("oaep seed \(count)", 20)
      let block = OAEPBlock(message: message, seed: seed).bytes
      try builder.accept(
        "oaep-encrypt-\(count)-bytes", ["R-11-6"], "A message of \(count) bytes.",
        in: .of(["modulus": .hex(keys.modulus), "seed": .hex(seed), "message": .hex(message)]),
        out: .of("ciphertext", keys.encryptRaw(block)))
    }
  }

  private static let oaepDecrypt = Family(
    "oaep/decrypt",
    flags: [
      VectorFile.Flag(
        "OaepDecoding", bugType: "MISSING_STEP",
        effect: "a decoder that skips a check accepts blocks of an attacker's making",
        refs: ["RFC 8017 7.1.2"]),
      VectorFile.Flag(
        "OaepLength", bugType: "MISSING_CHECK", effect: "more than one ciphertext for one block",
        refs: ["R-11-2"]),
      VectorFile.Flag(
        "OaepAlgorithm", bugType: "WRONG_PRIMITIVE", effect: "another encryption is accepted",
        refs: ["R-11-6"]),
    ]
  ) { builder in
    let fixture = try Fixture.made.get()
    let (keys, other) = (fixture.agent, fixture.other)
    func input(_ ciphertext: [UInt8]) -> JSONObject {
      .of(["p": .hex(keys.p), "q": .hex(keys.q), "ciphertext": .hex(ciphertext)])
    }
    let message = bytes("oaep decrypt", 64)
    let seed = bytes("oaep decrypt seed", 20)
    let good = OAEPBlock(message: message, seed: seed)
    let twin = "oaep-decrypt-valid"
    let ciphertext = keys.encryptRaw(good.bytes)
    try builder.accept(
      twin, ["R-11-3"], "A valid ciphertext.", in: input(ciphertext), out: .of("message", message))
    try builder.accept(
      "oaep-decrypt-empty-message", ["R-11-3"], "An empty message.",
      in: input(keys.encryptRaw(OAEPBlock(message: [], seed: seed).bytes)),
      out: .of("message", []))
    // A ciphertext that starts with a zero byte: whole it is right, stripped it is not.
    var leading = ciphertext
    var attempt = 0
    while leading[0] != 0 {
      attempt += 1
      leading = keys.encryptRaw(
        OAEPBlock(message: message, seed: bytes("oaep leading \(attempt)", 20)).bytes)
    }
    try builder.accept(
      "oaep-decrypt-leading-zero", ["R-11-2"], "A ciphertext whose first byte is zero.", in: input(leading),
      out: .of("message", message))
    try builder.reject(
      "oaep-decrypt-leading-zero-stripped", ["R-11-2"], flags: ["OaepLength"],
      "255 bytes: the leading zero is missing.",
      in: input(Array(leading.dropFirst())), code: .grantOpenFailed, twin: "oaep-decrypt-leading-zero")
    func block(_ id: String, _ comment: String, _ edit: (inout OAEPBlock) throws -> Void) throws {
      var block = good
      try edit(&block)
      try builder.reject(
        "oaep-decrypt-\(id)", ["R-11-3"], flags: ["OaepDecoding"], comment,
        in: input(keys.encryptRaw(block.bytes)), code: .grantOpenFailed, twin: twin)
    }
    for index in 0..<20 {
      try block("lhash-byte-\(index)", "lHash differs in byte \(index).") { $0.lHash[index] ^= 1 }
    }
    for index in [0, 1, 60, good.padding.count - 1] {
      try block("ps-byte-\(index)-ff", "The zero padding holds ff at \(index).") { $0.padding[index] = 0xff }
      try block("ps-byte-\(index)-02", "The zero padding holds 02 at \(index).") { $0.padding[index] = 2 }
    }
    try block("separator-00", "The separator is 00: the message starts at its first 01, if at all.") {
      $0.separator = 0
    }
    try block("separator-02", "The separator is 02.") { $0.separator = 2 }
    try block("separator-ff", "The separator is ff.") { $0.separator = 0xff }
    try block("y-01", "The leading byte is 01.") { $0.leading = 1 }
    try block("label-not-empty", "The label is \"endkey\".") {
      $0.lHash = OpenSSLReference.sha1(Array("endkey".utf8))
    }
    try block("lhash-zero", "lHash is zeros.") { $0.lHash = [UInt8](repeating: 0, count: 20) }
    try block("lhash-of-sha-256", "lHash is the start of SHA-256 of the empty string.") {
      $0.lHash = Array(SHA256.hash([]).prefix(20))
    }
    try block("mgf1-of-sha-256", "MGF1 uses SHA-256.") { $0.maskHash = .sha256 }
    try builder.reject(
      "oaep-decrypt-all-sha-256", ["R-11-6"], flags: ["OaepAlgorithm"], "RSAES-OAEP with SHA-256 throughout.",
      in: input(
        keys.encryptRaw(
          OAEPBlock(message: message, seed: bytes("oaep decrypt seed of SHA-256", 32), hash: .sha256)
            .bytes)),
      code: .grantOpenFailed, twin: twin)
    let modulus = keys.modulus
    for (id, req, flag, comment, bad) in [
      ("empty", "R-11-2", "OaepLength", "No byte.", []),
      ("255-bytes", "R-11-2", "OaepLength", "The last byte is missing.", Array(ciphertext.dropLast())),
      ("257-bytes-zero-first", "R-11-2", "OaepLength", "A zero byte before it.", [0] + ciphertext),
      ("257-bytes", "R-11-2", "OaepLength", "A zero byte behind it.", ciphertext + [0]),
      ("zero", "R-11-2", "OaepLength", "c = 0.", [UInt8](repeating: 0, count: 256)),
      ("one", "R-11-2", "OaepLength", "c = 1.", [UInt8](repeating: 0, count: 255) + [1]),
      ("n-minus-1", "R-11-2", "OaepLength", "c = n - 1.", modulus.dropLast() + [modulus[255] - 1]),
      ("n", "R-11-2", "OaepLength", "c = n.", modulus),
      ("n-plus-1", "R-11-2", "OaepLength", "c = n + 1.", modulus.adding([1])),
      (
        "all-ones", "R-11-2", "OaepLength", "The greatest number of 256 bytes.",
        [UInt8](repeating: 0xff, count: 256)
      ),
    ] as [(String, String, String, String, [UInt8])] {
      try builder.reject(
        "oaep-decrypt-\(id)", [req], flags: [flag], comment, in: input(bad), code: .grantOpenFailed,
        twin: twin)
    }
    // A ciphertext c for which c + n still has 256 bytes.
    var small = ciphertext
    attempt = 0
    while small.adding(modulus).lexicographicallyPrecedes(modulus) {  // it has overflowed
      attempt += 1
      small = keys.encryptRaw(
        OAEPBlock(message: message, seed: bytes("oaep small \(attempt)", 20)).bytes)
    }
    try builder.accept(
      "oaep-decrypt-small", ["R-11-2"], "A ciphertext below 2^2048 - n.", in: input(small),
      out: .of("message", message))
    try builder.reject(
      "oaep-decrypt-small-plus-n", ["R-11-2"], flags: ["OaepLength"], "The same plus n: no number below n.",
      in: input(small.adding(modulus)), code: .grantOpenFailed, twin: "oaep-decrypt-small")
    let pkcs1 = [0, 2] + [UInt8](repeating: 0x5a, count: 253 - message.count) + [0] + message
    let raw = [UInt8](repeating: 0, count: 256 - message.count) + message
    for (id, comment, block) in [
      ("pkcs1-v1-5", "RSAES-PKCS1-v1_5.", pkcs1), ("raw", "RSA without padding.", raw),
    ] {
      try builder.reject(
        "oaep-decrypt-\(id)", ["R-11-6"], flags: ["OaepAlgorithm"], comment,
        in: input(keys.encryptRaw(block)), code: .grantOpenFailed, twin: twin)
    }
    try builder.reject(
      "oaep-decrypt-for-another-key", ["R-11-3"], flags: ["OaepDecoding"],
      "Encrypted to another key of the same size.",
      in: input(lower(other.encryptRaw(good.bytes), than: modulus)),
      code: .grantOpenFailed,
      twin: twin)
    for index in [0, 128, 255] {
      var bad = ciphertext
      bad[index] ^= index == 0 ? 0x01 : 0x80
      try builder.reject(
        "oaep-decrypt-byte-\(index)-flipped", ["R-11-3"], flags: ["OaepDecoding"],
        "One bit of the ciphertext.",
        in: input(bad), code: .grantOpenFailed, twin: twin)
    }
  }

  /// `number`, with its first byte cleared if it is not below `modulus`.
  private static func lower(_ number: [UInt8], than modulus: [UInt8]) -> [UInt8] {
    number.lexicographicallyPrecedes(modulus) ? number : [0] + number.dropFirst()
  }

  private static let rsaCheck = Family("rsa/check") { builder in
    let good = try Fixture.made.get().agent.modulus
    let twin = "rsa-check-valid"
    try builder.accept(twin, ["R-6-2"], "A valid modulus.", in: .of("modulus", good), out: JSONObject())
    try builder.accept(
      "rsa-check-multiple-of-1031", ["R-6-2"],
      "Divisible by 1031, the least prime above 1,024: not looked for.",
      in: .of("modulus", multiple(of: 1031, near: good, alone: true)), out: JSONObject())
    for (id, comment, bad) in [
      ("even", "An even number; nothing else is wrong.", good.flipped(255).withoutSmallFactors),
      (
        "2047-bits", "Its first bit is not set; nothing else is wrong.",
        ([good[0] & 0x7f | 0x40] + good.dropFirst()).withoutSmallFactors
      ),
      ("1024-bits", "Half the size.", Array(good.suffix(128))),
      ("zero", "Zero.", [UInt8](repeating: 0, count: 256)),
      ("2056-bits", "A byte too many.", [0] + good), ("empty", "No byte.", []),
      ("multiple-of-3", "Divisible by 3.", multiple(of: 3, near: good)),
      ("multiple-of-3-alone", "Divisible by 3, and by no other.", multiple(of: 3, near: good, alone: true)),
      (
        "multiple-of-1021", "Divisible by 1021, the greatest prime below 1,024, and by none below.",
        multiple(of: 1021, near: good, alone: true)
      ),
      (
        "multiple-of-257", "Divisible by 257, the least prime above a byte, and by no other.",
        multiple(of: 257, near: good, alone: true)
      ),
      ("multiple-of-5", "Divisible by 5, and by no other.", multiple(of: 5, near: good, alone: true)),
    ] as [(String, String, [UInt8])] {
      try builder.reject(
        "rsa-check-\(id)", ["R-6-2"], comment, in: .of("modulus", bad), code: .badKey, twin: twin)
    }
  }

  /// Such a multiple that no other prime below 1,024 divides.
  private static func multiple(of divisor: Int, near number: [UInt8], alone: Bool) -> [UInt8] {
    let primes = (3..<1024).filter { n in (2..<n).allSatisfy { n % $0 != 0 } && n != divisor }
    var result = multiple(of: divisor, near: number)
    while primes.contains(where: { prime in result.reduce(0) { ($0 << 8 | Int($1)) % prime } == 0 }) {
      result = multiple(of: divisor, near: result)
    }
    return result
  }

  /// The next odd multiple of `divisor` above a number of 256 bytes that does not end in ff ff.
  private static func multiple(of divisor: Int, near number: [UInt8]) -> [UInt8] {
    let remainder = number.reduce(0) { ($0 << 8 | Int($1)) % divisor }
    var add = divisor - remainder
    if add & 1 == 1 { add += divisor }  // odd plus even stays odd
    var result = number
    var index = 255
    while add > 0 {
      add += Int(result[index])
      result[index] = UInt8(add & 0xff)
      add >>= 8
      index -= 1
    }
    return result
  }

  private static let sign = Family("ed25519/sign") { builder in
    for (id, seed, key, message, signature) in [
      (
        "ed25519-sign-empty-message", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
      ),
      (
        "ed25519-sign-one-byte", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
      ),
    ] {
      try builder.accept(
        id, ["R-6-1"], "RFC 8032, section 7.1.",
        in: .of(["seed": .string(seed), "message": .string(message)]),
        out: .of(["verify_key": .string(key), "signature": .string(signature)]))
    }
  }

  private static let verify = Family(
    "ed25519/verify",
    flags: [
      VectorFile.Flag(
        "EdMalleability", bugType: "MISSING_CHECK", effect: "a second signature of the same message",
        refs: ["RFC 8032 5.1.7"]),
      VectorFile.Flag(
        "EdSmallOrder", bugType: "MISSING_CHECK", effect: "one signature verifies for many messages",
        refs: ["R-6-1"]),
      VectorFile.Flag(
        "EdCofactor", bugType: "WRONG_PRIMITIVE", effect: "two clients disagree whether a batch is signed",
        refs: ["R-6-1"]),
    ]
  ) { builder in
    let key = try Ed25519.PrivateKey(seed: SecretBytes(copying: bytes("ed25519 seed", 32)))
    let message = bytes("ed25519 message", 48)
    let signature = key.sign(message)
    let twin = "ed25519-verify-valid"
    func input(_ signature: [UInt8], _ message: [UInt8], _ verifyKey: [UInt8]) -> JSONObject {
      .of(["verify_key": .hex(verifyKey), "message": .hex(message), "signature": .hex(signature)])
    }
    let publicKey = key.publicKey.bytes
    try builder.accept(
      twin, ["R-6-1"], "A valid signature.", in: input(signature, message, publicKey), out: JSONObject())
    func bad(_ id: String, _ comment: String, _ signature: [UInt8], flags: [String] = ["EdMalleability"])
      throws
    {
      try builder.reject(
        "ed25519-verify-\(id)", ["R-6-1"], flags: flags, comment, in: input(signature, message, publicKey),
        code: .signatureInvalid, twin: twin)
    }
    let order = RawEd25519.order
    let s = [UInt8](signature[32...].reversed()).adding(order.reversed()).reversed()
    try bad("s-plus-l", "S + L instead of S.", Array(signature[..<32]) + s)
    try bad("s-is-l", "S = L.", Array(signature[..<32]) + order)
    try bad("s-is-0", "S = 0.", Array(signature[..<32]) + [UInt8](repeating: 0, count: 32))
    try bad("zeros", "64 zero bytes.", [UInt8](repeating: 0, count: 64))
    try bad("empty", "No signature.", [])
    try bad("63-bytes", "The last byte is missing.", Array(signature.dropLast()))
    try bad("65-bytes", "A byte too many.", signature + [0])
    for index in [0, 31, 32, 63] {
      var other = signature
      other[index] ^= 1
      try bad("byte-\(index)-flipped", "One bit of byte \(index).", other)
    }
    let identity = [1] + [UInt8](repeating: 0, count: 31)
    try bad(
      "r-of-small-order", "R is the neutral element.", identity + Array(signature[32...]),
      flags: ["EdSmallOrder"])
    try bad(
      "r-not-canonical", "R is y = 1 + p.",
      [0xee] + [UInt8](repeating: 0xff, count: 30) + [0x7f] + signature[32...],
      flags: ["EdSmallOrder"])
    // Computed by curve arithmetic in Python: all three hold when multiplied by the cofactor.
    let mixed = "6111e234c014f5c31bc908f2a10849bfa3e49c30a1cdddf677403308a9c43a26"
    try builder.accept(
      "ed25519-verify-mixed-order-key", ["R-6-1"], flags: ["EdCofactor"],
      "The key has a part of order 8 that this message's hash cancels out. It is not of small order.",
      in: input(
        try Hex.decode(
          "b65457bde39eea68fa572d5748e87972b19cd274ea0533f8594c9dd0233bd719"
            + "1ca5de6b68caa29ba58a8b7b288ff75008717c160f57f35adc575d38ca539404"), Array("message 1".utf8),
        try Hex.decode(mixed)), out: JSONObject())
    for (id, comment, signature, message, key, twin) in [
      (
        "mixed-order-key-with-cofactor-only", "The key has a part of order 8, which is left over.",
        "bd1978aec82630870f2df1518ab3cf95a2ca92be86515a973a990f2db808c6ce"
          + "79b58f7394fea4fb6e62e6f2c4d3f400bea9b2303577a8f627f2a394767a8c01", "message 0", mixed,
        "ed25519-verify-mixed-order-key"
      ),
      (
        "mixed-order-r", "R has a part of order 8.",
        "e5e4b881457d4250e84563e67b2b438ddd54b461519581791af5bc49efe75c0a"
          + "cfacea286e5167f51095b3212b16c238164193a1719cb83bb690705c0e1f9203", "message",
        "a2db1ba0699db17b60ac614ca4253ff870f8d1222d439ee0942f90a356a24cf7", twin
      ),
    ] {
      try builder.reject(
        "ed25519-verify-\(id)", ["R-6-1"], flags: ["EdCofactor"], comment,
        in: input(try Hex.decode(signature), Array(message.utf8), try Hex.decode(key)),
        code: .signatureInvalid,
        twin: twin)
    }
    var changed = message
    changed[47] ^= 1
    try builder.reject(
      "ed25519-verify-message-changed", ["R-6-1"], flags: ["EdMalleability"], "The last bit of the message.",
      in: input(signature, changed, publicKey), code: .signatureInvalid, twin: twin)
    let another = try Ed25519.PrivateKey(seed: SecretBytes(copying: bytes("another seed", 32))).publicKey
      .bytes
    try builder.reject(
      "ed25519-verify-another-key", ["R-6-1"], flags: ["EdMalleability"], "The key of somebody else.",
      in: input(signature, message, another), code: .signatureInvalid, twin: twin)
    for (id, comment, key) in [
      ("neutral-element", "y = 1.", "0100000000000000000000000000000000000000000000000000000000000000"),
      ("order-2", "y = -1.", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      ("order-4", "y = 0.", "0000000000000000000000000000000000000000000000000000000000000000"),
      ("order-8", "A point of order 8.", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
      (
        "neutral-element-not-canonical", "y = 1 + p.",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
      ),
      ("order-4-not-canonical", "y = p.", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      ("31-bytes", "A byte too few.", "00000000000000000000000000000000000000000000000000000000000000"),
    ] {
      try builder.reject(
        "ed25519-verify-key-\(id)", ["R-6-3"], flags: ["EdSmallOrder"], comment,
        in: .of(["verify_key": .string(key), "message": .hex(message), "signature": .hex(signature)]),
        code: .badKey, twin: twin)
    }
    try rejectByFormula(&builder)
  }

  /// Signatures by the key of RFC 8032's first test, computed by Python over a message of the bytes 0 to 47.
  private static func rejectByFormula(_ builder: inout FamilyBuilder) throws {
    let message = (0..<48).map { UInt8($0) }
    func input(_ key: String, _ signature: String) -> JSONObject {
      .of(["verify_key": .string(key), "message": .hex(message), "signature": .string(signature)])
    }
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    let r = "105f0c62d71ed9b3a9b056d07c889585a19b42af5d966b3de1f346f8db045857"
    let low = r + "56bde169d4e742bb1981336ca2f174890c9b6f7fb433f9a16a57c4c3fd673800"
    try builder.accept(
      "ed25519-verify-small-s", ["R-6-1"], "S has a zero byte at its end.", in: input(key, low),
      out: JSONObject())
    for (id, flag, comment, signature) in [
      (
        "small-s-plus-l", "EdMalleability", "S + L has the top byte of L.",
        r + "4391d7c6ee4a5513f01d2b0f81eb539e0c9b6f7fb433f9a16a57c4c3fd673810"
      ),
      (
        "neutral-r-that-fits", "EdSmallOrder", "R is the neutral element, and the equation holds.",
        "0100000000000000000000000000000000000000000000000000000000000000"
          + "52e8e251f127dc5de07b46311a5bced95640d046ba4849e5a74f07a706f31b06"
      ),
      (
        "neutral-r-not-canonical-that-fits", "EdSmallOrder",
        "R is the neutral element as y = 1 + p, and the equation holds.",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
          + "761827fdc6600ac45d2f50da194a35f46a590133026786cea5ea01fa107ff808"
      ),
      (
        "r-of-order-8-with-cofactor-only", "EdCofactor",
        "R has order 8, and the equation holds when multiplied by the cofactor.",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
          + "8a62a684bc576dafb9d4bb5d620b7e5c2d64ef327e917d2f424eefddcd1e0e01"
      ),
      (
        "negated", "EdMalleability", "S B is the negative of R + h A: the same y.",
        "7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572"
          + "603cb1024cd03e028258ed94fab0d2c6b717431b85334a9c2329300efda09206"
      ),
    ] {
      try builder.reject(
        "ed25519-verify-\(id)", ["R-6-1"], flags: [flag], comment, in: input(key, signature),
        code: .signatureInvalid, twin: "ed25519-verify-small-s")
    }
    try builder.reject(
      "ed25519-verify-key-not-canonical", ["R-6-3"], flags: ["EdMalleability"],
      "y = 3 + p, of no small order.",
      in: input("f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", low), code: .badKey,
      twin: "ed25519-verify-small-s")
    try builder.reject(
      "ed25519-verify-key-off-the-curve", ["R-6-3"], flags: ["EdMalleability"], "No point has y = 2.",
      in: input("0200000000000000000000000000000000000000000000000000000000000000", low), code: .badKey,
      twin: "ed25519-verify-small-s")
    try builder.reject(
      "ed25519-verify-key-33-bytes", ["R-6-3"], flags: ["EdMalleability"], "A byte behind the key.",
      in: input(key + "00", low), code: .badKey, twin: "ed25519-verify-small-s")
    // A key that ends in a zero byte, without that byte.
    for index in 0... {
      let short = try Ed25519.PrivateKey(seed: SecretBytes(copying: bytes("short key \(index)", 32)))
      guard short.publicKey.bytes[31] == 0 else { continue }
      try builder.reject(
        "ed25519-verify-key-without-its-zero-byte", ["R-6-3"], flags: ["EdMalleability"],
        "The key's last byte is zero, and missing.",
        in: .of([
          "verify_key": .hex(short.publicKey.bytes.dropLast()), "message": .hex(message),
          "signature": .hex(short.sign(message)),
        ]), code: .badKey, twin: "ed25519-verify-small-s")
      return
    }
  }

  private static let keys = Family("keys") { builder in
    let master = bytes("master key", 32)
    let account = bytes("account", 16)
    let agent = bytes("agent", 16)
    for epoch: UInt32 in [1, 2, 0xffff_ffff] {
      let context = account + be(epoch, 4)
      let agentKey = try Fixture.derive(master, "agent", context + agent)
      try builder.accept(
        "keys-epoch-\(epoch)", ["R-7-3", "R-2.3-1"], "All keys of epoch \(epoch).",
        in: .of([
          "master_key": .hex(master), "account_id": .hex(account), "epoch": .integer(epoch),
          "agent_id": .hex(agent),
        ]),
        out: .of([
          "token_key": .hex(try Fixture.derive(master, "token", context, count: 64)),
          "agent_key": .hex(agentKey),
          "vault_key": .hex(try Fixture.derive(master, "vault", context)),
          "commitment": .hex(try Fixture.derive(master, "commitment", context)),
          "blob_key": .hex(try Fixture.derive(agentKey, "blob", context + agent)),
        ]))
    }
  }

  private static let accountID = Family("account-id") { builder in
    let key = bytes("verify key", 32)
    try builder.accept(
      "account-id-of-a-key", ["R-7-4"], "The first 16 bytes of a hash of the key.",
      in: .of("root_key", key),
      out: .of("account_id", Array(SHA256.hash(Array("endkey/1 account-id".utf8) + [0] + key).prefix(16))))
  }

  private static let agentID = Family("agent-id") { builder in
    let modulus = try Fixture.made.get().agent.modulus
    let key = bytes("verify key", 32)
    try builder.accept(
      "agent-id-of-keys", ["R-11-12"], "The first 16 bytes of a hash of both keys.",
      in: .of(["modulus": .hex(modulus), "verify_key": .hex(key)]),
      out: .of(
        "agent_id", Array(SHA256.hash(Array("endkey/1 agent-id".utf8) + [0] + modulus + key).prefix(16))))
  }
}
