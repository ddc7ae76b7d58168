public import EndkeyWire

/// What an agent keeps of the AccountState that it accepted last: enough to check the next one, and grants.
/// §12.1, §11
public struct AcceptedState: Equatable, Sendable {
  /// The epoch, counter and hash of the state.
  public let mark: StateMark
  /// The account whose state it is.
  public let accountID: AccountID
  /// The account's Ed25519 public key.
  public let verifyKey: VerifyKey
  /// `commit` of the epoch.
  public let commitment: Bytes<32>

  /// What is to be kept of `state`, which passed its checks.
  public init(_ state: AccountState) {
    self.init(
      mark: StateMark(state), accountID: state.accountID, verifyKey: state.verifyKey,
      commitment: state.commitment)
  }

  init(mark: StateMark, accountID: AccountID, verifyKey: VerifyKey, commitment: Bytes<32>) {
    self.mark = mark
    self.accountID = accountID
    self.verifyKey = verifyKey
    self.commitment = commitment
  }
}
