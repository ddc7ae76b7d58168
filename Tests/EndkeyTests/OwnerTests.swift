import EndkeyPrimitives
import EndkeyWire
import TestPrimitives
import TestSupport
import Testing

@testable import Endkey

/// §10.4, §12.2, §12.3, §12.6, §13.2: the owner's end.
@Suite("Owner") struct OwnerTests {
  private func phase(_ world: borrowing World) -> OwnerMachine.Phase { world.owner.phase }

  private func token(_ value: String, by agent: borrowing Agent) throws -> Token {
    var sealer = try agent.tokenSealer()
    return try sealer.seal(value, field: .url)
  }

  private func open(_ token: Token, by owner: borrowing Owner) throws -> String {
    var opener = try owner.tokenOpener()
    return String(decoding: try opener.open(token), as: UTF8.self)
  }

  @Test(
    "PBKDF2: an account is opened with its password by a fresh device, locked, and opened again with pins")
  func opening() throws {
    let messages = try Base.shared.get().messages
    var owner = Owner.locked()
    expect(.noMasterKey) { _ = try owner.keyRing() }
    try owner.open(messages, with: Base.credentials())
    #expect(owner.phase == .open)
    expect(.alreadyPinned) { try owner.open(messages, with: Base.credentials()) }
    try owner.lock()
    #expect(owner.phase == .locked)
    expect(.noMasterKey) { try owner.lock() }
    expect(.noMasterKey) { _ = try owner.tokenOpener() }
    let wrap = try PasswordWrap(parsing: messages.passwordWrap)
    try owner.open(
      messages, with: StretchedPassword(Base.credentials(), head: wrap.head, pin: owner.pins?.wrap))
    #expect(owner.phase == .open)
  }

  @Test("An absent account is made once; with no account nothing else happens")
  func absent() throws {
    var owner = Owner.absent()
    var random = SystemRandom()
    #expect(owner.phase == .absent)
    expect(.noMasterKey) { try owner.open(Base.shared.get().messages, with: Base.masterKey()) }
    expect(.noMasterKey) { _ = try owner.revoke(Base.agent().agentID, using: &random) }
    expect(.iterationsOutOfRange) {
      _ = try owner.create(
        identity: Base.account(), credentials: Base.credentials(), iterations: 1, using: &random)
    }
    #expect(owner.phase == .absent && owner.pins == nil)
    var locked = Owner.locked()
    expect(.alreadyPinned) {
      _ = try locked.create(
        identity: Base.account(), credentials: Base.credentials(), iterations: 1, using: &random)
    }
    var open = try World()
    expect(.alreadyPinned) {
      _ = try open.owner.create(
        identity: Base.account(), credentials: Base.credentials(), iterations: 1, using: &random)
    }
  }

  @Test("§12.6: each of the five messages is held against the others")
  func messages() throws {
    var world = try World()
    let agent = try world.activeAgent()
    let older = world.stored
    try world.revoke(agent.agentID)
    let stored = world.stored
    let other = try Base.other()
    func open(_ change: (inout StoredMessages) throws -> Void) throws {
      var messages = stored
      try change(&messages)
      var fresh = Owner.locked()
      try fresh.open(messages, with: Base.masterKey())
    }
    try open { _ in }
    expect(.counterRollback) { try open { $0.accountState = older.accountState } }  // R-12.5-1
    expect(.chainBroken) {
      try open {
        $0.ruleSet = nil
        $0.ruleSet = try forgedRules(other)
      }
    }
    expect(.privateKeysOpenFailed) { try open { $0.privateKeys = $0.privateKeys.flipped(at: 100) } }
    expect(.vaultOpenFailed) { try open { $0.ownerVault = $0.ownerVault.flipped(at: 100) } }
    expect(.signatureInvalid) { try open { $0.accountState = $0.accountState.flipped(at: 330) } }
    expect(.wrongAccount) { try open { $0.passwordWrap = $0.passwordWrap.flipped(at: 5) } }
    // A vault that is older than the state is one whose writer was interrupted.
    var fresh = Owner.locked()
    var messages = stored
    messages.ownerVault = older.ownerVault
    try fresh.open(messages, with: Base.masterKey())
    #expect(fresh.phase == .rotationDue)
  }

