internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Scenario {
  /// The client is a person's device that remembers nothing.
  static func owner() throws -> [Self] {
    let stage = try OwnerStage()
    return try ownerAttacks(stage) + batchAttacks(stage) + ownerActs(stage)
  }

  private static func owner(
    _ stage: OwnerStage, _ name: String, _ attack: String, _ req: [String], open: JSONObject? = nil,
    _ steps: [Step]
  ) -> Self {
    Self(
      id: "scenario-owner-\(name)", role: .owner, attack: attack, req: req, open: open ?? stage.open(),
      phase: "locked", steps: steps)
  }

  private static let lock = Step.owner("the person locks", .lock, "locked")
  private static let confirm = Step.owner("the person says that this is the newest", .confirm, "open")
  private static let stored = Step.owner("the service has stored it", .stored, "open")
  private static let newest = Step.Word(isNewest: true)

  /// Locked at a phase in which a state of `generation` is opened or remembered.
  private static func locked(_ generation: UInt32 = 5) -> Step {
    .owner("the person locks", .lock, "locked", generation: generation)
  }

  /// The number of a root act at a time, where nothing greater was seen.
  private static func minutes(_ time: UInt64 = Fixture.day(102)) -> UInt32 { UInt32(time / 60_000) }

  // MARK: - Numbered attacks

  private static func ownerAttacks(_ stage: OwnerStage) throws -> [Self] {
    let (fixture, base) = (stage.fixture, stage.base)
    let other = bytes("another vault", 32)
    let opens = Step.owner("the right messages", .open, base, "open")
    // 1
    let elsewhere = try stage.next(base, state: { ($0.epoch, $0.signer) = (2, fixture.manager) })
    var all = [
      owner(
        stage, "attack-1-two-rotations", "An end that rotates loses to another rotation into the same epoch.",
        ["R-12.8-3", "R-12.8-4"],
        [
          opens, confirm, .owner("the person rotates", .rotate, "settling"),
          .owner("no answer comes", .noAnswer, "settling"),
          .owner("nothing else is made meanwhile", .edit, "settling", .unsettled),
          .owner("another rotation was stored: this one is dead", .other, elsewhere, "open"),
          .owner("the person rotates again, into the epoch after", .rotate, "settling"), stored,
          .vector(says: "the outcome by itself", id: "publication-settle-another-state"),
        ])
    ]
    // 6
    let newer = try stage.next(base)
    let turned = try stage.next(newer, state: { $0.epoch = 2 })
    let ruled = try stage.next(base, contents: { $0.ruleSet = SHA256.hash(stage.persons.ruleSet) }).edited {
      $0.ruleSet = stage.persons.ruleSet
    }
    func refused(
      _ says: String, _ messages: PersonStage.Opening, _ code: ErrorCode, generation: UInt32 = 0
    ) -> Step {
      .owner(says, .open, messages, "locked", code, generation: generation)
    }
    let unasked = Step.owner("nothing is signed unasked", .edit, "open", .approvalRequired)
    all.append(
      owner(
        stage, "attack-6-mixtures", "Old and new messages are mixed.",
        ["R-12.5-5", "R-12.7-3", "R-12.7-4", "R-12.7-6", "R-12.8-1"],
        [
          refused("an old vault with the newest state", newer.edited { $0.vault = base.vault }, .chainBroken),
          refused(
            "an old state with the newest vault", newer.edited { $0.stateBytes = base.stateBytes },
            .chainBroken),
          refused("a vault of the epoch before", turned.edited { $0.vault = newer.vault }, .epochMismatch),
          refused(
            "a wrap and a grant of the epoch before",
            turned.edited { ($0.wrap, $0.grant) = (newer.wrap, newer.grant) }, .noMasterKey),
          refused("rules that are missing", ruled.edited { $0.ruleSet = nil }, .chainBroken),
          refused(
            "rules of another vault", ruled.edited { $0.ruleSet = $0.ruleSet?.flipped(23) }, .chainBroken),
          .owner("an old wrap with the newest grant", .open, turned.edited { $0.wrap = newer.wrap }, "open"),
          unasked, lock, .owner("the device forgets", .restartLost, "locked", generation: 0),
          .owner("an old whole, at an end without memory", .open, base, "open"), unasked,
          .owner("an account that is open", .open, turned, "open", .alreadyPinned), lock,
          .owner("the newest whole", .open, turned, "open"), confirm, lock,
          refused("the old whole, at an end with a memory", base, .counterRollback, generation: 5),
          .owner("the device is restarted", .restart, "locked"),
          refused(
            "an old state with the rest new", turned.edited { $0.stateBytes = newer.stateBytes },
            .counterRollback, generation: 5),
          .owner("the newest whole", .open, turned, "open"),
          .owner("the person changes a label", .edit, "settling"), stored,
        ]))
    // 8
    let one = try stage.next(base)
    let two = try stage.next(base, state: { ($0.made, $0.signer) = ($0.made + 1, fixture.manager) })
    let twoOn = try stage.next(two)
    let healed = try stage.healed(twoOn)
    let known = try stage.healed(one)
    all.append(
      owner(
        stage, "attack-8-two-lines", "Two persons' ends are led along two lines.",
        ["R-12.7-4", "R-12.7-5", "R-12.7-6", "R-12.1-6"],
        [
          opens, confirm, lock, .owner("one line", .open, one, "open"), lock,
          refused("the other's state of the same counter", two, .counterFork, generation: 5),
          refused("the other line, further on", twoOn, .counterFork, generation: 5),
          refused(
            "a vault that names too few before it",
            try stage.next(twoOn, counter: 40) { $0.recent = [other] }, .counterFork, generation: 5),
          refused(
            "a vault that is further on than it could name",
            try stage.next(twoOn, counter: 400) { $0.recent = [other] }, .stateFork, generation: 5),
          .owner(
            "the owner's repair on the other line heals, and is shown", .open, healed, "open",
            findings: [.counterFork, .stateFork], generation: 6),
          .owner("nothing is signed unasked", .edit, "open", .approvalRequired, generation: 6),
          .owner("the person says that this is the newest", .confirm, "open", generation: 6),
          .owner("the person changes a label", .edit, "settling", generation: 6),
          .owner("the person gives it up", .discard, "open", generation: 6), locked(6),
          .owner("the device forgets", .restartLost, "locked", generation: 0),
          .owner("an end on the line that is repaired", .open, one, "open"), confirm, lock,
          .owner("the repair on its own line is no finding", .open, known, "open", generation: 6),
          .owner("the person changes a label", .edit, "settling", generation: 6),
        ]))
    // 9
    let sample = EnrolmentSample(fixture: fixture)
    let coded = try stage.persons.owner(counter: 7) { $0.codes = [FixtureContents.code("first", uses: 2)] }
    let (first, second) = (
      try sample.request(), try sample.request(fixture.other, nonce: bytes("second", 32))
    )
    let third = try sample.request(fixture.deputy, nonce: bytes("third", 32))
    let removed = try stage.next(
      coded, state: { ($0.epoch, $0.revoked) = (2, [fixture.agent.agentID]) },
      contents: {
        $0.codes = []
        $0.members = PublicationStage.sorted([
          FixtureContents.member(fixture.agent.agentID, status: 3, listed: 2),
          FixtureContents.member(fixture.other.agentID),
        ])
      })
    func request(
      _ says: String, _ bytes: [UInt8], _ phase: String, _ code: ErrorCode? = nil, generation: UInt32 = 5
    ) -> Step {
      .owner(says, .request, message: bytes, phase, code, generation: generation)
    }
    all.append(
      owner(
        stage, "attack-9-code-twice", "One code is used by two computers, of which one is removed.",
        ["R-12.3-2", "R-12.3-4", "R-10.2-3"],
        [
          request("a request before the account is open", first, "locked", .noMasterKey, generation: 0),
          .owner("the right messages", .open, coded, "open"), confirm,
          request("the first computer", first, "settling"), stored,
          request("its request again", first, "open", .nonceReused),
          request("the second computer, under the same code", second, "settling"), stored,
          request("a third: the code has no use left", third, "open", .codeExpired), lock,
          .owner("the device forgets", .restartLost, "locked", generation: 0),
          .owner("the first was removed, at another end", .open, removed, "open"), confirm,
          request("it comes back: the code is gone", first, "open", .macInvalid),
          request("under other keys as well", third, "open", .macInvalid),
          .vector(says: "the act", id: "publication-make-remove"),
          .vector(says: "under a live code the old keys stay out", id: "enrolment-verify-revoked-removed"),
        ]))
    // 10
    let left = try stage.managerRemoved(base)
    func forged(_ edit: (inout FixtureState) -> Void) throws -> PersonStage.Opening {
      let state = left.state.edited {
        ($0.counter, $0.signer) = ($0.counter + 1, fixture.manager)
        edit(&$0)
      }
      return try stage.persons.owner(state, left.contents, counter: left.counter + 1)
    }
    let managersVault = try fixture.vault(
      left.contents.edited { $0.madeBy = fixture.manager.agentID }.bytes, of: left.state,
      counter: left.counter + 1,
      signer: fixture.manager)
    all.append(
      owner(
        stage, "attack-10-removed-manager", "A removed manager signs on, and the service helps.",
        ["R-12.1-5", "R-12.1-6", "R-12.7-4", "R-12.5-3"],
        [
          opens, confirm, lock,
          .owner("the owner has removed the manager", .open, left, "open", generation: 6),
          locked(6),
          refused(
            "the manager's whole under the old list",
            try stage.next(base, state: { ($0.counter, $0.signer) = (9, fixture.manager) }),
            .generationRollback,
            generation: 6),
          refused(
            "the manager's whole under a list of its own",
            try forged {
              ($0.persons, $0.certifier) = ([fixture.account, fixture.manager], fixture.manager)
            },
            .certificateInvalid, generation: 6),
          refused(
            "the manager's whole under the new list", try forged { _ in }, .signatureInvalid, generation: 6),
          refused(
            "the manager's vault of the right state", left.edited { $0.vault = managersVault },
            .signatureInvalid,
            generation: 6),
          .owner("the right messages", .open, left, "open", generation: 6),
        ]))
    // 12
    let strong = stage.persons.password.edited {
      ($0.accountSecret, $0.iterations, $0.counter) = (bytes("account secret", 16), 600_001, 3)
    }
    let guarded = try stage.persons.owner(password: strong)
    func headed(_ edit: (inout FixturePassword) -> Void) -> PersonStage.Opening {
      guarded.edited { $0.head = strong.edited(edit).head }
    }
    all.append(
      owner(
        stage, "attack-12-weaker-password",
        "Fewer iterations, or no account secret, are asked for; and a salt of the service's choice.",
        ["R-9.2-1", "R-9.2-2", "R-12.7-2", "R-13.2-1"], open: stage.open(strong),
        [0, 1, 599_999, 1 << 31].map { count in
          refused("\(count) iterations", headed { $0.iterations = count }, .iterationsOutOfRange)
        } + [
          refused("no account secret", headed { $0.accountSecret = nil }, .accountSecretMismatch),
          .owner("the right messages", .open, guarded, "open"), confirm, lock,
          refused("fewer iterations", headed { $0.iterations = 600_000 }, .pinMismatch, generation: 5),
          refused("another salt", headed { $0.salt = .zeros(32) }, .pinMismatch, generation: 5),
          refused("an older head", headed { $0.counter = 2 }, .counterRollback, generation: 5),
          refused(
            "fewer iterations in a newer head", headed { ($0.counter, $0.iterations) = (4, 600_000) },
            .pinMismatch,
            generation: 5),
          refused(
            "no account secret in a newer head", headed { ($0.counter, $0.accountSecret) = (4, nil) },
            .pinMismatch,
            generation: 5),
          .owner(
            "so it is though the person says that the password was changed", .open,
            headed { ($0.counter, $0.accountSecret) = (4, nil) }, word: .init(isPasswordChanged: true),
            "locked",
            .pinMismatch),
          refused(
            "a newer head of the service's making", headed { ($0.counter, $0.salt) = (4, .zeros(32)) },
            .headChanged,
            generation: 5),
          .owner("the device is restarted", .restart, "locked"),
          refused("another salt", headed { $0.salt = .zeros(32) }, .pinMismatch, generation: 5),
          refused(
            "another account", guarded.edited { $0.head = $0.head.flipped(19) }, .pinMismatch, generation: 5),
          .owner("the right messages", .open, guarded, "open"),
        ]))
    // 13
    all.append(
      owner(
        stage, "attack-13-pins-deleted", "The pins of a device are deleted.", ["R-13.2-2", "R-12.8-1"],
        [
          opens, confirm, .owner("the person changes a label", .edit, "settling"),
          .owner("the person gives it up", .discard, "open"), lock,
          .owner("the device is restarted, with its pins", .restart, "locked"), opens,
          .owner("the person changes a label", .edit, "settling"),
          .owner("the person gives it up", .discard, "open"), lock,
          .owner("the pins are deleted", .restartLost, "locked", generation: 0), opens, unasked,
          .owner("nor is a root act", .repair, "open", .approvalRequired),
          .owner("the person says, in the act, that this is the newest", .edit, word: newest, "settling"),
          stored,
          .owner("from then on it is remembered", .edit, "settling"),
        ]))
    // 17
    let driven = try stage.next(
      base, state: { ($0.epoch, $0.counter, $0.signer) = (.max, (1 << 53) - 1, fixture.manager) },
      counter: (1 << 53) - 1)
    all.append(
      owner(
        stage, "attack-17-last-numbers", "A manager drives epoch and counters to their last numbers.",
        ["R-12.9-1", "R-12.8-1"],
        [
          .owner("the whole of the last numbers", .open, driven, "open"), confirm,
          .owner("no vault can be made", .edit, "open", .limitReached),
          .owner("nor an epoch", .rotate, "open", .limitReached),
          .owner("the owner repairs", .repair, "settling", generation: minutes()),
          .owner("the service has stored it", .stored, "open", generation: minutes()),
          .owner("the account goes on", .edit, "settling", generation: minutes()),
        ]))
    return all
  }

  // MARK: - Attacks on what agents made

  /// What a person audits and looks at is told by operations of one answer.
  private static func batchAttacks(_ stage: OwnerStage) throws -> [Self] {
    let opens = Step.owner("the right messages", .open, stage.base, "open")
    func looking(
      _ name: String, _ attack: String, _ req: [String], _ vectors: [(says: String, id: String)]
    ) -> Self {
      owner(stage, name, attack, req, [opens] + vectors.map { .vector(says: $0.says, id: $0.id) })
    }
    return [
      looking(
        "attack-4-false-reports", "The service edits, repeats and drops what agents sent.",
        ["R-16.2-1", "R-16.2-2", "R-16.2-5"],
        [
          ("everything is given", "batch-audit-whole"), ("in another order", "batch-audit-any-order"),
          ("a batch is edited", "batch-audit-signature-flipped-middle"),
          ("a batch is given twice", "batch-audit-repeated"),
          ("one in the middle is left out", "batch-audit-gap"),
          ("one at the start is left out", "batch-audit-gap-at-the-start"),
          ("one that was audited is left out", "batch-audit-history-missing"),
          ("another agent's batch is put in", "batch-audit-of-another-member-middle"),
        ]),
      looking(
        "attack-5-batches-of-the-removed", "A removed member's batches are dated back.",
        ["R-16.2-4", "R-16.2-6", "R-16.2-7"],
        [
          ("a batch after the removal", "batch-audit-member-removed"),
          ("one after the computer was retired", "batch-audit-member-retired"),
          ("one of an epoch that its state has not", "batch-audit-epoch-of-another-state"),
          ("one under a state below the mark", "batch-audit-state-below-the-mark"),
          ("one with tokens that do not open", "batch-audit-token-that-does-not-open"),
        ]),
      looking(
        "attack-7-one-v", "Who has the key of tokens makes two values with one V.", ["R-16.2-1", "R-16.2-7"],
        [
          ("both open, and have a row each", "batch-audit-two-values-of-one-v"),
          ("another ciphertext behind a V does not open", "token-open-c-byte-0-flipped"),
        ]),
      looking(
        "attack-11-pictures", "A picture is swapped or deleted.", ["R-15-1", "R-2.5-3"],
        [
          ("the right picture", "blob-open-with-reference"), ("it was deleted", "blob-open-missing"),
          ("another one", "blob-open-reference-of-another-digest"),
          ("one of another agent", "blob-open-another-agent"),
          ("one of another field", "blob-open-another-field"),
          ("its end is cut off", "blob-open-last-chunk-dropped"),
          ("its parts are swapped", "blob-open-chunks-swapped"),
        ]),
      looking(
        "attack-14-foreign-batch", "A foreign file lies at the next batch's place; a computer is cloned.",
        ["R-16.2-3", "R-16.2-5"],
        [
          ("a foreign file first", "batch-audit-signed-by-another-first"),
          ("one in the middle", "batch-audit-of-a-stranger-middle"), ("one last", "batch-audit-cut-last"),
          ("two batches of one number", "batch-audit-forked"),
          ("the other one came first", "batch-audit-forked-the-other-way"),
          ("the clone's is behind the mark", "batch-audit-history-forked"),
        ]),
      looking(
        "attack-22-poisoned-marks", "The vault has marks of a member that no batch comes up to.",
        ["R-16.2-5", "R-16.2-8"],
        [
          ("none comes up to the mark", "batch-audit-mark-of-no-batch"),
          ("counted anew, everything is", "batch-audit-whole"),
        ]),
      looking(
        "attack-23-hidden-batches", "The vault says that retention took batches that are there.",
        ["R-16.5-3", "R-16.5-5"],
        [
          ("all of them are there, and count", "batch-audit-kept-4-and-given"),
          ("one is, and counts", "batch-audit-kept-1-and-given"),
          ("retention took others of these numbers", "batch-audit-kept-4-otherwise-and-given"),
          ("one is missing: it and what is before it is shown", "batch-audit-kept-4-and-2-missing"),
          ("one above what retention took is missing", "batch-audit-kept-below-a-gap"),
        ]),
      looking(
        "attack-16-sizes", "Long lists and lengths.", ["R-8.4-2", "R-2.2-6"],
        [
          ("a vault with a past key too many", "vault-open-contents-4097-past-keys"),
          ("a vault with a code too many", "vault-open-contents-257-codes"),
          ("a vault with a person too many", "vault-open-contents-65-persons"),
          ("a vault that says it is longer than it is", "wire-ownervault-sealed-length-16777215"),
          ("a person's request with bytes behind", "wire-personrequest-trailing-byte"),
          ("a state of too many signers", "wire-accountstate-signers-length-65535"),
        ]),
    ]
  }

  // MARK: - What persons do

  private static func ownerActs(_ stage: OwnerStage) throws -> [Self] {
    let (fixture, base) = (stage.fixture, stage.base)
    let opens = Step.owner("the right messages", .open, base, "open")
    func refused(
      _ says: String, _ messages: PersonStage.Opening, _ code: ErrorCode, generation: UInt32 = 0
    ) -> Step {
      .owner(says, .open, messages, "locked", code, generation: generation)
    }
    // The account is made; a second person comes.
    let alone = FixtureState(fixture) {
      ($0.generation, $0.persons, $0.from) = (
        UInt32(Fixture.day(100) / 60_000), [fixture.account], Fixture.day(100)
      )
    }
    var contents = try stage.persons.contents(alone)
    contents.persons = contents.persons.filter { $0.starts(with: fixture.account.agentID) }
    let created = try stage.persons.owner(alone, contents, counter: 1)
    let joined = try stage.next(created, state: { $0.persons.append(fixture.manager) })
    let generation = alone.generation
    var all = [
      owner(
        stage, "account-made", "An account is made, opened on a second device, and a second person comes.",
        ["R-12.9-1", "R-12.7-1", "R-12.8-5"],
        [
          .vector(says: "the account is made", id: "account-create-plain"),
          .owner("the owner's second device opens", .open, created, "open", generation: generation),
          .owner("nothing is signed unasked", .edit, "open", .approvalRequired, generation: generation),
          .owner("the person says that this is the newest", .confirm, "open", generation: generation),
          locked(generation),
          .owner("a second person was added", .open, joined, "open", generation: generation),
          .owner("the owner rotates, for both", .rotate, "settling", generation: generation),
          .owner("the service has stored it", .stored, "open", generation: generation),
          .vector(says: "the second person is added", id: "publication-make-add-person"),
        ])
    ]
    // A second person.
    let managers = stage.open(stage.persons.managers)
    let managersBase = try stage.persons.manager()
    let asked = try sampleOfAManager(stage)
    all.append(
      owner(
        stage, "second-person", "A manager opens, and does what a manager may.",
        ["R-12.7-1", "R-12.7-3", "R-12.8-1", "R-12.9-5"], open: managers,
        [
          refused("its grant is withheld", managersBase.edited { $0.grant = nil }, .noMasterKey),
          .owner("the right messages", .open, managersBase, "open"),
          .owner("nothing is signed unasked", .edit, "open", .approvalRequired), confirm,
          .owner("it changes a label", .edit, "settling"), stored, .owner("it rotates", .rotate, "settling"),
          stored,
          .owner("it has no root key: no certificate", .renewCertificate, "open", .rootRequired),
          .owner("no repair", .repair, "open", .rootRequired), lock,
          .owner("the device forgets", .restartLost, "locked", generation: 0),
          .owner("a vault with a manager's code", .open, asked.whole, "open"), confirm,
          .owner("and no answer to another manager", .request, message: asked.request, "open", .rootRequired),
        ]))
    let left = try stage.managerRemoved(base)
    let managersLeft = try stage.managers(left).edited { $0.grant = nil }
    all.append(
      owner(
        stage, "removed-person", "A manager's end sees that the manager was removed.",
        ["R-12.7-3", "R-12.2-2"],
        open: managers,
        [
          .owner("the right messages", .open, managersBase, "open"), confirm, lock,
          refused("there is no grant of the new epoch", managersLeft, .noMasterKey, generation: 5),
          refused(
            "the grant of the epoch before", managersLeft.edited { $0.grant = managersBase.grant },
            .noMasterKey,
            generation: 5),
          .vector(says: "the act", id: "publication-make-remove-person"),
        ]))
    // Times.
    let (renewalDue, near, end) = (Fixture.day(101), Fixture.day(174), Fixture.day(180))
    all.append(
      owner(
        stage, "renewal", "States and the certificate are renewed, or end.", ["R-12.8-1", "R-12.8-6"],
        [
          opens, confirm, .owner("a state is due", .edit, now: renewalDue, "settling"), stored,
          .owner("the state has expired", .edit, now: Fixture.day(162), "open", .stateExpired),
          .owner(
            "the person says that it is the newest", .edit, word: newest, now: Fixture.day(162), "settling"),
          stored,
          .owner("the owner's end goes on to the end of the list", .edit, now: near, "settling"), stored,
          .owner("then the list must be renewed", .rotate, word: newest, now: end, "open", .rootRequired),
          .owner("the owner renews it", .renewCertificate, word: newest, now: end, "settling"), stored,
          .owner("the account goes on", .rotate, now: end + Fixture.day, "settling"), stored,
          .owner("a clock that is behind", .edit, now: renewalDue, "open", .clockWrong),
          .owner(
            "the word on the clock is for root acts", .edit, word: .init(isClockRight: true), now: renewalDue,
            "open",
            .clockWrong),
          .owner(
            "a root act with the word", .repair, word: .init(isClockRight: true), now: renewalDue, "settling",
            generation: minutes(renewalDue)),
        ]))
    all.append(
      owner(
        stage, "managers-renewal", "A manager's end near the end of the list.", ["R-12.8-1"], open: managers,
        [
          .owner("the right messages", .open, managersBase, "open"), confirm,
          .owner("seven days are left", .rotate, word: newest, now: Fixture.day(173), "settling"), stored,
          .owner("fewer are left", .rotate, word: newest, now: Fixture.day(173) + 1, "open", .rootRequired),
        ]))
    // Settling.
    let vaultAlone = try stage.persons.owner(
      base.state, base.contents.edited { $0.recent = [SHA256.hash(base.vault)] }, counter: 8)
    all.append(
      owner(
        stage, "settling", "Answers are lost, and the device stops meanwhile.",
        ["R-10.4-2", "R-12.8-2", "R-12.8-3"],
        [
          opens, confirm, .owner("the person changes a label", .edit, "settling"),
          .owner("nothing else is made meanwhile", .rotate, "settling", .unsettled),
          .owner("no answer comes", .noAnswer, "settling"), lock,
          .owner("the device is restarted", .restart, "locked"),
          .owner("it opens: the publication is still pending", .open, base, "settling"),
          .owner("another vault of the same state: merged", .other, vaultAlone, "settling"),
          .owner("the service has stored the merged one", .stored, "open"),
          .vector(says: "the outcome by itself", id: "publication-settle-same-state"),
        ]))
    let slipped = try stage.persons.owner(
      base.state,
      base.contents.edited {
        $0.recent = [SHA256.hash(base.vault)]
        let computer = FixtureContents.member(bytes("slipped in", 16), kind: 1, label: "")
        $0.members = PublicationStage.sorted($0.members + [computer])
      }, counter: 8)
    all.append(
      owner(
        stage, "attack-18-slipped-in", "A computer is slipped in while the owner repairs.", ["R-12.8-9"],
        [
          opens, confirm, .owner("the owner repairs", .repair, "settling", generation: minutes()),
          .owner("another vault of the same state: the act is dead", .other, slipped, "open"),
          .owner("nothing else is made before another root act", .edit, "open", .unsettled),
          .owner(
            "the owner repairs, and is asked about all that are there", .repair, "settling",
            generation: minutes() + 2),
          .vector(says: "the outcome by itself", id: "publication-settle-same-state-repair"),
          .vector(says: "a member that was not shown", id: "publication-make-unasked-repair-last"),
        ]))
    let now = Fixture.day(102)
    all.append(
      owner(
        stage, "root-act-lost", "A root act is given up, or lost to another.", ["R-12.9-2", "R-12.8-4"],
        [
          opens, confirm, .owner("the owner repairs", .repair, "settling", generation: minutes(now)),
          .owner("and gives it up", .discard, "open"),
          .owner("nothing else is made before another root act", .edit, "open", .unsettled),
          .owner("nor a rotation", .rotate, "open", .unsettled),
          .owner(
            "the owner repairs, above what was signed", .repair, "settling", generation: minutes(now) + 2),
          .owner("the service has stored it", .stored, "open", generation: minutes(now) + 2),
          .owner("the account goes on", .edit, "settling", generation: minutes(now) + 2),
        ]))
    all.append(
      owner(
        stage, "without-storage", "A device that keeps nothing.", ["R-12.8-1", "R-10.4-2"],
        open: stage.open(isDurable: false),
        [
          opens, .owner("nothing is signed unasked", .edit, "open", .approvalRequired), confirm,
          .owner("nor without storage", .edit, "open", .approvalRequired),
          .owner("the person insists", .edit, word: .init(isWithoutStorage: true), "settling"),
          .owner("the person gives it up", .discard, "open"), lock,
          .owner("the device is restarted", .restart, "locked", generation: 0), opens,
          .owner(
            "it has forgotten the word", .edit, word: .init(isWithoutStorage: true), "open", .approvalRequired
          ),
        ]))
    // Recovery, at the other person's end.
    let recovered = FixtureKeys(rsa: fixture.other, signing: fixture.account)
    let state = base.state.edited {
      ($0.generation, $0.epoch, $0.counter, $0.made) = (6, 2, 2, Fixture.day(101))
      ($0.root, $0.signer, $0.certifier) = (recovered, recovered, recovered)
      $0.persons = [recovered, fixture.manager]
    }
    var anew = try stage.persons.contents(state)
    anew.recent = [SHA256.hash(base.vault)]
    anew.persons = PublicationStage.sorted([
      FixtureContents.person(recovered, role: 1, keysHash: bytes("new keys", 32)),
      FixtureContents.person(fixture.manager, role: 2, keysHash: .zeros(32)),
    ])
    var shown = try stage.persons.manager(state, anew, counter: 8)
    shown.grant = try FixtureGrant(fixture) {
      ($0.kind, $0.recipient, $0.epoch, $0.signer) = (1, fixture.manager, 2, recovered)
    }.bytes()
    all.append(
      owner(
        stage, "recovered", "The owner has recovered the account; a manager's end sees it.",
        ["R-12.6-2", "R-12.7-5", "R-12.7-6"], open: managers,
        [
          .owner("the right messages", .open, managersBase, "open"), confirm, lock,
          .vector(says: "the act", id: "account-recover-plain"),
          .owner(
            "the vault does not have the key that is remembered", .open, shown, "open",
            findings: [.stateFork],
            generation: 6),
          .owner("nothing is signed unasked", .edit, "open", .approvalRequired, generation: 6),
          .owner("the manager says that this is the newest", .confirm, "open", generation: 6),
          .owner("and notes its keys", .edit, "settling", generation: 6),
        ]))
    // Enrolment.
    let sample = EnrolmentSample(fixture: fixture)
    let coded = try stage.persons.owner(counter: 7) { $0.codes = [FixtureContents.code("first", uses: 5)] }
    let request = try sample.request()
    let swapped = try fixture.other.sign(
      request.with(fixture.other.modulus, at: 24).with(fixture.other.verifyKey, at: 280))
    all.append(
      owner(
        stage, "key-swapped", "The service swaps an agent's keys at enrolment.", ["R-10.2-1", "R-10.2-3"],
        [
          .owner("the right messages", .open, coded, "open"), confirm,
          .owner("a request with other keys", .request, message: swapped, "open", .macInvalid),
          .owner(
            "a request to another account", .request, message: request.flipped(19), "open", .wrongAccount),
          .owner("the agent's request", .request, message: request, "settling"),
          .owner("another meanwhile", .request, message: request, "settling", .unsettled), stored,
          .owner("the same once more", .request, message: request, "open", .nonceReused), lock,
          refused("the vault from before the request", coded, .counterRollback, generation: 5),
        ]))
    return all
  }

  /// A vault with a manager's code, at the end of one who is a manager already, and a request under that code.
  private static func sampleOfAManager(
    _ stage: OwnerStage
  ) throws -> (whole: PersonStage.Opening, request: [UInt8]) {
    let contents = stage.base.contents.edited {
      $0.codes = [FixtureContents.code("first", role: 2, kind: 1, approval: 2)]
    }
    let whole = try stage.persons.manager(stage.base.state, contents, counter: 7)
    return (whole, try EnrolmentSample(fixture: stage.fixture).request(stage.fixture.deputy))
  }
}
