internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let vaults: [Family] = [
    Family("vault/make") { builder in try buildVaultMake(&builder) },
    Family("vault/open", flags: [sealFlag, grammarFlag, wholeFlag]) { builder in try buildVaultOpen(&builder)
    },
  ]

  private static let sealFlag = VectorFile.Flag(
    "Seal", bugType: "MISSING_CHECK", effect: "bytes of the service's are taken for the persons'",
    refs: ["R-2.5-2", "R-12.5-3"])
  private static let grammarFlag = VectorFile.Flag(
    "Contents", bugType: "MISSING_CHECK", effect: "one vault has two encodings, or a number overflows",
    refs: ["R-8.4-2", "R-8.4-4"])
  private static let wholeFlag = VectorFile.Flag(
    "Whole", bugType: "MISSING_CHECK",
    effect: "a person's end trusts a mixture of old and new, and grants to keys that nobody listed",
    refs: ["R-12.5-4", "R-12.5-6"])

  private static func buildVaultMake(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let state = FixtureState(fixture)
    func make(
      _ id: String, _ comment: String, of state: FixtureState, counter: UInt64 = 7,
      _ contents: FixtureContents
    ) throws {
      try builder.accept(
        "vault-make-\(id)", ["R-12.5-3", "R-8.4-4"], comment,
        in: .of([
          "seed": .hex(state.signer.seed), "master_key": .hex(Fixture.masterKey(state.epoch, state.line)),
          "account_id": .hex(fixture.accountID), "epoch": .integer(state.epoch), "counter": .integer(counter),
          "salt": .hex(bytes("vault salt \(counter)", 24)), "contents": .hex(contents.bytes),
        ]), out: .of("vault", try fixture.vault(contents.bytes, of: state, counter: counter)))
    }
    let small = try fixture.contents(of: state)
    try make("small", "Two persons and nothing else.", of: state, small)
    let manager = state.edited { ($0.signer, $0.epoch) = (fixture.manager, 3) }
    try make(
      "by-a-manager", "Signed by a manager, in another epoch.", of: manager, try fixture.contents(of: manager)
    )
    try make("greatest-counter", "The greatest counter.", of: state, counter: 1 << 53 - 1, small)
    try make("full", "Something of everything.", of: state, try full(fixture, state))
    for over in [-1, 0, 1] {
      // The padding's length is 0 where the contents are a multiple of 4096 without it.
      let count = 4_096 - (small.unpadded.count + 2 + 5) % 4_096 + over
      let padded = small.edited {
        $0.rules = [FixtureContents.rule(1, 1, 0, [UInt8](repeating: 0x61, count: count))]
      }
      try make(
        "padded-\(over < 0 ? "by-a-byte" : over == 0 ? "by-nothing" : "by-4095-bytes")",
        "Padding of \((4_096 - (padded.unpadded.count + 2) % 4_096) % 4_096) bytes.", of: state, padded)
    }
  }

  /// Contents with an element of each list at least, several where order matters.
  static func full(_ fixture: Fixture, _ state: FixtureState) throws -> FixtureContents {
    let before = state.edited { ($0.counter, $0.made) = (0, Fixture.day(99)) }
    let note = try state.note()
    let (agent, other) = (fixture.agent.agentID, fixture.other.agentID)
    let ids = [agent, other].sorted { $0.lexicographicallyPrecedes($1) }
    let codes = ["first", "second", "manager"].sorted {
      FixtureContents.codeID($0).lexicographicallyPrecedes(FixtureContents.codeID($1))
    }
    return try fixture.contents(of: state) {
      $0.states = [try? before.note(), note].compactMap { $0 }
      $0.recent = [bytes("recent 1", 32), bytes("recent 2", 32)]
      $0.ruleSet = bytes("rule set", 32)
      ($0.retentionDays, $0.blobDays) = (3_650, 7)
      $0.pastKeys = [be(1, 4) + Fixture.masterKey(1, " past"), be(7, 4) + Fixture.masterKey(7)]
      $0.codes = codes.map { name in
        name == "manager"
          ? FixtureContents.code(name, role: 2, kind: 1, approval: 2, nonces: [], label: "for a manager")
          : FixtureContents.code(
            name, uses: 9, expires: Fixture.day(200), nonces: [bytes("n1", 32), bytes("n2", 32)])
      }
      $0.members = ids.map { id in
        id == agent
          ? FixtureContents.member(id, audited: (9, bytes("audited", 32), 5, 1), kept: (3, bytes("kept", 32)))
          : FixtureContents.member(id, kind: 1, status: 3, listed: 1, label: "")
      }
      $0.erasures = [
        FixtureContents.erasure(agent, 4, 5, before: bytes("before", 32), hash: bytes("last", 32))
      ]
      $0.rules = [
        FixtureContents.rule(2, 1, 1, Array("Editor".utf8)),
        FixtureContents.rule(2, 3, 0, Array("Game".utf8)),
        FixtureContents.rule(3, 2, 0, []),
      ]
    }
  }

  private static func buildVaultOpen(_ builder: inout FamilyBuilder) throws {
    try buildCrowdedVaults(&builder)
    let fixture = try Fixture.made.get()
    let (account, manager) = (fixture.account, fixture.manager)
    let state = FixtureState(fixture)
    let small = try fixture.contents(of: state)
    let whole = try full(fixture, state)
    func input(
      _ vault: [UInt8], state given: FixtureState? = nil, person: FixtureKeys? = nil, keys: [UInt8]? = nil
    ) throws -> JSONObject {
      let person = person ?? account
      return .of([
        "state": .hex(try (given ?? state).bytes()), "master_key": .hex(Fixture.masterKey(1)),
        "person_id": .hex(person.agentID), "person_keys": .hex(keys ?? fixture.personKeys(person)),
        "vault": .hex(vault),
      ])
    }
    func accept(
      _ id: String, _ req: [String], _ comment: String, _ contents: FixtureContents,
      of given: FixtureState? = nil,
      signer: FixtureKeys? = nil, person: FixtureKeys? = nil, keys: [UInt8]? = nil
    ) throws {
      let vault = try fixture.vault(contents.bytes, of: given ?? state, signer: signer)
      try builder.accept(
        "vault-open-\(id)", req, comment, in: input(vault, state: given, person: person, keys: keys),
        out: .of("contents", contents.bytes))
    }
    try accept("small", ["R-12.5-3"], "Two persons and nothing else.", small)
    try accept("full", ["R-8.4-2"], "Something of everything.", whole)
    try accept("at-a-managers", ["R-12.5-4"], "A manager opens.", small, person: manager)
    let managers = state.edited { $0.signer = manager }
    try accept(
      "by-a-manager", ["R-12.5-6"], "A manager has made state and vault.", try fixture.contents(of: managers),
      of: managers)
    try accept(
      "by-another-than-the-state", ["R-12.5-6"], "The owner made the state, a manager the vault.",
      small.edited { $0.madeBy = manager.agentID }, signer: manager)
    let rekeyed = small.edited { contents in
      contents.persons = [
        FixtureContents.person(
          account, role: 1, keysHash: SHA256.hash(fixture.personKeys(account)), label: ""),
        FixtureContents.person(manager, role: 2, keysHash: .zeros(32)),
      ].sorted { $0.lexicographicallyPrecedes($1) }
    }
    try accept(
      "before-a-managers-first-opening", ["R-12.5-5"],
      "The vault does not know the manager's PersonKeys yet.", rekeyed,
      person: manager)
    try accept(
      "persons-gone", ["R-12.5-4"], "A person who was removed stays in the vault.",
      small.edited {
        $0.persons.append(
          FixtureContents.person(fixture.deputy, role: 2, status: 3, keysHash: .zeros(32), label: "gone"))
        $0.persons.sort { $0.lexicographicallyPrecedes($1) }
      })
    try accept(
      "greatest-numbers", ["R-8.4-2"], "The greatest numbers of days and times.",
      small.edited {
        ($0.made, $0.retentionDays, $0.blobDays) = (1 << 53 - 1, 3_650, 3_650)
      })
    try accept(
      "two-past-keys-of-an-epoch", ["R-7-5", "R-12.2-3"], "Two lines have used an epoch.",
      small.edited {
        $0.pastKeys = [Fixture.masterKey(2), Fixture.masterKey(2, " of another line")]
          .sorted { $0.lexicographicallyPrecedes($1) }.map { be(2, 4) + $0 }
      })
    let older = try state.edited { ($0.generation, $0.counter) = (4, 9) }.note()
    try accept(
      "notes-of-two-generations", ["R-8.4-2"], "A lower generation with a greater counter comes first.",
      small.edited { $0.states.insert(older, at: 0) })
    let (member, hash) = (fixture.agent.agentID, bytes("audited", 32))
    try accept(
      "kept-up-to-the-mark", ["R-8.4-2"], "Retention went as far as the audit; one batch was erased.",
      small.edited {
        $0.members = [FixtureContents.member(member, audited: (9, hash, 5, 1), kept: (9, hash))]
        $0.erasures = [FixtureContents.erasure(member, 5, 5, before: hash, hash: hash)]
      })
    let border = (1 as UInt64) << 32
    try accept(
      "numbers-above-32-bits", ["R-8.4-2"], "What is the greater number is so in 53 bits.",
      small.edited {
        $0.members = [FixtureContents.member(member, audited: (border, hash, 5, 1), kept: (border - 1, hash))]
        $0.erasures = [FixtureContents.erasure(member, border - 1, border, before: hash, hash: hash)]
      })

    func reject(
      _ id: String, _ req: [String], _ flag: String, _ comment: String, _ vault: [UInt8], _ code: ErrorCode,
      offset: Int? = nil, person: FixtureKeys? = nil, keys: [UInt8]? = nil, twin: String = "small"
    ) throws {
      try builder.reject(
        "vault-open-\(id)", req, flags: [flag], comment, in: input(vault, person: person, keys: keys),
        code: code,
        offset: offset, twin: "vault-open-\(twin)")
    }
    let good = try fixture.vault(small.bytes, of: state)
    let end = good.count
    // Steps 1 to 3.
    try reject(
      "cut", ["R-12.5-3"], "Seal", "The last byte is missing.", [UInt8](good.dropLast()), .truncated,
      offset: end - 64)
    try reject(
      "trailing-byte", ["R-12.5-3"], "Seal", "A byte too many.", good + [0], .trailingBytes, offset: end)
    try reject(
      "a-state", ["R-8.1-1"], "Seal", "Another type, signed.", account.sign(good.with([6], at: 3)),
      .unexpectedType, offset: 3)
    try reject(
      "of-another-account", ["R-12.5-3"], "Seal", "The header names another account.",
      account.sign(good.with(fixture.other.accountID, at: 4)), .wrongAccount)
    try reject(
      "of-a-similar-account", ["R-12.5-3"], "Seal", "The account differs in its last byte.",
      account.sign(good.flipped(19)), .wrongAccount)
    for (name, bad) in good.neighbours(in: 4..<20) {
      try reject(
        "account-\(name)", ["R-12.5-3"], "Seal", "The account differs in a byte.", account.sign(bad),
        .wrongAccount)
    }
    let third = state.edited { $0.epoch = 3 }
    for epoch: UInt32 in [2, 4, 259] {
      try builder.reject(
        "vault-open-of-epoch-\(epoch)-not-3", ["R-12.5-3"], flags: ["Seal"], "The state is of epoch 3.",
        in: input(account.sign(good.with(be(epoch, 4), at: 20)), state: third), code: .epochMismatch,
        twin: "vault-open-small")
    }
    try reject(
      "of-the-next-epoch", ["R-12.5-3"], "Seal", "The header names another epoch.",
      account.sign(good.with(be(2, 4), at: 20)), .epochMismatch)
    try reject(
      "of-a-far-epoch", ["R-12.5-3"], "Seal", "The epoch differs in its first byte.",
      account.sign(good.with([1], at: 20)), .epochMismatch)
    try reject(
      "order-account-before-epoch", ["R-12.5-3"], "Seal", "The account is compared before the epoch.",
      good.flipped(19).with(be(2, 4), at: 20), .wrongAccount)
    try reject(
      "order-epoch-before-signature", ["R-12.5-3"], "Seal", "The epoch is compared before the signature.",
      good.with(be(2, 4), at: 20), .epochMismatch)
    // Step 4.
    for fault in try SignatureFault.all(of: good, by: account, other: fixture.other) {
      try reject(fault.name, ["R-12.5-3", "R-6-1"], "Seal", fault.comment, fault.message, .signatureInvalid)
    }
    try reject(
      "by-nobody-on-the-list", ["R-12.5-3"], "Seal",
      "Sealed by somebody who has the MasterKey and is on no list.",
      fixture.vault(small.bytes, of: state, signer: fixture.deputy), .signatureInvalid)
    try reject(
      "by-an-agent", ["R-12.5-3"], "Seal", "Sealed by an agent that has the MasterKey.",
      fixture.vault(small.bytes, of: state, signer: fixture.agent), .signatureInvalid)
    try reject(
      "by-another-than-named", ["R-12.5-3"], "Seal", "Named is the owner, signed has a manager.",
      manager.sign(good),
      .signatureInvalid)
    try reject(
      "counter-changed-after-signing", ["R-12.5-3"], "Seal", "The signature covers the counter.",
      good.flipped(31), .signatureInvalid)
    try reject(
      "order-signature-before-seal", ["R-12.5-3"], "Seal", "The signature comes before the seal.",
      good.flipped(60),
      .signatureInvalid)
    // Step 5: the seal.
    for (name, at) in [("salt", 35), ("commitment", 60), ("first-byte", 91), ("tag", end - 97)] {
      try reject(
        "seal-\(name)-flipped", ["R-2.5-2"], "Seal", "One bit is wrong, and signed.",
        account.sign(good.flipped(at)), .vaultOpenFailed)
    }
    let head = [UInt8](good[..<32])
    for (name, comment, key, context) in [
      ("of-another-epoch", "Sealed under the vault key of another epoch.", try fixture.key("vault", 2), head),
      (
        "of-another-line", "Sealed under the vault key of another MasterKey.",
        try fixture.key("vault", 1, " of another line"), head
      ),
      (
        "of-another-label", "Sealed under the key of the commitment's label.",
        try fixture.key("commitment", 1),
        head
      ),
      ("the-master-key", "Sealed under the MasterKey itself.", Fixture.masterKey(1), head),
      ("no-context", "Sealed under no context.", try fixture.key("vault", 1), []),
      (
        "the-header-as-context", "The context is without the counter.", try fixture.key("vault", 1),
        [UInt8](head[..<24])
      ),
      ("another-counter", "Sealed for another counter.", try fixture.key("vault", 1), head.flipped(31)),
    ] {
      let sealed = try Fixture.seal(small.bytes, key: key, context: context, salt: bytes("vault salt 7", 24))
      try reject(
        "seal-with-\(name)", ["R-2.3-1", "R-12.5-3"], "Seal", comment,
        Fixture.signedVault(head, sealed, by: account),
        .vaultOpenFailed)
    }
    // Step 5: the contents.
    for fault in try contentsFaults(fixture, state, whole) {
      try reject(
        "contents-\(fault.id)", [fault.req], "Contents", fault.comment, fixture.vault(fault.bytes, of: state),
        .vaultOpenFailed, twin: "full")
    }
    // Step 6.
    func chain(
      _ id: String, _ req: String, _ comment: String, signer: FixtureKeys? = nil,
      _ edit: (inout FixtureContents) -> Void
    ) throws {
      try reject(
        id, [req], "Whole", comment, fixture.vault(small.edited(edit).bytes, of: state, signer: signer),
        .chainBroken)
    }
    for (id, comment, edit) in [
      ("generation", "The last note is of another generation.", { $0.generation = 6 }),
      ("counter", "The last note is of the next state.", { $0.counter = 2 }),
      ("epoch", "The last note is of another epoch.", { $0.epoch = 2 }),
      ("time", "The last note is of another time.", { $0.made += 1 }),
      ("hash", "The last note is of another state with the same numbers.", { $0.validUntil += 1 }),
    ] as [(String, String, (inout FixtureState) -> Void)] {
      let note = try state.edited(edit).note()
      try chain("note-of-another-\(id)", "R-12.5-5", comment) { $0.states = [note] }
    }
    let note = try state.note()
    for (member, at, bits) in [
      ("generation", 3, 1), ("generations-first-byte", 0, 1), ("counter", 11, 2),
      ("counters-upper-half", 7, 1),
      ("epoch", 15, 2), ("epochs-first-byte", 12, 1), ("made", 23, 1), ("mades-upper-half", 19, 1),
      ("hashs-first-byte", 24, 1), ("hashs-middle", 40, 1), ("hashs-last-byte", 55, 1),
    ] as [(String, Int, UInt8)] {
      try chain(
        "note-differs-in-its-\(member)-alone", "R-12.5-5", "The last note is the state's, but for one byte."
      ) { $0.states = [note.flipped(at, bits)] }
    }
    try chain("note-whose-hash-is-another-by-two-bytes", "R-12.5-5", "Two bytes of the hash differ alike.") {
      $0.states = [note.flipped(30).flipped(50)]
    }
    let later = try state.edited { $0.counter = 2 }.note()
    try chain("note-not-the-last", "R-12.5-5", "The state's note is not the last.") {
      $0.states.append(later)
    }
    let (owner, second) = (
      FixtureContents.person(
        account, role: 1, keysHash: SHA256.hash(fixture.personKeys(account)), label: "account"),
      FixtureContents.person(
        manager, role: 2, keysHash: SHA256.hash(fixture.personKeys(manager)), label: "manager")
    )
    func persons(_ list: [[UInt8]]) -> [[UInt8]] { list.sorted { $0.lexicographicallyPrecedes($1) } }
    for (id, comment, list) in [
      ("person-missing", "A signer of the state is no person.", [owner]),
      (
        "person-too-many", "A granted person is no signer of the state.",
        [owner, second, FixtureContents.person(fixture.deputy, role: 2, keysHash: .zeros(32))]
      ),
      (
        "person-exchanged", "Another person in a signer's place.",
        [owner, FixtureContents.person(fixture.deputy, role: 2, keysHash: .zeros(32))]
      ),
      (
        "person-removed-but-listed", "A signer of the state has status removed.",
        [owner, second.with([3], at: 17)]
      ),
      (
        "modulus-of-another", "The service's modulus in a person's place: master grants would go there.",
        [
          owner,
          FixtureContents.person(manager, role: 2, keysHash: .zeros(32), modulus: fixture.other.modulus),
        ]
      ),
      (
        "modulus-of-a-removed-person", "A person who is gone has another modulus.",
        [
          owner, second,
          FixtureContents.person(
            fixture.deputy, role: 2, status: 3, keysHash: .zeros(32), modulus: fixture.other.modulus,
            id: fixture.deputy.agentID),
        ]
      ),
      ("two-owners", "Two persons have the role owner.", [owner, second.with([1], at: 16)]),
      ("no-owner", "Nobody has the role owner.", [owner.with([2], at: 16), second]),
      (
        "owner-exchanged", "A manager has the role owner, the owner not.",
        [owner.with([2], at: 16), second.with([1], at: 16)]
      ),
      (
        "owner-without-keys", "The owner's PersonKeys are not known.",
        [owner.with(.zeros(32), at: 306), second]
      ),
    ] {
      try chain(id, "R-12.5-4", comment) { $0.persons = persons(list) }
    }
    // One of two things that go together.
    func mixed(
      _ id: String, _ comment: String, _ state: FixtureState, _ list: [[UInt8]]
    ) throws {
      let contents = try fixture.contents(of: state) { $0.persons = persons(list) }
      try builder.reject(
        "vault-open-\(id)", ["R-12.5-4"], flags: ["Whole"], comment,
        in: input(fixture.vault(contents.bytes, of: state), state: state), code: .chainBroken,
        twin: "vault-open-small")
    }
    let deputy = fixture.deputy
    let turned = FixtureKeys(rsa: deputy, signing: manager)
    try mixed(
      "person-of-another-id", "The person has the signer's key, and another id.", state,
      [owner, FixtureContents.person(turned, role: 2, keysHash: .zeros(32))])
    try mixed(
      "person-of-another-key", "The person has the signer's id, and another key.",
      state.edited {
        $0.persons = [account]
        $0.strangers = [manager.verifyKey + deputy.agentID]
      }, [owner, FixtureContents.person(deputy, role: 2, keysHash: .zeros(32))])
    for (name, id) in manager.agentID.neighbours {
      try mixed(
        "person-and-signer-of-id-\(name)",
        "The id of signer and person differs in a byte from that of the keys.",
        state.edited {
          $0.persons = [account]
          $0.strangers = [manager.verifyKey + id]
        }, [owner, FixtureContents.person(manager, role: 2, keysHash: .zeros(32), id: id)])
    }
    let rootAgain = FixtureKeys(rsa: deputy, signing: account)
    try mixed(
      "owner-removed", "The owner is removed, and another person has the root key.",
      state.edited {
        $0.persons = [manager]
        $0.strangers = [rootAgain.signer]
        $0.signer = manager
      },
      [
        owner.with([3], at: 17), second, FixtureContents.person(rootAgain, role: 2, keysHash: .zeros(32)),
      ])
    for other in [manager, deputy, fixture.agent, fixture.other] {
      let place = account.agentID.lexicographicallyPrecedes(other.agentID) ? "first" : "last"
      let id = "owner-\(place)-of-two-with-\(other.name)"
      let two = state.edited { $0.persons = [account, other] }
      try mixed(
        id, "Two persons have the role owner.", two,
        [owner, FixtureContents.person(other, role: 1, keysHash: SHA256.hash(fixture.personKeys(other)))])
    }
    try chain("made-by-another", "R-12.5-6", "Signed by the owner, made by a manager.") {
      $0.madeBy = manager.agentID
    }
    for (name, id) in account.agentID.neighbours {
      try chain("made-by-\(name)", "R-12.5-6", "The maker's id differs in a byte from the signer's.") {
        $0.madeBy = id
      }
    }
    for (name, person) in owner.neighbours(in: 0..<16) {
      try chain("owners-id-\(name)", "R-12.5-4", "The owner's id differs in a byte.") {
        $0.persons = persons([person, second])
      }
    }
    try chain("made-by-an-agent", "R-12.5-6", "Made by no person.") { $0.madeBy = fixture.agent.agentID }
    try chain("made-by-nobody", "R-12.5-6", "Made by nobody.") { $0.madeBy = .zeros(16) }
    try chain("signed-by-another", "R-12.5-6", "Made by the owner, signed by a manager.", signer: manager) {
      _ in
    }
    // Steps 7 and 8.
    try reject(
      "opened-by-a-stranger", ["R-12.5-4"], "Whole", "The opener is no person of the vault.", good,
      .unknownAgent,
      person: fixture.deputy)
    for (name, id) in account.agentID.neighbours {
      var input = try input(good)
      input["person_id"] = .hex(id)
      try builder.reject(
        "vault-open-opened-by-\(name)", ["R-12.5-4"], flags: ["Whole"],
        "The opener's id differs in a byte from the owner's.", in: input, code: .unknownAgent,
        twin: "vault-open-small")
    }
    let keysHash = SHA256.hash(fixture.personKeys(manager))
    for (half, hash) in [
      ("first", keysHash.with(.zeros(16), at: 16)), ("last", keysHash.with(.zeros(16), at: 0)),
    ] {
      let persons = persons([owner, FixtureContents.person(manager, role: 2, keysHash: hash)])
      let vault = try fixture.vault(small.edited { $0.persons = persons }.bytes, of: state)
      try reject(
        "keys-hash-\(half)-half", ["R-12.5-5"], "Whole", "Half of the hash of the PersonKeys, and zeros.",
        vault,
        .chainBroken, person: manager, twin: "at-a-managers")
      let owners = FixtureContents.person(account, role: 1, keysHash: hash)
      try accept(
        "owners-keys-hash-\(half)-half-of-zeros", ["R-12.5-4"],
        "Half of the hash of the owner's PersonKeys is zero: they are known.",
        small.edited { $0.persons = [owners, second].sorted { $0.lexicographicallyPrecedes($1) } },
        person: manager)
    }
    let gone = small.edited {
      $0.persons = persons([
        owner, second, FixtureContents.person(fixture.deputy, role: 2, status: 3, keysHash: .zeros(32)),
      ])
    }
    try reject(
      "opened-by-who-was-removed", ["R-12.2-2"], "Whole", "The opener was removed.",
      fixture.vault(gone.bytes, of: state),
      .revoked, person: fixture.deputy, twin: "persons-gone")
    let changed = small.edited {
      $0.persons = persons([
        owner, second,
        FixtureContents.person(deputy, role: 2, status: 3, keysHash: bytes("keys of another day", 32)),
      ])
    }
    try reject(
      "order-removed-before-keys", ["R-12.2-2"], "Whole", "The opener was removed, and has other PersonKeys.",
      fixture.vault(changed.bytes, of: state), .revoked, person: deputy, twin: "persons-gone")
    for (who, person) in [("owner", account), ("manager", manager)] {
      try reject(
        "other-keys-of-the-\(who)", ["R-12.5-5"], "Whole",
        "The opener's PersonKeys are others than the vault names.",
        good, .chainBroken, person: person, keys: fixture.personKeys(person).flipped(428),
        twin: who == "owner" ? "small" : "at-a-managers")
    }
    for (name, person) in owner.neighbours(in: 306..<338) {
      try reject(
        "keys-hash-\(name)", ["R-12.5-5"], "Whole", "The hash of the PersonKeys differs in a byte.",
        fixture.vault(small.edited { $0.persons = persons([person, second]) }.bytes, of: state), .chainBroken)
    }
    try reject(
      "keys-hash-similar", ["R-12.5-5"], "Whole", "The hash of the PersonKeys differs in its last byte.",
      fixture.vault(small.edited { $0.persons = persons([owner.flipped(337), second]) }.bytes, of: state),
      .chainBroken)
    try reject(
      "order-note-before-opener", ["R-12.5-4"], "Whole", "The state's note is looked at before the opener.",
      fixture.vault(small.edited { $0.states = [later] }.bytes, of: state), .chainBroken,
      person: fixture.deputy)
  }

  /// Contents that no writer makes.
  private static func contentsFaults(
    _ fixture: Fixture, _ state: FixtureState, _ whole: FixtureContents
  ) throws -> [(id: String, req: String, comment: String, bytes: [UInt8])] {
    let bytes = whole.bytes
    let agent = fixture.agent.agentID
    var faults: [(String, String, String, [UInt8])] = [
      ("empty", "R-8.4-2", "No contents.", []),
      ("cut", "R-8.4-2", "The last byte of the padding is missing.", [UInt8](bytes.dropLast())),
      ("unpadded", "R-8.4-4", "No padding at all.", whole.unpadded),
      (
        "padding-empty", "R-8.4-4", "Padding of no bytes where there must be some.", whole.unpadded + be(0, 2)
      ),
      (
        "padding-not-zero", "R-8.4-4", "The last byte of the padding is not zero.",
        bytes.flipped(bytes.count - 1)
      ),
      (
        "padding-first-byte-not-zero", "R-8.4-4", "The first byte of the padding is not zero.",
        bytes.flipped(whole.unpadded.count + 2)
      ),
      ("more-bytes", "R-8.4-2", "4,096 zero bytes more.", bytes + .zeros(4_096)),
      ("trailing-byte", "R-8.4-2", "A byte more.", bytes + [0]),
    ]
    let short = (4_096 - (whole.unpadded.count + 2) % 4_096) % 4_096
    if short > 0 {
      faults.append(
        (
          "padding-a-byte-short", "R-8.4-4", "A byte of padding too few.",
          whole.unpadded + be(short - 1, 2) + .zeros(short - 1)
        ))
    }
    for (id, comment, count) in [
      ("a-byte-long", "A byte of padding too many.", short + 1),
      ("as-long-as-may-be", "4,095 bytes of padding where fewer are enough.", 4_095),
    ] {
      faults.append(("padding-\(id)", "R-8.4-4", comment, whole.unpadded + be(count, 2) + .zeros(count)))
    }
    faults.append(
      (
        "padding-a-block-too-much", "R-8.4-4", "4,096 bytes of padding too many.",
        whole.unpadded + be(short + 4_096, 2) + .zeros(short + 4_096)
      ))
    func edit(
      _ id: String, _ comment: String, _ req: String = "R-8.4-2", _ edit: (inout FixtureContents) -> Void
    ) {
      faults.append((id, req, comment, whole.edited(edit).bytes))
    }
    edit("made-2-to-53", "A time too late.") { $0.made = 1 << 53 }
    edit("no-states", "No note.") { $0.states = [] }
    edit("states-descending", "Notes in no order.") { $0.states.reverse() }
    edit("states-repeated", "A note twice.") { $0.states = [$0.states[1], $0.states[1]] }
    let same = try state.edited { $0.validUntil += 1 }.note()
    edit("states-of-one-pair", "Two notes of one pair.") { $0.states.append(same) }
    edit("state-generation-0", "A note of generation 0.") {
      $0.states[0] = $0.states[0].with(be(0, 4), at: 0)
    }
    edit("state-epoch-0", "A note of epoch 0.") { $0.states[0] = $0.states[0].with(be(0, 4), at: 12) }
    edit("recent-too-many", "257 hashes of vaults before.") { $0.recent = (0..<257).map { be($0, 32) } }
    edit("retention-6", "Six days are too few.") { $0.retentionDays = 6 }
    edit("retention-3651", "3,651 days are too many.") { $0.retentionDays = 3_651 }
    edit("blob-days-6", "Six days are too few.") { $0.blobDays = 6 }
    edit("blob-days-3651", "3,651 days are too many.") { $0.blobDays = 3_651 }
    edit("no-persons", "Nobody.") { $0.persons = [] }
    edit("persons-descending", "Persons in no order.") { $0.persons.reverse() }
    edit("person-twice", "A person twice.") { $0.persons.insert($0.persons[0], at: 0) }
    edit("person-role-0", "A role that is none.") { $0.persons[0] = $0.persons[0].with([0], at: 16) }
    edit("person-role-3", "A role that is none.") { $0.persons[1] = $0.persons[1].with([3], at: 16) }
    edit("person-retired", "A person is never retired.") { $0.persons[1] = $0.persons[1].with([2], at: 17) }
    edit("65-persons", "65 persons.") { contents in
      let person = contents.persons[0]
      contents.persons = (0..<65).map { person.with(be($0, 2), at: 0) }
    }
    edit("past-keys-descending", "Past keys in no order.") { $0.pastKeys.reverse() }
    edit("past-key-twice", "A past key twice.") { $0.pastKeys.append($0.pastKeys[1]) }
    edit("past-key-epoch-0", "A past key of epoch 0.") { $0.pastKeys[0] = be(0, 4) + $0.pastKeys[0][4...] }
    edit("4097-past-keys", "A past key more than a vault may have.") { contents in
      contents.pastKeys = (1...4_097).map { be($0 + 1, 4) + Fixture.masterKey(1) }
    }
    edit("codes-descending", "Codes in no order.") { $0.codes.reverse() }
    edit("code-twice", "A code twice.") { $0.codes.append($0.codes[2]) }
    edit("257-codes", "257 codes.") { contents in
      contents.codes = (0..<257).map { FixtureContents.code("x").with(be($0, 8), at: 0) }
    }
    for (id, comment, code) in [
      ("role-3", "A role that is none.", FixtureContents.code("first", role: 3)),
      ("kind-0", "A kind that is none.", FixtureContents.code("first", kind: 0)),
      ("approval-0", "An approval that is none.", FixtureContents.code("first", approval: 0)),
      ("approval-3", "An approval that is none.", FixtureContents.code("first", approval: 3)),
      (
        "scoped-for-a-manager", "A manager gets a master grant.",
        FixtureContents.code("first", role: 2, kind: 2, approval: 2)
      ),
      (
        "automatic-for-a-manager", "A manager is approved by a person.",
        FixtureContents.code("first", role: 2, kind: 1, approval: 1)
      ),
      (
        "automatic-for-the-master-key", "Who gets the MasterKey is approved by a person.",
        FixtureContents.code("first", kind: 1, approval: 1)
      ),
      (
        "two-uses-for-a-manager", "A manager's code has one use.",
        FixtureContents.code("first", role: 2, kind: 1, approval: 2, uses: 2)
      ),
      ("expires-2-to-53", "A time too late.", FixtureContents.code("first", expires: 1 << 53)),
      (
        "half-a-nonce", "A nonce of 16 bytes.",
        [UInt8](FixtureContents.code("first").dropLast(2)) + be(16, 2) + .zeros(16)
      ),
    ] {
      edit("code-\(id)", comment, id.hasSuffix("for-a-manager") ? "R-2.2-9" : "R-8.4-2") { $0.codes = [code] }
    }
    edit("members-descending", "Members in no order.") { $0.members.reverse() }
    edit("member-twice", "A member twice.") { $0.members.append($0.members[1]) }
    for (id, comment, member) in [
      ("kind-3", "A kind that is none.", FixtureContents.member(agent, kind: 3)),
      ("status-0", "A status that is none.", FixtureContents.member(agent, status: 0)),
      ("status-4", "A status that is none.", FixtureContents.member(agent, status: 4, listed: 1)),
      ("granted-and-listed", "A granted member is not listed.", FixtureContents.member(agent, listed: 1)),
      (
        "retired-and-not-listed", "A retired member is listed in an epoch.",
        FixtureContents.member(agent, status: 2)
      ),
      (
        "removed-and-not-listed", "A removed member is listed in an epoch.",
        FixtureContents.member(agent, status: 3)
      ),
      (
        "audited-2-to-53", "A number too great.",
        FixtureContents.member(agent, audited: (1 << 53, .zeros(32), 0, 0))
      ),
      (
        "kept-above-audited", "Kept is what was not audited.",
        FixtureContents.member(agent, audited: (3, .zeros(32), 0, 0), kept: (4, .zeros(32)))
      ),
    ] {
      edit("member-\(id)", comment) { $0.members = [member] }
    }
    for (id, comment, erasures) in [
      (
        "erasure-first-0", "Batches are numbered from 1.",
        [FixtureContents.erasure(agent, 0, 5, hash: .zeros(32))]
      ),
      (
        "erasure-first-above-last", "The first is after the last.",
        [FixtureContents.erasure(agent, 6, 5, hash: .zeros(32))]
      ),
      (
        "erasure-last-2-to-53", "A number too great.",
        [FixtureContents.erasure(agent, 1, 1 << 53, hash: .zeros(32))]
      ),
      (
        "erasures-descending", "Erasures in no order.",
        [
          FixtureContents.erasure(agent, 7, 8, hash: .zeros(32)),
          FixtureContents.erasure(agent, 1, 2, hash: .zeros(32)),
        ]
      ),
      (
        "erasures-of-one-first", "Two erasures from one number on.",
        [
          FixtureContents.erasure(agent, 1, 2, hash: .zeros(32)),
          FixtureContents.erasure(agent, 1, 3, hash: .zeros(32)),
        ]
      ),
    ] {
      edit(id, comment) { $0.erasures = erasures }
    }
    for (id, comment, rules) in [
      ("field-0", "A field that is none.", [FixtureContents.rule(0, 1, 0, [])]),
      ("field-16", "A blob's field.", [FixtureContents.rule(16, 1, 0, [])]),
      ("category-4", "A category that is none.", [FixtureContents.rule(1, 4, 0, [])]),
      ("seen-2", "Seen is 0 or 1.", [FixtureContents.rule(1, 1, 2, [])]),
      ("value-4096-bytes", "A value too long.", [FixtureContents.rule(1, 1, 0, .zeros(4_096))]),
      (
        "descending", "Rules in no order.",
        [FixtureContents.rule(1, 1, 0, [2]), FixtureContents.rule(1, 1, 0, [1])]
      ),
      (
        "descending-by-field", "Rules in no order.",
        [FixtureContents.rule(2, 1, 0, [1]), FixtureContents.rule(1, 1, 0, [2])]
      ),
      (
        "of-one-value", "Two rules of one value.",
        [FixtureContents.rule(1, 1, 0, [1]), FixtureContents.rule(1, 2, 1, [1])]
      ),
      (
        "longer-first", "A value before one that it begins with.",
        [FixtureContents.rule(1, 1, 0, [1, 0]), FixtureContents.rule(1, 1, 0, [1])]
      ),
    ] {
      edit("rules-\(id)", comment) { $0.rules = rules }
    }
    return faults.map { (id: $0.0, req: $0.1, comment: $0.2, bytes: $0.3) }
  }
}
