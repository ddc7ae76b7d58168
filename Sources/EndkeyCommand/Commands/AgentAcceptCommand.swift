internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

struct AgentAcceptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Take the account's state and this agent's grant from the service.",
    discussion: "Exits with 1 when the agent holds no keys of the current epoch afterwards.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() throws {
    var end = try AgentEnd.open(folder.dir)
    let service = end.folder.service
    let state = try Descriptor(reading: service.state).rest(limit: 1 << 20)
    try naming(service.state) { try end.agent.accept(state: state) }
    try end.save()
    guard end.agent.phase != .revoked else { throw CommandError(.revoked, "10.3", in: folder.dir) }

    guard let agentID = end.agent.agentID else { return }
    let grantPath = service.grant(to: agentID)
    if OutputFile.exists(grantPath) {
      let grant = try Descriptor(reading: grantPath).rest(limit: 1 << 16)
      try naming(grantPath) { try end.agent.accept(grant: grant) }
      try end.save()
    }
    guard end.agent.phase == .active, let epoch = end.agent.state?.mark.epoch else {
      throw CommandError(.noGrant, "13.1", in: folder.dir)
    }
    if output.json {
      try Console.print([
        "agent": .string("\(agentID)"), "phase": .string(end.agent.phase.name), "epoch": .integer(epoch),
      ])
    } else {
      try Console.print("agent \(agentID) is active in epoch \(epoch)")
    }
  }
}
