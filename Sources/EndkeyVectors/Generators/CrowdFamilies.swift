internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

// Accounts of many persons and members, most of them alike: each that an act is about stands first, in the middle and
// last.

extension Family {
  // MARK: - Vaults

  /// Vaults of persons who look like the owner, or like the manager who made the vault. §12.5
  static func buildCrowdedVaults(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (account, manager) = (fixture.account, fixture.manager)
    func input(_ state: FixtureState, _ contents: FixtureContents, signer: FixtureKeys) throws -> JSONObject {
      .of([
        "state": .hex(try state.bytes()), "master_key": .hex(Fixture.masterKey(1)),
        "person_id": .hex(account.agentID), "person_keys": .hex(fixture.personKeys(account)),
        "vault": .hex(try fixture.vault(contents.bytes, of: state, signer: signer)),
      ])
    }
    for signer in [account, manager] {
      let state = FixtureState(fixture) { $0.persons = [account, manager] + signer.lookalikes }
      let contents = try fixture.contents(of: state) { $0.madeBy = signer.agentID }
      try builder.accept(
        "vault-open-crowd-of-\(signer.name)s", ["R-12.5-6"],
        "Eight persons have half of the maker's key, some with a lesser id, some with a greater one.",
        in: input(state, contents, signer: signer), out: .of("contents", contents.bytes))
    }
    for (number, other) in account.lookalikes.enumerated() {
      let state = FixtureState(fixture) { $0.persons = [account, manager, other] }
      let contents = try fixture.contents(of: state) {
        $0.persons = $0.persons.map { person in
          let isOther = person.starts(with: other.agentID)
          return person.with([isOther ? 1 : 2], at: 16)
        }
      }
      try builder.reject(
        "vault-open-owner-who-looks-like-the-owner-\(number + 1)", ["R-12.5-4"], flags: ["Whole"],
        "The person whose role is owner has half of the root key.",
        in: input(state, contents, signer: account), code: .chainBroken, twin: "vault-open-small")
    }
  }

  // MARK: - Acts

  static func buildCrowdedActs(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    try buildLookalikeActs(stage, &builder)
    try buildPlaces(stage, &builder)
    try buildOrders(stage, &builder)
    try buildLimits(stage, &builder)
  }

  private static func accept(
    _ builder: inout FamilyBuilder, _ id: String, _ req: [String], _ flag: String, _ comment: String,
    _ act: PublicationStage.Making, _ expect: PublicationStage.Expected
  ) throws {
    try builder.accept(
      "publication-make-\(id)", req, flags: [flag], comment, in: act.input(expect), out: act.output(expect))
  }

  private static func reject(
    _ builder: inout FamilyBuilder, _ id: String, _ req: [String], _ flag: String, _ comment: String,
    _ act: PublicationStage.Making, _ code: ErrorCode, twin: String
  ) throws {
    try builder.reject(
      "publication-make-\(id)", req, flags: [flag], comment, in: act.input(), code: code,
      twin: "publication-make-\(twin)")
  }

  /// The next epoch of the stage.
  private static func rotated(
    _ stage: PublicationStage, lists more: [[UInt8]] = [], grants: [FixtureKeys]? = nil,
    _ contents: @escaping (inout FixtureContents) -> Void = { _ in }
  ) -> PublicationStage.Expected {
    .init(
      state: { ($0.epoch, $0.revoked) = (3, PublicationStage.sorted([stage.gone] + more)) },
      contents: contents, pastEpochs: [1, 2],
      grants: grants ?? [stage.fixture.account, stage.fixture.manager])
  }

  private static func buildLookalikeActs(
    _ stage: PublicationStage, _ builder: inout FamilyBuilder
  ) throws {
    let fixture = stage.fixture
    let (account, manager, deputy) = (fixture.account, fixture.manager, fixture.deputy)
    func crowd(_ act: String, of others: [FixtureKeys]) throws -> PublicationStage.Making {
      try stage.making(
        act, state: { $0.persons += others },
        contents: {
          $0.persons = stage.persons(
            more: others.map { FixtureContents.person($0, role: 2, keysHash: bytes("keys", 32)) })
        })
    }
    for person in [account, manager] {
      try accept(
        &builder, "crowd-edit-of-\(person.name)s", ["R-12.5-6"], "Signing",
        "Eight persons have half of the key of who edits.",
        crowd("edit", of: person.lookalikes).edited { $0.person = person }, .init())
    }
    let all = [account, manager] + deputy.lookalikes
    try accept(
      &builder, "crowd-rotation", ["R-12.8-5"], "Signing", "Ten persons have a grant each.",
      crowd("rotate", of: deputy.lookalikes), rotated(stage, grants: all))
    let adds = try crowd("add_person", of: deputy.lookalikes)
    try accept(
      &builder, "crowd-add-person", ["R-12.8-5", "R-12.9-1"], "RootAct",
      "Eight persons have half of the key of who comes: one has a grant.", adds,
      .init(
        state: { $0.persons.append(deputy) },
        contents: { $0.persons = PublicationStage.sorted($0.persons + [stage.comer]) }, grants: [deputy]))
    for (number, root) in manager.lookalikes.enumerated() {
      let act = try stage.making(
        "repair", state: { ($0.root, $0.persons, $0.signer) = (root, [root, manager], manager) },
        contents: {
          $0.persons = PublicationStage.sorted([
            FixtureContents.person(root, role: 1, keysHash: bytes("keys", 32)),
            FixtureContents.person(manager, role: 2, keysHash: bytes("keys", 32)),
          ])
        }
      ).edited { $0.person = manager }
      try reject(
        &builder, "crowd-root-\(number + 1)", ["R-12.8-1"], "Signing",
        "The manager's key is half the root key.", act, .rootRequired, twin: "repair")
    }
  }

