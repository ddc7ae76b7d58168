/// What must never go back at a person's end that keeps its pins, and what it may never sign: checked after each event.
/// R-12.7-3, R-12.8-2
public struct PinsLatch {
  /// What an end remembers.
  public struct Look: Equatable {
    /// Of the state pinned.
    public let generation: UInt32
    /// Of the state pinned.
    public let counter: UInt64
    /// The greatest generation that was signed or seen.
    public let greatest: UInt32
    public let vaultCounter: UInt64
    /// What the state and the vault that are pinned are named by.
    public let names: [[UInt8]]

    public init(generation: UInt32, counter: UInt64, greatest: UInt32, vaultCounter: UInt64, names: [[UInt8]])
    {
      self.generation = generation
      self.counter = counter
      self.greatest = greatest
      self.vaultCounter = vaultCounter
      self.names = names
    }
  }

  private var past: Look?
  /// The persons of each list that was signed, by its number.
  private var lists: [UInt32: Set<[UInt8]>] = [:]

  public init() {}

  /// Holds the end against what it was, and remembers it.
  public mutating func check(_ now: Look) throws(Violation) {
    defer { past = now }
    try require(now.greatest >= now.generation, "a generation is pinned that was not seen")
    guard let past else { return }
    try require(now.greatest >= past.greatest, "the greatest generation goes back")
    try require(now.generation >= past.generation, "the pinned generation goes back")
    // Only the root key begins anew.
    guard now.generation == past.generation else { return }
    try require(now.counter >= past.counter, "the pinned state goes back")
    try require(now.vaultCounter >= past.vaultCounter, "the pinned vault goes back")
    guard now.counter == past.counter, now.vaultCounter == past.vaultCounter else { return }
    try require(now.names == past.names, "other messages of the same counters are pinned")
  }

  /// Notes a list that the end signs: whoever was on one of this number stays on it.
  public mutating func sign(_ generation: UInt32, persons: Set<[UInt8]>) throws(Violation) {
    let before = lists[generation] ?? []
    try require(before.isSubset(of: persons), "two lists have the number \(generation)")
    lists[generation] = persons
  }
}
