internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyVectors

struct WycheproofCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wycheproof", abstract: "Run Project Wycheproof's files on the primitives.",
    discussion: """
      Files of algorithms that Endkey does not use are skipped when they are found in a folder, and an error when they \
      are named. Exits with 1 when a test fails or none ran.
      """)

  @Argument(help: ArgumentHelp("Files of testvectors_v1, or folders of them.", valueName: "path"))
  var paths: [String]
  @OptionGroup var output: OutputOptions

  func run() throws {
    var reports: [WycheproofReport] = []
    var others: [String] = []
    for path in paths {
      let isFolder = Folder.exists(path)
      for file in try VectorFolder.files(in: [path]) {
        do {
          reports.append(try Wycheproof.run(try Descriptor(reading: file).rest(), name: file))
        } catch let error as WycheproofError {
          guard isFolder, error.kind == .unknownAlgorithm else {
            throw CommandError(.badInput, error.file, error.reason)
          }
          others.append(file)
        }
      }
    }
    try report(reports, others)
    guard reports.reduce(0, { $0 + $1.ran }) > 0 else {
      throw CommandError(.checkFailed, nil, "no test was run")
    }
    guard reports.allSatisfy({ $0.failures.isEmpty }) else { throw ExitStatus.checkFailed }
  }

  private func report(_ reports: [WycheproofReport], _ others: [String]) throws {
    let passed = reports.reduce(0) { $0 + $1.passed }
    let failed = reports.reduce(0) { $0 + $1.failures.count }
    let skipped = reports.reduce(0) { $0 + $1.total - $1.ran }
    if output.json {
      try Console.print([
        "files": .array(reports.map(\.json)), "otherFiles": .array(others.map(JSONValue.string)),
        "passed": .integer(passed), "failed": .integer(failed), "skipped": .integer(skipped),
      ])
      return
    }
    for report in reports {
      let skipped = report.total - report.ran
      try Console.print(
        "\(report.name): \(report.passed) passed, \(report.failures.count) failed, \(skipped) skipped")
      for failure in report.failures {
        try Console.print("  failed \(failure.id) (\(Console.shown(failure.comment))): \(failure.what)")
      }
      for skipped in report.skipped { try Console.print("  skipped \(skipped.count): \(skipped.reason)") }
    }
    for file in others { try Console.print("\(file): an algorithm that Endkey does not use") }
    try Console.print("\(passed) passed, \(failed) failed, \(skipped) skipped")
  }
}
