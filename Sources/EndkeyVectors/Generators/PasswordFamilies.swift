internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

/// A PasswordWrap and what opens it. Put together from primitives.
struct PasswordSample {
  var accountID: [UInt8]
  var epoch: UInt32 = 1
  var counter: UInt64 = 1
  var iterations: UInt32 = 600_000
  var salt = bytes("password salt", 32)
  var loginName = Array("boss@example.com".utf8)
  var password = Array("Caf\u{e9} \u{c5}ngstr\u{f6}m 17".utf8)
  var accountSecret: [UInt8]?
  var masterKey: [UInt8]

  init(_ fixture: Fixture) {
    accountID = fixture.accountID
    masterKey = fixture.masterKey(1)
  }

  /// The same with changes.
  func with(_ edit: (inout PasswordSample) -> Void) -> PasswordSample {
    var copy = self
    edit(&copy)
    return copy
  }

  var head: [UInt8] {
    Fixture.header(1, accountID, epoch) + be(counter, 8) + be(iterations, 4)
      + [accountSecret == nil ? 0 : 1] + salt
  }

  /// `normalPassword` and `normalName` are what the normal forms give.
  func stretched(normalPassword: [UInt8]? = nil, normalName: [UInt8]? = nil) throws -> [UInt8] {
    let secret = SecretBytes(copying: normalPassword ?? password)
    let pbkdf2Salt = try Hash(Fixture.hash("password-salt", (normalName ?? loginName) + salt))
    let stretched = try StretchCache.stretch(secret, salt: pbkdf2Salt, iterations: iterations).disclosed
    return stretched + (accountSecret ?? [])
  }

  func loginKey() throws -> [UInt8] { try Fixture.derive(stretched(), "login", head) }

  func commitment() throws -> [UInt8] { try Fixture.derive(stretched(), "password-commitment", head) }

  func kek() throws -> [UInt8] { try Fixture.derive(stretched(), "password-wrap", head) }

  func wrapped(kek: [UInt8], check: UInt64 = KeyWrapReference.checkValue) -> [UInt8] {
    KeyWrapReference.wrap(masterKey, kek: kek, checkValue: check)
  }

  func wrap() throws -> [UInt8] { try head + commitment() + wrapped(kek: kek()) }

  var credentials: KeyValuePairs<String, JSONValue> {
    [
      "login_name": .hex(loginName), "password": .hex(password),
      "account_secret": accountSecret.map { .hex($0) } ?? .null,
    ]
  }

  func opening(_ wrap: [UInt8], key: String = "wrap", pin: JSONValue = .null) -> JSONObject {
    var object = JSONObject.of(key, wrap)
    for (key, value) in credentials { object.append(key, value) }
    object.append("pin", pin)
    return object
  }

  func pin(
    accountID: [UInt8]? = nil, epoch: UInt32? = nil, counter: UInt64? = nil, salt: [UInt8]? = nil
  ) -> JSONValue {
    [
      "account_id": .hex(accountID ?? self.accountID), "salt": .hex(salt ?? self.salt),
      "counter": .integer(counter ?? self.counter), "epoch": .integer(epoch ?? self.epoch),
    ]
  }

  func making() -> JSONObject {
    var object = JSONObject.of([
      "account_id": .hex(accountID), "epoch": .integer(epoch), "counter": .integer(counter),
      "iterations": .integer(iterations), "salt": .hex(salt),
    ])
    for (key, value) in credentials { object.append(key, value) }
    object.append("master_key", .hex(masterKey))
    return object
  }

  func login() throws -> JSONObject {
    let key = try loginKey()
    return .of(["login_key": .hex(key), "login_verifier": .hex(Fixture.hash("login-verifier", key))])
  }

  func made() throws -> JSONObject {
    let (wrap, login) = (try wrap(), try login())
    var object = JSONObject.of("wrap", wrap)
    for member in login.members { object.append(member.key, member.value) }
    return object
  }
}

