import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §10.3, §13.1, §13.4: the agent from its code to its end.
@Suite("Agent") struct AgentTests {
  private static let deviceKey: [UInt8] = .init(repeating: 0x55, count: 32)

  private func deviceKey() -> SecretBytes { SecretBytes(copying: Self.deviceKey) }

  private func save(_ agent: inout Agent) throws -> [UInt8] {
    var random = SystemRandom()
    return try agent.save(deviceKey: deviceKey(), using: &random).serialized
  }

  private func restore(_ bytes: [UInt8]?, isMarked: Bool = true) throws -> Agent {
    var random = SystemRandom()
    return try Agent(restoring: bytes, deviceKey: deviceKey(), isMarked: isMarked, using: &random)
  }

  private func record(_ token: Token) throws -> Record {
    Record(kind: .application, start: 1, duration: 2, items: [.token(token)])
  }

  /// The code with which each event of the agent is refused, nil where it is not; the agent is as it was after.
  private func refusals(_ agent: inout Agent, state: [UInt8], grant: [UInt8]) -> [ErrorCode?] {
    func code(_ body: () throws -> Void) -> ErrorCode? {
      do {
        try body()
        return nil
      } catch {
        return (error as? ProtocolError)?.code
      }
    }
    var random = SystemRandom()
    let text = SecretBytes(copying: [UInt8]("ekc1".utf8))
    return [
      code { _ = try agent.enrol(code: text, using: &random) },
      code { try agent.accept(state: state) },
      code { try agent.accept(grant: grant) },
      code { _ = try agent.tokenSealer() },
      code { _ = try agent.blobSealer(.screenshot, using: &random) },
      code { _ = try agent.signBatch([]) },
      code { try agent.serviceOff() },
    ]
  }

  @Test("R-13.1-1: an agent makes tokens, blobs and batches when it is granted, and nothing before")
  func life() throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    #expect(agent.phase == .unpinned)
    #expect(refusals(&agent, state: [], grant: []) == [.badBech32m] + .init(repeating: .notPinned, count: 6))

