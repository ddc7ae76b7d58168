public import EndkeyWire

/// What a step of the owner's end gives to be stored at the service, as one step too: every message of it was made
/// before any is given. R-12.2-1
///
/// Each step has its own type, such as ``Owner/NewAccount`` or ``Owner/NewEpoch``, with a property for each message
/// that the step makes. A program that stores whatever a step gives goes through ``messages``.
public protocol Publication: ~Copyable, Sendable {
  /// The messages that the step made, each of which takes the place of the one of its kind at the service.
  ///
  /// They are for one transaction. Where a service has none they are written in this order: state and wrap may be
  /// newer than the vault, never the other way (§12.6), and grants come last.
  var messages: [PublishedMessage] { get }
}

/// A message that an owner's end makes and the service stores. §8.3
public enum PublishedMessage: Equatable, Sendable {
  /// The MasterKey under the password. One for an account.
  case passwordWrap(PasswordWrap)
  /// The account's private keys under the MasterKey. One for an account.
  case privateKeys(PrivateKeys)
  /// What all members are to know. One for an account.
  case accountState(AccountState)
  /// The categories of values, as tokens. At most one for an account.
  case ruleSet(RuleSet)
  /// What only the owner's end is to know. One for an account.
  case ownerVault(OwnerVault)
  /// Keys of the epoch for one member, `recipient`. One for a member.
  case grant(Grant)

  /// The bytes that the service stores and gives back.
  public var serialized: [UInt8] {
    switch self {
    case .passwordWrap(let message): message.serialized
    case .privateKeys(let message): message.serialized
    case .accountState(let message): message.serialized
    case .ruleSet(let message): message.serialized
    case .ownerVault(let message): message.serialized
    case .grant(let message): message.serialized
    }
  }
}
