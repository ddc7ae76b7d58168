internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentAcceptCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Take the account's state and this agent's grant from the service.",
    discussion: "Exits with 1 when the agent holds no keys of the state afterwards, or the state has ended.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try folder.agent()
    let status = try await agent.refresh()
    guard status.phase != .revoked else { throw CommandError(.revoked, "10.3", in: folder.dir) }
    guard status.phase == .active, let epoch = status.epoch else {
      throw CommandError(.noGrant, "13.1", in: folder.dir)
    }
    guard !status.isExpired else { throw CommandError(.stateExpired, "13.5", in: folder.dir) }
    if output.json {
      try Console.print(status.json)
    } else {
      try Console.print("agent \(status.agentID) is active in epoch \(epoch)")
    }
  }
}
