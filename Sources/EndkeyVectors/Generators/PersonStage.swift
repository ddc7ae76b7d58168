internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

/// What the service gives to a person's end, put together so that it opens.
struct PersonStage: Sendable {
  let fixture: Fixture
  let password: FixturePassword
  let managers: FixturePassword
  let state: FixtureState
  let ruleSet: [UInt8]

  init() throws {
    fixture = try Fixture.made.get()
    password = FixturePassword(fixture.accountID)
    managers = password.edited {
      ($0.loginName, $0.normalName) = (Array("Max".utf8), Array("max".utf8))
    }
    state = FixtureState(fixture)
    ruleSet = Fixture.header(9, fixture.accountID, 1) + be(0, 3)
  }

  /// An opening; the members are what the service gives and what the end has.
  struct Opening: Sendable {
    let person: FixtureKeys
    let state: FixtureState
    let contents: FixtureContents
    let counter: UInt64
    var loginName: [UInt8]
    var password: [UInt8]
    var head: [UInt8]
    var keys: [UInt8]
    var stateBytes: [UInt8]
    var wrap: [UInt8]?
    var grant: [UInt8]?
    var vault: [UInt8]
    var ruleSet: [UInt8]?
    var now = Fixture.day(102)
    var isChanged = false
    var pinned: OwnerDisk.Contents?
    /// What an owner's end keeps.
    var kept: [Opening] = []

    func edited(_ edit: (inout Opening) -> Void) -> Opening {
      var opening = self
      edit(&opening)
      return opening
    }

    /// At an end that has opened this before, and was told that it is the newest.
    func remembering(_ edit: (inout OwnerDisk.Contents) -> Void) -> Opening {
      edited { opening in
        var pins = self.pins(confirmed: 1)
        edit(&pins)
        opening.pinned = pins
      }
    }

    /// At an end that has opened `other` before.
    func remembering(_ other: Opening) -> Opening { edited { $0.pinned = other.pins(confirmed: 1) } }

    /// What the end remembers once it has opened this.
    func pins(confirmed: UInt8, generation: UInt32? = nil) -> OwnerDisk.Contents {
      OwnerDisk.Contents(
        head: head, state: stateBytes, generation: generation ?? state.generation, confirmed: confirmed,
        vaultCounter: counter, vaultHash: SHA256.hash(vault))
    }

    var input: JSONObject {
      .of([
        "pins": .hexOrNull(pinned?.bytes), "password_changed": .bool(isChanged),
        "login_name": .hex(loginName),
        "password": .hex(password), "account_secret": .null,
        "messages": messages, "kept": .array(kept.map { .object($0.whole) }), "now": .integer(now),
      ])
    }

    /// What the service gives.
    var messages: JSONValue {
      var messages = JSONObject.of(["head": .hex(head)])
      for member in whole.members { messages.append(member.key, member.value) }
      return .object(messages)
    }

    /// The same without the head, as an end keeps it.
    private var whole: JSONObject {
      .of([
        "person_keys": .hex(keys), "account_state": .hex(stateBytes), "password_wrap": .hexOrNull(wrap),
        "grant": .hexOrNull(grant), "owner_vault": .hex(vault), "rule_set": .hexOrNull(ruleSet),
      ])
    }

    /// What opening it gives. Past keys are as contents have them.
    func output(
      findings: [ErrorCode] = [], isExpired: Bool = false, pins: OwnerDisk.Contents,
      aside: PublicationStage.Aside? = nil, missing: [[[UInt8]]] = []
    ) throws -> JSONObject {
      .of([
        "person_id": .hex(person.agentID), "role": person.name == "account" ? "owner" : "manager",
        "master_key": .hex(Fixture.masterKey(state.epoch, state.line)), "contents": .hex(contents.bytes),
        "findings": .array(findings.map { .code($0) }), "expired": .bool(isExpired),
        "pins": .hex(pins.bytes), "aside": try aside?.value ?? .null,
        "missing": .array(missing.map { ["keys": .pastKeys($0)] }),
      ])
    }
  }

  /// Contents of the vault of a state, with the PersonKeys that open.
  func contents(_ state: FixtureState, password: FixturePassword? = nil) throws -> FixtureContents {
    let owners = try SHA256.hash((password ?? self.password).personKeys(fixture.account))
    let others = try SHA256.hash(managers.personKeys(fixture.manager))
    return try fixture.contents(of: state) {
      $0.persons = [
        FixtureContents.person(fixture.account, role: 1, keysHash: owners, label: "Olive"),
        FixtureContents.person(fixture.manager, role: 2, keysHash: others, label: "Max"),
      ].sorted { $0.lexicographicallyPrecedes($1) }
    }
  }

  /// The owner opens.
  func owner(
    password: FixturePassword? = nil, counter: UInt64 = 7, _ edit: (inout FixtureContents) -> Void = { _ in }
  ) throws -> Opening {
    let contents = try contents(state, password: password).edited(edit)
    return try opening(fixture.account, password ?? self.password, state, contents, counter: counter)
  }

  func owner(_ state: FixtureState, _ contents: FixtureContents, counter: UInt64) throws -> Opening {
    try opening(fixture.account, password, state, contents, counter: counter)
  }

  func manager() throws -> Opening { try manager(state, contents(state), counter: 7) }

  func manager(_ state: FixtureState, _ contents: FixtureContents, counter: UInt64) throws -> Opening {
    try opening(fixture.manager, managers, state, contents, counter: counter)
  }

  /// Somebody else whom a state lists opens it, by the manager's password.
  func person(_ keys: FixtureKeys, _ state: FixtureState) throws -> Opening {
    let hash = try SHA256.hash(managers.personKeys(keys))
    let contents = try contents(state).edited {
      $0.persons = PublicationStage.sorted(
        $0.persons + [FixtureContents.person(keys, role: 2, keysHash: hash)])
    }
    return try opening(keys, managers, state, contents, counter: 7)
  }

  private func opening(
    _ person: FixtureKeys, _ password: FixturePassword, _ state: FixtureState, _ contents: FixtureContents,
    counter: UInt64
  ) throws -> Opening {
    let grant = FixtureGrant(fixture) {
      ($0.kind, $0.recipient, $0.epoch, $0.line) = (1, person, state.epoch, state.line)
    }
    let masterKey = Fixture.masterKey(state.epoch, state.line)
    return Opening(
      person: person, state: state, contents: contents, counter: counter, loginName: password.loginName,
      password: password.password, head: password.head, keys: try password.personKeys(person),
      stateBytes: try state.bytes(),
      wrap: person.name == "account" ? try password.wrap(masterKey, epoch: state.epoch) : nil,
      grant: try grant.bytes(), vault: try fixture.vault(contents.bytes, of: state, counter: counter))
  }
}
