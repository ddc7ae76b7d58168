internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

// What an owner's end keeps beside its pins: it opens where what is served does not, and gives back the MasterKeys that
// the account lacks. §12.7, §12.9

extension Family {
  static let keptFlag = VectorFile.Flag(
    "Kept", bugType: "WRONG_STATE", effect: "who may sign shuts the owner out, or takes old keys away",
    refs: ["R-12.7-9", "R-12.7-11"])

  /// A past key as contents have it.
  private static func past(_ epoch: UInt32, _ line: String = "") -> [UInt8] {
    be(epoch, 4) + Fixture.masterKey(epoch, line)
  }

  // MARK: - Opening

  static func buildKept(_ stage: PersonStage, _ builder: inout FamilyBuilder) throws {
    try buildAside(stage, &builder)
    try buildMissing(stage, &builder)
  }

  private static func buildAside(_ stage: PersonStage, _ builder: inout FamilyBuilder) throws {
    let (fixture, line) = (stage.fixture, " of another line")
    let (kept, other) = (try stage.owner(), bytes("another vault", 32))
    let newer = stage.state.edited { ($0.counter, $0.made) = (2, Fixture.day(101)) }
    /// The next of what is kept, a day later, at the end that keeps it.
    func next(
      _ state: FixtureState = newer, counter: UInt64 = 8,
      _ edit: (inout FixtureContents) throws -> Void = { _ in }
    ) throws -> PersonStage.Opening {
      var contents = try stage.contents(state)
      contents.states = [try stage.state.note(), try state.note()]
      contents.recent = [SHA256.hash(kept.vault)]
      contents.pastKeys = state.epoch == 1 ? [] : [past(1)]
      try edit(&contents)
      return try stage.owner(state, contents, counter: counter).edited {
        ($0.pinned, $0.kept) = (kept.pins(confirmed: 1), [kept])
      }
    }
    func aside(
      _ id: String, _ comment: String, _ served: PersonStage.Opening, _ findings: [ErrorCode],
      open: PersonStage.Opening = kept, counter: UInt64 = 8, state: FixtureState? = newer,
      keys: [[UInt8]] = []
    ) throws {
      guard let pins = served.pinned else { return }
      try builder.accept(
        "person-open-kept-\(id)", ["R-12.7-9"], flags: ["Kept"], comment, in: served.input,
        out: open.output(
          findings: findings, pins: pins,
          aside: .init(hash: SHA256.hash(served.vault), counter: counter, state: state, keys: keys)))
    }
    func reject(
      _ id: String, _ comment: String, _ served: PersonStage.Opening, _ code: ErrorCode, twin: String
    ) throws {
      try builder.reject(
        "person-open-kept-\(id)", ["R-12.7-9"], flags: ["Kept"], comment, in: served.input, code: code,
        twin: "person-open-\(twin)")
    }
    let rotated = newer.edited { $0.epoch = 2 }
    let healed = rotated.edited { $0.generation = 6 }
    try builder.accept(
      "person-open-kept-is-not-needed", ["R-12.7-9"], flags: ["Kept"], "What is served opens.",
      in: next().input, out: next().output(pins: next().pins(confirmed: 1)))
    // Step 3.
    try aside(
      "state-unsigned", "The state's signature is wrong: nobody knows who signs the vault.",
      next().edited { $0.stateBytes = $0.stateBytes.flipped($0.stateBytes.count - 1) }, [.signatureInvalid],
      state: nil)
    try aside(
      "state-cut", "The state is cut.", next().edited { $0.stateBytes.removeLast() }, [.truncated],
      state: nil)
    let back = stage.state.edited { $0.counter = 0 }
    try aside(
      "state-back", "An older state, and the vault of it: its keys are known.",
      try stage.owner(back, stage.contents(back), counter: 6).edited {
        ($0.pinned, $0.kept) = (kept.pins(confirmed: 1), [kept])
      }, [.counterRollback], counter: 6, state: back, keys: [past(1)])
    // Step 4.
    try aside(
      "no-master-key", "Neither wrap nor grant opens.",
      next(rotated).edited { ($0.wrap, $0.grant) = (nil, kept.grant) }, [.noMasterKey], state: rotated)
    try aside(
      "grant-that-does-not-open", "What is wrapped for the owner's RSA key was not encrypted to it.",
      next(rotated).edited { ($0.wrap, $0.grant) = (nil, $0.grant?.flipped(300)) }, [.signatureInvalid],
      state: rotated)
    try aside(
      "wrap-cut", "The wrap is none: so neither is it where keys are looked for.",
      next(rotated).edited { $0.wrap?.removeLast() }, [.truncated], state: rotated)
    // Step 5.
    try aside(
      "vault-cut", "The vault is cut: it has no counter.", next().edited { $0.vault.removeLast() },
      [.truncated], counter: 0)
    try aside(
      "vault-of-another-account", "The vault is another account's: its counter does not count.",
      next().edited { $0.vault = $0.vault.flipped(4) }, [.wrongAccount], counter: 0)
    try aside(
      "vault-of-another-epoch", "The vault is of another epoch than the state.",
      next().edited { $0.vault = $0.vault.with(be(7, 4), at: 20) }, [.epochMismatch])
    try aside(
      "vault-unsigned", "The vault's signature is wrong.",
      next().edited { $0.vault = $0.vault.flipped($0.vault.count - 1) }, [.signatureInvalid])
    try aside(
      "vault-that-does-not-open", "The vault is signed, and sealed under another key.",
      next().edited {
        var sealed = $0.vault
        sealed[60] ^= 1
        $0.vault =
          (try? fixture.manager.sign(Array(sealed.dropLast(96)) + fixture.manager.verifyKey + .zeros(64)))
          ?? []
      }, [.vaultOpenFailed])
    try aside(
      "vault-of-another-state", "The vault says that it is of another state: its key is that of the state.",
      next { $0.states = [try stage.state.note()] }, [.chainBroken], keys: [past(1)])
    try aside(
      "vault-without-the-owner", "Who has removed the owner from the list of the vault shuts nobody out.",
      next { $0.persons = $0.persons.filter { $0[16] == 2 } }, [.chainBroken], keys: [past(1)])
    try aside(
      "line", "A vault that was made on top of another one.", next { $0.recent = [other] }, [.counterFork],
      keys: [past(1)])
    try aside(
      "line-of-a-new-epoch", "A new epoch on another line: its MasterKey first, then its past keys.",
      next(rotated) { $0.recent = [other] }, [.counterFork], state: rotated, keys: [past(2), past(1)])
    let third = past(1, line)
    try aside(
      "line-with-more-past-keys", "The past keys of the vault that is served, in their order.",
      next(rotated) {
        $0.recent = [other]
        $0.pastKeys = PublicationStage.sorted([past(1), third, past(7)])
      }, [.counterFork], state: rotated, keys: [past(2)] + PublicationStage.sorted([past(1), third, past(7)]))
    try aside(
      "by-grant", "The wrap is of another epoch: the MasterKey of the vault is in the grant.",
      next(rotated) { $0.recent = [other] }.edited { $0.wrap = kept.wrap }, [.counterFork], state: rotated,
      keys: [past(2), past(1)])
    try aside(
      "counter-at-its-end", "The vault has the last counter.",
      next(counter: (1 << 53) - 1) { $0.states = [try stage.state.note()] }, [.chainBroken],
      counter: (1 << 53) - 1, keys: [past(1)])
    // Step 6.
    try aside(
      "rules", "The vault names rules that are not there.", next { $0.ruleSet = other }, [.chainBroken],
      keys: [past(1)])
    try aside(
      "of-a-greater-generation", "A root act of another device's, and rules that are not there.",
      next(healed) { $0.ruleSet = other }, [.chainBroken], state: healed, keys: [past(2), past(1)])
    // What leaves no room.
    let many = (1_000..<4_073 as Range<UInt32>).map { past($0) }
    let full = try next { $0.pastKeys = many }
    try aside(
      "reserve", "The vault opens, and has 3,073 past keys: no root act could be made of it.", full,
      [.limitReached], keys: [past(1)] + many)
    try builder.accept(
      "person-open-kept-reserve-of-both", ["R-12.7-9"], flags: ["Kept"],
      "What is kept leaves no more room than what is served.",
      in: full.edited { $0.kept = [full] }.input, out: full.output(pins: full.pins(confirmed: 1)))
    try builder.accept(
      "person-open-kept-up-to-the-reserve", ["R-12.7-9"], flags: ["Kept"], "3,072 past keys leave room.",
      in: next { $0.pastKeys = Array(many.dropLast()) }.input,
      out: next { $0.pastKeys = Array(many.dropLast()) }.edited { $0.kept = [] }.output(
        pins: next { $0.pastKeys = Array(many.dropLast()) }.pins(confirmed: 1)))
    // What was kept has findings of its own.
    let ahead = try stage.owner(healed, next(healed) { $0.recent = [other] }.contents, counter: 8)
    for (id, code, edit) in [
      (
        "findings", ErrorCode.stateFork,
        { (contents: inout FixtureContents) in contents.states[0] = contents.states[0].flipped(55) }
      ),
      ("finding-said-once", .counterFork, { (contents: inout FixtureContents) in contents.recent = [other] }),
    ] {
      try aside(
        id, "What is kept is a root act on another line than the pins': said behind what is served.",
        next(newer, edit).edited { $0.kept = [ahead] },
        code == .counterFork ? [.counterFork] : [code, .counterFork],
        open: ahead, keys: [past(1)])
    }
    let before = stage.password.edited { ($0.counter, $0.salt) = (0, bytes("salt before", 32)) }
    let rekeyed = try stage.owner(password: before)
    try aside(
      "under-another-password", "What is kept names the keys of the password before: said, and no refusal.",
      next { $0.recent = [other] }.edited {
        $0.pinned = rekeyed.pins(confirmed: 1)
        $0.pinned?.head = stage.password.head
        $0.kept = [rekeyed]
      }, [.counterFork, .chainBroken], open: rekeyed, keys: [past(1)])
    // Where the refusal stands.
    let forked = try next { $0.recent = [other] }
    try reject(
      "nothing", "Nothing is kept.", forked.edited { $0.kept = [] }, .counterFork, twin: "kept-line")
    try reject(
      "at-a-fresh-end", "Without pins what is kept is not looked at.",
      next().edited {
        $0.pinned = nil
        $0.vault = $0.vault.flipped($0.vault.count - 1)
      }, .signatureInvalid, twin: "kept-vault-unsigned")
    try reject(
      "of-another-line", "What is kept is refused as well: the code is that of what is served.",
      forked.edited { $0.pinned?.vaultCounter = 9 }, .counterRollback, twin: "kept-line")
    try reject(
      "that-does-not-open", "What is kept does not open: the code is that of what is served.",
      forked.edited { $0.kept[0].stateBytes = $0.kept[0].stateBytes.flipped(40) }, .counterFork,
      twin: "kept-line")
    let manager = try stage.manager()
    try reject(
      "at-a-managers-end", "A manager's end keeps nothing: no root act is its own.",
      manager.edited {
        ($0.pinned, $0.kept) = (manager.pins(confirmed: 1), [manager])
        $0.vault = $0.vault.flipped($0.vault.count - 1)
      }, .signatureInvalid, twin: "fresh-manager")
    try reject(
      "head", "The head is refused in step 1.",
      next().edited { $0.pinned?.head = stage.password.head.flipped(68) },
      .pinMismatch, twin: "kept-is-not-needed")
    try reject(
      "password", "The PersonKeys do not open, in step 2.",
      next().edited { $0.password = Array("else".utf8) },
      .personKeysOpenFailed, twin: "kept-is-not-needed")
  }

