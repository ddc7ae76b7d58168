import Foundation
import Testing

@testable import EndkeyCommand

/// Any two commands may work on one folder at once: no lock is held while a command waits for a person or its input.
@Suite("Locks") struct LockTests {
  typealias World = AccountWorld

  /// What works on the folder of an agent, and what it reads.
  private static let commands: [(arguments: [String], input: String)] = [
    (["agent", "capture", "agent"], World.activity(1)),
    (["agent", "record", "agent"], World.activity(2)),
    (["agent", "run", "agent"], World.activity(3)),
    (["token", "seal", "agent", "--field", "url"], "x\n"),
    (["token", "open", "agent"], ""),
    (["scan", "agent"], "x\n"),
    (["spool", "recover", "agent", "-"], ""),
    (["agent", "send", "agent"], ""),
    (["agent", "accept", "agent"], ""),
    (["agent", "request", "agent"], ""),
    (["agent", "status", "agent"], ""),
    (["agent", "id", "agent"], ""),
  ]
  private static let readers = commands.prefix(7)

  /// Whether a command did what it must, or says for itself that another one runs.
  private func isRight(_ result: Binary.Result, _ arguments: [String]) -> Bool {
    // Nothing is no segment.
    if arguments[0] == "spool" { return result.status == 1 || result.status == 2 }
    if arguments[1] == "run", result.error.contains("runs here already") { return true }
    return result.status == 0
  }

  @Test("while one command waits for its input, each other one ends", arguments: readers.map(\.arguments))
  func reading(_ waiting: [String]) throws {
    let world = try World()
    let reader = try #require(Self.commands.first { $0.arguments == waiting })
    for (arguments, input) in Self.commands {
      // It is not pumped meanwhile: its input stays open.
      var first = try Binary.Running(
        [Binary.path] + reader.arguments, in: world.folder, input: Array(reader.input.utf8))
      let second = try Binary.run(arguments + ["--wait", "30"], in: world.folder, input: Array(input.utf8))
      #expect(isRight(second, arguments), "\(arguments) beside \(waiting): \(second.error)")
      let result = try first.result()
      #expect(isRight(result, reader.arguments), "\(waiting) beside \(arguments): \(result.error)")
    }
  }

  @Test("while a password is asked for, both ends go on")
  func prompt() throws {
    let world = try World()
    // A terminal at which nobody types until the others are done.
    let script = """
      import os, pty, sys, time
      child, terminal = pty.fork()
      if child == 0: os.execvp("endkey", ["endkey", "account", "open", "owner"])
      shown = b""
      while b"assword" not in shown: shown += os.read(terminal, 1024)
      print("asked", file=sys.stderr, flush=True)
      for _ in range(100_000):
        if os.path.exists("done"): break
        time.sleep(0.01)
      os.write(terminal, b"p\\n")
      try:
        while True: shown += os.read(terminal, 1024)
      except OSError: pass
      sys.stderr.buffer.write(shown)
      sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
      """
    var asking = try Binary.Running(["python3", "-c", script], in: world.folder)
    try asking.pump { $0.error.contains("asked") }
    try world.run(["agent", "record", "agent", "--wait", "30"], input: World.activity(1))
    try world.run(["account", "rotate", "owner", "--wait", "30"] + world.password)
    try world.run(["agent", "accept", "agent", "--wait", "30"])
    _ = try world.folder.write([], to: "done")
    let opened = try asking.result()
    #expect(opened.status == 0 && opened.error.contains("epoch   2"), "\(opened.error)")
  }

