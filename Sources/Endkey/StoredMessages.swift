/// The five messages that the service keeps of an account, as it gives them. §12.6
public struct StoredMessages: Sendable {
  public var passwordWrap: [UInt8]
  public var privateKeys: [UInt8]
  public var ownerVault: [UInt8]
  public var accountState: [UInt8]
  /// Nil when the account has none.
  public var ruleSet: [UInt8]?

  public init(
    passwordWrap: [UInt8], privateKeys: [UInt8], ownerVault: [UInt8], accountState: [UInt8],
    ruleSet: [UInt8]?
  ) {
    self.passwordWrap = passwordWrap
    self.privateKeys = privateKeys
    self.ownerVault = ownerVault
    self.accountState = accountState
    self.ruleSet = ruleSet
  }
}
