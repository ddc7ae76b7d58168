package import EndkeyPrimitives
public import EndkeyWire

/// `Ktok[e]`: makes and opens the tokens of an account and epoch. §7
public struct TokenKey: ~Copyable, Sendable {
  /// 64 bytes: the first half for S2V, the second for CTR. §14.1
  package let secret: SecretBytes
  /// The account whose tokens it makes.
  public let accountID: AccountID
  /// The epoch whose tokens it makes, at least 1.
  public let epoch: UInt32

  /// `secret` has 64 bytes and `epoch` is not 0: whoever read them has checked that.
  package init(secret: consuming SecretBytes, accountID: AccountID, epoch: UInt32) {
    precondition(secret.count == 64 && epoch > 0, "not a token key")
    self.secret = secret
    self.accountID = accountID
    self.epoch = epoch
  }

  /// Another value with the same key.
  public func copy() -> TokenKey { TokenKey(secret: secret.copy(), accountID: accountID, epoch: epoch) }
}
