internal import ArgumentParser

struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Enrol an agent and record activity.",
    subcommands: [
      AgentRequestCommand.self, AgentAcceptCommand.self, AgentIDCommand.self, AgentRecordCommand.self,
    ])
}

/// The folder of an end.
struct FolderArgument: ParsableArguments {
  @Argument(help: "The folder of this end.")
  var dir: String
}
