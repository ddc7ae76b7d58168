internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct BatchFetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Write the batches that the service has into files.",
    discussion: """
      Each goes to FOLDER/AGENT/HASH.ek, for `batch list` and for a copy of your own. They are as the service gives \
      them: `batch audit` says which of them count.
      """)

  @Option(
    help: ArgumentHelp("Where the files go; what is there already stays.", valueName: "folder"),
    completion: .directory, transform: Path.folder)
  var out: String
  @OptionGroup var account: AccountOptions

  func run() async throws {
    try Folder.make(out, mode: 0o700)
    let owner = try await account.open()
    var count = 0
    for (author, batch) in try await owner.unverifiedBatches() {
      // A service chooses the name: none but an id becomes one of a folder.
      guard let agentID = AgentID(hexadecimal: author) else {
        try Console.note("\(batch.place): \(author) is no agent's id: left out")
        continue
      }
      try Folder.make("\(out)/\(agentID)", mode: 0o700)
      let file = "\(out)/\(agentID)/\(Hash(sha256: batch.bytes)).ek"
      try OutputFile.write(batch.bytes, to: file, .replaced, mode: 0o600)
      count += 1
    }
    if account.output.json {
      try Console.print(["batches": .integer(count), "folder": .string(out)])
    } else {
      try Console.print("\(out): \(counted(count, "batch", "batches"))")
    }
  }
}