  private func forgedRules(_ signer: borrowing Identity) throws -> [UInt8] {
    try RuleSet(
      accountID: Base.shared.get().accountID, epoch: 1, counter: 1, rules: []
    ).signed(by: Base.account().signing).serialized
  }

  @Test("rotation ends every code: a removed agent that knows one cannot enrol anew. R-12.2-4")
  func rotationEndsCodes() throws {
    var world = try World()
    _ = try world.code(uses: 5)
    #expect(world.owner.vault?.codes.count == 1)
    _ = try world.owner.rotate(with: Base.credentials(), iterations: Base.iterations, using: &world.random)
    #expect(world.owner.vault?.codes.count == 0)
  }

  @Test("PBKDF2: R-12.2-1, R-12.2-3: rotation gives everything at once, and old tokens stay readable")
  func rotation() throws {
    var world = try World()
    let agents = [try world.activeAgent(0).agentID, try world.activeAgent(1, kind: .master).agentID]
    var agent = try world.activeAgent(2)
    let old = try token("before", by: agent)
    try world.owner.setRules(
      [RuleDefinition(field: .url, category: .neutral, seen: true, value: "before")],
      using: &world.random
    ).store(in: &world)
    let before = world.stored
    let made = try world.owner.rotate(
      with: Base.credentials(), iterations: Base.iterations, using: &world.random)
    world.store(made)

    let (wrap, state, rules) = (made.passwordWrap, made.accountState, try #require(made.ruleSet))
    let wrapBefore = try PasswordWrap(parsing: before.passwordWrap)
    let vaultBefore = try OwnerVault(parsing: before.ownerVault)
    #expect(wrap.head.counter == wrapBefore.head.counter.next && wrap.head.salt != wrapBefore.head.salt)
    #expect(
      [wrap.head.epoch, made.privateKeys.epoch, made.ownerVault.epoch] == [2, 2, 2])
    #expect(made.ownerVault.counter == vaultBefore.counter.next)
    #expect(state.previous == Hash(sha256: before.accountState))
    #expect(state.ruleSet == Hash(sha256: rules.serialized) && rules.epoch == 2)
    #expect(rules.rules.count == 1)
    #expect(made.grants.count == 3)
    #expect(made.grants.first { $0.recipient == agents[1] }?.kind == .master)
    #expect(made.grants.first { $0.recipient == agents[0] }?.kind == .scoped)

    try world.deliver(to: &agent)
    let new = try token("before", by: agent)
    #expect(new.v != old.v)
    #expect(try open(old, by: world.owner) == "before")
    #expect(try open(new, by: world.owner) == "before")

    // A fresh device gets there with the password alone.
    var fresh = Owner.locked()
    try fresh.open(world.stored, with: Base.credentials())
    #expect(try open(old, by: fresh) == "before")
  }

  @Test("R-12.2-1, R-19-2: a rotation that fails gives nothing and changes nothing")
  func failedRotation() throws {
    var world = try World()
    _ = try world.activeAgent()
    let (pins, state) = (world.owner.pins, world.owner.state)
    expect(.badPassword) {
      _ = try world.owner.rotate(
        with: Base.credentials(""), iterations: Base.iterations, using: &world.random)
    }
    var failing = FailingRandom(after: 4)
    expect(.internalError) {
      _ = try world.owner.rotate(
        with: Base.credentials(), iterations: Base.iterations, using: &failing)
    }
    let unchanged = world.owner.pins == pins && world.owner.state == state
    #expect(unchanged)
    let epoch = world.owner.vault?.epoch
    #expect(epoch == 1)
  }

