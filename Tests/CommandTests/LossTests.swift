import Foundation
import Testing

@testable import EndkeyCommand

/// What people lose, how it shows, and the ways out that `OPERATING.md` gives.
@Suite("Losses") struct LossTests {
  typealias World = AccountWorld

  private func copy(_ name: String, to other: String, in world: World) throws {
    try? FileManager.default.removeItem(atPath: world.folder.path(other))
    try FileManager.default.copyItem(atPath: world.folder.path(name), toPath: world.folder.path(other))
  }

  @Test(
    "both copies of an agent's folder send on; the audit says that there are two, and each is enrolled anew")
  func copied() throws {
    let world = try World()
    try world.record(5)
    try copy("agent", to: "copy", in: world)
    for duration in [6, 7] { try world.record(duration) }
    for duration in [8, 9] { try world.record(duration, as: "copy") }
    #expect(try world.run(["agent", "status", "copy"]).output.contains("3 batches made, 0 not delivered"))
    let id = try world.id(of: "agent")
    let audit = try world.run(["batch", "audit", "owner"] + world.password, status: 1)
    #expect(audit.error.contains("sequence_fork"), "\(audit.error)")
    #expect(audit.error.contains("agent \(id) is two computers") && audit.error.contains("enrolled anew"))

    let remove = ["account", "remove", "owner", "--agent", id, "--audit", "--keep-others"]
    try world.run(remove + world.password)
    for name in ["agent", "copy"] {
      let refused = try world.run(["agent", "record", name], input: World.activity(1), status: 1)
      #expect(refused.error.contains("revoked"))
      try FileManager.default.removeItem(atPath: world.folder.path(name))
    }
    try world.enrol("agent")
    try world.run(["grant", "owner"] + world.password)
    try world.record(1)
  }

  @Test(
    "a service that was restored from a backup is noticed by every end; the owner repairs, and agents go on")
  func restoredService() throws {
    let world = try World()
    try copy("service", to: "backup", in: world)
    try world.run(["account", "rotate", "owner"] + world.password)
    try world.record(1)
    try copy("backup", to: "service", in: world)
    let open = ["account", "open", "owner"]
    #expect(try world.run(open + world.password, status: 1).error.contains("counter_rollback"))
    let kept = try world.run(["agent", "record", "agent"], input: World.activity(2), status: 4)
    #expect(kept.error.contains("counter_rollback"))

    try world.run(open + ["--restored"] + world.password)
    try world.run(["account", "repair", "owner", "--newest", "--keep-others"] + world.password)
    #expect(try world.run(["agent", "send", "agent"]).output == "batch 2: 1 record\n")
    let audit = try world.run(["batch", "audit", "owner"] + world.password, status: 1)
    #expect(audit.error.contains("sequence_gap") && audit.output.contains("1 batch counted"))
  }

  @Test("an owner's device that was restored or is new compares, and then works on; a service may move")
  func owners() throws {
    let world = try World()
    try copy("owner", to: "old", in: world)
    try world.run(["account", "rotate", "owner"] + world.password)
    try copy("old", to: "owner", in: world)
    let restored = try world.run(["account", "open", "owner", "--restored"] + world.password)
    #expect(restored.error.contains("--newest"))
    try world.run(["account", "code", "owner", "--newest"] + world.password)
    let fresh = ["account", "open", "new", "--service", "service", "--login", "l"]
    #expect(try world.run(fresh + world.password).error.contains("--newest"))
    try FileManager.default.moveItem(atPath: world.folder.path("service"), toPath: world.folder.path("moved"))
    let config = String(decoding: try world.folder.read("agent/config.json"), as: UTF8.self)
    _ = try world.folder.write(
      Array(config.replacing(world.folder.path("service"), with: world.folder.path("moved")).utf8),
      to: "agent/config.json")
    try world.run(["agent", "record", "agent"], input: World.activity(1))
  }
}
