internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let publications: [Family] = [
    Family("publication/make", flags: [signingFlag, rootFlag, removalFlag, boundsFlag, keptFlag]) { builder in
      try buildPublication(&builder)
    },
    Family("publication/merge", flags: [mergeFlag]) { builder in try buildMerge(&builder) },
  ]

  private static let signingFlag = VectorFile.Flag(
    "Signing", bugType: "MISSING_CHECK", effect: "an end signs on top of what the service chose",
    refs: ["R-12.8-1"])
  private static let rootFlag = VectorFile.Flag(
    "RootAct", bugType: "WRONG_STATE", effect: "a root act is refused by those it should heal",
    refs: ["R-12.9-1", "R-12.9-2"])
  private static let removalFlag = VectorFile.Flag(
    "Removal", bugType: "WRONG_STATE", effect: "who was removed reads on, or comes back by a code",
    refs: ["R-12.2-1", "R-12.3-2", "R-12.9-3"])
  private static let boundsFlag = VectorFile.Flag(
    "Bounds", bugType: "EDGE_CASE", effect: "an account that has come to a bound writes what no end accepts",
    refs: ["R-12.5-7"])

  /// Past keys of epochs, as contents have them.
  private static func pastKeys(_ epochs: [UInt32]) -> [[UInt8]] {
    epochs.map { be($0, 4) + Fixture.masterKey($0) }
  }

  private static let mergeFlag = VectorFile.Flag(
    "Merge", bugType: "WRONG_STATE", effect: "what one of two ends has written is lost, or comes back",
    refs: ["R-12.8-8", "R-16.2-8"])

  private static func buildPublication(_ builder: inout FamilyBuilder) throws {
    let stage = try PublicationStage()
    try buildEdits(stage, &builder)
    try buildActs(stage, &builder)
    try buildRootActs(stage, &builder)
    try buildHindrances(stage, &builder)
    try buildKeptActs(stage, &builder)
    try buildCrowdedActs(stage, &builder)
  }

  private static func accept(
    _ builder: inout FamilyBuilder, _ id: String, _ req: [String], _ flag: String?, _ comment: String,
    _ act: PublicationStage.Making, _ expect: PublicationStage.Expected
  ) throws {
    try builder.accept(
      "publication-make-\(id)", req, flags: flag.map { [$0] } ?? [], comment, in: act.input(expect),
      out: act.output(expect))
  }

  // MARK: - What any person does

  private static func buildEdits(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let plain = try stage.making("edit")
    func check(
      _ id: String, _ req: [String], _ comment: String, _ act: PublicationStage.Making,
      _ expect: PublicationStage.Expected = .init()
    ) throws {
      try accept(&builder, "edit-\(id)", req, nil, comment, act, expect)
    }
    try check("nothing", ["R-12.8-1", "R-8.4-4"], "A vault like the one before.", plain)
    try check(
      "label", ["R-12.8-1"], "A manager changes a label.",
      plain.edited {
        $0.person = stage.fixture.manager
        $0.wanted.members = stage.members(label: "Reception")
      })
    try check(
      "code", ["R-12.9-5"], "The owner makes a manager's code, another code goes.",
      plain.edited {
        let code = FixtureContents.code("managers", role: 2, kind: 1, approval: 2)
        $0.wanted.codes = [$0.wanted.codes[1], code].sorted { $0.lexicographicallyPrecedes($1) }
      })
    try check(
      "days-and-marks", ["R-16.5-1"], "The owner changes how long is kept, notes a mark and an erasure.",
      plain.edited {
        let mark = bytes("audited batch", 32)
        $0.wanted.members = stage.members(mark: (9, mark, 5, 3))
        ($0.wanted.retentionDays, $0.wanted.blobDays) = (3_650, 7)
        $0.wanted.erasures = [FixtureContents.erasure(stage.fixture.agent.agentID, 1, 9, hash: mark)]
      })
    let rules = Fixture.header(9, stage.fixture.accountID, 2) + be(0, 3)
    try check(
      "rules", ["R-12.5-5"], "A rule set that was made anew is named.",
      plain.edited {
        $0.ruleSet = rules
        $0.wanted.rules = [FixtureContents.rule(3, 1, 0, Array("Mail".utf8))]
      }, .init(ruleSet: SHA256.hash(rules)))
    let ruled = try stage.making("edit", contents: { $0.ruleSet = SHA256.hash(rules) })
    try check("keeps-rules", ["R-12.5-5"], "The rule set of now stays named.", ruled)
    try check(
      "own-keys", ["R-12.7-1"], "A manager notes the hash of its PersonKeys with its first publication.",
      try stage.making("edit", contents: { $0.persons = stage.persons(managersKeys: .zeros(32)) }).edited {
        $0.person = stage.fixture.manager
        $0.wanted.persons = stage.persons()
      })
    // When it is made.
    let made = stage.state.made
    try check(
      "clock-a-day-behind", ["R-12.8-1"], "The end's clock is a day behind: the note's time is taken.",
      plain.edited { $0.now = made - Fixture.day }, .init())
    try check(
      "clock-equal", ["R-12.8-1"], "At the very time of the note.", plain.edited { $0.now = made })
    try check(
      "twenty-hours-on", ["R-12.8-6"], "After 20 hours to the millisecond no state is due.",
      plain.edited { $0.now = made + 20 * Fixture.hour })
    let renewal = PublicationStage.Expected(state: { _ in })
    try check(
      "renews", ["R-12.8-6"], "A millisecond later one is.",
      plain.edited { $0.now = made + 20 * Fixture.hour + 1 }, renewal)
    try check(
      "managers-renewal", ["R-12.8-6"], "A manager's end renews the state, under the same list.",
      plain.edited { ($0.person, $0.now) = (stage.fixture.manager, made + Fixture.day) }, renewal)
    try check(
      "renewal-until-the-certificate-ends", ["R-12.1-9"], "The state ends with the certificate.",
      plain.edited { $0.now = Fixture.day(130) }, renewal)
    try check(
      "renewal-a-day-before-the-certificate-ends", ["R-12.8-1"],
      "The owner's end renews up to the certificate's end.",
      plain.edited { ($0.now, $0.isNewest) = (Fixture.day(179), true) }, renewal)
    try check(
      "managers-renewal-seven-days-before", ["R-12.8-1"],
      "A manager's end renews while the certificate has seven days.",
      plain.edited {
        ($0.person, $0.now, $0.isNewest) = (stage.fixture.manager, Fixture.day(173), true)
      }, renewal)
    try check(
      "by-a-manager-who-has-seen-more", ["R-12.9-2"], "Root acts are due at an owner's end alone.",
      plain.edited { ($0.person, $0.generation) = (stage.fixture.manager, 6) })
    let ending = try stage.making(
      "edit", state: { ($0.made, $0.validUntil) = (Fixture.day(174), Fixture.day(180)) })
    try check(
      "by-a-manager-below-seven-days", ["R-12.8-1"], "No state is due: the certificate is not looked at.",
      ending.edited { ($0.person, $0.now) = (stage.fixture.manager, Fixture.day(174, hours: 1)) })
    let ended = try stage.making(
      "edit", state: { ($0.made, $0.validUntil) = (Fixture.day(179, hours: 12), Fixture.day(180)) })
    try check(
      "as-the-certificate-ends", ["R-12.8-1"], "So it is at its end.",
      ended.edited { ($0.now, $0.isNewest) = (Fixture.day(180), true) })
    // What the person says.
    try check(
      "fresh-and-newest", ["R-12.8-1"], "A fresh end; the person says that this is the newest.",
      plain.edited { ($0.isRemembered, $0.isNewest) = (false, true) })
    try check(
      "without-storage", ["R-12.8-1"], "The end keeps nothing, and the person insists.",
      plain.edited { ($0.isDurable, $0.isWithoutStorage) = (false, true) })
    try check(
      "says-more-than-is-asked", ["R-12.8-1"], "The person says everything.",
      plain.edited { ($0.isNewest, $0.isWithoutStorage, $0.isClockRight) = (true, true, true) })
    try check(
      "expired-and-newest", ["R-12.8-1"], "The state has expired; the person says that it is the newest.",
      plain.edited { ($0.now, $0.isNewest) = (Fixture.day(160), true) }, renewal)
    // Bounds.
    let fillers = (0..<256).map { bytes("vault before \($0)", 32) }
    for count in [255, 256] {
      try accept(
        &builder, "edit-\(count)-in-recent", ["R-12.5-7"], "Bounds",
        count == 256 ? "The oldest of 256 vaults goes." : "256 vaults are named.",
        try stage.making("edit", contents: { $0.recent = Array(fillers[..<count]) }), .init())
    }
    try accept(
      &builder, "edit-greatest-counter", ["R-12.8-1"], "Bounds", "The last counter of a vault.",
      try stage.making("edit", counter: (1 << 53) - 2), .init())
  }

  // MARK: - States

  private static func buildActs(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let fixture = stage.fixture
    func check(
      _ id: String, _ req: [String], _ flag: String?, _ comment: String, _ act: PublicationStage.Making,
      _ expect: PublicationStage.Expected
    ) throws {
      try accept(&builder, id, req, flag, comment, act, expect)
    }
    let renewed = PublicationStage.Expected(state: { $0.until = $0.made + 90 * Fixture.day })
    let renews = try stage.making("renew_certificate")
    try check(
      "renew-certificate", ["R-12.8-6"], "Signing",
      "Generation, begin and signers stay; the certificate is longer.", renews, renewed)
    try check(
      "renew-certificate-that-has-ended", ["R-12.8-6"], "Signing",
      "The certificate has ended; the person says that this is the newest.",
      renews.edited { ($0.now, $0.isNewest) = (Fixture.day(200), true) }, renewed)
    let agents = [fixture.agent.agentID]
    // The next epoch lists those who went in this one.
    func rotated(
      _ contents: @escaping (inout FixtureContents) -> Void = { _ in }, lists more: [[UInt8]] = []
    ) -> PublicationStage.Expected {
      .init(
        state: { ($0.epoch, $0.revoked) = (3, PublicationStage.sorted([stage.gone] + more)) },
        contents: contents, pastEpochs: [1, 2], grants: [fixture.account, fixture.manager])
    }
    let rotates = try stage.making("rotate")
    try check(
      "rotate", ["R-12.2-1", "R-12.2-3", "R-12.2-5", "R-12.8-5"], nil,
      "A new epoch: the old key is kept, codes stay, every person has a grant.", rotates, rotated())
    try check(
      "rotate-by-a-manager", ["R-12.2-5", "R-12.8-5"], nil, "A manager rotates, and has a grant as well.",
      rotates.edited { $0.person = fixture.manager }, rotated())
    let rules = Fixture.header(9, fixture.accountID, 3) + be(0, 3)
    try check(
      "rotate-with-rules", ["R-12.5-5"], nil, "The rules under the new key are named.",
      rotates.edited { $0.ruleSet = rules }, rotated { $0.ruleSet = SHA256.hash(rules) })
    try check(
      "rotate-drops-rules-of-the-epoch", ["R-12.5-5"], nil, "Without rules made anew none are named.",
      try stage.making("rotate", contents: { $0.ruleSet = bytes("rules", 32) }), rotated())
    let retiring = try stage.making("retire").edited { $0.agents = agents }
    try check(
      "retire", ["R-12.3-4", "R-10.3-3"], "Removal",
      "The same epoch lists the member beside those who are listed; its code goes.", retiring,
      .init(
        state: { $0.revoked = PublicationStage.sorted($0.revoked + agents) },
        contents: {
          $0.members = stage.members(agent: (2, 2))
          $0.codes.removeAll { $0.starts(with: FixtureContents.codeID("first")) }
        }))
    try check(
      "retire-two-by-a-manager", ["R-12.3-4"], "Removal", "Two go at once, in any order.",
      retiring.edited {
        $0.person = fixture.manager
        $0.agents = PublicationStage.sorted([fixture.agent.agentID, fixture.other.agentID]).reversed()
      },
      .init(
        state: { $0.revoked = PublicationStage.sorted($0.revoked + agents + [fixture.other.agentID]) },
        contents: { ($0.members, $0.codes) = (stage.members(agent: (2, 2), other: (2, 2)), []) }))
    let removing = try stage.making("remove").edited { $0.agents = agents }
    try check(
      "remove", ["R-12.3-2", "R-12.2-1"], "Removal",
      "A new epoch lists the member, and all codes go, also those it did not come by.", removing,
      rotated({ ($0.members, $0.codes) = (stage.members(agent: (3, 3)), []) }, lists: agents))
    let other = fixture.other.agentID
    for (id, comment, members, after) in [
      (
        "of-the-same-code", "Another member came by the same code, and stays.",
        stage.members(otherCode: "first"), stage.members(agent: (3, 3), otherCode: "first")
      ),
      (
        "without-a-label", "Another member has no label, and stays.", stage.members(otherLabel: ""),
        stage.members(agent: (3, 3), otherLabel: "")
      ),
      (
        "of-a-master", "Who goes had the MasterKey: every other member is asked about.",
        stage.members(agentKind: 1), stage.members(agent: (3, 3), agentKind: 1)
      ),
    ] {
      try check(
        "remove-asks-\(id)", ["R-12.3-3"], "Removal", comment,
        try stage.making("remove", contents: { $0.members = members }).edited {
          ($0.agents, $0.staying) = (agents, [(other, "scoped")])
        }, rotated({ ($0.members, $0.codes) = (after, []) }, lists: agents))
    }
    try check(
      "remove-nobody", ["R-12.3-2"], "Removal", "Nobody is named: all codes go all the same.",
      removing.edited { $0.agents = [] }, rotated { $0.codes = [] })
    try check(
      "add-person", ["R-12.8-5", "R-12.9-1"], "RootAct",
      "The list has one more; generation, times and epoch stay, and the grant is for who comes.",
      try stage.making("add_person").edited { $0.comes = fixture.deputy },
      .init(
        state: { $0.persons.append(fixture.deputy) },
        contents: { $0.persons = stage.persons(more: [stage.comer]) }, grants: [fixture.deputy]))
    // Persons.
    for (id, comment, removed, stay) in [
      ("beside-the-removed", "One who was removed stays.", 1, 1),
      ("as-the-last", "There is room for one: those who were removed stay.", 61, 61),
      ("in-place-of-the-removed", "There is no room: those who were removed go.", 62, 0),
    ] {
      let past = stage.removedPersons(removed)
      try check(
        "add-person-\(id)", ["R-12.5-7", "R-12.9-10"], "RootAct", comment,
        try stage.making("add_person", contents: { $0.persons = stage.persons(more: past) }),
        .init(
          state: { $0.persons.append(fixture.deputy) },
          contents: { $0.persons = stage.persons(more: past[..<stay] + [stage.comer]) },
          grants: [fixture.deputy]))
    }
    // Bounds.
    let used = Array(1_000..<4_071 as Range<UInt32>)
    var rotatedLast = rotated()
    rotatedLast.pastEpochs = [2] + used
    try accept(
      &builder, "rotate-up-to-the-reserve", ["R-12.5-8"], "Bounds", "3,072 past keys.",
      try stage.making("rotate", contents: { $0.pastKeys = Self.pastKeys(used) }), rotatedLast)
    try accept(
      &builder, "rotate-to-the-last-epoch", ["R-12.2-1"], "Bounds", "The last epoch.",
      try stage.making("rotate", state: { $0.epoch = .max - 1 }),
      .init(
        state: { ($0.epoch, $0.revoked) = (.max, []) }, pastEpochs: [1, .max - 1],
        grants: [fixture.account, fixture.manager]))
  }

  // MARK: - Root acts

  private static func buildRootActs(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let fixture = stage.fixture
    func check(
      _ id: String, _ req: [String], _ comment: String, _ act: PublicationStage.Making,
      _ expect: PublicationStage.Expected
    ) throws {
      try accept(&builder, id, req, "RootAct", comment, act, expect)
    }
    let all = [fixture.account, fixture.manager]
    /// What every act does that raises the generation.
    func raised(
      _ act: PublicationStage.Making, made: UInt64? = nil, _ generation: UInt32? = nil, epoch: UInt32 = 3,
      lists more: [[UInt8]] = [], persons: [FixtureKeys]? = nil, past: [UInt32] = [1, 2],
      _ contents: @escaping (inout FixtureContents) -> Void = { _ in }
    ) -> PublicationStage.Expected {
      let made = made ?? max(act.now, act.state.made)
      let generation = generation ?? UInt32(made / 60_000)
      return .init(
        made: made, generation: generation,
        state: {
          ($0.epoch, $0.generation, $0.persons) = (epoch, generation, persons ?? all)
          $0.revoked = PublicationStage.sorted([stage.gone] + more)
          ($0.from, $0.until) = (made, made + 90 * Fixture.day)
        },
        contents: {
          $0.codes = []
          contents(&$0)
        }, pastEpochs: past, grants: persons ?? all)
    }
    func check(
      _ id: String, _ req: [String], _ comment: String, _ act: PublicationStage.Making,
      _ generation: UInt32? = nil
    ) throws {
      try check(id, req, comment, act, raised(act, generation))
    }
    let repairs = try stage.making("repair")
    try check(
      "repair", ["R-12.9-1", "R-12.9-3", "R-12.8-5"],
      "A new generation, the minutes since 1970, and a new epoch; all codes go.", repairs)
    try check(
      "repair-within-a-minute", ["R-12.9-1"], "Whole minutes count.", repairs.edited { $0.now += 59_999 })
    let both = [fixture.other.agentID, fixture.agent.agentID]
    let removing = repairs.edited { $0.agents = both }
    try check(
      "repair-removes", ["R-12.9-3"], "The members that the person does not keep are listed.", removing,
      raised(removing, lists: both) { $0.members = stage.members(agent: (3, 3), other: (3, 3)) })
    let minutes = UInt32(repairs.now / 60_000)
    try check(
      "repair-above-what-was-signed", ["R-12.9-1"],
      "This end has signed a greater number than the minutes are.",
      repairs.edited { $0.generation = 4_000_000_000 }, 4_000_000_001)
    try check(
      "repair-minutes-above-what-was-signed", ["R-12.9-1"], "The minutes are one more than what was signed.",
      repairs.edited { $0.generation = minutes - 1 })
    try check(
      "repair-in-the-minute-of-what-was-signed", ["R-12.9-1"], "A second root act in one minute.",
      repairs.edited { $0.generation = minutes }, minutes + 1)
    try check(
      "repair-to-the-last-generation", ["R-12.9-1"], "The last generation.",
      repairs.edited { $0.generation = .max - 1 }, .max)
    try check(
      "repair-when-due", ["R-12.9-2"], "A root act was lost: a repair is what is due.",
      repairs.edited { $0.generation = 6 })
    try check(
      "repair-of-an-ended-certificate", ["R-12.9-1"], "The certificate has ended: the new one is of now.",
      repairs.edited { ($0.now, $0.isNewest) = (Fixture.day(300), true) })
    let behind = repairs.edited { ($0.now, $0.isClockRight) = (stage.state.made - Fixture.day - 1, true) }
    try check(
      "repair-clock-behind", ["R-12.8-1"], "The clock is behind, and the person says that it is right.",
      behind, raised(behind, made: behind.now))
    try check(
      "repair-clock-an-hour-behind", ["R-12.8-1"],
      "Less than a day behind the word is not needed: the note's time is taken.",
      repairs.edited { ($0.now, $0.isClockRight) = (stage.state.made - Fixture.hour, true) })
    let without = try stage.making("remove_person").edited { $0.persons = [fixture.manager.agentID] }
    try check(
      "remove-person", ["R-12.9-3", "R-12.8-5"],
      "The list, and the grants, have one fewer; the person stays in the vault.", without,
      raised(without, persons: [fixture.account]) { $0.persons = stage.persons(managersStatus: 3) })
    let removed = without.edited { $0.agents = [fixture.other.agentID] }
    try check(
      "remove-person-with-a-member", ["R-12.9-3"], "A computer that the person let in goes as well.", removed,
      raised(removed, lists: removed.agents, persons: [fixture.account]) {
        ($0.persons, $0.members) = (stage.persons(managersStatus: 3), stage.members(other: (3, 3)))
      })
    let due = try stage.making("add_person").edited { ($0.comes, $0.generation) = (fixture.deputy, 6) }
    try check(
      "add-person-when-due", ["R-12.9-2", "R-12.8-5"],
      "A root act is due: who comes is on the list of a new generation, and all have a grant.", due,
      raised(due, persons: all + [fixture.deputy]) { $0.persons = stage.persons(more: [stage.comer]) })
    // Numbers at their ends.
    for (name, used, epoch) in [
      ("last-numbers", [UInt32](), 1 as UInt32), ("last-numbers-and-past-epochs", [1, 2, 4], 3),
    ] {
      let driven = try stage.making(
        "repair", state: { ($0.epoch, $0.counter) = (.max, (1 << 53) - 1) }, counter: (1 << 53) - 1,
        contents: { $0.pastKeys = used.map { be($0, 4) + Fixture.masterKey($0) } })
      var expected = raised(driven, epoch: epoch, past: used + [.max])
      let state = expected.state
      expected.state = {
        state?(&$0)
        // Those who went in an epoch of the number that is taken again.
        ($0.counter, $0.revoked) = (1, epoch == 1 ? [stage.longGone] : [])
      }
      expected.vaultCounter = 1
      try check(
        "repair-\(name)", ["R-12.9-1", "R-12.1-6", "R-12.2-2"],
        "Somebody drove epoch and counters to their ends: the least epoch that is not used, and the counters 1.",
        driven, expected)
    }
    let used = Array(1_000..<4_072 as Range<UInt32>)
    let reserved = try stage.making("repair", contents: { $0.pastKeys = Self.pastKeys(used) })
    try check(
      "repair-of-the-reserve", ["R-12.5-8"], "What only grows is full, but for the reserve of root acts.",
      reserved,
      raised(reserved, past: [2] + used))
    let skipping = try stage.making(
      "repair", contents: { $0.pastKeys = [3, 4].map { be($0, 4) + Fixture.masterKey($0) } })
    try check(
      "repair-skips-past-epochs", ["R-12.9-1"], "Epochs 3 and 4 were used on another line.", skipping,
      raised(skipping, epoch: 5, past: [2, 3, 4]))
  }

  // MARK: - What hinders

  private static func buildHindrances(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let fixture = stage.fixture
    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ act: PublicationStage.Making,
      _ code: ErrorCode, twin: String
    ) throws {
      try builder.reject(
        "publication-make-\(id)", req, flags: [flag], comment, in: act.input(), code: code,
        twin: "publication-make-\(twin)")
    }
    func hindered(
      _ id: String, _ comment: String, _ act: PublicationStage.Making, _ code: ErrorCode, twin: String
    ) throws {
      try reject(id, ["R-12.8-1"], "Signing", comment, act, code, twin: twin)
    }
    let edit = try stage.making("edit")
    let fresh = edit.edited { $0.isRemembered = false }
    try hindered(
      "fresh", "A fresh end, and nobody has said that this is the newest.", fresh, .approvalRequired,
      twin: "edit-fresh-and-newest")
    try hindered(
      "fresh-repair", "No root act either.",
      try stage.making("repair").edited { $0.isRemembered = false }, .approvalRequired, twin: "repair")
    try hindered(
      "nothing-durable", "The end keeps nothing.", edit.edited { $0.isDurable = false }, .approvalRequired,
      twin: "edit-without-storage")
    let expired = edit.edited { $0.now = Fixture.day(160) }
    try hindered(
      "expired", "The state has expired at this very time.", expired, .stateExpired,
      twin: "edit-expired-and-newest")
    try hindered(
      "expired-repair", "A repair too asks whether this is the newest.",
      try stage.making("repair").edited { $0.now = Fixture.day(300) }, .stateExpired,
      twin: "repair-of-an-ended-certificate")
    let behind = edit.edited { $0.now = stage.state.made - Fixture.day - 1 }
    try hindered(
      "clock-behind", "The clock is behind by more than a day.", behind, .clockWrong,
      twin: "edit-clock-a-day-behind")
    try hindered(
      "clock-behind-edit", "The person's word on the clock is for what raises the generation.",
      behind.edited { $0.isClockRight = true }, .clockWrong, twin: "edit-clock-a-day-behind")
    try hindered(
      "clock-behind-repair", "The person has not said that the clock is right.",
      try stage.making("repair").edited { $0.now = behind.now }, .clockWrong, twin: "repair-clock-behind")
    try hindered(
      "clock-behind-add-person", "In the same generation the word on the clock does not count.",
      try stage.making("add_person").edited {
        ($0.comes, $0.now, $0.isClockRight) = (fixture.deputy, behind.now, true)
      }, .clockWrong, twin: "add-person")
    func due(_ name: String) throws -> PublicationStage.Making {
      try stage.making(name).edited { $0.generation = 6 }
    }
    for name in ["edit", "renew_certificate", "rotate"] {
      let twins = ["edit": "edit-nothing", "renew_certificate": "renew-certificate", "rotate": "rotate"]
      try reject(
        "root-act-due-\(name.replacing("_", with: "-"))", ["R-12.9-2"], "RootAct",
        "A root act was lost: another one comes first.", due(name), .unsettled, twin: twins[name] ?? "")
    }
    // The root key.
    let (agents, persons) = ([fixture.agent.agentID], [fixture.manager.agentID])
    for (name, twin) in [
      ("renew_certificate", "renew-certificate"), ("add_person", "add-person"),
      ("remove_person", "remove-person"), ("repair", "repair"),
    ] {
      try reject(
        "managers-\(name.replacing("_", with: "-"))", ["R-12.8-1", "R-12.8-6"], "Signing",
        "A manager has no root key.",
        try stage.making(name).edited {
          $0.person = fixture.manager
          if name == "add_person" { $0.comes = fixture.deputy }
          if name == "remove_person" { $0.persons = persons }
        }, .rootRequired, twin: twin)
    }
    let late = Fixture.day(173) + 1
    try hindered(
      "managers-renewal-below-seven-days", "A manager's end, and the certificate has not quite seven days.",
      edit.edited { ($0.person, $0.now, $0.isNewest) = (fixture.manager, late, true) }, .rootRequired,
      twin: "edit-managers-renewal-seven-days-before")
    try hindered(
      "managers-rotation-below-seven-days", "So with every state.",
      try stage.making("rotate").edited { ($0.person, $0.now, $0.isNewest) = (fixture.manager, late, true) },
      .rootRequired, twin: "rotate-by-a-manager")
    for name in ["edit", "rotate", "retire", "remove", "add_person"] {
      let twins = [
        "edit": "edit-nothing", "rotate": "rotate", "retire": "retire", "remove": "remove",
        "add_person": "add-person",
      ]
      try hindered(
        "certificate-ended-\(name.replacing("_", with: "-"))",
        "A state that keeps the certificate's end cannot be made at that end, not by the owner either.",
        try stage.making(name).edited {
          ($0.now, $0.isNewest) = (Fixture.day(180), true)
          if name == "add_person" { $0.comes = fixture.deputy }
          if ["retire", "remove"].contains(name) { $0.agents = agents }
        }, .rootRequired, twin: twins[name] ?? "")
    }
    // Who goes.
    for name in ["retire", "remove", "repair"] {
      let twin = name == "repair" ? "repair-removes" : name
      func going(_ ids: [[UInt8]]) throws -> PublicationStage.Making {
        try stage.making(name).edited { $0.agents = ids }
      }
      try reject(
        "\(name)-unknown", ["R-12.8-1"], "Removal", "No member has this id.",
        going([fixture.agent.agentID, fixture.deputy.agentID]), .unknownAgent, twin: twin)
      try reject(
        "\(name)-gone", ["R-12.3-4"], "Removal", "The member has gone already.",
        going([fixture.agent.agentID, stage.gone]), .revoked, twin: twin)
      try reject(
        "\(name)-of-a-person", ["R-12.8-1"], "Removal", "A person is no member.",
        going([fixture.manager.agentID]), .unknownAgent, twin: twin)
    }
    func without(_ ids: [[UInt8]], _ agents: [[UInt8]] = []) throws -> PublicationStage.Making {
      try stage.making("remove_person").edited { ($0.persons, $0.agents) = (ids, agents) }
    }
    for (id, comment, act, code) in [
      ("unknown", "Nobody has this id.", try without([fixture.deputy.agentID]), ErrorCode.unknownAgent),
      ("owner", "The owner stays.", try without([fixture.account.agentID]), .wrongRecipient),
      (
        "with-unknown-member", "No member has this id.", try without(persons, [fixture.deputy.agentID]),
        .unknownAgent
      ),
      ("with-gone-member", "The member has gone already.", try without(persons, [stage.gone]), .revoked),
      (
        "order-unknown-before-gone", "Who is unknown comes before who has gone.",
        try without([fixture.deputy.agentID], [stage.gone]), .unknownAgent
      ),
      (
        "order-gone-before-owner", "Who has gone comes before the owner.",
        try without([fixture.account.agentID], [stage.gone]), .revoked
      ),
      (
        "order-unknown-before-owner", "Who is unknown comes before the owner.",
        try without([fixture.account.agentID, fixture.deputy.agentID]), .unknownAgent
      ),
    ] {
      try reject(
        "remove-person-\(id)", ["R-12.8-1"], "Removal", comment, act, code, twin: "remove-person")
    }
    try reject(
      "remove-person-gone", ["R-12.8-1"], "Removal", "The person has gone already.",
      try stage.making(
        "remove_person", state: { $0.persons = [fixture.account] },
        contents: { $0.persons = stage.persons(managersStatus: 3) }
      ).edited { $0.persons = persons }, .revoked, twin: "remove-person")
    // Who is asked about. R-12.3-3, R-12.9-3
    let (agent, other) = ((fixture.agent.agentID, "scoped"), (fixture.other.agentID, "scoped"))
    func unasked(
      _ id: String, _ comment: String, _ act: PublicationStage.Making, _ staying: [([UInt8], String)],
      twin: String
    ) throws {
      try reject(
        "unasked-\(id)", ["R-12.8-9"], "Removal", comment, act.edited { $0.staying = staying },
        .approvalRequired,
        twin: twin)
    }
    let repairs = try stage.making("repair")
    try unasked("repair-nobody", "The person was asked about nobody.", repairs, [], twin: "repair")
    try unasked("repair-first", "One was not shown.", repairs, [other], twin: "repair")
    try unasked("repair-last", "One was not shown.", repairs, [agent], twin: "repair")
    try unasked(
      "repair-another-kind", "One was shown without the MasterKey that the vault says it has.",
      try stage.making(
        "repair", contents: { $0.members = stage.members(otherKind: 1) }), [agent, other], twin: "repair")
    try unasked(
      "repair-with-one-that-goes", "Who goes needs no word, who stays does.",
      repairs.edited { $0.agents = agents }, [agent], twin: "repair-removes")
    try unasked(
      "remove-person", "A member was not shown.", try without(persons), [agent], twin: "remove-person")
    try unasked(
      "add-person-when-due", "While a root act is due, who adds a person is asked about all members.",
      try stage.making("add_person").edited { ($0.comes, $0.generation) = (fixture.deputy, 6) }, [agent],
      twin: "add-person-when-due")
    func removing(_ edit: (inout FixtureContents) -> Void) throws -> PublicationStage.Making {
      try stage.making("remove", contents: edit).edited { $0.agents = agents }
    }
    try unasked(
      "remove-of-the-same-code", "Another member came by the same code.",
      try removing { $0.members = stage.members(otherCode: "first") }, [],
      twin: "remove-asks-of-the-same-code")
    try unasked(
      "remove-without-a-label", "Another member has no label.",
      try removing { $0.members = stage.members(otherLabel: "") }, [], twin: "remove-asks-without-a-label")
    try unasked(
      "remove-of-a-master", "Who goes had the MasterKey, and knew every code.",
      try removing { $0.members = stage.members(agentKind: 1) }, [], twin: "remove-asks-of-a-master")
    try reject(
      "order-who-goes-before-asked", ["R-12.8-9"], "Removal", "Who goes comes before who was asked about.",
      repairs.edited { ($0.agents, $0.staying) = ([stage.gone], []) }, .revoked, twin: "repair-removes")
    try reject(
      "order-asked-before-bounds", ["R-12.8-9"], "Removal", "Who was asked about comes before bounds.",
      repairs.edited { ($0.generation, $0.staying) = (.max, []) }, .approvalRequired,
      twin: "repair-to-the-last-generation")
    // Neighbours.
    try hindered(
      "order-fresh-before-storage", "Both ask the person: with one word alone it stays so.",
      fresh.edited { ($0.isDurable, $0.isWithoutStorage) = (false, true) }, .approvalRequired,
      twin: "edit-fresh-and-newest")
    try hindered(
      "order-storage-before-expiry", "Storage comes before the state's end.",
      expired.edited { $0.isDurable = false }, .approvalRequired, twin: "edit-expired-and-newest")
    try hindered(
      "order-fresh-before-clock", "The word that this is the newest comes before the clock.",
      behind.edited { $0.isRemembered = false }, .approvalRequired, twin: "edit-clock-a-day-behind")
    try hindered(
      "order-expiry-before-due", "The state's end comes before a root act that is due.",
      expired.edited { $0.generation = 6 }, .stateExpired, twin: "edit-expired-and-newest")
    try hindered(
      "order-clock-before-due", "The clock comes before a root act that is due.",
      behind.edited { $0.generation = 6 }, .clockWrong, twin: "edit-clock-a-day-behind")
    try hindered(
      "order-clock-before-root-key", "The clock comes before the root key.",
      try stage.making("repair").edited { ($0.person, $0.now) = (fixture.manager, behind.now) }, .clockWrong,
      twin: "repair")
    try hindered(
      "order-due-before-certificate", "A root act that is due comes before the certificate's end.",
      try stage.making("rotate").edited {
        ($0.now, $0.isNewest, $0.generation) = (Fixture.day(180), true, 6)
      }, .unsettled, twin: "rotate")
    try hindered(
      "order-root-key-before-who-goes", "The root key comes before who goes.",
      without([fixture.deputy.agentID]).edited { $0.person = fixture.manager }, .rootRequired,
      twin: "remove-person")
    try hindered(
      "order-who-goes-before-bounds", "Who goes comes before bounds.",
      try stage.making("remove", state: { $0.epoch = .max }).edited { $0.agents = [fixture.deputy.agentID] },
      .unknownAgent, twin: "remove")
    // Bounds.
    func full(_ id: String, _ comment: String, _ act: PublicationStage.Making, twin: String) throws {
      try reject(id, ["R-12.8-1"], "Bounds", comment, act, .limitReached, twin: twin)
    }
    try full(
      "no-epoch-left", "There is no epoch above.", try stage.making("rotate", state: { $0.epoch = .max }),
      twin: "rotate-to-the-last-epoch")
    try reject(
      "no-past-key-left", ["R-12.5-8"], "Bounds", "What is left of past keys is for root acts.",
      try stage.making("rotate", contents: { $0.pastKeys = Self.pastKeys(Array(1_000..<4_072)) }),
      .limitReached, twin: "repair-of-the-reserve")
    try full(
      "no-vault-counter-left", "There is no counter above.",
      try stage.making("edit", counter: (1 << 53) - 1), twin: "edit-greatest-counter")
    try full(
      "no-state-counter-left", "There is no counter above.",
      try stage.making("edit", state: { $0.counter = (1 << 53) - 1 }).edited { $0.now += Fixture.day },
      twin: "edit-renews")
    let list = stage.removedPersons(62).map { Array($0[..<17] + [1] + $0[18...]) }
    try full(
      "no-person-left", "64 persons may sign.",
      try stage.making(
        "add_person",
        state: { $0.strangers = list.map { Array($0[274..<306] + $0.prefix(16)) } },
        contents: { $0.persons = stage.persons(more: list) }), twin: "add-person-in-place-of-the-removed")
    try full(
      "no-generation-left", "There is no generation above.",
      try stage.making("repair").edited { $0.generation = .max }, twin: "repair-to-the-last-generation")
    try full(
      "clock-ahead", "Above the last generation that minutes give.",
      try stage.making("repair").edited { ($0.now, $0.isNewest) = ((1 << 32) * 60_000, true) }, twin: "repair"
    )
  }
}
