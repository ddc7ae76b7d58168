import Foundation
import Testing

@testable import EndkeyCommand

/// A person's folder, through the program. Each test makes what it needs, since a run changes it.
@Suite("Account") struct AccountTests {
  typealias World = AccountWorld

  @Test("R-12.6-1: an account is made and shown; the recovery text is in a file that only its user can read")
  func create() throws {
    let world = try World()
    let shown = try world.run(["account", "open", "owner"] + world.password)
    #expect(shown.output.contains("epoch   1\n") && shown.output.contains("\"room\"") && shown.error.isEmpty)
    let create = ["account", "create", "o", "--service", "s", "--login", "l"] + world.password
    #expect(try world.run(create, status: 64).error.contains("say where it goes: --recovery-file FILE"))
    #expect(try !world.folder.names().contains("s"))
    let made = try world.run(create + ["--recovery-file", "-"])
    for sentence in [
      "gives authority over the account, not its content", "whoever finds it takes the account over",
    ] {
      #expect(made.error.contains(sentence))
    }
    #expect(made.error.contains("a new account is the only remedy") && !made.error.contains("ekr1"))
    #expect(made.output.hasPrefix("ekr1") && made.output.contains("\naccount "))
    let text = String(decoding: try world.folder.read("paper"), as: UTF8.self)
    #expect(text.hasPrefix("ekr1") && text.count == 64)
    let mode = try FileManager.default.attributesOfItem(atPath: world.folder.path("paper"))[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try world.run(["inspect", "paper"]).output.contains("(not shown)"))
  }

