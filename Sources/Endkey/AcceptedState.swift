public import EndkeyWire

/// An AccountState that an end has accepted, with its hash. §12.1
public struct AcceptedState: Equatable, Sendable {
  /// The state.
  public let state: AccountState
  /// SHA-256 of all its bytes: the name that batches and notes give it.
  public let hash: Hash

  /// A state that passed its checks.
  package init(_ state: AccountState) {
    self.state = state
    hash = Hash(sha256: state.serialized)
  }

  /// The generation and counter of the state.
  public var pair: StatePair { state.pair }

  /// What the vault notes of the state. §8.4
  public var note: StateNote {
    StateNote(
      generation: state.generation, counter: state.counter, epoch: state.epoch, made: state.made,
      hash: hash)
  }
}