extension Family {
  private static let flagNames = [
    VectorFile.Flag(
      "WeakStretch", bugType: "MISSING_CHECK",
      effect: "the service chooses how cheap it is to guess the password", refs: ["R-9.2-1"]),
    VectorFile.Flag(
      "NormalForm", bugType: "WRONG_ENCODING",
      effect: "the same password opens the account on one device and not on another", refs: ["R-9.1-1"]),
    VectorFile.Flag(
      "AccountSecret", bugType: "MISSING_CHECK",
      effect: "the service switches off the account secret, and guesses the password alone",
      refs: ["R-9.2-2"]),
  ]
  private static let pinFlag = VectorFile.Flag(
    "Pin", bugType: "MISSING_CHECK", effect: "an old wrap, or that of another account, is taken",
    refs: ["R-9.3-3", "R-9.3-5"])

  static let passwords: [Family] = [
    Family("password/wrap", flags: flagNames.filter { $0.name != "AccountSecret" }) { builder in
      let base = PasswordSample(try Fixture.made.get())
      let plain = "password-wrap-plain"
      func accept(_ id: String, _ req: [String], _ comment: String, _ sample: PasswordSample) throws {
        try builder.accept(id, req, comment, in: sample.making(), out: sample.made())
      }
      try accept(plain, ["R-9.3-6"], "A wrap without account secret.", base)
      try accept(
        "password-wrap-account-secret", ["R-9.2-2"], "A wrap with account secret.",
        base.with { $0.accountSecret = bytes("account secret", 16) })
      try accept(
        "password-wrap-epoch-2-counter-9", ["R-9.3-6"], "Epoch and counter are in the context of every key.",
        base.with {
          $0.epoch = 2
          $0.counter = 9
        })
      try accept(
        "password-wrap-greatest-counter", ["R-9.3-6"], "A counter of 53 bits.",
        base.with { $0.counter = 1 << 53 - 1 })
      let decomposed = base.with { $0.password = Array("Cafe\u{301} A\u{30a}ngstro\u{308}m 17".utf8) }
      try builder.accept(
        "password-wrap-decomposed", ["R-9.1-1"], flags: ["NormalForm"],
        "A decomposed password is the composed one.", in: decomposed.making(), out: base.made())
      let upper = base.with { $0.loginName = Array("BOSS@Example.COM".utf8) }
      try builder.accept(
        "password-wrap-login-name-upper-case", ["R-9.1-2"], flags: ["NormalForm"],
        "A login name in capitals is the same.", in: upper.making(), out: base.made())
      for (name, iterations) in [
        ("0", 0), ("1", 1), ("599999", 599_999), ("10000001", 10_000_001), ("2-to-31", 1 << 31),
      ] {
        try builder.reject(
          "password-wrap-iterations-\(name)", ["R-9.2-1"], flags: ["WeakStretch"],
          "Iterations outside the bounds.",
          in: base.with { $0.iterations = UInt32(iterations) }.making(), code: .iterationsOutOfRange,
          twin: plain)
      }
      for fault in badPasswords {
        try builder.reject(
          "password-wrap-\(fault.name)", ["R-9.1-1"], flags: ["NormalForm"], fault.comment,
          in: base.with { $0.password = fault.bytes }.making(), code: .badPassword, twin: plain)
      }
      for fault in badLoginNames {
        try builder.reject(
          "password-wrap-\(fault.name)", ["R-9.1-2"], flags: ["NormalForm"], fault.comment,
          in: base.with { $0.loginName = fault.bytes }.making(), code: .badLoginName, twin: plain)
      }
    },
    Family("password/login", flags: flagNames + [pinFlag]) { builder in
      let base = PasswordSample(try Fixture.made.get())
      let plain = "password-login-plain"
      let secret = base.with { $0.accountSecret = bytes("account secret", 16) }
      try builder.accept(
        plain, ["R-9.4-1"], "The login key of a head.", in: base.opening(base.head, key: "head"),
        out: base.login())
      try builder.accept(
        "password-login-account-secret", ["R-9.2-2"], flags: ["AccountSecret"],
        "The account secret is part of what the login key is derived from.",
        in: secret.opening(secret.head, key: "head"), out: secret.login())
      let upper = base.with { $0.loginName = Array("BOSS@EXAMPLE.COM".utf8) }
      try builder.accept(
        "password-login-upper-case", ["R-9.1-2"], flags: ["NormalForm"],
        "A login name in capitals is the same.", in: upper.opening(base.head, key: "head"),
        out: base.login())
      try builder.accept(
        "password-login-pinned", ["R-9.4-1"], flags: ["Pin"], "The head that the device accepted last.",
        in: base.opening(base.head, key: "head", pin: base.pin()), out: base.login())
      try rejectHeads("password-login", key: "head", base, secret, plain, &builder) { $0.head }
    },
    Family("password/open", flags: flagNames + [pinFlag, wrapFlag, slowFlag]) { builder in
      try buildPasswordOpen(&builder)
    },
  ]