  @Test("R-12.7-7: a fresh device makes its folder, shows what to compare, and signs nothing before --newest")
  func fresh() throws {
    let world = try World()
    let fresh = try world.run(
      ["account", "open", "other", "--service", "service", "--login", "l"] + world.password)
    #expect(fresh.error.contains("--newest"))
    #expect(fresh.output.contains(/list    \d+, until/) && fresh.output.contains(/state   1 \([0-9a-f]{8}\)/))
    let rotate = ["account", "rotate", "other"] + world.password
    #expect(try world.run(rotate, status: 1).error.contains("approval_required"))
    #expect(try world.run(rotate + ["--newest"]).output.hasPrefix("epoch 2,"))
    #expect(try world.run(rotate).output.hasPrefix("epoch 3,"))
    try world.run(["agent", "accept", "agent"])
    // R-12.7-8: a person says that the disk was restored.
    let restored = try world.run(["account", "open", "other", "--restored"] + world.password)
    #expect(restored.error.contains("remembered is lost") && restored.error.contains("--newest"))
    // Where the pins are gone, it is told.
    try FileManager.default.removeItem(atPath: world.folder.path("other/pins.ek"))
    #expect(
      try world.run(["account", "open", "other"] + world.password).error.contains("remembered is lost"))
  }

  @Test("R-12.9-3, R-12.9-4: a person joins under a code, is added by its id, signs, and is removed by it")
  func persons() throws {
    let world = try World()
    let id = try world.join("ben")
    let ben = ["--password-file", "ben.password"]
    #expect(try world.run(["account", "open", "ben"] + ben, status: 2).error.contains("not let in yet"))
    let other = String(repeating: "0", count: 32)
    let list = ["account", "person", "list", "owner"] + world.password
    #expect(try world.run(list).output.contains("\n\(id)  waits for a person"))
    let add = ["account", "person", "add", "owner", "--label", "Ben"] + world.password
    #expect(try world.run(add + ["--approve", other], status: 1).error.contains("unknown_agent"))
    try world.run(add + ["--approve", id])
    #expect(try world.run(list).output.contains("\(id)  manager granted  \"Ben\"\n"))
    #expect(
      try world.run(["account", "open", "ben", "--newest"] + ben).output.contains("manager \(id) granted"))
    #expect(try world.run(["account", "rotate", "ben"] + ben).output.hasPrefix("epoch 2,"))
    #expect(try world.run(["account", "renew", "ben"] + ben, status: 1).error.contains("root_required"))
    try world.run(["agent", "accept", "agent"])

    // Every member is asked about.
    let remove = ["account", "person", "remove", "owner", "--person", id] + world.password
    let asked = try world.run(remove, status: 1)
    #expect(asked.error.contains("asked about: agent \(try world.id(of: "agent"))"))
    #expect(try world.run(remove + ["--keep-others"]).output.hasPrefix("epoch 3,"))
    #expect(try world.run(["account", "open", "ben"] + ben, status: 1).error.contains("no_master_key"))
    try world.run(["agent", "accept", "agent"])
  }

  @Test("R-12.3-3: removing asks about members of the same code and without a label; a retired one is listed")
  func removing() throws {
    let world = try World()
    let code = try world.run(["account", "code", "owner", "--uses", "2"] + world.password).output
    _ = try world.folder.write(Array(code.utf8), to: "two.code")
    for name in ["a", "b"] {
      try world.run(["agent", "request", name, "--service", "service", "--code-file", "two.code"])
    }
    try world.run(["grant", "owner"] + world.password)
    let (a, b) = (try world.id(of: "a"), try world.id(of: "b"))
    let remove = ["account", "remove", "owner", "--agent", a] + world.password
    let asked = try world.run(remove, status: 1)
    #expect(asked.error.contains("asked about: agent \(b)") && asked.error.contains("approval_required"))
    #expect(asked.error.components(separatedBy: "asked about").count == 2)
    let listed = try world.run(["account", "agents", "owner"] + world.password).output
    #expect(listed.contains("\(a)  granted  no label"))
    try world.run(remove + ["--remove", b])
    for name in ["a", "b"] {
      #expect(try world.run(["agent", "accept", name], status: 1).error.contains("revoked"))
    }
    let agent = try world.id(of: "agent")
    try world.run(["account", "label", "owner", "--agent", agent, "kitchen"] + world.password)
    try world.run(["account", "retire", "owner", "--agent", agent] + world.password)
    let shown = try world.run(["account", "open", "owner"] + world.password).output
    #expect(shown.contains("agent \(agent) retired, \"kitchen\""))
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("revoked"))
  }

  @Test("R-12.9-6, R-12.9-7, R-12.9-8: it is said what an act does not do, and audits come before removals")
  func said() throws {
    let world = try World()
    let help = { (command: String) in
      try world.run(["account", command, "--help"]).output.split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
    }
    #expect(try help("password").contains("the owner removes the person, who joins again"))
    #expect(try help("rotate").contains("`account repair` ends them"))
    try world.enrol("other", ["--label", "hall"])
    try world.run(["grant", "owner"] + world.password)
    try world.run(["agent", "accept", "other"])
    let place = try world.record(60_000, as: "other")
    let (agent, other) = (try world.id(of: "agent"), try world.id(of: "other"))
    let retire = ["account", "retire", "owner", "--agent"]
    #expect(try world.run(retire + [agent] + world.password).error.contains("--audit"))
    #expect(try world.run(retire + [other, "--audit"] + world.password).error.isEmpty)
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains("1.0 min"))
    try FileManager.default.removeItem(atPath: world.folder.path(place))
    let gone = try world.run(["batch", "audit", "owner"] + world.password, status: 1).error
    #expect(gone.contains("sequence_gap"))
  }

  @Test("R-10.1-2: a code is printed once the service has its vault, not before")
  func unstoredCode() throws {
    let world = try World()
    let temporaries = world.folder.path("service/.tmp")
    if FileManager.default.fileExists(atPath: temporaries) {
      try FileManager.default.removeItem(atPath: temporaries)
    }
    _ = try world.folder.write([], to: "service/.tmp")
    let refused = try world.run(["account", "code", "owner"] + world.password, status: 2)
    #expect(refused.output.isEmpty && refused.error.contains("service/.tmp"))
  }

  @Test("a code is listed until it is cancelled; then nobody comes by it any more")
  func cancelling() throws {
    let world = try World()
    try world.enrol("other", ["--label", "hall"])
    let codes = ["account", "codes", "owner"] + world.password
    let listed = try world.run(codes).output.split(separator: "\n")
    let code = try #require(listed.first { $0.contains("\"hall\": agent, 1 use, until ") }?.prefix(16))
    #expect(listed.contains { $0.contains("\"room\": agent, used up, until ") })
    let agents = ["account", "agents", "owner"] + world.password
    #expect(try world.run(agents).output.hasSuffix("\(try world.id(of: "other"))  waits\n"))
    #expect(try !world.run(codes + ["--cancel", "\(code)"]).output.contains(code))
    #expect(try world.run(codes + ["--cancel", "\(code)"], status: 1).error.contains("no such code"))
    #expect(try world.run(["grant", "owner"] + world.password).error.contains("mac_invalid"))
  }

  @Test("A code that asks for approval waits for a person who names the agent")
  func approval() throws {
    let world = try World()
    try world.enrol("other", ["--approval", "manual"])
    #expect(
      try world.run(["grant", "owner"] + world.password, status: 1).error.contains("approval_required"))
    try world.run(["grant", "owner", "--agent", world.id(of: "other"), "--approve"] + world.password)
    try world.run(["agent", "accept", "other"])
  }

  @Test("R-10.2-2: who would get the MasterKey waits for the owner, who is told so before and after")
  func master() throws {
    let world = try World()
    try world.enrol("other", ["--kind", "master"])
    let waits = try world.run(["grant", "owner"] + world.password, status: 1)
    #expect(waits.error.contains(", which gets the MasterKey: approval_required") && waits.output.isEmpty)
    let grant = ["grant", "owner", "--agent", try world.id(of: "other"), "--approve"] + world.password
    #expect(
      try world.run(grant).output == "granted to agent \(world.id(of: "other")), which gets the MasterKey\n")
    try world.run(["agent", "accept", "other"])
  }

  @Test("A new password opens, the old one does not; an older account is refused before a password is used")
  func password() throws {
    let world = try World()
    _ = try world.folder.write(Array("new\n".utf8), to: "new")
    let old = world.folder.path("old")
    try FileManager.default.copyItem(atPath: world.folder.path("service/account"), toPath: old)
    try world.run(["account", "password", "owner", "--new-password-file", "new"] + world.password)
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains(
        "person_keys_open_failed"))
    try world.run(["account", "open", "owner", "--password-file", "new"])
    try FileManager.default.removeItem(atPath: world.folder.path("service/account"))
    try FileManager.default.copyItem(atPath: old, toPath: world.folder.path("service/account"))
    #expect(try world.run(["account", "open", "owner"], status: 1).error.contains("counter_rollback"))
  }

  @Test("a file without rules deletes none, and a rule that is there twice is named with both its lines")
  func rules() throws {
    let world = try World()
    try world.run(["account", "unlock", "owner"] + world.password)
    defer { _ = try? world.run(["account", "lock", "owner"]) }
    let rules = ["account", "rules", "owner"]
    let rule = "{\"field\":\"url\",\"category\":\"neutral\",\"value\":\"a\"}\n"
    let kept = try world.run(rules + ["--set", "-"], input: rule).output
    for empty in ["", "\n", " \r\n\n"] {
      let refused = try world.run(rules + ["--set", "-"], input: empty, status: 2)
      #expect(refused.error.contains("standard input: has no rule; nothing was changed"), "\(refused.error)")
    }
    let twice = try world.run(rules + ["--set", "-"], input: rule + "\n" + rule, status: 2)
    #expect(twice.error.contains("line 3: has the same field and value as line 1"), "\(twice.error)")
    #expect(try world.run(rules).output == kept)
    #expect(try world.run(rules + ["--clear"]).output.isEmpty)
  }

  @Test("no secret is on standard error, whatever a command makes of one")
  func secrets() throws {
    let world = try World()
    for command in [
      ["account", "code", "owner"], ["account", "recovery", "owner"],
      ["account", "recovery", "owner", "--recovery-file", "again"],
      ["account", "create", "o", "--service", "s", "--login", "l", "--recovery-file", "-"],
      [
        "account", "create", "p", "--service", "t", "--login", "l", "--recovery-file", "-",
        "--new-account-secret-file", "k",
      ],
    ] {
      for format in [[], ["--json"]]
      where format.isEmpty || !command.contains("create") && !command.contains("again") {
        let said = try world.run(command + format + world.password)
        #expect(!said.error.contains(#/(?i)ek[brc]1[a-z0-9]{8}/#), "\(command)")
        #expect(command.contains("again") || said.output.contains(#/ek[rc]1[a-z0-9]{8}/#), "\(command)")
      }
    }
  }

  @Test("An account with an account secret opens with it only")
  func accountSecret() throws {
    let folder = try Scratch()
    func run(_ arguments: [String], status: Int32 = 0) throws -> Binary.Result {
      let result = try Binary.run(arguments + ["--password-file", "password"], in: folder)
      try #require(result.status == status, "\(arguments): \(result.error)")
      return result
    }
    _ = try folder.write(Array("p\n".utf8), to: "password")
    for name in ["a", "b"] {
      _ = try run([
        "account", "create", name, "--service", "service-\(name)", "--login", "l",
        "--new-account-secret-file", "\(name).secret", "--recovery-file", "\(name).paper",
      ])
    }
    _ = try run(["account", "open", "a", "--account-secret-file", "a.secret"])
    #expect(try run(["account", "open", "a"], status: 2).error.contains("account_secret_mismatch"))
    let other = try run(["account", "open", "a", "--account-secret-file", "b.secret"], status: 1)
    #expect(other.error.contains("person_keys_open_failed"))
  }

  @Test(
    "R-12.9-9: repairing begins a list and an epoch, asks about every member, and says how long things are kept"
  )
  func repair() throws {
    let world = try World()
    let repair = ["account", "repair", "owner"] + world.password
    #expect(try world.run(repair, status: 1).error.contains("asked about"))
    #expect(try world.run(repair + ["--keep-others"]).error.contains("batches are kept 365 days, blobs 365"))
    try world.run(["agent", "accept", "agent"])
    let id = try world.id(of: "agent")
    try world.run(repair + ["--remove", id])
    #expect(try world.run(["agent", "accept", "agent"], status: 1).error.contains("revoked"))
    try world.run(["account", "renew", "owner"] + world.password)
  }

  @Test("R-12.6-2: a lost account is recovered under a new password once what is shown is confirmed")
  func recovery() throws {
    let world = try World()
    try world.enrol("other")
    try world.run(["grant", "owner"] + world.password)
    let (agent, other) = (try world.id(of: "agent"), try world.id(of: "other"))
    let ben = try world.join("ben")
    try world.run(["account", "person", "add", "owner", "--approve", ben] + world.password)
    let again = try world.run(["account", "recovery", "owner", "--recovery-file", "again"] + world.password)
    #expect(again.error.contains("whoever finds it takes the account over"))
    #expect(try world.folder.read("again") == world.folder.read("paper"))
    let manager = ["account", "recovery", "ben", "--password-file", "ben.password"]
    #expect(try world.run(manager, status: 1).error.contains("root_required"))

    _ = try world.folder.write(Array("new\n".utf8), to: "new")
    let recover = [
      "account", "recover", "anew", "--service", "service", "--login", "n", "--recovery-file", "paper",
      "--password-file", "new", "--keep", agent, "--keep-person", ben,
    ]
    let shown = try world.run(recover, status: 1)
    #expect(shown.error.contains("approval_required") && !FileManager.default.fileExists(atPath: "anew"))
    for id in [agent, other, ben] { #expect(shown.output.contains(id)) }
    let digits = try #require(shown.error.components(separatedBy: "--state ").last?.prefix(8))
    #expect(shown.output.contains("(\(digits))"))
    try world.run(recover + ["--state", "00000000"], status: 1)
    #expect(try world.run(recover + ["--state", "\(digits)"]).output.hasPrefix("epoch 2, list "))

    let opened = try world.run(["account", "open", "anew", "--password-file", "new"])
    #expect(opened.output.contains(agent) && opened.output.contains(ben) && !opened.output.contains(other))
    #expect(opened.error.isEmpty)
    try world.run(["agent", "accept", "agent"])
    try world.run(["agent", "record", "agent"], input: World.activity(1))
    #expect(try world.run(["agent", "accept", "other"], status: 1).output.isEmpty)
    let manages = try world.run(["account", "open", "ben", "--newest", "--password-file", "ben.password"])
    #expect(manages.output.contains("epoch   2\n"))
    #expect(
      try world.run(["account", "open", "owner"] + world.password, status: 1).error.contains("endkey: "))
  }

  @Test("How long data is kept is the owner's to say, and is shown")
  func retention() throws {
    let world = try World()
    let retention = ["account", "retention", "owner"] + world.password
    try world.run(retention + ["--days", "30", "--blob-days", "7"])
    #expect(
      try world.run(["account", "open", "owner"] + world.password).output.contains(
        "kept    30 days, blobs 7\n"))
    #expect(try world.run(retention + ["--days", "6"], status: 64).error.contains("--days"))
  }

  @Test("R-16.5-3: batches that are erased are gone at the service, and each audit shows them")
  func erasing() throws {
    let world = try World()
    for duration in [60_000, 120_000, 180_000] { try world.record(duration) }
    let erase = ["batch", "erase", "owner", "--agent", try world.id(of: "agent")] + world.password
    #expect(try world.run(erase + ["--last", "4"], status: 1).error.contains("sequence_gap"))
    #expect(try world.run(erase + ["--last", "2"]).output == "2 batches erased\n")
    #expect(try world.batches().count == 1)
    let audit = try world.run(["batch", "audit", "owner"] + world.password).output
    #expect(audit.contains(": batches 1 to 2 were erased\n") && audit.contains("3.0 min"))
    #expect(audit.hasSuffix("1 batch counted, 0 findings\n"))
    try world.record(60_000)
    #expect(try world.run(["batch", "audit", "owner"] + world.password).output.contains("2 batches counted"))
  }

  @Test("A computer is called what the approving person says, else what its code is called")
  func labels() throws {
    let world = try World()
    try world.enrol("other", ["--label", "hall", "--approval", "manual"])
    let other = try world.id(of: "other")
    let grant = ["grant", "owner", "--agent", other, "--approve", "--label", "Ana\u{202e}"] + world.password
    try world.run(grant)
    let shown = try world.run(["account", "open", "owner"] + world.password).output
    #expect(shown.contains("agent \(other) granted, \"Ana\\u{202e}\""))
    #expect(try world.run(["grant", "owner", "--label", "x"] + world.password, status: 64).output.isEmpty)
  }

  @Test("What does not open leaves nothing of a fresh device")
  func wrongPassword() throws {
    let world = try World()
    _ = try world.folder.write(Array("wrong\n".utf8), to: "wrong")
    let before = try world.folder.names()
    let open = ["account", "open", "fresh", "--service", "service", "--login"]
    try world.run(open + ["l", "--password-file", "wrong"], status: 1)
    try world.run(open + ["nobody", "--password-file", "password"], status: 2)
    #expect(try world.folder.names() == before)
    try world.run(open + ["l", "--password-file", "password"])
  }

  @Test("A request that cannot be read is told, and keeps nobody else from being let in")
  func unreadable() throws {
    let world = try World()
    try world.enrol("other")
    try #require(unsafe mkfifo(world.folder.path("service/requests/pipe.ek"), 0o600) == 0)
    _ = try world.folder.write(Array("no request".utf8), to: "service/requests/0.ek")
    let granted = try world.run(["grant", "owner"] + world.password, status: 2)
    #expect(granted.output == "granted to agent \(try world.id(of: "other"))\n")
    #expect(granted.error.contains("/pipe.ek: ") && granted.error.contains("/0.ek: "))
    try world.run(["agent", "accept", "other"])
    try world.run(["account", "rotate", "owner"] + world.password)
    try world.run(["agent", "accept", "other"])
  }

  @Test("What a process that was killed was writing is removed by the next one")
  func leftovers() throws {
    let world = try World()
    for end in ["owner", "agent", "service"] {
      try FileManager.default.createDirectory(
        atPath: world.folder.path("\(end)/.tmp"), withIntermediateDirectories: true)
      _ = try world.folder.write([1], to: "\(end)/.tmp/x.tmp")
    }
    try world.run(["account", "rotate", "owner"] + world.password)
    try world.run(["agent", "accept", "agent"])
    for end in ["owner", "agent", "service"] {
      #expect(!FileManager.default.fileExists(atPath: world.folder.path("\(end)/.tmp/x.tmp")))
    }
  }

  @Test("An account that ends is told of in time: its state, its list of persons")
  func ending() throws {
    let world = try World()
    let shown = try world.run(["account", "open", "owner", "--json"] + world.password).output
    #expect(shown.contains("\"certificateUntil\"") && shown.contains("\"validUntil\""))
    let status = try world.run(["agent", "status", "agent", "--json"]).output
    #expect(status.contains("\"valid_until\"") && status.contains("\"expired\": false"))
  }
}
