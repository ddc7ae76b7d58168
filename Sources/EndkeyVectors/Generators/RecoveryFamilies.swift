internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let recoveries: [Family] = [
    Family("account/recover", flags: [recoveryFlag]) { builder in try buildRecovery(&builder) }
  ]

  private static let recoveryFlag = VectorFile.Flag(
    "Recovery", bugType: "MISSING_CHECK",
    effect: "the service chooses who is in an account that is recovered",
    refs: ["R-12.6-2"])

  private static func buildRecovery(_ builder: inout FamilyBuilder) throws {
    let stage = try RecoveryStage()
    let fixture = stage.fixture
    func accept(_ id: String, _ req: [String], _ comment: String, _ recovery: RecoveryStage.Recovery) throws {
      try builder.accept("account-recover-\(id)", req, comment, in: recovery.input(), out: recovery.output())
    }
    let plain = stage.recovery
    try accept(
      "plain", ["R-12.6-2", "R-12.9-1", "R-12.8-5"],
      "A manager and two members stay; counters and epoch go on from what is shown.", plain)
    try accept(
      "alone", ["R-12.8-5"], "Nobody stays, and no head is shown: the counter of the keys begins at 1.",
      plain.edited { ($0.persons, $0.members, $0.head) = ([], [], nil) })
    try accept(
      "expired-state", ["R-12.6-2"], "The state that is shown has expired, and its certificate has ended.",
      plain.edited { $0.now = Fixture.day(400) })
    try accept(
      "state-of-later", ["R-12.9-1"], "The state that is shown was made later: `made` is this end's clock.",
      plain.edited { $0.now = Fixture.day(80) })
    try accept(
      "generation-of-the-state", ["R-12.9-1"],
      "The state that is shown is of a greater generation than the minutes are.",
      plain.edited { $0.state.generation = 4_000_000_000 })
    try accept(
      "generation-of-the-end", ["R-12.9-1"], "This end has signed a greater one.",
      plain.edited { $0.generation = 4_000_000_000 })
    try accept(
      "last-numbers", ["R-12.9-1"], "Epoch and counters are at their ends: all begin at 1.",
      plain.edited {
        ($0.state.epoch, $0.state.counter, $0.vaultCounter) = (.max, (1 << 53) - 1, (1 << 53) - 1)
      })
    try accept(
      "request-with-another-code", ["R-12.6-2"],
      "The request's code and signature are not looked at: the id certifies its keys.",
      plain.edited { $0.requests = [$0.requests[0].with(.zeros(96), at: 344)] })

    // Persons: as many as there may be, and such as look like the owner.
    let tall = try fixture.account.above(rsa: fixture.deputy)
    for (id, comment, others) in [
      ("crowd", "Persons who have half of the root key stay.", fixture.account.lookalikes),
      ("greater-key", "A person stays whose key is greater than the root key.", [tall]),
      (
        "64-persons", "64 persons, the owner among them.", try FixtureKeys.many(62, rsa: fixture.deputy)
      ),
    ] {
      try accept(
        id, ["R-12.6-2", "R-12.8-5"], comment,
        plain.edited { recovery in
          recovery.persons += others
          recovery.state.persons += others
          recovery.requests = ((try? recovery.persons.map(stage.request)) ?? []).reversed()
        })
    }
    func reject(
      _ id: String, _ req: [String], _ comment: String, _ code: ErrorCode, twin: String = "plain",
      text: [UInt8]? = nil, state: [UInt8]? = nil, vault: [UInt8]? = nil,
      _ edit: (inout RecoveryStage.Recovery) -> Void = { _ in }
    ) throws {
      var input = try plain.edited(edit).input()
      for (name, bytes) in [("recovery_text", text), ("state", state), ("vault", vault)] {
        if let bytes { input[name] = .hex(bytes) }
      }
      try builder.reject(
        "account-recover-\(id)", req, flags: ["Recovery"], comment, in: input, code: code,
        offset: code.layer == .format ? builder.offset(of: input) : nil, twin: "account-recover-\(twin)")
    }
    let text = stage.text
    let (state, vault) = (try plain.state.bytes(), try plain.vault())
    try reject(
      "text-cut", ["R-18.1-1"], "The text lacks its last character.", .badBech32m, text: text.dropLast())
    try reject(
      "text-mistyped", ["R-18.1-1"], "One character is another.", .badBech32m,
      text: text.with([text[40] == 0x71 ? 0x70 : 0x71], at: 40))
    try reject("unconfirmed", ["R-12.6-2"], "The person has not confirmed.", .approvalRequired) {
      $0.isConfirmed = false
    }
    try reject(
      "order-text-before-confirmation", ["R-18.1-1"], "The text comes first.", .badBech32m,
      text: text.dropLast()
    ) { $0.isConfirmed = false }
    try reject(
      "order-confirmation-before-state", ["R-12.6-2"], "The confirmation comes before the state.",
      .approvalRequired, state: state.dropLast()
    ) { $0.isConfirmed = false }
    // The state.
    try reject("state-cut", ["R-12.6-2"], "The state is cut.", .truncated, state: state.dropLast())
    let others = fixture.other
    let foreign = FixtureState(fixture) {
      ($0.root, $0.persons, $0.signer, $0.certifier) = (others, [others], others, others)
    }
    try reject(
      "state-of-another-account", ["R-12.1-4"], "The text is of another account.", .wrongAccount,
      state: foreign.bytes())
    try reject(
      "state-of-another-root-key", ["R-12.1-4"], "The account is right, and the root key is another.",
      .wrongAccount, state: others.sign(state.with(others.verifyKey, at: 80)))
    try reject("state-listed-by-a-manager", ["R-12.1-5"], "The list is a manager's.", .certificateInvalid) {
      $0.state.certifier = fixture.manager
    }
    try reject(
      "state-unsigned", ["R-12.1-5"], "The signature is wrong.", .signatureInvalid,
      state: state.flipped(state.count - 1))
    try reject(
      "state-outlives-its-list", ["R-12.1-7"], "The state ends after the list that it is of.", .badValidity
    ) {
      $0.state.validUntil = $0.state.until + 1
    }
    let listed = plain.state.signers[0] == 1 ? 48 : 0
    try reject(
      "state-of-a-bad-key", ["R-6-3"], "A key of the list is of small order.", .badKey,
      state: fixture.account.sign(state.with([1] + .zeros(31), at: 134 + listed)))
    // Vault and head.
    try reject("vault-cut", ["R-12.6-2"], "The vault is cut.", .truncated, vault: vault.dropLast())
    try reject(
      "vault-of-another-account", ["R-12.6-2"], "The vault is of another account.", .wrongAccount,
      vault: vault.flipped(19))
    let request = plain.requests[0]
    for (name, bad) in vault.neighbours(in: 4..<20) {
      try reject(
        "vault-account-\(name)", ["R-12.6-2"], "The account differs in a byte.", .wrongAccount, vault: bad)
      try reject("head-account-\(name)", ["R-12.6-2"], "The account differs in a byte.", .wrongAccount) {
        $0.head = FixturePassword.head([UInt8](bad[4..<20]))
      }
      try reject("request-account-\(name)", ["R-12.6-2"], "The account differs in a byte.", .wrongAccount) {
        $0.requests = [request.with([UInt8](bad[4..<20]), at: 4)]
      }
    }
    try reject("head-cut", ["R-12.6-2"], "The head is cut.", .truncated) { $0.head?.removeLast() }
    try reject("head-of-another-account", ["R-12.6-2"], "The head is of another account.", .wrongAccount) {
      $0.head = FixturePassword.head(others.accountID)
    }
    try reject(
      "order-state-before-vault", ["R-12.6-2"], "The state comes before the vault.", .signatureInvalid,
      state: state.flipped(state.count - 1), vault: vault.dropLast())
    try reject(
      "order-vault-before-head", ["R-12.6-2"], "The vault comes before the head.", .wrongAccount,
      vault: vault.flipped(19)
    ) { $0.head?.removeLast() }
    // Who stays.
    func person(
      _ id: String, _ comment: String, _ code: ErrorCode, _ requests: [[UInt8]]
    ) throws {
      try reject(id, ["R-12.6-2"], comment, code) { $0.requests = requests }
    }
    try person(
      "request-of-no-version", "Not a version that is known.", .unknownVersion, [request.with([2], at: 2)])
    try person("request-of-another-account", "Of another account.", .wrongAccount, [request.flipped(19)])
    try person(
      "request-of-a-stranger", "The state does not list this person.", .unknownAgent,
      [stage.request(fixture.deputy)])
    try person(
      "request-of-another-modulus", "The id is another, since the RSA key is.", .unknownAgent,
      [stage.request(FixtureKeys(rsa: fixture.deputy, signing: fixture.manager))])
    try person(
      "request-of-another-verify-key", "The id is another, since the Ed25519 key is.", .unknownAgent,
      [stage.request(FixtureKeys(rsa: fixture.manager, signing: fixture.deputy))])
    try person(
      "request-of-the-owners-old-keys", "The owner has new keys; the old ones do not stay.", .unknownAgent,
      [stage.request(fixture.account)])
    try person(
      "request-second-of-a-stranger", "Every request is looked at.", .unknownAgent,
      [request, stage.request(fixture.deputy)])
    try reject(
      "order-head-before-requests", ["R-12.6-2"], "The head comes before the requests.", .wrongAccount
    ) {
      ($0.head, $0.requests) = (FixturePassword.head(others.accountID), [request.with([2], at: 2)])
    }
    try reject(
      "order-requests-before-iterations", ["R-12.6-2"], "The requests come before the password.",
      .wrongAccount
    ) { ($0.requests, $0.password.iterations) = ([request.flipped(19)], 1) }
    // The password.
    try reject("few-iterations", ["R-9.2-1"], "Too few iterations.", .iterationsOutOfRange) {
      $0.password.iterations = 599_999
    }
    try reject("bad-password", ["R-9.1-1"], "No password.", .badPassword) { $0.password.password = [] }
    try reject("bad-name", ["R-9.1-2"], "No login name.", .badLoginName) { $0.password.loginName = [] }
    try reject(
      "no-generation-left", ["R-12.9-1"], "There is no generation above.", .limitReached,
      twin: "generation-of-the-end"
    ) { $0.generation = .max }
  }
}

