/// How often a running agent does what nobody asks it for, in milliseconds of a clock that counts sleep.
public struct AgentPace: Sendable {
  /// The time from the first capture that waits to an attempt to deliver it.
  public var delivery: UInt64
  /// The time from one look at the newest state to the next, where there is nothing to deliver.
  public var state: UInt64
  /// The time from the first failure to the next attempt, which each one more doubles.
  public var firstRetry: UInt64
  /// The longest time between two attempts.
  public var lastRetry: UInt64
  /// From one writing of the agent's clock to the next. R-13.5-1
  static var save: UInt64 { 600_000 }

  /// A pace; what is not given suits a desk computer.
  public init(
    delivery: UInt64 = 60_000, state: UInt64 = 3_600_000, firstRetry: UInt64 = 1_000,
    lastRetry: UInt64 = 900_000
  ) {
    self.delivery = delivery
    self.state = state
    self.firstRetry = firstRetry
    self.lastRetry = lastRetry
  }
}

/// When a running agent sends and saves. Times are milliseconds for which the computer has been on, so that nobody who
/// sets the clock moves them, and what a sleep has made due is done after it.
struct AgentSchedule {
  let pace: AgentPace
  /// Attempts that failed since the last that did not.
  private(set) var failures = 0
  /// When to send.
  private(set) var nextAttempt: UInt64
  private var nextSave: UInt64
  private var last: UInt64

  init(pace: AgentPace, at now: UInt64) {
    self.pace = pace
    (nextAttempt, nextSave, last) = (now, now, now)
  }

  /// It is now this late. A machine that was set back to a picture of its memory has an earlier time than before: all
  /// is due then.
  mutating func turn(to now: UInt64) {
    if now < last { (nextAttempt, nextSave) = (now, now) }
    last = now
  }

  var isSendDue: Bool { last >= nextAttempt }
  var isSaveDue: Bool { last >= nextSave }
  /// How long it is until the next attempt.
  var rest: UInt64 { nextAttempt - min(last, nextAttempt) }

  /// Something was captured. While attempts fail it waits with the others.
  mutating func captured() {
    guard failures == 0 else { return }
    nextAttempt = min(nextAttempt, last.saturating(pace.delivery))
  }

  mutating func saved() { nextSave = last.saturating(AgentPace.save) }

  /// All was sent, but for what was captured meanwhile.
  mutating func sent(isMoreWaiting: Bool) {
    failures = 0
    nextAttempt = last.saturating(isMoreWaiting ? pace.delivery : pace.state)
  }

  /// Nothing could be sent. `share`, from 0 to 255, spreads the attempts of many agents whose service was away. What
  /// the service asks to wait is obeyed up to an hour: one that asks for more withholds.
  mutating func failed(share: UInt8, retryAfter seconds: UInt64? = nil) {
    failures += 1
    var delay = min(pace.firstRetry, pace.lastRetry)
    for _ in 1..<min(max(failures, 1), 64) where delay < pace.lastRetry {
      delay = min(delay.saturating(delay), pace.lastRetry)
    }
    let asked = min(seconds ?? 0, 3_600) * 1_000
    nextAttempt = last.saturating(max(asked, delay / 2 + delay / 512 * UInt64(share)))
  }
}

extension UInt64 {
  fileprivate func saturating(_ other: UInt64) -> UInt64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? .max : sum
  }
}
