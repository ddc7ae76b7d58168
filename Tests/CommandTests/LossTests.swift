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
    // What was found stays so, and nobody has to do anything about it any more.
    let done = ["batch", "audit", "owner"] + world.password
    let again = try world.run(done, status: 1)
    #expect(again.error.contains("sequence_fork") && !again.error.contains("is two computers"))
    try world.run(done + ["--acknowledge"])
    #expect(try world.run(done).error.contains("you know of it"))
  }

  /// A service that was restored from a backup, after an owner and an agent had gone on.
  private func restoredService() throws -> World {
    let world = try World()
    try copy("service", to: "backup", in: world)
    try world.enrol("late")
    try world.run(["grant", "owner"] + world.password)
    try world.run(["agent", "accept", "late"])
    try world.run(["account", "rotate", "owner"] + world.password)
    try world.record(1)
    try copy("backup", to: "service", in: world)
    let seen = try world.run(["account", "open", "owner"] + world.password, status: 1)
    #expect(seen.error.contains("counter_rollback") && seen.error.contains("`endkey account restore`"))
    let kept = try world.run(["agent", "record", "agent"], input: World.activity(2), status: 4)
    #expect(kept.error.contains("counter_rollback") && kept.error.contains("`endkey account restore`"))
    return world
  }

  @Test(
    "a service that was restored from a backup is noticed by every end; the owner's gives back what it lost")
  func putBack() throws {
    let world = try restoredService()
    let restore = ["account", "restore", "owner"] + world.password
    let told = try world.run(restore)
    // A code, the answer to its request, and the rotation.
    #expect(told.output.hasPrefix("the service has the account again: it was 3 changes behind\n"))
    #expect(told.error.contains("the service has no request of it"))
    #expect(try world.run(["account", "open", "owner"] + world.password).output.contains("epoch   2\n"))
    #expect(try world.run(restore).output.hasPrefix("the service has lost nothing"))
    #expect(try world.run(["agent", "send", "agent"]).output == "batch 2: 1 record\n")
    // Who was let in after the backup is in, and asks again for keys of the new epoch.
    try world.run(["agent", "request", "late"])
    try world.run(["grant", "owner"] + world.password)
    try world.record(3, as: "late")
    let audit = try world.run(["batch", "audit", "owner"] + world.password, status: 1)
    #expect(audit.error.contains("sequence_gap") && audit.output.contains("2 batches counted"))
  }

  @Test("what was interrupted while the service was restored is finished once the account is put back")
  func putBackPending() throws {
    let world = try World()
    try copy("service", to: "backup", in: world)
    try world.run(["account", "rotate", "owner"] + world.password)
    // A file where a folder goes: an act does not reach the service, and waits on the device.
    _ = try world.folder.write([], to: "service/account.next")
    try world.run(["account", "code", "owner", "--label", "lost"] + world.password, status: 2)
    try copy("backup", to: "service", in: world)
    #expect(
      try world.run(["account", "restore", "owner"] + world.password).output.contains("1 change behind"))
    #expect(try world.run(["account", "codes", "owner"] + world.password).output.contains("\"lost\""))
  }

  @Test(
    "an account that went on without this device is not put back over; a device that kept nothing says so")
  func putBackRefused() throws {
    let world = try restoredService()
    try world.run(
      ["account", "open", "new", "--service", "service", "--login", "l", "--newest"] + world.password)
    try world.run(["account", "code", "new", "--label", "on", "--newest"] + world.password)
    let restore = ["account", "restore", "owner"] + world.password
    let refused = try world.run(restore, status: 1)
    #expect(
      refused.error.contains("is not what this account was") && refused.error.contains("account repair"))
    #expect(try world.run(["account", "codes", "new"] + world.password).output.contains("\"on\""))
    try FileManager.default.removeItem(atPath: world.folder.path("owner/kept"))
    #expect(try world.run(restore, status: 2).error.contains("has kept nothing"))
  }

  @Test("without what was kept, the owner repairs, and agents go on")
  func repaired() throws {
    let world = try restoredService()
    try world.run(["account", "open", "owner", "--restored"] + world.password)
    try world.run(["account", "repair", "owner", "--newest", "--keep-others"] + world.password)
    #expect(try world.run(["agent", "send", "agent"]).output == "batch 2: 1 record\n")
    let audit = try world.run(["batch", "audit", "owner"] + world.password, status: 1)
    #expect(audit.error.contains("sequence_gap") && audit.output.contains("1 batch counted"))
  }

  @Test(
    "who has the recovery text alone comes back to the account, and computers and persons that stay go on")
  func recovered() throws {
    let world = try World()
    try world.enrol("gone")
    let personID = try world.join("ben")
    try world.run(["account", "person", "add", "owner", "--approve", personID] + world.password)
    try world.run(["grant", "owner"] + world.password)
    try world.record(1)
    try FileManager.default.removeItem(atPath: world.folder.path("owner"))
    _ = try world.folder.write(Array("another\n".utf8), to: "password")

    let recover =
      ["account", "recover", "owner", "--service", "service", "--login", "l", "--recovery-file", "paper"]
      + world.password
    let shown = try world.run(recover, status: 1)
    let digits = try #require(shown.output.firstMatch(of: #/state .*\(([0-9a-f]{8})\)/#)?.output.1)
    let id = try world.id(of: "agent")
    #expect(shown.output.contains("person \(personID)") && shown.output.contains("agent \(id)"))
    #expect(shown.error.contains("say --state \(digits)"))
    #expect(try !world.folder.names().contains("owner"))
    try world.run(recover + ["--state", String(digits), "--keep", id, "--keep-person", personID])

    #expect(try world.run(["account", "open", "owner"] + world.password).output.contains("epoch   2\n"))
    try world.record(2)
    let gone = try world.run(["agent", "record", "gone"], input: World.activity(3), status: 4)
    #expect(gone.error.contains("no_grant"), "\(gone.error)")
    let ben = ["--newest", "--password-file", "ben.password"]
    #expect(try world.run(["account", "open", "ben"] + ben).output.contains("epoch   2\n"))
    // Authority, and not content: what was recorded before stays closed.
    let listed = try world.run(["batch", "list"] + (try world.batches())).output
    let scanned = try world.run(["scan", "owner"] + world.password, input: listed, status: 1)
    #expect(scanned.output.contains("\"<a>\"") && scanned.output.contains("\"ekt1_"))
    #expect(scanned.error.contains("no_epoch_key"))
  }

  @Test("each end follows a service that was moved, with what it has kept; not to another account")
  func moved() throws {
    let world = try World()
    try FileManager.default.moveItem(atPath: world.folder.path("service"), toPath: world.folder.path("moved"))
    let away = try world.run(["agent", "record", "agent"], input: World.activity(1), status: 4)
    #expect(away.error.contains("no account stands here") && away.error.contains("`endkey agent move`"))
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 2).error.contains("account move`"))
    let other = ["--service", "other", "--login", "l", "--recovery-file", "paper2"]
    try world.run(["account", "create", "stranger"] + other + world.password)
    for (group, name) in [("agent", "agent"), ("account", "owner")] {
      let move = [group, "move", name, "--service"]
      #expect(try world.run(move + ["nowhere"], status: 2).error.contains("no account stands here"))
      #expect(try world.run(move + ["other"], status: 1).error.contains("wrong_account"))
      #expect(
        try world.run(move + ["moved"]).output == "\(name): its service is \(world.folder.path("moved"))\n")
    }
    #expect(try world.run(["agent", "send", "agent"]).output == "batch 1: 1 record\n")
    let batch = try #require(try world.folder.names("moved/batches").first)
    #expect(try world.folder.names("moved/batches/\(batch)").count == 1)
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains("1 batch counted"))
  }

  @Test("an owner's device that was restored or is new compares, and then works on")
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
  }
}
