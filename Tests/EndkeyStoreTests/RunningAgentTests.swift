import EndkeyStore
import Testing

@testable import Endkey

/// An agent that runs for weeks, on clocks that a test sets.
@Suite("A running agent") struct RunningAgentTests {
  private static let minute: UInt64 = 60_000
  private static let day: UInt64 = 86_400_000

  private func input(_ world: AgentWorld, _ duration: UInt32) throws -> CaptureInput {
    CaptureInput([try world.activity(duration)])
  }

  /// Turns every so often for so long; the number of attempts that failed meanwhile.
  private func pass(
    _ milliseconds: UInt64, every step: UInt64, _ world: AgentWorld,
    _ runner: RunningAgent<MemoryStore, MemoryAgentService>
  ) async throws -> Int {
    var (passed, failures, attempts): (UInt64, Int, Int) = (0, await runner.health.failures, 0)
    while passed < milliseconds {
      world.clocks.run(step)
      passed += step
      try await runner.turn()
      let now = await runner.health.failures
      attempts += max(0, now - failures)
      failures = now
    }
    return attempts
  }

  @Test("What is captured waits for others for a minute, and is delivered together")
  func delivery() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    try await runner.turn()
    for duration in 1...3 as ClosedRange<UInt32> { try await runner.keep([input(world, duration)]) }
    _ = try await pass(Self.minute - 1_000, every: 1_000, world, runner)
    #expect(try world.service.batches().isEmpty)
    _ = try await pass(1_000, every: 1_000, world, runner)
    #expect(try world.service.batches().count == 1 && world.durations() == [1, 2, 3])
    let health = await runner.health
    #expect(health.kept == 3 && health.delivered == 1 && !health.status.isWaiting && health.error == nil)
  }

  @Test(
    "Weeks without a service: attempts grow rare, all is kept, and is delivered by itself within 15 minutes")
  func weeks() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    world.service.isAway = true
    var attempts = 0
    for duration in 1...21 as ClosedRange<UInt32> {
      try await runner.keep([input(world, duration)])
      attempts += try await pass(Self.day, every: 30 * Self.minute, world, runner)
    }
    #expect((21 * 24...21 * 48 + 20).contains(attempts), "\(attempts) attempts")
    #expect(await runner.health.error == .service(.unavailable(place: "service", reason: "no network")))
    #expect(await runner.health.status.segments == 21)
    world.service.isAway = false
    _ = try await pass(15 * Self.minute, every: Self.minute, world, runner)
    #expect(try world.durations() == Array(1...21))
    #expect(await runner.health.failures == 0)
  }

  @Test("A state that ends stops deliveries, not captures; a newer one is found, and all goes on")
  func expiry() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    try await runner.turn()
    // The computer sleeps for longer than the state lasts; nobody has set its clock.
    world.clocks.run(61 * Self.day)
    try await runner.keep([input(world, 1)])
    _ = try await pass(2 * Self.minute, every: 1_000, world, runner)
    let ended = await runner.health
    #expect(ended.status.isExpired && ended.failures > 0 && world.store.items[.segment(1)] != nil)
    try world.publish(counter: 2, made: AgentWorld.made.adding(days: 61))
    _ = try await pass(15 * Self.minute, every: Self.minute, world, runner)
    #expect(try world.durations() == [1])
    #expect(await !runner.health.status.isExpired)
  }

  @Test("An agent that nobody has let in yet keeps what it captures, and goes on once it is")
  func waiting() async throws {
    let world = try AgentWorld()
    _ = try await world.agent.enrol(code: world.code())
    let runner = try RunningAgent(world.agent)
    try await runner.keep([input(world, 1)])
    _ = try await pass(5 * Self.minute, every: Self.minute, world, runner)
    #expect(await runner.health.status.phase == .pinned)
    try world.publish()
    _ = try await pass(15 * Self.minute, every: Self.minute, world, runner)
    #expect(try world.durations() == [1])
  }

  @Test("An idle agent looks for a newer state every hour, and writes its clock down every ten minutes")
  func idle() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    try await runner.turn()
    try world.publish(counter: 2, epoch: 2)
    world.faults.begin(at: nil)
    _ = try await pass(30 * Self.minute, every: Self.minute, world, runner)
    #expect(await runner.health.status.epoch?.value == 1)
    #expect(world.faults.changes.count { $0 == "write clock" } == 3)
    _ = try await pass(31 * Self.minute, every: Self.minute, world, runner)
    #expect(await runner.health.status.epoch?.value == 2)
  }

  @Test("Whoever sets the clock moves nothing; a machine that is set back to an old picture goes on at once")
  func jumps() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    try await runner.turn()
    world.service.isAway = true
    try await runner.keep([input(world, 1)])
    _ = try await pass(20 * Self.minute, every: Self.minute, world, runner)
    world.service.isAway = false
    let (time, up) = (world.clocks.time, world.clocks.up)
    world.clocks.time = Time(0)
    try await runner.turn()
    world.clocks.time = time
    world.clocks.up = Uptime(start: up.start, milliseconds: 0)
    try await runner.turn()
    #expect(try world.durations() == [1])
  }

  @Test("An agent whose state is gone ends")
  func stopped() async throws {
    let world = try await AgentWorld.active()
    let runner = try RunningAgent(world.agent)
    world.store.items[.agentState] = nil
    await #expect(throws: EndError.self) { try await runner.turn() }
  }
}