/// An owner who has lost all but the recovery text, and what the service shows.
struct RecoveryStage {
  let fixture: Fixture
  /// New RSA keys with the root key.
  let owner: FixtureKeys
  let recovery: Recovery

  init() throws {
    fixture = try Fixture.made.get()
    owner = FixtureKeys(rsa: fixture.other, signing: fixture.account)
    let manager = fixture.manager
    recovery = Recovery(
      fixture: fixture, owner: owner, state: FixtureState(fixture) { ($0.epoch, $0.counter) = (3, 9) },
      password: FixturePassword(fixture.accountID) { $0.salt = bytes("salt of a recovery", 32) },
      head: FixturePassword(fixture.accountID) { $0.counter = 6 }.head, persons: [manager],
      members: [(fixture.agent.agentID, 2), (bytes("member with a master grant", 16), 1)],
      requests: [try Self.request(fixture, manager)])
  }

  var text: [UInt8] { Recovery.text(fixture) }

  func request(_ keys: FixtureKeys) throws -> [UInt8] { try Self.request(fixture, keys) }

  private static func request(_ fixture: Fixture, _ keys: FixtureKeys) throws -> [UInt8] {
    try EnrolmentSample(fixture: fixture).request(keys)
  }

  /// The input of a recovery, and what comes of it.
  struct Recovery {
    let fixture: Fixture
    let owner: FixtureKeys
    /// That is shown.
    var state: FixtureState
    var vaultCounter: UInt64 = 30
    /// The new one; its counter is that of the head.
    var password: FixturePassword
    /// That is shown.
    var head: [UInt8]?
    var generation: UInt32 = 1
    var isConfirmed = true
    /// Who stays.
    var persons: [FixtureKeys]
    /// The kind of each, by its number.
    var members: [(id: [UInt8], kind: UInt8)]
    var requests: [[UInt8]]
    var now = Fixture.day(120)

