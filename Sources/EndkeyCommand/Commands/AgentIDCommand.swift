internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentIDCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "id", abstract: "Print the agent's id.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() throws {
    let status = try folder.agent().status()
    if output.json {
      try Console.print(["agent": .string("\(status.agentID)"), "phase": .string(status.phase.name)])
    } else {
      try Console.print("\(status.agentID)")
    }
  }
}
