internal import EndkeyWire

/// What the service stores of an account for one person, as it gives it after the login. Nothing of it is checked
/// before an end opens it. §12.7
public struct Whole: Equatable, Sendable {
  /// The person's PersonKeys.
  public var personKeys: [UInt8]
  /// The owner's PasswordWrap; nil for a manager, and where there is none.
  public var passwordWrap: [UInt8]?
  /// The newest AccountState.
  public var accountState: [UInt8]
  /// The newest Grant to this person; nil when there is none.
  public var grant: [UInt8]?
  /// The newest OwnerVault.
  public var ownerVault: [UInt8]
  /// The newest RuleSet; nil when there is none.
  public var ruleSet: [UInt8]?

  /// The messages as a service gave them.
  public init(
    personKeys: [UInt8], passwordWrap: [UInt8]?, accountState: [UInt8], grant: [UInt8]?, ownerVault: [UInt8],
    ruleSet: [UInt8]?
  ) {
    self.personKeys = personKeys
    self.passwordWrap = passwordWrap
    self.accountState = accountState
    self.grant = grant
    self.ownerVault = ownerVault
    self.ruleSet = ruleSet
  }
}
