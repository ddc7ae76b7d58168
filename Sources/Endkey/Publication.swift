public import EndkeyWire

/// What one step of the owner's end gives to be stored at the service, as one step too: all of it was made
/// before any of it is given. R-12.2-1
///
/// A message that is nil did not change.
public struct Publication: Equatable, Sendable {
  public let passwordWrap: PasswordWrap?
  public let privateKeys: PrivateKeys?
  public let ownerVault: OwnerVault
  public let accountState: AccountState?
  public let ruleSet: RuleSet?
  /// For one recipient each.
  public let grants: [Grant]

  init(
    passwordWrap: PasswordWrap? = nil, privateKeys: PrivateKeys? = nil, ownerVault: OwnerVault,
    accountState: AccountState? = nil, ruleSet: RuleSet? = nil, grants: [Grant] = []
  ) {
    self.passwordWrap = passwordWrap
    self.privateKeys = privateKeys
    self.ownerVault = ownerVault
    self.accountState = accountState
    self.ruleSet = ruleSet
    self.grants = grants
  }
}
