internal import ArgumentParser

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "List, audit and erase batches of activity.",
    subcommands: [BatchListCommand.self, BatchAuditCommand.self, BatchEraseCommand.self])
}
