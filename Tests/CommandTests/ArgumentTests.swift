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
    ["label"], ["retire"], ["remove"], ["rotate"], ["repair"], ["renew"], ["rules"], ["retention"],
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
      (["account", "code", "x", "--uses", "0"], "--uses is from 1 to 2047, not 0"),
      (
        ["account", "create", "x", "--iterations", "5"] + new,
        "--iterations is from 600000 to 10000000, not 5"
      ),
      (["account", "password", "x", "--iterations", "5"], "--iterations is from 600000 to 10000000, not 5"),
      (
        ["account", "create", "x", "--retention-days", "1"] + new, "--retention-days is from 7 to 3650, not 1"
      ),
      (
        ["account", "recover", "x", "--retention-days", "1"] + new,
        "--retention-days is from 7 to 3650, not 1"
      ),
      (["account", "retention", "x", "--days", "4000"], "--days is from 7 to 3650, not 4000"),
      (
        ["account", "retention", "x", "--days", "9", "--blob-days", "1"],
        "--blob-days is from 7 to 3650, not 1"
      ),
      (["account", "passphrase", "--words", "2"], "--words is from 4 to 16, not 2"),
      (["account", "unlock", "x", "--for", "25h"], "--for is at most 24h"),
      (["account", "create", "x", "--service", "s", "--login", ""], "--login is of 1 to 255 bytes"),
      (["account", "open", "x", "--service", "s", "--login", long], "--login is of 1 to 255 bytes"),
      (["account", "person", "join", "x", "--service", "s", "--login", ""], "--login is of 1 to 255 bytes"),
      (["account", "code", "x", "--label", long], "--label has at most 255 bytes, not 256"),
      (["grant", "x", "--agent", id, "--label", long], "--label has at most 255 bytes, not 256"),
      (["account", "person", "add", "x", "--approve", id, "--label", long], "--label has at most 255 bytes"),
      (["account", "label", "x", "--agent", id, long], "the name has at most 255 bytes, not 256"),
    ])
  func limits(_ command: [String], _ told: String) throws {
    let result = try Binary.run(command, in: Scratch())
    #expect(result.status == 64 && result.error.contains(told), "\(result.error)")
  }

  private static let new = ["--service", "s", "--login", "l"]
  private static let id = String(repeating: "0", count: 32)
  private static let long = String(repeating: "x", count: 256)

  @Test(
    "a wrong command line is misuse",
    arguments: [
      ["--bogus"], ["vectors", "generate"], ["vectors", "verify"], ["inspect", "--hex", "--text"],
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
