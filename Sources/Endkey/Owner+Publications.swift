public import EndkeyWire

// What each step of the owner's end gives to be stored at the service.

extension Owner {
  /// A new account. §5
  public struct NewAccount: Publication, Equatable {
    /// The MasterKey under the password.
    public let passwordWrap: PasswordWrap
    /// The account's private keys under the MasterKey.
    public let privateKeys: PrivateKeys
    /// The first state: counter 1, epoch 1, nobody revoked.
    public let accountState: AccountState
    /// The first vault, without members and codes.
    public let ownerVault: OwnerVault

    /// The four messages of a new account, in the order for the service.
    public var messages: [PublishedMessage] {
      [
        .passwordWrap(passwordWrap), .privateKeys(privateKeys), .accountState(accountState),
        .ownerVault(ownerVault),
      ]
    }
  }

  /// A new password for the same epoch. §9.3
  public struct NewPassword: Publication, Equatable {
    /// The MasterKey under the new password. It takes the place of the wrap under the old one.
    public let passwordWrap: PasswordWrap
    /// The vault, which notes the counter of the new wrap.
    public let ownerVault: OwnerVault

    /// The wrap and the vault, in the order for the service.
    public var messages: [PublishedMessage] { [.passwordWrap(passwordWrap), .ownerVault(ownerVault)] }
  }

  /// The next epoch, with new keys for everybody who is still a member. §12.2
  public struct NewEpoch: Publication, Equatable {
    /// The MasterKey of the new epoch under the password.
    public let passwordWrap: PasswordWrap
    /// The account's private keys under the MasterKey of the new epoch.
    public let privateKeys: PrivateKeys
    /// The state of the new epoch.
    public let accountState: AccountState
    /// The rules with tokens of the new epoch; nil when the account never had any.
    public let ruleSet: RuleSet?
    /// The vault under the MasterKey of the new epoch, without codes.
    public let ownerVault: OwnerVault
    /// A grant for each member that is not revoked, in ascending order of agent ids.
    public let grants: [Grant]

    /// All messages of the new epoch, in the order for the service.
    public var messages: [PublishedMessage] {
      var messages: [PublishedMessage] = [
        .passwordWrap(passwordWrap), .privateKeys(privateKeys), .accountState(accountState),
      ]
      if let ruleSet { messages.append(.ruleSet(ruleSet)) }
      messages.append(.ownerVault(ownerVault))
      return messages + grants.map(PublishedMessage.grant)
    }
  }

  /// An enrolment code that was made. §10.1
  public struct NewCode: ~Copyable, Publication {
    /// The code, for one computer or as many as it has uses. It must not travel through the service.
    public let code: TypedSecret
    /// The vault, which knows the code from now on.
    public let ownerVault: OwnerVault

    /// The vault alone: the code is not for the service.
    public var messages: [PublishedMessage] { [.ownerVault(ownerVault)] }
  }

  /// A grant to one member. §11
  public struct NewGrant: Publication, Equatable {
    /// The vault, which knows the member and the counter of its grant.
    public let ownerVault: OwnerVault
    /// The keys of the current epoch, for the member alone.
    public let grant: Grant

    /// The vault and the grant, in the order for the service.
    public var messages: [PublishedMessage] { [.ownerVault(ownerVault), .grant(grant)] }
  }

  /// A member that was revoked. §12.3
  public struct Revocation: Publication, Equatable {
    /// The state that lists the member as revoked.
    public let accountState: AccountState
    /// The vault, which notes the state and the member's new status.
    public let ownerVault: OwnerVault

    /// The state and the vault, in the order for the service.
    public var messages: [PublishedMessage] { [.accountState(accountState), .ownerVault(ownerVault)] }
  }

  /// Rules that were published. §16.4
  public struct NewRules: Publication, Equatable {
    /// The state that names the rule set by its hash.
    public let accountState: AccountState
    /// The rules whose value was seen in the account's data, as tokens.
    public let ruleSet: RuleSet
    /// The vault, which keeps all rules with their values.
    public let ownerVault: OwnerVault

    /// The state, the rule set and the vault, in the order for the service.
    public var messages: [PublishedMessage] {
      [.accountState(accountState), .ruleSet(ruleSet), .ownerVault(ownerVault)]
    }
  }

  /// What the audit of one agent found. §16.2
  public struct AuditReport: Publication, Equatable {
    /// What is wrong with the batches given, in their order; empty when nothing is.
    public let findings: [Audit.Finding]
    /// The sums over the batches that were counted, by token. R-16.2-1
    public let totals: Totals
    /// The vault, which notes the last batch that was counted.
    public let ownerVault: OwnerVault

    /// The vault alone: findings and totals are for the owner.
    public var messages: [PublishedMessage] { [.ownerVault(ownerVault)] }
  }
}