  /// Members of the stage and three more, so that each of some stands first, in the middle and last.
  private static func buildPlaces(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let ids = PublicationStage.sorted((0..<5).map { bytes("member of many \($0)", 16) })
    let codes = PublicationStage.sorted((0..<5).map { FixtureContents.code("of many \($0)", uses: 2) })
    let names = codes.map { code in
      (0..<5).first { code.starts(with: FixtureContents.codeID("of many \($0)")) } ?? 0
    }
    func members(
      ended: [Int: PublicationStage.Ended] = [:], labels: [Int: String] = [:], kinds: [Int: UInt8] = [:],
      codes: [Int: String] = [:]
    ) -> [[UInt8]] {
      ids.enumerated().map { number, id in
        FixtureContents.member(
          id, kind: kinds[number] ?? 2, status: ended[number]?.status ?? 1,
          listed: ended[number]?.listed ?? 0,
          code: codes[number] ?? "of many \(names[number])", label: labels[number] ?? "computer")
      }
    }
    func making(
      _ act: String, _ list: [[UInt8]], going: [Int], staying: [([UInt8], String)] = []
    ) throws -> PublicationStage.Making {
      try stage.making(
        act,
        contents: {
          $0.members = list
          $0.codes = codes
        }
      ).edited { ($0.agents, $0.staying) = (going.map { ids[$0] }, staying) }
    }
    for (place, number) in [("first", 0), ("middle", 2), ("last", 4)] {
      try accept(
        &builder, "retire-the-\(place)", ["R-12.3-4"], "Removal",
        "Of five members and five codes the \(place) goes.",
        making("retire", members(), going: [number]),
        .init(
          state: { $0.revoked = PublicationStage.sorted($0.revoked + [ids[number]]) },
          contents: {
            $0.members = members(ended: [number: (2, 2)])
            $0.codes = codes.enumerated().filter { $0.offset != number }.map(\.element)
          }))
      let others = (0..<5).filter { $0 != number }
      try accept(
        &builder, "repair-keeps-but-the-\(place)", ["R-12.9-3"], "Removal", "All others stay.",
        making("repair", members(), going: [number], staying: others.map { (ids[$0], "scoped") }),
        raised(stage, lists: [ids[number]]) { $0.members = members(ended: [number: (3, 3)]) })
      try reject(
        &builder, "unasked-repair-the-\(place)", ["R-12.8-9"], "Removal", "One of five was not shown.",
        making("repair", members(), going: [], staying: others.map { (ids[$0], "scoped") }),
        .approvalRequired, twin: "repair")
      try reject(
        &builder, "unasked-remove-the-\(place)-without-a-label", ["R-12.8-9"], "Removal",
        "A member without a label was not shown.",
        making("remove", members(labels: [number: ""]), going: [1]), .approvalRequired,
        twin: "remove-asks-without-a-label")
      // Two go; one of them came by the code of another member, or had the MasterKey.
      let going = others.filter { $0 != 1 }
      guard let (first, last) = going.first.flatMap({ one in going.last.map { (one, $0) } }) else { continue }
      for (end, one) in [("first", first), ("last", last)] {
        try reject(
          &builder, "unasked-remove-the-\(place)-of-the-code-of-the-\(end)", ["R-12.8-9"], "Removal",
          "It came by the code of one of two that go.",
          making("remove", members(codes: [number: "of many \(names[one])"]), going: [first, last]),
          .approvalRequired, twin: "remove-asks-of-the-same-code")
        try reject(
          &builder, "unasked-remove-the-\(place)-with-a-master-\(end)", ["R-12.8-9"], "Removal",
          "One of two that go had the MasterKey.",
          making("remove", members(kinds: [one: 1]), going: [first, last]), .approvalRequired,
          twin: "remove-asks-of-a-master")
      }
    }
    try accept(
      &builder, "repair-keeps-nobody", ["R-12.9-3"], "Removal", "All five go.",
      making("repair", members(), going: Array(0..<5)),
      raised(stage, lists: ids) { contents in
        contents.members = members(ended: Dictionary(uniqueKeysWithValues: (0..<5).map { ($0, (3, 3)) }))
      })
    try accept(
      &builder, "edit-asks-nobody", ["R-12.8-9"], "Removal", "An edit asks about no member, label or not.",
      making("edit", members(labels: [0: "", 2: "", 4: ""]), going: []), .init())
  }

