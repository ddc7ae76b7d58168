import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §10.3, §13.1: the agent from its code to its end.
@Suite("Agent") struct AgentTests {
  static let deviceKey = SecretBytes(copying: [UInt8](repeating: 0x55, count: 32))
  /// A time at which the first state of `Line` is valid.
  static let wall = day(100, hours: 1)

  private func record(_ token: Token, _ duration: UInt32 = 2) throws -> Record {
    Record(kind: .application, start: 1, duration: duration, items: try BoundedList([.token(token)]))
  }

  private func expectPhase(
    _ agent: borrowing Agent, _ phase: AgentPhase, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = agent.phase
    #expect(found == phase, sourceLocation: sourceLocation)
  }

  // MARK: The table

  /// Makes the event happen to an agent whose accepted state, if it has one, is that of `Line()`.
  private func perform(_ event: AgentMachine.Event, on agent: inout Agent) throws {
    var random = SystemRandom()
    let line = Line()
    switch event {
    case .code: _ = try agent.enrol(code: EnrolmentCode.test(secret: 8).text(), using: &random)
    case .codeAbove:
      _ = try agent.enrol(code: EnrolmentCode.test(generation: 2).text(), using: &random)
    case .codeOfManager:
      _ = try agent.enrol(
        code: EnrolmentCode.test(kind: .master, role: .manager).text(), using: &random)
    case .codeOfOther:
      _ = try agent.enrol(code: EnrolmentCode.test(account: .stranger).text(), using: &random)
    case .state:
      try agent.accept(
        state: line.next {
          $0.epoch = 2
          $0.master = 2
        }.bytes())
    case .stateOfKeys: try agent.accept(state: line.next().bytes())
    case .stateRevokes: try agent.accept(state: line.next { $0.revoked = [.agent] }.bytes())
    case .grant:
      if agent.phase == .revoked { try agent.accept(state: line.next().bytes()) }
      try agent.accept(grant: line.grant().serialized)
    case .grantListed: try agent.accept(grant: line.grant().serialized)
    case .capture:
      let key = try SpoolKey(
        deviceKey: Self.deviceKey, accountID: testAccount(), agentID: Party.agent.id)
      var spool = SpoolWriter(key: key, segment: 1)
      let frame = try agent.capture(
        .idle, start: 1, duration: 2, items: [], into: &spool, using: &random)
      #expect(!frame.isEmpty)
    case .activity: _ = try agent.tokenSealer(at: Self.wall)
    case .activityExpired: _ = try agent.tokenSealer(at: day(160))
    case .serviceOff: try agent.serviceOff()
    case .stateLost:
      agent = try Agent(
        restoring: nil, deviceKey: Self.deviceKey, isMarked: agent.needsMark, using: &random)
    }
  }

  /// Events that cannot happen in a phase: there is no such state, or no such code.
  private func isImpossible(_ phase: AgentPhase, _ event: AgentMachine.Event) -> Bool {
    switch (phase, event) {
    case (.unpinned, .codeOfOther), (.unpinned, .codeAbove), (.pinned, .codeAbove), (.waiting, .grantListed),
      (.active, .grantListed), (.stopped, .stateLost):
      true
    default: false
    }
  }

  @Test("R-10.3-1: an agent does what the table says, for every row", arguments: AgentPhase.allCases)
  func rows(_ phase: AgentPhase) throws {
    for event in AgentMachine.Event.allCases where !isImpossible(phase, event) {
      var agent = try Agent.inPhase(phase)
      expectPhase(agent, phase)
      let (account, state) = (agent.accountID, agent.state)
      let step = AgentMachine.step(phase, event)
      expect(step.error, "\(phase) \(event)") { try perform(event, on: &agent) }
      let found = agent.phase
      #expect(found == step.next, "\(phase) \(event)")
      if step.error != nil {
        let unchanged = agent.accountID == account && agent.state == state
        #expect(unchanged, "\(phase) \(event)")
      }
    }
  }

  @Test("What the phase refuses is refused before the message is read")
  func phaseFirst() throws {
    var random = SystemRandom()
    let rows: [(AgentPhase, code: ErrorCode, state: ErrorCode, grant: ErrorCode)] = [
      (.unpinned, .badPrefix, .notPinned, .notPinned), (.pinned, .badPrefix, .truncated, .noState),
      (.waiting, .badPrefix, .truncated, .truncated), (.active, .alreadyPinned, .truncated, .truncated),
      (.revoked, .alreadyPinned, .truncated, .revoked), (.stopped, .stopped, .stopped, .stopped),
    ]
    for row in rows {
      var agent = try Agent.inPhase(row.0)
      expect(row.code) { _ = try agent.enrol(code: SecretBytes(copying: []), using: &random) }
      expect(row.state) { try agent.accept(state: []) }
      expect(row.grant) { try agent.accept(grant: []) }
      expectPhase(agent, row.0)
    }
  }

  // MARK: Codes

