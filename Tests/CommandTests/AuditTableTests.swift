import Testing

@testable import EndkeyCommand

/// `batch audit` as a table, JSON and CSV: the sums themselves are the library's.
@Suite("Audits as tables", .serialized) struct AuditTableTests {
  private typealias World = AccountWorld

  /// One computer with an hour over midnight UTC, half an hour of it under a rule, and one that is silent.
  private static func made() throws -> World {
    let world = try World()
    try world.enrol("other", ["--label", "=hall"])
    try world.run(["grant", "owner"] + world.password)
    try world.run(["agent", "accept", "other"])
    // 23:30 to 00:30, from 2025-11-24 to 2025-11-25, and five minutes on the 26th.
    let activity = """
      {"kind":"application","start":1764027000000,"duration":3600000,"application_name":"Ledger"}
      {"kind":"application","start":1764115200000,"duration":300000,"application_name":"=cmd()"}

      """
    try world.run(["agent", "record", "agent"], input: activity)
    let rule = "{\"field\":\"application_name\",\"category\":\"productive\",\"value\":\"Ledger\"}\n"
    try world.run(["account", "rules", "owner", "--set", "-"] + world.password, input: rule)
    return world
  }

  private static let shared = Result { try made() }
  private let world: World
  init() throws { world = try Self.shared.get() }

  private func audit(_ options: String...) throws -> String {
    try world.run(["batch", "audit", "owner"] + options + world.password).output
  }

