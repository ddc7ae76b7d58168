public import EndkeyPrimitives
public import EndkeyWire

/// What a person's device remembers of the account: `OwnerContents` of §8.4. §13.2
public struct OwnerPins: Equatable, Sendable {
  /// The head of the PersonKeys used last.
  public internal(set) var head: PasswordHeader
  /// The state that was accepted last; nil at a manager's end that has not opened the account yet.
  public internal(set) var state: AcceptedState?
  /// The greatest generation that this end has signed or seen, at first that of its code. After a root act of its own
  /// was lost it is above that act's: while it is above the newest state's, another root act is due.
  public internal(set) var generation: Generation
  /// Whether a person has said at this end that what it shows is the newest, or made the account here.
  public internal(set) var isConfirmed: Bool
  /// The counter of the vault that was opened or settled last; 0 before the first.
  public internal(set) var vaultCounter: Counter
  /// The hash of the vault that was opened or settled last; zero before the first.
  public internal(set) var vaultHash: Hash
  /// The publication that was sent and not answered; nil when there is none.
  public internal(set) var pending: PendingHashes?
  /// How many times the pins were written. §13.4
  public internal(set) var writes: Counter

  /// The hashes of the messages of a publication that was sent, which lie beside the pins.
  public struct PendingHashes: Equatable, Sendable {
    /// The hash of the vault.
    public let vault: Hash
    /// The hash of the state; zero when there is none.
    public let state: Hash
    /// The hash of the rule set; zero when there is none.
    public let ruleSet: Hash
  }

  /// The account that is remembered.
  public var accountID: AccountID { head.accountID }

  /// Whether a lost root act of this end must be followed by another one. §12.8
  public var isRootDue: Bool {
    guard let state, pending == nil else { return false }
    return generation > state.state.generation
  }
}

// MARK: - On the disk. §13.4

extension OwnerPins {
  /// What the caller writes to the device's disk, whole or not at all.
  public mutating func save(
    deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    guard let writes = writes.next else { throw ProtocolError(.limitReached, "13.4") }
    let contents = OwnerContents(
      head: head, state: state?.state, generation: generation, confirmed: isConfirmed,
      vaultCounter: vaultCounter, vaultHash: vaultHash,
      pendingVault: pending?.vault ?? .zero, pendingState: pending?.state ?? .zero,
      pendingRuleSet: pending?.ruleSet ?? .zero)
    let written = try LocalState.seal(
      SecretBytes(copying: contents.serialized), type: .ownerState, accountID: accountID,
      epoch: state?.state.epoch, writes: writes, deviceKey: deviceKey, using: &random)
    self.writes = writes
    return written
  }

  /// Reads and opens what was written: a fault of format, else `localStateOpenFailed`.
  public init(opening bytes: [UInt8], deviceKey: borrowing SecretBytes) throws(ProtocolError) {
    let message = try LocalState(received: bytes, type: .ownerState)
    let plaintext = try message.open(deviceKey: deviceKey)
    let contents = try wire("13.4", or: .localStateOpenFailed) { () throws(WireError) in
      try plaintext.withBytes { (bytes) throws(WireError) in try OwnerContents(parsing: bytes) }
    }
    let state = contents.state.map { AcceptedState($0) }
    guard contents.head.accountID == message.accountID, message.epoch == state?.state.epoch,
      state?.state.accountID ?? message.accountID == message.accountID,
      contents.generation >= state?.state.generation ?? contents.generation,
      (state == nil) == (contents.vaultHash == .zero)
    else { throw ProtocolError(.localStateOpenFailed, "13.4") }
    let hasPending = contents.pendingVault != .zero
    guard hasPending || (contents.pendingState == .zero && contents.pendingRuleSet == .zero) else {
      throw ProtocolError(.localStateOpenFailed, "13.4")
    }
    head = contents.head
    self.state = state
    generation = contents.generation
    isConfirmed = contents.confirmed
    vaultCounter = contents.vaultCounter
    vaultHash = contents.vaultHash
    pending =
      hasPending
      ? PendingHashes(
        vault: contents.pendingVault, state: contents.pendingState, ruleSet: contents.pendingRuleSet) : nil
    writes = message.writes
  }
}
