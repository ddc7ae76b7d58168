import Foundation
import Testing

@testable import EndkeyCommand

/// What a computer keeps while its service is away, and how a script tells that from what was delivered or refused.
@Suite("Offline") struct OfflineTests {
  typealias World = AccountWorld

  /// The folder that plays the service is away while `body` runs.
  private func away(_ world: World, _ body: () throws -> Void) throws {
    let (service, aside) = (world.folder.path("service"), world.folder.path("aside"))
    try FileManager.default.moveItem(atPath: service, toPath: aside)
    try body()
    // Nothing was made in its place.
    #expect(!FileManager.default.fileExists(atPath: service))
    try FileManager.default.moveItem(atPath: aside, toPath: service)
  }

  @Test("kept, delivered and refused have a status each, and nothing is lost or counted twice")
  func statuses() throws {
    let world = try World()
    let (record, send, line) = (["agent", "record", "agent"], ["agent", "send", "agent"], World.activity(5))
    try away(world) {
      #expect(try world.run(send, status: 2).error.contains("no account stands here"))
      let first = try world.run(record, input: line, status: 4)
      #expect(first.output == "agent: 1 kept, not delivered yet: 1 segment and 0 batches wait\n")
      #expect(first.error.contains("no account stands here"))
      try world.run(["agent", "capture", "agent"], input: line + line)
      let second = try world.run(record + ["--json"], input: line, status: 4)
      #expect(second.output == "{\"kept\":1,\"delivered\":false,\"segments\":3,\"batches\":0}\n")
      #expect(second.error.contains("\"meaning\":\"no account stands here\""))
      #expect(try world.run(send, status: 4).output.contains("3 segments"))
      #expect(try world.run(["agent", "status", "agent"]).output.contains("\n3 segments of captures in no"))
      // What needs no service works.
      try world.run(["token", "seal", "agent", "--field", "url"], input: "x\n")
      try world.run(["agent", "id", "agent"])
      try world.run(record, input: "nonsense", status: 2)
    }
    #expect(try world.run(send).output.hasSuffix(": 4 records\n"))
    #expect(try world.run(send).output == "")
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains("1 batch counted"))
  }

  @Test("an input with a name is kept once, however often it comes")
  func retries() throws {
    let world = try World()
    let lines = [1, 2, 3].map(World.activity)
    let capture = ["agent", "capture", "agent", "--key", "monday"]
    #expect(try world.run(capture, input: lines.joined()).output == "agent: 3 captured\n")
    #expect(try world.run(capture, input: lines.joined()).output == "agent: 0 captured, 3 before\n")
    let record = ["agent", "record", "agent", "--key", "tuesday"]
    try away(world) { try world.run(record, input: lines[0], status: 4) }
    #expect(try world.run(record, input: lines[0]).output == "batch 1: 4 records\n")
    #expect(try world.run(record, input: lines[0]).output == "")
  }

  @Test("an agent is made only where an account stands, and stays with its service")
  func service() throws {
    let world = try World()
    let request = ["agent", "request", "new", "--code-file", "agent.code"]
    let refused = try world.run(request + ["--service", "nowhere"], status: 2)
    #expect(refused.error.contains("nowhere: no account stands here"))
    #expect(try !world.folder.names().contains { ["new", "nowhere"].contains($0) })
    try world.run(request + ["--service", "service"])
    try world.run(["agent", "request", "new", "--service", "./service/"])
    let other = try world.run(["agent", "request", "new", "--service", "other"], status: 2)
    #expect(other.error.contains("its service is \(world.folder.path("service")), not"))
    // A mount point without its file system is an empty folder.
    let (place, aside) = (world.folder.path("service"), world.folder.path("aside"))
    try FileManager.default.moveItem(atPath: place, toPath: aside)
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    try world.run(["agent", "record", "agent"], input: World.activity(1), status: 4)
    try world.run(["account", "code", "owner"] + world.password, status: 2)
    #expect(try world.folder.names("service") == [])
  }

  @Test(
    "a folder that others can read or write is refused, with what to do", arguments: [0o750, 0o705, 0o720])
  func shared(_ mode: Int) throws {
    let world = try World()
    let path = world.folder.path("agent")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let refused = try world.run(["agent", "capture", "agent"], input: World.activity(1), status: 2)
    #expect(refused.error.contains("agent: others can read") && refused.error.contains("chmod go="))
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    try world.run(["agent", "capture", "agent"], input: World.activity(1))
  }

  @Test("root does not work in a user's folder", .enabled(if: geteuid() == 0))
  func foreign() throws {
    let world = try World()
    let changed = unsafe chown(world.folder.path("agent"), 1, 1)
    try #require(changed == 0)
    let refused = try world.run(["agent", "capture", "agent"], input: World.activity(1), status: 2)
    #expect(refused.error.contains("belongs to another user"))
    #expect(try !world.folder.names("agent").contains("spool"))
  }

  @Test("`--wait` says how long another process is waited for")
  func patience() throws {
    let world = try World()
    let descriptor = unsafe open(world.folder.path("agent"), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    let capture = ["agent", "capture", "agent", "--wait", "0"]
    #expect(try world.run(capture, input: World.activity(1), status: 2).error.contains("another process"))
    close(descriptor)
    try world.run(capture, input: World.activity(1))
  }
}
