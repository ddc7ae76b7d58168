import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// What a service, with or without a removed person, can do to an agent: each attack fails, heals or ends. §21
@Suite("Attacks on an agent") struct AgentAttackTests {
  private static let wall = AgentTests.wall

  private func phase(
    _ agent: borrowing Agent, is phase: AgentPhase, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let found = agent.phase
    #expect(found == phase, sourceLocation: sourceLocation)
  }

  // MARK: A state withheld

  @Test("L4: an agent that is shown nothing newer falls silent when its state ends, whatever its clock says")
  func withheld() throws {
    var agent = try Agent.inPhase(.active)
    // The wall clock is held back; the agent runs on.
    for passed in 1...59 {
      agent.run(milliseconds: 86_400_000)
      _ = try agent.tokenSealer(at: day(1))
      let now = agent.clock.now(wall: day(1))
      #expect(now == day(100 + passed))
    }
    agent.run(milliseconds: 86_400_000)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: day(1)) }
    expect(.stateExpired) { _ = try agent.signBatch([], at: day(1)) }
  }

  @Test("L4: states of a removed person keep an agent no longer than that person's certificate")
  func certificateEnds() throws {
    var agent = try Agent.inPhase(.active)
    // The manager was removed, and signs on for an agent that is not shown the new list.
    var line = Line(validDays: 90, signer: .manager)
    var days = 0
    while days < 89 {
      agent.run(milliseconds: 86_400_000)
      days += 1
      line = line.next {
        $0.certificateDays -= 1
        $0.validDays = $0.certificateDays
        $0.from = day(100)
      }
      // The list is the owner's: it cannot be made again.
      let list = try Line().list()
      var state = try line.state()
      state.certificateUntil = list.until
      state.certificate = list.signature
      try agent.accept(state: state.signed(by: Party.manager.identity().signing).serialized)
      _ = try agent.tokenSealer(at: 0)
    }
    agent.run(milliseconds: 86_400_000)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: 0) }
    // A state that says it was made before does not set the clock back.
    line.counter = 900
    line.made = day(150)
    line.certificateDays = 40
    line.validDays = 40
    var state = try line.state()
    state.certificate = try Line().list().signature
    state.certificateFrom = day(100)
    try agent.accept(state: state.signed(by: Party.manager.identity().signing).serialized)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: 0) }
  }

  @Test("L4: nor does a lost list of the same root key, which a removed person is on, revive it later")
  func lostList() throws {
    var agent = try Agent.inPhase(.active)
    agent.run(milliseconds: 100 * 86_400_000)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: 0) }
    // Made on day 110, never published, kept by the manager who was removed since.
    let lost = Line(generation: 2, made: day(110), signer: .manager)
    try agent.accept(state: lost.bytes())
    try agent.accept(grant: lost.grant(by: .manager).serialized)
    phase(agent, is: .active)
    // By the code alone it is day 199 now, and that list is over.
    let now = agent.clock.now(wall: 0)
    #expect(now == day(199))
    expect(.stateExpired) { _ = try agent.tokenSealer(at: 0) }
  }

  @Test("L4: an agent that was kept without any state for long does not take an old one for new")
  func neverShown() throws {
    var agent = try Agent.inPhase(.pinned)
    agent.run(milliseconds: 80 * 86_400_000)
    try agent.accept(state: Line().bytes())
    try agent.accept(grant: Line().grant().serialized)
    expect(.stateExpired) { _ = try agent.tokenSealer(at: 0) }
  }

  // MARK: Rolled back

  @Test("An older state, grant or key is refused, and nothing changes")
  func rolledBack() throws {
    var agent = try Agent.inPhase(.active)
    let first = Line()
    let second = first.next {
      $0.epoch = 2
      $0.master = 2
    }
    try agent.accept(state: second.bytes())
    try agent.accept(grant: second.grant().serialized)
    let before = agent.state
    expect(.counterRollback) { try agent.accept(state: first.bytes()) }
    expect(.epochRollback) { try agent.accept(grant: first.grant().serialized) }
    expect(.counterFork) { try agent.accept(state: second.next { $0.counter = 2 }.bytes()) }
    expect(.epochFork) { try agent.accept(state: second.next { $0.master = 3 }.bytes()) }
    expect(.epochRollback) {
      try agent.accept(
        state: second.next {
          $0.epoch = 1
          $0.master = 1
        }.bytes())
    }
    let unchanged = agent.state == before
    #expect(unchanged)
    let epoch = try agent.tokenSealer(at: Self.wall).epoch
    #expect(epoch == 2)
  }

  @Test("L2: two rotations into one epoch: an agent works with the key of its own line alone")
  func twoLines() throws {
    let (left, right) = (
      Line().next {
        $0.epoch = 2
        $0.master = 2
      },
      Line().next {
        $0.epoch = 2
        $0.master = 3
      }
    )
    var agent = try Agent.inPhase(.active)
    try agent.accept(state: left.bytes())
    expect(.epochFork) { try agent.accept(grant: right.grant().serialized) }
    expect(.counterFork) { try agent.accept(state: right.bytes()) }
    expect(.epochFork) { try agent.accept(state: right.next().bytes()) }
    phase(agent, is: .waiting)
    // The next epoch of either line, and the next generation, heal.
    let healed = right.next {
      $0.counter = 9
      $0.epoch = 3
      $0.master = 4
    }
    try agent.accept(state: healed.bytes())
    try agent.accept(grant: healed.grant().serialized)
    phase(agent, is: .active)
  }

  // MARK: Persons who were removed

  @Test("States and grants of a removed manager are refused by an agent that has seen the new list")
  func removedManager() throws {
    var agent = try Agent.inPhase(.active)
    let removal = Line(generation: 2, epoch: 2, master: 2, persons: [.owner, .second])
    try agent.accept(state: removal.bytes())
    try agent.accept(grant: removal.grant().serialized)
    let theirs = Line(counter: 99, signer: .manager)
    expect(.generationRollback) { try agent.accept(state: theirs.bytes()) }
    var claims = removal.next()
    claims.signer = .manager
    expect(.signatureInvalid) { try agent.accept(state: claims.bytes()) }
    expect(.signatureInvalid) { try agent.accept(grant: removal.grant(by: .manager).serialized) }
    phase(agent, is: .active)
  }

  @Test("A new agent is led to no list older than its code's")
  func oldList() throws {
    var random = SystemRandom()
    var agent = Agent(identity: try Party.agent.identity())
    _ = try agent.enrol(code: EnrolmentCode.test(generation: 2).text(), using: &random)
    expect(.generationRollback) { try agent.accept(state: Line(counter: 99, signer: .manager).bytes()) }
    phase(agent, is: .pinned)
  }

  @Test("L3: whatever a stolen signing key said, the owner's next root act and its grant set it right")
  func evilStates() throws {
    let evil: [(inout Line) -> Void] = [
      { $0.counter = .max },
      {
        $0.epoch = Epoch(integerLiteral: .max)
        $0.master = 66
      },
      {
        $0.epoch = 2
        $0.master = 66
      }, { $0.revoked = [.agent] },
      {
        $0.counter = .max
        $0.epoch = Epoch(integerLiteral: .max)
        $0.revoked = [.agent]
        $0.master = 66
      },
    ]
    let repair = Line(generation: 2, counter: 2, epoch: 2, master: 2, made: day(102), persons: [.owner])
    for change in evil {
      var agent = try Agent.inPhase(.active)
      try agent.accept(
        state: Line().next {
          change(&$0)
          $0.signer = .manager
        }.bytes())
      try agent.accept(state: repair.bytes())
      try agent.accept(grant: repair.grant().serialized)
      phase(agent, is: .active)
      _ = try agent.tokenSealer(at: day(102))
    }
  }

  @Test(
    "R-10.3-3: a forged revocation stops an agent, and is undone by the root act that follows and its grant")
  func forgedRevocation() throws {
    var random = SystemRandom()
    var agent = try Agent.inPhase(.active)
    try agent.accept(
      state: Line().next {
        $0.revoked = [.agent]
        $0.signer = .manager
      }.bytes())
    phase(agent, is: .revoked)
    expect(.revoked) { _ = try agent.tokenSealer(at: Self.wall) }
    expect(.revoked) { try agent.accept(grant: Line().next().grant().serialized) }
    expect(.revoked) { _ = try agent.keyRing() }
    // It survives a restart, and goes on following states.
    let written = try agent.save(deviceKey: AgentTests.deviceKey, using: &random)
    agent = try Agent(opening: written.serialized, deviceKey: AgentTests.deviceKey)
    let repair = Line(generation: 2, counter: 3, epoch: 2, master: 2)
    try agent.accept(state: repair.bytes())
    phase(agent, is: .revoked)
    try agent.accept(grant: repair.grant().serialized)
    phase(agent, is: .active)
  }

  @Test("A computer that was rightly removed works again under no state that lists it")
  func rightlyRemoved() throws {
    var agent = try Agent.inPhase(.active)
    let removal = Line().next {
      $0.epoch = 2
      $0.master = 2
      $0.revoked = [.agent, .otherAgent]
    }
    try agent.accept(state: removal.bytes())
    expect(.revoked) { try agent.accept(grant: removal.grant().serialized) }
    try agent.accept(state: removal.next().bytes())
    expect(.revoked) { try agent.accept(grant: removal.next().grant().serialized) }
    phase(agent, is: .revoked)
  }

  // MARK: Grants

  @Test("A planted MasterKey, another agent's grant or a grant under another state gives no keys")
  func planted() throws {
    var agent = try Agent.inPhase(.waiting, kind: .master)
    let line = Line()
    expect(.epochFork) { try agent.accept(grant: Line(master: 9).grant(.master).serialized) }
    expect(.wrongRecipient) { try agent.accept(grant: line.grant(.master, to: .otherAgent).serialized) }
    expect(.wrongRecipient) { try agent.accept(grant: line.grant(.scoped).serialized) }
    // The service writes the state's commitment on a key of its own.
    var grant = try Line(master: 9).grant(.master)
    grant.commitment = try line.masterKey().commitment()
    grant.signer = try Party.manager.verifyKey
    let bytes = grant.signed(by: try Party.manager.identity().signing).serialized
    expect(.grantOpenFailed) { try agent.accept(grant: bytes) }
    phase(agent, is: .waiting)
  }

  @Test("R-13.1-3: an agent never gives in", arguments: [AgentPhase.pinned, .waiting, .active, .revoked])
  func latched(_ phase: AgentPhase) throws {
    let agent = try Agent.inPhase(phase)
    expect(.latched) { try agent.serviceOff() }
    self.phase(agent, is: phase)
  }
}