  // MARK: - Keys that went

  private static func buildMissing(_ stage: PersonStage, _ builder: inout FamilyBuilder) throws {
    let line = " of another line"
    let first = try stage.owner()
    /// A whole of a generation and an epoch, made on top of the first one.
    func whole(
      _ generation: UInt32, _ epoch: UInt32, _ line: String = "", past keys: [[UInt8]] = [],
      counter: UInt64 = 8
    ) throws -> PersonStage.Opening {
      let state = stage.state.edited {
        ($0.generation, $0.epoch, $0.line, $0.counter) = (generation, epoch, line, counter)
        $0.made = Fixture.day(101)
      }
      var contents = try stage.contents(state)
      contents.states = [try stage.state.note(), try state.note()]
      contents.recent = [SHA256.hash(first.vault)] + (8..<counter).map { bytes("vault \($0)", 32) }
      contents.pastKeys = PublicationStage.sorted(keys)
      return try stage.owner(state, contents, counter: counter)
    }
    func check(
      _ id: String, _ comment: String, _ served: PersonStage.Opening, kept: [PersonStage.Opening],
      missing: [[[UInt8]]]
    ) throws {
      let opening = served.remembering(first).edited { $0.kept = kept }
      try builder.accept(
        "person-open-missing-\(id)", ["R-12.7-11"], flags: ["Kept"], comment, in: opening.input,
        out: opening.output(pins: opening.pins(confirmed: 1), missing: missing))
    }
    let served = try whole(7, 3, past: [past(1)], counter: 9)
    try check(
      "own", "The MasterKey of what was kept is not there.", served, kept: [whole(6, 2, past: [past(1)])],
      missing: [[past(2)]])
    try check(
      "own-first", "Its own key, then its past keys.", served,
      kept: [whole(6, 9, past: [past(1), past(2), past(4)])], missing: [[past(9), past(2), past(4)]])
    try check(
      "past", "A past key alone is not there.", whole(7, 3, past: [past(1), past(2)], counter: 9),
      kept: [whole(6, 2, past: [past(1), past(5)])], missing: [[past(5)]])
    try check(
      "nothing", "All are there.", whole(7, 3, past: [past(1), past(2)], counter: 9),
      kept: [whole(6, 2, past: [past(1)])], missing: [])
    try check(
      "of-another-line", "An epoch of which another key is there.",
      whole(7, 3, past: [past(1), past(2, line)], counter: 9), kept: [whole(6, 2, past: [past(1)])],
      missing: [[past(2)]])
    try check(
      "of-the-epoch-of-now", "The epoch of now, of another line.", served,
      kept: [whole(6, 3, line, past: [past(1)])], missing: [[past(3, line)]])
    try check(
      "the-key-of-now", "What was kept had the key of now: nothing is missing.", served,
      kept: [whole(6, 3, past: [past(1)])], missing: [])
    try check(
      "in-the-same-generation", "Who may sign has dropped the past keys.",
      whole(5, 3, past: [past(1)], counter: 9), kept: [whole(5, 2, past: [past(1)])], missing: [[past(2)]])
    // Wholes that were kept before.
    try check(
      "of-each-generation", "Those that were kept before come first, the last whole behind them.", served,
      kept: [whole(6, 2, past: [past(1)]), whole(5, 4), whole(7, 5)],
      missing: [[past(4)], [past(5)], [past(2)]])
    try check(
      "of-one-generation", "Of two of a generation the first counts.", served,
      kept: [whole(6, 2, past: [past(1)]), whole(5, 4), whole(5, 5)], missing: [[past(4)], [past(2)]])
    try check(
      "of-the-kept-generation", "So it is with the last whole.", served,
      kept: [whole(6, 2, past: [past(1)]), whole(6, 4)], missing: [[past(4)]])
    try check(
      "of-one-generation-where-the-first-lacks-none", "One that lacks nothing hides no other.", served,
      kept: [whole(6, 2, past: [past(1)]), whole(5, 1), whole(5, 5)], missing: [[past(5)], [past(2)]])
    try check(
      "in-two-wholes", "A key that two wholes had.", served,
      kept: [whole(6, 2, past: [past(1)]), whole(5, 4, past: [past(2)])],
      missing: [[past(4), past(2)], [past(2)]])
    try check(
      "of-what-is-open", "What was kept is served.", served, kept: [served, whole(5, 4)],
      missing: [[past(4)]])
    // How they are found.
    for (id, comment, edit) in [
      ("by-wrap", "By the wrap.", { $0.grant = nil }), ("by-grant", "By the grant.", { $0.wrap = nil }),
      (
        "by-grant-beside-a-wrap-of-another-password", "The wrap is under the password before.",
        { $0.wrap = $0.wrap?.flipped(95) }
      ),
    ] as [(String, String, (inout PersonStage.Opening) -> Void)] {
      try check(
        "found-\(id)", comment, served, kept: [whole(6, 2, past: [past(1)]).edited(edit)],
        missing: [[past(2)]])
    }
    for (id, comment, edit) in [
      ("without-key", "Neither wrap nor grant.", { ($0.wrap, $0.grant) = (nil, nil) }),
      ("state-cut", "The state is none.", { $0.stateBytes.removeLast() }),
      ("vault-unsigned", "The vault is unsigned.", { $0.vault = $0.vault.flipped($0.vault.count - 1) }),
      ("vault-cut", "The vault is none.", { $0.vault.removeLast() }),
    ] as [(String, String, (inout PersonStage.Opening) -> Void)] {
      try check(
        "lost-\(id)", comment, served, kept: [whole(6, 2, past: [past(1)]).edited(edit), whole(5, 4)],
        missing: [[past(4)]])
    }
    // Where the last whole is open in the place of what is served.
    let kept = try whole(6, 2, past: [past(1)])
    let unsigned = served.edited { $0.vault = $0.vault.flipped($0.vault.count - 1) }.remembering(kept).edited
    {
      $0.kept = [kept, (try? whole(5, 4)) ?? kept]
    }
    try builder.accept(
      "person-open-missing-beside-the-kept-whole", ["R-12.7-9", "R-12.7-11"], flags: ["Kept"],
      "What is served does not open: what the kept whole lacks is given back.", in: unsigned.input,
      out: kept.output(
        findings: [.signatureInvalid], pins: kept.pins(confirmed: 1),
        aside: .init(hash: SHA256.hash(unsigned.vault), counter: 9, state: served.state),
        missing: [[past(4)]]))
    let manager = try stage.manager()
    let managers = manager.remembering(manager).edited { $0.kept = [(try? whole(4, 4)) ?? manager] }
    try builder.accept(
      "person-open-missing-at-a-managers-end", ["R-12.7-11"], flags: ["Kept"],
      "A manager's end keeps no whole.", in: managers.input,
      out: managers.output(pins: managers.pins(confirmed: 1)))
  }
}

