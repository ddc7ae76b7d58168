internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let localStates: [Family] = [
    Family("local-state/open", flags: [sealFlag, contentsFlag]) { builder in
      for type in [AgentDisk.type, OwnerDisk.type] { try buildLocalState(type, &builder) }
      try AgentDisk.build(&builder)
      try OwnerDisk.build(&builder)
    }
  ]

  private static let sealFlag = VectorFile.Flag(
    "Seal", bugType: "MISSING_CHECK", effect: "who writes to the disk says what the end remembers",
    refs: ["R-13.4-1"])
  private static let contentsFlag = VectorFile.Flag(
    "Contents", bugType: "MISSING_CHECK", effect: "a state that no end writes is worked with",
    refs: ["R-13.4-3"])

  static let deviceKey = bytes("device key", 32)

  /// A LocalState whose contents are sealed.
  static func localState(
    _ contents: [UInt8], type: UInt8, account: [UInt8], epoch: UInt32, writes: UInt64 = 3,
    key: [UInt8]? = nil, context: [UInt8]? = nil
  ) throws -> [UInt8] {
    let head = Fixture.header(type, account, epoch) + be(writes, 8)
    let key = try key ?? Fixture.derive(deviceKey, "local-state", account + [type])
    let sealed = try Fixture.seal(
      contents, key: key, context: context ?? head, salt: bytes("local salt \(type)", 24))
    return head + be(sealed.count, 3) + sealed
  }

  static func opening(_ message: [UInt8], key: [UInt8] = deviceKey) -> JSONObject {
    .of(["device_key": .hex(key), "message": .hex(message)])
  }

  /// What is asked of both types: `type` is 11 or 12.
  private static func buildLocalState(_ type: UInt8, _ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let name = type == 11 ? "agent" : "person"
    let contents = try type == 11 ? AgentDisk(fixture).active.bytes : OwnerDisk(fixture).usual.bytes
    let account = fixture.accountID
    let good = try localState(contents, type: type, account: account, epoch: 1)
    let twin = "local-state-open-\(name)"
    try builder.accept(
      twin, ["R-13.4-1"], "What an end has written.", in: opening(good), out: .of("contents", contents))
    func reject(
      _ id: String, _ comment: String, _ message: [UInt8], _ code: ErrorCode = .localStateOpenFailed,
      offset: Int? = nil, key: [UInt8] = deviceKey
    ) throws {
      try builder.reject(
        "\(twin)-\(id)", ["R-13.4-1"], flags: ["Seal"], comment, in: opening(message, key: key), code: code,
        offset: offset, twin: twin)
    }
    try reject("cut", "The last byte is missing.", [UInt8](good.dropLast()), .truncated, offset: 35)
    try reject("trailing-byte", "A byte too many.", good + [0], .trailingBytes, offset: good.count)
    try reject("empty", "Nothing.", [], .truncated, offset: 0)
    try reject("type-10", "Another type.", good.with([10], at: 3), .unexpectedType, offset: 3)
    try reject("of-the-other-type", "Said to be of the other end.", good.with([23 - type], at: 3))
    try reject("another-device-key", "Another device key.", good, key: deviceKey.flipped(31))
    for (what, at) in [
      ("account", 19), ("epoch", 23), ("writes", 31), ("salt", 35), ("commitment", 60), ("first-byte", 91),
      ("last-byte", good.count - 1),
    ] {
      try reject("\(what)-flipped", "One bit of it is wrong.", good.flipped(at))
    }
    for (id, comment, key, context) in [
      ("the-device-key", "Sealed under the device key itself.", deviceKey, nil),
      (
        "the-key-of-the-other-type", "Sealed under the key of the other end.",
        try Fixture.derive(deviceKey, "local-state", account + [23 - type]), nil
      ),
      (
        "the-spool-key", "Sealed under the key of a spool.",
        try Fixture.derive(deviceKey, "spool", account + fixture.agent.agentID), nil
      ),
      ("no-context", "Sealed under no context.", nil, []),
      ("the-header-as-context", "The context leaves the number of writes out.", nil, [UInt8](good[..<24])),
    ] as [(String, String, [UInt8]?, [UInt8]?)] {
      try reject(
        "sealed-with-\(id)", comment,
        localState(contents, type: type, account: account, epoch: 1, key: key, context: context))
    }
    try reject(
      "contents-cut", "Contents without their last byte.",
      localState([UInt8](contents.dropLast()), type: type, account: account, epoch: 1))
    try reject(
      "contents-and-more", "A byte behind the contents.",
      localState(contents + [0], type: type, account: account, epoch: 1))
    try reject("contents-empty", "No contents.", localState([], type: type, account: account, epoch: 1))
  }
}