  /// What works on a person's folder or makes one, each with arguments that it takes.
  private static let ownerCommands: [[String]] = {
    let id = String(repeating: "0", count: 32)
    let new = ["--service", "service", "--login", "x"]
    let none = [
      ["account", "open", "owner"], ["account", "agents", "owner"], ["account", "code", "owner"],
      ["account", "codes", "owner"], ["account", "unlock", "owner"],
      ["account", "password", "owner", "--new-password-file", "password"],
      ["account", "person", "list", "owner"], ["account", "person", "add", "owner", "--approve", id],
      ["account", "person", "remove", "owner", "--person", id],
      ["account", "label", "owner", "--agent", id, "x"], ["account", "retire", "owner", "--agent", id],
      ["account", "remove", "owner", "--agent", id], ["account", "rotate", "owner"],
      ["account", "repair", "owner"], ["account", "renew", "owner"], ["account", "rules", "owner"],
      ["account", "retention", "owner", "--days", "9"],
      ["account", "recovery", "owner", "--recovery-file", "other"], ["account", "restore", "owner"],
      ["batch", "audit", "owner"], ["batch", "erase", "owner", "--agent", id, "--last", "1"],
      ["account", "refuse", "owner", "--dead"],
      ["grant", "owner"], ["scan", "owner"], ["token", "open", "owner"],
      ["inspect", "message.ek", "--with", "owner"],
      ["blob", "open", "owner", "x", "--named-by", id, "--out", "y"],
      ["account", "open", "fresh"] + new,
      ["account", "recover", "fresh", "--recovery-file", "paper"] + new,
      ["account", "person", "join", "fresh", "--code-file", "manager.code"] + new,
    ].map { $0 + ["--password-file", "password"] }
    return none + [["account", "move", "owner", "--service", "service"]]
  }()

  @Test(
    "every command of a person waits for as long as --wait says, and names who works",
    arguments: [
      "owner", "service",
    ])
  func patience(_ place: String) throws {
    let world = try World()
    let code = try world.run(["account", "code", "owner", "--role", "manager"] + world.password).output
    _ = try world.folder.write(Array(code.utf8), to: "manager.code")
    _ = try world.folder.write(try world.folder.read(try world.record(1)), to: "message.ek")
    let folder = unsafe open(world.folder.path(place), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    try #require(folder >= 0 && flock(folder, LOCK_EX) == 0)
    for command in Self.ownerCommands where place == "service" || command.contains("owner") {
      let result = try Binary.run(command + ["--wait", "0"], in: world.folder)
      #expect(result.status == 2, "\(command): \(result.error)")
      #expect(result.error.contains("another process has worked here for 0 s"), "\(command): \(result.error)")
    }
    #expect(try world.folder.names().filter { ["fresh", "other", "y"].contains($0) } == [])
  }

  @Test("every command that works on the folder of an end, or of a service, takes --wait")
  func waiting() throws {
    let dump = Data(try Binary.run(["--experimental-dump-help"], in: Scratch()).output.utf8)
    let root = try #require(try JSONSerialization.jsonObject(with: dump) as? [String: Any])
    var count = 0
    func check(_ command: Any?, _ path: [String]) throws {
      let command = try #require(command as? [String: Any])
      for next in command["subcommands"] as? [[String: Any]] ?? [] {
        let name = try #require(next["commandName"] as? String)
        // Folders of reports and of vectors are no end's.
        if !["help", "conform", "vectors"].contains(name) { try check(next, path + [name]) }
      }
      let arguments = command["arguments"] as? [[String: Any]] ?? []
      guard arguments.contains(where: { ($0["completionKind"] as? [String: Any])?["directory"] != nil })
      else {
        return
      }
      let options = arguments.flatMap { $0["names"] as? [[String: String]] ?? [] }.compactMap { $0["name"] }
      #expect(options.contains("wait"), "\(path)")
      count += 1
    }
    try check(root["command"], [])
    #expect(count > 40)
  }

  @Test("all commands of both ends at once, on one service")
  func together() throws {
    let world = try World()
    let owner = [
      ["account", "open", "owner"], ["account", "code", "owner"], ["grant", "owner"],
      ["batch", "audit", "owner"],
      ["account", "label", "owner", "--agent", try world.id(of: "agent"), "desk"],
    ].map { ($0 + world.password, "") }
    let commands = Self.commands + owner + Self.commands
    var running: [Binary.Running] = []
    for (arguments, input) in commands {
      running.append(
        try Binary.Running([Binary.path] + arguments, in: world.folder, input: Array(input.utf8)))
    }
    for index in running.indices {
      let result = try running[index].result()
      #expect(isRight(result, commands[index].0), "\(commands[index].0): \(result.error)")
    }
    try world.run(["agent", "send", "agent"])
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains(" 0 findings"))
  }
}
