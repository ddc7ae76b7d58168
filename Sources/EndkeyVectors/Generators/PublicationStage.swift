internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

/// An account of two persons and two members in its second epoch, of which two other members have gone; and what acts
/// make of it, put together from bytes.
struct PublicationStage {
  let fixture: Fixture
  let state: FixtureState
  /// Went in the epoch of now.
  let gone = bytes("gone member", 16)
  /// Went in the epoch before.
  let longGone = bytes("long gone member", 16)

  init() throws {
    fixture = try Fixture.made.get()
    let revoked = Self.sorted([gone, longGone])
    state = FixtureState(fixture) { ($0.epoch, $0.counter, $0.revoked) = (2, 4, revoked) }
  }

  static func sorted(_ elements: [[UInt8]]) -> [[UInt8]] {
    elements.sorted { $0.lexicographicallyPrecedes($1) }
  }

  // MARK: - What the vault says

  func persons(
    managersKeys: [UInt8]? = nil, managersStatus: UInt8 = 1, more: [[UInt8]] = []
  ) -> [[UInt8]] {
    let (owner, manager) = (fixture.account, fixture.manager)
    return Self.sorted(
      [
        FixtureContents.person(
          owner, role: 1, keysHash: SHA256.hash(fixture.personKeys(owner)), label: "Olive"),
        FixtureContents.person(
          manager, role: 2, status: managersStatus,
          keysHash: managersKeys ?? SHA256.hash(fixture.personKeys(manager)), label: "Max"),
      ] + more)
  }

  /// Persons who were removed, of keys that nobody has.
  func removedPersons(_ count: Int) -> [[UInt8]] {
    (0..<count).map { number in
      let (modulus, verifyKey) = (bytes("modulus \(number)", 256), bytes("verify key \(number)", 32))
      let id = Fixture.hash("agent-id", modulus + verifyKey).prefix(16)
      return Fixture.joined(Array(id), [2, 3], modulus, verifyKey, .zeros(33))
    }
  }

  /// Who comes with `add_person`, as the vault has it.
  var comer: [UInt8] {
    FixtureContents.person(fixture.deputy, role: 2, keysHash: .zeros(32), label: "Dora")
  }

  /// A member with the status that the first number is, listed first in the epoch that the second is.
  typealias Ended = (status: UInt8, listed: UInt32)

  /// Label and mark are the agent's.
  func members(
    agent: Ended? = nil, other: Ended? = nil, label: String = "computer",
    mark: (UInt64, [UInt8], UInt32, UInt64) = (0, .zeros(32), 0, 0), agentKind: UInt8 = 2,
    otherKind: UInt8 = 2, otherCode: String = "second", otherLabel: String = "computer"
  ) -> [[UInt8]] {
    func member(_ id: [UInt8], _ code: String, _ ended: Ended) -> [UInt8] {
      FixtureContents.member(id, status: ended.status, listed: ended.listed, code: code)
    }
    let own = FixtureContents.member(
      fixture.agent.agentID, kind: agentKind, status: agent?.status ?? 1, listed: agent?.listed ?? 0,
      label: label, audited: mark)
    let second = FixtureContents.member(
      fixture.other.agentID, kind: otherKind, status: other?.status ?? 1, listed: other?.listed ?? 0,
      code: otherCode, label: otherLabel)
    return Self.sorted([
      own, second, member(gone, "second", (3, 2)),
      member(longGone, "first", (2, 1)),
    ])
  }

  // MARK: - Acts

  /// The input of an act.
  struct Making {
    let stage: PublicationStage
    let act: String
    let state: FixtureState
    let contents: FixtureContents
    let counter: UInt64
    var person: FixtureKeys
    /// What the vault is to say.
    var wanted: FixtureContents
    var isRemembered = true
    var generation: UInt32
    var isDurable = true
    var isNewest = false
    var isWithoutStorage = false
    var isClockRight = false
    var now = Fixture.day(100, hours: 10)
    var agents: [[UInt8]] = []
    var persons: [[UInt8]] = []
    /// The members that the person was asked about, with their kinds; nil for those that the act asks about.
    var staying: [([UInt8], String)]?
    var comes: FixtureKeys?
    var ruleSet: [UInt8]?
    /// What is served where the end works from the whole that it had kept.
    var aside: Aside?
    /// Past keys that the end had kept and the account lacks, by the wholes that had them.
    var missing: [[[UInt8]]] = []