  @Test(
    "R-12.3-1, R-12.2-2: after a revocation nothing is granted before rotation, and the member never again")
  func revocation() throws {
    var world = try World()
    var agent = try world.activeAgent(0)
    var other = try world.activeAgent(1)
    let (agentID, otherID) = (try Base.agent(0).agentID, try Base.agent(1).agentID)
    try world.revoke(agentID)
    #expect(phase(world) == .rotationDue)
    try agent.accept(state: world.stored.accountState)
    #expect(agent.phase == .revoked)

    expect(.rotationDue) { _ = try world.owner.grant(otherID, kind: .scoped, using: &world.random) }
    var third = Agent(identity: try Base.agent(2))
    let request = try third.enrol(code: world.code(), using: &world.random).serialized
    expect(.rotationDue) { _ = try world.owner.approve(request, now: 0, using: &world.random) }
    expect(.signatureInvalid) {
      _ = try world.owner.approve(request.flipped(at: 439), now: 0, using: &world.random)
    }
    expect(.revoked) { _ = try world.owner.revoke(agentID, using: &world.random) }

    try world.rotate()
    #expect(phase(world) == .open)
    #expect(try AccountState(parsing: world.stored.accountState).revoked.elements == [agentID])
    let newest = try world.grants[agentID].map { try Grant(parsing: $0).epoch }
    #expect(newest == 1)
    expect(.revoked) { _ = try world.owner.grant(agentID, kind: .scoped, using: &world.random) }
    try world.deliver(to: &other)
    #expect(other.phase == .active)

    // The removed agent asks anew, under a good code.
    var again = Agent(identity: try Base.agent(0))
    let second = try again.enrol(code: world.code(), using: &world.random).serialized
    expect(.revoked) { _ = try world.owner.approve(second, now: 0, using: &world.random) }
  }

  @Test("A member whose last grant is of an older epoch is revoked without a rotation")
  func revokedEarlier() throws {
    var world = try World()
    _ = try world.activeAgent(0)
    let agentID = try Base.agent(0).agentID
    try world.revoke(agentID)
    try world.rotate()
    var fresh = Owner.locked()
    guard let keys = world.owner.session?.masterKey else { throw Missing() }
    try fresh.open(world.stored, with: keys.value)
    #expect(fresh.phase == .open)
    expect(.unknownAgent) { _ = try fresh.revoke(Base.agent(1).agentID, using: &world.random) }
  }

  @Test("A manager opens the account with its master grant, and goes on")
  func manager() throws {
    var world = try World()
    let agent = try world.activeAgent(0)
    let manager = try world.activeAgent(1, role: .manager)
    expect(.noMasterKey) { _ = try agent.masterKey() }
    var second = Owner.locked()
    try second.open(world.stored, with: manager.masterKey())
    #expect(second.phase == .open)
    let made = try second.revoke(Base.agent(0).agentID, using: &world.random)
    #expect(made.accountState.counter == 2)
    #expect(made.ownerVault.counter == (try OwnerVault(parsing: world.stored.ownerVault).counter.next))
  }

  @Test("PBKDF2: a second manager sets a new password, after which a pinned device refuses the old wrap")
  func changePassword() throws {
    var world = try World()
    let old = world.stored
    let made = try world.owner.changePassword(
      to: Base.credentials("battery staple"), iterations: Base.iterations, using: &world.random)
    world.store(made)
    let head = made.passwordWrap.head
    #expect(head.counter == 2 && head.epoch == 1)
    #expect(made.messages == [.passwordWrap(made.passwordWrap), .ownerVault(made.ownerVault)])
    let pins = world.owner.pins
    var device = Owner.locked(pins: pins)
    expect(.counterRollback) { try device.open(old, with: Base.credentials()) }
    var mixed = world.stored
    mixed.passwordWrap = old.passwordWrap
    expect(.counterRollback) { try device.open(mixed, with: Base.credentials()) }
    // A fresh device has no pins, but the vault names the wrap.
    var fresh = Owner.locked()
    expect(.counterRollback) { try fresh.open(mixed, with: Base.credentials()) }
    try device.open(world.stored, with: Base.credentials("battery staple"))
    #expect(device.phase == .open)
  }

