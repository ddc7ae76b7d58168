import Foundation
import Synchronization
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
    let folder = try suiteFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var files = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)).map {
      name in
      (name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
    }
    let scenarios = files.first { $0.name == "scenarios.json" }?.bytes
    files.removeAll { $0.name == "scenarios.json" }
    return try ConformanceSuite(files: files, scenarios: scenarios, requirements: nil, answers: nil)
  }

  /// Its files, in a folder that is the caller's to remove.
  static func suiteFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "endkey-toy-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    _ = try python("\(fixtures)/toy.py", "suite", folder.path(percentEncoded: false))
    return folder
  }

  /// What a Python program prints.
  static func python(_ arguments: String...) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: bytes, as: UTF8.self)
  }

  static let options = {
    var options = ExaminationOptions(seed: 7, today: "2026-06-15")
    options.deadline = 300
    // The tests of randomness ask for as many as a run does.
    options.randomOutputs = 16
    options.hasTwins = false
    options.aloneMaximum = 1
    return options
  }()

  static func options(_ edit: (inout ExaminationOptions) throws -> Void) rethrows -> ExaminationOptions {
    var options = options
    try edit(&options)
    return options
  }

  static func examine(
    _ kind: String, _ more: String..., with options: ExaminationOptions = options,
    suite: ConformanceSuite? = nil
  ) throws -> Report {
    let time = try LateTime()
    var options = options
    options.now = { time.now() }
    let command = ClientCommand(
      ["python3", "-S", "\(fixtures)/liar.py", kind] + more, environment: environment + ["LATE=\(time.file)"])
    return try Examination.run(try suite ?? Self.suite.get(), command, options)
  }
}

/// A time that passes fast while a client holds the lock on a file: who is late is so at once, and who is not has
/// minutes, however busy the machine is.
private final class LateTime: Sendable {
  let file: String
  private let descriptor: Int32
  private let ahead = Mutex(Duration.zero)

  init() throws {
    file = FileManager.default.temporaryDirectory.appending(path: "endkey-late-\(UUID())").path(
      percentEncoded: false)
    descriptor = unsafe open(file, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
  }

  deinit {
    close(descriptor)
    unsafe unlink(file)
  }

  func now() -> ContinuousClock.Instant {
    let isFast = flock(descriptor, LOCK_SH | LOCK_NB) != 0
    flock(descriptor, LOCK_UN)
    return .now
      + ahead.withLock { ahead in
        if isFast { ahead += .seconds(3600) }
        return ahead
      }
  }
}

extension Report {
  /// The ids of cases that neither passed nor were left out, but for questions that were drawn.
  var failedIDs: [String] { failures.map(\.id).filter { !$0.hasPrefix("check-fresh-") }.sorted() }
  /// Those of questions that were drawn.
  var failedFreshIDs: [String] { failures.map(\.id).filter { $0.hasPrefix("check-fresh-") }.sorted() }

  subscript(_ id: String) -> CaseResult? { results.first { $0.id == id } }
}
