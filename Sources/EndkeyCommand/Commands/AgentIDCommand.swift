internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

struct AgentIDCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "id", abstract: "Print the agent's id.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() throws {
    let end = try AgentEnd.open(folder.dir)
    guard let agentID = end.agent.agentID else { return }
    if output.json {
      try Console.print(["agent": .string("\(agentID)"), "phase": .string(end.agent.phase.name)])
    } else {
      try Console.print("\(agentID)")
    }
  }
}