  @Test("R-13.2-1: a device says, before the password is used, what does not fit what it remembers")
  func pins() throws {
    var world = try World()
    let agent = try world.activeAgent()
    try world.revoke(agent.agentID)
    let key = SecretBytes(copying: [UInt8](repeating: 3, count: 32))
    let sealed = try world.owner.savePins(deviceKey: key, using: &world.random).serialized
    let pins = try OwnerPins(opening: sealed, deviceKey: key)
    let kept = world.owner.pins
    #expect(kept == pins && pins.generation == 1)
    let other = SecretBytes(copying: [UInt8](repeating: 4, count: 32))
    expect(.localStateOpenFailed) { _ = try OwnerPins(opening: sealed, deviceKey: other) }

    let first = try Base.shared.get().messages
    var device = Owner.locked(pins: pins)
    // The password is bad: it would say so, had it been looked at.
    var wrap = first
    wrap.passwordWrap = wrap.passwordWrap.flipped(at: 40)  // the salt
    expect(.pinMismatch) { try device.open(wrap, with: Base.credentials("")) }
    expect(.badPassword) { try device.open(first, with: Base.credentials("")) }
    // Older state, older vault.
    expect(.counterRollback) { try device.open(first, with: Base.masterKey()) }
    var vault = world.stored
    vault.ownerVault = first.ownerVault
    expect(.counterRollback) { try device.open(vault, with: Base.masterKey()) }
    try device.open(world.stored, with: Base.masterKey())
    #expect(device.phase == .rotationDue)
  }

  @Test("R-16.4-1: rules are published when an audit has seen their value")
  func rules() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let agentID = try Base.agent().agentID
    func rule(_ value: String, seen: Bool = false) throws -> RuleDefinition {
      RuleDefinition(field: .url, category: .productive, seen: seen, value: try BoundedBytes(value))
    }
    let set = try world.owner.setRules([rule("b"), rule("a")], using: &world.random)
    world.store(set)
    #expect(set.ruleSet.rules == [])
    #expect(set.accountState.ruleSet == Hash(sha256: set.ruleSet.serialized))

    let record = try Record(kind: .website, start: 0, duration: 500, items: [.token(token("b", by: agent))])
    let batch = try agent.signBatch([record]).serialized
    let report = try world.owner.audit(agentID, batches: [batch], using: &world.random)
    world.store(report)
    #expect(report.findings.isEmpty)
    #expect(report.totals[try token("b", by: agent)] == 500)
    let member = world.owner.vault?[member: agentID]
    #expect(member?.auditedSequence == 1 && member?.auditedHash == Hash(sha256: batch))

    let made = try world.owner.remakeRules(using: &world.random)
    world.store(made)
    #expect(made.ruleSet.category(of: try token("b", by: agent)) == .productive)
    #expect(made.ruleSet.category(of: try token("a", by: agent)) == nil)
    // The next audit goes on from there.
    let again = try world.owner.audit(agentID, batches: [batch], using: &world.random)
    #expect(again.findings.map(\.error.code) == [.sequenceRepeat])
    // Seen once is seen; a fresh end verifies the set against the state.
    let kept = try world.owner.setRules([rule("b")], using: &world.random)
    #expect(kept.ruleSet.rules.count == 1)
    var fresh = Owner.locked()
    try fresh.open(world.stored, with: Base.masterKey())
    var without = world.stored
    without.ruleSet = nil
    try fresh.lock()
    expect(.chainBroken) { try fresh.open(without, with: Base.masterKey()) }
    expect(.notCanonical) { _ = try world.owner.setRules([rule("b"), rule("b")], using: &world.random) }
  }

  @Test("R-19-2: a step that fails at any use of randomness changes nothing", arguments: 0..<3)
  func failures(_ count: Int) throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    let request = try agent.enrol(code: world.code(), using: &world.random).serialized
    let agentID = try world.activeAgent(1).agentID
    let (pins, state) = (world.owner.pins, world.owner.state)
    var steps = 0
    func fails(_ body: (inout FailingRandom) throws -> Void) {
      var random = FailingRandom(after: count)
      do { try body(&random) } catch { steps += 1 }
    }
    fails { _ = try world.owner.approve(request, now: 0, using: &$0) }
    fails { _ = try world.owner.grant(#require(agentID), kind: .scoped, using: &$0) }
    if count == 0 {
      fails { _ = try world.owner.makeCode(approval: .manual, expires: nil, now: 0, using: &$0) }
      fails { _ = try world.owner.revoke(#require(agentID), using: &$0) }
      fails { _ = try world.owner.setRules([], using: &$0) }
      #expect(steps == 5)
      let unchanged = world.owner.pins == pins && world.owner.state == state
      #expect(unchanged)
    }
    let uses = world.owner.vault?.codes.map(\.usesLeft).reduce(0, +)
    #expect(count == 2 || uses == 1)
  }
}

extension Publication {
  func store(in world: inout World) { world.store(self) }
}
