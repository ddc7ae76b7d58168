internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyVectors

struct VectorsGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Make all vector files: the same bytes each time.",
    discussion: "All files are made and checked before the first is written.")

  @Option(help: ArgumentHelp("The folder for the files.", valueName: "dir"))
  var out: String
  @Flag(help: "Overwrite files whose content differs.")
  var force = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    var progress = Progress()
    let files = try generate(&progress)
    let written = try VectorFolder(path: out).write(files, overwriting: force)
    if output.json {
      try Console.print(
        ["files": .array(files.map { .string($0.name) }), "written": .integer(written.count)])
    } else {
      try Console.print("\(out): \(files.count) files, \(written.count) of them new or changed")
    }
  }

  private func generate(_ progress: inout Progress) throws -> [(name: String, bytes: [UInt8])] {
    defer { progress.clear() }
    do {
      return try Suite.generate { op, index, count in progress.show("\(index + 1)/\(count) \(op)") }
    } catch let error as SuiteError {
      throw CommandError(.checkFailed, nil, error.description)
    }
  }
}
