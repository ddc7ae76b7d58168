internal import ArgumentParser

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "List and audit batches of activity.",
    subcommands: [BatchListCommand.self, BatchAuditCommand.self])
}
