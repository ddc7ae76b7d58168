import Foundation
import Testing

/// An owner and one computer with keys, in folders of their own: copies of some that are made once, since a password is
/// stretched for seconds.
struct AccountWorld: Sendable {
  let folder: Scratch
  let password = ["--password-file", "password"]

  private static let template = Result { try AccountWorld(in: Scratch()) }

  init() throws {
    let template = try Self.template.get().folder
    folder = try Scratch()
    for name in try template.names() {
      try FileManager.default.copyItem(atPath: template.path(name), toPath: folder.path(name))
    }
    // An end keeps the address of its service.
    for end in ["owner", "agent"] {
      let config = String(decoding: try folder.read("\(end)/config.json"), as: UTF8.self)
      let moved = config.replacing(template.path("service"), with: folder.path("service"))
      _ = try folder.write(Array(moved.utf8), to: "\(end)/config.json")
    }
  }

  private init(in folder: Scratch) throws {
    self.folder = folder
    _ = try folder.write(Array("p\n".utf8), to: "password")
    try run(
      ["account", "create", "owner", "--service", "service", "--login", "l", "--recovery-file", "paper"]
        + password)
    try enrol("agent", ["--label", "room"])
    try run(["grant", "owner"] + password)
    try run(["agent", "accept", "agent"])
  }

  @discardableResult func run(_ arguments: [String], input: String = "", status: Int32 = 0) throws
    -> Binary.Result
  {
    let result = try Binary.run(arguments, in: folder, input: Array(input.utf8))
    try #require(result.status == status, "\(arguments): \(result.error)")
    return result
  }

  /// A computer asks to be enrolled under a new code.
  func enrol(_ name: String, _ options: [String] = []) throws {
    let code = try run(["account", "code", "owner"] + options + password).output
    _ = try folder.write(Array(code.utf8), to: "\(name).code")
    try run(["agent", "request", name, "--service", "service", "--code-file", "\(name).code"])
  }

  /// A person asks to join; its id.
  func join(_ name: String) throws -> String {
    let code = try run(["account", "code", "owner", "--role", "manager"] + password).output
    _ = try folder.write(Array(code.utf8), to: "\(name).code")
    _ = try folder.write(Array("\(name)\n".utf8), to: "\(name).password")
    let join = ["account", "person", "join", name, "--service", "service", "--login", name]
    let asked = try run(
      join + ["--code-file", "\(name).code", "--password-file", "\(name).password"]
    ).output
    return asked.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  func id(of name: String) throws -> String {
    try run(["agent", "id", name]).output.trimmingCharacters(in: .newlines)
  }

  /// The places of all batches in the folder.
  func batches() throws -> [String] {
    guard try folder.names("service").contains("batches") else { return [] }
    return try folder.names("service/batches").flatMap { author in
      try folder.names("service/batches/\(author)").map { "service/batches/\(author)/\($0)" }
    }
  }

  /// One activity, as a line of standard input.
  static func activity(_ duration: Int) -> String {
    "{\"kind\":\"application\",\"start\":1,\"duration\":\(duration),\"application_name\":\"<a>\"}\n"
  }

  /// The agent records and sends one activity; the place of its batch in the folder.
  @discardableResult func record(_ duration: Int, as agent: String = "agent") throws -> String {
    let before = try batches()
    try run(["agent", "record", agent], input: Self.activity(duration))
    return try #require(try batches().first { !before.contains($0) })
  }
}
