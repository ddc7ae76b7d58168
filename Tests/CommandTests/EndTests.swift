import Foundation
import Testing

@testable import EndkeyCommand

/// Both ends over one folder, beyond the tour. Each test makes what it needs, since a run changes it.
@Suite("Ends") struct EndTests {
  /// An owner and an agent with keys.
  struct World {
    let folder: Scratch
    let password = ["--password-file", "password"]

    init() throws {
      folder = try Scratch()
      _ = try folder.write(Array("p\n".utf8), to: "password")
      try run(["account", "create", "owner", "--service", "service", "--login", "l"] + password)
      try enrol("agent")
      try run(["grant", "owner"] + password)
      try run(["agent", "accept", "agent"])
    }

    func enrol(_ name: String, _ options: [String] = []) throws {
      let code = try run(["account", "code", "owner"] + options + password).output
      _ = try folder.write(Array(code.utf8), to: "\(name).code")
      try run(["agent", "request", name, "--service", "service", "--code-file", "\(name).code"])
    }

    @discardableResult func run(_ arguments: [String], input: String = "", status: Int32 = 0) throws
      -> Binary.Result
    {
      let result = try Binary.run(arguments, in: folder, input: Array(input.utf8))
      try #require(result.status == status, "\(arguments): \(result.error)")
      return result
    }

    func record(_ duration: Int, status: Int32 = 0) throws {
      let line =
        "{\"kind\":\"application\",\"start\":1,\"duration\":\(duration),\"application_name\":\"<a>\"}\n"
      try run(["agent", "record", "agent"], input: line, status: status)
    }

    /// Runs an owner's step that grants, which the service stores in part. Returns what the device has written ahead.
    func interrupt(_ step: [String]) throws -> [UInt8] {
      let grants = self.folder.path("service/grants")
      try FileManager.default.moveItem(atPath: grants, toPath: grants + ".aside")
      _ = try folder.write([], to: "service/grants")
      let error = try run(step + password, status: 2).error
      #expect(error.contains("kept on this device, and sent again with the next step"))
      try FileManager.default.removeItem(atPath: grants)
      try FileManager.default.moveItem(atPath: grants + ".aside", toPath: grants)
      return try folder.read("owner/publication")
    }

    func batch(_ sequence: Int) throws -> String {
      let agent = try run(["agent", "id", "agent"]).output.trimmingCharacters(in: .newlines)
      return "service/batches/\(agent)/0000000\(sequence).ek"
    }
  }

  @Test("an account whose folder was lost in a crash is opened by the command that the error gives")
  func lostFolder() throws {
    let world = try World()
    let create = ["account", "create", "owner", "--service", "service", "--login", "l"] + world.password
    #expect(try !world.run(create, status: 2).error.contains("account open"))
    try FileManager.default.removeItem(atPath: world.folder.path("owner"))
    let error = try world.run(create, status: 2).error
    let quoted = try #require(error.split(separator: "`").dropFirst().first)
    let command = quoted.split(separator: " ").map(String.init)
    #expect(command == ["endkey", "account", "open", "owner", "--service", "service", "--login", "l"])
    try world.run(Array(command.dropFirst()) + world.password)
    try world.run(["account", "code", "owner"] + world.password)
  }