  @Test("Rows are for agents, days, fields and categories, in a zone and a period")
  func tables() throws {
    let counted = "2 batches counted, 0 findings\n"
    #expect(
      try audit() == "1 h 00 min  application_name  Ledger\n   5.0 min  application_name  =cmd()\n" + counted)
    #expect(
      try audit("--by", "day")
        == "30.0 min  2025-11-24\n30.0 min  2025-11-25\n 5.0 min  2025-11-26\n" + counted)
    #expect(
      try audit("--by", "day", "--zone", "Asia/Kolkata")
        == "1 h 00 min  2025-11-25\n   5.0 min  2025-11-26\n" + counted)
    #expect(
      try audit("--by", "agent", "--by", "category", "--to", "2025-11-25")
        == "1 h 00 min  room   productive\n    silent  =hall  nothing ever counted\n" + counted)
    #expect(
      try audit("--by", "category", "--from", "2025-11-25T00:10", "--to", "2025-11-26T00:01")
        == "20.0 min  productive\n 2.0 min  no_rule\n" + counted)
    #expect(
      try audit("--by", "agent", "--from", "2025-11-27")
        == "silent  =hall  nothing ever counted\nsilent  room   since 2025-11-26T00:05:00Z\n" + counted)
    #expect(
      try audit("--by", "day", "--agent", try world.id(of: "other"))
        == "2 batches of all agents counted, 0 findings\n")
  }

  @Test("A value stands at the end of its line, and one that nobody sees is written out")
  func values() throws {
    let world = try World()
    try world.run(["grant", "owner"] + world.password)
    let activity = ["", " ", "(empty)", "a\\u202eb"].enumerated().map { place, value in
      """
      {"kind":"application","start":1764027000000,"duration":\((4 - place) * 60_000),"application_name":"\(value)"}

      """
    }
    try world.run(["agent", "record", "agent"], input: activity.joined())
    #expect(
      try world.run(["batch", "audit", "owner", "--by", "field", "--by", "category"] + world.password).output
        == #"""
        4.0 min  no_rule  application_name  (empty)
        3.0 min  no_rule  application_name  \u{20}
        2.0 min  no_rule  application_name  \u{28}empty)
        1.0 min  no_rule  application_name  a\u{202e}b
        1 batch counted, 0 findings

        """#)
  }

  @Test(
    "A column is as wide as a terminal shows its cells",
    arguments: [
      ("ab", 2), ("漢字", 4), ("ｱﾌﾟﾘ", 4), ("ＡＢ", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11ab}", 2),
      ("e\u{301}", 1),
      ("日本語 Word", 11), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("☎", 1), ("שלום", 4), ("กำ", 2), ("क्ष", 2),
      ("a\u{200b}b", 2),
      ("", 0),
    ])
  func widths(_ text: String, _ width: Int) {
    #expect(Columns.width(of: text) == width)
    let lines = Columns.lines([[text, "x"], ["漢字漢字漢字漢字", "y"]])
    #expect(lines[0] == text + String(repeating: " ", count: 16 - width) + "  x")
    #expect(lines[1] == "漢字漢字漢字漢字  y")
  }

  @Test("A line is broken between words, and a command that is to be copied is not")
  func wrapped() {
    let line = "endkey: owner: no state; `endkey account renew --newest` makes one"
    #expect(
      Columns.wrapped(line, 30)
        == "endkey: owner: no state;\n  `endkey account renew --newest`\n  makes one")
    #expect(
      Columns.wrapped("Usage: endkey x [--wait <seconds>] <dir>", 26)
        == "Usage: endkey x\n  [--wait <seconds>] <dir>")
    #expect(Columns.wrapped("  indented", 80) == "  indented" && Columns.wrapped("漢字 漢字", 8) == "漢字\n  漢字")
    #expect(Columns.wrapped("", 80).isEmpty)
  }

  @Test(
    "Two texts look alike where case, width, white space, or letters of another script are all that differs",
    arguments: [
      ("Room", "room ", true), ("room", "r\u{43e}\u{3bf}m", true), ("\u{41d}\u{410}LL", "HALL", true),
      ("\u{43d}\u{430}ll", "hall", false), ("PC1", "PCl", true), ("PC0", "pco", true),
      ("room", "rooms", false),
      ("\u{412}\u{430}\u{441}\u{44f}", "\u{432}\u{430}\u{441}\u{44f}", true), ("\u{ff32}oom", "Room", true),
      ("e\u{301}", "\u{e9}", true), ("e", "\u{e9}", false), ("", "", false), (" ", "\u{200b}", false),
    ])
  func alike(_ one: String, _ other: String, _ isAlike: Bool) {
    #expect(!LookAlikes.looks(of: one).isDisjoint(with: LookAlikes.looks(of: other)) == isAlike)
  }

  @Test(
    "The letters are named that a word mixes among Latin ones; a word of one script is let be",
    arguments: [
      ("r\u{43e}om \u{43e}\u{43e}", "\u{43e}"), ("\u{41a}\u{443}\u{445}\u{43d}\u{44f} PC", ""),
      ("caf\u{e9}", ""),
      ("\u{6f22}\u{5b57}PC", ""), ("a\u{3b1}\u{430}\u{3b1}", "\u{3b1}\u{430}"), ("", ""),
    ])
  func strangers(_ text: String, _ strangers: String) {
    #expect(LookAlikes.strangers(in: text) == Array(strangers.unicodeScalars))
  }

  @Test("Labels that look alike are told, and stand with their ids; what nobody sees of one is written out")
  func labels() throws {
    let world = try World()
    for name in ["second", "third"] { try world.enrol(name, ["--label", "Room"]) }
    let granted = try world.run(["grant", "owner"] + world.password)
    #expect(granted.error.contains("3 are called so that it looks alike"), "\(granted.error)")
    let third = try world.id(of: "third")
    let label = ["account", "label", "owner", "--agent", third] + world.password + ["--"]
    #expect(try world.run(label + ["room\u{200b} "]).error.contains("\"room\\u{200b} \""))
    let disguised = try world.run(label + ["r\u{43e}\u{43e}m"]).error
    #expect(disguised.contains("3 are called") && disguised.contains("(with U+043E)"), "\(disguised)")
    let listed = try world.run(["account", "agents", "owner"] + world.password)
    #expect(
      listed.output.contains("(with U+043E)")
        && listed.error.contains("\(third.prefix(8)) \"r\u{43e}\u{43e}m\""))
    #expect(try world.run(label + ["hall"]).error.isEmpty)
    try world.run(["agent", "accept", "third"])
    try world.run(["agent", "record", "third"], input: World.activity(60_000))
    let rows = try world.run(["batch", "audit", "owner", "--by", "agent"] + world.password).output
    let ids = [try world.id(of: "agent"), try world.id(of: "second")].map { $0.prefix(8) }
    #expect(rows.contains("hall") && rows.contains("room (\(ids[0]))"), "\(rows)")
    #expect(rows.contains("Room (\(ids[1]))"))
    #expect(
      try world.run(["account", "code", "owner", "--label", "HALL"] + world.password).error.contains(
        "is called"))
  }

  @Test(
    "R-18.2-4: CSV has every field quoted, and nothing of it starts a formula; what was found stands beside it"
  )
  func csv() throws {
    let result = try world.run(
      ["batch", "audit", "owner", "--by", "day", "--by", "field", "--csv"] + world.password)
    #expect(
      result.output == """
        "day","field","value","milliseconds","records"
        "2025-11-24","application_name","Ledger","1800000","1"
        "2025-11-25","application_name","Ledger","1800000","0"
        "2025-11-26","application_name","'=cmd()","300000","1"

        """)
    #expect(result.error == "2 batches counted, 0 findings\n")
    let agents = try audit("--by", "agent", "--csv")
    #expect(agents.hasPrefix("\"agent\",\"label\",\"milliseconds\",\"records\"\n"))
    #expect(agents.hasSuffix(",\"room\",\"3900000\",\"2\"\n"))
  }

  @Test("JSON has the same, the zone, and who is silent")
  func json() throws {
    let told = try audit("--by", "agent", "--by", "category", "--json").filter { !$0.isWhitespace }
    let id = try world.id(of: "agent")
    #expect(
      told.contains(
        "{\"agent\":\"\(id)\",\"label\":\"room\",\"category\":\"productive\",\"milliseconds\":3600000,\"records\":1}"
      ))
    #expect(told.contains("\"category\":null,\"milliseconds\":300000,\"records\":1}"))
    #expect(told.contains("\"zone\":\"UTC\""))
    #expect(
      told.contains(
        "\"silent\":[{\"agent\":\"\(try world.id(of: "other"))\",\"label\":\"=hall\",\"since\":null}]"))
  }

  @Test("a day of more than its hours, and times that cannot be, are told, and are no findings")
  func oddities() throws {
    let world = try World()
    let (noon, day) = (1_764_072_000_000, 86_400_000)
    let lines = [noon, noon, 1_764_072_000, 253_402_300_800_000].map {
      "{\"kind\":\"idle\",\"start\":\($0),\"duration\":\(day / 2)}\n"
    }
    try world.run(["agent", "record", "agent"], input: lines.joined() + lines[0])
    let told = try world.run(["batch", "audit", "owner"] + world.password)
    #expect(told.error.contains("room: 36 h 00 min on 2025-11-25, more than a day has"), "\(told.error)")
    #expect(told.error.contains("room: 2 records are of before 2000 or of later than tomorrow"))
    let json = try world.run(["batch", "audit", "owner", "--json"] + world.password)
    let packed = json.output.filter { !$0.isWhitespace }
    #expect(packed.contains("\"day\":\"2025-11-25\",\"milliseconds\":129600000}"), "\(packed)")
    #expect(packed.contains("\"records\":2}]"))
  }

  @Test(
    "A period, zone or agent that is none is refused, and nothing is asked for",
    arguments: [
      (["--by", "week"], 64), (["--by", "day", "--by", "day"], 64), (["--csv", "--json"], 64),
      (["--from", "2025-11-26", "--to", "2025-11-25"], 64), (["--from", "yesterday"], 64),
      (["--zone", "Mars/Olympus"], 64), (["--agent", String(repeating: "00", count: 16)], 1),
    ] as [([String], Int32)])
  func refused(_ options: [String], _ status: Int32) throws {
    #expect(
      try world.run(["batch", "audit", "owner"] + options + world.password, status: status).output.isEmpty)
  }
}