  private static let wrapFlag = VectorFile.Flag(
    "KeyWrap", bugType: "MISSING_CHECK",
    effect: "a MasterKey of the service's choice is taken for the account's", refs: ["R-9.3-1", "RFC 3394"])

  private static let slowFlag = VectorFile.Flag(
    "Slow", bugType: "MISSING_SUPPORT",
    effect: "an account with the most iterations does not open; the vector costs as much as 17 others",
    refs: ["R-9.2-1"])

  private struct BadText {
    let name: String
    let bytes: [UInt8]
    let comment: String
  }

  private static let badPasswords = [
    BadText(name: "password-empty", bytes: [], comment: "No password."),
    BadText(name: "password-nul", bytes: [0x61, 0, 0x62], comment: "U+0000, which HMAC's padding hides."),
    BadText(name: "password-trailing-nul", bytes: [0x61, 0], comment: "U+0000 at the end."),
    BadText(name: "password-unassigned", bytes: [0x61, 0xcd, 0xb8], comment: "U+0378 is unassigned."),
    BadText(name: "password-surrogate", bytes: [0xed, 0xa0, 0x80], comment: "A lone surrogate."),
    BadText(name: "password-ill-formed", bytes: [0x61, 0xff], comment: "No UTF-8."),
    BadText(name: "password-overlong", bytes: [0xc1, 0xa1], comment: "An overlong encoding of a letter."),
    BadText(
      name: "password-1025-bytes", bytes: [UInt8](repeating: 0x61, count: 1025), comment: "1,025 bytes."),
  ]

  private static let badLoginNames = [
    BadText(name: "login-name-empty", bytes: [], comment: "No login name."),
    BadText(name: "login-name-nul", bytes: [0x61, 0], comment: "U+0000."),
    BadText(name: "login-name-ill-formed", bytes: [0xff], comment: "No UTF-8."),
    BadText(
      name: "login-name-256-bytes", bytes: [UInt8](repeating: 0x61, count: 256), comment: "256 bytes."),
  ]

