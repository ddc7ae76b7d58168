internal import ArgumentParser

struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Make an account and rule over it.",
    discussion: """
      Each command works in a person's folder, with that person's password: the owner's, or a manager's who has joined.
      """,
    subcommands: [
      AccountCreateCommand.self, AccountOpenCommand.self, AccountAgentsCommand.self,
      AccountRefuseCommand.self, AccountCodeCommand.self,
      AccountCodesCommand.self, AccountPassphraseCommand.self, AccountUnlockCommand.self,
      AccountLockCommand.self, AccountHoldCommand.self,
      AccountPasswordCommand.self, AccountPersonCommand.self, AccountLabelCommand.self,
      AccountRetireCommand.self, AccountRemoveCommand.self, AccountRotateCommand.self,
      AccountRepairCommand.self, AccountRenewCommand.self, AccountRulesCommand.self,
      AccountRetentionCommand.self, AccountRecoveryCommand.self, AccountRecoverCommand.self,
      AccountRestoreCommand.self, AccountMoveCommand.self,
    ])
}
