import Foundation
import Testing

@testable import EndkeyCommand

/// Both ends over one folder, beyond the tour. Each test makes what it needs, since a run changes it.
@Suite("Ends") struct EndTests {
  typealias World = AccountWorld

  @Test("an account whose folder was lost in a crash is opened by the command that the error gives")
  func lostFolder() throws {
    let world = try World()
    let create =
      ["account", "create", "owner", "--service", "service", "--login", "l", "--recovery-file", "-"]
      + world.password
    #expect(try !world.run(create, status: 2).error.contains("account open"))
    try FileManager.default.removeItem(atPath: world.folder.path("owner"))
    let error = try world.run(create, status: 2).error
    let quoted = try #require(error.split(separator: "`").dropFirst().first)
    let command = quoted.split(separator: " ").map(String.init)
    #expect(command == ["endkey", "account", "open", "owner", "--service", "service", "--login", "l"])
    let opened = try world.run(Array(command.dropFirst()) + world.password)
    #expect(opened.error.contains("--newest"))
    try world.run(["account", "code", "owner", "--newest"] + world.password)
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

    let title = "a\u{1b}[2J\u{202e}b, \"c\"\n"
    let token = try world.run(["token", "seal", "agent", "--field", "url"], input: title).output
    let shown = "a\\u{1b}[2J\\u{202e}b, \"c\"\n"
    #expect(try world.run(["token", "open", "agent"], input: token).output == shown)
    let scan = try world.run(["scan", "agent"], input: token)
    #expect(scan.output == shown && scan.error.contains("unverified"))
    let formula = try world.run(["token", "seal", "agent", "--field", "url"], input: "=1+1,\n").output
    #expect(
      try world.run(["scan", "agent", "--escape", "csv"], input: "-2,\(formula)").output
        == "\"-2\",\"'=1+1,\"\n")
    let unopened = try world.run(["scan", "agent"], input: "x \(broken)", status: 1)
    #expect(unopened.output == "x \(broken)")
    #expect(unopened.error.contains("token_open_failed at 2"))
    // What was cut is told, is the command's status, and has no status of its own.
    let cut = try world.run(["scan", "agent", "--json"], input: "x \(token.prefix(20))", status: 1)
    #expect(cut.output == "x \(token.prefix(20))")
    #expect(cut.error.contains("\"truncated\"") && !cut.error.contains("\"exit\""))

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
    let batches = try [1, 2, 3].map { try world.record($0) }
    let audit = ["batch", "audit", "owner"] + world.password
    let honest = try world.folder.read(batches[1])
    var edited = honest
    edited[100] ^= 1
    _ = try world.folder.write(edited, to: batches[1])
    #expect(try world.run(audit, status: 1).error.contains("signature_invalid"))
    try FileManager.default.removeItem(atPath: world.folder.path(batches[1]))
    let gap = try world.run(audit, status: 1).error
    #expect(gap.contains("sequence_gap") && gap.contains("batch 2"))
    _ = try world.folder.write(honest, to: batches[1])
    #expect(try world.run(audit).output.hasSuffix("3 batches counted, 0 findings\n"))
    let replayed = batches[1].replacing(".ek", with: "-again.ek")
    _ = try world.folder.write(honest, to: replayed)
    #expect(try world.run(audit, status: 1).error.contains("sequence_repeat"))
    try FileManager.default.removeItem(atPath: world.folder.path(replayed))
    try FileManager.default.removeItem(atPath: world.folder.path(batches[2]))
    let gone = try world.run(audit, status: 1)
    #expect(gone.error.contains("batch 3"), "\(gone.error)")
  }

  @Test("what a person knows of is told by each audit, and is no error; what is new is one")
  func acknowledged() throws {
    let world = try World()
    let batches = try [1, 2, 3, 4].map { try world.record($0) }
    let audit = ["batch", "audit", "owner"] + world.password
    try world.run(audit)
    try FileManager.default.removeItem(atPath: world.folder.path(batches[1]))
    #expect(try world.run(audit, status: 1).error.contains("batch 2: sequence_gap"))
    try world.run(audit + ["--acknowledge"])
    let known = try world.run(audit)
    #expect(known.output.contains(" counted, 0 findings, ") && known.output.hasSuffix(" known\n"))
    #expect(known.error.contains("batch 2: sequence_gap") && known.error.contains("you know of it"))
    let json = try world.run(audit + ["--json"])
    #expect(json.output.contains("\"findings\": []") && json.output.contains("\"sequence_gap\""))
    try FileManager.default.removeItem(atPath: world.folder.path(batches[3]))
    #expect(try !world.run(audit, status: 1).output.contains(" 0 findings"))
  }

  @Test(
    "who knows of a gap that the first audit found knows of what the next one makes of it, and of nothing else"
  )
  func acknowledgedGap() throws {
    let world = try World()
    let batches = try [1, 2, 3, 4].map { try world.record($0) }
    let audit = ["batch", "audit", "owner"] + world.password
    try FileManager.default.removeItem(atPath: world.folder.path(batches[1]))
    let first = try world.run(audit + ["--acknowledge"])
    #expect(
      first.error.contains("batch 2: sequence_gap") && first.output.contains("3 batches counted, 1 finding\n")
    )
    for number in [5, 6] {
      let again = try world.run(audit)
      #expect(
        again.error.contains("batch 2: sequence_gap") && again.output.contains(" 0 findings, 2 known\n"))
      try world.record(number)
    }
    try FileManager.default.removeItem(atPath: world.folder.path(batches[3]))
    #expect(try world.run(audit, status: 1).error.contains("batch 4: sequence_gap"))
  }

  @Test(
    "a blob that a counted batch names and the service has not is a finding, until it is known or as old as blobs go"
  )
  func missingBlob() throws {
    let world = try World()
    _ = try world.folder.write(Array("words".utf8), to: "words")
    for days in [10.0, 0] {
      let start = Int(Date().timeIntervalSince1970 - days * 86_400) * 1_000
      let line = "{\"kind\":\"application\",\"start\":\(start),\"duration\":1,\"voice\":\"words\"}\n"
      try world.run(["agent", "record", "agent"], input: line)
    }
    let audit = ["batch", "audit", "owner"] + world.password
    try world.run(audit)
    let folder = "service/blobs/\(try world.id(of: "agent"))"
    let blobs = try world.folder.names(folder)
    for blob in blobs { try FileManager.default.removeItem(atPath: world.folder.path("\(folder)/\(blob)")) }
    let missed = try world.run(audit, status: 1)
    #expect(
      missed.error.contains("blob_missing") && missed.error.contains("batch 2, blob "), "\(missed.error)")
    #expect(missed.error.contains("--acknowledge"))
    try world.run(["account", "retention", "owner", "--days", "3650", "--blob-days", "7"] + world.password)
    let kept = try world.run(audit + ["--json"], status: 1)
    #expect(kept.output.components(separatedBy: "blob_missing").count == 2, "\(kept.output)")
    #expect(
      kept.output.contains("\"missingBlobs\"") && blobs.contains { kept.output.contains($0.dropLast(3)) })
    try world.run(audit + ["--acknowledge"])
    #expect(try world.run(audit).output.contains(" 0 findings, 1 known"))
  }

  @Test(
    "an account is shown where its owner's disk takes nothing; what changes it is refused, and changes nothing"
  )
  func fullDisk() throws {
    let world = try World()
    try world.record(1)
    let before = try world.folder.read("service/account/vault.ek")
    // Every write to a file fails, as on a disk without room.
    func run(_ arguments: String) throws -> Binary.Result {
      try Binary.run(
        "/bin/sh",
        ["-c", "ulimit -f 0; exec \"$0\" \(arguments) --password-file password", Binary.path],
        in: world.folder, input: Array("x\n".utf8))
    }
    for command in [
      "account open", "account agents", "account codes", "account person list", "account rules", "scan",
      "account recovery",
    ] {
      let shown = try run("\(command) owner")
      #expect(shown.error.contains("what is shown is not remembered here"), "\(command): \(shown.error)")
      #expect(shown.status == 0, "\(command): \(shown.error)")
    }
    let audit = try run("batch audit owner")
    #expect(audit.output.contains("1 batch counted, 0 findings") && audit.error.contains("ulimit -f"))
    let id = try world.id(of: "agent")
    for command in ["account rotate owner", "account code owner", "account label owner --agent \(id) x"] {
      let refused = try run(command)
      #expect(refused.status == 2 && refused.output.isEmpty, "\(command): \(refused.error)")
    }
    #expect(try world.folder.read("service/account/vault.ek") == before)
    // Nothing stands in the way of the next one.
    try world.run(["account", "rotate", "owner"] + world.password)
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

  @Test("an act that the service stored in part is kept, and finished by the next command")
  func finished() throws {
    let world = try World()
    let grants = world.folder.path("service/grants")
    try FileManager.default.moveItem(atPath: grants, toPath: grants + ".aside")
    _ = try world.folder.write([], to: "service/grants")
    let rotate = ["account", "rotate", "owner"] + world.password
    let kept = try world.run(rotate, status: 2).error
    #expect(kept.contains("kept on this device, and sent again with the next step"))
    #expect(try world.folder.names("owner").contains("publication"))
    try FileManager.default.removeItem(atPath: grants)
    try FileManager.default.moveItem(atPath: grants + ".aside", toPath: grants)
    let opened = try world.run(["account", "open", "owner"] + world.password)
    #expect(opened.output.contains("epoch   2\n"))
    #expect(opened.error.contains("the act that was interrupted here before has reached the service now"))
    let files = ["config.json", "device.key", "kept", "pinned", "pins.ek"]
    #expect(try world.folder.names("owner") == files)
    try world.run(["agent", "accept", "agent"])
  }

  @Test("what cannot be sent now does not keep a person from looking; it goes before the next act")
  func waitingAct() throws {
    let world = try World()
    try world.record(60_000)
    // A file where a folder goes: the service stores nothing, and gives what it has.
    let blocked = try world.folder.write([], to: "service/account.next")
    try world.run(["account", "code", "owner", "--label", "desk"] + world.password, status: 2)
    let audit = try world.run(["batch", "audit", "owner"] + world.password, status: 2)
    #expect(audit.output.contains("1 batch counted, 0 findings"))
    #expect(audit.error.contains("an act that was interrupted here before waits"), "\(audit.error)")
    #expect(try world.run(["account", "agents", "owner"] + world.password).output.contains("room"))
    try FileManager.default.removeItem(atPath: blocked)
    let opened = try world.run(["account", "codes", "owner"] + world.password)
    #expect(opened.error.contains("has reached the service now") && opened.output.contains("\"desk\""))
  }

  @Test("who waits for another process is told after a second", arguments: ["agent", "service"])
  func waiting(_ name: String) throws {
    let world = try World()
    let descriptor = unsafe open(world.folder.path(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    try #require(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    // Keeping activity locks the agent, asking for the newest state the service.
    let step = name == "agent" ? "capture" : "accept"
    var waiting = try Binary.Running(
      [Binary.path, "agent", step, "agent"], in: world.folder, input: Array(World.activity(1).utf8))
    let told = ", which works here ...\n"
    try waiting.pump { $0.error.hasSuffix(told) }
    close(descriptor)
    let result = try waiting.result()
    #expect(result.status == 0)
    #expect(result.error.hasSuffix(told) && result.error.contains("\(name): waiting for "))
    #if os(Linux)
      #expect(result.error.contains("process \(ProcessInfo.processInfo.processIdentifier) ("))
    #endif
  }

  @Test("an agent whose state is lost or damaged has stopped, and makes no new one")
  func latch() throws {
    let world = try World()
    let state = try world.folder.read("agent/state.ek")
    var damaged = state
    damaged[60] ^= 1
    _ = try world.folder.write(damaged, to: "agent/state.ek")
    let record = ["agent", "record", "agent"]
    #expect(try world.run(record, input: World.activity(1), status: 1).error.contains("it has stopped"))
    try FileManager.default.removeItem(atPath: world.folder.path("agent/state.ek"))
    try world.run(record, input: World.activity(1), status: 1)
    #expect(try !world.folder.names("agent").contains("state.ek"))
    _ = try world.folder.write(state, to: "agent/state.ek")
    try world.record(1)
  }

  @Test("a spool gives back every whole frame; a torn end is dropped, damage is told, and nothing is changed")
  func spool() throws {
    let world = try World()
    let (capture, segment) = (["agent", "capture", "agent"], "agent/spool/1.ek")
    let kept = try world.run(capture, input: [1, 2, 3].map(World.activity).joined())
    #expect(kept.output == "agent: 3 captured\n")
    let recover = ["spool", "recover", "agent", segment]
    let lines = try world.run(recover).output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[1].contains("\"start\":1,\"duration\":2,\"items\":{\"application_name\":\"3c613e\"}"))

    let whole = try world.folder.read(segment)
    _ = try world.folder.write(Array(whole.dropLast()), to: segment)
    let torn = try world.run(recover)
    #expect(torn.output.split(separator: "\n") == lines.dropLast() && torn.error.contains("torn at"))

    var damaged = whole
    damaged[whole.count / 2] ^= 1
    _ = try world.folder.write(damaged, to: segment)
    let found = try world.run(recover, status: 1)
    #expect(found.output.split(separator: "\n") == [lines[0], lines[2]])
    #expect(found.error.contains("(§17)") && found.error.contains("bytes"))
    #expect(try world.folder.read(segment) == damaged)

    // What is whole is sent; what is not is kept aside.
    let sent = try world.run(["agent", "send", "agent"], status: 1)
    #expect(sent.output.hasSuffix(": 2 records\n") && sent.error.contains("kept aside"))
    #expect(try world.folder.names("agent/spool").contains("1.damaged"))
    try world.run(["agent", "send", "agent"])
  }

  @Test("an agent's status says what it may do and until when; its id is its own line")
  func status() throws {
    let world = try World()
    let id = try world.id(of: "agent")
    let status = try world.run(["agent", "status", "agent"]).output
    #expect(
      id.count == 32 && status.hasPrefix("agent \(id): active\n") && status.contains("epoch 1, until 2"))
    #expect(try world.run(["agent", "accept", "agent"]).output == "agent \(id) is active in epoch 1\n")
    try world.enrol("other")
    #expect(try world.run(["agent", "status", "other"]).output.contains(": pinned\n"))
    #expect(try world.run(["agent", "accept", "other"], status: 1).error.contains("no_grant"))
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