  @Test("R-10.3-4, R-13.1-2: another code of the account is taken until there are keys, and strands nobody")
  func anotherCode() throws {
    var random = SystemRandom()
    for phase in [AgentPhase.pinned, .waiting] {
      var agent = try Agent.inPhase(phase)
      let before = agent.request
      let code = try EnrolmentCode.test(kind: .master, secret: 9)
      let request = try agent.enrol(code: code.text(), using: &random)
      let kept = (agent.request, agent.terms?.kind, agent.accountID)
      #expect(kept.0 == request && kept.0 != before)
      #expect(kept.1 == .master)
      #expect(kept.2 == (try testAccount()))
      expect(.alreadyPinned) {
        _ = try agent.enrol(code: EnrolmentCode.test(account: .stranger).text(), using: &random)
      }
      if phase == .pinned { try agent.accept(state: Line().bytes()) }
      // Now it is the newer kind that is taken.
      expect(.wrongRecipient) { try agent.accept(grant: Line().grant(.scoped).serialized) }
      try agent.accept(grant: Line().grant(.master).serialized)
      expectPhase(agent, .active)
    }
  }

  @Test(
    "R-10.3-4: a code of a greater generation ends trust in the state kept, and in what it said of the time")
  func codeAbove() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.waiting, under: Line(made: day(300)))
    _ = try agent.enrol(code: EnrolmentCode.test(generation: 2, made: day(150)).text(), using: &random)
    expectPhase(agent, .pinned)
    let clock = agent.clock
    #expect((clock.least, clock.running) == (0, 0))
    expect(.generationRollback) { try agent.accept(state: Line(counter: 9, made: day(301)).bytes()) }
    try agent.accept(state: Line(generation: 2, made: day(151)).bytes())
    expectPhase(agent, .waiting)
    let least = agent.clock.least
    #expect(least == day(151))
  }

  @Test("A code of a lower generation, given later, opens no way back")
  func codeBelow() throws {
    var random = SystemRandom()
    var agent = Agent(identity: try Party.agent.identity())
    _ = try agent.enrol(code: EnrolmentCode.test(generation: 5).text(), using: &random)
    _ = try agent.enrol(code: EnrolmentCode.test(generation: 2).text(), using: &random)
    expect(.generationRollback) { try agent.accept(state: Line(generation: 4).bytes()) }
    try agent.accept(state: Line(generation: 5).bytes())
  }

  // MARK: Keys

  @Test("R-10.3-2, R-13.1-5: keys are those of the state's generation, epoch and commitment, and go with it")
  func keysGo() throws {
    let changes: [(inout Line) -> Void] = [
      {
        $0.epoch = 2
        $0.master = 2
      }, { $0.generation = 2 },
      {
        $0.generation = 2
        $0.master = 2
      },
      { $0.epoch = 2 },
    ]
    for change in changes {
      var agent = try Agent.inPhase(.active)
      let line = Line().next(change)
      try agent.accept(state: line.bytes())
      expectPhase(agent, .waiting)
      expect(.noGrant) { _ = try agent.tokenSealer(at: Self.wall) }
      expect(.noGrant) { _ = try agent.keyRing() }
      try agent.accept(grant: line.grant().serialized)
      expectPhase(agent, .active)
    }
  }

  @Test("A grant under the state of the keys held is checked, and has no effect")
  func grantAgain() throws {
    var agent = try Agent.inPhase(.active)
    try agent.accept(grant: Line().grant(by: .manager).serialized)
    expectPhase(agent, .active)
    expect(.signatureInvalid) { try agent.accept(grant: Line().grant(by: .stranger).serialized) }
    // Not even a right one whose ciphertext is none: the private key is not asked.
    var grant = try Line().grant()
    grant.ciphertext = .zero
    try agent.accept(grant: grant.signed(by: Party.owner.identity().signing).serialized)
    expectPhase(agent, .active)
  }

  @Test("R-11-11: a master grant leaves no MasterKey with an agent, in memory or on its disk")
  func noMasterKey() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active, kind: .master)
    let written = try agent.save(deviceKey: Self.deviceKey, using: &random)
    let bytes = try written.open(deviceKey: Self.deviceKey).array
    let masterKey = [UInt8](repeating: 1, count: 32)
    #expect(!bytes.indices.dropLast(31).contains { bytes[$0..<$0 + 32] == masterKey[...] })
    #expect(
      bytes.suffix(96)
        == (try Line().masterKey().tokenKey().secret.array
        + Line().masterKey().agentKey(for: Party.agent.id).secret.array)[...])
  }

  @Test("R-12.10-1: an agent that was listed keeps no key of the account, in memory or on its disk")
  func wiped() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active)
    try agent.accept(state: Line().next { $0.revoked = [.agent] }.bytes())
    expectPhase(agent, .revoked)
    let hasKeys = agent.memory?.keys != nil
    #expect(!hasKeys)
    let bytes = try agent.save(deviceKey: Self.deviceKey, using: &random).open(deviceKey: Self.deviceKey)
      .array
    let token = try Line().masterKey().tokenKey().secret.array
    let own = try Line().masterKey().agentKey(for: Party.agent.id).secret.array
    for key in [token, own] {
      #expect(!bytes.indices.dropLast(key.count - 1).contains { bytes[$0..<$0 + key.count] == key[...] })
    }
  }

  // MARK: Activity

  @Test("R-13.1-1: a granted agent makes tokens, blobs and batches, which the owner reads")
  func activity() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active)
    var sealer = try agent.tokenSealer(at: Self.wall)
    let token = try sealer.seal("report.docx", field: .documentName)
    let blob = try agent.sealBlob([1, 2, 3].span, field: .screenshot, at: Self.wall, using: &random)
    let batch = try agent.signBatch([record(token)], at: Self.wall)
    #expect((batch.sequence, batch.previous, batch.epoch) == (1, .zero, 1))
    #expect((batch.stateGeneration, batch.stateCounter) == (1, 1))
    #expect(batch.state == Hash(sha256: try Line().bytes()))
    #expect(batch.made == Self.wall)
    var ring = KeyRing(accountID: try testAccount(), holder: .owner)
    try ring.add(Shared(Line().masterKey()))
    var opener = TokenOpener(ring: ring)
    #expect(try opener.open(token) == [UInt8]("report.docx".utf8))
    #expect(try blob.blob.open(with: ring, reference: blob.reference) == [1, 2, 3])
  }

  @Test("R-13.5-2: nothing is made once the state has expired, and all is made again under a newer one")
  func expiry() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active)
    let last = day(159).adding(milliseconds: 86_399_999)
    _ = try agent.tokenSealer(at: last)
    for wall in [day(160), day(500), .max] {
      expect(.stateExpired) { _ = try agent.tokenKey(at: wall) }
      expect(.stateExpired) { _ = try agent.tokenSealer(at: wall) }
      expect(.stateExpired) { _ = try agent.captureSealer(at: wall) }
      expect(.stateExpired) { _ = try agent.blobSealer(.voice, at: wall, using: &random) }
      expect(.stateExpired) { _ = try agent.signBatch([], at: wall) }
    }
    try agent.accept(state: Line().next { $0.made = day(159) }.bytes())
    _ = try agent.tokenSealer(at: day(160))
  }

  @Test("R-16.1-1, R-16.1-4: batches are numbered, linked and name the newest state, also over a restart")
  func batches() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active)
    var sealer = try agent.tokenSealer(at: Self.wall)
    let record = try record(try sealer.seal("a", field: .url))
    let first = try agent.signBatch([record], at: Self.wall)
    try agent.accept(state: Line().next { $0.counter = 9 }.bytes())
    let written = try agent.save(deviceKey: Self.deviceKey, using: &random)
    agent = try Agent(opening: written.serialized, deviceKey: Self.deviceKey)
    let second = try agent.signBatch([record], at: Self.wall)
    #expect([first.previous, second.previous] == [.zero, Hash(sha256: first.serialized)])
    #expect([first.sequence, second.sequence] == [1, 2])
    #expect([first.stateCounter, second.stateCounter] == [1, 9])
    #expect(second.made == day(101))  // the state's, which is later than the computer's clock
  }

  @Test("R-16.1-2: a batch that is refused has no number")
  func refusedBatch() throws {
    var agent = try Agent.inPhase(.active)
    var sealer = try agent.tokenSealer(at: Self.wall)
    let old = try record(try sealer.seal("a", field: .url))
    let line = Line().next {
      $0.epoch = 2
      $0.master = 2
    }
    try agent.accept(state: line.bytes())
    try agent.accept(grant: line.grant().serialized)
    expect(.epochMismatch) { _ = try agent.signBatch([old], at: Self.wall) }
    do throws(ProtocolError) {
      _ = try agent.signBatch([], at: Self.wall)
      Issue.record("a batch without records")
    } catch {
      #expect(error.code == .lengthOutOfRange)
    }
    let sequence = agent.sequence
    #expect(sequence == 0)
  }

  @Test("The key for the service comes from the device key, and is another for each agent and account")
  func uploadKey() throws {
    let agent = try Agent.inPhase(.revoked)
    let key = try agent.uploadKey(deviceKey: Self.deviceKey).array
    #expect(key.count == 32)
    #expect(key == (try Agent.inPhase(.pinned).uploadKey(deviceKey: Self.deviceKey).array))
    #expect(key != (try agent.spoolKey(deviceKey: Self.deviceKey).secret.array))
    let other = SecretBytes(copying: [UInt8](repeating: 0x56, count: 32))
    #expect(key != (try agent.uploadKey(deviceKey: other).array))
    expect(.notPinned) { _ = try Agent.inPhase(.unpinned).uploadKey(deviceKey: Self.deviceKey) }
    expect(.stopped) { _ = try Agent.inPhase(.stopped).uploadKey(deviceKey: Self.deviceKey) }
  }
}
