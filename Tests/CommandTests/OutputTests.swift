import Foundation
import Testing

@testable import EndkeyCommand

/// Files that a command is told to write.
@Suite("Output files") struct OutputTests {
  typealias World = AccountWorld

  /// Commands that write a file, `OUT`; their other arguments are right.
  private static let commands: [[String]] = [
    ["account", "create", "fresh", "--service", "fresh-service", "--login", "x", "--recovery-file", "OUT"],
    [
      "account", "create", "fresh", "--service", "fresh-service", "--login", "x", "--recovery-file", "r",
      "--new-account-secret-file", "OUT",
    ],
    ["account", "recovery", "owner", "--recovery-file", "OUT"], ["account", "passphrase", "--out", "OUT"],
    ["blob", "seal", "agent", "--field", "voice", "password", "--out", "OUT"],
    ["blob", "open", "owner", "blob", "--out", "OUT"], ["batch", "fetch", "owner", "--out", "OUT"],
    ["agent", "record", "agent", "--rejected", "OUT"],
  ]

  @Test(
    "a file that cannot be written is told before a password is asked for, and before anything is done",
    arguments: commands, ["nowhere/file", "password/file", "password"])
  func refused(_ command: [String], _ out: String) throws {
    // `batch fetch` writes into a folder, which it makes.
    guard !(command[1] == "fetch" && out == "nowhere/file") else { return }
    let world = try World()
    try world.run(["blob", "seal", "agent", "--field", "voice", "password", "--out", "blob"])
    let before = try world.folder.names()
    let service = try world.folder.names("service")
    let arguments = command.map { $0 == "OUT" ? out : $0 }
    // No password is given, and there is no terminal.
    let result = try world.run(arguments, input: World.activity(1) + "x\n", status: 2)
    #expect(result.error.contains(out.hasPrefix("password") ? "password" : "nowhere"), "\(result.error)")
    #expect(!result.error.contains("terminal"), "\(result.error)")
    #expect(try world.folder.names() == before && world.folder.names("service") == service)
    #expect(try world.folder.read("password") == Array("p\n".utf8))
    #expect(try world.run(["agent", "status", "agent"]).output.contains("0 segments"))
  }

  @Test(
    "an end and its service are beside each other",
    arguments: [("x", "x"), ("x", "x/s"), ("x/e", "x"), ("./x", "y/../x")])
  func nested(_ end: String, _ service: String) throws {
    let world = try World()
    let new = [end, "--service", service, "--login", "x"] + world.password
    for command in [
      ["account", "create"] + new + ["--recovery-file", "r"], ["account", "open"] + new,
      ["account", "recover"] + new + ["--recovery-file", "paper"],
      ["account", "person", "join"] + new + ["--code-file", "agent.code"],
      ["agent", "request", end, "--service", service, "--code-file", "agent.code"],
    ] {
      #expect(try world.run(command, status: 2).error.contains("is one within the other"), "\(command)")
    }
    #expect(try !world.folder.names().contains { ["x", "y", "r"].contains($0) })
  }
}