  /// What a repair of the stage makes.
  private static func raised(
    _ stage: PublicationStage, lists more: [[UInt8]],
    _ contents: @escaping (inout FixtureContents) -> Void
  ) -> PublicationStage.Expected {
    let made = Fixture.day(100, hours: 10)
    var expected = rotated(stage, lists: more) {
      $0.codes = []
      contents(&$0)
    }
    let state = expected.state
    expected.state = {
      state?(&$0)
      $0.revoked = PublicationStage.sorted(more)
      ($0.generation, $0.from, $0.until) = (UInt32(made / 60_000), made, made + 90 * Fixture.day)
    }
    expected.generation = UInt32(made / 60_000)
    return expected
  }

  /// Double faults among who goes.
  private static func buildOrders(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    let fixture = stage.fixture
    let (owner, manager) = (fixture.account.agentID, fixture.manager.agentID)
    func without(
      _ ids: [[UInt8]], removed: [[UInt8]] = []
    ) throws -> PublicationStage.Making {
      try stage.making("remove_person", contents: { $0.persons = stage.persons(more: removed) }).edited {
        $0.persons = ids
      }
    }
    let removed = stage.removedPersons(1)
    let gone = Array(removed[0].prefix(16))
    for (id, comment, ids, code) in [
      ("gone-behind-a-manager", "The second has gone already.", [manager, gone], ErrorCode.revoked),
      ("gone-before-a-manager", "The first has gone already.", [gone, manager], .revoked),
      ("owner-behind-a-manager", "The second is the owner.", [manager, owner], .wrongRecipient),
      ("owner-before-a-manager", "The first is the owner.", [owner, manager], .wrongRecipient),
      ("gone-person-before-owner", "Who has gone comes before the owner.", [owner, gone], .revoked),
    ] {
      try reject(
        &builder, "remove-person-\(id)", ["R-12.8-1"], "Removal", comment, without(ids, removed: removed),
        code, twin: "remove-person")
    }
    try reject(
      &builder, "remove-person-everybody", ["R-12.8-1"], "Removal", "All persons are to go, the owner too.",
      without([manager, owner]), .wrongRecipient, twin: "remove-person")
  }

  private static func buildLimits(_ stage: PublicationStage, _ builder: inout FamilyBuilder) throws {
    // The state's list of who went.
    let many = (0..<4_095).map { bytes("listed \($0)", 16) }
    let retiring = stage.fixture.agent.agentID
    func retire(_ listed: Int) throws -> PublicationStage.Making {
      try stage.making("retire", state: { $0.revoked = PublicationStage.sorted(Array(many[..<listed])) })
        .edited {
          $0.agents = [retiring]
        }
    }
    try accept(
      &builder, "retire-the-last-that-is-listed", ["R-12.3-4"], "Bounds", "4,095 are listed then.",
      retire(4_094),
      .init(
        state: { $0.revoked = PublicationStage.sorted($0.revoked + [retiring]) },
        contents: {
          $0.members = stage.members(agent: (2, 2))
          $0.codes.removeAll { $0.starts(with: FixtureContents.codeID("first")) }
        }))
    try reject(
      &builder, "no-place-in-the-list", ["R-12.8-1"], "Bounds", "4,095 are listed in this epoch.",
      retire(4_095), .limitReached, twin: "retire-the-last-that-is-listed")
    // Times.
    let last: UInt64 = 1 << 53 - 1
    func renewal(_ now: UInt64) throws -> PublicationStage.Making {
      try stage.making(
        "edit",
        state: {
          ($0.made, $0.validUntil) = (last - 100 * Fixture.day, last)
          ($0.from, $0.until) = (last - 100 * Fixture.day, last)
        }
      ).edited { $0.now = now }
    }
    try accept(
      &builder, "edit-renews-to-the-last-time", ["R-12.8-1"], "Bounds", "The state ends at the last time.",
      renewal(last - 60 * Fixture.day), .init(state: { _ in }))
    try reject(
      &builder, "no-time-left", ["R-12.8-1"], "Bounds", "60 days on there is no time.",
      renewal(last - 60 * Fixture.day + 1), .limitReached, twin: "edit-renews-to-the-last-time")
  }
}
