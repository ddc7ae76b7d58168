public import EndkeyWire

/// How far a member's batches were audited: what the vault keeps between two audits. §8.4, §16.2
public struct AuditMark: Equatable, Sendable {
  /// The number of the last batch that was counted; 0 before the first.
  public let sequence: Counter
  /// Its hash; zeros before the first.
  public let hash: Hash
  /// The greatest place of a noted state that a counted batch named; zeros before the first.
  public let pair: StatePair

  /// Where an audit stands.
  public init(sequence: Counter, hash: Hash, pair: StatePair) {
    self.sequence = sequence
    self.hash = hash
    self.pair = pair
  }

  /// Where the last audit of `member` stands.
  public init(_ member: Member) {
    self.init(
      sequence: member.auditedSequence, hash: member.auditedHash,
      pair: StatePair(generation: member.auditedGeneration, counter: member.auditedState))
  }
}
