internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyVectors

struct VectorsGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Make all vector files: the same bytes each time.",
    discussion: """
      All files are made and checked before the first is written.

      What other tools found out is stamped into the files: which faulty clients a vector kills (kills.json), and \
      which implementations agreed (attest/record.json). Both are optional. A record about vectors that are no more is \
      an error; generate into a new folder without --records, and make the record anew.
      """)

  @Option(
    help: ArgumentHelp("The folder for the files.", valueName: "dir"), completion: .directory,
    transform: Path.folder)
  var out: String
  @Option(
    help: ArgumentHelp(
      "The folder that has kills.json and attest/record.json; by default that of --out.", valueName: "dir"),
    completion: .directory, transform: Path.folder)
  var records: String?
  @Flag(help: "Overwrite files whose content differs, and remove vector files that are no longer generated.")
  var force = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    var progress = Progress()
    if let records, !Folder.exists(records) { throw CommandError(.badInput, records, "no such folder") }
    let files = try generate(&progress)
    let change = try VectorFolder(path: out).write(files, overwriting: force)
    if output.json {
      try Console.print([
        "files": .array(files.map { .string($0.name) }), "written": .integer(change.written.count),
        "removed": .array(change.removed.map(JSONValue.string)),
      ])
    } else {
      try Console.print(
        "\(out): \(counted(files.count, "file")), \(change.written.count) of them new or changed")
      for name in change.removed { try Console.print("\(out)/\(name): removed, no longer generated") }
    }
  }

  private func generate(_ progress: inout Progress) throws -> [(name: String, bytes: [UInt8])] {
    defer { progress.clear() }
    do {
      let records = try VectorFolder.records(in: records ?? out)
      return try Suite.generate(records: records) { op, index, count in
        progress.show("\(index + 1)/\(count) \(op)")
      }
    } catch let error as SuiteError {
      throw CommandError(.checkFailed, nil, error.description)
    }
  }
}
