import Foundation
import Testing

@testable import EndkeyConformance

/// The toy client and its suite, and the clients that lie about it.
enum Toy {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    .path(percentEncoded: false)
  static let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
  /// The only prompt at which most liars lie.
  static let poison = "hash-7"

  /// The suite that an honest toy client passes.
  static let suite = Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "endkey-toy-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "\(fixtures)/toy.py", "suite", folder.path(percentEncoded: false)]
    try process.run()
    process.waitUntilExit()
    var files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).map {
      name in
      (name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
    let scenarios = files.first { $0.name == "scenarios.json" }?.bytes
    files.removeAll { $0.name == "scenarios.json" }
    return try ConformanceSuite(files: files, scenarios: scenarios, requirements: nil, answers: nil)
  }

  static func command(_ kind: String, _ more: String...) -> ClientCommand {
    ClientCommand(["python3", "-S", "\(fixtures)/liar.py", kind] + more, environment: environment)
  }

  static let options = {
    var options = ExaminationOptions(seed: 7, today: "2026-06-15")
    options.deadline = 1.5
    return options
  }()

  static func options(_ edit: (inout ExaminationOptions) throws -> Void) rethrows -> ExaminationOptions {
    var options = options
    try edit(&options)
    return options
  }

  static func examine(
    _ kind: String, _ more: String..., with options: ExaminationOptions = options
  ) throws -> Report {
    let command = ClientCommand(
      ["python3", "-S", "\(fixtures)/liar.py", kind] + more, environment: environment)
    return try Examination.run(try suite.get(), command, options)
  }
}

extension Report {
  /// The ids of cases that neither passed nor were left out.
  var failedIDs: [String] { failures.map(\.id).sorted() }

  subscript(_ id: String) -> CaseResult? { results.first { $0.id == id } }
}
