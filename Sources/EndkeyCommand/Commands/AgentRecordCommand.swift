internal import ArgumentParser
internal import Endkey
internal import EndkeyStore

struct AgentRecordCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Capture activity on standard input, and send it at once.",
    discussion: CaptureReader.help)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try FolderAgent.open(folder.dir)
    try await agent.capture(try CaptureReader.activities())
    do {
      try await agent.send().tell(output)
    } catch let error as EndError {
      try Console.note(
        "\(folder.dir): what was captured is kept here, and sent with the next: do not record it again")
      throw error
    }
  }
}
