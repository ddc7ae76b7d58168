import Endkey
import EndkeyJSON
import EndkeyStore
import Foundation
import Testing

@testable import EndkeyCommand

/// What is said when something does not work.
@Suite("Errors") struct ErrorTests {
  @Test("every code says what happened, where, and what to do next", arguments: ErrorCode.allCases)
  func codes(_ code: ErrorCode) throws {
    let error = CommandError(code, "12.7", in: "owner")
    let text = error.description
    #expect(text.hasPrefix("endkey: owner: \(code.rawValue) (§12.7): \(code.meaning)"))
    // The meanings of these two say it.
    let isWhole: Set<ErrorCode> = [.limitReached, .latched]
    #expect((error.next == nil) == isWhole.contains(code))
    if let next = error.next { #expect(text.hasSuffix("; \(next)")) }
    let json = try JSONCursor(JSONValue(parsing: error.json.serialized(.compact))).plainObject()
    #expect(json["error"] != nil && json["exit"] != nil)
  }

  @Test("every command that a remedy names is there")
  func remedies() throws {
    var commands: Set<[String]> = []
    for code in ErrorCode.allCases {
      for section in ["10.2", "12.7"] {
        for match in (code.remedy(section) ?? "").matches(
          of: #/`endkey ([a-z ]+?)(?: --?[^`]*| [A-Z]+[^`]*)?`/#)
        {
          commands.insert(match.output.1.split(separator: " ").map(String.init))
        }
      }
    }
    #expect(commands.count > 10)
    let folder = try Scratch()
    for command in commands.sorted(by: { $0.joined() < $1.joined() }) {
      let help = try Binary.run(command + ["--help"], in: folder)
      #expect(help.output.contains("USAGE: endkey \(command.joined(separator: " "))"), "\(command)")
    }
  }

  @Test(
    "a mistyped command gets the one that was meant",
    arguments: [
      (["acount"], "account"), (["account", "opne"], "open"), (["agent", "statsu"], "status"),
      (["help", "tokn"], "token"), (["batch", "lst", "x"], "list"),
    ])
  func mistyped(_ arguments: [String], _ meant: String) throws {
    let result = try Binary.run(arguments, in: Scratch())
    #expect(result.status == 64 && result.error.contains("did you mean \"\(meant)\"?"), "\(result.error)")
  }

  @Test("a name that resembles none gets the list, and one that is close its neighbour")
  func suggestions() {
    let names = ["application", "website", "idle"]
    #expect(Suggestion.nearest(to: "aplication", among: names) == "application")
    #expect(Suggestion.nearest(to: "Websiet", among: names) == "website")
    #expect(Suggestion.nearest(to: "spaceship", among: names) == nil)
    #expect(Suggestion.nearest(to: String(repeating: "x", count: 100_000), among: names) == nil)
    #expect(
      Suggestion.unknown("kind", "zzz", among: names) == "no kind \"zzz\"; one of application, website, idle")
  }

  @Test(
    "with --json, misuse is JSON too",
    arguments: [
      ["--bogus"], ["acount"], ["vectors", "generate"], ["grant", "owner", "--approve"],
      ["account", "remove", "owner", "--agent", "12"], ["token", "seal", "agent", "--field", "voice"],
      ["account", "open", "owner"],
    ])
  func json(_ arguments: [String]) throws {
    let result = try Binary.run(arguments + ["--json"], in: Scratch())
    let error = try JSONCursor(JSONValue(parsing: Array(result.error.utf8))).plainObject()
    #expect(error["error"] != nil && error["exit"] == .integer(result.status) && result.output.isEmpty)
  }

  @Test(
    "with --json whatever is said on standard error is JSON, of every command",
    arguments: ArgumentTests.commands.filter { $0.count > 1 } + [["scan"], ["grant"], ["inspect"]])
  func saidAsJSON(_ command: [String]) throws {
    let folder = try Scratch()
    for rest in [[], ["nowhere"], ["--bogus"], ["--password-file", "nowhere"]] {
      try Self.requireJSON(Binary.run(command + rest + ["--json"], in: folder))
    }
  }

  @Test("so are notes, faults in passing and what a person is asked about")
  func notedAsJSON() throws {
    let world = try AccountWorld()
    let id = try world.id(of: "agent")
    try world.run(["account", "unlock", "owner"] + world.password)
    defer { _ = try? world.run(["account", "lock", "owner"]) }
    try world.run(["agent", "record", "agent"], input: AccountWorld.activity(200_000_000))
    let token = try world.run(["token", "seal", "agent", "--field", "url"], input: "a\n").output
    let bucket = #"{"id":"b","type":"currentwindow","events":[{"timestamp":"x"}]}"#
    for (command, input, told) in [
      (["agent", "capture", "agent"], "{\n" + AccountWorld.activity(1), "column 2"),
      (["agent", "record", "agent"], "{\n", "1 line not taken"),
      (["agent", "import"], bucket, "1 fault"),
      (["scan", "owner"], token.dropLast(4) + "\n", "\"code\""), (["scan", "owner"], "", "unverified"),
      (["batch", "audit", "owner"], "", ""),
      (["account", "repair", "owner"], "", "\"member\":{\"agent\":\"\(id)\""),
      (["account", "code", "owner", "--label", "ROOM"], "", "is called"),
      (["account", "recovery", "owner"] + world.password, "", "authority"),
      (["account", "remove", "owner", "--agent", id], "", "--audit counts it first"),
      (["blob", "seal", "agent", "--field", "voice", "-", "--out", "-"], "words", "\"length\""),
      (["account", "open", "owner"] + world.password, "", ""),
    ] as [([String], String, String)] {
      let result = try Binary.run(command + ["--json"], in: world.folder, input: Array(input.utf8))
      try Self.requireJSON(result)
      #expect(told.isEmpty || result.error.contains(told), "\(command): \(result.error)")
    }
  }

  /// Every line on standard error is an object.
  private static func requireJSON(_ result: Binary.Result) throws {
    for line in result.error.split(separator: "\n") {
      #expect(throws: Never.self, "\(line)") {
        _ = try JSONCursor(JSONValue(parsing: Array(line.utf8))).plainObject()
      }
    }
  }