  @Test("tokens, blobs and texts go through both ends; nothing is overwritten; what is damaged is not opened")
  func activity() throws {
    let world = try World()
    let values = "Ledger\n\nünïcode 漢字\n"
    let tokens = try world.run(["token", "seal", "agent", "--field", "window_title"], input: values).output
    #expect(try world.run(["token", "open", "agent"], input: tokens).output == values)
    #expect(try world.run(["token", "open", "owner"] + world.password, input: tokens).output == values)
    let broken = String(tokens.split(separator: "\n")[0].dropLast(4)) + "AAAA\n"
    let refused = try world.run(["token", "open", "agent"], input: tokens + broken, status: 1)
    #expect(refused.error.hasPrefix("endkey: line 4: token_open_failed (§14.2): "))

    let html = try world.run(["token", "seal", "agent", "--field", "url"], input: "<a href=\"x\">\n").output
    let page = "<p title='\(html.dropLast())'>"
    #expect(
      try world.run(["scan", "agent", "--escape", "html"], input: page).output
        == "<p title='&lt;a href=&quot;x&quot;&gt;'>")
    let unopened = try world.run(["scan", "agent"], input: "x \(broken)", status: 1)
    #expect(unopened.output == "x \(broken)")
    #expect(unopened.error.contains("token_open_failed at 2"))

    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    _ = try world.folder.write(content, to: "shot")
    let seal = ["blob", "seal", "agent", "--field", "screenshot", "shot", "--out", "shot.ek"]
    try world.run(seal)
    #expect(try world.run(seal, status: 2).error.contains("not overwritten"))
    try world.run(["blob", "open", "owner", "shot.ek", "--out", "opened"] + world.password)
    #expect(try world.folder.read("opened") == content)
    var sealed = try world.folder.read("shot.ek")
    sealed[sealed.count - 1] ^= 1
    _ = try world.folder.write(sealed, to: "bad.ek")
    #expect(
      try world.run(["blob", "open", "agent", "bad.ek", "--out", "bad"], status: 1).error.contains(
        "blob_open_failed"))
    #expect(try !world.folder.names().contains { $0 == "bad" || $0.hasSuffix(".tmp") })
  }

  @Test("an audit finds a batch that is edited, dropped, replayed, or gone after it was noted")
  func audit() throws {
    let world = try World()
    for duration in [1, 2, 3] { try world.record(duration) }
    let audit = ["batch", "audit", "owner"] + world.password
    let batch = try world.batch(2)
    let honest = try world.folder.read(batch)
    var edited = honest
    edited[100] ^= 1
    _ = try world.folder.write(edited, to: batch)
    #expect(try world.run(audit, status: 1).error.contains("signature_invalid"))
    try FileManager.default.removeItem(atPath: world.folder.path(batch))
    #expect(try world.run(audit, status: 1).error.contains("sequence_gap"))
    _ = try world.folder.write(honest, to: batch)
    #expect(try world.run(audit).output.hasSuffix("3 batches counted, 0 findings\n"))
    let replayed = try world.batch(4)
    _ = try world.folder.write(honest, to: replayed)
    #expect(try world.run(audit, status: 1).error.contains("sequence_repeat"))
    try FileManager.default.removeItem(atPath: world.folder.path(replayed))
    try FileManager.default.removeItem(atPath: world.folder.path(try world.batch(3)))
    #expect(try world.run(audit, status: 1).error.contains("which the last audit ended with"))
  }

  @Test("a new password opens, the old one does not, an old account is refused before a password is used")
  func password() throws {
    let world = try World()
    let old = world.folder.path("old")
    try FileManager.default.copyItem(atPath: world.folder.path("service/account"), toPath: old)
    _ = try world.folder.write(Array("new\n".utf8), to: "new")
    try world.run(["account", "password", "owner", "--new-password-file", "new"] + world.password)
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains(
        "password_open_failed"))
    try world.run(["account", "open", "owner", "--password-file", "new"])
    try FileManager.default.removeItem(atPath: world.folder.path("service/account"))
    try FileManager.default.copyItem(atPath: old, toPath: world.folder.path("service/account"))
    // There is no terminal and no file: the refusal must come before.
    #expect(try world.run(["account", "open", "owner"], status: 1).error.contains("counter_rollback"))
  }

  @Test("a step that was interrupted between its renamings is finished by the next one")
  func interrupted() throws {
    let world = try World()
    let account = world.folder.path("service/account")
    try FileManager.default.moveItem(atPath: account, toPath: account + ".next")
    try world.run(["account", "open", "owner"] + world.password)
    #expect(try world.folder.names("service").contains("account"))
    #expect(try !world.folder.names("service").contains("account.next"))
  }

  @Test("a step that the service stored in part is kept, finished by the next command, and told")
  func finished() throws {
    let world = try World()
    let agent = try world.run(["agent", "id", "agent"]).output.trimmingCharacters(in: .newlines)
    let publication = try world.interrupt(["grant", "owner", "--agent", agent])
    let finished = try world.run(["account", "open", "owner"] + world.password)
    #expect(finished.error == "endkey: owner: a step that was interrupted has been finished\n")
    #expect(try world.run(["account", "open", "owner"] + world.password).error == "")

    // Another device goes on with the account, and this one does not know that its step was stored.
    try world.run(
      ["account", "open", "other", "--service", "service", "--login", "l"] + world.password)
    try world.run(["account", "code", "other"] + world.password)
    _ = try world.folder.write(publication, to: "owner/publication")
    let dropped = try world.run(["account", "open", "owner"] + world.password)
    #expect(
      dropped.error.contains("owner: another device has changed the account since a step was interrupted"))
    #expect(try world.folder.names("owner") == ["config.json", "device.key", "pins.ek"])
  }

  @Test("activity that could not be delivered is kept, told so, and delivered once")
  func undelivered() throws {
    let world = try World()
    let (service, away) = (world.folder.path("service"), world.folder.path("away"))
    try FileManager.default.moveItem(atPath: service, toPath: away)
    let line = "{\"kind\":\"application\",\"start\":1,\"duration\":5,\"application_name\":\"<a>\"}\n"
    let kept = try world.run(["agent", "record", "agent"], input: line, status: 2)
    #expect(kept.error.contains("batch 1 is kept here") && kept.error.contains("no account stands here"))
    #expect(!FileManager.default.fileExists(atPath: service))
    try FileManager.default.moveItem(atPath: away, toPath: service)
    try world.record(5)
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains("2 batches counted"))
    // A copy of the agent's folder makes another batch of a number that is taken.
    try FileManager.default.copyItem(
      atPath: world.folder.path("agent"), toPath: world.folder.path("copy"))
    try world.record(6)
    let copy = try world.run(["agent", "record", "copy"], input: line, status: 2)
    #expect(copy.error.contains("a copy of the agent's folder may be in use"))
  }

  @Test("who waits for another process is told after a second", arguments: ["agent", "service"])
  func waiting(_ name: String) throws {
    let world = try World()
    let descriptor = unsafe open(world.folder.path(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    var waiting = try Binary.Running([Binary.path, "agent", "accept", "agent"], in: world.folder)
    let told = "\(name): waiting for another process that works here ...\n"
    try waiting.pump { $0.error.hasSuffix(told) }
    close(descriptor)
    let result = try waiting.result()
    #expect(result.status == 0)
    #expect(result.error.hasSuffix(told))
  }

  @Test("an agent whose state is lost or damaged has stopped, and makes no new one")
  func latch() throws {
    let world = try World()
    let state = try world.folder.read("agent/state.ek")
    var damaged = state
    damaged[60] ^= 1
    _ = try world.folder.write(damaged, to: "agent/state.ek")
    try world.record(1, status: 1)
    try FileManager.default.removeItem(atPath: world.folder.path("agent/state.ek"))
    try world.record(1, status: 1)
    #expect(try !world.folder.names("agent").contains("state.ek"))
    _ = try world.folder.write(state, to: "agent/state.ek")
    try world.record(1)
  }

  @Test(
    "a spool gives back every whole frame; a torn end is dropped, damage is told and the segment kept aside")
  func spool() throws {
    let world = try World()
    let kept = try world.run(["spool", "keep", "agent", "s.ek"], input: "one\ntwo\nthree\n")
    #expect(kept.output == "0\n1\n2\n")
    #expect(try world.run(["spool", "keep", "agent", "s.ek"], status: 2).error.contains("not overwritten"))
    let recover = ["spool", "recover", "agent", "s.ek"]
    #expect(try world.run(recover).output == "one\ntwo\nthree\n")

    let whole = try world.folder.read("s.ek")
    _ = try world.folder.write(Array(whole.dropLast()), to: "s.ek")
    let torn = try world.run(recover)
    #expect(torn.output == "one\ntwo\n" && torn.error.contains("torn at"))

    var damaged = whole
    damaged[whole.count / 2] ^= 1
    _ = try world.folder.write(damaged, to: "s.ek")
    let found = try world.run(recover + ["--json"], status: 1)
    #expect(found.output.split(separator: "\n").count == 2)
    #expect(found.output.hasPrefix("{\"offset\":48,\"index\":0,\"payload\":\"6f6e65\"}\n"))
    #expect(found.error.contains("(§17)") && found.error.contains("bytes"))
    #expect(try world.folder.names().contains("s.ek.quarantined"))
    #expect(try !world.folder.names().contains("s.ek"))
    try world.run(["spool", "recover", "owner", "s.ek.quarantined"] + world.password, status: 1)
  }

  @Test("rules are published once an audit has seen their value")
  func rules() throws {
    let world = try World()
    try world.record(1)
    let rules = """
      {"field":"application_name","category":"productive","value":"<a>"}
      {"field":"url","category":"unproductive","value":"https://example.org"}

      """
    let command = ["account", "rules", "owner"] + world.password
    let set = try world.run(command + ["--set", "-"], input: rules).output
    #expect(set.contains("productive  application_name  <a>  (not seen)\n"))
    try world.run(["batch", "audit", "owner"] + world.password)
    let shown = try world.run(command).output
    #expect(shown.contains("productive  application_name  <a>  (published)\n"))
    #expect(shown.contains("unproductive  url  https://example.org  (not seen)\n"))
    let unknown = "{\"field\":\"mood\",\"category\":\"neutral\",\"value\":\"x\"}\n"
    #expect(try world.run(command + ["--set", "-"], input: unknown, status: 2).error.contains("line 1"))
    #expect(try world.run(command).output == shown)
  }

  @Test(
    "activity that is malformed makes no batch",
    arguments: ["{}", "nonsense", "{\"kind\":\"application\",\"start\":1,\"duration\":1,\"x\":\"y\"}"])
  func malformed(_ line: String) throws {
    let world = try World()
    #expect(try world.run(["agent", "record", "agent"], input: line, status: 2).error.contains("line 1"))
    #expect(try !world.folder.names("service").contains("batches"))
  }
}
