internal import Endkey
internal import EndkeyFuzz
internal import EndkeyPrimitives
internal import EndkeyWire
internal import TestPrimitives
internal import TestSupport

/// An owner's end, the service that stores what it gives, and what must be true of both. §10.4, §12
struct OwnerRun: ~Copyable {
  private var owner: Owner
  /// Everything that was ever published, the newest last.
  private var stored: [StoredMessages]
  private var random = DeterministicRandom("owner")
  private var codes: [[UInt8]] = []
  private var slowSteps = 0
  private var accepted = 0

  private var stateCounter: Counter
  private var stateHash: Hash
  private var epoch: Epoch
  private var vaultCounter: Counter
  private var grantCounter: Counter = 0
  private var revoked: Set<AgentID> = []

  init() throws(Violation) {
    let base = Base.shared
    let owner = try must("opening the account") { try base.opened() }
    guard let state = owner.state, let vault = owner.vault else { throw Violation("the account is not open") }
    self.init(owner, state, vault, base.messages)
  }

  private init(
    _ owner: consuming Owner, _ state: AccountState, _ vault: Vault, _ messages: StoredMessages
  ) {
    self.owner = owner
    stored = [messages]
    (stateCounter, stateHash, epoch) = (state.counter, Hash(sha256: state.serialized), state.epoch)
    vaultCounter = vault.counter
  }

  mutating func take(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    slowSteps = SlowSteps.allowed(&script)
    var events = 0
    while !script.isAtEnd, events < 30 {
      events += 1
      try step(&script)
    }
    return accepted > 0 ? .accepted : .refused
  }

  private mutating func step(_ script: inout Script) throws(Violation) {
    let agent = Keys.agents[script.below(3)]
    switch script.below(16) {
    case 0, 1: try makeCode(&script)
    case 2, 3, 4: try approve(agent, &script)
    case 5, 6: try grant(agent.agentID, &script)
    case 7, 8: try revoke(agent.agentID)
    case 9: try rules(&script)
    case 10:
      try event(.rules) { (owner, random) throws(ProtocolError) in try owner.remakeRules(using: &random) }
    case 11: try lock()
    case 12: try open(&script)
    case 13: try savePins(&script)
    case 14: try audit(agent.agentID, &script)
    default: try rotate()
    }
  }

  // MARK: Events

  private mutating func makeCode(_ script: inout Script) throws(Violation) {
    let role: Role = script.below(4) == 3 ? .manager : .agent
    let approval: Approval = script.below(2) == 1 ? .manual : .automatic
    let (uses, seconds) = (UInt16(script.below(3)), script.below(3))
    let expires: Time? = [nil, 1_000, 2_000][seconds]
    var text: [UInt8] = []
    try event(.makeCode) { (owner, random) throws(ProtocolError) in
      let made = try owner.makeCode(
        role: role, approval: approval, uses: uses, expires: expires, now: 1_000, using: &random)
      text = made.code.text().withBytes { $0.array }
      return made
    }
    if !text.isEmpty { codes.append(text) }
  }

  private mutating func approve(_ agent: Keys.Pair, _ script: inout Script) throws(Violation) {
    guard !codes.isEmpty else { return }
    let text = script.one(of: codes)
    let nonce = script.byte()
    let original = try must("a request") {
      let code = try TypedSecret(text: text.span, kind: .code)
      return try EnrolmentRequest.make(
        code: code, identity: agent.identity(), nonce: Hash([UInt8](repeating: nonce, count: 32))
      ).serialized
    }
    let request = script.below(3) == 2 ? script.edited(original) : original
    let approved: AgentID? = script.below(2) == 1 ? agent.agentID : nil
    let kind: GrantKind? = [nil, .master, .scoped][script.below(3)]
    let wasRevoked = revoked.contains(agent.agentID)
    let happened = try event(.request) { (owner, random) throws(ProtocolError) in
      try owner.approve(request, approved: approved, kind: kind, now: 1_000, using: &random)
    }
    guard happened else { return }
    try require(request == original, "a changed request is approved")
    try require(!wasRevoked, "a revoked agent is let in again")
  }