    func edited(_ edit: (inout Recovery) -> Void) -> Recovery {
      var recovery = self
      edit(&recovery)
      if recovery.persons.isEmpty { recovery.requests = [] }
      return recovery
    }

    static func text(_ fixture: Fixture) -> [UInt8] {
      RecoveryText(seed: SecretBytes(copying: fixture.account.seed)).text().disclosed
    }

    /// Nobody opens it.
    func vault() throws -> [UInt8] {
      try fixture.vault(fixture.contents(of: state).bytes, of: state, counter: vaultCounter)
    }

    private var next: FixtureState {
      let last = state
      return FixtureState(fixture) {
        $0.epoch = last.epoch == .max ? 1 : last.epoch + 1
        $0.counter = last.counter == (1 << 53) - 1 ? 1 : last.counter + 1
        ($0.made, $0.validUntil) = (now, now + 60 * Fixture.day)
        ($0.from, $0.until) = (now, now + 90 * Fixture.day)
        $0.generation = max(max(generation, last.generation) &+ 1, UInt32(now / 60_000))
        ($0.persons, $0.root, $0.signer, $0.certifier) = ([owner] + persons, owner, owner, owner)
      }
    }

    private var nextPassword: FixturePassword {
      password.edited { $0.counter = head == nil ? 1 : 7 }
    }