    func edited(_ edit: (inout Making) -> Void) -> Making {
      var making = self
      edit(&making)
      return making
    }
  }

  /// What is served, as much of it as a root act needs.
  struct Aside {
    var hash = bytes("served vault", 32)
    var counter: UInt64 = 0
    var state: FixtureState?
    /// Past keys, the vault's own first.
    var keys: [[UInt8]] = []

    var value: JSONValue {
      get throws {
        [
          "vault_hash": .hex(hash), "counter": .integer(counter), "state": .hexOrNull(try state?.bytes()),
          "keys": .pastKeys(keys),
        ]
      }
    }
  }

  func making(
    _ act: String, state edit: (inout FixtureState) -> Void = { _ in }, counter: UInt64 = 7,
    contents editContents: (inout FixtureContents) -> Void = { _ in }
  ) throws -> Making {
    let state = state.edited(edit)
    let contents = try fixture.contents(of: state) {
      $0.persons = persons()
      $0.pastKeys = [be(1, 4) + Fixture.masterKey(1)]
      $0.codes = Self.sorted([FixtureContents.code("first", uses: 2), FixtureContents.code("second")])
      $0.members = members()
      editContents(&$0)
    }
    return Making(
      stage: self, act: act, state: state, contents: contents, counter: counter, person: fixture.account,
      wanted: contents, generation: state.generation)
  }

  /// What an act makes, beside what every act does: the changes of the state, where there is a new one, and of the
  /// vault.
  struct Expected {
    /// By default the end's clock, or the newest note's time if that is greater.
    var made: UInt64?
    /// The greatest generation signed or seen then; by default as before.
    var generation: UInt32?
    var state: ((inout FixtureState) -> Void)?
    var contents: (inout FixtureContents) -> Void = { _ in }
    /// The epochs whose keys the vault keeps; by default as before.
    var pastEpochs: [UInt32]?
    var ruleSet: [UInt8]?
    var grants: [FixtureKeys] = []
    /// By default one more.
    var vaultCounter: UInt64?
  }
}

extension PublicationStage.Making {
  private var vault: [UInt8] {
    get throws { try stage.fixture.vault(contents.bytes, of: state, counter: counter) }
  }

  private func vaultSalt() -> [UInt8] { bytes("vault salt of publications", 24) }

  private func madeAt(_ expected: PublicationStage.Expected) -> UInt64 {
    expected.made ?? max(now, state.made)
  }

  private func nextState(_ expected: PublicationStage.Expected) -> FixtureState? {
    guard let edit = expected.state else { return nil }
    var next = state
    next.made = madeAt(expected)
    next.counter = state.counter &+ 1
    next.signer = person
    edit(&next)
    next.validUntil = min(next.made + 60 * Fixture.day, next.until)
    return next
  }

  private func recipients(_ expected: PublicationStage.Expected) -> [FixtureKeys] {
    expected.grants.sorted { $0.agentID.lexicographicallyPrecedes($1.agentID) }
  }

  private func grants(_ expected: PublicationStage.Expected) -> [FixtureGrant] {
    let epoch = nextState(expected)?.epoch ?? state.epoch
    return recipients(expected).map { recipient in
      FixtureGrant(stage.fixture) {
        ($0.kind, $0.epoch, $0.recipient, $0.signer) = (1, epoch, recipient, person)
        $0.seedName = " to \(recipient.name)"
      }
    }
  }

