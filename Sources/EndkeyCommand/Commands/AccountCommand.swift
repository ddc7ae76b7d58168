internal import ArgumentParser

struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Make an account and rule over it.",
    subcommands: [
      AccountCreateCommand.self, AccountOpenCommand.self, AccountCodeCommand.self,
      AccountPasswordCommand.self,
      AccountRevokeCommand.self, AccountRotateCommand.self, AccountRulesCommand.self,
    ])
}
