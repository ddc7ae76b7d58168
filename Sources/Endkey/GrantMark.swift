public import EndkeyWire

/// What a recipient remembers of the grant that it accepted last. R-11-7
public struct GrantMark: Equatable, Sendable {
  public let counter: UInt64
  public let hash: Hash

  public init(counter: UInt64, hash: Hash) {
    self.counter = counter
    self.hash = hash
  }

  public init(_ grant: Grant) {
    self.init(counter: grant.counter, hash: Hash(sha256: grant.serialized))
  }
}
