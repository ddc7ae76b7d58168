import Endkey
import Testing

@Suite("A service that lies, seen with `import Endkey` alone") struct ServiceAttackTests {
  @Test("Old messages of the account: a device that remembers refuses them")
  func replay() throws {
    var life = try Life()
    let old = life.service
    let agent = try life.enrolled()
    _ = try life.owner.remove([try id(of: agent)], now: life.now, using: &life.random)
    try life.publish()
    let pins = life.owner.pins
    var device = Owner.locked(pins: pins)
    expect(.counterRollback) {
      try life.open(&device, as: life.ownerID, with: life.credentials, from: old)
    }
    try life.open(&device, as: life.ownerID, with: life.credentials)
    let (isConfirmed, findings) = (device.pins?.isConfirmed, device.findings)
    #expect(isConfirmed == true && findings.isEmpty)
    // Nor does an old state open the newest vault, also for a fresh device.
    var mixed = life.service
    mixed.accountState = old.accountState
    var fresh = Owner.locked()
    expect(.noMasterKey) { try life.open(&fresh, as: life.ownerID, with: life.credentials, from: mixed) }
    let phase = fresh.phase
    #expect(phase == .locked)
  }

  @Test("Messages of another account, one by one")
  func swap() throws {
    let life = try Life()
    let other = try Life()
    let others = other.service.whole(of: other.ownerID)
    expect(.pinMismatch) {
      let device = Owner.locked(pins: life.owner.pins)
      _ = try device.stretch(life.credentials, for: PersonKeys(parsing: others.personKeys).head)
    }
    for (message, code) in [
      (\Whole.personKeys, ErrorCode.pinMismatch), (\.ownerVault, .wrongAccount),
      (\.accountState, .wrongAccount),
    ] {
      var whole = life.service.whole(of: life.ownerID)
      whole[keyPath: message] = others[keyPath: message]
      var device = Owner.locked(pins: life.owner.pins)
      let head = try life.service.head(of: life.ownerID)
      expect(code) { try device.open(whole, with: device.stretch(life.credentials, for: head)) }
      #expect(device.phase == .locked)
    }
  }

  @Test("An agent takes no grant that is another's, old, or of another account, and no older state")
  func agent() throws {
    var life = try Life()
    var other = try Life()
    var first = try life.enrolled()
    let second = try life.enrolled()
    let stranger = try other.enrolled()
    let ids = (try id(of: first), try id(of: second), try id(of: stranger))
    let (state, grant) = (life.service.accountState, try #require(life.service.grants[ids.0]))
    let (others, strangers) = (
      try #require(life.service.grants[ids.1]), try #require(other.service.grants[ids.2])
    )
    expect(.wrongRecipient) { try first.accept(grant: others) }
    expect(.wrongAccount) { try first.accept(grant: strangers) }
    expect(.wrongAccount) { try first.accept(state: other.service.accountState) }
    _ = try life.owner.rotate(now: life.now, using: &life.random)
    try life.publish()
    try life.grant()
    try life.service.deliver(to: &first)
    expect(.epochRollback) { try first.accept(grant: grant) }
    expect(.counterRollback) { try first.accept(state: state) }
    expect(.latched) { try first.serviceOff() }
    #expect(first.phase == .active)
  }

  @Test("A state that is held back ends, also for an agent whose clock is held back")
  func withheld() throws {
    var life = try Life()
    var agent = try life.enrolled()
    agent.run(milliseconds: 401 * 86_400_000)
    let isExpired = agent.isExpired(at: life.now)
    #expect(isExpired)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: life.now) }

    // With the owner's word the account goes on, and the agent with it.
    expect(.stateExpired) {
      _ = try life.owner.repair(removing: [], now: life.now.adding(days: 402), using: &life.random)
    }
    let shown = Consent(isNewest: true).keeping(life.owner.vault?.grantedMembers ?? [])
    _ = try life.owner.repair(
      removing: [], consent: shown, now: life.now.adding(days: 402), using: &life.random)
    try life.publish()
    let requests = Array(life.service.requests.values)
    let grants = try life.owner.makeGrants(
      for: requests, now: life.now.adding(days: 402), using: &life.random
    ).grants
    for grant in grants { life.service.grants[grant.recipient] = grant.serialized }
    try life.service.deliver(to: &agent)
    _ = try agent.tokenSealer(at: life.now)
  }

  @Test("Batches dropped, repeated, changed: each is a finding")
  func batches() throws {
    var life = try Life()
    var agent = try life.enrolled()
    for title in ["a", "b", "c"] { _ = try life.work(title, by: &agent) }
    let agentID = try id(of: agent)
    let honest = try #require(life.service.batches[agentID])
    var changed = honest[1]
    changed[60] ^= 1
    let lies: [([[UInt8]], [ErrorCode])] = [
      ([honest[0], honest[2]], [.sequenceGap]), ([honest[0], honest[0], honest[1]], [.sequenceRepeat]),
      ([honest[0], changed], [.signatureInvalid]), ([honest[1], honest[0]], []),
    ]
    for (lie, codes) in lies {
      life.service.batches[agentID] = lie
      #expect(try life.audit(agentID, by: life.owner).findings.map(\.error.code) == codes)
    }
  }

  @Test("Codes end, ask for a person, and enrol no more than they say")
  func codes() throws {
    var life = try Life()
    func request(_ text: borrowing SecretBytes, _ random: inout SystemRandom) throws -> EnrolmentRequest {
      var agent = Agent(identity: try .generate(using: &random))
      return try agent.enrol(code: text, using: &random)
    }
    let later = life.now.adding(milliseconds: 1)
    let expiring = try request(life.code(expires: later), &life.random)
    expect(.codeExpired) {
      _ = try life.owner.approve(expiring.serialized, now: later, using: &life.random)
    }
    let manual = try request(life.code(.agents(.manual)), &life.random)
    expect(.approvalRequired) {
      _ = try life.owner.approve(manual.serialized, now: life.now, using: &life.random)
    }
    _ = try life.owner.approve(
      manual.serialized, approved: manual.agentID, now: life.now, using: &life.random)
    try life.publish()
    expect(.codeExpired) {
      _ = try life.owner.approve(
        manual.serialized, approved: manual.agentID, now: life.now, using: &life.random)
    }
    for use in [CodeUse.agents(.manual, uses: 0), .agents(.manual, uses: 2_048)] {
      expect(.limitReached) {
        _ = try life.owner.makeCode(use, expires: nil, now: life.now, using: &life.random)
      }
    }
    expect(.limitReached) {
      _ = try life.owner.makeCode(.agents(.manual), expires: 0, now: life.now, using: &life.random)
    }
  }
}
