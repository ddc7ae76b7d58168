internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentSendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Ask for the newest state, and send what was captured as signed batches.",
    discussion: "What cannot be sent now is kept, and sent by the next call.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await FolderAgent.open(folder.dir).send().tell(output)
  }
}

extension SentActivity {
  /// Says what was sent; the status is 1 when the spool was damaged.
  func tell(_ output: OutputOptions) throws {
    for batch in batches {
      if output.json {
        try Console.print(
          [
            "batch": .string(places[batch.sequence] ?? ""), "sequence": .integer(batch.sequence.value),
            "records": .integer(batch.records.count),
          ], .compact)
      } else {
        try Console.print("batch \(batch.sequence): \(batch.records.count) records")
      }
    }
    for place in damaged {
      try Console.note("\(place): damaged, and kept aside; what was whole in it is sent")
    }
    guard damaged.isEmpty else { throw ExitStatus.checkFailed }
  }
}
