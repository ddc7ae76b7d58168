package import EndkeyPrimitives
public import EndkeyWire

/// `Ktok[e]`: makes and opens the tokens of an account and epoch. §7
public struct TokenKey: ~Copyable, Sendable {
  /// 64 bytes: the first half for S2V, the second for CTR. §14.1
  package let secret: SecretBytes
  /// The account whose tokens it makes.
  public let accountID: AccountID
  /// The epoch whose tokens it makes.
  public let epoch: Epoch

  /// `secret` has 64 bytes: whoever read them has checked that.
  package init(secret: consuming SecretBytes, accountID: AccountID, epoch: Epoch) {
    precondition(secret.count == 64, "not a token key")
    self.secret = secret
    self.accountID = accountID
    self.epoch = epoch
  }

  /// Another value with the same key.
  public func copy() -> TokenKey { TokenKey(secret: secret.copy(), accountID: accountID, epoch: epoch) }
}