/// AgentContents.
private struct AgentDisk {
  static let type: UInt8 = 11

  struct Contents {
    var phase: UInt8
    var keys: [UInt8]
    var request: [UInt8] = []
    var terms: [UInt8] = []
    var state: [UInt8] = []
    var least: UInt64 = 0
    var running: UInt64 = 0
    var age: UInt64 = 0
    var sequence: UInt64 = 0
    var batchHash = [UInt8].zeros(32)
    var epochKeys: [UInt8] = []

    var bytes: [UInt8] {
      var bytes = [phase] + keys + be(request.count, 2) + request
      bytes += [UInt8(terms.count)] + terms + be(state.count, 3) + state
      bytes += be(least, 8) + be(running, 8) + be(age, 8)
      return bytes + be(sequence, 8) + batchHash + [UInt8(epochKeys.count)] + epochKeys
    }

    func edited(_ edit: (inout Contents) -> Void) -> Contents {
      var contents = self
      edit(&contents)
      return contents
    }
  }

  let fixture: Fixture
  let unpinned: Contents
  let pinned: Contents
  let waiting: Contents
  let active: Contents
  let revoked: Contents

  static func terms(generation: UInt32 = 5, made: UInt64 = Fixture.day(95), kind: UInt8 = 2, role: UInt8 = 1)
    -> [UInt8]
  {
    Fixture.joined(be(generation, 4), be(made, 8), [kind, role])
  }

  init(_ fixture: Fixture) throws {
    self.fixture = fixture
    let agent = fixture.agent
    unpinned = Contents(phase: 1, keys: agent.p + agent.q + agent.seed)
    let request = try EnrolmentSample(fixture: fixture).request()
    pinned = unpinned.edited { ($0.phase, $0.request, $0.terms, $0.age) = (2, request, Self.terms(), 5) }
    let state = try FixtureState(fixture).bytes()
    waiting = pinned.edited {
      ($0.phase, $0.state, $0.least, $0.running) = (3, state, Fixture.day(100), 7)
    }
    let keys = try fixture.key("token", 1, count: 64) + fixture.key("agent", 1, agent: agent.agentID)
    active = waiting.edited {
      ($0.phase, $0.epochKeys, $0.sequence, $0.batchHash) = (4, keys, 9, bytes("batch", 32))
    }
    let listing = try FixtureState(fixture) { $0.revoked = [agent.agentID] }.bytes()
    revoked = active.edited { ($0.phase, $0.epochKeys, $0.state) = (5, [], listing) }
  }

