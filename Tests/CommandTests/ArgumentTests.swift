import Testing

@testable import EndkeyCommand

@Suite("Arguments") struct ArgumentTests {
  static let commands: [[String]] =
    [
      [], ["vectors"], ["vectors", "generate"], ["vectors", "verify"], ["respond"], ["wycheproof"],
      ["inspect"],
      ["account"], ["grant"], ["agent"], ["token"], ["token", "seal"], ["token", "open"], ["blob"],
      ["blob", "seal"], ["blob", "open"], ["spool"], ["spool", "recover"], ["batch"], ["batch", "list"],
      ["batch", "audit"], ["batch", "erase"], ["scan"],
    ] + account.map { ["account"] + $0 } + agent.map { ["agent", $0] }

  static let account = [
    ["create"], ["open"], ["unlock"], ["lock"], ["agents"], ["code"], ["codes"], ["passphrase"], ["password"],
    ["person", "list"], ["person", "join"], ["person", "add"],
    ["person", "remove"],
    ["label"], ["refuse"], ["retire"], ["remove"], ["rotate"], ["repair"], ["renew"], ["rules"],
    ["retention"],
    ["recovery"], ["recover"], ["restore"], ["move"],
  ]
  static let agent = [
    "request", "accept", "id", "status", "capture", "send", "record", "run", "import", "move",
  ]

