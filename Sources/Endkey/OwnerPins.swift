public import EndkeyPrimitives
public import EndkeyWire

/// What an owner's device remembers of the account it has opened: `OwnerContents` of §8.4. §13.2
public struct OwnerPins: Equatable, Sendable {
  /// What is remembered of the PasswordWrap that was accepted last.
  public let wrap: WrapPin
  /// The counter of the vault that was opened or written last.
  public let vaultCounter: Counter
  /// The epoch, counter and hash of the AccountState that was accepted or made last.
  public let state: StateMark
  /// How many times the pins were written. §13.4
  public private(set) var generation: Counter

  init(wrap: WrapPin, vaultCounter: Counter, state: StateMark, generation: Counter) {
    self.wrap = wrap
    self.vaultCounter = vaultCounter
    self.state = state
    self.generation = generation
  }

  /// The account that is remembered.
  public var accountID: AccountID { wrap.accountID }

  /// What the caller writes to the device's disk, whole or not at all. §13.4
  public mutating func save(
    deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    let generation = try next(after: generation, "13.4")
    let contents = OwnerContents(
      salt: wrap.salt, wrapCounter: wrap.counter, vaultCounter: vaultCounter, stateCounter: state.counter,
      stateHash: state.hash)
    let written = try LocalState.seal(
      SecretBytes(copying: contents.serialized), type: .ownerState, accountID: accountID,
      epoch: state.epoch, generation: generation, deviceKey: deviceKey, using: &random)
    self.generation = generation
    return written
  }

  /// Reads and opens what was written: a fault of format, else `localStateOpenFailed`. §13.4
  public init(opening bytes: [UInt8], deviceKey: borrowing SecretBytes) throws(ProtocolError) {
    let message = try LocalState(received: bytes, type: .ownerState)
    let plaintext = try message.open(deviceKey: deviceKey)
    let contents = try wire("13.4", or: .localStateOpenFailed) { () throws(WireError) in
      try plaintext.withBytes { (bytes) throws(WireError) in try OwnerContents(parsing: bytes) }
    }
    let accountID = message.accountID
    guard let epoch = message.epoch else { throw ProtocolError(.localStateOpenFailed, "13.4") }
    self.init(
      wrap: WrapPin(
        accountID: accountID, epoch: epoch, counter: contents.wrapCounter, salt: contents.salt),
      vaultCounter: contents.vaultCounter,
      state: StateMark(epoch: epoch, counter: contents.stateCounter, hash: contents.stateHash),
      generation: message.generation)
  }
}