  /// What is refused before PBKDF2 runs, for a head alone or a whole wrap.
  private static func rejectHeads(
    _ slug: String, key: String, _ base: PasswordSample, _ secret: PasswordSample, _ twin: String,
    _ builder: inout FamilyBuilder, _ message: (PasswordSample) throws -> [UInt8]
  ) throws {
    let whole = try message(base)
    let form = "format"
    for (name, bytes, code, offset) in [
      ("empty", [], ErrorCode.truncated, 0),
      ("cut", [UInt8](whole.dropLast()), .truncated, whole.count == 69 ? 37 : 101),
      ("trailing-byte", whole + [0], .trailingBytes, whole.count),
      ("type-of-vault", whole.with([2], at: 3), .unexpectedType, 3),
      ("version-2", whole.with([2], at: 2), .unknownVersion, 2),
      ("epoch-0", whole.with([0, 0, 0, 0], at: 20), .valueOutOfRange, 20),
      ("account-secret-2", whole.with([2], at: 36), .unknownValue, 36),
    ] {
      try builder.reject(
        "\(slug)-\(form)-\(name)", ["R-2.2-2"], "A fault of format comes before all others.",
        in: base.opening(bytes, key: key), code: code, offset: offset, twin: twin)
    }
    for (name, iterations) in [
      ("0", UInt32(0)), ("1", 1), ("65535", 65_535), ("100000", 100_000), ("599999", 599_999),
      ("10000001", 10_000_001), ("2-to-31", 1 << 31), ("2-to-32-minus-1", .max),
    ] {
      try builder.reject(
        "\(slug)-iterations-\(name)", ["R-9.2-1", "R-9.4-1"], flags: ["WeakStretch"],
        "The service says how often to stretch. Refused before PBKDF2 runs.",
        in: base.opening(whole.with(be(iterations, 4), at: 32), key: key),
        code: .iterationsOutOfRange, twin: twin)
    }
    try builder.reject(
      "\(slug)-account-secret-missing", ["R-9.2-2"], flags: ["AccountSecret"],
      "The head asks for an account secret that is not given.",
      in: base.opening(whole.with([1], at: 36), key: key), code: .accountSecretMismatch, twin: twin)
    try builder.reject(
      "\(slug)-account-secret-not-asked-for", ["R-9.2-2"], flags: ["AccountSecret"],
      "The service says that there is no account secret.", in: secret.opening(whole, key: key),
      code: .accountSecretMismatch, twin: twin)
    for fault in badPasswords {
      try builder.reject(
        "\(slug)-\(fault.name)", ["R-9.1-1"], flags: ["NormalForm"], fault.comment,
        in: base.with { $0.password = fault.bytes }.opening(whole, key: key), code: .badPassword, twin: twin)
    }
    for fault in badLoginNames {
      try builder.reject(
        "\(slug)-\(fault.name)", ["R-9.1-2"], flags: ["NormalForm"], fault.comment,
        in: base.with { $0.loginName = fault.bytes }.opening(whole, key: key), code: .badLoginName,
        twin: twin)
    }
    let later = base.with {
      $0.epoch = 2
      $0.counter = 5
    }
    let current = try message(later)
    let pinned = "\(slug)-pin-of-this-wrap"
    try builder.accept(
      pinned, ["R-9.3-3"], flags: ["Pin"], "The pin is of this wrap.",
      in: later.opening(current, key: key, pin: later.pin()),
      out: key == "head" ? later.login() : .of("master_key", later.masterKey))
    try builder.accept(
      "\(slug)-pin-of-older-wrap", ["R-9.3-3"], flags: ["Pin"],
      "Epoch, counter and salt have changed since, as after a rotation.",
      in: later.opening(
        current, key: key, pin: later.pin(epoch: 1, counter: 4, salt: bytes("old salt", 32))),
      out: key == "head" ? later.login() : .of("master_key", later.masterKey))
    for (name, pin, code, comment) in [
      (
        "of-another-account", later.pin(accountID: .zeros(16)), ErrorCode.pinMismatch,
        "The service presents another account."
      ),
      (
        "with-another-salt", later.pin(salt: later.salt.flipped(31)), .pinMismatch,
        "The salt changed, but not the counter: the service chose it."
      ),
      (
        "of-a-similar-account", later.pin(accountID: later.accountID.flipped(15)), .pinMismatch,
        "The account id differs in its last byte."
      ),
      (
        "of-an-older-epoch-and-later-counter", later.pin(epoch: 1, counter: 6), .counterRollback,
        "A newer epoch does not make up for an older counter."
      ),
      ("of-a-later-epoch", later.pin(epoch: 3), .epochRollback, "A wrap of an epoch that is over."),
      ("of-a-later-counter", later.pin(counter: 6), .counterRollback, "A wrap of an old password."),
      (
        "of-later-epoch-and-counter", later.pin(epoch: 3, counter: 6), .epochRollback,
        "The epoch is compared before the counter."
      ),
    ] {
      try builder.reject(
        "\(slug)-pin-\(name)", ["R-9.3-3", "R-9.3-5", "R-13.2-1"], flags: ["Pin"], comment,
        in: later.opening(current, key: key, pin: pin), code: code, twin: pinned)
    }
    try builder.reject(
      "\(slug)-order-pin-before-iterations", ["R-9.4-1"], flags: ["Pin"],
      "The pin is compared before the iterations.",
      in: later.opening(
        current.with([0, 0, 0, 1], at: 32), key: key, pin: later.pin(accountID: .zeros(16))),
      code: .pinMismatch, twin: pinned)
    try builder.reject(
      "\(slug)-order-iterations-before-password", ["R-9.2-1"], flags: ["WeakStretch"],
      "Iterations are compared before the password is looked at.",
      in: base.with { $0.password = [] }.opening(whole.with([0, 0, 0, 1], at: 32), key: key),
      code: .iterationsOutOfRange, twin: twin)
    try builder.reject(
      "\(slug)-order-password-before-login-name", ["R-9.1-1"], flags: ["NormalForm"],
      "The password is looked at before the login name.",
      in: base.with {
        $0.password = []
        $0.loginName = []
      }.opening(whole, key: key), code: .badPassword, twin: twin)
  }

