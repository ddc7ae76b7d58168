internal import ArgumentParser

struct BatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "batch", abstract: "Fetch, list, audit and erase batches of activity.",
    subcommands: [
      BatchFetchCommand.self, BatchListCommand.self, BatchAuditCommand.self, BatchEraseCommand.self,
    ])
}
