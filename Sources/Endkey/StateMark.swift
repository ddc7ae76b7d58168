public import EndkeyWire

/// What a receiver remembers of the AccountState that it accepted last. §12.1
public struct StateMark: Equatable, Sendable {
  /// The epoch of the state.
  public let epoch: Epoch
  /// The counter of the state.
  public let counter: Counter
  /// The hash of all bytes of the state.
  public let hash: Hash

  /// What was remembered of a state.
  public init(epoch: Epoch, counter: Counter, hash: Hash) {
    self.epoch = epoch
    self.counter = counter
    self.hash = hash
  }

  /// What is to be remembered of `state`.
  public init(_ state: AccountState) {
    self.init(epoch: state.epoch, counter: state.counter, hash: Hash(sha256: state.serialized))
  }
}
