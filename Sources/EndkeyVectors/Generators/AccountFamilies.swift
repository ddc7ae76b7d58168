internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let accounts: [Family] = [
    Family("publication/settle", flags: [settleFlag]) { builder in try buildSettle(&builder) },
    Family("account/create", flags: [generationFlag]) { builder in try buildCreate(&builder) },
    Family("person/open", flags: [wholeFlag, lineFlag, headFlag, keptFlag]) { builder in
      try buildPersonOpen(&builder)
    },
  ]

  private static let settleFlag = VectorFile.Flag(
    "Settle", bugType: "WRONG_STATE", effect: "one end signs two states of one number, or a removal is lost",
    refs: ["R-12.8-3", "R-12.9-2"])
  private static let generationFlag = VectorFile.Flag(
    "Generation", bugType: "WRONG_STATE", effect: "a root act is refused by those it should heal",
    refs: ["R-12.9-1"])
  private static let wholeFlag = VectorFile.Flag(
    "Whole", bugType: "MISSING_CHECK", effect: "a person's end trusts a mixture of old and new",
    refs: ["R-12.7-1", "R-12.5-5"])
  private static let lineFlag = VectorFile.Flag(
    "Line", bugType: "MISSING_CHECK", effect: "the service sets an end back, or shows it a line of its own",
    refs: ["R-12.7-4", "R-12.7-5"])
  private static let headFlag = VectorFile.Flag(
    "Head", bugType: "MISSING_CHECK", effect: "a password is used on a head of the service's choice",
    refs: ["R-12.7-2"])

  // MARK: - Settling. §12.8

  private static func buildSettle(_ builder: inout FamilyBuilder) throws {
    let (ours, oursState, base) = (bytes("our vault", 32), bytes("our state", 32), bytes("base state", 32))
    let (theirs, another) = (bytes("their vault", 32), bytes("their state", 32))
    typealias Served = (vault: [UInt8], recent: [[UInt8]], states: [[UInt8]])
    func check(
      _ id: String, _ req: String, _ comment: String, _ answer: String, _ served: Served?, _ outcome: String,
      state: [UInt8]?? = nil, generation: UInt32 = 5, own: UInt32 = 5, raises: Bool = false,
      isRootAct: Bool = false, asks: Bool = false, then: UInt32 = 5
    ) throws {
      let state = state ?? oursState
      try builder.accept(
        "publication-settle-\(id)", [req], flags: ["Settle"], comment,
        in: .of([
          "pending": [
            "vault": .hex(ours), "state": .hexOrNull(state), "generation": .integer(generation),
            "root_act": .bool(raises || isRootAct), "asks": .bool(raises || asks),
          ], "base_state": .hex(base), "generation": .integer(own), "answer": .string(answer),
          "served": served.map {
            ["vault": .hex($0.vault), "recent": .hexes($0.recent), "states": .hexes($0.states)]
          } ?? .null,
        ]), out: .of(["outcome": .string(outcome), "generation": .integer(then)]))
    }
    let fillers = (0..<3).map { bytes("filler \($0)", 32) }
    try check("stored", "R-12.8-2", "The service has stored it.", "stored", nil, "settled")
    try check(
      "stored-root-act", "R-12.9-1", "A root act was stored.", "stored", nil, "settled", generation: 9,
      own: 9, raises: true, then: 9)
    try check("no-answer", "R-12.8-2", "No answer came.", "none", nil, "again")
    for (id, comment, states) in [
      ("the-state-it-started-from", "the state that the act started from", [base]),
      ("another-state", "another state", [base, another]),
    ] {
      try check(
        "no-answer-and-\(id)", "R-12.8-2", "No answer came, and a vault of \(comment) is served.", "none",
        (theirs, fillers, states), "again")
    }
    try check(
      "no-answer-to-a-root-act", "R-12.8-2", "No answer came: nothing is lost yet.", "none", nil, "again",
      generation: 9, own: 9, raises: true, then: 9)
    try check(
      "ours-served", "R-12.8-2", "The newest vault is ours: the answer was lost.", "other",
      (ours, fillers, [base, oursState]), "settled")
    for (place, recent) in [
      ("first", [ours] + fillers), ("middle", [fillers[0], ours, fillers[1]]), ("last", fillers + [ours]),
    ] {
      try check(
        "ours-\(place)-in-recent", "R-12.8-2", "Others wrote on top of ours.", "other",
        (theirs, recent, [base, another]), "settled")
    }
    for (place, states) in [
      ("first", [oursState, base, another]), ("middle", [base, oursState, another]),
      ("last", [base, oursState]),
    ] {
      try check(
        "our-state-\(place)-noted", "R-12.8-2", "Our state is noted: others wrote on top of it.", "other",
        (theirs, fillers, states), "settled")
    }
    try check(
      "no-answer-and-ours-served", "R-12.8-2", "No answer came, and what is served is ours.", "none",
      (ours, [], [base]), "settled")
    try check(
      "discarded-and-ours-served", "R-12.8-2", "It was given up, and had been stored.", "discard",
      (theirs, [ours], [another]), "settled")
    try check(
      "same-state", "R-12.8-3", "Another vault of the state that the act started from.", "other",
      (theirs, fillers, [fillers[0], base]), "merge")
    try check(
      "same-state-vault-alone", "R-12.8-3", "A vault without a state of its own.", "other",
      (theirs, fillers, [base]), "merge", state: .some(nil))
    try check(
      "same-state-root-act", "R-12.8-3", "add_person, a root act, is merged too: its state stays.", "other",
      (theirs, fillers, [base]), "merge", isRootAct: true)
    try check(
      "same-state-removal", "R-12.8-9", "A removal is made again: the person was asked about another vault.",
      "other",
      (theirs, fillers, [base]), "dead", asks: true)
    try check(
      "same-state-removal-discarded", "R-12.8-9", "A removal is given up.", "discard",
      (theirs, fillers, [base]),
      "dead", asks: true)
    try check(
      "removal-in-recent", "R-12.8-2", "A removal was stored, and others wrote on top of it.", "other",
      (theirs, [ours], [base]), "settled", asks: true)
    try check(
      "same-state-repair", "R-12.8-9", "A root act that asks about members dies: its number is used up.",
      "other",
      (theirs, fillers, [base]), "dead", generation: 9, own: 9, raises: true, then: 10)
    try check(
      "another-state", "R-12.8-4", "Another state was made meanwhile.", "other",
      (theirs, fillers, [base, another]), "dead")
    try check(
      "another-state-before-base", "R-12.8-4", "The base is noted, but not the last.", "other",
      (theirs, [], [base, fillers[0], another]), "dead")
    try check(
      "similar-state", "R-12.8-4", "The last note differs in its last byte.", "other",
      (theirs, [], [base.flipped(31)]), "dead")
    try check(
      "similar-vault", "R-12.8-4", "The vault differs from ours in its last byte.", "other",
      (ours.flipped(31), [], [another]), "dead")
    for (name, vault) in ours.neighbours {
      try check(
        "vault-\(name)", "R-12.8-4", "The vault, and one that it names, differ in a byte from ours.", "other",
        (vault, [vault], [another]), "dead")
    }
    for (name, state) in oursState.neighbours {
      try check(
        "state-\(name)", "R-12.8-4", "A note differs in a byte from ours.", "other",
        (theirs, [], [state, another]),
        "dead")
    }
    for (name, state) in base.neighbours {
      try check(
        "base-\(name)", "R-12.8-4", "The last note differs in a byte from the base.", "other",
        (theirs, [], [state]),
        "dead")
    }
    try check(
      "vault-alone-and-no-note", "R-12.8-4", "Without a state no note is ours.", "other",
      (theirs, [], [another]), "dead", state: .some(nil))
    try check(
      "other-unread", "R-12.8-2", "Another vault is there, and none was opened.", "other", nil, "again")
    try check("discarded", "R-12.9-2", "The person gives it up.", "discard", nil, "dead")
    try check(
      "dead-of-a-greater-generation", "R-12.9-2", "The generation that was signed stays the greatest.",
      "discard", nil,
      "dead", generation: 9, then: 9)
    try check(
      "root-act-dead-of-a-greater-generation", "R-12.9-2", "One more than was signed.", "discard", nil,
      "dead",
      generation: 9, raises: true, then: 10)
    try check(
      "root-act-dead", "R-12.9-2", "A root act died: its number is used up.", "other",
      (theirs, [], [another]), "dead", generation: 9, own: 9, raises: true, then: 10)
    try check(
      "root-act-discarded", "R-12.9-2", "A root act is given up: its number is used up.", "discard", nil,
      "dead", generation: 9, own: 9, raises: true, then: 10)
    try check(
      "root-act-dead-generation-above", "R-12.9-2", "A greater generation was seen already.", "discard", nil,
      "dead", generation: 9, own: 20, raises: true, then: 20)
    for (id, comment, answer, served) in [
      ("root-act-that-raises-nothing-dead", "given up", "discard", Served?.none),
      ("add-person-dead", "lost to another state", "other", (theirs, [], [another])),
    ] {
      try check(
        id, "R-12.9-2",
        "add_person is \(comment): its list names somebody under a number that others use.", answer, served,
        "dead",
        isRootAct: true, then: 6)
    }
    try check(
      "add-person-dead-generation-above", "R-12.9-2", "A greater generation was seen already.", "discard",
      nil,
      "dead", own: 6, isRootAct: true, then: 6)
    try check(
      "root-act-of-the-last-generation", "R-12.9-2", "There is no number above.", "discard", nil, "dead",
      generation: .max, own: .max, raises: true, then: .max)
  }

  // MARK: - Creating. §12.9

  private static func buildCreate(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let account = fixture.account
    let plain = FixturePassword(fixture.accountID)
    func input(_ password: FixturePassword, days: Int = 90, now: UInt64 = Fixture.day(100)) -> JSONObject {
      .of([
        "p": .hex(account.p), "q": .hex(account.q), "seed": .hex(account.seed),
        "master_key": .hex(Fixture.masterKey(1)), "iterations": .integer(password.iterations),
        "login_name": .hex(password.loginName), "password": .hex(password.password),
        "account_secret": .hexOrNull(password.accountSecret), "retention_days": .integer(days),
        "now": .integer(now), "salt": .hex(password.salt),
        "keys_salt": .hex(bytes("keys salt account 1", 24)),
        "vault_salt": .hex(bytes("vault salt 1", 24)), "oaep_seed": .hex(bytes("oaep 1 1", 20)),
      ])
    }
    func accept(
      _ id: String, _ comment: String, _ password: FixturePassword, days: Int = 90,
      now: UInt64 = Fixture.day(100),
      generation: UInt32? = nil
    ) throws {
      let keys = try password.personKeys(account)
      let state = FixtureState(fixture) {
        ($0.generation, $0.made, $0.validUntil) = (
          generation ?? UInt32(now / 60_000), now, now + 60 * Fixture.day
        )
        ($0.from, $0.until, $0.persons) = (now, now + 90 * Fixture.day, [account])
      }
      let contents = try fixture.contents(of: state) {
        ($0.retentionDays, $0.blobDays) = (days, days)
        $0.persons = [FixtureContents.person(account, role: 1, keysHash: SHA256.hash(keys))]
      }
      let grant = FixtureGrant(fixture) { ($0.kind, $0.recipient) = (1, account) }
      let text = RecoveryText(seed: SecretBytes(copying: account.seed)).text().disclosed
      try builder.accept(
        "account-create-\(id)", ["R-12.9-1", "R-8.4-4"], flags: ["Generation"], comment,
        in: input(password, days: days, now: now),
        out: .of([
          "account_id": .hex(fixture.accountID), "person_keys": .hex(keys),
          "password_wrap": .hex(try password.wrap(Fixture.masterKey(1), epoch: 1)),
          "account_state": .hex(try state.bytes()),
          "owner_vault": .hex(try fixture.vault(contents.bytes, of: state, counter: 1)),
          "contents": .hex(contents.bytes), "grant": .hex(try grant.bytes()), "recovery_text": .hex(text),
          "login_id": .hex(password.loginID), "login_verifier": .hex(try password.loginVerifier()),
          "recovery_verifier": .hex(
            SHA256.hash(try Fixture.derive(account.seed, "recovery", fixture.accountID))),
        ]))
    }
    try accept("plain", "An account.", plain)
    try accept(
      "with-account-secret", "With an account secret.",
      plain.edited { $0.accountSecret = bytes("account secret", 16) })
    try accept("least-retention", "Seven days.", plain, days: 7)
    try accept("greatest-retention", "3,650 days.", plain, days: 3_650)
    try accept(
      "between-two-minutes", "Whole minutes are the generation.", plain, now: Fixture.day(100) + 59_999)
    try accept(
      "in-1970", "A clock that was never set: the first generation.", plain, now: 59_999, generation: 1)
    func reject(
      _ id: String, _ req: String, _ comment: String, _ code: ErrorCode,
      _ edit: (inout FixturePassword) -> Void
    ) throws {
      try builder.reject(
        "account-create-\(id)", [req], comment, in: input(plain.edited(edit)), code: code,
        twin: "account-create-plain")
    }
    try reject("few-iterations", "R-9.2-1", "Too few iterations.", .iterationsOutOfRange) {
      $0.iterations = 599_999
    }
    try reject("many-iterations", "R-9.2-1", "Too many iterations.", .iterationsOutOfRange) {
      $0.iterations = 10_000_001
    }
    try reject("bad-password", "R-9.1-1", "No password.", .badPassword) { $0.password = [] }
    try reject("bad-name", "R-9.1-2", "No login name.", .badLoginName) { $0.loginName = [] }
    try reject("order-iterations-before-password", "R-9.2-1", "Iterations come first.", .iterationsOutOfRange)
    { ($0.iterations, $0.password) = (0, []) }
    try reject("order-password-before-name", "R-9.1-1", "The password comes first.", .badPassword) {
      ($0.password, $0.loginName) = ([], [])
    }
  }

  // MARK: - Opening. §12.7

  private static func buildPersonOpen(_ builder: inout FamilyBuilder) throws {
    let stage = try PersonStage()
    let fixture = stage.fixture
    func accept(
      _ id: String, _ req: [String], _ comment: String, _ opening: PersonStage.Opening,
      findings: [ErrorCode] = [], confirmed: UInt8 = 0, generation: UInt32? = nil, expired: Bool = false
    ) throws {
      let pins = opening.pins(confirmed: confirmed, generation: generation)
      try builder.accept(
        "person-open-\(id)", req, flags: findings.isEmpty ? [] : ["Line"], comment, in: opening.input,
        out: opening.output(findings: findings, isExpired: expired, pins: pins))
    }
    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ opening: PersonStage.Opening,
      _ code: ErrorCode, offset: Int? = nil, twin: String
    ) throws {
      try builder.reject(
        "person-open-\(id)", req, flags: [flag], comment, in: opening.input, code: code, offset: offset,
        twin: "person-open-\(twin)")
    }
    let (owner, manager) = (try stage.owner(), try stage.manager())
    // Fresh.
    try accept("fresh", ["R-12.7-1", "R-12.7-6"], "The owner's end remembers nothing.", owner)
    try accept("fresh-manager", ["R-12.7-1"], "A manager's end remembers nothing.", manager)
    try accept(
      "fresh-with-a-wrap-alone", ["R-12.7-3"], "There is no grant, and the wrap opens.",
      owner.edited { $0.grant = nil })
    try accept(
      "fresh-without-wrap", ["R-12.7-3"], "There is no wrap: the grant is opened.",
      owner.edited { $0.wrap = nil })
    let later = owner.edited { $0.wrap = try? stage.password.wrap(Fixture.masterKey(2), epoch: 2) }
    try accept(
      "wrap-of-another-epoch", ["R-12.7-3"], "The wrap is of another epoch: the grant is opened.", later)
    try accept(
      "wrap-that-does-not-open", ["R-12.7-3"], "The wrap does not open: the grant is opened.",
      owner.edited { $0.wrap = $0.wrap?.flipped(95) })
    try accept(
      "wrap-of-another-master-key", ["R-12.7-3"], "The wrap opens to another MasterKey: the grant is opened.",
      owner.edited { $0.wrap = try? stage.password.wrap(Fixture.masterKey(1, " of another line"), epoch: 1) })
    try accept(
      "wrap-at-a-managers", ["R-12.7-3"], "A manager does not look at the owner's wrap.",
      manager.edited { $0.wrap = [1, 2, 3] })
    try accept(
      "grant-is-not-read-where-a-wrap-opens", ["R-12.7-3"], "The wrap has opened: the grant is not needed.",
      owner.edited { $0.grant = [1, 2, 3] })
    try accept(
      "expired", ["R-12.7-7"], "The state has expired: it is shown all the same.",
      owner.edited { $0.now = Fixture.day(160) }, expired: true)
    try accept(
      "last-millisecond", ["R-12.7-7"], "The state has a millisecond left.",
      owner.edited { $0.now = Fixture.day(160) - 1 })
    let ruled = try stage.owner { contents in contents.ruleSet = SHA256.hash(stage.ruleSet) }.edited {
      $0.ruleSet = stage.ruleSet
    }
    try accept("with-rules", ["R-16.4-3"], "The vault names a rule set.", ruled)
    try accept(
      "rules-that-nobody-names", ["R-16.4-3"], "The vault names no rule set: none is read.",
      owner.edited { $0.ruleSet = [1, 2, 3] })

    // Step 1.
    let head = stage.password.head
    try reject(
      "head-cut", ["R-12.7-1"], "Head", "The head is cut.",
      owner.edited { $0.head = [UInt8](head.dropLast()) }, .truncated, offset: 37, twin: "fresh")
    try reject(
      "few-iterations", ["R-9.2-1"], "Head", "Too few iterations.",
      owner.edited { $0.head = head.with(be(1, 4), at: 32) }, .iterationsOutOfRange, twin: "fresh")
    try reject(
      "secret-required", ["R-9.2-2"], "Head", "An account secret is required.",
      owner.edited { $0.head = head.with([1], at: 36) }, .accountSecretMismatch, twin: "fresh")
    try reject(
      "bad-password", ["R-9.1-1"], "Head", "No password.", owner.edited { $0.password = [] }, .badPassword,
      twin: "fresh")
    try reject(
      "bad-name", ["R-9.1-2"], "Head", "No login name.", owner.edited { $0.loginName = [] }, .badLoginName,
      twin: "fresh")
    // Step 2.
    try reject(
      "keys-of-another-head", ["R-12.7-1"], "Head", "The PersonKeys have another head.",
      owner.edited { $0.keys = $0.keys.flipped(68) }, .pinMismatch, twin: "fresh")
    try reject(
      "keys-cut", ["R-12.7-1"], "Whole", "The PersonKeys are cut.", owner.edited { $0.keys.removeLast() },
      .truncated, offset: 69, twin: "fresh")
    try reject(
      "another-password", ["R-12.7-1"], "Whole", "Another password.",
      owner.edited { $0.password = Array("something else".utf8) }, .personKeysOpenFailed, twin: "fresh")
    // Step 3.
    let bad = try stage.state.edited { $0.certifier = fixture.manager }.bytes()
    try reject(
      "state-of-no-root-key", ["R-12.1-5"], "Whole", "The certificate is a manager's.",
      owner.edited { $0.stateBytes = bad }, .certificateInvalid, twin: "fresh")
    try reject(
      "state-unsigned", ["R-12.1-5"], "Whole", "The signature is wrong.",
      owner.edited { $0.stateBytes = $0.stateBytes.flipped($0.stateBytes.count - 1) }, .signatureInvalid,
      twin: "fresh")
    try reject(
      "order-keys-before-state", ["R-12.7-1"], "Whole", "The PersonKeys come before the state.",
      owner.edited { ($0.stateBytes, $0.password) = (bad, [0x61]) }, .personKeysOpenFailed, twin: "fresh")
    // Step 4.
    try reject(
      "no-master-key", ["R-12.7-3"], "Whole", "Neither wrap nor grant.",
      owner.edited { ($0.wrap, $0.grant) = (nil, nil) }, .noMasterKey, twin: "fresh")
    try reject(
      "no-grant-at-a-managers", ["R-12.7-3"], "Whole", "A manager without a grant.",
      manager.edited { $0.grant = nil }, .noMasterKey, twin: "fresh-manager")
    let next = try FixtureGrant(fixture) { ($0.kind, $0.recipient, $0.epoch) = (1, fixture.manager, 2) }
      .bytes()
    try reject(
      "wrap-of-this-key-for-another-epoch", ["R-12.7-3"], "Whole",
      "The wrap has the MasterKey, and is of another epoch: as if there were none.",
      owner.edited {
        ($0.wrap, $0.grant) = (try? stage.password.wrap(Fixture.masterKey(1), epoch: 2), nil)
      }, .noMasterKey, twin: "fresh-with-a-wrap-alone")
    try reject(
      "grant-of-another-epoch", ["R-12.7-3"], "Whole",
      "The grant is of another epoch: as if there were none.", manager.edited { $0.grant = next },
      .noMasterKey, twin: "fresh-manager")
    try reject(
      "wrap-cut", ["R-12.7-3"], "Whole", "A wrap that is there must be one.",
      owner.edited { $0.wrap?.removeLast() }, .truncated, offset: 56, twin: "fresh")
    try reject(
      "wrap-of-another-account", ["R-12.7-3"], "Whole", "The wrap is of another account.",
      owner.edited { $0.wrap = $0.wrap?.flipped(19) }, .wrongAccount, twin: "fresh")
    let elsewhere = try FixtureGrant(fixture) {
      ($0.kind, $0.recipient, $0.line) = (1, fixture.manager, " of another line")
    }.bytes()
    for (name, wrap) in (owner.wrap ?? []).neighbours(in: 4..<20) {
      try reject(
        "wrap-of-account-\(name)", ["R-12.7-3"], "Whole", "The account of the wrap differs in a byte.",
        owner.edited { $0.wrap = wrap }, .wrongAccount, twin: "fresh")
    }
    try reject(
      "grant-of-another-line", ["R-11-10"], "Whole", "The grant has another MasterKey.",
      manager.edited { $0.grant = elsewhere }, .epochFork, twin: "fresh-manager")
    let owners = try FixtureGrant(fixture) { ($0.kind, $0.recipient) = (1, fixture.account) }.bytes()
    try reject(
      "grant-of-another-person", ["R-11-1"], "Whole", "The grant is the owner's.",
      manager.edited { $0.grant = owners }, .wrongRecipient, twin: "fresh-manager")
    // Steps 5 and 6.
    try reject(
      "vault-unsigned", ["R-12.5-3"], "Whole", "The vault's signature is wrong.",
      owner.edited { $0.vault = $0.vault.flipped($0.vault.count - 1) }, .signatureInvalid, twin: "fresh")
    let older = stage.state.edited { $0.counter = 2 }
    let olderVault = try fixture.vault(stage.contents(older).bytes, of: older)
    try reject(
      "vault-of-another-state", ["R-12.5-5"], "Whole", "The vault belongs to another state of the epoch.",
      owner.edited { $0.vault = olderVault }, .chainBroken, twin: "fresh")
    try reject(
      "rules-missing", ["R-12.5-5"], "Whole", "The vault names a rule set that is not there.",
      ruled.edited { $0.ruleSet = nil }, .chainBroken, twin: "with-rules")
    try reject(
      "rules-of-another-hash", ["R-12.5-5"], "Whole", "Another rule set than the vault names.",
      ruled.edited { $0.ruleSet = $0.ruleSet?.flipped(23) }, .chainBroken, twin: "with-rules")

    // Pins.
    for confirmed: UInt8 in [0, 1] {
      try accept(
        "again\(confirmed == 1 ? "-confirmed" : "")", ["R-12.7-4", "R-12.7-6"], "Nothing is new.",
        owner.remembering { $0.confirmed = confirmed }, confirmed: confirmed)
    }
    try accept(
      "before-a-managers-first-opening", ["R-12.1-8"], "The pins have the code's generation and no state.",
      manager.edited { $0.pinned = OwnerDisk.Contents(head: head, generation: 5) })
    try reject(
      "below-the-codes-generation", ["R-12.1-8"], "Line", "The state is of a generation before the code.",
      manager.edited { $0.pinned = OwnerDisk.Contents(head: head, generation: 6) }, .generationRollback,
      twin: "before-a-managers-first-opening")
    try accept(
      "greater-generation-signed", ["R-12.9-2"], "A root act was lost: the greatest generation stays.",
      owner.remembering { $0.generation = 9 }, confirmed: 1, generation: 9)
    let newer = stage.state.edited { ($0.counter, $0.made) = (2, Fixture.day(101)) }
    func follows(_ edit: (inout FixtureContents) throws -> Void = { _ in }) throws -> PersonStage.Opening {
      var contents = try stage.contents(newer)
      contents.states = [try stage.state.note(), try newer.note()]
      contents.recent = [SHA256.hash(owner.vault)]
      try edit(&contents)
      return try stage.owner(newer, contents, counter: 8).remembering(owner)
    }
    func named(_ count: Int) -> [[UInt8]] { (0..<count).map { bytes("named vault \($0)", 32) } }
    try accept("next", ["R-12.7-4"], "The next state and vault.", follows(), confirmed: 1)
    try accept(
      "257-on", ["R-12.7-4"], "One more vault than can be named.",
      stage.owner(newer, follows { $0.recent = named(256) }.contents, counter: 7 + 257).remembering(owner),
      confirmed: 1)
    try accept(
      "256-on", ["R-12.7-4"], "As many vaults as can be named.",
      stage.owner(
        newer, follows { $0.recent = [SHA256.hash(owner.vault)] + named(255) }.contents, counter: 7 + 256
      ).remembering(owner), confirmed: 1)
    for (count, on) in [(0, 1), (1, 2), (0, 2), (4, 5), (255, 256), (0, 256)] {
      try reject(
        "\(on)-on-names-\(count)", ["R-12.7-4"], "Line",
        "\(on) writes later, ours is not named, and there is room for it.",
        stage.owner(newer, follows { $0.recent = named(count) }.contents, counter: 7 + UInt64(on))
          .remembering(owner), .counterFork, twin: "next")
    }
    let other = bytes("another vault", 32)
    try accept(
      "two-on", ["R-12.7-4"], "The second from the end of the vaults named.",
      stage.owner(
        newer, follows { $0.recent = [other, SHA256.hash(owner.vault), other] }.contents, counter: 9
      ).remembering(owner), confirmed: 1)
    // Five vaults are named: ours stands where as many writes have been made since.
    for place in 1...5 {
      var named = named(5)
      func shown(_ named: [[UInt8]]) throws -> PersonStage.Opening {
        try stage.owner(newer, follows { $0.recent = named }.contents, counter: 7 + UInt64(place))
          .remembering(owner)
      }
      try reject(
        "vault-\(place)-on-names-another", ["R-12.7-4"], "Line",
        "\(place) writes later, another vault is named.",
        shown(named), .counterFork, twin: "next")
      named[5 - place] = SHA256.hash(owner.vault)
      try accept(
        "vault-\(place)-on-names-ours", ["R-12.7-4"], "\(place) writes later, ours is named.", shown(named),
        confirmed: 1)
      named.swapAt(5 - place, place == 1 ? 0 : 6 - place)
      try reject(
        "vault-\(place)-on-names-ours-beside", ["R-12.7-4"], "Line",
        "\(place) writes later, ours is named at another place.", shown(named), .counterFork, twin: "next")
    }
    try reject(
      "vault-back", ["R-12.7-4"], "Line", "An older vault of the same state.",
      owner.remembering { $0.vaultCounter = 8 }, .counterRollback, twin: "again-confirmed")
    try reject(
      "vault-forked", ["R-12.7-4"], "Line", "Another vault of the same counter.",
      owner.remembering { $0.vaultHash = other }, .counterFork, twin: "again-confirmed")
    for (name, hash) in SHA256.hash(owner.vault).neighbours {
      try reject(
        "vault-hash-\(name)", ["R-12.7-4"], "Line",
        "The vault's hash differs in a byte from the one remembered.",
        owner.remembering { $0.vaultHash = hash }, .counterFork, twin: "again-confirmed")
      try reject(
        "named-vault-\(name)", ["R-12.7-4"], "Line", "What the vault names differs in a byte from ours.",
        follows { $0.recent = [hash] }, .counterFork, twin: "next")
    }
    for (name, note) in try stage.state.note().neighbours(in: 24..<56) {
      try reject(
        "note-\(name)", ["R-12.7-4"], "Line", "The note's hash differs in a byte from that of our state.",
        follows { $0.states[0] = note }, .stateFork, twin: "next")
    }
    try reject(
      "vault-does-not-name-ours", ["R-12.7-4"], "Line", "The next vault was made from another.",
      follows { $0.recent = [other] }, .counterFork, twin: "next")
    try reject(
      "vault-names-ours-elsewhere", ["R-12.7-4"], "Line", "Ours is named, but at another place.",
      follows { $0.recent = [SHA256.hash(owner.vault), other] }, .counterFork, twin: "next")
    try reject(
      "state-not-noted", ["R-12.7-4"], "Line", "The vault has no note of the state that is remembered.",
      follows { $0.states = [try stage.state.edited { $0.counter = 0 }.note(), try newer.note()] },
      .stateFork, twin: "next")
    try reject(
      "state-noted-otherwise", ["R-12.7-4"], "Line", "The note is of another state of the same pair.",
      follows { $0.states[0] = $0.states[0].flipped(55) }, .stateFork, twin: "next")
    try accept(
      "state-before-the-oldest-note", ["R-12.7-4"],
      "The state that is remembered is older than the oldest note.",
      follows { $0.states = [try newer.note()] }, confirmed: 1)
    // The hash of the opener's keys, which any person may have written.
    let isOwners = { (person: [UInt8]) in person[16] == 1 }
    let others = { (person: [UInt8]) in isOwners(person) ? person.flipped(306) : person }
    try accept(
      "keys-of-another-hash", ["R-12.7-10"], "The vault has another hash of the opener's keys.",
      follows { $0.persons = $0.persons.map(others) }, findings: [.chainBroken])
    var foreign = try stage.contents(stage.state)
    foreign.persons = foreign.persons.map(others)
    try reject(
      "keys-of-another-hash-at-a-fresh-end", ["R-12.7-10"], "Whole",
      "The vault has another hash of the opener's keys, and no head is pinned.",
      try stage.owner(stage.state, foreign, counter: 7), .chainBroken, twin: "fresh")
    // A new epoch.
    let rotated = newer.edited { $0.epoch = 2 }
    func turns(_ edit: (inout FixtureContents) throws -> Void = { _ in }) throws -> PersonStage.Opening {
      var contents = try stage.contents(rotated)
      contents.states = [try stage.state.note(), try rotated.note()]
      contents.recent = [SHA256.hash(owner.vault)]
      contents.pastKeys = [be(1, 4) + Fixture.masterKey(1)]
      try edit(&contents)
      return try stage.owner(rotated, contents, counter: 8).remembering(owner)
    }
    try accept(
      "rotated", ["R-12.7-4"], "A new epoch; the key of the one before is in the vault.", turns(),
      confirmed: 1)
    try reject(
      "past-key-missing", ["R-12.7-4"], "Line", "The vault does not have the key that is remembered.",
      turns { $0.pastKeys = [] }, .stateFork, twin: "rotated")
    try reject(
      "past-key-of-another-line", ["R-12.7-4", "R-7-5"], "Line", "The vault has another key of that epoch.",
      turns { $0.pastKeys = [be(1, 4) + Fixture.masterKey(1, " of another line")] }, .stateFork,
      twin: "rotated"
    )
    let lines = PublicationStage.sorted(["", " of another line"].map { be(1, 4) + Fixture.masterKey(1, $0) })
    try accept(
      "past-keys-of-two-lines", ["R-12.7-4", "R-7-5"], "One of two keys of that epoch is the one remembered.",
      turns { $0.pastKeys = lines }, confirmed: 1)
    let ours = Fixture.masterKey(1)
    let (below, above) = (ours.with([0], at: 0), ours.with([0xff], at: 0))
    for (place, keys) in [
      ("first", [ours, above, above.flipped(31)]), ("middle", [below, ours, above]),
      ("last", [below, below.flipped(31), ours]),
    ] {
      try accept(
        "past-key-\(place)-of-three-lines", ["R-12.7-4", "R-7-5"],
        "One of three keys of that epoch is the one remembered.",
        turns { $0.pastKeys = PublicationStage.sorted(keys.map { be(1, 4) + $0 }) }, confirmed: 1)
    }
    try reject(
      "past-key-under-another-epoch", ["R-12.7-4"], "Line", "The key is there, under another epoch.",
      turns { $0.pastKeys = [be(3, 4) + Fixture.masterKey(1)] }, .stateFork, twin: "rotated")
    try reject(
      "grant-of-the-epoch-before", ["R-12.7-3"], "Whole", "The grant is of the epoch before.",
      turns().edited { ($0.wrap, $0.grant) = (nil, owner.grant) }, .noMasterKey, twin: "rotated")
    try reject(
      "order-line-before-rules", ["R-12.7-1"], "Line", "The line comes before the rules.",
      follows { ($0.recent, $0.ruleSet) = ([other], SHA256.hash(stage.ruleSet)) }, .counterFork, twin: "next")
    // A greater generation: findings.
    let healed = rotated.edited { $0.generation = 6 }
    func heals(counter: UInt64 = 8, _ edit: (inout FixtureContents) throws -> Void = { _ in }) throws
      -> PersonStage.Opening
    {
      var contents = try stage.contents(healed)
      contents.states = [try stage.state.note(), try healed.note()]
      contents.recent = [SHA256.hash(owner.vault)]
      contents.pastKeys = [be(1, 4) + Fixture.masterKey(1)]
      try edit(&contents)
      return try stage.owner(healed, contents, counter: counter).remembering(owner)
    }
    try accept(
      "greater-generation", ["R-12.7-5"], "A root act on the line that is remembered.", heals(), confirmed: 1)
    try accept(
      "healed-vault-back", ["R-12.7-5", "R-12.7-6"], "A root act on an older vault: a finding.",
      heals(counter: 6), findings: [.counterRollback])
    try accept(
      "healed-vault-forked", ["R-12.7-5"], "A root act on another vault of the counter: a finding.",
      heals(counter: 7), findings: [.counterFork])
    try accept(
      "healed-other-line", ["R-12.7-5"], "A root act on another line: a finding.",
      heals { $0.recent = [other] }, findings: [.counterFork])
    try accept(
      "healed-names-too-few", ["R-12.7-5"], "A root act that does not name what is remembered: a finding.",
      heals { $0.recent = [] }, findings: [.counterFork])
    try accept(
      "healed-state-unknown", ["R-12.7-5"], "A root act that does not know the state: a finding.",
      heals { $0.states[0] = $0.states[0].flipped(55) }, findings: [.stateFork])
    try accept(
      "healed-key-unknown", ["R-12.7-5"], "A root act that does not know the key: a finding.",
      heals { $0.pastKeys = [] }, findings: [.stateFork])
    try accept(
      "healed-nothing-known", ["R-12.7-5"], "All at once: two findings, state_fork once.",
      heals(counter: 6) {
        $0.states[0] = $0.states[0].flipped(55)
        $0.pastKeys = []
      }, findings: [.counterRollback, .stateFork])
    // The head.
    // Who is no owner, and has the greater key.
    let tall = try fixture.account.above(rsa: fixture.deputy)
    let crowded = stage.state.edited { $0.persons.append(tall) }
    let tallest = try stage.person(tall, crowded)
    try accept(
      "wrap-at-a-manager-of-a-greater-key", ["R-12.7-3"],
      "A manager does not look at the owner's wrap, whoever's key is greater.",
      tallest.edited { $0.wrap = [1, 2, 3] })
    // Notes and counters.
    let notes = try [0, 1, 2, 3].map { counter in
      try stage.state.edited { ($0.counter, $0.made) = (counter, Fixture.day(97 + Int(counter))) }.note()
    }
    for (place, list) in [
      ("last-but-one", [notes[0]]), ("in-the-middle", [notes[0], notes[2], notes[3]]),
      ("first", [notes[2], notes[3]]),
    ] {
      let newest = stage.state.edited { ($0.counter, $0.made) = (4, Fixture.day(101)) }
      let noted = try PublicationStage.sorted(list + [stage.state.note()]) + [newest.note()]
      try accept(
        "noted-\(place)", ["R-12.7-4"], "The note of the state that is remembered is \(place).",
        stage.owner(
          newest,
          stage.contents(newest).edited {
            ($0.states, $0.recent) = (noted, [SHA256.hash(owner.vault)])
          }, counter: 8
        ).remembering(owner), confirmed: 1)
    }
    let border = (1 as UInt64) << 32
    try accept(
      "next-above-32-bits", ["R-12.7-4"], "The vault's counter is one more, in 53 bits.",
      stage.owner(newer, follows().contents, counter: border).remembering(owner).edited {
        $0.pinned?.vaultCounter = border - 1
      }, confirmed: 1)
    try reject(
      "vault-back-above-32-bits", ["R-12.7-4"], "Line", "The vault's counter is one less, in 53 bits.",
      stage.owner(newer, follows().contents, counter: border - 1).remembering(owner).edited {
        $0.pinned?.vaultCounter = border
      }, .counterRollback, twin: "next-above-32-bits")
    try accept(
      "healed-keys-and-line", ["R-12.7-10", "R-12.7-5"],
      "Another hash of the opener's keys comes before another line.",
      heals {
        $0.recent = [other]
        $0.persons = $0.persons.map(others)
      }, findings: [.chainBroken, .counterFork])
    let changed = stage.password.edited { ($0.counter, $0.salt) = (2, bytes("next salt", 32)) }
    let rekeyed = try stage.owner(password: changed, counter: 8) { $0.recent = [SHA256.hash(owner.vault)] }
      .remembering(owner)
    try accept(
      "password-changed", ["R-12.7-2"], "The person says that the password was changed.",
      rekeyed.edited { $0.isChanged = true }, confirmed: 1)
    let misnamed = try stage.owner(password: changed, counter: 8) {
      $0.recent = [SHA256.hash(owner.vault)]
      $0.persons = $0.persons.map(others)
    }
    try reject(
      "keys-of-another-hash-under-a-new-head", ["R-12.7-10"], "Whole",
      "The vault has another hash of the opener's keys, and another head is pinned.",
      misnamed.remembering(owner).edited { $0.isChanged = true }, .chainBroken, twin: "password-changed")
    try reject(
      "head-changed", ["R-12.7-2"], "Head", "A newer head, and the person has not spoken.", rekeyed,
      .headChanged, twin: "password-changed")
    try reject(
      "head-back", ["R-12.7-2"], "Head", "An older head.", owner.remembering { $0.head = changed.head },
      .counterRollback, twin: "again-confirmed")
    try reject(
      "head-of-another-account", ["R-12.7-2"], "Head", "A head of another account.",
      owner.remembering { _ in }.edited { $0.head = head.flipped(19) }, .pinMismatch, twin: "again-confirmed")
    try reject(
      "order-head-before-password", ["R-12.7-2"], "Head", "The head comes before the password.",
      owner.remembering { _ in }.edited { ($0.head, $0.password) = (head.flipped(68), [0xff]) }, .pinMismatch,
      twin: "again-confirmed")
    try reject(
      "state-back", ["R-12.7-4"], "Line", "The state before.",
      owner.remembering { $0.state = (try? newer.bytes()) ?? [] }, .counterRollback, twin: "again-confirmed")
    try buildKept(stage, &builder)
  }
}