    private var masterKey: [UInt8] { Fixture.masterKey(next.epoch) }

    private var grants: [FixtureGrant] {
      next.persons.sorted { $0.agentID.lexicographicallyPrecedes($1.agentID) }.map { recipient in
        FixtureGrant(fixture) {
          ($0.kind, $0.epoch, $0.recipient, $0.signer) = (1, next.epoch, recipient, owner)
          $0.seedName = " to \(recipient.name) anew"
        }
      }
    }

    private var keysSalt: [UInt8] { bytes("keys salt of a recovery", 24) }
    private var vaultSalt: [UInt8] { bytes("vault salt of a recovery", 24) }

    func input() throws -> JSONObject {
      .of([
        "recovery_text": .hex(Self.text(fixture)), "p": .hex(owner.p), "q": .hex(owner.q),
        "master_key": .hex(masterKey), "head": .hexOrNull(head), "state": .hex(try state.bytes()),
        "vault": .hex(try vault()), "generation": .integer(generation), "confirmed": .bool(isConfirmed),
        "persons": .hexes(requests),
        "members": .array(
          members.map { ["agent_id": .hex($0.id), "kind": .string($0.kind == 1 ? "master" : "scoped")] }),
        "iterations": .integer(password.iterations), "login_name": .hex(password.loginName),
        "password": .hex(password.password), "account_secret": .hexOrNull(password.accountSecret),
        "retention_days": .integer(365), "now": .integer(now), "salt": .hex(password.salt),
        "keys_salt": .hex(keysSalt), "vault_salt": .hex(vaultSalt), "oaep_seeds": .hexes(grants.map(\.seed)),
      ])
    }

    func output() throws -> JSONObject {
      let (state, password) = (next, nextPassword)
      let keys = try password.personKeys(owner, sealSalt: keysSalt)
      let shown = try vault()
      let contents = FixtureContents(
        made: now, madeBy: owner.agentID, states: [try state.note()], recent: [SHA256.hash(shown)],
        retentionDays: 365, blobDays: 365,
        persons: PublicationStage.sorted(
          [FixtureContents.person(owner, role: 1, keysHash: SHA256.hash(keys))]
            + persons.map { FixtureContents.person($0, role: 2, keysHash: .zeros(32)) }),
        members: PublicationStage.sorted(
          members.map { member in
            Fixture.joined(member.id, [0], .zeros(8), [member.kind, 1], .zeros(96))
          }))
      let counter = vaultCounter == (1 << 53) - 1 ? 1 : vaultCounter + 1
      let vault = try fixture.vault(
        contents.bytes, of: state, counter: counter, signer: owner, salt: vaultSalt)
      return .of([
        "person_keys": .hex(keys), "password_wrap": .hex(try password.wrap(masterKey, epoch: state.epoch)),
        "account_state": .hex(try state.bytes()), "owner_vault": .hex(vault),
        "contents": .hex(contents.bytes), "grants": .hexes(try grants.map { try $0.bytes() }),
        "login_id": .hex(password.loginID), "login_verifier": .hex(try password.loginVerifier()),
        "recovery_verifier": .hex(
          SHA256.hash(try Fixture.derive(owner.seed, "recovery", fixture.accountID))),
      ])
    }
  }
}
