import Foundation
import Testing

@testable import EndkeyCommand
@testable import EndkeyConformance

/// The built program, as a user runs it.
enum Binary {
  struct Result {
    let status: Int32
    let output: String
    let error: String
  }

  /// Test bundles stand beside the products.
  static let folder = Bundle.main.executableURL?.deletingLastPathComponent() ?? URL(filePath: ".")

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Runs `endkey` to its end.
  static func run(_ arguments: [String], in folder: Scratch, input: [UInt8] = []) throws -> Result {
    try run(path, arguments, in: folder, input: input)
  }

  static func run(
    _ program: String, _ arguments: [String], in folder: Scratch, input: [UInt8] = []
  ) throws -> Result {
    var running = try Running([program] + arguments, in: folder, input: input)
    return try running.result()
  }

  static let path = folder.appending(path: "endkey").path(percentEncoded: false)

  /// A program that runs. Whatever it has started ends with the value, unless it has left its group.
  struct Running {
    /// No test waits longer for something that must come.
    static let patience = Duration.seconds(300)

    private let process: ChildProcess
    private var input = Outgoing()
    private var output: [UInt8] = []
    private var isOutputClosed = false

    init(_ command: [String], in folder: Scratch, environment: [String: String] = [:], input: [UInt8] = [])
      throws
    {
      var variables = ProcessInfo.processInfo.environment
      variables["PATH"] =
        Binary.folder.path(percentEncoded: false) + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
      variables.merge(environment) { $1 }
      // However the tests were started, as by nohup or beside a shell's other jobs: no signal is ignored.
      process = try ChildProcess(
        ["/usr/bin/env", "--default-signal", "--chdir", folder.url.path(percentEncoded: false)] + command,
        environment: variables.map { "\($0.key)=\($0.value)" })
      self.input.append(input)
    }

    /// Reads and writes until `isDone`, or until the program has ended. What counts is the time that is spent here: a
    /// test that slept before may have waited for all others.
    mutating func pump(until isDone: (borrowing Running) -> Bool) throws {
      let start = ContinuousClock.now
      while !isDone(self) {
        if input.isEmpty { process.closeInput() }
        // Asked before reading: what it wrote before its end is read.
        let wasRunning = process.isRunning
        let turn = process.pump(&input, milliseconds: isOutputClosed ? 1 : 20)
        output += turn.output
        isOutputClosed = turn.isOutputClosed
        if !wasRunning, turn.output.isEmpty { return }
        try #require(start.duration(to: .now) < Self.patience, "it does not end")
      }
    }

    func send(_ signal: Int32) { kill(process.id, signal) }

    /// What it has written to its standard error.
    var error: String { String(decoding: process.errorTail, as: UTF8.self) }

    /// What there is to know at its end.
    mutating func result() throws -> Result {
      try pump { _ in false }
      process.kill()
      let status: Int32 =
        switch try #require(process.ending) {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal
        }
      return Result(status: status, output: String(decoding: output, as: UTF8.self), error: error)
    }
  }
}

/// A folder of its own for a test, removed when the value ends, with whatever still works in it.
final class Scratch: Sendable {
  let url: URL

  init() throws {
    url = URL(filePath: NSTemporaryDirectory()).appending(path: "endkey-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    for id in processes() { kill(id, SIGKILL) }
    try? FileManager.default.removeItem(at: url)
  }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws -> String {
    let path = path(name)
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

  /// The ids of the processes that work in the folder, without those that have ended.
  func processes() -> [pid_t] {
    let own = url.resolvingSymlinksInPath().path(percentEncoded: false)
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { id in
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(id)/cwd")
      return link.map { $0 + "/" } == own || link == own
    }
  }

  /// Waits for what must come.
  func wait(_ comment: String = "it does not come", until isThere: () throws -> Bool) throws {
    let start = ContinuousClock.now
    while try !isThere() {
      try #require(start.duration(to: .now) < Binary.Running.patience, "\(comment)")
      usleep(5000)
    }
  }

  /// All names in the folder but hidden ones.
  func names(_ folder: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { !$0.hasPrefix(".") }.sorted()
  }
}
