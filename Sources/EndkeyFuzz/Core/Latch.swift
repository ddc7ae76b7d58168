/// What must never go back at an agent, whatever happens: checked after each event. R-13.1-2, R-12.1-1
public struct Latch {
  /// What shows of an agent.
  public struct Look: Equatable {
    public let isPinned: Bool
    /// It knows nothing any more.
    public let isStopped: Bool
    public let account: [UInt8]
    /// Of the AccountState kept; before one, the least that the agent takes.
    public let generation: UInt32
    /// Of the AccountState kept; 0 before one.
    public let counter: UInt64
    /// Of the AccountState kept; 0 before one.
    public let epoch: UInt32
    /// What the agent takes for the time when the computer's clock says 1970.
    public let time: UInt64
    public let sequence: UInt64

    public init(
      isPinned: Bool, isStopped: Bool, account: [UInt8], generation: UInt32, counter: UInt64, epoch: UInt32,
      time: UInt64, sequence: UInt64
    ) {
      self.isPinned = isPinned
      self.isStopped = isStopped
      self.account = account
      self.generation = generation
      self.counter = counter
      self.epoch = epoch
      self.time = time
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
    try require(now.sequence >= past.sequence, "the batch's number goes back")
    try require(now.generation >= past.generation, "the generation goes back")
    // Only the root key begins anew.
    guard now.generation == past.generation else { return }
    try require(now.counter >= past.counter, "the state's counter goes back")
    try require(now.epoch >= past.epoch, "the epoch goes back")
    try require(now.time >= past.time, "the agent's clock goes back")
  }
}