  static func build(_ builder: inout FamilyBuilder) throws {
    let disk = try AgentDisk(Fixture.made.get())
    let fixture = disk.fixture
    func sealed(_ contents: Contents, account: [UInt8]? = nil, epoch: UInt32 = 1) throws -> JSONObject {
      Family.opening(
        try Family.localState(contents.bytes, type: type, account: account ?? fixture.accountID, epoch: epoch)
      )
    }
    func accept(
      _ id: String, _ comment: String, _ contents: Contents, account: [UInt8]? = nil, epoch: UInt32 = 1
    ) throws {
      try builder.accept(
        "local-state-open-agent-\(id)", ["R-13.4-3"], comment,
        in: sealed(contents, account: account, epoch: epoch),
        out: .of("contents", contents.bytes))
    }
    try accept("unpinned", "Before any code.", disk.unpinned, account: .zeros(16), epoch: 0)
    try accept("pinned", "A code was given.", disk.pinned, epoch: 0)
    try accept("waiting", "A state was accepted.", disk.waiting)
    try accept(
      "waiting-without-request", "The request is no longer kept.", disk.waiting.edited { $0.request = [] })
    try accept(
      "active-without-request", "The request is no longer kept.", disk.active.edited { $0.request = [] })
    try accept(
      "active-before-any-batch", "No batch was made yet.",
      disk.active.edited { ($0.sequence, $0.batchHash) = (0, .zeros(32)) })
    try accept("revoked", "The state lists the agent.", disk.revoked)
    let healed = try FixtureState(fixture) { $0.generation = 6 }.bytes()
    try accept(
      "revoked-by-the-state-before", "The newest state lists it no more, and no grant has come.",
      disk.revoked.edited { $0.state = healed })
    try accept(
      "of-a-master-code", "The code leads to a master grant: scoped keys are kept all the same.",
      disk.active.edited { $0.terms = terms(kind: 1) })
    try accept(
      "greatest-numbers", "The greatest numbers.",
      disk.active.edited {
        let most: UInt64 = 1 << 53 - 1
        ($0.least, $0.running, $0.age, $0.sequence) = (most, most, most, most)
      })
    // A time of which the lower 32 bits are zero.
    let border = (Fixture.day(100) >> 32) << 32
    func made(_ made: UInt64, least: UInt64) throws -> Contents {
      let state = try FixtureState(fixture) {
        ($0.made, $0.validUntil) = (made, made + 60 * Fixture.day)
        ($0.from, $0.until) = (made - Fixture.day, made + 89 * Fixture.day)
      }.bytes()
      return disk.waiting.edited { ($0.state, $0.least) = (state, least) }
    }
    try accept(
      "least-above-32-bits", "The least time is a millisecond behind the state's, in 53 bits.",
      made(border - 1, least: border))
    func reject(
      _ id: String, _ comment: String, _ contents: Contents, account: [UInt8]? = nil, epoch: UInt32 = 1,
      twin: String = ""
    ) throws {
      try builder.reject(
        "local-state-open-agent-\(id)", ["R-13.4-3", "R-8.4-2"], flags: ["Contents"], comment,
        in: sealed(contents, account: account, epoch: epoch), code: .localStateOpenFailed,
        twin: "local-state-open-agent\(twin)")
    }
    func active(_ id: String, _ comment: String, _ edit: (inout Contents) -> Void) throws {
      try reject("active-\(id)", comment, disk.active.edited(edit))
    }
    try reject(
      "least-below-32-bits", "The least time is a millisecond before the state's, in 53 bits.",
      made(border, least: border - 1), twin: "-least-above-32-bits")
    let key = [UInt8].zeros(96)
    // Grammar.
    try active("phase-0", "A phase that is none.") { $0.phase = 0 }
    try active("phase-7", "A phase that is none.") { $0.phase = 7 }
    try active("request-cut", "Half a request.") { $0.request = [UInt8]($0.request[..<220]) }
    try active("request-of-another-type", "The request is none.") { $0.request = $0.request.with([4], at: 3) }
    try active("terms-cut", "Half of the terms.") { $0.terms = [UInt8]($0.terms[..<7]) }
    try active("terms-generation-0", "Terms of generation 0.") { $0.terms = terms(generation: 0) }
    try active("state-cut", "Half a state.") { $0.state = [UInt8]($0.state[..<100]) }
    try active("keys-of-95-bytes", "Keys of 95 bytes.") { $0.epochKeys = [UInt8]($0.epochKeys.dropLast()) }
    for (id, edit) in [
      ("least", { $0.least = 1 << 53 }), ("running", { $0.running = 1 << 53 }), ("age", { $0.age = 1 << 53 }),
      ("sequence", { $0.sequence = 1 << 53 }),
    ] as [(String, (inout Contents) -> Void)] {
      try active("\(id)-2-to-53", "A number too great.", edit)
    }
    // By phase.
    try reject("stopped", "A stopped agent writes nothing.", disk.active.edited { $0.phase = 6 })
    let nobody = [UInt8].zeros(16)
    for (name, contents, account, epoch) in [
      ("unpinned", disk.unpinned, nobody, 0), ("pinned", disk.pinned, fixture.accountID, 0),
      ("waiting", disk.waiting, fixture.accountID, 1), ("revoked", disk.revoked, fixture.accountID, 1),
    ] as [(String, Contents, [UInt8], UInt32)] {
      try reject(
        "\(name)-and-stopped", "A stopped agent writes nothing.", contents.edited { $0.phase = 6 },
        account: account, epoch: epoch, twin: "-\(name)")
    }
    let sample = EnrolmentSample(fixture: fixture)
    let nobodys = try sample.sealed(disk.pinned.request.with(nobody, at: 4))
    for (id, comment, edit) in [
      ("a-request", "A request.", { $0.request = disk.pinned.request }),
      ("a-request-of-nobodys-account", "A request to no account.", { $0.request = nobodys }),
      ("terms", "Terms.", { $0.terms = terms() }),
      ("an-age", "An age.", { $0.age = 1 }), ("a-least", "A least time.", { $0.least = 1 }),
      ("running", "Time that it has run.", { $0.running = 1 }), ("keys", "Keys.", { $0.epochKeys = key }),
      ("a-sequence", "A batch.", { ($0.sequence, $0.batchHash) = (1, bytes("batch", 32)) }),
    ] as [(String, String, (inout Contents) -> Void)] {
      try reject(
        "unpinned-with-\(id)", "\(comment) There is none before a code.", disk.unpinned.edited(edit),
        account: nobody, epoch: 0, twin: "-unpinned")
    }
    try reject(
      "unpinned-with-an-account", "An account that nobody has given.", disk.unpinned, epoch: 0,
      twin: "-unpinned")
    for (id, comment, edit) in [
      ("without-request", "The request is not there.", { $0.request = [] }),
      ("without-terms", "The terms are not there.", { $0.terms = [] }),
      ("with-a-least", "A least time without a state.", { $0.least = 1 }),
      ("with-running", "Time run without a state.", { $0.running = 1 }),
      ("with-keys", "Keys without a state.", { $0.epochKeys = key }),
    ] as [(String, String, (inout Contents) -> Void)] {
      try reject("pinned-\(id)", comment, disk.pinned.edited(edit), epoch: 0, twin: "-pinned")
    }
    try reject(
      "pinned-with-a-state", "A state while none was accepted.", disk.waiting.edited { $0.phase = 2 },
      twin: "-waiting")
    try reject(
      "pinned-without-account", "The account is not there.", disk.pinned, account: nobody, epoch: 0,
      twin: "-pinned")
    for (phase, name, contents) in [
      (3, "waiting", disk.waiting), (4, "active", disk.active), (5, "revoked", disk.revoked),
    ] as [(UInt8, String, Contents)] {
      try reject(
        "\(name)-without-state", "The state is not there.",
        disk.pinned.edited { ($0.phase, $0.epochKeys) = (phase, contents.epochKeys) }, epoch: 0,
        twin: "-pinned")
      try reject(
        "\(name)-without-terms", "The terms are not there.", contents.edited { $0.terms = [] },
        twin: "-\(name == "active" ? "active-before-any-batch" : name)")
    }
    try reject(
      "waiting-with-keys", "Keys while it waits for some.", disk.active.edited { $0.phase = 3 },
      twin: "-waiting")
    try reject(
      "revoked-with-keys", "A revoked agent has none.", disk.revoked.edited { $0.epochKeys = key },
      twin: "-revoked")
    try active("without-keys", "An active agent has keys.") { $0.epochKeys = [] }
    try active("that-the-state-lists", "The state lists the agent.") { $0.state = disk.revoked.state }
    try reject(
      "waiting-that-the-state-lists", "The state lists the agent.",
      disk.waiting.edited { $0.state = disk.revoked.state }, twin: "-waiting")
    // Moreover.
    try active("of-a-managers-code", "The terms are a manager's.") { $0.terms = terms(kind: 1, role: 2) }
    try active("primes-swapped", "The smaller prime comes first.") {
      $0.keys = fixture.agent.q + fixture.agent.p + fixture.agent.seed
    }
    try active("primes-of-another", "The request is not of these keys.") {
      $0.keys = fixture.other.p + fixture.other.q + fixture.other.seed
    }
    try active("p-composite", "The larger number is even.") { $0.keys = $0.keys.flipped(127) }
    try active("p-odd-composite", "The larger number is composite, without a factor below 1,024.") {
      $0.keys = fixture.agent.p.adding([2]).withoutSmallFactors + $0.keys.dropFirst(128)
    }
    for (id, comment, request) in [
      (
        "account", "The request is of another account.",
        try sample.sealed(disk.pinned.request.with(fixture.other.accountID, at: 4))
      ),
      (
        "modulus", "The request is of another RSA key.",
        try sample.request(FixtureKeys(rsa: fixture.other, signing: fixture.agent))
      ),
      (
        "verify-key", "The request is of another Ed25519 key.",
        try sample.request(FixtureKeys(rsa: fixture.agent, signing: fixture.other))
      ),
    ] {
      try active("request-of-another-\(id)", comment) { $0.request = request }
      try reject(
        "pinned-request-of-another-\(id)", comment, disk.pinned.edited { $0.request = request }, epoch: 0,
        twin: "-pinned")
    }
    for (name, bad) in disk.active.request.neighbours(in: 4..<20) {
      try active("request-of-account-\(name)", "The account of the request differs in a byte.") {
        $0.request = bad
      }
    }
    for (name, bad) in disk.active.request.neighbours(in: 24..<280) {
      try active("request-of-modulus-\(name)", "The modulus of the request differs in a byte.") {
        $0.request = bad
      }
    }
    for (name, bad) in disk.active.request.neighbours(in: 280..<312) {
      try active("request-of-key-\(name)", "The Ed25519 key of the request differs in a byte.") {
        $0.request = bad
      }
    }
    for (name, bad) in disk.active.state.neighbours(in: 4..<20) {
      try active("state-of-account-\(name)", "The account of the state differs in a byte.") { $0.state = bad }
    }
    for half in 0..<2 {
      let bytes = [UInt8](0..<16)
      let hash = half == 0 ? .zeros(16) + bytes : bytes + .zeros(16)
      let name = half == 0 ? "first" : "last"
      try accept(
        "hash-with-a-\(name)-half-of-zeros", "Half of a hash is zero.",
        disk.active.edited { $0.batchHash = hash })
      let account = [UInt8](hash[8..<24])
      try reject(
        "unpinned-with-an-account-whose-\(name)-half-is-zeros", "An account that nobody has given.",
        disk.unpinned,
        account: half == 0 ? .zeros(8) + account[8...] : account[..<8] + .zeros(8), epoch: 0,
        twin: "-unpinned")
    }
    for (id, edit) in [
      ("request", { $0.request.append(0) }), ("terms", { $0.terms.append(0) }),
      ("state", { $0.state.append(0) }),
      ("keys", { $0.epochKeys.append(0) }),
    ] as [(String, (inout Contents) -> Void)] {
      try active("\(id)-and-more", "A byte behind a struct, within its vector.", edit)
    }
    let strangers = try FixtureState(fixture) {
      ($0.root, $0.persons, $0.signer, $0.certifier) = (
        fixture.other, [fixture.other], fixture.other, fixture.other
      )
    }.bytes()
    try active("state-of-another-account", "The state is of another account.") { $0.state = strangers }
    try reject(
      "active-epoch-of-another-state", "The header has another epoch than the state.", disk.active, epoch: 2)
    try reject("active-epoch-0", "The header has no epoch.", disk.active, epoch: 0)
    try reject(
      "pinned-epoch-1", "The header has an epoch without a state.", disk.pinned, epoch: 1, twin: "-pinned")
    try active("generation-below-the-terms", "The state's generation is below that of the code.") {
      $0.terms = terms(generation: 6)
    }
    try active("least-below-made", "The clock is before the state.") { $0.least = Fixture.day(100) - 1 }
    try active("sequence-0-with-a-hash", "A hash of no batch.") { $0.sequence = 0 }
    try active("sequence-without-a-hash", "A batch without a hash.") { $0.batchHash = .zeros(32) }
  }
}

