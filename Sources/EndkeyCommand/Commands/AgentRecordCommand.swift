internal import ArgumentParser
internal import Endkey
internal import EndkeyStore

struct AgentRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Capture activity on standard input, and send it at once.",
    discussion: """
      \(CaptureLines.help)

      Exits with 4 when what was captured is kept here and could not be delivered: the next `agent record` or `agent \
      send` delivers it. With 2 what is no activity was told, and the rest was delivered. With any other error \
      nothing of the input is kept.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var input: CaptureOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try folder.agent()
    let rejected = try input.rejectedFile()
    var lines = try input.read()
    let (kept, _) = try await input.capture(&lines, by: agent)
    // Whatever cannot be told, what was kept is sent.
    var untold: (any Error)?
    do { try input.tell(lines, in: rejected, output) } catch { untold = error }
    if !lines.isEmpty {
      try await agent.send(telling: output, folder.dir, kept: kept.count, damaged: kept.damaged)
    }
    if let untold { throw untold }
    try lines.requireWhole()
  }
}
