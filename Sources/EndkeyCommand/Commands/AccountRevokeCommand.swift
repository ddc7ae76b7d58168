internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Revoke an agent. Rotate afterwards: it keeps the keys of this epoch.")

  @OptionGroup var folder: FolderArgument
  @Option(help: ArgumentHelp("The agent's id.", valueName: "id"))
  var agent: AgentID
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(EndFolder(folder.dir), password)
    try await owner.revoke(agent)
    let isDue = await owner.vault?.isRotationDue ?? false
    if output.json {
      try Console.print(["revoked": .string("\(agent)"), "rotationDue": .bool(isDue)])
    } else {
      try Console.print(
        "agent \(agent) is revoked" + (isDue ? "; nothing is granted before `account rotate`" : ""))
    }
  }
}