  @Test("nothing but the console writes to standard error")
  func oneVoice() throws {
    let sources = LayerTests.sources.appending(path: "EndkeyCommand")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    for case let file as URL in files
    where file.pathExtension == "swift" && file.lastPathComponent != "Console.swift" {
      let source = try String(contentsOf: file, encoding: .utf8)
      #expect(
        !source.contains(#/Descriptor\.error\.write|\.error\b.*\.write\(|STDERR_FILENO, "[^"]/#), "\(file)")
    }
  }

  @Test(
    "a folder that is no end's, or another's, is refused as what it is; none that is shared is to be shut")
  func folders() throws {
    let world = try AccountWorld()
    try FileManager.default.createDirectory(
      atPath: world.folder.path("empty"), withIntermediateDirectories: false)
    for (folder, what) in [
      ("service", "is the folder of a service"), (".", "is no end's folder"), ("empty", "is no end's folder"),
      ("password", "is a file"), ("nowhere", "no such folder"),
    ] {
      for command in [
        ["account", "open", folder] + world.password, ["agent", "id", folder], ["scan", folder],
      ] {
        let told = try world.run(command, status: 2).error
        #expect(told.contains(what) && !told.contains("chmod"), "\(command): \(told)")
      }
    }
    #expect(try world.run(["agent", "id", "owner"], status: 2).error.contains("is a person's folder"))
    let agent = try world.run(["account", "open", "agent"] + world.password, status: 2)
    #expect(agent.error.contains("is an agent's folder"))
  }

  @Test("each kind of refusal of the system has its own way out, at a service as well")
  func system() {
    let codes = [
      ENOENT, EACCES, ENOSPC, EROFS, EBUSY, EIO, ESTALE, EMFILE, EISDIR, ENAMETOOLONG, EFBIG,
    ]
    var remedies: Set<String> = []
    for code in codes {
      let error = StoreError.system(.write, place: "service/x", code: code)
      let own = CommandError(error)
      let places: [ServiceError] = [
        .unavailable(place: error.place, reason: error.meaning, cause: error),
        .uncertain(place: error.place, reason: error.meaning, cause: error),
      ]
      for place in places { #expect(CommandError(.service(place), in: nil).next == own.next, "\(code)") }
      remedies.insert(own.next ?? "")
    }
    #expect(remedies.count == codes.count && !remedies.contains(""))
    // What names no cause says that it was away.
    let away = ServiceError.unavailable(place: "https://h", reason: "no answer")
    #expect(CommandError(.service(away), in: nil).next == "do it again when the service is there")
  }

  @Test("no account, no such login, one who still waits, and another account are told apart")
  func accounts() throws {
    let world = try AccountWorld()
    let open = ["account", "open", "new", "--service", "service"] + world.password
    #expect(
      try world.run(open + ["--login", "m"], status: 2).error.contains(
        "nobody of this account has this login"))
    _ = try world.join("mia")
    let waits = try world.run(["account", "open", "mia", "--password-file", "mia.password"], status: 2).error
    #expect(waits.contains("was not let in yet; the owner runs `endkey account person add`"))

    // Another account, under the same login name and password.
    let create = ["account", "create", "--login", "l"] + world.password
    try world.run(create + ["--recovery-file", "r", "second", "--service", "other"])
    let config = String(decoding: try world.folder.read("owner/config.json"), as: UTF8.self)
    func move(to place: String) throws {
      let moved = config.replacing(world.folder.path("service"), with: world.folder.path(place))
      _ = try world.folder.write(Array(moved.utf8), to: "owner/config.json")
    }
    try move(to: "other")
    for command in [["account", "open"], ["batch", "audit"], ["account", "agents"]] {
      let told = try world.run(command + ["owner"] + world.password, status: 1).error
      #expect(told.contains("wrong_account"), "\(told)")
    }
    try move(to: "nowhere")
    let none = try world.run(["account", "open", "owner"] + world.password, status: 2).error
    #expect(none.contains("no account stands here") && !none.contains("create"))

    // What an account has left is not for another one.
    try world.record(1)
    try FileManager.default.moveItem(
      atPath: world.folder.path("service/account"), toPath: world.folder.path("aside"))
    let left = try world.run(create + ["--recovery-file", "s", "third", "--service", "service"], status: 2)
      .error
    #expect(left.contains("is of an account that is not here"))
    #expect(try !world.folder.names().contains { ["s", "third", "new"].contains($0) })
  }

  @Test("what is damaged in an end's folder says what to do next, and a service is named from the root")
  func damaged() throws {
    let world = try AccountWorld()
    let config = String(decoding: try world.folder.read("agent/config.json"), as: UTF8.self)
    for (name, content, told) in [
      ("config.json", "{", "mend it, or take it from a backup"),
      ("device.key", "k", "nothing else opens this folder"),
      (
        "config.json", config.replacing(world.folder.path("service"), with: "~/service"),
        "nor a path from the root"
      ),
      (
        "config.json", config.replacing(world.folder.path("service"), with: "service"),
        "nor a path from the root"
      ),
    ] {
      let whole = try world.folder.read("agent/\(name)")
      _ = try world.folder.write(Array(content.utf8), to: "agent/\(name)")
      let error = try world.run(["agent", "send", "agent"], status: 2).error
      #expect(error.contains(told), "\(name): \(error)")
      _ = try world.folder.write(whole, to: "agent/\(name)")
    }
  }

  @Test("a value that cannot be is told with its place, its range and the ways out")
  func places() throws {
    let world = try AccountWorld()
    _ = try world.folder.write([], to: "empty")
    let empty = try world.run(["account", "agents", "owner", "--password-file", "empty"], status: 2).error
    #expect(empty.contains("empty: bad_password"), "\(empty)")
    try world.run(["account", "unlock", "owner"] + world.password)
    defer { _ = try? world.run(["account", "lock", "owner"]) }
    let me = try world.run(["account", "person", "list", "owner"]).output.prefix(32)
    let nobody = String(repeating: "0", count: 32)
    let rule =
      "{\"field\":\"url\",\"category\":\"neutral\",\"value\":\"\(String(repeating: "x", count: 5_000))\"}"
    for (command, input, status, told) in [
      (
        ["account", "person", "remove", "owner", "--person", String(me)], "", 1,
        "is the owner, whom nobody removes"
      ),
      (
        ["account", "person", "remove", "owner", "--person", nobody], "", 1, "person \(nobody): unknown_agent"
      ),
      (["account", "remove", "owner", "--agent", nobody], "", 1, "agent \(nobody): unknown_agent"),
      (["account", "retire", "owner", "--agent", nobody], "", 1, "agent \(nobody): unknown_agent"),
      (["account", "label", "owner", "--agent", nobody, "x"], "", 1, "agent \(nobody): unknown_agent"),
      (["account", "label", "owner", "--person", nobody, "x"], "", 1, "person \(nobody): unknown_agent"),
      (
        ["account", "rules", "owner", "--set", "-"], rule, 2,
        "line 1: value: has 5000 bytes, and values at most 4095"
      ),
      (
        ["agent", "capture", "agent"], AccountWorld.activity(9_007_199_254_740_991), 2,
        "line 1: duration: expected at most 429496729500 milliseconds"
      ),
    ] as [([String], String, Int32, String)] {
      let error = try world.run(command, input: input, status: status).error
      #expect(error.contains(told) && !error.contains("--audit counts it first"), "\(error)")
    }
  }

  @Test("no sentence has a number before a noun that does not count with it")
  func countedNouns() throws {
    let sources = LayerTests.sources.appending(path: "EndkeyCommand")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    let nouns =
      "captures|batches|records|bytes|attempts|rules|computers|requests|lines|events|files|persons|codes|segments"
    let plural = try Regex("\\\\\\([A-Za-z0-9.\\[\\]]+\\) (?:\(nouns))\\b")
    // What is at least two, by its own limit.
    let limits = ["lineMax) bytes", "room) bytes"]
    for case let file as URL in files where file.pathExtension == "swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where line.contains(plural) && !limits.contains(where: { line.contains($0) }) {
        Issue.record("\(file.lastPathComponent): \(line)")
      }
    }
  }

  @Test("a number and its noun agree")
  func plurals() {
    #expect(counted(1, "record") == "1 record" && counted(0, "record") == "0 records")
    #expect(counted(2, "batch", "batches") == "2 batches")
  }

  @Test("- is standard input or output wherever a file is named")
  func dash() throws {
    let world = try AccountWorld()
    let sealed = try world.run(
      ["blob", "seal", "agent", "--field", "voice", "-", "--out", "blob"], input: "words")
    #expect(sealed.output.hasPrefix("blob: ") && sealed.error.isEmpty)
    let opened = try world.run(["blob", "open", "agent", "blob", "--out", "-"])
    #expect(opened.output == "words" && opened.error == "-: 5 bytes\n")
    var damaged = try world.folder.read("blob")
    damaged[damaged.count - 1] ^= 1
    _ = try world.folder.write(damaged, to: "damaged")
    #expect(try world.run(["blob", "open", "agent", "damaged", "--out", "-"], status: 1).output.isEmpty)
    let again = try world.run(["account", "recovery", "owner", "--recovery-file", "-"] + world.password)
    #expect(try world.folder.read("paper") == Array(again.output.utf8))
    #expect(try !world.folder.names().contains("-"))
  }
}