// MARK: - Acts

extension Family {
  static func buildKeptActs(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    try buildGivingBack(stage, &builder)
    try buildActsAside(stage, &builder)
  }

  /// What a rotation, or a repair, of the stage makes.
  private static func turned(
    _ stage: PublicationStage, _ act: PublicationStage.Making, past keys: [[UInt8]],
    generation: UInt32? = nil, persons: [FixtureKeys]? = nil, stateCounter: UInt64? = nil
  ) -> PublicationStage.Expected {
    let persons = persons ?? [stage.fixture.account, stage.fixture.manager]
    let raised = act.act == "rotate" ? nil : generation ?? UInt32(act.now / 60_000)
    return .init(
      generation: raised,
      state: {
        ($0.epoch, $0.revoked) = (3, [stage.gone])
        guard let raised else { return }
        ($0.generation, $0.persons) = (raised, persons)
        ($0.from, $0.until) = ($0.made, $0.made + 90 * Fixture.day)
      },
      contents: {
        $0.pastKeys = PublicationStage.sorted(keys)
        if raised != nil { $0.codes = [] }
      }, grants: persons)
  }

  private static func buildGivingBack(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    func check(
      _ id: String, _ comment: String, _ act: String, has keys: [[UInt8]]? = nil, missing: [[[UInt8]]],
      then after: [[UInt8]]
    ) throws {
      let held = keys ?? [past(1)]
      let making = try stage.making(act, contents: { $0.pastKeys = held }).edited { $0.missing = missing }
      let expect =
        act == "edit"
        ? PublicationStage.Expected(contents: { $0.pastKeys = PublicationStage.sorted(after) })
        : turned(stage, making, past: after)
      try builder.accept(
        "publication-make-missing-\(id)", ["R-12.7-11"], flags: ["Kept"], comment, in: making.input(expect),
        out: making.output(expect))
    }
    let line = " of another line"
    let lost = [[past(9), past(4)], [past(5)]]
    let all = [past(1), past(4), past(5), past(9)]
    try check("edit", "What an edit publishes has all of them.", "edit", missing: lost, then: all)
    try check("rotate", "So has a rotation.", "rotate", missing: lost, then: all + [past(2)])
    try check("repair", "So has a repair.", "repair", missing: lost, then: all + [past(2)])
    try check(
      "in-two-wholes", "A key that two wholes had is there once.", "edit",
      missing: [[past(9), past(4)], [past(4)]], then: [past(1), past(4), past(9)])
    try check(
      "of-another-line", "Two keys of an epoch, by their bytes.", "edit",
      missing: [[past(1, line)]], then: [past(1), past(1, line)])
    try check(
      "the-key-that-goes", "The key of the epoch that ends is there once.", "rotate",
      missing: [[past(2)], [past(4)]], then: [past(1), past(2), past(4)])
    // How many.
    func held(_ count: Int) -> [[UInt8]] { (0..<count).map { past(UInt32(1_000 + $0)) } }
    let three = [[past(9), past(4)], [past(8), past(5)], [past(7)]]
    try check(
      "up-to-the-reserve", "3,072 with all of them.", "edit", has: held(3_067), missing: three,
      then: held(3_067) + three.joined())
    try check(
      "above-the-reserve", "3,073 with all of them: of each whole the key under which it was sealed.", "edit",
      has: held(3_068), missing: three, then: held(3_068) + three.map { $0[0] })
    try check(
      "while-there-is-room", "There is room for two.", "edit", has: held(3_070), missing: three,
      then: held(3_070) + [past(9), past(8)])
    try check(
      "without-room", "There is no room.", "edit", has: held(3_072), missing: three, then: held(3_072))
    try check(
      "rotate-while-there-is-room", "The key of the epoch that ends comes first.", "rotate", has: held(3_070),
      missing: three, then: held(3_070) + [past(2), past(9)])
    try check(
      "rotate-up-to-the-reserve", "3,072 with all of them, and the key of the epoch that ends.", "rotate",
      has: held(3_066), missing: three, then: held(3_066) + [past(2)] + three.joined())
    try check(
      "repair-above-the-reserve", "What is left is for root acts.", "repair", has: held(3_070),
      missing: three, then: held(3_070) + [past(2)] + three.map { $0[0] })
    try check(
      "repair-while-there-is-room", "4,096 with one of them.", "repair", has: held(4_094), missing: three,
      then: held(4_094) + [past(2), past(9)])
  }

