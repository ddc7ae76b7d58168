import Endkey
import Testing

@Suite("A service that lies, seen with `import Endkey` alone") struct ServiceAttackTests {
  @Test("Old messages of the account: a device that remembers refuses each")
  func replay() throws {
    var life = try Life()
    let old = life.service.messages
    let agent = try life.enrolled()
    life.service.take(try life.owner.revoke(try id(of: agent), using: &life.random))
    let pins = life.owner.pins
    for (message, code) in [
      (\StoredMessages.ownerVault, ErrorCode.counterRollback), (\.accountState, .counterRollback),
    ] {
      var messages = life.service.messages
      messages[keyPath: message] = old[keyPath: message]
      var device = Owner.locked(pins: pins)
      expect(code) { try device.open(messages, with: life.credentials) }
    }
    // Also a fresh device: the vault names the newest state.
    var mixed = life.service.messages
    mixed.accountState = old.accountState
    var fresh = Owner.locked()
    expect(.counterRollback) { try fresh.open(mixed, with: life.credentials) }
  }

  @Test("Messages of another account, one by one")
  func swap() throws {
    let life = try Life()
    let other = try Life()
    for (message, code) in [
      (\StoredMessages.passwordWrap, ErrorCode.pinMismatch), (\.privateKeys, .wrongAccount),
      (\.ownerVault, .wrongAccount), (\.accountState, .wrongAccount),
    ] {
      var messages = life.service.messages
      messages[keyPath: message] = other.service.messages[keyPath: message]
      var device = Owner.locked(pins: life.owner.pins)
      expect(code) { try device.open(messages, with: life.credentials) }
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
    let (state, grant) = (life.service.messages.accountState, try #require(life.service.grants[ids.0]))
    let (others, strangers) = (
      try #require(life.service.grants[ids.1]), try #require(other.service.grants[ids.2])
    )
    expect(.wrongRecipient) { try first.accept(grant: others) }
    expect(.wrongAccount) { try first.accept(grant: strangers) }
    expect(.wrongAccount) { try first.accept(state: other.service.messages.accountState) }
    life.service.take(try life.owner.rotate(with: life.credentials, using: &life.random))
    try life.service.deliver(to: &first)
    expect(.epochRollback) { try first.accept(grant: grant) }
    expect(.counterRollback) { try first.accept(state: state) }
    expect(.latched) { try first.serviceOff() }
    #expect(first.phase == .active)
  }

  @Test("Batches dropped, repeated, changed, reordered: each is a finding")
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
      ([honest[0], changed], [.signatureInvalid]),
      ([honest[1], honest[0]], [.sequenceGap, .sequenceRepeat]),
    ]
    let messages = life.service.messages
    for (lie, codes) in lies {
      var device = Owner.locked()
      try device.open(messages, with: life.credentials)
      let report = try device.audit(agentID, batches: lie, using: &life.random)
      #expect(report.findings.map(\.error.code) == codes)
    }
  }

  @Test("Codes end, ask for a person, and enrol no more than they say")
  func codes() throws {
    var life = try Life()
    func request(_ text: borrowing SecretBytes, _ random: inout SystemRandom) throws -> EnrolmentRequest {
      var agent = Agent(identity: try .generate(using: &random))
      return try agent.enrol(code: text, using: &random)
    }
    let later = try life.now.adding(milliseconds: 1)
    let expiring = try request(life.code(expires: later), &life.random)
    expect(.codeExpired) {
      _ = try life.owner.approve(expiring.serialized, now: later, using: &life.random)
    }
    let manual = try request(life.code(approval: .manual), &life.random)
    expect(.approvalRequired) {
      _ = try life.owner.approve(manual.serialized, now: life.now, using: &life.random)
    }
    life.service.take(
      try life.owner.approve(
        manual.serialized, approved: manual.agentID, now: life.now, using: &life.random))
    expect(.codeExpired) {
      _ = try life.owner.approve(
        manual.serialized, approved: manual.agentID, now: life.now, using: &life.random)
    }
    expect(.limitReached) {
      _ = try life.owner.makeCode(approval: .manual, uses: 0, expires: nil, now: 0, using: &life.random)
    }
    expect(.limitReached) {
      _ = try life.owner.makeCode(approval: .manual, expires: 0, now: 0, using: &life.random)
    }
  }
}
