import EndkeyConformance
import Foundation
import Testing

@testable import EndkeyCommand

/// `agent run` as a person starts it, and programs that talk to it.
@Suite("Running agents") struct AgentRunTests {
  typealias World = AccountWorld

  private let run = [Binary.path, "agent", "run", "agent"]

  @Test(
    "what comes on standard input is kept and delivered; what is no activity is told, and keeps nothing back")
  func input() throws {
    let world = try World()
    let lines = World.activity(1) + "nonsense\n\n" + World.activity(2)
    let result = try world.run(["agent", "run", "agent"], input: lines, status: 2)
    #expect(result.error.contains("line 2"))
    #expect(try world.run(["batch", "list"] + world.batches()).output.split(separator: "\n").count == 3)
    let status = try world.run(["agent", "run", "agent", "--status"], status: 1).output
    #expect(
      status.hasPrefix("not running\n") && status.contains("2 captures kept, 1 refused, 1 batch delivered"))
  }

  @Test(
    "the end of its terminal ends it as it is told to end: what came is delivered, its socket goes; nohup keeps it"
  )
  func hangUp() throws {
    let world = try World()
    let command = "exec endkey agent run agent --socket agent/socket --every 3600"
    for (setting, ends) in [("", true), ("trap '' HUP; ", false)] {
      let before = try world.batches().count
      var running = try Binary.Running(["/bin/sh", "-c", setting + command], in: world.folder)
      #expect(try talk(world, World.activity(before + 1)) == ["{\"kept\":true}"])
      running.send(SIGHUP)
      if !ends {
        #expect(try talk(world, World.activity(9)) == ["{\"kept\":true}"])
        running.send(SIGTERM)
      }
      #expect(try running.result().status == 0)
      #expect(try world.batches().count > before)
      #expect(
        try world.run(["agent", "status", "agent"]).output.contains("made, 0 not delivered\n0 segments"))
      #expect(try !world.folder.names("agent").contains("socket"))
    }
  }

  @Test("a folder in the place of standard input is told")
  func folder() throws {
    let world = try World()
    var running = try Binary.Running(
      ["/bin/sh", "-c", "exec endkey agent run agent < service"], in: world.folder)
    let result = try running.result()
    #expect(result.status == 2 && result.error.contains("standard input: is a folder"))
  }

  @Test("what cannot be delivered at the end is kept, and told so")
  func away() throws {
    let world = try World()
    let (service, aside) = (world.folder.path("service"), world.folder.path("aside"))
    try FileManager.default.moveItem(atPath: service, toPath: aside)
    let result = try world.run(["agent", "run", "agent"], input: World.activity(1), status: 4)
    #expect(result.error.contains("no account stands here"))
    #expect(result.output.contains("not delivered yet: 1 segment"))
    try FileManager.default.moveItem(atPath: aside, toPath: service)
    try world.run(["agent", "run", "agent"])
    #expect(try world.batches().count == 1)
  }

  @Test("programs at the socket get an answer to each line; a retry, also after a kill, counts once")
  func socket() throws {
    let world = try World()
    let command = run + ["--socket", "agent/socket", "--every", "0"]
    var running = try Binary.Running(command, in: world.folder)
    let keyed = World.activity(1).replacing("{\"kind\"", with: "{\"key\":\"a\",\"kind\"")
    let answers = try talk(world, keyed + "nonsense\n" + keyed)
    #expect(answers.count == 3 && answers[0] == "{\"kept\":true}" && answers[2] == answers[0])
    #expect(answers[1].contains("\"error\""))
    // One at a time.
    #expect(try world.run(["agent", "run", "agent"], status: 2).error.contains("runs here already: process"))
    try world.folder.wait { try !world.batches().isEmpty }
    try world.folder.wait { try world.folder.names("agent").contains("health") }
    let health = try world.run(["agent", "run", "agent", "--status", "--json"]).output
    #expect(health.contains("\"running\": true") && health.contains("\"well\": true"))

    running.send(SIGKILL)
    #expect(try running.result().status != 0)
    #expect(try world.run(["agent", "run", "agent", "--status"], status: 1).output.contains("not running"))
    var again = try Binary.Running(command, in: world.folder)
    #expect(try talk(world, keyed) == ["{\"kept\":true}"])
    _ = try talk(world, World.activity(7))
    again.send(SIGTERM)
    let result = try again.result()
    #expect(result.status == 0, "\(result.error)")
    #expect(try !world.folder.names("agent").contains("socket"))
    let list = try world.run(["batch", "list"] + world.batches()).output.split(separator: "\n")
    #expect(list.count == 3, "\(list)")
  }

  @Test("a socket is its user's alone, and takes the place of no file")
  func place() throws {
    let world = try World()
    _ = try world.folder.write([1], to: "file")
    let refused = try world.run(["agent", "run", "agent", "--socket", "file"], status: 2)
    #expect(refused.error.contains("not overwritten"))
    let long = String(repeating: "x", count: 120)
    #expect(try world.run(["agent", "run", "agent", "--socket", long], status: 2).error.contains("at most"))
    var running = try Binary.Running(run + ["--socket", "socket"], in: world.folder)
    try world.folder.wait { FileManager.default.fileExists(atPath: world.folder.path("socket")) }
    let mode = try FileManager.default.attributesOfItem(atPath: world.folder.path("socket"))[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
    running.send(SIGINT)
    #expect(try running.result().status == 0)
  }

  @Test("programs that are connected and say nothing keep no other from being heard")
  func idle() throws {
    let world = try World()
    var running = try Binary.Running(run + ["--socket", "agent/socket"], in: world.folder)
    try world.folder.wait { FileManager.default.fileExists(atPath: world.folder.path("agent/socket")) }
    // More than are kept connected; some have sent half a line, and none reads.
    let script = """
      import socket, sys, time
      def connect():
        for _ in range(10_000):
          s = socket.socket(socket.AF_UNIX)
          s.settimeout(250)
          # So many wait to be taken, and no more.
          try: s.connect("agent/socket")
          except OSError: time.sleep(0.02)
          else: return s
      idle = [connect() for _ in range(70)]
      for s in idle[::2]:
        try: s.sendall(b'{"kind"')
        except OSError: pass
      s = connect()
      s.sendall(sys.stdin.buffer.read())
      sys.stdout.buffer.write(s.makefile("rb").readline())
      """
    let answer = try Binary.run(
      "/usr/bin/env", ["python3", "-c", script], in: world.folder, input: Array(World.activity(1).utf8))
    #expect(answer.output == "{\"kept\":true}\n", "\(answer.error)")
    running.send(SIGTERM)
    #expect(try running.result().status == 0)
    #expect(try world.batches().count == 1)
  }

  @Test("an agent that was removed says so and ends with 1, running or not; what it has captured stays")
  func revoked() throws {
    let world = try World()
    let remove = ["account", "remove", "owner", "--agent", try world.id(of: "agent"), "--keep-others"]
    try world.run(remove + world.password)
    for command in ["run", "record"] {
      let ended = try world.run(["agent", command, "agent"], input: World.activity(1), status: 1)
      #expect(ended.error.contains("revoked"), "\(command): \(ended.error)")
    }
    let status = try world.run(["agent", "run", "agent", "--status"], status: 1).output
    #expect(status.contains(": revoked\n") && status.contains("last error: "), "\(status)")
    #expect(try world.batches().isEmpty)
  }

  /// The answers that a program gets to what it writes.
  private func talk(_ world: World, _ lines: String) throws -> [String] {
    let script = """
      import socket, sys, time
      for _ in range(10_000):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(250)
        try: s.connect("agent/socket")
        except OSError: time.sleep(0.02)
        else: break
      lines = sys.stdin.buffer.read()
      s.sendall(lines)
      answers = s.makefile("rb")
      for _ in range(lines.count(b"\\n")): sys.stdout.buffer.write(answers.readline())
      """
    let result = try Binary.run(
      "/usr/bin/env", ["python3", "-c", script], in: world.folder, input: Array(lines.utf8))
    try #require(result.status == 0, "\(result.error)")
    return result.output.split(separator: "\n").map(String.init)
  }
}
