import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §13.5: an agent's clock never runs back, and at least as fast as the agent.
@Suite("Agent's clock") struct AgentClockTests {
  static let hour: UInt64 = 3_600_000
  static let terms = CodeTerms(generation: 1, made: day(99), kind: .scoped, role: .agent)

  private func started(made: Time = day(100), terms: CodeTerms = terms) throws -> AgentClock {
    var clock = AgentClock()
    clock.begin(at: try Line(made: made).state().made, terms)
    return clock
  }

  @Test("It is the computer's clock while that is ahead, and what the agent has run when it is not")
  func now() throws {
    var clock = try started()
    #expect(clock.now(wall: day(1)) == day(100))
    #expect(clock.now(wall: day(200)) == day(200))
    clock.run(5 * Self.hour, hasState: true)
    #expect(clock.now(wall: day(1)) == day(100, hours: 5))
    #expect(clock.now(wall: day(100, hours: 4)) == day(100, hours: 5))
    #expect(clock.now(wall: day(100, hours: 6)) == day(100, hours: 6))
  }

  @Test("Before the first state only the age of the code counts")
  func age() throws {
    var clock = AgentClock()
    clock.run(30 * 24 * Self.hour, hasState: false)
    #expect(clock.running == 0)
    #expect(clock.anchor(Self.terms) == day(129))
    clock.begin(at: try Line().state().made, Self.terms)
    #expect((clock.least, clock.running) == (day(129), 0))
  }

  @Test("A state of the same generation never sets it back, and may set it on")
  func proceeding() throws {
    var clock = try started()
    clock.run(48 * Self.hour, hasState: true)
    clock.proceed(to: try Line(made: day(90)).state().made)
    #expect((clock.least, clock.running) == (day(102), 0))
    clock.run(Self.hour, hasState: true)
    clock.proceed(to: try Line(made: day(110)).state().made)
    #expect((clock.least, clock.running) == (day(110), 0))
    #expect(clock.age.value == 49 * Self.hour)
  }

  @Test("A greater generation forgets what states said of the time, and goes not behind the code's anchor")
  func beginning() throws {
    var clock = try started(made: day(300))  // by an owner whose clock was ahead
    clock.run(24 * Self.hour, hasState: true)
    clock.begin(at: try Line(generation: 2, made: day(101)).state().made, Self.terms)
    #expect((clock.least, clock.running) == (day(101), 0))
    clock.begin(at: try Line(generation: 3, made: day(50)).state().made, Self.terms)
    #expect(clock.least == day(100))  // the code's day, and one day run
  }

  @Test("Another code raises the anchor to the time it was made, and never lowers it")
  func anotherCode() throws {
    for (made, expected) in [(day(99), day(109)), (day(108), day(109)), (day(120), day(120))] {
      var clock = try started()
      clock.run(10 * 24 * Self.hour, hasState: true)
      let newer = CodeTerms(generation: 2, made: made, kind: .master, role: .agent)
      let terms = clock.take(newer, after: Self.terms)
      #expect(terms.made == expected)
      #expect(clock.anchor(terms) == expected)
      #expect(clock.age == 0)
      #expect((terms.generation, terms.kind) == (2, .master))
      // What the kept state said of the time is kept.
      #expect(clock.now(wall: 0) == day(110))
    }
  }

  @Test("A code of a lower generation lowers nothing, and its kind is the newer")
  func lowerGeneration() throws {
    var clock = try started()
    let old = CodeTerms(generation: 5, made: day(99), kind: .master, role: .agent)
    let new = CodeTerms(generation: 2, made: day(100), kind: .scoped, role: .agent)
    let terms = clock.take(new, after: old)
    #expect((terms.generation, terms.kind) == (5, .scoped))
  }

  @Test("Sums end at the greatest time there is")
  func saturation() throws {
    var clock = AgentClock(least: .max, running: .max, age: .max)
    clock.run(.max, hasState: true)
    #expect((clock.running, clock.age) == (.max, .max))
    #expect(clock.now(wall: 0) == .max)
    #expect(clock.anchor(Self.terms) == .max)
    clock.proceed(to: try Line().state().made)
    #expect(clock.least == .max)
  }
}
