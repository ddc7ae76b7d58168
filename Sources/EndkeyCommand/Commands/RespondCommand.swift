internal import ArgumentParser
internal import EndkeyStore
internal import EndkeyVectors

struct RespondCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "respond", abstract: "Answer the requests of a test runner, one JSON object a line.",
    discussion: "The client protocol is described in vectors/README.md.")

  @OptionGroup var output: OutputOptions

  func run() throws {
    let responder = Responder(version: Release.version)
    var lines = LineReader(.input)
    while let line = try lines.next() {
      guard let answer = responder.answer(to: line) else { return }
      try Descriptor.output.write(answer)
    }
  }
}