  @Test("the lists here have every command of a person and of an agent")
  func complete() throws {
    let commands = { (group: String) in
      let help = try Binary.run([group, "--help"], in: Scratch()).output
      let listed = try #require(help.split(separator: "SUBCOMMANDS:\n").last)
      return Set(listed.matches(of: #/(?m)^  ([a-z]+) /#).map { String($0.output.1) })
    }
    #expect(try commands("account") == Set(Self.account.map { $0[0] }))
    #expect(try commands("agent") == Set(Self.agent))
  }

  @Test("every command has help that names it and says what it does", arguments: commands)
  func help(_ command: [String]) throws {
    let result = try Binary.run(command + ["--help"], in: Scratch())
    #expect(result.status == 0)
    #expect(result.output.contains("OVERVIEW: "))
    #expect(result.output.contains((["endkey"] + command).joined(separator: " ")))
  }

  @Test("help names the values of an option, and not their numbers on the wire")
  func values() throws {
    let help = try Binary.run(["account", "code", "--help"], in: Scratch()).output
    #expect(help.contains("manager)") && help.contains("manual)"))
    // That of --uses alone.
    #expect(help.ranges(of: "default: 1)").count == 1)
  }

  @Test("every command that does something has --json", arguments: commands.filter { $0.count > 1 })
  func json(_ command: [String]) throws {
    #expect(try Binary.run(command + ["--help"], in: Scratch()).output.contains("--json"))
  }

  @Test(
    "what an option cannot be is misuse, told with what it can be before anything is asked for",
    arguments: [
      (["account", "create", "x", "--service", "s", "--login", ""], "--login is of 1 to 255 bytes"),
      (["account", "open", "x", "--service", "s", "--login", long], "--login is of 1 to 255 bytes"),
      (["account", "person", "join", "x", "--service", "s", "--login", ""], "--login is of 1 to 255 bytes"),
      (["account", "code", "x", "--label", long], "--label has at most 255 bytes, not 256"),
      (["grant", "x", "--agent", id, "--label", long], "--label has at most 255 bytes, not 256"),
      (["account", "person", "add", "x", "--approve", id, "--label", long], "--label has at most 255 bytes"),
      (["account", "label", "x", "--agent", id, long], "the name has at most 255 bytes, not 256"),
      (["account", "label", "x", "--agent", id, " \u{200b}\u{2800} "], "the name is blank"),
      (["account", "code", "x", "--label", "\u{3164}"], "--label is blank"),
      (["grant", "x", "--agent", id, "--label", "\t"], "--label is blank"),
      (["account", "person", "add", "x", "--approve", id, "--label", " "], "--label is blank"),
      (["batch", "erase", "x", "--agent", id, "--first", "3", "--last", "2"], "--first 3 is after --last 2"),
      (["account", "rules", "x", "--set", "f", "--clear"], "--clear deletes all"),
      (["account", "label", "x", "--agent", id, "-dash"], "no option \"-dash\""),
    ])
  func limits(_ command: [String], _ told: String) throws {
    let result = try Binary.run(command, in: Scratch())
    #expect(result.status == 64 && result.error.contains(told), "\(result.error)")
  }

  private static let id = String(repeating: "0", count: 32)
  private static let long = String(repeating: "x", count: 256)

  /// Of each option that takes a number, a time or an id: some words that it cannot be, and what it says then.
  private static let values: [(option: String, words: [String], told: String)] = [
    ("--uses", ["0", "2048", "-1", "1.5", "x", ""], "give a number from 1 to 2047"),
    ("--iterations", ["599999", "10000001", "-600000"], "give a number from 600000 to 10000000"),
    ("--retention-days", ["6", "3651"], "give a number from 7 to 3650"),
    ("--days", ["6", "3651", "7d"], "give a number from 7 to 3650"),
    ("--blob-days", ["0"], "give a number from 7 to 3650"),
    ("--words", ["3", "17"], "give a number from 4 to 16"),
    ("--wait", ["-1", "4294967296", "1s"], "give a number from 0 to 4294967295"),
    ("--every", ["-1", "1m"], "give a number from 0 to 4294967295"),
    ("--password-fd", ["-1", "stdin"], "give a number from 0 to 2147483647"),
    ("--new-password-fd", ["-1"], "give a number from 0"), ("--code-fd", ["-1"], "give a number from 0"),
    ("--recovery-fd", ["-1"], "give a number from 0"),
    ("--first", ["0", "9007199254740992"], "give a number from 1 to 9007199254740991"),
    ("--last", ["0", "-3"], "give a number from 1 to 9007199254740991"),
    ("--seed", ["-1"], "give a number from 0 to 18446744073709551615"),
    ("--deadline", ["3601"], "--deadline is above 0 and at most 3600 seconds, not 3601"),
    ("--expires-in", ["0h", "1x", "-1d", "1.5h"], "give a number above 0 with s, m, h or d"),
    ("--for", ["0s", "25h", "never", "-1s"], "give 1s to 24h"),
    ("--from", ["yesterday", "1969-12-31", "2026-13-01"], "give a day or a time from 1970 on"),
    ("--to", ["noon"], "give a day or a time from 1970 on"),
    ("--zone", ["Mars/Olympus", "+25:00"], "give a name such as Asia/Kolkata"),
    ("--zone", ["Europe/Berlim"], "did you mean \"Europe/Berlin\"?"),
    ("--cancel", ["12"], "the id of a code has 16 hexadecimal digits"),
    ("--id", ["x"], "an id has 32 hexadecimal digits"),
    ("--agent", ["12", "-"], "an id has 32 hexadecimal digits"),
    ("--person", ["ana"], "an id has 32 hexadecimal digits"),
    ("--approve", ["x"], "an id has 32 hexadecimal digits"),
    ("--remove", ["x"], "an id has 32 hexadecimal digits"),
    ("--keep", ["x"], "an id has 32 hexadecimal digits"),
    ("--recount", ["x"], "an id has 32 hexadecimal digits"),
    ("--keep-master", ["x"], "an id has 32 hexadecimal digits"),
    ("--keep-person", ["x"], "an id has 32 hexadecimal digits"),
    ("--named-by", ["x"], "an id has 32 hexadecimal digits"),
  ]

  @Test(
    "what an option cannot be is said with what it can be, in every command that has it", arguments: commands)
  func ranges(_ command: [String]) throws {
    let folder = try Scratch()
    let help = try Binary.run(command + ["--help"], in: folder).output
    for match in help.matches(of: #/(?m)^  (--[a-z-]+) <([a-z-]+)>/#) {
      let (option, kind) = (String(match.output.1), String(match.output.2))
      if Self.free.contains(option) || ["file", "dir", "folder"].contains(kind) { continue }
      let cases = Self.values.filter { $0.option == option }
      // Of an option without a case here: the names that it takes.
      for (_, words, told) in cases.isEmpty ? [(option, ["zzz"], "one of")] : cases {
        for word in words {
          let result = try Binary.run(command + [option, word], in: folder)
          #expect(
            result.status == 64 && result.error.contains(told) && result.error.contains(word),
            "\(command) \(option) \(word): \(result.error)")
        }
      }
    }
  }

  @Test("a path is never empty, and - is a stream and no folder", arguments: commands.filter { $0.count > 1 })
  func paths(_ command: [String]) throws {
    let folder = try Scratch()
    let help = try Binary.run(command + ["--help"], in: folder).output
    var places = help.matches(of: #/(?m)^  (--[a-z-]+) <(file|dir|folder|service)>/#).map { match in
      ([String(match.output.1)], match.output.2 != "file")
    }
    if help.contains(#/(?m)^  <dir> /#) { places.append(([], true)) }
    for (option, isFolder) in places {
      for path in isFolder ? ["", "-"] : [""] {
        let result = try Binary.run(command + option + [path], in: folder)
        #expect(
          result.status == 64 && result.error.contains("give the path of a"),
          "\(command) \(option): \(result.error)")
      }
    }
    #expect(try folder.names().isEmpty)
  }

  /// Options whose value is any text.
  private static let free: Set = [
    "--key", "--label", "--login", "--ops", "--repeat", "--service", "--state",
  ]

  @Test(
    "a wrong command line is misuse",
    arguments: [
      ["--bogus"], ["vectors", "generate"], ["vectors", "verify", "--junit"], ["inspect", "--hex", "--text"],
      ["grant", "owner", "--approve"], ["account", "remove", "owner", "--agent", "12"],
      ["account", "code", "owner", "--kind", "master", "--approval", "automatic"],
      ["account", "code", "owner", "--expires-in", "1x"], ["account", "open", "owner", "--login", "l"],
      ["scan", "owner", "--password-file", "p", "--password-fd", "3"],
      ["token", "seal", "agent", "--field", "voice"],
    ])
  func misuse(_ arguments: [String]) throws {
    let result = try Binary.run(arguments, in: Scratch())
    #expect(result.status == 64)
    #expect(result.error.contains("Error: "))
    for line in result.error.split(separator: "\n").drop(while: { !$0.hasPrefix("Usage") }) {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test("a password is asked for on a terminal only: without one it is misuse, not a hang")
  func noTerminal() throws {
    let result = try Binary.run(["account", "create", "o", "--service", "s", "--login", "l"], in: Scratch())
    #expect(result.status == 64)
    #expect(result.error.contains("no terminal"))
  }

  @Test("completion scripts are made", arguments: ["bash", "zsh", "fish"])
  func completion(_ shell: String) throws {
    let result = try Binary.run(["--generate-completion-script", shell], in: Scratch())
    #expect(result.status == 0)
    #expect(result.output.contains("endkey"))
  }

  @Test("what a person may give next is completed: files, folders, and ids of the kind that an option takes")
  func completed() throws {
    let world = try AccountWorld()
    let person = try world.join("ben")
    let agent = try world.id(of: "agent")
    let script = try world.run(["--generate-completion-script", "bash"]).output
    let words = script.matches(of: #/---completion ([a-z ]+-- [^ ]+ )/#).map { String($0.output.1) }
    let completed = { (option: String) in
      let asked = words.filter { $0.contains("-- \(option) ") }
      #expect(!asked.isEmpty, "\(option)")
      return try asked.map { word in
        try world.run(
          ["---completion"] + word.split(separator: " ").map(String.init) + ["1", "0", "endkey", "owner"]
        ).output
      }
    }
    for ids in try completed("--person") { #expect(ids.contains(person) && !ids.contains(agent)) }
    for ids in try completed("--named-by") { #expect(ids.contains(agent) && !ids.contains(person)) }

    // What is sealed is completed where the account is held open.
    try world.run(["account", "code", "owner"] + world.password)
    let codes = try world.run(["account", "codes", "owner"] + world.password).output.split(separator: " ")
    let code = try #require(codes.first { $0.count == 16 })
    for ids in try completed("--cancel") { #expect(ids.isEmpty) }
    try world.run(["account", "unlock", "owner"] + world.password)
    defer { _ = try? world.run(["account", "lock", "owner"]) }
    for ids in try completed("--cancel") { #expect(ids.contains(code)) }
    _ = try Binary.run("/bin/rm", ["-r", "service"], in: world.folder)
    for ids in try completed("--cancel") { #expect(ids.contains(code)) }
    for ids in try completed("--agent") { #expect(ids.contains(agent) && !ids.contains(person)) }
  }

  @Test(
    "lifetimes of codes",
    arguments: [
      ("30s", Lifetime.milliseconds(30_000)), ("5m", .milliseconds(300_000)),
      ("12h", .milliseconds(43_200_000)),
      ("7d", .milliseconds(604_800_000)), ("never", .never),
    ])
  func lifetime(_ text: String, _ lifetime: Lifetime) {
    #expect(Lifetime(argument: text) == lifetime)
  }

  @Test("no lifetime", arguments: ["", "h", "0h", "-1h", "1w", "99999999999d", "1.5h"])
  func noLifetime(_ text: String) {
    #expect(Lifetime(argument: text) == nil)
  }
}
