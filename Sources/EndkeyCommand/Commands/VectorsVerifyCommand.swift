internal import ArgumentParser
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyVectors

struct VectorsVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Run vector files on this implementation.",
    discussion: """
      Exits with 1 when a vector fails, or when its stamps are not those of kills.json and attest/record.json in its \
      folder; with 2 when a file is malformed.
      """)

  @Argument(
    help: ArgumentHelp(
      "Vector files, or folders of them. (default: vectors, or those installed with endkey)",
      valueName: "dir|file"), completion: .file(), transform: Path.file)
  var places: [String] = []
  @Option(
    help: ArgumentHelp("Write the results as JUnit XML as well; - is standard output.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var junit: String?
  @OptionGroup var output: OutputOptions

  func run() throws {
    var results: [VectorResult] = []
    var progress = Progress()
    defer { progress.clear() }
    for file in try VectorFolder.files(in: places.isEmpty ? [Release.vectorFolder()] : places) {
      progress.show(file)
      let result = try VectorResult(verifying: file)
      progress.clear()
      results.append(result)
      if !output.json { for line in result.lines { try Console.print(line) } }
    }
    let passed = results.reduce(0) { $0 + $1.report.passed }
    let failed = results.reduce(0) { $0 + $1.report.failures.count }
    let misstamped = results.reduce(0) { $0 + $1.report.stampFaults.count }
    if output.json {
      try Console.print([
        "files": .array(results.map(\.json)), "passed": .integer(passed), "failed": .integer(failed),
        "misstamped": .integer(misstamped),
      ])
    } else {
      if misstamped > 0 { try Console.print("\(counted(misstamped, "stamp")) that the records contradict") }
      try Console.print("\(passed) passed, \(failed) failed")
    }
    if let junit {
      let document = Array(JUnit.document(results).utf8)
      try junit == "-" ? Descriptor.output.write(document) : OutputFile.write(document, to: junit, .replaced)
    }
    if failed + misstamped > 0 { throw ExitStatus.checkFailed }
    if passed == 0 { throw CommandError(.badInput, nil, "no vector was run") }
  }
}

/// What became of one file.
struct VectorResult {
  let file: String
  let report: VerificationReport
  /// The ids of all vectors, in the order of the file.
  let ids: [String]

  init(verifying file: String) throws {
    let bytes = try Descriptor(reading: file).rest()
    do {
      report = try Verifier.verify(bytes, records: VectorFolder.records(besides: file))
      ids = try JSONCursor(JSONValue(parsing: bytes)).ids()
    } catch {
      throw CommandError(.badInput, file, "\(error)")
    }
    self.file = file
  }

  var name: String { String(file.split(separator: "/").last ?? "") }

  var lines: [String] {
    guard !report.failures.isEmpty || !report.stampFaults.isEmpty else {
      return ["ok \(name) \(report.passed)"]
    }
    var lines = ["failed \(name) \(report.failures.count) of \(ids.count)"]
    for failure in report.failures {
      lines += ["  \(failure.id)", "    expected \(failure.expected)", "    got      \(failure.got)"]
      if let difference = failure.firstDifference {
        lines.append("    first intermediate value that differs: \(difference)")
      }
    }
    for fault in report.stampFaults { lines.append("  stamp: \(fault)") }
    return lines
  }

  var json: JSONValue {
    [
      "file": .string(file), "op": .string(report.op), "passed": .integer(report.passed),
      "failures": .array(
        report.failures.map {
          [
            "id": .string($0.id), "expected": .string($0.expected), "got": .string($0.got),
            "firstDifference": $0.firstDifference.map { difference in
              [
                "name": .string(difference.name), "expected": .string(difference.expected),
                "got": difference.got.map(JSONValue.string) ?? .null,
              ]
            } ?? .null,
          ]
        }), "stampFaults": .array(report.stampFaults.map(JSONValue.string)),
    ]
  }
}

extension JSONCursor {
  fileprivate func ids() throws -> [String] {
    var file = try fields()
    return try file.required("tests").array().map { test in
      var vector = try test.fields()
      return try vector.required("id").string()
    }
  }
}
