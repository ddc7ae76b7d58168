internal import ArgumentParser

struct VectorsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vectors", abstract: "Generate and verify the test vectors.",
    subcommands: [VectorsGenerateCommand.self, VectorsVerifyCommand.self])
}
