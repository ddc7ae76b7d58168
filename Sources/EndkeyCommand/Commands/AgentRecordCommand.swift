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
    let lines = try input.read()
    let (kept, _) = try await input.capture(lines, by: agent)
    try input.tell(lines, output)
    if lines.activities.isEmpty { try lines.requireWhole() }
    try await agent.send(telling: output, folder.dir, kept: kept)
    try lines.requireWhole()
  }
}
