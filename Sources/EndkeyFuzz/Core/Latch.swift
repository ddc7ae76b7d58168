/// What must never go back at an agent, whatever happens: checked after each event. R-13.1-2, R-12.1-1
public struct Latch {
  /// What shows of an agent.
  public struct Look: Equatable {
    public let isPinned: Bool
    /// It knows nothing any more.
    public let isStopped: Bool
    public let account: [UInt8]
    public let stateCounter: UInt64
    public let epoch: UInt32
    public let sequence: UInt64

    public init(
      isPinned: Bool, isStopped: Bool, account: [UInt8], stateCounter: UInt64, epoch: UInt32, sequence: UInt64
    ) {
      self.isPinned = isPinned
      self.isStopped = isStopped
      self.account = account
      self.stateCounter = stateCounter
      self.epoch = epoch
      self.sequence = sequence
    }
  }

  private var past: Look?

  public init() {}

  /// Holds the agent against what it was, and remembers it.
  public mutating func check(_ now: Look) throws(Violation) {
    defer { past = now }
    guard let past else { return }
    if past.isStopped { try require(now.isStopped, "an agent that had stopped goes on") }
    guard past.isPinned else { return }
    try require(now.isPinned, "the latch opens: R-13.1-2")
    guard !now.isStopped else { return }
    try require(now.account == past.account, "the pin moves to another account")
    try require(now.stateCounter >= past.stateCounter, "the state's counter goes back")
    try require(now.epoch >= past.epoch, "the epoch goes back")
    try require(now.sequence >= past.sequence, "the batch's number goes back")
  }
}
