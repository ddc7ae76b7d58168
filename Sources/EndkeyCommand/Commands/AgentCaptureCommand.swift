internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentCaptureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Keep activity on standard input, sealed on this disk, until it is sent.",
    discussion: CaptureLines.help)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var input: CaptureOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let agent = try folder.agent()
    let rejected = try input.rejectedFile()
    var lines = try input.read()
    let (kept, repeated) = try await input.capture(&lines, by: agent)
    // What was not taken is saved first: it is nowhere else.
    try input.tell(lines, in: rejected, output)
    if output.json {
      try Console.print([
        "captured": .integer(kept.count), "repeated": .integer(repeated),
        "rejected": .integer(lines.rejected.count),
      ])
    } else {
      let before = repeated == 0 ? "" : ", \(repeated) before"
      try Console.print("\(folder.dir): \(kept.count) captured\(before)")
    }
    try AgentDamage.tell(kept.damaged)
    try lines.requireWhole()
    guard kept.damaged.isEmpty else { throw ExitStatus.checkFailed }
  }
}