  private mutating func grant(_ agentID: AgentID, _ script: inout Script) throws(Violation) {
    let kind: GrantKind = script.below(2) == 1 ? .master : .scoped
    let wasRevoked = revoked.contains(agentID)
    let happened = try event(.grant) { (owner, random) throws(ProtocolError) in
      try owner.grant(agentID, kind: kind, using: &random)
    }
    try require(!(happened && wasRevoked), "a grant to a revoked agent")
  }

  private mutating func revoke(_ agentID: AgentID) throws(Violation) {
    let happened = try event(.revoke) { (owner, random) throws(ProtocolError) in
      try owner.revoke(agentID, using: &random)
    }
    guard happened else { return }
    try require(owner.state?.revoked.contains(agentID) ?? false, "the state does not list the revoked agent")
    revoked.insert(agentID)
  }

  private mutating func rules(_ script: inout Script) throws(Violation) {
    let values = (0..<script.below(4)).map { _ in script.string(atMost: 8) }
    try event(.rules) { (owner, random) throws(ProtocolError) in
      var rules: [RuleDefinition] = []
      for value in values {
        do throws(WireError) {
          rules.append(
            RuleDefinition(
              field: .applicationName, category: .productive, seen: value.count % 2 == 0,
              value: try BoundedBytes(value)))
        } catch {
          throw ProtocolError(error)
        }
      }
      return try owner.setRules(rules, using: &random)
    }
  }

  private mutating func rotate() throws(Violation) {
    // PBKDF2: 0.1 s.
    guard slowSteps > 0 else { return }
    if owner.phase == .open || owner.phase == .rotationDue { slowSteps -= 1 }
    let before = epoch
    let happened = try event(.rotate) { (owner, random) throws(ProtocolError) in
      try owner.rotate(with: Base.credentials(), iterations: 600_000, using: &random)
    }
    if happened { try require(owner.state?.epoch == before.next, "rotation gives no new epoch") }
  }

  private mutating func audit(_ agentID: AgentID, _ script: inout Script) throws(Violation) {
    let batches = (0..<script.below(3)).map { _ in script.string(atMost: 16) }
    try event(.audit) { (owner, random) throws(ProtocolError) in
      try owner.audit(agentID, batches: batches, using: &random)
    }
  }

  private mutating func lock() throws(Violation) {
    let before = (owner.phase, owner.pins)
    let code = refusal { () throws(ProtocolError) in try owner.lock() }
    try require(
      (code == nil) == (OwnerMachine.step(before.0, .lock).error == nil),
      "lock is \(code.map { "\($0)" } ?? "done")")
    try require(owner.pins == before.1, "locking forgets the pins")
    if code == nil { try require(owner.phase == .locked, "a locked end is \(owner.phase)") }
  }

  /// Opens with what is stored, or with something older: then the pins must tell.
  private mutating func open(_ script: inout Script) throws(Violation) {
    // The account's keys are checked anew, which takes long.
    guard owner.phase == .locked, slowSteps > 0, let pins = owner.pins, let newest = stored.last else {
      return
    }
    slowSteps -= 1
    var messages = newest
    let (vault, state) = (script.one(of: stored).ownerVault, script.one(of: stored).accountState)
    if script.below(3) > 0 {
      messages.ownerVault = vault
      messages.accountState = state
    }
    if script.below(4) == 3 { messages.privateKeys = script.edited(messages.privateKeys) }
    let isNewest =
      messages.ownerVault == newest.ownerVault && messages.accountState == newest.accountState
      && messages.privateKeys == newest.privateKeys
    let code = refusal { () throws(ProtocolError) in
      try owner.open(messages, with: Base.shared.stretched.value)
    }
    if isNewest { try require(code == nil, "what is stored does not open: \(code.map { "\($0)" } ?? "")") }
    guard code == nil else {
      try require(owner.pins == pins && owner.phase == .locked, "a refused opening changes something")
      return
    }
    guard let vault = owner.vault, let state = owner.state else {
      throw Violation("it is open, without a vault")
    }
    try require(vault.counter >= vaultCounter, "an older vault was opened: R-12.5-2")
    try require(state.counter >= stateCounter, "an older state was accepted: R-12.1-1")
    accepted += 1
  }