  /// `expected` is nothing where the act is refused.
  func input(_ expected: PublicationStage.Expected? = nil) throws -> JSONObject {
    var input = JSONObject.of([
      "act": .string(act), "seed": .hex(person.seed), "state": .hex(try state.bytes()),
      "vault": .hex(try vault),
      "master_key": .hex(Fixture.masterKey(state.epoch)), "contents": .hex(wanted.bytes),
      "aside": try aside?.value ?? .null, "missing": .array(missing.map { ["keys": .pastKeys($0)] }),
      "remembered": .bool(isRemembered), "generation": .integer(generation), "durable": .bool(isDurable),
      "says": [
        "newest": .bool(isNewest), "without_storage": .bool(isWithoutStorage), "clock": .bool(isClockRight),
      ], "now": .integer(now),
    ])
    if ["retire", "remove", "remove_person", "repair"].contains(act) { input["agents"] = .hexes(agents) }
    if ["remove", "add_person", "remove_person", "repair"].contains(act) {
      let members = [stage.fixture.agent.agentID, stage.fixture.other.agentID].filter { !agents.contains($0) }
      let isDue = generation > state.generation || aside != nil
      let isRaising = act == "add_person" ? isDue : act != "remove"
      let staying = staying ?? (isRaising ? members.map { ($0, "scoped") } : [])
      input["staying"] = .array(staying.map { ["agent_id": .hex($0.0), "kind": .string($0.1)] })
    }
    if act == "remove_person" { input["persons"] = .hexes(persons) }
    if act == "add_person" {
      let comes = comes ?? stage.fixture.deputy
      input["person"] = [
        "modulus": .hex(comes.modulus), "verify_key": .hex(comes.verifyKey),
        "label": .hex(Array("Dora".utf8)),
      ]
    }
    if ["rotate", "remove", "add_person", "remove_person", "repair"].contains(act) {
      let epoch = expected.map { nextState($0)?.epoch ?? state.epoch }
      let isKept = epoch.map { $0 == state.epoch } ?? (act == "add_person")
      input["next_master_key"] = isKept ? .null : .hex(Fixture.masterKey(epoch ?? state.epoch &+ 1))
    }
    input["rule_set"] = .hexOrNull(ruleSet)
    input["salt"] = .hex(vaultSalt())
    input["oaep_seeds"] = .hexes(expected.map { grants($0).map(\.seed) } ?? [])
    return input
  }

  func output(_ expected: PublicationStage.Expected) throws -> JSONObject {
    let vault = try vault
    let next = nextState(expected)
    let of = next ?? state
    var contents = wanted
    contents.made = madeAt(expected)
    contents.madeBy = person.agentID
    if let next { contents.states.append(try next.note()) }
    let replaced = aside?.hash ?? SHA256.hash(vault)
    contents.recent += [SHA256.hash(vault)] + (replaced == SHA256.hash(vault) ? [] : [replaced])
    contents.recent = contents.recent.suffix(256)
    if let epochs = expected.pastEpochs {
      contents.pastKeys = epochs.map { be($0, 4) + Fixture.masterKey($0) }
    }
    if let ruleSet = expected.ruleSet {
      contents.ruleSet = ruleSet
    } else if of.epoch != state.epoch {
      contents.ruleSet = .zeros(32)
    }
    expected.contents(&contents)
    let made = try stage.fixture.vault(
      contents.bytes, of: of, counter: expected.vaultCounter ?? counter &+ 1, signer: person,
      salt: vaultSalt())
    return .of([
      "expect": .hex(replaced), "state": .hexOrNull(try next?.bytes()), "vault": .hex(made),
      "contents": .hex(contents.bytes), "grants": .hexes(try grants(expected).map { try $0.bytes() }),
      "generation": .integer(expected.generation ?? max(generation, of.generation)),
    ])
  }
}

extension JSONValue {
  /// MasterKeys, as contents have past keys.
  static func pastKeys(_ keys: [[UInt8]]) -> JSONValue {
    .array(
      keys.map { key in
        let epoch = key.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        return ["epoch": .integer(epoch), "master_key": .hex(Array(key.dropFirst(4)))]
      })
  }
}
