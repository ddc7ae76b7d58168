public import EndkeyWire

/// An agent that runs for as long as its computer does: it keeps what it is given, and delivers it by itself.
///
/// A program calls ``turn()`` about once a second, and ``keep(_:)`` with what it captures, at any time. An agent whose
/// service is away, whose state has ended, who waits for keys or was removed goes on by itself when that is over.
public actor RunningAgent<Store: EndStore, Service: AgentService> {
  private let end: AgentEnd<Store, Service>
  private var schedule: AgentSchedule
  private var isAtWork = false
  /// How it does.
  public private(set) var health: AgentHealth

  /// An agent that begins to run.
  public init(_ end: AgentEnd<Store, Service>, pace: AgentPace = AgentPace()) throws(EndError) {
    self.end = end
    schedule = AgentSchedule(pace: pace, at: end.clocks.uptime().milliseconds)
    health = AgentHealth(started: end.clocks.wall(), status: try end.status())
  }

  /// Keeps what was captured: it is on the disk when this returns.
  ///
  /// - Throws: what `AgentEnd.capture` throws.
  @discardableResult
  public func keep(_ inputs: [CaptureInput]) async throws(EndError) -> KeptCaptures {
    let kept = try await end.capture(inputs: inputs)
    schedule.turn(to: end.clocks.uptime().milliseconds)
    schedule.captured()
    health.kept += UInt64(kept.count)
    health.damaged += kept.damaged
    health.status = try end.status()
    return kept
  }

  /// Does what is due. Whatever fails is in ``health``, and is tried again.
  ///
  /// - Throws: `stopped` when there is nothing to go on with.
  public func turn() async throws(EndError) {
    guard !isAtWork else { return }
    isAtWork = true
    defer { isAtWork = false }
    schedule.turn(to: end.clocks.uptime().milliseconds)
    if schedule.isSendDue { try await send() }
    if schedule.isSaveDue {
      schedule.saved()
      do {
        try await end.keepTime()
      } catch {
        try fail(error)
      }
    }
    schedule.turn(to: end.clocks.uptime().milliseconds)
    health.secondsToAttempt = schedule.rest / 1_000
  }

  /// Delivers what waits at once, as at the end of the program.
  public func send() async throws(EndError) {
    var sent = SentActivity()
    defer {
      health.delivered += UInt64(sent.places.count)
      health.damaged += sent.damaged
      health.refused += sent.refused.compactMap(\.place)
    }
    do {
      try await end.send(&sent)
      (health.status, health.error) = (try end.status(), nil)
      health.lastContact = end.clocks.wall()
      schedule.turn(to: end.clocks.uptime().milliseconds)
      schedule.sent(isMoreWaiting: health.status.isWaiting)
    } catch {
      schedule.turn(to: end.clocks.uptime().milliseconds)
      schedule.failed(share: .random(in: .min ... .max), retryAfter: error.retryAfter)
      try fail(error)
    }
    health.failures = schedule.failures
  }

  /// Writes bytes that say how the agent does, for whoever asks.
  public func write(health bytes: [UInt8]) async throws(EndError) { try await end.write(health: bytes) }

  private func fail(_ error: EndError) throws(EndError) {
    if case .stopped = error { throw error }
    health.error = error
    health.status = try end.status()
  }
}

/// How a running agent does.
public struct AgentHealth: Sendable {
  /// When it began to run.
  public let started: Time
  /// What it may do.
  public internal(set) var status: AgentStatus
  /// How many captures it has kept since it began to run.
  public internal(set) var kept: UInt64 = 0
  /// How many batches it has delivered.
  public internal(set) var delivered: UInt64 = 0
  /// Files of the agent with damage, which are kept aside: segments of the spool, batches and blobs.
  public internal(set) var damaged: [String] = []
  /// Batches that the service refuses for good, which are kept aside.
  public internal(set) var refused: [String] = []
  /// When its service answered last, and had all.
  public internal(set) var lastContact: Time?
  /// Attempts to send that failed since the last that did not.
  public internal(set) var failures = 0
  /// How long it is until the next attempt.
  public internal(set) var secondsToAttempt: UInt64 = 0
  /// What stood in the way of the last attempt; nil when nothing did.
  public internal(set) var error: EndError?

  init(started: Time, status: AgentStatus) {
    self.started = started
    self.status = status
  }
}

extension AgentStatus {
  /// Whether anything was captured that the service has not.
  public var isWaiting: Bool { waiting > 0 || segments > 0 }
}
