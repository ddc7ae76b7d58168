internal import EndkeyWire

/// The five messages that the service keeps of an account, as it gives them. §12.6
public struct StoredMessages: Equatable, Sendable {
  /// The bytes of the PasswordWrap.
  public var passwordWrap: [UInt8]
  /// The bytes of the PrivateKeys.
  public var privateKeys: [UInt8]
  /// The bytes of the OwnerVault.
  public var ownerVault: [UInt8]
  /// The bytes of the AccountState.
  public var accountState: [UInt8]
  /// The bytes of the RuleSet; nil when the account has none.
  public var ruleSet: [UInt8]?

  /// The messages as a service gave them. None is checked before an owner's end opens the account.
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

  /// What a service keeps of a new account.
  public init(_ account: Owner.NewAccount) {
    self.init(
      passwordWrap: account.passwordWrap.serialized, privateKeys: account.privateKeys.serialized,
      ownerVault: account.ownerVault.serialized, accountState: account.accountState.serialized, ruleSet: nil)
  }

  /// Puts the messages of a step in the place of those that they replace. Grants are none of the five.
  public mutating func store(_ publication: borrowing some Publication & ~Copyable) {
    for message in publication.messages { store(message) }
  }

  /// Puts a message in the place of the one that it replaces. A grant is none of the five, and changes nothing.
  public mutating func store(_ message: PublishedMessage) {
    switch message {
    case .passwordWrap: passwordWrap = message.serialized
    case .privateKeys: privateKeys = message.serialized
    case .accountState: accountState = message.serialized
    case .ruleSet: ruleSet = message.serialized
    case .ownerVault: ownerVault = message.serialized
    case .grant: break
    }
  }
}