  private static func buildPasswordOpen(_ builder: inout FamilyBuilder) throws {
    let base = PasswordSample(try Fixture.made.get())
    let slug = "password-open"
    let plain = "\(slug)-plain"
    let secret = base.with { $0.accountSecret = bytes("account secret", 16) }
    let opened = JSONObject.of("master_key", base.masterKey)
    let whole = try base.wrap()
    try builder.accept(plain, ["R-9.3-1"], "A wrap.", in: base.opening(whole), out: opened)
    let withSecret = "\(slug)-account-secret"
    try builder.accept(
      withSecret, ["R-9.2-2"], flags: ["AccountSecret"], "A wrap with account secret.",
      in: secret.opening(secret.wrap()), out: opened)
    for (name, password, comment) in [
      ("decomposed", "Cafe\u{301} A\u{30a}ngstro\u{308}m 17", "Decomposed, as some keyboards type it."),
      ("angstrom-sign", "Caf\u{e9} \u{212b}ngstr\u{f6}m 17", "U+212B instead of U+00C5."),
    ] {
      try builder.accept(
        "\(slug)-password-\(name)", ["R-9.1-1"], flags: ["NormalForm"], comment,
        in: base.with { $0.password = Array(password.utf8) }.opening(whole), out: opened)
    }
    try builder.accept(
      "\(slug)-login-name-upper-case", ["R-9.1-2"], flags: ["NormalForm"],
      "A login name in capitals is the same.",
      in: base.with { $0.loginName = Array("BOSS@EXAMPLE.COM".utf8) }.opening(whole), out: opened)
    for (name, password, comment) in [
      (
        "beyond-the-bmp", "\u{10041}\u{300} Caf\u{e9}",
        "U+10041 U+0300 have no composition; cut to 16 bits they would have."
      ),
      ("64-bytes", String(repeating: "x", count: 64), "As long as a block of the hash."),
      ("65-bytes", String(repeating: "x", count: 65), "Longer than a block: HMAC hashes it first."),
    ] {
      let other = base.with { $0.password = Array(password.utf8) }
      try builder.accept(
        "\(slug)-password-\(name)", ["R-9.1-1"], flags: ["NormalForm"], comment,
        in: other.opening(other.wrap()), out: opened)
    }
    let most = base.with { $0.iterations = 10_000_000 }
    try builder.accept(
      "\(slug)-iterations-10000000", ["R-9.2-1"], flags: ["WeakStretch", "Slow"],
      "The most iterations: several seconds of work.", in: most.opening(most.wrap()), out: opened)
    let longer = base.with { $0.iterations = 600_001 }
    try builder.accept(
      "\(slug)-iterations-600001", ["R-9.2-1"], flags: ["WeakStretch"], "Not the usual iterations.",
      in: longer.opening(longer.wrap()), out: opened)
    try rejectHeads(slug, key: "wrap", base, secret, plain, &builder) { try $0.wrap() }

    // Wrong credentials.
    for (name, edit, comment) in [
      (
        "password-upper-case", { $0.password = Array("CAF\u{c9} \u{c5}NGSTR\u{d6}M 17".utf8) },
        "The case of a password counts."
      ),
      (
        "password-trailing-space", { $0.password += [0x20] }, "White space is not trimmed."
      ),
      (
        "login-name-of-another", { $0.loginName = Array("boss@example.org".utf8) },
        "The login name is in the salt: another one does not open the wrap."
      ),
    ] as [(String, (inout PasswordSample) -> Void, String)] {
      try builder.reject(
        "\(slug)-wrong-\(name)", ["R-9.3-4"], flags: ["NormalForm"], comment,
        in: base.with(edit).opening(whole), code: .passwordOpenFailed, twin: plain)
    }
    try builder.reject(
      "\(slug)-wrong-account-secret", ["R-9.2-2"], flags: ["AccountSecret"],
      "One bit of the secret is wrong.",
      in: secret.with { $0.accountSecret = $0.accountSecret?.flipped(15) }.opening(secret.wrap()),
      code: .passwordOpenFailed, twin: withSecret)

    // Wrong wraps.
    func fault(_ id: String, _ req: [String], _ comment: String, _ wrap: [UInt8]) throws {
      try builder.reject(
        "\(slug)-\(id)", req, flags: ["KeyWrap"], comment, in: base.opening(wrap), code: .passwordOpenFailed,
        twin: plain)
    }
    for (name, offset) in [
      ("account-id", 4), ("epoch", 23), ("counter", 31), ("salt-byte-17", 37 + 17), ("salt-byte-31", 68),
    ] {
      try fault(
        "head-\(name)-changed", ["R-9.3-6"], "All of the head is in the context of the keys.",
        whole.flipped(offset, 2))
    }
    for (name, offset) in [("first", 69), ("middle", 85), ("last", 100)] {
      try fault(
        "commitment-\(name)-byte", ["R-9.3-1"], "The wrap is right, the commitment is not.",
        whole.flipped(offset))
    }
    try fault("commitment-zero", ["R-9.3-1"], "No commitment.", whole.with(.zeros(32), at: 69))
    let front = try base.head + base.commitment()
    let kek = try base.kek()
    for index in 0..<8 {
      let check = KeyWrapReference.checkValue ^ 1 << UInt64(8 * (7 - index))
      try fault(
        "check-byte-\(index)", ["R-9.3-2"], "One bit of the check value's byte \(index) is wrong.",
        front + base.wrapped(kek: kek, check: check))
    }
    for (name, check, comment) in [
      ("compensating", KeyWrapReference.checkValue ^ 0x0101, "Two wrong bytes whose difference cancels out."),
      ("zero", 0, "A check value of zeros."),
      ("rfc-5649", 0xa659_59a6_0000_0020, "The alternative check value of RFC 5649, of 32 bytes."),
      ("rfc-5649-31-bytes", 0xa659_59a6_0000_001f, "The alternative check value of RFC 5649, of 31 bytes."),
    ] {
      try fault(
        "check-\(name)", ["R-9.3-2"], comment, front + base.wrapped(kek: kek, check: check))
    }
    for offset in [101, 109, 140] {
      try fault(
        "wrapped-byte-\(offset - 101)", ["R-9.3-2"], "One bit of the wrapped key is wrong.",
        whole.flipped(offset))
    }
    let stretched = try base.stretched()
    for (name, key, comment) in [
      ("login-key", try base.loginKey(), "Wrapped with the login key, which the service has."),
      ("commitment", try base.commitment(), "Wrapped with the commitment, which the service has."),
      (
        "key-without-salt",
        try Fixture.derive(stretched, "password-wrap", [UInt8](base.head[..<37])),
        "The context of the wrap's key lacks the salt."
      ),
      (
        "key-without-label", try Fixture.derive(stretched, "", base.head),
        "The wrap's key has another label."
      ),
      ("stretched-password", [UInt8](stretched[..<32]), "Wrapped with the stretched password itself."),
      ("key-of-zeros", .zeros(32), "Wrapped with zeros."),
    ] {
      try fault("wrapped-with-\(name)", ["R-9.3-6"], comment, front + base.wrapped(kek: key))
    }
    try fault(
      "wrapped-blocks-swapped", ["R-9.3-2"], "Two blocks of the wrapped key are swapped.",
      whole.with([UInt8](whole[117..<125]) + [UInt8](whole[109..<117]), at: 109))
  }
}
