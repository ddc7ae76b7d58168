import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §13.4, R-13.1-4: what an agent keeps on its disk.
@Suite("Agent's local state") struct AgentSavingTests {
  private func save(_ agent: inout Agent) throws -> [UInt8] {
    var random = SystemRandom()
    return try agent.save(deviceKey: AgentTests.deviceKey, using: &random).serialized
  }

  private func restore(_ bytes: [UInt8]?, isMarked: Bool = true) throws -> Agent {
    var random = SystemRandom()
    return try Agent(
      restoring: bytes, deviceKey: AgentTests.deviceKey, isMarked: isMarked, using: &random)
  }

  @Test(
    "Every phase survives a restart, with one write more at each",
    arguments: [AgentPhase.unpinned, .pinned, .waiting, .active, .revoked])
  func restarts(_ phase: AgentPhase) throws {
    var agent = try Agent.inPhase(phase)
    agent.run(milliseconds: 77)
    let bytes = try save(&agent)
    let restored = try restore(bytes, isMarked: phase != .unpinned)
    let same =
      restored.phase == phase && restored.writes == 1 && restored.agentID == agent.agentID
      && restored.accountID == agent.accountID && restored.request == agent.request
      && restored.terms == agent.terms && restored.state == agent.state && restored.clock == agent.clock
      && restored.sequence == agent.sequence && restored.needsMark == (phase != .unpinned)
    #expect(same)
    if phase == .active { _ = try restored.tokenSealer(at: AgentTests.wall) }
  }

  @Test("R-13.5-1: what the agent has run goes on after a restart")
  func clock() throws {
    var agent = try Agent.inPhase(.active)
    for _ in 0..<3 {
      agent.run(milliseconds: 20 * 86_400_000)
      agent = try restore(try save(&agent))
    }
    expect(.stateExpired) { _ = try agent.tokenSealer(at: AgentTests.wall) }
    let age = agent.clock.age.value
    #expect(age == 60 * 86_400_000)
  }

  @Test("R-13.1-4: a marked agent whose state is missing or damaged stops, and stays so")
  func stops() throws {
    var agent = try Agent.inPhase(.active)
    let bytes = try save(&agent)
    var lost: [[UInt8]?] = [nil, [], [UInt8](bytes.dropLast()), bytes + [0]]
    for index in [0, 2, 3, 4, 20, 23, 24, 31, 34, 35, 60, 91, 120, 400, bytes.count - 1] {
      lost.append(bytes.flipping(at: index))
    }
    for state in lost {
      var stopped = try restore(state)
      let phase = stopped.phase
      #expect(phase == .stopped)
      expect(.stopped) { try stopped.accept(state: Line().bytes()) }
      expect(.stopped) { _ = try stopped.tokenSealer(at: AgentTests.wall) }
      expect(.stopped) { _ = try save(&stopped) }
    }
  }

  @Test("R-13.1-4: a marked agent whose state is from before it was pinned stops")
  func rolledBackToUnpinned() throws {
    var agent = try Agent.inPhase(.unpinned)
    let bytes = try save(&agent)
    let (marked, unmarked) = (try restore(bytes).phase, try restore(bytes, isMarked: false).agentID)
    #expect(marked == .stopped)
    #expect(unmarked == (try Party.agent.id))
  }

  @Test("Without the mark a lost state is a new agent, with another identity")
  func newAgent() throws {
    let fresh = try restore(nil, isMarked: false)
    let (phase, id) = (fresh.phase, fresh.agentID)
    #expect(phase == .unpinned)
    #expect(id != (try Party.agent.id))
  }

  @Test("R-13.4-1: the state opens under its device key alone, and shows nothing of the keys")
  func sealed() throws {
    var agent = try Agent.inPhase(.active)
    let bytes = try save(&agent)
    let wrong = SecretBytes(copying: [UInt8](repeating: 0x55, count: 31) + [0x54])
    expect(.localStateOpenFailed) { _ = try Agent(opening: bytes, deviceKey: wrong) }
    expect(.localStateOpenFailed) {
      _ = try Agent(opening: bytes.flipping(at: 100), deviceKey: AgentTests.deviceKey)
    }
    expect(.truncated) { _ = try Agent(opening: [], deviceKey: AgentTests.deviceKey) }
    var other = bytes
    other[3] = MessageType.ownerState.rawValue
    expect(.unexpectedType) { _ = try Agent(opening: other, deviceKey: AgentTests.deviceKey) }
    let seed = try Party.agent.identity().signing.copySeed().array
    #expect(!bytes.indices.dropLast(31).contains { bytes[$0..<$0 + 32] == seed[...] })
  }