/// OwnerContents.
struct OwnerDisk {
  static let type: UInt8 = 12

  struct Contents: Sendable {
    var head: [UInt8]
    var state: [UInt8] = []
    var generation: UInt32 = 5
    var confirmed: UInt8 = 0
    var vaultCounter: UInt64 = 0
    var vaultHash = [UInt8].zeros(32)
    var pendingVault = [UInt8].zeros(32)
    var pendingState = [UInt8].zeros(32)
    var pendingRuleSet = [UInt8].zeros(32)

    var bytes: [UInt8] {
      var bytes = head + be(state.count, 3) + state
      bytes += be(generation, 4) + [confirmed] + be(vaultCounter, 8)
      return bytes + vaultHash + pendingVault + pendingState + pendingRuleSet
    }

    func edited(_ edit: (inout Contents) -> Void) -> Contents {
      var contents = self
      edit(&contents)
      return contents
    }
  }

  let fixture: Fixture
  let usual: Contents

  init(_ fixture: Fixture) throws {
    self.fixture = fixture
    usual = Contents(
      head: FixturePassword(fixture.accountID).head, state: try FixtureState(fixture).bytes(), generation: 5,
      confirmed: 1,
      vaultCounter: 7, vaultHash: bytes("vault hash", 32))
  }

  static func build(_ builder: inout FamilyBuilder) throws {
    let disk = try OwnerDisk(Fixture.made.get())
    let (fixture, usual) = (disk.fixture, disk.usual)
    func sealed(_ contents: Contents, epoch: UInt32 = 1) throws -> JSONObject {
      Family.opening(
        try Family.localState(contents.bytes, type: type, account: fixture.accountID, epoch: epoch))
    }
    func accept(_ id: String, _ comment: String, _ contents: Contents, epoch: UInt32 = 1) throws {
      try builder.accept(
        "local-state-open-person-\(id)", ["R-13.4-3"], comment, in: sealed(contents, epoch: epoch),
        out: .of("contents", contents.bytes))
    }
    let enrolled = Contents(head: usual.head, generation: 5)
    let pending = usual.edited {
      ($0.pendingVault, $0.pendingState, $0.pendingRuleSet) = (bytes("v", 32), bytes("s", 32), bytes("r", 32))
    }
    try accept("enrolled", "A manager before the first opening.", enrolled, epoch: 0)
    try accept("unconfirmed", "Nobody has said yet that it is the newest.", usual.edited { $0.confirmed = 0 })
    try accept("pending", "A publication is pending.", pending)
    try accept(
      "pending-vault-alone", "A vault alone is pending.", usual.edited { $0.pendingVault = bytes("v", 32) })
    try accept(
      "root-act-due", "A greater generation was signed and lost.", usual.edited { $0.generation = 9 })
    try accept(
      "greatest-numbers", "The greatest numbers.",
      usual.edited { ($0.generation, $0.vaultCounter) = (.max, 1 << 53 - 1) })
    func reject(_ id: String, _ comment: String, _ contents: Contents, epoch: UInt32 = 1, twin: String = "")
      throws
    {
      try builder.reject(
        "local-state-open-person-\(id)", ["R-13.4-3", "R-8.4-2"], flags: ["Contents"], comment,
        in: sealed(contents, epoch: epoch), code: .localStateOpenFailed,
        twin: "local-state-open-person\(twin)")
    }
    try reject("confirmed-2", "Confirmed is 0 or 1.", usual.edited { $0.confirmed = 2 })
    try reject("generation-0", "Generations start with 1.", usual.edited { $0.generation = 0 })
    try reject("vault-counter-2-to-53", "A number too great.", usual.edited { $0.vaultCounter = 1 << 53 })
    try reject("state-cut", "Half a state.", usual.edited { $0.state = [UInt8]($0.state[..<100]) })
    try reject(
      "state-and-more", "A byte behind the state, within its vector.", usual.edited { $0.state.append(0) })
    try reject(
      "head-of-another-type", "The head is none.", usual.edited { $0.head = $0.head.with([1], at: 3) })
    try reject(
      "head-of-another-account", "The head is of another account.",
      usual.edited { $0.head = $0.head.flipped(19) })
    for (name, bad) in usual.head.neighbours(in: 4..<20) {
      try reject(
        "head-of-account-\(name)", "The account of the head differs in a byte.",
        usual.edited { $0.head = bad })
    }
    for (name, bad) in usual.state.neighbours(in: 4..<20) {
      try reject(
        "state-of-account-\(name)", "The account of the state differs in a byte.",
        usual.edited { $0.state = bad })
    }
    for (name, hash) in [
      ("first", .zeros(16) + [UInt8](1...16)), ("last", [UInt8](1...16) + .zeros(16)),
    ] as [(String, [UInt8])] {
      try accept(
        "vault-hash-with-a-\(name)-half-of-zeros", "Half of a hash is zero.",
        usual.edited { $0.vaultHash = hash })
      try accept(
        "pending-vault-with-a-\(name)-half-of-zeros", "Half of a hash is zero.",
        pending.edited { $0.pendingVault = hash })
      try reject(
        "pending-state-with-a-\(name)-half-of-zeros-alone", "A pending state without a vault.",
        usual.edited { $0.pendingState = hash }, twin: "-pending")
      try reject(
        "pending-rule-set-with-a-\(name)-half-of-zeros-alone", "A pending rule set without a vault.",
        usual.edited { $0.pendingRuleSet = hash }, twin: "-pending")
    }
    let strangers = try FixtureState(fixture) {
      ($0.root, $0.persons, $0.signer, $0.certifier) = (
        fixture.other, [fixture.other], fixture.other, fixture.other
      )
    }.bytes()
    try reject(
      "state-of-another-account", "The state is of another account.", usual.edited { $0.state = strangers })
    try reject("epoch-of-another-state", "The header has another epoch than the state.", usual, epoch: 2)
    try reject("epoch-0", "The header has no epoch.", usual, epoch: 0)
    try reject("enrolled-epoch-1", "The header has an epoch without a state.", enrolled, twin: "-enrolled")
    try reject(
      "generation-below-the-state", "The generation is below the state's.", usual.edited { $0.generation = 4 }
    )
    try reject("without-vault-hash", "A state without a vault.", usual.edited { $0.vaultHash = .zeros(32) })
    try reject(
      "enrolled-with-vault-hash", "A vault without a state.",
      enrolled.edited { $0.vaultHash = usual.vaultHash }, epoch: 0, twin: "-enrolled")
    try reject(
      "pending-state-alone", "A pending state without a vault.",
      usual.edited { $0.pendingState = bytes("s", 32) }, twin: "-pending")
    try reject(
      "pending-rule-set-alone", "A pending rule set without a vault.",
      usual.edited { $0.pendingRuleSet = bytes("r", 32) }, twin: "-pending")
  }
}
