public import EndkeyWire

/// The clock of an agent: it never runs back, and at least as fast as the agent does. §13.5
///
/// The wall clock of a computer is in the hands of whoever uses it. So an agent also counts what it has run, by a
/// monotonic clock that counts the time in which the computer slept, and works by whichever is later.
public struct AgentClock: Equatable, Sendable {
  /// The clock is not below it; 0 before the first AccountState.
  public private(set) var least: Time
  /// Milliseconds that the agent has run since it accepted its AccountState; 0 before the first.
  public private(set) var running: Counter
  /// Milliseconds that the agent has run since it was given its newest code.
  public private(set) var age: Counter

  package init(least: Time = 0, running: Counter = 0, age: Counter = 0) {
    self.least = least
    self.running = running
    self.age = age
  }

  /// What the agent takes for the time when the computer's clock says `wall`.
  public func now(wall: Time) -> Time { max(wall, least.adding(milliseconds: running.value)) }

  /// What the code alone says of the time: no AccountState moves it.
  func anchor(_ terms: CodeTerms) -> Time { terms.made.adding(milliseconds: age.value) }

  /// The agent has run on for as many milliseconds; `hasState` is whether it has accepted one.
  mutating func run(_ milliseconds: UInt64, hasState: Bool) {
    if hasState { running = running.adding(milliseconds) }
    age = age.adding(milliseconds)
  }

  /// A state that was signed at `made` was accepted in the generation of the one before.
  package mutating func proceed(to made: Time) {
    least = max(least.adding(milliseconds: running.value), made)
    running = 0
  }

  /// A state that was signed at `made` was accepted, the first or one of a greater generation. What earlier ones
  /// have said of the time is forgotten: who signed them may have been removed, and the owner's clock may have been
  /// ahead.
  package mutating func begin(at made: Time, _ terms: CodeTerms) {
    least = max(made, anchor(terms))
    running = 0
  }

  /// No state is kept any more: what it said of the time goes with it.
  mutating func forgetState() { (least, running) = (0, 0) }

  /// The terms to keep after a code of the same account was given to an agent that has these. §10.3
  ///
  /// Neither the least generation nor the anchor falls; the kind of grant is the new code's.
  mutating func take(_ code: CodeTerms, after terms: CodeTerms) -> CodeTerms {
    let anchor = anchor(terms)
    age = 0
    return CodeTerms(
      generation: max(code.generation, terms.generation), made: max(code.made, anchor), kind: code.kind,
      role: code.role)
  }
}
