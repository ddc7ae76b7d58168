internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let passwords: [Family] = [
    Family("password/login", flags: [policyFlag, nameFlag, pinFlag]) { builder in try buildLogin(&builder) },
    Family("person-keys/make", flags: [policyFlag, nameFlag]) { builder in try buildKeysMake(&builder) },
    Family("person-keys/open", flags: [policyFlag, nameFlag, pinFlag, sealFlag]) { builder in
      try buildKeysOpen(&builder)
    },
    Family("password/wrap", flags: [policyFlag, nameFlag]) { builder in try buildWrap(&builder) },
    Family("password/open", flags: [policyFlag, nameFlag, sealFlag, slowFlag]) { builder in
      try buildOpen(&builder)
    },
  ]

  private static let policyFlag = VectorFile.Flag(
    "Policy", bugType: "MISSING_CHECK",
    effect: "the service chooses how little a guess costs, or has the account secret left out",
    refs: ["R-9.2-1", "R-9.2-2"])
  private static let nameFlag = VectorFile.Flag(
    "Names", bugType: "WRONG_ENCODING", effect: "the same password typed elsewhere opens nothing",
    refs: ["R-9.1-1", "R-9.1-2"])
  private static let pinFlag = VectorFile.Flag(
    "Pin", bugType: "MISSING_CHECK", effect: "a password is used on a head of the service's choice",
    refs: ["R-13.2-1", "R-9.5-3"])
  private static let sealFlag = VectorFile.Flag(
    "Seal", bugType: "MISSING_CHECK", effect: "keys of the service's are taken for the person's",
    refs: ["R-9.3-1", "R-9.3-7", "R-9.5-1"])
  private static let slowFlag = VectorFile.Flag(
    "Slow", bugType: "WRONG_PRIMITIVE", effect: "iterations above a library's limit are cut",
    refs: ["R-9.2-1"])

  private static func scenePassword(_ edit: (inout FixturePassword) -> Void = { _ in }) throws
    -> FixturePassword
  {
    FixturePassword(try Fixture.made.get().accountID, edit)
  }

  /// The members that say who types what.
  private static func typed(_ password: FixturePassword) -> JSONObject {
    .of([
      "login_name": .hex(password.loginName), "password": .hex(password.password),
      "account_secret": .hexOrNull(password.accountSecret),
    ])
  }

  private static func joined(_ parts: JSONObject...) -> JSONObject {
    var all = JSONObject()
    for part in parts {
      for member in part.members { all.append(member.key, member.value) }
    }
    return all
  }

  private static let secret = bytes("account secret", 16)

  /// Typed texts that have another normal form.
  private static let forms: [(id: String, comment: String, edit: @Sendable (inout FixturePassword) -> Void)] =
    [
      (
        "decomposed", "e and an accent, typed apart, are composed.",
        {
          ($0.password, $0.normalPassword) = (Array("cafe\u{301}".utf8), Array("caf\u{e9}".utf8))
        }
      ),
      (
        "composed", "The same, typed as one.",
        {
          ($0.password, $0.normalPassword) = (Array("caf\u{e9}".utf8), Array("caf\u{e9}".utf8))
        }
      ),
      (
        "name-in-capitals", "Capitals of a login name are lowered.",
        { $0.loginName = Array("OLIVE.OWNER@EXAMPLE.ORG".utf8) }
      ),
      (
        "name-composed-after-lowering", "H and U+0331 compose once H is lowered.",
        {
          ($0.loginName, $0.normalName) = (Array("H\u{331}".utf8), Array("\u{1e96}".utf8))
        }
      ),
      (
        "name-with-a-foreign-capital", "Only A to Z are lowered.",
        {
          ($0.loginName, $0.normalName) = (Array("\u{c9}va".utf8), Array("\u{c9}va".utf8))
        }
      ),
      (
        "spaces", "Nothing is trimmed.",
        {
          ($0.password, $0.normalPassword) = (Array(" a b ".utf8), Array(" a b ".utf8))
          ($0.loginName, $0.normalName) = (Array(" o ".utf8), Array(" o ".utf8))
        }
      ),
      (
        "longest", "1,024 bytes of a password, 255 of a name.",
        {
          let password = [UInt8](repeating: 0x70, count: 1_024)
          ($0.password, $0.normalPassword) = (password, password)
          ($0.loginName, $0.normalName) = (
            [UInt8](repeating: 0x4e, count: 255), [UInt8](repeating: 0x6e, count: 255)
          )
        }
      ),
      (
        "one-character", "One character each.",
        {
          ($0.password, $0.normalPassword) = ([0x70], [0x70])
          ($0.loginName, $0.normalName) = ([0x6e], [0x6e])
        }
      ),
    ]

  /// Typed texts that are refused, and why.
  private static let badTexts: [(id: String, comment: String, bytes: [UInt8])] = [
    ("empty", "No character.", []), ("ill-formed", "No UTF-8.", [0x61, 0xff]),
    ("surrogate", "A lone surrogate.", [0xed, 0xa0, 0x80]), ("nul", "U+0000.", [0x61, 0]),
    ("unassigned", "U+0378 is unassigned.", [0xcd, 0xb8]),
    ("unassigned-last", "U+0378 behind a letter.", [0x61, 0xcd, 0xb8]),
    ("unassigned-between", "U+0378 between letters.", [0x61, 0xcd, 0xb8, 0x62]),
  ]

  /// The checks that every operation with a password makes on it: `input` is of a right one.
  private static func checkTyped(
    _ slug: String, twin: String, head: Bool, _ builder: inout FamilyBuilder,
    _ input: (FixturePassword) throws -> JSONObject
  ) throws {
    func reject(
      _ id: String, _ req: String, _ flag: String, _ comment: String, _ code: ErrorCode,
      _ edit: (inout FixturePassword) -> Void, _ typing: (inout JSONObject) -> Void = { _ in }
    ) throws {
      var given = try input(scenePassword(edit))
      typing(&given)
      try builder.reject(
        "\(slug)-\(id)", [req], flags: [flag], comment, in: given, code: code, twin: twin)
    }
    for (id, iterations) in [
      ("0", UInt32(0)), ("599999", 599_999), ("10000001", 10_000_001), ("of-32-bits", 0xffff_ffff),
    ] {
      try reject(
        "iterations-\(id)", "R-9.2-1", "Policy", "Iterations outside of their bounds.", .iterationsOutOfRange
      ) { $0.iterations = iterations }
    }
    if head {
      try reject(
        "secret-missing", "R-9.2-2", "Policy", "An account secret is required, and none is given.",
        .accountSecretMismatch, { $0.accountSecret = secret }, { $0["account_secret"] = .null })
      try reject(
        "secret-not-required", "R-9.2-2", "Policy", "An account secret is given, and none is required.",
        .accountSecretMismatch, { _ in }, { $0["account_secret"] = .hex(secret) })
      try reject(
        "order-iterations-before-secret", "R-9.2-1", "Policy", "Iterations come before the account secret.",
        .iterationsOutOfRange, { ($0.iterations, $0.accountSecret) = (1, secret) },
        { $0["account_secret"] = .null })
      try reject(
        "order-secret-before-password", "R-9.2-2", "Policy", "The account secret comes before the password.",
        .accountSecretMismatch,
        {
          $0.accountSecret = secret
          $0.password = []
        }, { $0["account_secret"] = .null })
    }
    for bad in badTexts {
      try reject("password-\(bad.id)", "R-9.1-1", "Names", bad.comment, .badPassword) {
        $0.password = bad.bytes
      }
      try reject("name-\(bad.id)", "R-9.1-2", "Names", bad.comment, .badLoginName) {
        $0.loginName = bad.bytes
      }
    }
    try reject("password-1025-bytes", "R-9.1-1", "Names", "A byte too long.", .badPassword) {
      $0.password = [UInt8](repeating: 0x70, count: 1_025)
    }
    try reject("name-256-bytes", "R-9.1-2", "Names", "A byte too long.", .badLoginName) {
      $0.loginName = [UInt8](repeating: 0x70, count: 256)
    }
    try reject("order-password-before-name", "R-9.1-1", "Names", "The password comes first.", .badPassword) {
      ($0.password, $0.loginName) = ([], [])
    }
    try reject(
      "order-iterations-before-password", "R-9.2-1", "Policy", "Iterations come first.", .iterationsOutOfRange
    ) {
      ($0.iterations, $0.password) = (1, [])
    }
  }

  // MARK: - Login. §9.4

  private static func buildLogin(_ builder: inout FamilyBuilder) throws {
    func input(
      _ password: FixturePassword, pinned: [UInt8]? = nil, changed: Bool = false, head: [UInt8]? = nil
    )
      -> JSONObject
    {
      joined(
        .of([
          "head": .hex(head ?? password.head), "pinned_head": .hexOrNull(pinned),
          "password_changed": .bool(changed),
        ]), typed(password))
    }
    func accept(
      _ id: String, _ req: String, _ comment: String, _ password: FixturePassword, pinned: [UInt8]? = nil,
      changed: Bool = false
    ) throws {
      try builder.accept(
        "password-login-\(id)", [req], comment, in: input(password, pinned: pinned, changed: changed),
        out: .of([
          "login_id": .hex(password.loginID), "login_key": .hex(try password.loginKey()),
          "login_verifier": .hex(try password.loginVerifier()),
        ]))
    }
    let plain = try scenePassword()
    try accept("plain", "R-9.4-3", "A fresh end.", plain)
    try accept(
      "with-account-secret", "R-9.2-2", "The account secret is part of what is stretched.",
      scenePassword { $0.accountSecret = secret })
    try accept(
      "another-salt", "R-9.4-3", "Another salt.", scenePassword { $0.salt = bytes("another salt", 32) })
    try accept(
      "another-counter", "R-9.4-3", "All of the head is in the derivation.",
      scenePassword { $0.counter = 1 << 53 - 1 })
    for form in forms { try accept(form.id, "R-9.1-1", form.comment, scenePassword(form.edit)) }
    try accept("pinned", "R-13.2-1", "The head is that which is remembered.", plain, pinned: plain.head)
    let next = try scenePassword { ($0.counter, $0.salt) = (2, bytes("next salt", 32)) }
    try accept(
      "changed", "R-13.2-1", "The person says that the password was changed.", next, pinned: plain.head,
      changed: true)
    try accept(
      "changed-in-vain", "R-13.2-1", "The person says so, and the head is the same.", plain,
      pinned: plain.head, changed: true)
    try accept(
      "changed-to-more", "R-13.2-1", "More iterations, and an account secret.",
      scenePassword { ($0.counter, $0.iterations, $0.accountSecret) = (9, 600_001, secret) },
      pinned: plain.head,
      changed: true)
    try accept(
      "changed-with-the-account-secret", "R-13.2-1", "An account secret was required, and is.",
      scenePassword { ($0.counter, $0.accountSecret) = (9, secret) },
      pinned: scenePassword { $0.accountSecret = secret }.head, changed: true)
    func reject(
      _ id: String, _ comment: String, _ password: FixturePassword, _ code: ErrorCode, offset: Int? = nil,
      pinned: [UInt8]? = nil, changed: Bool = false, head: [UInt8]? = nil, twin: String = "pinned"
    ) throws {
      try builder.reject(
        "password-login-\(id)", ["R-13.2-1", "R-9.4-3"], flags: ["Pin"], comment,
        in: input(password, pinned: pinned, changed: changed, head: head), code: code, offset: offset,
        twin: "password-login-\(twin)")
    }
    try reject(
      "cut", "The head is cut.", plain, .truncated, offset: 37, head: [UInt8](plain.head.dropLast()),
      twin: "plain")
    try reject(
      "whole-keys", "All of the PersonKeys.", plain, .trailingBytes, offset: 69, head: plain.head + [0],
      twin: "plain")
    try reject(
      "of-a-wrap", "Another type.", plain, .unexpectedType, offset: 3, head: plain.head.with([1], at: 3),
      twin: "plain")
    for (id, comment, code, at, bytes) in [
      ("magic", "No magic.", ErrorCode.badMagic, 0, [0x65]),
      ("version", "Version 2.", .unknownVersion, 2, [2]),
      ("counter", "A counter too great.", .valueOutOfRange, 24, be(1 << 53, 8)),
      ("account-secret-use", "Neither with nor without an account secret.", .unknownValue, 36, [2]),
    ] as [(String, String, ErrorCode, Int, [UInt8])] {
      try reject(
        "of-no-\(id)", comment, plain, code, offset: at, head: plain.head.with(bytes, at: at), twin: "plain")
    }
    let elsewhere = try scenePassword { $0.account = $0.account.flipped(15) }
    try reject("another-account", "Another account id.", elsewhere, .pinMismatch, pinned: plain.head)
    try reject(
      "another-account-though-changed", "Another account id.", elsewhere, .pinMismatch, pinned: plain.head,
      changed: true)
    for (place, at) in [("first", 0), ("half", 8), ("last", 15)] {
      for (id, counter) in [("older", 4), ("same", 5), ("newer", 6)] as [(String, UInt64)] {
        let other = try scenePassword { ($0.account, $0.counter) = ($0.account.flipped(at), counter) }
        try reject(
          "another-account-by-its-\(place)-byte-\(id)",
          "An account id that differs in a byte. The head is \(id).",
          other, .pinMismatch, pinned: scenePassword { $0.counter = 5 }.head, changed: true, twin: "changed")
      }
    }
    let great = try scenePassword { ($0.counter, $0.salt) = (1 << 32 + 4, bytes("next salt", 32)) }
    try accept(
      "counter-above-32-bits", "R-13.2-1", "Counters have more than 32 bits.", great,
      pinned: scenePassword { $0.counter = 5 }.head, changed: true)
    try reject(
      "counter-back-below-32-bits", "Counters have more than 32 bits.", scenePassword { $0.counter = 6 },
      .counterRollback, pinned: great.head, changed: true, twin: "changed")
    let pinned5 = try scenePassword { ($0.counter, $0.iterations) = (5, 700_000) }
    try reject(
      "counter-back", "An older head.", scenePassword { ($0.counter, $0.iterations) = (4, 700_000) },
      .counterRollback,
      pinned: pinned5.head)
    try reject(
      "counter-back-though-changed", "No word makes an older head right.",
      scenePassword { ($0.counter, $0.iterations) = (4, 700_000) }, .counterRollback, pinned: pinned5.head,
      changed: true)
    for (id, comment, edit) in [
      ("salt", "Another salt.", { $0.salt = $0.salt.flipped(31) }),
      ("iterations", "More iterations.", { $0.iterations = 700_001 }),
      ("secret", "An account secret.", { $0.accountSecret = secret }),
    ] as [(String, String, (inout FixturePassword) -> Void)] {
      let other = pinned5.edited(edit)
      for changed in [false, true] {
        try reject(
          "same-counter-another-\(id)\(changed ? "-though-changed" : "")",
          "\(comment) The counter is that of the head remembered.",
          other, .pinMismatch, pinned: pinned5.head, changed: changed)
      }
    }
    for changed in [false, true] {
      try reject(
        "fewer-iterations\(changed ? "-though-changed" : "")", "A newer head of fewer iterations.",
        scenePassword { ($0.counter, $0.iterations) = (6, 699_999) }, .pinMismatch, pinned: pinned5.head,
        changed: changed,
        twin: "changed")
      try reject(
        "secret-dropped\(changed ? "-though-changed" : "")", "A newer head without the account secret.",
        scenePassword { $0.counter = 6 }, .pinMismatch,
        pinned: scenePassword { $0.accountSecret = secret }.head,
        changed: changed, twin: "changed")
    }
    try reject(
      "head-changed", "A newer head, and the person has not spoken.", next, .headChanged, pinned: plain.head,
      twin: "changed")
    try reject(
      "order-account-before-counter", "The account is compared before the counter.",
      scenePassword { ($0.account, $0.counter) = ($0.account.flipped(0), 4) }, .pinMismatch,
      pinned: pinned5.head)
    try reject(
      "order-weaker-before-changed", "That it is weaker is said first.",
      scenePassword { ($0.counter, $0.iterations) = (6, 600_000) }, .pinMismatch, pinned: pinned5.head)
    var both = input(try scenePassword { $0.iterations = 10_000_001 })
    both["account_secret"] = .hex(secret)
    var missing = input(try scenePassword { ($0.iterations, $0.accountSecret) = (10_000_001, secret) })
    missing["account_secret"] = .null
    try builder.reject(
      "password-login-order-iterations-before-missing-secret", ["R-9.2-1"], flags: ["Policy"],
      "Too many iterations, and no account secret where one is required.", in: missing,
      code: .iterationsOutOfRange, twin: "password-login-plain")
    try builder.reject(
      "password-login-order-iterations-before-account-secret", ["R-9.2-1"], flags: ["Policy"],
      "Too many iterations, and an account secret where there is none.", in: both,
      code: .iterationsOutOfRange,
      twin: "password-login-plain")
    try reject(
      "order-pins-before-iterations", "Pins come before the iterations.",
      scenePassword { ($0.counter, $0.iterations) = (4, 1) }, .counterRollback, pinned: pinned5.head)
    try reject(
      "order-changed-before-password", "Pins come before the password.",
      scenePassword { ($0.counter, $0.password) = (2, []) }, .headChanged, pinned: plain.head, twin: "changed"
    )
    try checkTyped("password-login", twin: "password-login-plain", head: true, &builder) { input($0) }
  }

  // MARK: - PersonKeys. §9.5

  private static func buildKeysMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(_ password: FixturePassword, _ keys: FixtureKeys) -> JSONObject {
      joined(
        .of([
          "account_id": .hex(password.account), "counter": .integer(password.counter),
          "iterations": .integer(password.iterations),
        ]), typed(password),
        .of([
          "salt": .hex(password.salt),
          "seal_salt": .hex(bytes("keys salt \(keys.name) \(password.counter)", 24)),
          "p": .hex(keys.p), "q": .hex(keys.q), "seed": .hex(keys.seed),
        ]))
    }
    func accept(
      _ id: String, _ req: String, _ comment: String, _ password: FixturePassword, _ keys: FixtureKeys
    )
      throws
    {
      try builder.accept(
        "person-keys-make-\(id)", [req], comment, in: input(password, keys),
        out: .of([
          "keys": .hex(try password.personKeys(keys)), "person_id": .hex(keys.agentID),
          "login_id": .hex(password.loginID), "login_key": .hex(try password.loginKey()),
          "login_verifier": .hex(try password.loginVerifier()),
        ]))
    }
    try accept("owner", "R-9.5-1", "The owner's.", scenePassword(), fixture.account)
    try accept("manager", "R-9.5-1", "A manager's.", scenePassword(), fixture.manager)
    try accept(
      "with-account-secret", "R-9.2-2", "With an account secret.",
      scenePassword { $0.accountSecret = secret }, fixture.account)
    try accept(
      "second", "R-9.5-2", "After a change of password.",
      scenePassword { ($0.counter, $0.salt) = (2, bytes("next salt", 32)) }, fixture.account)
    try accept(
      "greatest-counter", "R-9.5-1", "The greatest counter.", scenePassword { $0.counter = 1 << 53 - 1 },
      fixture.account)
    for form in forms {
      try accept(form.id, "R-9.1-1", form.comment, scenePassword(form.edit), fixture.account)
    }
    try checkTyped("person-keys-make", twin: "person-keys-make-owner", head: false, &builder) {
      input($0, fixture.account)
    }
  }

  private static func buildKeysOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(_ password: FixturePassword, _ keys: [UInt8], head: [UInt8]? = nil) -> JSONObject {
      joined(.of(["head": .hex(head ?? password.head), "keys": .hex(keys)]), typed(password))
    }
    func accept(_ id: String, _ comment: String, _ password: FixturePassword, _ keys: FixtureKeys) throws {
      try builder.accept(
        "person-keys-open-\(id)", ["R-9.5-1"], comment, in: input(password, try password.personKeys(keys)),
        out: .of([
          "p": .hex(keys.p), "q": .hex(keys.q), "seed": .hex(keys.seed), "person_id": .hex(keys.agentID),
        ]))
    }
    let plain = try scenePassword()
    let account = fixture.account
    let good = try plain.personKeys(account)
    try accept("owner", "The owner's.", plain, account)
    try accept("manager", "A manager's.", plain, fixture.manager)
    try accept(
      "with-account-secret", "With an account secret.", scenePassword { $0.accountSecret = secret }, account)
    for form in forms { try accept(form.id, form.comment, scenePassword(form.edit), account) }
    func reject(
      _ id: String, _ req: String, _ flag: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode,
      offset: Int? = nil, twin: String = "owner"
    ) throws {
      try builder.reject(
        "person-keys-open-\(id)", [req], flags: [flag], comment, in: input, code: code, offset: offset,
        twin: "person-keys-open-\(twin)")
    }
    try reject(
      "cut", "R-9.5-3", "Seal", "The last byte is missing.", input(plain, [UInt8](good.dropLast())),
      .truncated, offset: 69)
    try reject(
      "trailing-byte", "R-9.5-3", "Seal", "A byte too many.", input(plain, good + [0]), .trailingBytes,
      offset: 429)
    try reject(
      "epoch-1", "R-8.1-2", "Seal", "PersonKeys have no epoch.", input(plain, good.with(be(1, 4), at: 20)),
      .valueOutOfRange, offset: 20)
    for (id, comment, edited) in [
      ("account", "The account is another.", good.flipped(19)),
      ("counter", "The counter is another.", good.flipped(31)),
      ("iterations", "Fewer iterations.", good.flipped(35)),
      ("secret", "An account secret is required.", good.flipped(36)),
      ("salt", "The salt is another.", good.flipped(68)),
      ("first-byte-of-the-salt", "The salt is another.", good.flipped(37)),
    ] {
      try reject(
        "head-of-another-\(id)", "R-9.5-3", "Pin", "\(comment) The head is not the one that was answered.",
        input(plain, edited), .pinMismatch)
    }
    for (name, bad) in good.neighbours(in: 37..<69) {
      try reject(
        "salt-\(name)", "R-9.5-3", "Pin", "The salt differs in a byte from that of the head.",
        input(plain, bad),
        .pinMismatch)
    }
    try reject(
      "order-head-before-password", "R-9.5-3", "Pin", "The head is compared before a password is used.",
      input(plain.edited { $0.password = [] }, good.flipped(68)), .pinMismatch)
    try reject(
      "another-password", "R-9.5-3", "Seal", "Another password.",
      input(plain.edited { $0.password = Array("Correct horse battery staple".utf8) }, good),
      .personKeysOpenFailed)
    try reject(
      "another-name", "R-9.5-3", "Seal", "Another login name.",
      input(plain.edited { $0.loginName = Array("olive.owner@example.com".utf8) }, good),
      .personKeysOpenFailed)
    let kept = try scenePassword { $0.accountSecret = secret }
    var wrong = input(kept, try kept.personKeys(account))
    wrong["account_secret"] = .hex(secret.flipped(15))
    try reject(
      "another-account-secret", "R-9.5-3", "Seal", "Another account secret.", wrong, .personKeysOpenFailed,
      twin: "with-account-secret")
    for (name, at) in [("salt", 69), ("commitment", 100), ("first-byte", 125), ("last-byte", 428)] {
      try reject(
        "seal-\(name)-flipped", "R-9.5-3", "Seal", "One bit of the seal is wrong.",
        input(plain, good.flipped(at)), .personKeysOpenFailed)
    }
    let salt = bytes("keys salt account 1", 24)
    func sealed(
      _ contents: [UInt8], label: String = "person-keys", context: [UInt8]? = nil, info: [UInt8]? = nil
    ) throws -> JSONObject {
      let key = try Fixture.derive(plain.stretched(), label, info ?? plain.head)
      return input(
        plain, plain.head + (try Fixture.seal(contents, key: key, context: context ?? plain.head, salt: salt))
      )
    }
    let right = account.p + account.q + account.seed
    // The first two primes of 1,024 bits.
    let least = [1_155, 1_493].map { ([0x80] + [UInt8].zeros(127)).adding(be($0, 2)) }
    for (id, comment, input) in [
      ("under-the-login-key", "Sealed under the login key.", try sealed(right, label: "login")),
      ("under-no-context", "Sealed under no context.", try sealed(right, context: [])),
      (
        "under-the-header-alone", "The context is the header alone.",
        try sealed(right, context: [UInt8](plain.head[..<24]))
      ),
      (
        "key-without-the-salt", "The key leaves the last byte of the head out.",
        try sealed(right, info: [UInt8](plain.head.dropLast()))
      ),
    ] {
      try reject("contents-\(id)", "R-9.5-1", "Seal", comment, input, .personKeysOpenFailed)
    }
    var random = DeterministicRandom.suite("primes without inverse")
    let (p, q) = (account.p, account.q)
    for (id, comment, p, q) in [
      ("primes-swapped", "The smaller prime comes first.", q, p),
      ("primes-equal", "One prime twice.", p, p),
      ("p-composite", "The larger number is even.", p.flipped(127), q),
      ("q-composite", "The smaller number is even.", p, q.flipped(127)),
      (
        "p-odd-composite", "The larger number is composite, without a factor below 1,024.",
        p.adding([2]).withoutSmallFactors, q
      ),
      (
        "q-odd-composite", "The smaller number is composite, without a factor below 1,024.", p,
        q.adding([2]).withoutSmallFactors
      ),
      (
        "p-without-inverse", "The larger prime is 1 modulo 65537.",
        try RawRSA.primeWithoutInverse(first: 0x7f, using: &random), q
      ),
      (
        "q-without-inverse", "The smaller prime is 1 modulo 65537.", p,
        try RawRSA.primeWithoutInverse(first: 0x5c, using: &random)
      ),
      ("p-of-1023-bits", "The larger number is of 1,023 bits.", p.with([0x3f], at: 0), q),
      ("q-zero", "The smaller number is zero.", p, .zeros(128)),
      (
        "modulus-of-2047-bits", "Two primes of 1,024 bits whose product has 2,047.", least[1], least[0]
      ),
    ] as [(String, String, [UInt8], [UInt8])] {
      try reject(
        "contents-\(id)", "R-9.5-5", "Seal", comment, try sealed(p + q + account.seed), .personKeysOpenFailed)
    }
    try checkTyped("person-keys-open", twin: "person-keys-open-owner", head: true, &builder) { password in
      input(password, password.head + good[69...])
    }
  }

  // MARK: - PasswordWrap. §9.3

  private static func buildWrap(_ builder: inout FamilyBuilder) throws {
    func input(_ password: FixturePassword, epoch: UInt32 = 1) -> JSONObject {
      joined(
        .of([
          "head": .hex(password.head), "epoch": .integer(epoch), "master_key": .hex(Fixture.masterKey(epoch)),
        ]), typed(password))
    }
    func accept(_ id: String, _ comment: String, _ password: FixturePassword, epoch: UInt32 = 1) throws {
      try builder.accept(
        "password-wrap-\(id)", ["R-9.3-7"], comment, in: input(password, epoch: epoch),
        out: .of("wrap", try password.wrap(Fixture.masterKey(epoch), epoch: epoch)))
    }
    try accept("plain", "A wrap is a function of head, epoch and MasterKey.", scenePassword())
    try accept("of-epoch-2", "Another epoch.", scenePassword(), epoch: 2)
    try accept("of-the-greatest-epoch", "The greatest epoch.", scenePassword(), epoch: .max)
    try accept(
      "of-the-next-head", "Another head.",
      scenePassword { ($0.counter, $0.salt) = (2, bytes("next salt", 32)) })
    try accept("with-account-secret", "With an account secret.", scenePassword { $0.accountSecret = secret })
    for form in forms { try accept(form.id, form.comment, scenePassword(form.edit)) }
    try checkTyped("password-wrap", twin: "password-wrap-plain", head: true, &builder) { input($0) }
  }

  private static func buildOpen(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(_ password: FixturePassword, _ wrap: [UInt8]) -> JSONObject {
      joined(.of(["head": .hex(password.head), "wrap": .hex(wrap)]), typed(password))
    }
    func accept(
      _ id: String, _ comment: String, _ password: FixturePassword, epoch: UInt32 = 1, flags: [String] = []
    ) throws {
      try builder.accept(
        "password-open-\(id)", ["R-9.3-7"], flags: flags, comment,
        in: input(password, try password.wrap(Fixture.masterKey(epoch), epoch: epoch)),
        out: .of("master_key", Fixture.masterKey(epoch)))
    }
    let plain = try scenePassword()
    let good = try plain.wrap(Fixture.masterKey(1), epoch: 1)
    try accept("plain", "A wrap.", plain)
    try accept("of-epoch-2", "Another epoch.", plain, epoch: 2)
    try accept("with-account-secret", "With an account secret.", scenePassword { $0.accountSecret = secret })
    try accept(
      "most-iterations", "10,000,000 iterations.", scenePassword { $0.iterations = 10_000_000 },
      flags: ["Slow"])
    for form in forms { try accept(form.id, form.comment, scenePassword(form.edit)) }
    func reject(
      _ id: String, _ req: String, _ comment: String, _ input: JSONObject, _ code: ErrorCode,
      offset: Int? = nil,
      twin: String = "plain"
    ) throws {
      try builder.reject(
        "password-open-\(id)", [req], flags: ["Seal"], comment, in: input, code: code, offset: offset,
        twin: "password-open-\(twin)")
    }
    try reject(
      "cut", "R-9.3-2", "The last byte is missing.", input(plain, [UInt8](good.dropLast())), .truncated,
      offset: 56)
    try reject(
      "trailing-byte", "R-9.3-2", "A byte too many.", input(plain, good + [0]), .trailingBytes, offset: 96)
    try reject(
      "epoch-0", "R-8.1-2", "No epoch.", input(plain, good.with(be(0, 4), at: 20)), .valueOutOfRange,
      offset: 20)
    try reject(
      "of-another-account", "R-9.3-7", "Another account.",
      input(plain, good.with(fixture.other.accountID, at: 4)), .wrongAccount)
    try reject(
      "of-a-similar-account", "R-9.3-7", "The account differs in its last byte.",
      input(plain, good.flipped(19)), .wrongAccount)
    for (name, bad) in good.neighbours(in: 4..<20) {
      try reject(
        "account-\(name)", "R-9.3-7", "The account differs in a byte.", input(plain, bad), .wrongAccount)
    }
    for (name, bad) in good.neighbours(in: 24..<56) {
      try reject(
        "commitment-\(name)", "R-9.3-1", "The commitment differs in a byte.", input(plain, bad),
        .passwordOpenFailed)
    }
    try reject(
      "order-account-before-iterations", "R-9.3-7", "The account is compared before the iterations.",
      input(plain.edited { $0.iterations = 1 }, good.flipped(19)), .wrongAccount)
    try reject(
      "moved-to-another-epoch", "R-9.3-7", "The header names another epoch.",
      input(plain, good.with(be(2, 4), at: 20)), .passwordOpenFailed)
    for (name, at) in [("first", 24), ("middle", 40), ("last", 55)] {
      try reject(
        "commitment-\(name)-byte", "R-9.3-1", "The commitment is wrong.", input(plain, good.flipped(at)),
        .passwordOpenFailed)
    }
    for (name, at) in [("first", 56), ("middle", 76), ("last", 95)] {
      try reject(
        "wrapped-\(name)-byte", "R-9.3-2", "The wrap is wrong.", input(plain, good.flipped(at)),
        .passwordOpenFailed)
    }
    let next = plain.edited { ($0.counter, $0.salt) = (2, bytes("next salt", 32)) }
    try reject(
      "of-the-head-before", "R-9.3-7", "The wrap was made with the head before.", input(next, good),
      .passwordOpenFailed)
    for (id, comment, edit) in [
      ("password", "Another password.", { $0.password = Array("Correct horse battery staple".utf8) }),
      ("name", "Another login name.", { $0.loginName = Array("olive.owner@example.com".utf8) }),
    ] as [(String, String, (inout FixturePassword) -> Void)] {
      try reject("another-\(id)", "R-9.3-8", comment, input(plain.edited(edit), good), .passwordOpenFailed)
    }
    let kept = try scenePassword { $0.accountSecret = secret }
    var wrong = input(kept, try kept.wrap(Fixture.masterKey(1), epoch: 1))
    wrong["account_secret"] = .hex(secret.flipped(15))
    try reject(
      "another-account-secret", "R-9.3-8", "Another account secret.", wrong, .passwordOpenFailed,
      twin: "with-account-secret")
    let context = be(1, 4)
    for (id, comment, commitmentLabel, kekLabel, info) in [
      ("kek-of-the-login-label", "The wrapping key is the login key.", "password-commitment", "login", nil),
      (
        "commitment-of-the-kek-label", "The commitment is the wrapping key's.", "password-wrap",
        "password-wrap", nil
      ),
      (
        "keys-without-the-epoch", "The epoch is not in the derivation.", "password-commitment",
        "password-wrap",
        plain.head
      ),
      (
        "keys-without-the-last-byte-of-the-head", "The head's last byte is not in the derivation.",
        "password-commitment",
        "password-wrap", plain.head.dropLast() + context
      ),
    ] as [(String, String, String, String, [UInt8]?)] {
      let info = info ?? plain.head + context
      let stretched = try plain.stretched()
      let kek = try SecretBytes(
        copying: Fixture.derive(stretched, kekLabel, kekLabel == "login" ? plain.head : info))
      let wrap =
        Fixture.header(1, plain.account, 1) + (try Fixture.derive(stretched, commitmentLabel, info))
        + (try AESKeyWrap.wrap(SecretBytes(copying: Fixture.masterKey(1)), kek: kek))
      try reject(id, "R-2.3-1", comment, input(plain, wrap), .passwordOpenFailed)
    }
    let kek = try SecretBytes(copying: plain.key("password-wrap", context))
    for (id, comment, mask) in [
      ("first-byte", "The first byte of the ICV is wrong.", 0),
      ("last-byte", "The last byte of the ICV is wrong.", 7),
    ] {
      let wrapped = KeyWrapReference.wrap(
        Fixture.masterKey(1), kek: kek.disclosed, icv: [UInt8](repeating: 0xa6, count: 8).flipped(mask))
      try reject("icv-\(id)", "R-9.3-2", comment, input(plain, good[..<56] + wrapped), .passwordOpenFailed)
    }
    try checkTyped("password-open", twin: "password-open-plain", head: true, &builder) { input($0, good) }
  }
}
