import Foundation
import Testing

@testable import EndkeyCommand

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

  /// Runs `endkey`, with `input` from a file so that neither side waits for the other.
  static func run(_ arguments: [String], in folder: Scratch, input: [UInt8] = []) throws -> Result {
    try run(Self.folder.appending(path: "endkey").path(), arguments, in: folder, input: input)
  }

  static func run(
    _ program: String, _ arguments: [String], in folder: Scratch, input: [UInt8] = []
  ) throws -> Result {
    let name = "\(UUID())"
    let files = ["in", "out", "err"].map { folder.url.appending(path: ".\(name).\($0)") }
    try Data(input).write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = Self.folder.path() + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      error: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
  }
}

/// A folder of its own for a test, removed when the value ends.
final class Scratch {
  let url: URL

  init() throws {
    url = URL(filePath: NSTemporaryDirectory()).appending(path: "endkey-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }

  func write(_ bytes: [UInt8], to name: String, mode: Int = 0o600) throws -> String {
    let path = path(name)
    try Data(bytes).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

  /// All names in the folder but hidden ones.
  func names(_ folder: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { !$0.hasPrefix(".") }.sorted()
  }
}
