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
    "a folder that is no end's, or another's, is refused as what it is; none that is shared is to be shut")
  func folders() throws {
    let world = try AccountWorld()
    try FileManager.default.createDirectory(
      atPath: world.folder.path("empty"), withIntermediateDirectories: false)
    for (folder, what) in [
      ("service", "is the folder of a service"), (".", "is no end's folder"), ("empty", "is no end's folder"),
      ("password", "is a file"), ("nowhere", "no such folder"), ("", "no such folder"),
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
