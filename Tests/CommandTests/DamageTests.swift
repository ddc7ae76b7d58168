import Foundation
import Testing

@testable import EndkeyCommand

/// What is damaged among an agent's own files, and what is said when it cannot be said.
@Suite("Damage") struct DamageTests {
  typealias World = AccountWorld

  /// A batch waits, since the service takes none.
  private func waiting(_ world: World, _ durations: [Int]) throws {
    let batches = world.folder.path("service/batches")
    try FileManager.default.moveItem(atPath: batches, toPath: batches + "-aside")
    _ = try world.folder.write([1], to: "service/batches")
    for duration in durations {
      try world.run(["agent", "record", "agent"], input: World.activity(duration), status: 4)
    }
    try FileManager.default.removeItem(atPath: batches)
    try FileManager.default.moveItem(atPath: batches + "-aside", toPath: batches)
  }

  /// How long the records took that the service has.
  private func durations(_ world: World) throws -> [String] {
    let lines = try world.run(["batch", "list"] + world.batches()).output.split(separator: "\n").dropFirst()
    return try lines.map { line in
      try #require(line.split(separator: ",").dropFirst(3).first).filter(\.isNumber)
    }.sorted()
  }

  @Test(
    "a file of an agent that cannot be read keeps no other from being sent, and nothing counts twice",
    arguments: [
      "outbox/2.ek cut", "outbox/2.ek folder", "outbox/2.ek gone", "outbox gone", "spool/77.ek folder",
      "spool/9007199254740991.ek cut",
      "spool/9007199254740990.ek cut", "spent cut", "spent gone", "spent folder",
    ])
  func damaged(_ fault: String) throws {
    let world = try World()
    try world.record(1)
    try waiting(world, [2, 3])
    let parts = fault.split(separator: " ").map(String.init)
    let path = world.folder.path("agent/\(parts[0])")
    if parts[1] != "cut" || !FileManager.default.fileExists(atPath: path) {
      try? FileManager.default.removeItem(atPath: path)
    }
    switch parts[1] {
    case "cut": _ = try world.folder.write([1, 2, 3, 4, 5], to: "agent/\(parts[0])")
    case "folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    default: break
    }
    let sent = try world.run(["agent", "send", "agent"], status: 1)
    let words = ["put aside", "kept aside", "removed before it was delivered: what it had is sent again"]
    #expect(words.contains { sent.error.contains($0) }, "\(sent.error)")
    // The last was in no batch yet. Without `spent` nobody knows: it is put aside, and not sent.
    let left = parts[0] == "spent" ? ["1", "2"] : ["1", "2", "3"]
    #expect(try durations(world) == left, "\(sent.error)")
    try world.run(["agent", "send", "agent"])
    try world.record(4)
    #expect(try durations(world) == left + ["4"])
    let files = try ["agent", "agent/spool", "agent/outbox"].flatMap { try world.folder.names($0) }
    #expect(
      files.contains { $0.hasSuffix(".damaged") } || parts[1] == "gone" || parts[0] == "spent", "\(files)")
  }

  @Test("a recording that is lost before it was sent keeps its batch from nothing, and is told at both ends")
  func lostBlob() throws {
    let world = try World()
    _ = try world.folder.write(Array("words".utf8), to: "words")
    // The service takes no blob, and so no batch that names one.
    _ = try world.folder.write([1], to: "service/blobs")
    let line = World.activity(2).replacing("\"<a>\"", with: "\"<a>\",\"voice\":\"words\"")
    try world.run(["agent", "record", "agent"], input: line, status: 4)
    let blob = try #require(try world.folder.names("agent/blobs").first)
    for name in ["agent/blobs/\(blob)", "service/blobs"] {
      try FileManager.default.removeItem(atPath: world.folder.path(name))
    }
    #expect(try world.run(["agent", "send", "agent"], status: 1).error.contains("\(blob): damaged or lost"))
    try world.run(["agent", "send", "agent"])
    #expect(try world.batches().count == 1)
    let agent = try world.id(of: "agent")
    let open = ["blob", "open", "owner", "\(blob.dropLast(3))", "--named-by", agent, "--out", "x"]
    #expect(try world.run(open + world.password, status: 1).error.contains("blob_missing"))
    #expect(try !world.folder.names().contains("x"))
  }

  @Test("a key stands for content: what was mended is kept, and what was kept is not kept again")
  func mended() throws {
    let world = try World()
    let capture = ["agent", "capture", "agent", "--key", "d"]
    let (one, two) = (World.activity(1), World.activity(2))
    #expect(try world.run(capture, input: "bad{\n" + two, status: 2).output == "agent: 1 captured\n")
    #expect(try world.run(capture, input: one + two).output == "agent: 1 captured, 1 before\n")
    #expect(try world.run(capture, input: two + two + one).output == "agent: 1 captured, 2 before\n")

    let keyed = one.replacing("{\"kind\"", with: "{\"key\":\"a\",\"kind\"")
    let other = two.replacing("{\"kind\"", with: "{\"key\":\"a\",\"kind\"")
    let plain = ["agent", "capture", "agent"]
    let mixed = try world.run(plain + ["--rejected", "left"], input: keyed + other + keyed + two, status: 2)
    #expect(mixed.output == "agent: 2 captured, 1 before\n")
    #expect(mixed.error.contains("line 2: key: other content was kept under this key"))
    #expect(try world.folder.read("left") == Array(other.utf8))
    let run = try world.run(["agent", "run", "agent"], input: other, status: 2)
    #expect(run.error.contains("line 1: key: other content"))
    let empty = one.replacing("{\"kind\"", with: "{\"key\":\"\",\"kind\"")
    #expect(try world.run(plain, input: empty, status: 2).error.contains("line 1: key: is empty"))
    #expect(try world.run(plain + ["--key", ""], status: 64).error.contains("--key is empty"))
    #expect(try durations(world) == ["1", "1", "2", "2", "2"])
  }

  @Test("an output that takes nothing is told before anything is done")
  func output() throws {
    let world = try World()
    let password = "--password-file password"
    for command in [
      "agent record agent", "account rotate owner \(password)", "account code owner \(password)",
    ] {
      for output in ["> /dev/full", ">&-"] {
        let line = World.activity(1)
        let result = try Binary.run(
          "/bin/sh", ["-c", "exec \"$0\" \(command) \(output)", Binary.path], in: world.folder,
          input: Array(line.utf8))
        #expect(
          result.status == 2 && result.error.contains("nothing was done"), "\(command): \(result.error)")
      }
    }
    #expect(try world.batches().isEmpty)
    let place = try world.run(
      ["agent", "record", "agent", "--rejected", "nowhere/left"], input: World.activity(1) + "x\n", status: 2)
    #expect(place.error.contains("nowhere/left"))
    #expect(try world.run(["agent", "status", "agent"]).output.contains("0 segments"))
  }

  @Test("what fails to be said after the act is told as done, with what shows it")
  func untold() throws {
    let world = try World()
    let result = try Binary.run(
      "/bin/sh", ["-c", "exec \"$0\" agent capture agent 2> /dev/full", Binary.path], in: world.folder,
      input: Array((World.activity(1) + "x\n").utf8))
    #expect(result.status == 5)
    #expect(try world.run(["agent", "status", "agent"]).output.contains("1 segment of captures"))
    let reading = try Binary.run(
      "/bin/sh", ["-c", "exec \"$0\" agent status agent > /dev/full", Binary.path], in: world.folder)
    #expect(reading.status == 2 && reading.error.contains("nothing was changed"))
  }

  @Test(
    "options that name no file or socket are refused", arguments: [["--socket", ""], ["--socket", "-"]])
  func names(_ options: [String]) throws {
    let world = try World()
    #expect(try world.run(["agent", "run", "agent"] + options, status: 64).error.contains("--socket"))
    for name in ["-", ""] {
      try world.run(["agent", "capture", "agent", "--rejected", name], input: World.activity(1), status: 64)
    }
  }

  @Test("an agent that runs tells damage, and one that writes nothing does not do well")
  func running() throws {
    let world = try World()
    try world.run(["agent", "capture", "agent"], input: World.activity(1))
    try FileManager.default.createDirectory(
      atPath: world.folder.path("agent/spool/77.ek"), withIntermediateDirectories: false)
    let ended = try world.run(["agent", "run", "agent"], input: World.activity(2), status: 1)
    #expect(ended.error.contains("77.damaged: damaged, and kept aside"))
    let told = try world.run(["agent", "run", "agent", "--status"], status: 1)
    #expect(told.output.contains("77.damaged: damaged"))

    var running = try Binary.Running(
      [Binary.path, "agent", "run", "agent", "--socket", "socket"], in: world.folder)
    let status = ["agent", "run", "agent", "--status"]
    try world.folder.wait { try Binary.run(status, in: world.folder).status == 0 }
    running.send(SIGSTOP)
    let health = String(decoding: try world.folder.read("agent/health"), as: UTF8.self)
    let old = health.replacing(#/"written": \d+/#, with: "\"written\": 1000")
    _ = try world.folder.write(Array(old.utf8), to: "agent/health")
    #expect(try world.run(status, status: 1).output.contains("it has not written this for"))
    running.send(SIGCONT)
    running.send(SIGTERM)
    #expect(try running.result().status == 0)
  }

  @Test("whoever asks how an agent does keeps none from beginning to run")
  func asking() throws {
    let world = try World()
    let asker = unsafe open(world.folder.path("agent/run.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    try #require(asker >= 0 && flock(asker, LOCK_SH | LOCK_NB) == 0)
    var running = try Binary.Running(
      [Binary.path, "agent", "run", "agent", "--socket", "socket"], in: world.folder)
    usleep(200_000)
    close(asker)
    try world.folder.wait {
      try Binary.run(["agent", "run", "agent", "--status"], in: world.folder).status == 0
    }
    running.send(SIGTERM)
    #expect(try running.result().status == 0)
  }
}