    let request = try agent.enrol(code: world.code(), using: &world.random)
    #expect(agent.phase == .pinned)
    #expect(agent.accountID == world.accountID)
    #expect(
      refusals(&agent, state: [], grant: [])
        == [.alreadyPinned, .truncated, .noState, .noState, .noState, .noState, .latched])

    try world.approve(request)
    try agent.accept(state: world.stored.accountState)
    #expect(agent.phase == .waiting)
    #expect(
      refusals(&agent, state: [], grant: [])
        == [.alreadyPinned, .truncated, .truncated, .noGrant, .noGrant, .noGrant, .latched])

    try world.deliver(to: &agent)
    #expect(agent.phase == .active)
    var sealer = try agent.tokenSealer()
    let token = try sealer.seal("report.docx", field: .documentName)
    let batch = try agent.signBatch([record(token)])
    #expect(batch.sequence == 1 && batch.stateCounter == 1 && batch.epoch == 1)
    var opener = try world.owner.tokenOpener()
    #expect(try opener.open(token) == [UInt8]("report.docx".utf8))

    // What is given again has no effect.
    try world.deliver(to: &agent)
    #expect(agent.phase == .active && agent.sequence == 1)
  }

  @Test("R-13.1-2: from the code on the account is pinned, whatever happens")
  func pinned() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let code = try world.code()
    let before = try save(&agent)
    expect(.alreadyPinned) { _ = try agent.enrol(code: code, using: &world.random) }
    let other = TypedSecret(
      kind: .code, accountID: try Base.other().accountID, secret: try world.random.secret(16))
    expect(.alreadyPinned) { _ = try agent.enrol(code: other.text(), using: &world.random) }
    #expect(agent.accountID == world.accountID)
    #expect(try restore(before).accountID == world.accountID)
  }

  @Test("R-13.1-3: an agent never gives in", arguments: [AgentPhase.pinned, .waiting, .active, .revoked])
  func latched(_ phase: AgentPhase) throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    try world.approve(try agent.enrol(code: world.code(), using: &world.random))
    if phase != .pinned { try agent.accept(state: world.stored.accountState) }
    if phase == .active { try world.deliver(to: &agent) }
    if phase == .revoked {
      try world.revoke(agent.agentID)
      try agent.accept(state: world.stored.accountState)
    }
    #expect(agent.phase == phase)
    expect(.latched) { try agent.serviceOff() }
    #expect(agent.phase == phase)
    #expect(agent.accountID == world.accountID)
  }

  @Test("R-13.1-5: when the epoch goes on, an agent sends nothing until it is granted again")
  func newEpoch() throws {
    var world = try World()
    var agent = try world.activeAgent()
    try world.rotate()
    try agent.accept(state: world.stored.accountState)
    #expect(agent.phase == .waiting)
    expect(.noGrant) { _ = try agent.tokenSealer() }
    expect(.noGrant) { _ = try agent.signBatch([]) }
    try world.deliver(to: &agent)
    #expect(agent.phase == .active)
    let epoch = try agent.tokenSealer().epoch
    #expect(epoch == 2)
    #expect(try agent.keyRing().hasTokenKey(epoch: 1))
  }

  @Test("An agent keeps the keys of the two newest epochs")
  func twoEpochs() throws {
    var world = try World()
    var agent = try world.activeAgent()
    for _ in 0..<2 {
      try world.rotate()
      try world.deliver(to: &agent)
    }
    let ring = try agent.keyRing()
    #expect(([1, 2, 3, 4] as [Epoch]).map { ring.hasTokenKey(epoch: $0) } == [false, true, true, false])
    var saved = try restore(try save(&agent))
    #expect(try saved.keyRing().hasTokenKey(epoch: 2))
    #expect(saved.phase == .active)
    expect(.counterRollback) { try saved.accept(state: Base.shared.get().messages.accountState) }
  }

  @Test("R-16.1-1, R-16.1-3: batches are numbered, linked and name the newest state, also over a restart")
  func batches() throws {
    var world = try World()
    var agent = try world.activeAgent()
    var other = try world.activeAgent(1)
    var sealer = try agent.tokenSealer()
    let record = try record(try sealer.seal("a", field: .url))
    let first = try agent.signBatch([record])
    try world.revoke(other.agentID)
    try agent.accept(state: world.stored.accountState)
    agent = try restore(try save(&agent))
    let second = try agent.signBatch([record])
    #expect(first.previous == .zero && second.previous == Hash(sha256: first.serialized))
    #expect([first.sequence, second.sequence] == [1, 2])
    #expect([first.stateCounter, second.stateCounter] == [1, 2])
    try other.accept(state: world.stored.accountState)
    #expect(other.phase == .revoked)
    #expect(
      refusals(&other, state: world.stored.accountState, grant: [])
        == [.alreadyPinned, .revoked, .revoked, .revoked, .revoked, .revoked, .latched])
  }

  @Test("A batch that is refused has no number")
  func refusedBatch() throws {
    var world = try World()
    var agent = try world.activeAgent()
    try world.rotate()
    var sealer = try agent.tokenSealer()
    let old = try record(try sealer.seal("a", field: .url))
    try world.deliver(to: &agent)
    expect(.epochMismatch) { _ = try agent.signBatch([old]) }
    expect(.lengthOutOfRange) { _ = try agent.signBatch([]) }
    #expect(agent.sequence == 0)
  }

  // MARK: Local state. §13.4

  @Test("Every phase survives a restart, with one generation more at each write")
  func restarts() throws {
    var world = try World()
    var agent = Agent(identity: try Base.agent())
    func restarted(_ agent: inout Agent, _ phase: AgentPhase) throws {
      let generation = agent.generation
      let bytes = try save(&agent)
      #expect(agent.generation == generation.next)
      let (id, account, request, state) = (agent.agentID, agent.accountID, agent.request, agent.state)
      agent = try restore(bytes, isMarked: phase != .unpinned)
      #expect(agent.phase == phase && agent.generation == generation.next)
      #expect(agent.agentID == id && agent.accountID == account)
      #expect(agent.request == request && agent.state == state)
      #expect(agent.needsMark == (phase != .unpinned))
    }
    try restarted(&agent, .unpinned)
    let code = try world.code()
    let request = try agent.enrol(code: code, using: &world.random)
    try restarted(&agent, .pinned)
    try world.approve(request, kind: .master)
    try agent.accept(state: world.stored.accountState)
    try restarted(&agent, .waiting)
    try world.deliver(to: &agent)
    try restarted(&agent, .active)
    let grant = try #require(world.grants.values.first)
    try agent.accept(grant: grant)  // its counter and hash were kept: R-11-7
    let masterKey = try agent.masterKey().secret.equals(Base.masterKey().secret)
    #expect(masterKey)
    try world.revoke(agent.agentID)
    try agent.accept(state: world.stored.accountState)
    try restarted(&agent, .revoked)
  }

  @Test("R-13.1-4: a marked agent whose state is missing or damaged stops, and stays so")
  func stops() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let bytes = try save(&agent)
    var lost: [[UInt8]?] = [nil, [], [UInt8](bytes.dropLast()), bytes + [0]]
    for index in [0, 2, 3, 4, 20, 23, 24, 31, 34, 35, 60, 91, 120, 400, bytes.count - 1] {
      lost.append(bytes.flipped(at: index))
    }
    for state in lost {
      var stopped = try restore(state)
      #expect(stopped.phase == .stopped)
      #expect(
        refusals(&stopped, state: world.stored.accountState, grant: [])
          == .init(repeating: .stopped, count: 7))
      expect(.stopped) { _ = try save(&stopped) }
    }
    var stopped = try restore(nil)
    expect(.stopped) { _ = try stopped.save(deviceKey: deviceKey(), using: &world.random) }
  }

  @Test("R-13.1-4: a marked agent whose state is from before it was pinned stops")
  func rolledBackToUnpinned() throws {
    var agent = Agent(identity: try Base.agent())
    let bytes = try save(&agent)
    #expect(try restore(bytes).phase == .stopped)
    #expect(try restore(bytes, isMarked: false).agentID == (try Base.agent().agentID))
  }

  @Test("Without the mark a lost state is a new agent, with another identity")
  func newAgent() throws {
    let fresh = try restore(nil, isMarked: false)
    #expect(fresh.phase == .unpinned)
    #expect(try fresh.agentID != Base.agent().agentID)
  }

  @Test("R-13.4-1: the state opens under its device key alone, and shows nothing of the keys")
  func sealed() throws {
    var world = try World()
    var agent = try world.activeAgent()
    let bytes = try save(&agent)
    let wrong = SecretBytes(copying: Self.deviceKey.flipped(at: 31))
    expect(.localStateOpenFailed) { _ = try Agent(opening: bytes, deviceKey: wrong) }
    expect(.localStateOpenFailed) { _ = try Agent(opening: bytes.flipped(at: 100), deviceKey: deviceKey()) }
    expect(.truncated) { _ = try Agent(opening: [], deviceKey: deviceKey()) }
    expect(.unexpectedType) { _ = try OwnerPins(opening: bytes, deviceKey: deviceKey()) }
    let seed = try Base.agent().signing.copySeed().array
    for start in bytes.indices.dropLast(31) {
      #expect(bytes[start] != seed[0] || bytes[start..<start + 32] != seed[...])
    }
  }

  @Test("A sealed state whose parts do not fit together does not open")
  func unfit() throws {
    var world = try World()
    let agent = try world.activeAgent()
    guard let memory = agent.memory else { throw Missing() }
    for phase in AgentPhase.allCases where phase != .active && phase != .revoked {
      let bytes = try LocalState.seal(
        memory.contents(phase: phase), type: .agentState, accountID: world.accountID, epoch: 1,
        generation: 1, deviceKey: deviceKey(), using: &world.random
      ).serialized
      expect(.localStateOpenFailed, "\(phase)") { _ = try Agent(opening: bytes, deviceKey: deviceKey()) }
    }
  }
}
