internal import ArgumentParser

struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Make an account and rule over it.",
    discussion: """
      Each command works in the folder of the owner, with the password, or in that of a second manager, without: an \
      agent's folder that was enrolled under a code of --role manager.
      """,
    subcommands: [
      AccountCreateCommand.self, AccountOpenCommand.self, AccountCodeCommand.self,
      AccountPasswordCommand.self,
      AccountRevokeCommand.self, AccountRotateCommand.self, AccountRulesCommand.self,
    ])
}
