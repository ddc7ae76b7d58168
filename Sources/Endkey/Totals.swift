public import EndkeyWire

/// Milliseconds by token: the sums over counted records. §16.3
public struct Totals: Equatable, Sendable {
  /// The sums by the whole token, in milliseconds. A token that is not what its V says shares its sum with
  /// none.
  public private(set) var byToken: [Token: UInt64] = [:]

  /// No sums.
  public init() {}

  /// The sum of a token, in milliseconds.
  public subscript(token: Token) -> UInt64 { byToken[token] ?? 0 }

  /// Adds the duration of a record to each of its tokens.
  public mutating func add(_ record: Record) {
    for case .token(let token) in record.items {
      // Never reached: 2^32 records of the longest duration fit.
      byToken[token, default: 0] &+= UInt64(record.duration)
    }
  }

  /// Adds the totals of another agent or period.
  public mutating func add(_ other: Totals) {
    byToken.merge(other.byToken) { $0 &+ $1 }
  }

  /// The totals as the service has them, in milliseconds by its key for grouping.
  public var byGroup: [Group: UInt64] {
    var groups: [Group: UInt64] = [:]
    for (token, sum) in byToken { groups[Group(token), default: 0] &+= sum }
    return groups
  }

  /// What the service groups by, within an account. §14.1
  public struct Group: Hashable, Sendable {
    /// What the values of the group are.
    public let field: TokenField
    /// The epoch of the tokens of the group.
    public let epoch: Epoch
    /// V, which is equal for equal values of an account, epoch and field.
    public let v: SyntheticIV

    /// The group that a token belongs to.
    public init(_ token: Token) {
      field = token.field
      epoch = token.epoch
      v = token.v
    }
  }
}
