internal import ArgumentParser

struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Enrol an agent, and capture and send activity.",
    subcommands: [
      AgentRequestCommand.self, AgentAcceptCommand.self, AgentIDCommand.self, AgentStatusCommand.self,
      AgentCaptureCommand.self, AgentSendCommand.self, AgentRecordCommand.self,
    ])
}

/// The folder of an end.
struct FolderArgument: ParsableArguments {
  @Argument(help: "The folder of this end.")
  var dir: String
}
