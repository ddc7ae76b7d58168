internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  /// What an act of the owner's made of a vault, and what the manager made of it meanwhile. §12.8
  static func buildMerge(_ builder: inout FamilyBuilder) throws {
    let stage = try PublicationStage()
    let fixture = stage.fixture
    let served = bytes("served vault", 32)
    func check(
      _ id: String, _ comment: String, _ req: String, _ edit: Edit, _ ours: Edit, _ theirs: Edit,
      _ merged: Edit
    ) throws {
      let making = try stage.making("edit", contents: edit)
      let base = making.contents
      var own = base
      (own.made, own.madeBy) = (base.made + Fixture.hour, fixture.account.agentID)
      own.recent = base.recent + [bytes("base vault", 32)]
      ours(&own)
      var other = base
      (other.made, other.madeBy) = (base.made + 2 * Fixture.hour, fixture.manager.agentID)
      other.recent = own.recent + [bytes("another vault", 32)]
      theirs(&other)
      var expected = other
      (expected.made, expected.madeBy) = (max(own.made, other.made), own.madeBy)
      expected.recent = (other.recent + [served]).suffix(256)
      merged(&expected)
      try builder.accept(
        "publication-merge-\(id)", [req], flags: ["Merge"], comment,
        in: .of([
          "base": .hex(base.bytes), "ours": .hex(own.bytes), "theirs": .hex(other.bytes),
          "expect": .hex(served),
        ]), out: .of(["contents": .hex(expected.bytes)]))
    }
    func refuse(
      _ id: String, _ comment: String, _ edit: Edit, _ ours: Edit, _ theirs: Edit, _ twin: String
    ) throws {
      let base = try stage.making("edit", contents: edit).contents
      try builder.reject(
        "publication-merge-\(id)", ["R-12.5-7"], flags: ["Merge"], comment,
        in: .of([
          "base": .hex(base.bytes), "ours": .hex(base.edited(ours).bytes),
          "theirs": .hex(base.edited(theirs).bytes), "expect": .hex(served),
        ]), code: .limitReached, twin: "publication-merge-\(twin)")
    }
    try buildVaults(stage, check)
    try buildCodes(stage, check)
    try buildMembers(stage, check)
    try buildLists(stage, check)
    try buildCrowds(stage, check, refuse)
  }

  private typealias Edit = (inout FixtureContents) -> Void
  private typealias Check = (
    _ id: String, _ comment: String, _ req: String, _ base: Edit, _ ours: Edit, _ theirs: Edit, _ merged: Edit
  ) throws -> Void

  private typealias Refuse = (
    _ id: String, _ comment: String, _ base: Edit, _ ours: Edit, _ theirs: Edit, _ twin: String
  ) throws -> Void

  // MARK: - The vault

  private static func buildVaults(_ stage: PublicationStage, _ check: Check) throws {
    let merges = "R-12.8-8"
    try check("nothing", "The act changed nothing.", merges, { _ in }, { _ in }, { _ in }, { _ in })
    try check(
      "made", "The act was made later than the vault that is served.", merges, { _ in },
      { $0.made += 3 * Fixture.hour }, { _ in }, { _ in })
    let fillers = (0..<256).map { bytes("vault before \($0)", 32) }
    try check(
      "recent", "The oldest of 256 vaults goes.", merges, { _ in }, { _ in }, { $0.recent = fillers },
      { _ in })
    let note = stage.state.edited { ($0.counter, $0.made) = (5, $0.made + Fixture.hour) }
    let noted = try note.note()
    try check(
      "state", "The state of the act is noted.", "R-12.8-3", { _ in }, { $0.states.append(noted) }, { _ in },
      { $0.states.append(noted) })
    try check(
      "days", "Each has set other days.", merges, { _ in }, { $0.retentionDays = 3_650 }, { $0.blobDays = 7 },
      { $0.retentionDays = 3_650 })
    try check(
      "days-of-both", "Both have set the same days: those of the act stand.", merges, { _ in },
      { ($0.retentionDays, $0.blobDays) = (100, 100) }, { ($0.retentionDays, $0.blobDays) = (7, 7) },
      { ($0.retentionDays, $0.blobDays) = (100, 100) })
    try check(
      "rule-set", "The act names another RuleSet.", merges, { _ in }, { $0.ruleSet = bytes("rules", 32) },
      { _ in }, { $0.ruleSet = bytes("rules", 32) })
    try check(
      "rule-set-of-theirs", "Theirs names another RuleSet.", merges, { _ in }, { _ in },
      { $0.ruleSet = bytes("rules", 32) }, { _ in })
    let keys = [2, 3].map { be($0, 4) + Fixture.masterKey($0) }
    try check(
      "past-keys", "Each has put a key away.", "R-12.2-3", { _ in }, { $0.pastKeys.append(keys[0]) },
      { $0.pastKeys.append(keys[1]) }, { $0.pastKeys.insert(keys[0], at: 1) })
  }

  // MARK: - Codes

  private static func buildCodes(_ stage: PublicationStage, _ check: Check) throws {
    let merges = "R-12.8-8"
    let sorted = PublicationStage.sorted
    let (first, second) = (FixtureContents.code("first", uses: 2), FixtureContents.code("second"))
    let (new, others) = (FixtureContents.code("new"), FixtureContents.code("others"))
    func codes(_ codes: [[UInt8]]) -> Edit { { $0.codes = sorted(codes) } }
    try check(
      "codes-new", "Each has made a code.", merges, codes([]), codes([new]), codes([others]),
      codes([new, others]))
    try check(
      "codes-new-in-theirs", "Theirs has made a code, and the act none.", merges, codes([]), codes([]),
      codes([others]), codes([others]))
    try check(
      "codes-retired", "The act retires a member, and drops the only code: one that theirs has made stays.",
      merges,
      codes([first]), codes([]), codes([first, others]), codes([others]))
    try check(
      "codes-retired-and-used", "The act drops a code that theirs has used meanwhile.", merges,
      codes([first, second]), codes([second]),
      codes([FixtureContents.code("first", uses: 1, nonces: [bytes("theirs", 32)]), second]), codes([second]))
    try check(
      "codes-dropped-in-theirs", "Theirs has dropped a code that the act has renamed.", merges,
      codes([first, second]), codes([FixtureContents.code("first", uses: 2, label: "renamed"), second]),
      codes([second]), codes([second]))
    try check(
      "codes-renamed", "Both have renamed a code: the act's name stands.", merges, codes([first]),
      codes([FixtureContents.code("first", uses: 2, label: "ours")]),
      codes([FixtureContents.code("first", uses: 2, label: "theirs")]),
      codes([FixtureContents.code("first", uses: 2, label: "ours")]))
    // Uses.
    let (ours, theirs) = (bytes("nonce of ours", 32), bytes("nonce of theirs", 32))
    let (mine, other) = (bytes("let in by ours", 16), bytes("let in by theirs", 16))
    func used(_ nonces: [[UInt8]], of uses: Int = 3, by ids: [[UInt8]]) -> Edit {
      {
        $0.codes = sorted([FixtureContents.code("first", uses: uses - nonces.count, nonces: nonces), second])
        $0.members = sorted($0.members + ids.map { FixtureContents.member($0) })
      }
    }
    let fresh = codes([FixtureContents.code("first", uses: 3), second])
    try check(
      "uses-of-both", "Both have let somebody in by one code.", merges, fresh, used([ours], by: [mine]),
      used([theirs], by: [other]), used([theirs, ours], by: [mine]))
    try check(
      "uses-of-one-request", "Both have let in the same computer, by the same request.", merges, fresh,
      used([ours], by: [mine]), used([ours], by: [mine]), { _ in })
    try check(
      "uses-none-left", "Theirs has taken the last use: who came with the act is left out.", merges,
      codes([FixtureContents.code("first"), second]), used([ours], of: 1, by: [mine]),
      used([theirs], of: 1, by: [other]), { _ in })
    try check(
      "uses-too-few-left", "The act took two uses, and theirs has left one: both are left out.", merges,
      fresh,
      used([ours, bytes("another of ours", 32)], by: [mine, bytes("second of ours", 16)]),
      used([theirs, bytes("another of theirs", 32)], by: [other]), { _ in })
    try check(
      "uses-of-a-code-that-is-gone", "Theirs has dropped the code: who came with the act is left out.",
      merges, fresh,
      used([ours], by: [mine]), codes([second]), { _ in })
    let again = FixtureContents.member(stage.fixture.other.agentID, kind: 1, code: "first", label: "again")
    func member(_ entry: [UInt8], in members: [[UInt8]]) -> [[UInt8]] {
      sorted(members.filter { $0.prefix(16) != entry.prefix(16) } + [entry])
    }
    try check(
      "uses-of-a-member", "A member came by another code, and theirs has no use left of it: it is as it was.",
      merges,
      codes([FixtureContents.code("first"), second]),
      {
        used([ours], of: 1, by: [])(&$0)
        $0.members = member(again, in: $0.members)
      }, used([theirs], of: 1, by: [other]), { _ in })
    let named = FixtureContents.member(stage.fixture.other.agentID, code: "second", label: "theirs")
    try check(
      "member-by-another-code", "A member came by another code: the code's kind comes with it.", merges,
      fresh,
      {
        used([ours], by: [])(&$0)
        $0.members = member(
          FixtureContents.member(stage.fixture.other.agentID, kind: 1, code: "first"), in: $0.members)
      }, { $0.members = member(named, in: $0.members) },
      {
        used([ours], by: [])(&$0)
        $0.members = member(
          FixtureContents.member(stage.fixture.other.agentID, kind: 1, code: "first", label: "theirs"),
          in: $0.members)
      })
    try check(
      "member-by-two-codes", "Both have let a member in by another code: kind and code are those of the act.",
      merges,
      codes([first, second]),
      {
        $0.codes = sorted([FixtureContents.code("first", uses: 1, nonces: [ours]), second])
        $0.members = member(
          FixtureContents.member(stage.fixture.other.agentID, code: "first"), in: $0.members)
      },
      {
        $0.codes = sorted([first, second, others])
        $0.members = member(
          FixtureContents.member(stage.fixture.other.agentID, kind: 1, code: "others"), in: $0.members)
      },
      {
        $0.codes = sorted([FixtureContents.code("first", uses: 1, nonces: [ours]), second, others])
        $0.members = member(
          FixtureContents.member(stage.fixture.other.agentID, code: "first"), in: $0.members)
      })
  }

  // MARK: - Members

  private static func buildMembers(_ stage: PublicationStage, _ check: Check) throws {
    let merges = "R-12.8-8"
    func members(_ members: [[UInt8]]) -> Edit { { $0.members = members } }
    try check(
      "labels", "Each has named another member.", merges, { _ in }, members(stage.members(label: "ours")),
      members(stage.members(otherLabel: "theirs")),
      members(stage.members(label: "ours", otherLabel: "theirs")))
    try check(
      "label-of-both", "Both have named a member: the act's name stands.", merges, { _ in },
      members(stage.members(label: "ours")), members(stage.members(label: "theirs")),
      members(stage.members(label: "ours")))
    func new(_ label: String) -> Edit {
      {
        let member = FixtureContents.member(bytes("new member", 16), label: label)
        $0.members = PublicationStage.sorted($0.members + [member])
      }
    }
    try check(
      "member-new-in-both", "A member is new in both: it stays as theirs.", merges, { _ in }, new("ours"),
      new("theirs"), { _ in })
    try check(
      "status", "The act has retired a member, and theirs has named it.", "R-12.3-4", { _ in },
      members(stage.members(agent: (2, 2))), members(stage.members(label: "theirs")),
      members(stage.members(agent: (2, 2), label: "theirs")))
    try check(
      "status-of-theirs", "Theirs has retired a member, and the act has named it.", "R-12.3-4", { _ in },
      members(stage.members(label: "ours")), members(stage.members(agent: (2, 2))),
      members(stage.members(agent: (2, 2), label: "ours")))
    try check(
      "status-the-greater", "The act has retired a member that theirs has removed.", "R-12.3-4", { _ in },
      members(stage.members(agent: (2, 2))), members(stage.members(agent: (3, 3))), { _ in })
    // Marks.
    let (low, high) = (bytes("third batch", 32), bytes("fifth batch", 32))
    typealias Mark = (UInt64, [UInt8], UInt32, UInt64)
    for (id, comment, ours, theirs, both) in [
      ("ours", "The act's audit came further.", (5, high, 5, 4), (3, low, 5, 3), (5, high, 5, 4)),
      ("theirs", "Theirs came further.", (3, low, 5, 3), (5, high, 5, 4), (5, high, 5, 4)),
      (
        "pair-of-theirs", "The act's audit came further, and theirs saw the greater pair.", (5, high, 5, 3),
        (3, low, 5, 4), (5, high, 5, 4)
      ),
      (
        "pair-of-ours", "Theirs came further, and the act saw the greater pair.", (3, low, 5, 4),
        (5, high, 5, 3),
        (5, high, 5, 4)
      ),
      (
        "pair-by-generation", "Of two pairs the one of the greater generation is greater.", (5, high, 4, 9),
        (3, low, 5, 1), (5, high, 5, 1)
      ),
      ("equal", "Both came as far.", (5, low, 5, 4), (5, high, 5, 4), (5, high, 5, 4)),
    ] as [(String, String, Mark, Mark, Mark)] {
      try check(
        "mark-\(id)", comment, "R-16.2-8", members(stage.members(mark: (1, bytes("first batch", 32), 3, 1))),
        members(stage.members(mark: ours)), members(stage.members(mark: theirs)),
        members(stage.members(mark: both)))
    }
    func kept(_ sequence: UInt64, _ hash: [UInt8]) -> Edit {
      {
        let entry = FixtureContents.member(
          stage.fixture.agent.agentID, audited: (9, bytes("last batch", 32), 5, 3), kept: (sequence, hash))
        $0.members = PublicationStage.sorted(
          $0.members.filter { $0.prefix(16) != entry.prefix(16) } + [entry])
      }
    }
    try check(
      "kept-of-ours", "The act kept less.", "R-16.2-8", { _ in }, kept(5, high), kept(3, low), kept(5, high))
    try check(
      "kept-of-theirs", "Theirs kept less.", "R-16.2-8", { _ in }, kept(3, low), kept(5, high), { _ in })
  }

  // MARK: - Persons, erasures, rules

  private static func buildLists(_ stage: PublicationStage, _ check: Check) throws {
    let merges = "R-12.8-8"
    let (fixture, sorted) = (stage.fixture, PublicationStage.sorted)
    func manager(
      _ label: String, keys: [UInt8]? = nil, status: UInt8 = 1
    ) -> Edit {
      {
        let entry = FixtureContents.person(
          fixture.manager, role: 2, status: status,
          keysHash: keys ?? SHA256.hash(fixture.personKeys(fixture.manager)), label: label)
        $0.persons = sorted($0.persons.filter { $0.prefix(16) != entry.prefix(16) } + [entry])
      }
    }
    let keys = bytes("new keys", 32)
    try check(
      "person", "The act has named a person whose password was changed.", merges, { _ in }, manager("ours"),
      manager("Max", keys: keys), manager("ours", keys: keys))
    try check(
      "person-of-both", "Both have named a person: the act's name stands.", merges, { _ in }, manager("ours"),
      manager("theirs"), manager("ours"))
    try check(
      "person-status", "A person that theirs has removed does not come back.", merges, { _ in },
      manager("ours"),
      manager("Max", status: 3), manager("ours", status: 3))
    try check(
      "person-added", "The act has added a person.", merges, { _ in },
      { $0.persons = sorted($0.persons + [stage.comer]) }, manager("theirs"),
      { $0.persons = sorted($0.persons + [stage.comer]) })
    let past = stage.removedPersons(62)
    try check(
      "persons-full", "With a person of each there is no room: those who were removed go.", "R-12.5-7",
      { $0.persons = sorted($0.persons + past[..<61]) },
      { $0.persons = sorted($0.persons + [stage.comer]) }, { $0.persons = sorted($0.persons + past[61...]) },
      { $0.persons = stage.persons(more: [stage.comer]) })
    func erased(_ ranges: [(UInt64, UInt64)]) -> Edit {
      {
        $0.erasures = ranges.map {
          FixtureContents.erasure(fixture.agent.agentID, $0.0, $0.1, hash: bytes("batch \($0.1)", 32))
        }
      }
    }
    try check(
      "erasures", "Each has noted another erasure.", merges, erased([(4, 5)]), erased([(1, 2), (4, 5)]),
      erased([(4, 5), (7, 8)]), erased([(1, 2), (4, 5), (7, 8)]))
    try check(
      "erasure-changed", "The act has made an erasure longer.", merges, erased([(4, 5)]), erased([(4, 9)]),
      erased([(1, 2), (4, 5)]), erased([(1, 2), (4, 9)]))
    try check(
      "erasure-new-in-both", "An erasure is new in both: it stays as theirs.", merges, { _ in },
      erased([(4, 5)]),
      erased([(4, 9)]), { _ in })
    typealias Rule = (UInt8, UInt8)
    func rules(_ rules: [String: Rule]) -> Edit {
      {
        $0.rules = rules.sorted { $0.key < $1.key }.map {
          FixtureContents.rule(3, $0.value.0, $0.value.1, Array($0.key.utf8))
        }
      }
    }
    try check(
      "rules", "Each has defined another value.", merges, rules(["b": (1, 0)]),
      rules(["a": (1, 0), "b": (1, 0)]),
      rules(["b": (1, 0), "c": (2, 0)]), rules(["a": (1, 0), "b": (1, 0), "c": (2, 0)]))
    try check(
      "rules-category-and-seen", "The act has changed a category, and theirs has seen the value.", merges,
      rules(["b": (1, 0)]), rules(["b": (2, 0)]), rules(["b": (1, 1)]), rules(["b": (2, 1)]))
    try check(
      "rules-of-both", "Both have changed a category: the act's stands; what the act has seen was seen.",
      merges,
      rules(["b": (1, 0)]), rules(["b": (2, 1)]), rules(["b": (3, 0)]), rules(["b": (2, 1)]))
    try check(
      "rules-new-in-both", "A value is new in both: it stays as theirs.", merges, rules([:]),
      rules(["b": (2, 0)]),
      rules(["b": (3, 0)]), { _ in })
    try check(
      "rules-dropped", "The act has dropped what theirs has changed.", merges,
      rules(["a": (1, 0), "b": (1, 0)]), rules(["a": (1, 0)]), rules(["a": (1, 0), "b": (2, 1)]),
      rules(["a": (1, 0)]))
    try check(
      "rules-dropped-in-theirs", "Theirs has dropped what the act has changed: it stays away.", merges,
      rules(["a": (1, 0), "b": (1, 0)]), rules(["a": (1, 0), "b": (2, 0)]), rules(["a": (1, 0)]), { _ in })
  }

  // MARK: - Lists of several, and lists that are full

  private static func buildCrowds(
    _ stage: PublicationStage, _ check: Check, _ refuse: Refuse
  ) throws {
    let (merges, sorted) = ("R-12.8-8", PublicationStage.sorted)
    // Past keys, each first, in the middle and last.
    func past(_ epochs: [UInt32]) -> [[UInt8]] { epochs.map { be($0, 4) + Fixture.masterKey($0) } }
    for (place, ours, theirs) in [
      ("first", 7, 2), ("middle", 2, 4), ("last", 2, 7),
    ] as [(String, UInt32, UInt32)] {
      for (whose, mine, other) in [("theirs", ours, theirs), ("ours", theirs, ours)] {
        try check(
          "past-keys-\(place)-of-\(whose)", "Each has put a key away: that of \(whose) comes \(place).",
          "R-12.2-3", { $0.pastKeys = past([3, 6]) },
          { $0.pastKeys = past([3, 6, mine].sorted()) }, { $0.pastKeys = past([3, 6, other].sorted()) },
          { $0.pastKeys = past([3, 6, ours, theirs].sorted()) })
      }
    }
    // What goes.
    func rules(_ values: [(UInt8, String)]) -> Edit {
      { $0.rules = sorted(values.map { FixtureContents.rule($0.0, 1, 0, Array($0.1.utf8)) }) }
    }
    try check(
      "rules-several-dropped", "The act drops three of five.", merges,
      rules([(2, "a"), (2, "b"), (3, "a"), (3, "b"), (3, "c")]), rules([(2, "b"), (3, "b")]),
      rules([(2, "a"), (2, "b"), (3, "a"), (3, "b"), (3, "c")]), rules([(2, "b"), (3, "b")]))
    try check(
      "rules-of-two-fields", "By field, then by value.", merges, rules([]),
      rules([(2, "b"), (3, "a")]), rules([(2, "c"), (4, "a")]),
      rules([(2, "b"), (2, "c"), (3, "a"), (4, "a")]))
    // Codes: as many uses as are left, nonces from before, at each place of three codes.
    let codes = sorted(["one", "two", "three"].map { FixtureContents.code($0, uses: 3) })
    let names = codes.map { code in
      ["one", "two", "three"].first { code.starts(with: FixtureContents.codeID($0)) } ?? ""
    }
    let (ours, theirs) = (bytes("nonce of ours", 32), bytes("nonce of theirs", 32))
    let more = bytes("another of theirs", 32)
    let (mine, other) = (bytes("let in by ours", 16), bytes("let in by theirs", 16))
    func used(_ name: String, _ nonces: [[UInt8]], of uses: Int = 3, by ids: [[UInt8]]) -> Edit {
      {
        $0.codes = sorted(
          codes.filter { !$0.starts(with: FixtureContents.codeID(name)) }
            + [FixtureContents.code(name, uses: uses - nonces.count, nonces: nonces)])
        $0.members = sorted($0.members + ids.map { FixtureContents.member($0, code: name) })
      }
    }
    for (place, name) in zip(["first", "middle", "last"], names) {
      let fresh: Edit = { $0.codes = codes }
      try check(
        "uses-as-many-as-are-left-of-the-\(place)", "Theirs has left one use, and the act took one.", merges,
        fresh, used(name, [ours], by: [mine]), used(name, [theirs, more], by: [other]),
        used(name, [theirs, more, ours], by: [mine]))
      try check(
        "uses-none-left-of-the-\(place)", "Theirs has left no use: who came with the act is left out.",
        merges,
        fresh, used(name, [ours], by: [mine]), used(name, [theirs, more, bytes("a third", 32)], by: [other]),
        { _ in })
    }
    let first = names[0]
    try check(
      "uses-of-nonces-that-theirs-has-dropped", "A nonce from before counts as none of the act's.", merges,
      used(first, [theirs], by: []), used(first, [theirs, ours], by: [mine]), used(first, [], by: []),
      used(first, [ours], by: [mine]))
    func code(_ label: String) -> [UInt8] { FixtureContents.code("new", uses: 2, label: label) }
    try check(
      "codes-new-in-both", "A code is new in both, and let somebody in in each: it stays as theirs.", merges,
      { $0.codes = [] },
      {
        $0.codes = [FixtureContents.code("new", uses: 1, nonces: [ours])]
        $0.members = sorted($0.members + [FixtureContents.member(mine, code: "new")])
      }, { $0.codes = [code("theirs")] },
      { $0.members = sorted($0.members + [FixtureContents.member(mine, code: "new")]) })
    // Members whose codes are alike.
    let known = stage.fixture.agent.agentID
    for (name, id) in FixtureContents.codeID("one").neighbours {
      func came(_ code: [UInt8], label: String = "computer") -> Edit {
        {
          let entry = FixtureContents.member(known, label: label)
          let at = 16 + 1 + label.utf8.count
          $0.members = sorted($0.members.filter { !$0.starts(with: known) } + [entry.with(code, at: at)])
        }
      }
      func owning(_ nonces: [[UInt8]], _ code: [UInt8]) -> Edit {
        {
          let used = FixtureContents.code("one", uses: 1 - nonces.count, nonces: nonces)
          $0.codes = [used.with(code, at: 0)]
        }
      }
      func both(_ edits: Edit...) -> Edit { { contents in for edit in edits { edit(&contents) } } }
      try check(
        "member-by-a-code-like-its-own-\(name)",
        "A member came by a code whose id is nearly that of its own, and theirs has no use left: it is as it was.",
        merges, both(owning([], id), came(FixtureContents.codeID("one"))),
        both(owning([ours], id), came(id)),
        both(owning([theirs], id), came(FixtureContents.codeID("one"))), { _ in })
    }
    try check(
      "member-of-a-code-that-is-gone", "Theirs has dropped the code of a member that the act has renamed.",
      merges, { $0.codes = codes },
      {
        $0.codes = codes
        $0.members = stage.members(label: "ours")
      }, { $0.codes = [] }, { $0.members = stage.members(label: "ours") })
    // What is equal stays as theirs.
    func gone(_ listed: UInt32) -> Edit { { $0.members = stage.members(agent: (3, listed)) } }
    try check(
      "status-equal", "Both have removed a member, in other epochs: it stays as theirs.", "R-12.3-4",
      { _ in }, gone(2), gone(3), { _ in })
    // Above 32 bits.
    let (low, high) = (bytes("lower batch", 32), bytes("higher batch", 32))
    typealias Mark = (UInt64, [UInt8])
    let marks: (above: Mark, below: Mark) = ((1 << 32, high), (1 << 32 - 1, low))
    for (id, ours, theirs) in [
      ("mark", marks.above, marks.below), ("mark-of-theirs", marks.below, marks.above),
    ] {
      func marked(_ mark: Mark) -> Edit {
        { $0.members = stage.members(mark: (mark.0, mark.1, 5, 3)) }
      }
      try check(
        "\(id)-above-32-bits", "The greater of two marks, in 53 bits.", "R-16.2-8", { _ in }, marked(ours),
        marked(theirs), marked(marks.above))
      func keeping(_ mark: Mark) -> Edit {
        {
          let entry = FixtureContents.member(known, audited: (1 << 40, high, 5, 3), kept: mark)
          $0.members = sorted($0.members.filter { !$0.starts(with: known) } + [entry])
        }
      }
      try check(
        "kept-\(id)-above-32-bits", "The greater of two, in 53 bits.", "R-16.2-8", { _ in }, keeping(ours),
        keeping(theirs), keeping(marks.above))
    }
    func kept(_ hash: [UInt8]) -> Edit {
      {
        let entry = FixtureContents.member(known, audited: (9, high, 5, 3), kept: (5, hash))
        $0.members = sorted($0.members.filter { !$0.starts(with: known) } + [entry])
      }
    }
    try check(
      "kept-equal", "Both kept as much: it stays as theirs.", "R-16.2-8", { _ in }, kept(low), kept(high),
      { _ in })
    try buildFull(stage, check, refuse)
  }

  /// 256 codes.
  private static func buildFull(
    _ stage: PublicationStage, _ check: Check, _ refuse: Refuse
  ) throws {
    let sorted = PublicationStage.sorted
    let new = FixtureContents.code("one more")
    let at = try stage.making("edit").contents.made + 2 * Fixture.hour
    let live = sorted(
      (0..<256).map { FixtureContents.code("of 256, number \($0)", expires: $0 % 2 == 0 ? 0 : at + 1) })
    func spoiled(_ spoil: [Int: (uses: Int, expires: UInt64)]) -> [[UInt8]] {
      live.enumerated().map { number, code in
        guard let spoil = spoil[number] else { return code }
        // Uses and expiry stand behind the label and three enumerations.
        return code.with(be(spoil.uses, 2) + be(spoil.expires, 8), at: 24 + 1 + 4 + 3)
      }
    }
    let spoil = [
      0: (uses: 0, expires: 0), 1: (1, at), 100: (1, at - 1), 128: (0, at + 1), 254: (1, 1), 255: (0, 0),
    ]
    let stays = live.enumerated().filter { spoil[$0.offset] == nil }.map(\.element)
    try check(
      "codes-full", "With one of each there are 257: those that have expired or have no uses go.", "R-12.5-7",
      { $0.codes = [] }, { $0.codes = [new] }, { $0.codes = spoiled(spoil) },
      { $0.codes = sorted(stays + [new]) })
    try check(
      "codes-as-many-as-there-may-be", "256 codes: none goes, whether it has ended or not.", "R-12.5-7",
      { $0.codes = [] }, { $0.codes = [] }, { $0.codes = spoiled(spoil) }, { _ in })
    try check(
      "codes-full-of-live-ones-but-one", "Of 257 one has ended: 256 stay.", "R-12.5-7",
      { $0.codes = [] }, { $0.codes = [new] }, { $0.codes = spoiled([7: (0, 0)]) },
      { $0.codes = sorted(live.enumerated().filter { $0.offset != 7 }.map(\.element) + [new]) })
    try refuse(
      "codes-too-many", "Of 257 codes none has ended.", { $0.codes = [] }, { $0.codes = [new] },
      { $0.codes = live }, "codes-full-of-live-ones-but-one")
  }
}