  private static func buildActsAside(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let fixture = stage.fixture
    func check(
      _ id: String, _ comment: String, _ aside: PublicationStage.Aside, counter: UInt64 = 8,
      has keys: [[UInt8]]? = nil, then after: [[UInt8]]? = nil, generation: UInt32? = nil,
      persons: [FixtureKeys]? = nil, missing: [[[UInt8]]] = [],
      edit: (inout FixtureContents) -> Void = { _ in }
    ) throws {
      let held = keys ?? [past(1)]
      let making = try stage.making("repair", contents: { $0.pastKeys = held }).edited {
        ($0.aside, $0.missing) = (aside, missing)
      }
      var expect = turned(
        stage, making, past: after ?? held + [past(2)], generation: generation, persons: persons)
      expect.vaultCounter = counter
      if persons != nil {
        let contents = expect.contents
        expect.contents = {
          contents(&$0)
          $0.persons = stage.persons(managersStatus: 3)
        }
      }
      try builder.accept(
        "publication-make-aside-\(id)", ["R-12.9-1", "R-12.7-9"], flags: ["Kept"], comment,
        in: making.input(expect), out: making.output(expect))
    }
    try check(
      "repair", "What is served is replaced, whatever it is, and named behind the vault of what was kept.",
      .init())
    try check(
      "reserve", "What is served opened, and left no room: it is another vault than the kept one.",
      .init(counter: 8, state: stage.state), counter: 9)
    try check(
      "counter-above", "The vault's counter is above that of what is served.", .init(counter: 900),
      counter: 901)
    try check("counter-below", "The counter of what is served is below.", .init(counter: 3))
    try check(
      "counter-above-32-bits", "In 53 bits.", .init(counter: 1 << 32), counter: 1 << 32 + 1)
    try check(
      "last-counter", "The last counter is served: the next is 1.", .init(counter: (1 << 53) - 1), counter: 1)
    // Generations and persons.
    func served(_ generation: UInt32, _ persons: [FixtureKeys]) -> FixtureState {
      stage.state.edited { ($0.generation, $0.persons, $0.counter) = (generation, persons, 9) }
    }
    let all = [fixture.account, fixture.manager]
    let minutes = UInt32(Fixture.day(100, hours: 10) / 60_000)
    try check(
      "generation-seen", "The generation of what is served counts as seen.",
      .init(state: served(4_000_000_000, all)), generation: 4_000_000_001)
    try check(
      "generation-of-the-minute", "The generation of what is served is the minute's.",
      .init(state: served(minutes, all)), generation: minutes + 1)
    try check(
      "person-removed", "A greater generation lists one fewer: who is not on it is removed.",
      .init(state: served(6, [fixture.account])), persons: [fixture.account])
    try check(
      "person-removed-by-another", "Who else the greater list has is not let in.",
      .init(state: served(6, [fixture.account, fixture.deputy])), persons: [fixture.account])
    try check(
      "person-of-the-generation", "A list of the same generation says nothing.",
      .init(state: served(5, [fixture.account])))
    try check(
      "person-of-an-older-generation", "Nor does an older one.", .init(state: served(4, [fixture.account])))
    // Keys.
    let keys = [past(9), past(4), past(5)]
    try check(
      "keys", "The MasterKeys of what is served are kept.", .init(state: stage.state, keys: keys),
      then: [past(1), past(2), past(4), past(5), past(9)])
    try check(
      "keys-that-are-known", "Those that are known are there once.",
      .init(state: stage.state, keys: [past(2), past(1), past(3)]), then: [past(1), past(2), past(3)])
    func held(_ count: Int) -> [[UInt8]] { (0..<count).map { past(UInt32(1_000 + $0)) } }
    try check(
      "keys-up-to-the-reserve", "3,072 with all of them.", .init(state: stage.state, keys: keys),
      has: held(3_068), then: held(3_068) + [past(2)] + keys)
    try check(
      "keys-above-the-reserve", "3,073 with all of them: its own MasterKey alone.",
      .init(state: stage.state, keys: keys), has: held(3_069), then: held(3_069) + [past(2), past(9)])
    try check(
      "keys-and-missing", "What the end gives back comes behind.", .init(state: stage.state, keys: keys),
      has: held(3_068), then: held(3_068) + [past(2)] + keys + [past(7)], missing: [[past(7), past(8)]])
    let edit = try stage.making("edit").edited { $0.aside = .init() }
    for (name, act) in [("edit", edit), ("rotate", try stage.making("rotate").edited { $0.aside = .init() })]
    {
      try builder.reject(
        "publication-make-aside-\(name)", ["R-12.9-2"], flags: ["Kept"], "A root act is due.",
        in: act.input(), code: .unsettled, twin: "publication-make-aside-repair")
    }
    let adds = try stage.making("add_person").edited { $0.aside = .init() }
    var added = turned(stage, adds, past: [past(1), past(2)], persons: all + [fixture.deputy])
    let contents = added.contents
    added.contents = {
      contents(&$0)
      $0.persons = stage.persons(more: [stage.comer])
    }
    try builder.accept(
      "publication-make-aside-add-person", ["R-12.9-1"], flags: ["Kept"],
      "Who adds a person makes a generation, since a root act is due.", in: adds.input(added),
      out: adds.output(added))
  }
}