  private mutating func savePins(_ script: inout Script) throws(Violation) {
    let deviceKey = Keys.secret("device", 32)
    let (saved, pins) = try must("saving the pins") {
      (try owner.savePins(deviceKey: deviceKey, using: &random).serialized, owner.pins)
    }
    let changed = script.edited(saved)
    var restored: OwnerPins?
    let code = refusal { () throws(ProtocolError) in
      restored = try OwnerPins(opening: changed, deviceKey: deviceKey)
    }
    try require((code == nil) == (changed == saved), "changed pins open")
    if code == nil { try require(restored == pins, "saved and opened, the pins are others") }
  }

  // MARK: Rules

  /// Runs an event; says whether it happened. Refused, it must have changed nothing: R-19-2.
  @discardableResult
  private mutating func event<Made: Publication & ~Copyable>(
    _ event: OwnerMachine.Event,
    _ body: (inout Owner, inout DeterministicRandom) throws(ProtocolError) -> Made
  ) throws(Violation) -> Bool {
    let before = (phase: owner.phase, pins: owner.pins, state: owner.state, vault: owner.vault?.counter)
    var messages: [PublishedMessage] = []
    let code = refusal { () throws(ProtocolError) in messages = try body(&owner, &random).messages }
    guard code == nil else {
      try require(
        owner.phase == before.phase && owner.pins == before.pins && owner.state == before.state
          && owner.vault?.counter == before.vault, "\(event) is refused, but something changed: R-19-2")
      try require(code != .internalError, "\(event) is an internal error")
      return false
    }
    try require(OwnerMachine.step(before.phase, event).error == nil, "\(event) happens in \(before.phase)")
    accepted += 1
    try check(messages)
    return true
  }

  private mutating func check(_ published: [PublishedMessage]) throws(Violation) {
    guard let vault = owner.vault, let state = owner.state else {
      throw Violation("a step closed the account")
    }
    try require(
      vault.counter == vaultCounter.next, "the vault's counter goes from \(vaultCounter) to \(vault.counter)")
    vaultCounter = vault.counter
    for case .accountState(let new) in published {
      try require(new == state, "another state is published than is kept")
      try require(new.counter == stateCounter.next, "the state's counter goes to \(new.counter)")
      try require(new.previous == stateHash, "the chain of states breaks")
      try require(new.epoch >= epoch, "the epoch goes back")
      try require(revoked.isSubset(of: new.revoked), "a revocation is forgotten")
      (stateCounter, stateHash, epoch) = (new.counter, Hash(sha256: new.serialized), new.epoch)
      try require(
        refusal { () throws(ProtocolError) in
          _ = try AccountState(accepting: new.serialized, accountID: Keys.account.accountID, last: nil)
        } == nil, "an agent would refuse the state")
    }
    for case .grant(let grant) in published {
      try require(grant.counter == grantCounter.next, "the grants' counter goes to \(grant.counter)")
      grantCounter = grant.counter
      try require(grant.epoch == epoch, "a grant of an old epoch")
      try require(!state.revoked.contains(grant.recipient), "a grant to a revoked agent")
    }
    var messages = stored[stored.count - 1]
    for message in published { messages.store(message) }
    stored.append(messages)
  }

  /// A new account, made once: its password takes a while to stretch.
  private struct Base: Sendable {
    static let shared = Base()

    let pins: OwnerPins?
    let messages: StoredMessages
    let stretched: Held<StretchedPassword>

    private init() {
      do {
        var random = DeterministicRandom("account")
        var owner = Owner.absent()
        let made = try owner.create(
          identity: Keys.account.identity(), credentials: Self.credentials(), iterations: 600_000,
          using: &random)
        messages = StoredMessages(made)
        stretched = Held(try StretchedPassword(Self.credentials(), head: made.passwordWrap.head))
        pins = owner.pins
      } catch {
        fatalError("no account: \(error)")
      }
    }

    /// The account's end, as a device has it that made the account.
    func opened() throws -> Owner {
      var owner = Owner.locked(pins: pins)
      try owner.open(messages, with: stretched.value)
      return owner
    }

    static func credentials() -> Credentials {
      Credentials(loginName: "ana@example.com", password: SecretBytes(copying: Array("correct horse".utf8)))
    }
  }
}
