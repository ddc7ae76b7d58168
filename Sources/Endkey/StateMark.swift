public import EndkeyWire

/// What a receiver remembers of the AccountState that it accepted last. §12.1
public struct StateMark: Equatable, Sendable {
  public let epoch: UInt32
  public let counter: UInt64
  public let hash: Hash

  public init(epoch: UInt32, counter: UInt64, hash: Hash) {
    self.epoch = epoch
    self.counter = counter
    self.hash = hash
  }

  public init(_ state: AccountState) {
    self.init(epoch: state.header.epoch, counter: state.counter, hash: Hash(sha256: state.serialized))
  }
}