  // MARK: What does not fit together

  /// What an agent in `phase` has on its disk, after `change`.
  private func changed(
    _ phase: AgentPhase, _ change: (inout AgentContents, inout AccountID, inout Epoch?) throws -> Void
  ) throws -> [UInt8] {
    var random = SystemRandom()
    var agent = try Agent.inPhase(phase)
    let written = try agent.save(deviceKey: AgentTests.deviceKey, using: &random)
    let secrets = try written.open(deviceKey: AgentTests.deviceKey)
    var contents = try secrets.withBytes { (bytes) throws in try AgentContents(parsing: bytes) }
    var (accountID, epoch) = (written.accountID, written.epoch)
    try change(&contents, &accountID, &epoch)
    return try LocalState.seal(
      SecretBytes(contents, secrets: secrets), type: .agentState, accountID: accountID, epoch: epoch,
      writes: 1, deviceKey: AgentTests.deviceKey, using: &random
    ).serialized
  }

  private func refused(
    _ phase: AgentPhase, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout AgentContents, inout AccountID, inout Epoch?) throws -> Void
  ) throws {
    let bytes = try changed(phase, change)
    expect(.localStateOpenFailed, sourceLocation: sourceLocation) {
      _ = try Agent(opening: bytes, deviceKey: AgentTests.deviceKey)
    }
  }

  @Test("R-13.4-3: what a state holds is that of its phase, and of no other", arguments: AgentPhase.allCases)
  func phases(_ phase: AgentPhase) throws {
    for other in AgentPhase.allCases where other != phase && phase != .stopped {
      // The state of a revoked agent may have been followed by one that does not list it.
      if (phase, other) == (.waiting, .revoked) { continue }
      try refused(phase) { contents, _, _ in contents.phase = other }
    }
  }

  @Test("R-13.4-3: the parts of a state are of one account, agent, epoch and time")
  func parts() throws {
    for phase in [AgentPhase.pinned, .waiting, .active, .revoked] {
      try refused(phase) { _, accountID, _ in accountID = .zero }
      try refused(phase) { contents, _, _ in contents.terms = nil }
      try refused(phase) { contents, _, _ in
        contents.terms?.role = .manager
        contents.terms?.kind = .master
      }
      try refused(phase) { contents, _, _ in contents.sequence = 1 }
      try refused(phase) { contents, _, _ in contents.batchHash = Hash(sha256: [1]) }
      try refused(phase) { contents, _, _ in contents.request?.accountID = .zero }
      try refused(phase) { contents, _, _ in contents.request?.verifyKey = .zero }
      try refused(phase) { _, _, epoch in epoch = 2 }
    }
    try refused(.pinned) { contents, _, _ in contents.request = nil }
    try refused(.pinned) { contents, _, _ in contents.least = 1 }
    try refused(.pinned) { contents, _, _ in contents.running = 1 }
    for phase in [AgentPhase.waiting, .active, .revoked] {
      try refused(phase) { contents, _, epoch in
        contents.state = nil
        epoch = nil
      }
      try refused(phase) { contents, _, _ in contents.terms?.generation = 2 }
      try refused(phase) { contents, _, _ in contents.least = day(99) }
      try refused(phase) { contents, _, _ in contents.state?.accountID = .zero }
    }
    try refused(.active) { contents, _, _ in contents.epochKeys = nil }
    try refused(.active) { contents, _, _ in contents.state = try Line(revoked: [.agent]).state() }
    try refused(.unpinned) { _, accountID, _ in accountID = try testAccount() }
    try refused(.unpinned) { contents, _, _ in contents.terms = AgentClockTests.terms }
    try refused(.unpinned) { contents, _, _ in contents.request = try AuditFixture.request() }
    try refused(.unpinned) { contents, _, epoch in
      contents.state = try Line().state()
      epoch = 1
    }
    try refused(.unpinned) { contents, _, _ in contents.age = 1 }
    try refused(.unpinned) { contents, _, _ in
      contents.sequence = 1
      contents.batchHash = Hash(sha256: [])
    }
  }

  @Test("A request is needed no longer once there is a state")
  func withoutRequest() throws {
    for phase in [AgentPhase.waiting, .active, .revoked] {
      let bytes = try changed(phase) { contents, _, _ in contents.request = nil }
      _ = try Agent(opening: bytes, deviceKey: AgentTests.deviceKey)
    }
  }
}
