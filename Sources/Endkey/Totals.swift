public import EndkeyWire

/// Milliseconds by agent and token: the sums over counted records. §16.3
///
/// A token counts as a whole, its epoch with it: two that have only V in common share no sum, and one value has a token
/// in each epoch. Who opens them may add these up.
public struct Totals: Equatable, Sendable {
  /// What a sum is of.
  public struct Key: Hashable, Sendable {
    /// The agent whose records they are.
    public let agentID: AgentID
    /// The token that they hold.
    public let token: Token

    /// The sum of a token over the records of an agent.
    public init(_ agentID: AgentID, _ token: Token) {
      self.agentID = agentID
      self.token = token
    }
  }

  /// The sums, in milliseconds.
  public private(set) var sums: [Key: UInt64] = [:]

  /// No sums.
  public init() {}

  /// The sums of one agent's tokens, each of which is there once.
  init(of agentID: AgentID, _ sums: some Sequence<(Token, UInt64)>) {
    self.sums = Dictionary(uniqueKeysWithValues: sums.lazy.map { (Key(agentID, $0.0), $0.1) })
  }

  /// The sum of a token over the records of an agent, in milliseconds.
  public subscript(agentID: AgentID, token: Token) -> UInt64 { sums[Key(agentID, token)] ?? 0 }

  /// The sum of a token over the records of all agents, in milliseconds.
  public subscript(token: Token) -> UInt64 {
    // Never reached: 2^32 records of the longest duration fit.
    sums.lazy.filter { $0.key.token == token }.reduce(0) { $0 &+ $1.value }
  }

  /// The tokens that have a sum.
  public var tokens: Set<Token> { Set(sums.keys.lazy.map(\.token)) }

  /// Adds the durations of the records of a batch to each of their tokens.
  public mutating func add(_ batch: RecordBatch) {
    for record in batch.records {
      for case .token(let token) in record.items {
        sums[Key(batch.agentID, token), default: 0] &+= UInt64(record.duration)
      }
    }
  }

  /// Adds the totals of another agent or period.
  public mutating func add(_ other: Totals) { sums.merge(other.sums) { $0 &+ $1 } }
}
