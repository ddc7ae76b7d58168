internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let records: [Family] = [
    Family("capture/value") { builder in try buildCaptureValue(&builder) },
    Family("capture/seal", flags: [captureFlag]) { builder in try buildCaptureSeal(&builder) },
    Family("batch/sign") { builder in try buildBatchSign(&builder) },
    Family("spool/recover", flags: [spoolFlag]) { builder in try buildSpoolRecover(&builder) },
  ]

  private static let captureFlag = VectorFile.Flag(
    "Capture", bugType: "DATA_LOSS", effect: "what was captured is lost, or sent under keys of another day",
    refs: ["R-13.3-1", "R-16.1-6"])
  private static let spoolFlag = VectorFile.Flag(
    "Recovery", bugType: "DATA_LOSS", effect: "one damaged byte costs all frames behind it",
    refs: ["R-17-1", "R-17-2"])

  // MARK: - Captures. §13.3

  private static func buildCaptureValue(_ builder: inout FamilyBuilder) throws {
    let mark: [UInt8] = [0xef, 0xbf, 0xbd]
    let a = UInt8(ascii: "a")
    func many(_ bytes: [UInt8], _ count: Int) -> [UInt8] { (0..<count).flatMap { _ in bytes } }
    let euro = Array("\u{20ac}".utf8)
    let smile = Array("\u{1f642}".utf8)
    let accent = Array("\u{e9}".utf8)
    for (id, comment, text, value) in [
      ("plain", "A plain title.", Array("Quarterly figures".utf8), nil), ("empty", "No text.", [], nil),
      ("all-lengths-of-characters", "One to four bytes.", Array("a\u{e9}\u{20ac}\u{1f642}".utf8), nil),
      ("nul", "U+0000 is text.", [0], nil), ("noncharacter", "U+FFFF is text.", [0xef, 0xbf, 0xbf], nil),
      ("last-code-point", "U+10FFFF is text.", [0xf4, 0x8f, 0xbf, 0xbf], nil),
      ("not-normalised", "e and an accent stay two.", Array("e\u{301}".utf8), nil),
      ("byte-order-mark", "U+FEFF stays.", [0xef, 0xbb, 0xbf, a], nil),
      ("4095-bytes", "As long as a token's value may be.", many([a], 4_095), nil),
      // Ill-formed sequences: each maximal subpart is one U+FFFD.
      ("lone-continuation", "One byte that starts nothing.", [a, 0x80, a], [a] + mark + [a]),
      ("two-continuations", "Each is a subpart of its own.", [0x80, 0xbf], mark + mark),
      ("ff", "A byte that UTF-8 never has.", [0xff], mark),
      ("overlong-slash", "C0 starts nothing: two subparts.", [0xc0, 0xaf], mark + mark),
      ("c1", "C1 starts nothing.", [0xc1, 0x81, a], mark + mark + [a]),
      ("overlong-three", "E0 80 80: three subparts.", [0xe0, 0x80, 0x80], mark + mark + mark),
      ("overlong-three-9f", "E0 9F: two subparts.", [0xe0, 0x9f, a], mark + mark + [a]),
      ("surrogate", "ED A0 80: three subparts.", [0xed, 0xa0, 0x80], mark + mark + mark),
      ("surrogate-pair", "Six subparts.", [0xed, 0xa0, 0xbd, 0xed, 0xb9, 0x82], many(mark, 6)),
      ("overlong-four", "F0 80 80 80: four subparts.", [0xf0, 0x80, 0x80, 0x80], many(mark, 4)),
      ("overlong-four-8f", "F0 8F: two subparts.", [0xf0, 0x8f, 0xbf], many(mark, 3)),
      ("above-10ffff", "F4 90 80 80: four subparts.", [0xf4, 0x90, 0x80, 0x80], many(mark, 4)),
      ("f5", "F5 starts nothing.", [0xf5, 0x80, 0x80, 0x80], many(mark, 4)),
      ("cut-of-two", "C3 alone.", [0xc3], mark),
      ("cut-of-two-inside", "C3 before a letter.", [0xc3, a], mark + [a]),
      ("cut-of-three-after-one", "E2 alone.", [0xe2, a], mark + [a]),
      ("cut-of-three-after-two", "E2 82 is one subpart.", [0xe2, 0x82, a], mark + [a]),
      ("cut-of-three-at-the-end", "E2 82 at the end.", [a, 0xe2, 0x82], [a] + mark),
      ("cut-of-four-after-two", "F0 9F is one subpart.", [0xf0, 0x9f, a], mark + [a]),
      ("cut-of-four-after-three", "F0 9F 99 is one subpart.", [0xf0, 0x9f, 0x99, a], mark + [a]),
      ("cut-of-four-at-the-end", "F0 9F 99 at the end.", [0xf0, 0x9f, 0x99], mark),
      ("f4-8f", "F4 8F is a subpart.", [0xf4, 0x8f, a], mark + [a]),
      ("start-after-start", "Two starts of three bytes.", [0xe2, 0xe2, 0x82, 0xac], mark + euro),
      (
        "example-of-unicode", "61 F1 80 80 E1 80 C2 62 80 63 80 BF 64, Unicode 17 table 3-8.",
        [0x61, 0xf1, 0x80, 0x80, 0xe1, 0x80, 0xc2, 0x62, 0x80, 0x63, 0x80, 0xbf, 0x64],
        [0x61] + many(mark, 3) + [0x62] + mark + [0x63] + mark + mark + [0x64]
      ),
      ("utf-16", "A text in UTF-16.", [0x00, 0x41, 0x00, 0xe9], [0x00, 0x41, 0x00] + mark),
      ("latin-1", "A text in Latin-1.", [0x63, 0x61, 0x66, 0xe9], [0x63, 0x61, 0x66] + mark),
      ("fffd", "U+FFFD of the text's own stays.", mark, nil),
      // Cutting.
      ("4096-bytes", "A byte too long.", many([a], 4_096), many([a], 4_095)),
      ("far-too-long", "65,536 bytes.", many([a], 65_536), many([a], 4_095)),
      (
        "cut-inside-two", "The last character of two bytes does not fit.", many([a], 4_094) + accent,
        many([a], 4_094)
      ),
      (
        "two-fit", "The last character of two bytes fits.", many([a], 4_093) + accent + [a],
        many([a], 4_093) + accent
      ),
      ("cut-inside-three", "2,000 times three bytes.", many(euro, 2_000), many(euro, 1_365)),
      ("cut-inside-three-after-one", "One byte before.", [a] + many(euro, 2_000), [a] + many(euro, 1_364)),
      (
        "cut-inside-three-after-two", "Two bytes before.", [a, a] + many(euro, 2_000),
        [a, a] + many(euro, 1_364)
      ),
      ("cut-inside-four", "2,000 times four bytes.", many(smile, 2_000), many(smile, 1_023)),
      (
        "cut-inside-four-after-three", "Three bytes before.", [a, a, a] + many(smile, 2_000),
        [a, a, a] + many(smile, 1_023)
      ),
      (
        "cut-between-letter-and-accent", "Whole code points, not whole characters.",
        many([a], 4_094) + Array("e\u{301}".utf8),
        many([a], 4_094) + [0x65]
      ),
      (
        "repaired-before-it-is-cut", "4,000 bytes that are repaired to 12,000.", many([0xff], 4_000),
        many(mark, 1_365)
      ),
      (
        "long-and-ill-formed-at-the-cut", "A subpart at the place of the cut.",
        many([a], 4_093) + [0xe2, 0x82, a],
        many([a], 4_093)
      ),
    ] as [(String, String, [UInt8], [UInt8]?)] {
      try builder.accept(
        "capture-value-\(id)", ["R-13.3-1"], comment, in: .of("text", text), out: .of("value", value ?? text))
    }
  }

  /// A Capture of the fixture's account.
  private static func captured(
    _ fixture: Fixture, kind: UInt8 = 2, start: UInt64 = Fixture.day(101), duration: UInt32 = 60_000,
    _ items: [(field: UInt8, content: [UInt8])]
  ) -> [UInt8] {
    let list = items.flatMap { item -> [UInt8] in
      Fixture.joined([item.field], be(item.content.count, 3), item.content)
    }
    var capture = Fixture.header(13, fixture.accountID, 0) + [kind]
    capture += be(start, 8) + be(duration, 4) + be(list.count, 3)
    return capture + list
  }

  private static func buildCaptureSeal(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let agent = fixture.agent.agentID
    let tokenKey = try fixture.key("token", 3, count: 64)
    let agentKey = try fixture.key("agent", 3, agent: agent)
    let blobKey = try Fixture.derive(agentKey, "blob", fixture.accountID + be(3, 4) + agent)
    func salts(_ count: Int) -> [[UInt8]] { (0..<count).map { bytes("capture salt \($0)", 24) } }
    func input(_ captures: [[UInt8]], salts: [[UInt8]]) -> JSONObject {
      .of([
        "token_key": .hex(tokenKey), "agent_key": .hex(agentKey), "account_id": .hex(fixture.accountID),
        "epoch": 3, "agent_id": .hex(agent), "captures": .hexes(captures), "salts": .hexes(salts),
      ])
    }
    func token(_ field: UInt8, _ value: [UInt8]) throws -> [UInt8] {
      let ad = Fixture.labelled("token-ad", fixture.accountID + be(3, 4) + [field])
      var siv = try AESSIV(key: SecretBytes(copying: tokenKey))
      let (v, c) = try siv.seal(padded(value), associatedData: [ad])
      return Fixture.joined([1, field], be(3, 4), v, be(c.count, 2), c)
    }
    func blob(_ field: UInt8, _ content: [UInt8], _ salt: [UInt8]) throws -> [UInt8] {
      let context = Fixture.header(7, fixture.accountID, 3) + [field] + agent
      return context + (try Fixture.seal(content, key: blobKey, context: context, salt: salt))
    }
    func item(_ token: [UInt8]) -> [UInt8] { [1] + token }
    func item(_ blob: [UInt8], _ field: UInt8) -> [UInt8] {
      Fixture.joined([2, field], be(blob.count, 8), SHA256.hash(blob))
    }
    func record(_ capture: [UInt8], _ items: [[UInt8]]) -> [UInt8] {
      let list = items.flatMap { $0 }
      return [UInt8](capture[24..<37]) + be(list.count, 2) + list
    }
    func accept(
      _ id: String, _ req: [String], _ comment: String, _ captures: [[UInt8]], _ records: [[UInt8]],
      _ blobs: [[UInt8]] = []
    ) throws {
      try builder.accept(
        "capture-seal-\(id)", req, flags: ["Capture"], comment,
        in: input(captures, salts: salts(blobs.count)),
        out: .of(["records": .hexes(records), "blobs": .hexes(blobs)]))
    }
    let title = Array("Quarterly figures".utf8)
    let one = captured(fixture, [(3, title)])
    try accept(
      "a-title", ["R-16.1-6", "R-13.3-2"], "A title becomes a token.", [one],
      [record(one, [item(token(3, title))])])
    let shot = bytes("screenshot", 20_000)
    let picture = captured(fixture, kind: 8, [(19, shot)])
    let sealed = try blob(19, shot, salts(1)[0])
    try accept(
      "a-screenshot", ["R-16.1-6", "R-2.5-1"], "A screenshot becomes a blob.", [picture],
      [record(picture, [item(sealed, 19)])], [sealed])
    let idle = captured(fixture, kind: 4, duration: .max, [])
    try accept("no-items", ["R-16.1-6"], "Idle time has no items.", [idle], [record(idle, [])])
    let keys = Array("hello".utf8)
    let mixed = captured(fixture, [(2, title), (3, title), (16, keys), (19, shot)])
    let blobs = [try blob(16, keys, salts(2)[0]), try blob(19, shot, salts(2)[1])]
    try accept(
      "tokens-and-blobs", ["R-16.1-6"], "Items stay in the order of their fields.", [mixed],
      [
        record(
          mixed,
          [item(try token(2, title)), item(try token(3, title)), item(blobs[0], 16), item(blobs[1], 19)])
      ], blobs)
    let three = [one, captured(fixture, [(16, keys)]), captured(fixture, start: 5, [(18, title)])]
    let chats = [try blob(16, keys, salts(2)[0]), try blob(18, title, salts(2)[1])]
    try accept(
      "several", ["R-16.1-6"], "Records and blobs are in the order of the captures.", three,
      [
        record(three[0], [item(try token(3, title))]), record(three[1], [item(chats[0], 16)]),
        record(three[2], [item(chats[1], 18)]),
      ], chats)
    let ill = captured(fixture, [(3, [0x61, 0xff]), (16, [0x61, 0xff])])
    let kept = try blob(16, [0x61, 0xff], salts(1)[0])
    try accept(
      "ill-formed", ["R-13.3-1", "R-13.3-2"],
      "A text is repaired where its token is made; a blob has it as it was.", [ill],
      [record(ill, [item(try token(3, [0x61, 0xef, 0xbf, 0xbd])), item(kept, 16)])], [kept])
    let long = captured(fixture, [(4, [UInt8](repeating: 0x61, count: 5_000))])
    try accept(
      "too-long", ["R-13.3-1"], "A text is cut where its token is made.", [long],
      [record(long, [item(try token(4, [UInt8](repeating: 0x61, count: 4_095)))])])
    let empty = captured(fixture, [(3, []), (17, [])])
    let nothing = try blob(17, [], salts(1)[0])
    try accept(
      "empty-contents", ["R-16.1-6"], "Nothing is sealed too.", [empty],
      [record(empty, [item(try token(3, [])), item(nothing, 17)])], [nothing])
    func reject(_ id: String, _ comment: String, _ captures: [[UInt8]], _ code: ErrorCode, offset: Int? = nil)
      throws
    {
      try builder.reject(
        "capture-seal-\(id)", ["R-16.1-6"], flags: ["Capture"], comment, in: input(captures, salts: []),
        code: code,
        offset: offset, twin: "capture-seal-a-title")
    }
    try reject("cut", "The last byte is missing.", [[UInt8](one.dropLast())], .truncated, offset: 40)
    try reject(
      "of-another-account", "It is of another account.", [one.with(fixture.other.accountID, at: 4)],
      .wrongAccount)
    try reject(
      "of-a-similar-account", "The account differs in its last byte.", [one.flipped(19)], .wrongAccount)
    for (name, bad) in one.neighbours(in: 4..<20) {
      try reject("account-\(name)", "The account differs in a byte.", [bad], .wrongAccount)
    }
    for (place, list) in [
      ("first", [one.flipped(19), one, one]), ("middle", [one, one.flipped(19), one]),
      ("last", [one, one, one.flipped(19)]),
    ] {
      try reject("\(place)-of-another-account", "One of three is of another account.", list, .wrongAccount)
    }
    try reject(
      "order-format-before-account", "A message of another type and account.",
      [one.with([7], at: 3).flipped(19)],
      .unexpectedType, offset: 3)
  }

  // MARK: - Batches. §16.1

  private static func buildBatchSign(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(
      _ batch: FixtureBatch, _ records: [(String, UInt32, [[UInt8]])]
    ) -> JSONObject {
      .of([
        "seed": .hex(fixture.agent.seed), "account_id": .hex(fixture.accountID),
        "epoch": .integer(batch.epoch),
        "agent_id": .hex(fixture.agent.agentID), "sequence": .integer(batch.sequence),
        "previous": .hex(batch.previous), "made": .integer(batch.made),
        "state_generation": .integer(batch.generation), "state_counter": .integer(batch.counter),
        "state": .hex(batch.state),
        "records": .array(
          records.map { kind, duration, items in
            [
              "kind": .string(kind), "start": .integer(Fixture.day(101)), "duration": .integer(duration),
              "items": .array(items.map { [FixtureBatch.isToken($0) ? "token" : "blob": .hex($0)] }),
            ]
          }),
      ])
    }
    typealias Given = (kind: UInt8, duration: UInt32, items: [[UInt8]])
    func names(_ given: [Given]) -> [(String, UInt32, [[UInt8]])] {
      given.map { (RecordKind(rawValue: $0.kind)?.name ?? "", $0.duration, $0.items) }
    }
    func batch(_ given: [Given], _ edit: (inout FixtureBatch) -> Void) -> FixtureBatch {
      FixtureBatch(fixture) {
        $0.records = given.map { FixtureBatch.record(kind: $0.kind, duration: $0.duration, $0.items) }
        edit(&$0)
      }
    }
    func accept(
      _ id: String, _ comment: String, _ given: [Given], _ edit: (inout FixtureBatch) -> Void = { _ in }
    ) throws {
      let batch = batch(given, edit)
      try builder.accept(
        "batch-sign-\(id)", ["R-16.1-1", "R-16.1-4"], comment, in: input(batch, names(given)),
        out: .of("batch", try batch.bytes()))
    }
    let (title, url) = (FixtureBatch.token("title"), FixtureBatch.token("url", field: 4))
    let one: [Given] = [(1, 5, [title])]
    try accept("first", "The first batch.", one)
    try accept("later", "A batch names the one before.", one) {
      ($0.sequence, $0.previous, $0.counter, $0.made) = (9, bytes("previous", 32), 4, Fixture.day(140))
    }
    try accept("without-items", "A record of idle time.", [(4, 60_000, [])])
    try accept("greatest-duration", "A duration of 32 bits.", [(2, .max, [title])])
    try accept("two-records", "Records stay in their order.", [(2, 2, [title]), (1, 1, [])])
    try accept("two-tokens", "Tokens of two fields.", [(2, 2, [title, url])])
    let (strokes, voice) = (
      FixtureBatch.blob("keystrokes"), FixtureBatch.blob("voice", field: 21, length: 1 << 53 - 1)
    )
    try accept("blob", "A record that refers to a blob.", [(5, 2, [strokes])])
    try accept(
      "token-and-blobs", "A token, and two blobs, one of the greatest length.",
      [(10, 2, [title, strokes, voice])])
    try accept("greatest-numbers", "The greatest numbers.", one) {
      ($0.sequence, $0.previous, $0.made) = (1 << 53 - 1, bytes("previous", 32), 1 << 53 - 1)
      ($0.generation, $0.counter) = (.max, 1 << 53 - 1)
    }
    func reject(
      _ id: String, _ req: String, _ comment: String, _ given: [Given], _ code: ErrorCode, offset: Int? = nil,
      twin: String = "first", _ edit: (inout FixtureBatch) -> Void = { _ in }
    ) throws {
      try builder.reject(
        "batch-sign-\(id)", [req], comment, in: input(batch(given, edit), names(given)), code: code,
        offset: offset, twin: "batch-sign-\(twin)")
    }
    let late = FixtureBatch.token("late", field: 4, epoch: 2)
    try reject(
      "token-of-another-epoch", "R-16.1-2", "A token is of another epoch than the batch.", [(1, 5, [late])],
      .epochMismatch)
    for (name, items) in [("first", [FixtureBatch.token("title", epoch: 2), url]), ("last", [title, late])] {
      try reject(
        "\(name)-token-of-another-epoch", "R-16.1-2", "One of two tokens is of another epoch.",
        [(2, 2, items)],
        .epochMismatch, twin: "two-tokens")
    }
    try reject(
      "token-of-another-epoch-in-the-last-record", "R-16.1-2", "The last record's token is of another epoch.",
      [(2, 2, [title]), (1, 1, [late])], .epochMismatch, twin: "two-records")
    for (name, epochs) in [("first", [1, 2, 2]), ("middle", [2, 1, 2]), ("last", [2, 2, 1])]
      as [(String, [UInt32])]
    {
      let items = epochs.enumerated().map { FixtureBatch.token("t\($0)", field: UInt8($0 + 1), epoch: $1) }
      try reject(
        "\(name)-token-of-the-epoch-before", "R-16.1-2",
        "One of three tokens is of an older epoch than the batch.",
        [(2, 2, items)], .epochMismatch, twin: "two-tokens"
      ) { $0.epoch = 2 }
    }
    try reject(
      "token-cut", "R-2.2-2", "A token without its last byte.", [(1, 5, [[UInt8](title.dropLast())])],
      .truncated, offset: 24)
    try reject(
      "token-version-2", "R-2.2-7", "A token of version 2.", [(1, 5, [[2] + title.dropFirst()])],
      .unknownVersion, offset: 0)
    try reject(
      "token-field-6", "R-2.2-5", "A token of a field that is none.", [(1, 5, [title.with([6], at: 1)])],
      .unknownValue, offset: 1)
    try reject(
      "blob-cut", "R-2.2-2", "A reference without its last byte.", [(5, 2, [[UInt8](strokes.dropLast())])],
      .truncated, offset: 9, twin: "blob")
    try reject(
      "blob-and-more", "R-2.2-1", "A reference and a byte more.", [(5, 2, [strokes + [0]])], .trailingBytes,
      offset: 41, twin: "blob")
  }

  // MARK: - Spool. §17

  private static func buildSpoolRecover(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let agent = fixture.agent
    let deviceKey = bytes("device key", 32)
    let spoolKey = try Fixture.derive(deviceKey, "spool", fixture.accountID + agent.agentID)
    let header = Fixture.joined(Fixture.header(10, fixture.accountID, 0), agent.agentID, be(1, 8))
    func capture(_ content: [UInt8]) -> [UInt8] { captured(fixture, [(3, content)]) }
    func frame(
      _ index: UInt32, _ previous: [UInt8], _ payload: [UInt8], header own: [UInt8]? = nil,
      key: [UInt8]? = nil
    ) throws -> [UInt8] {
      let head = Fixture.joined(
        Array("EKfr".utf8), be(index, 4), be(payload.count + 72, 4), previous)
      let sealed = try Fixture.seal(
        payload, key: key ?? spoolKey, context: (own ?? header) + head, salt: bytes("frame \(index)", 24))
      return Fixture.joined(head, [UInt8](Fixture.hash("frame-check", head)[..<8]), sealed)
    }
    let payloads = ["first", "second", "third"].map { capture(Array($0.utf8)) }
    let one = try frame(0, SHA256.hash(header), payloads[0])
    let two = try frame(1, SHA256.hash(one), payloads[1])
    let three = try frame(2, SHA256.hash(two), payloads[2])
    typealias Damage = (Int, Int, ErrorCode)
    func recover(
      _ id: String, _ comment: String, _ segment: [UInt8], _ read: [Int], error: ErrorCode? = nil,
      damage: [Damage] = [], notes: [Int] = [], torn: Int? = nil, req: [String] = ["R-17-1", "R-17-2"]
    ) throws {
      try builder.accept(
        "spool-recover-\(id)", req, flags: ["Recovery"], comment,
        in: .of([
          "device_key": .hex(deviceKey), "account_id": .hex(fixture.accountID),
          "agent_id": .hex(agent.agentID),
          "segment": .hex(segment),
        ]),
        out: .of([
          "error": .code(error), "payloads": .array(read.map { .hex(payloads[$0]) }),
          "damage": .array(
            damage.map { ["offset": .integer($0.0), "length": .integer($0.1), "code": .code($0.2)] }),
          "notes": .array(notes.map { ["offset": .integer($0), "code": .code(.chainBroken)] }),
          "torn": torn.map { .integer($0) } ?? .null,
        ]))
    }
    let whole = Fixture.joined(header, one, two, three)
    let (at1, at2, at3) = (48, 48 + one.count, 48 + one.count + two.count)
    try recover("whole", "Three frames.", whole, [0, 1, 2])
    try recover("header-only", "No frames.", header, [])
    try recover("empty", "No segment.", [], [], error: .truncated)
    try recover("header-cut", "The header is cut.", [UInt8](header.dropLast()), [], error: .truncated)
    try recover("header-magic", "No header.", whole.flipped(0), [], error: .badMagic)
    try recover(
      "of-another-account", "A segment of another account.", whole.with(.zeros(16), at: 4), [],
      error: .wrongAccount)
    try recover(
      "of-another-agent", "A segment of another computer.", whole.with(.zeros(16), at: 24), [],
      error: .wrongRecipient)
    try recover(
      "of-an-epoch", "A spool has no epoch.", whole.with([2], at: 23), [], error: .valueOutOfRange)
    try recover(
      "of-a-similar-account", "The header's account differs in its last byte.", whole.flipped(19), [],
      error: .wrongAccount)
    try recover(
      "of-a-similar-agent", "The header's agent differs in its last byte.", whole.flipped(39), [],
      error: .wrongRecipient)
    for (name, bad) in whole.neighbours(in: 4..<20) {
      try recover("account-\(name)", "The header's account differs in a byte.", bad, [], error: .wrongAccount)
    }
    for (name, bad) in whole.neighbours(in: 24..<40) {
      try recover("agent-\(name)", "The header's agent differs in a byte.", bad, [], error: .wrongRecipient)
    }
    try recover(
      "order-account-before-agent", "The account is compared before the agent.",
      whole.with(.zeros(36), at: 4), [], error: .wrongAccount)
    // What opens and is no Capture of the account.
    for (name, comment, payload) in [
      ("text", "Text.", Array("plain text".utf8)), ("empty", "Nothing.", []),
      ("cut-capture", "A Capture without its last byte.", [UInt8](payloads[1].dropLast())),
      ("capture-and-more", "A Capture and a byte more.", payloads[1] + [0]),
      (
        "capture-of-another-account", "A Capture of another account.",
        payloads[1].with(fixture.other.accountID, at: 4)
      ),
      ("another-message", "A message of another type.", payloads[1].with([10], at: 3)),
    ] as [(String, String, [UInt8])] {
      let strange = try frame(1, SHA256.hash(one), payload)
      try recover(
        "payload-\(name)", comment + " It is damage, and recovery goes on.",
        Fixture.joined(header, one, strange, three), [0, 2],
        damage: [(at2, strange.count, .frameOpenFailed)])
    }
    for (name, comment, key) in [
      ("the-device-key", "Sealed under the device key itself.", deviceKey),
      (
        "the-upload-key", "Sealed under the key that the service checks.",
        try Fixture.derive(deviceKey, "upload", fixture.accountID + agent.agentID)
      ),
      (
        "a-key-of-another-agent", "Sealed under the spool key of another agent.",
        try Fixture.derive(deviceKey, "spool", fixture.accountID + fixture.other.agentID)
      ),
    ] {
      let strange = try frame(1, SHA256.hash(one), payloads[1], key: key)
      try recover(
        "sealed-with-\(name)", comment, Fixture.joined(header, one, strange, three), [0, 2],
        damage: [(at2, strange.count, .frameOpenFailed)], req: ["R-17-1", "R-2.3-1"])
    }
    for left in [
      1, 2, 3, 4, 5, 8, 12, 43, 44, 51, 52, 53, 76, 107, 108, three.count / 2, three.count - 17,
      three.count - 16, three.count - 1,
    ] {
      try recover(
        "torn-after-\(left)-bytes", "The last frame was not written in full.",
        [UInt8](whole[..<(at3 + left)]), [0, 1], torn: at3)
    }
    try recover(
      "damaged-magic", "The magic of the second frame is damaged.", whole.flipped(at2), [0, 2],
      damage: [(at2, two.count, .badFrame)])
    try recover(
      "damaged-length", "The length of the second frame is damaged.", whole.flipped(at2 + 11), [0, 2],
      damage: [(at2, two.count, .badFrame)])
    try recover(
      "damaged-check", "The check of the second frame is damaged.", whole.flipped(at2 + 44), [0, 2],
      damage: [(at2, two.count, .badFrame)])
    try recover(
      "damaged-check-at-the-end", "The segment ends behind a head whose check is damaged.",
      [UInt8](whole.flipped(at3 + 44)[..<(at3 + 52)]), [0, 1], damage: [(at3, 52, .badFrame)])
    try recover(
      "damaged-seal", "The seal of the second frame is damaged.", whole.flipped(at3 - 1), [0, 2],
      damage: [(at2, two.count, .frameOpenFailed)])
    try recover(
      "damaged-first", "The first frame is damaged.", whole.flipped(at1 + 60), [1, 2],
      damage: [(at1, one.count, .frameOpenFailed)])
    try recover(
      "damaged-last", "The last frame is damaged.", whole.flipped(whole.count - 1), [0, 1],
      damage: [(at3, three.count, .frameOpenFailed)])
    try recover(
      "garbage-between", "Bytes that are no frame lie between two.",
      Fixture.joined(header, one, [UInt8](repeating: 0x45, count: 100), two), [0, 1],
      damage: [(at2, 100, .badFrame)])
    try recover(
      "frame-torn-in-the-middle", "A write broke off, and others followed.",
      Fixture.joined(header, one, [UInt8](two[..<60]), three), [0, 2],
      damage: [(at2, 60, .frameOpenFailed)])
    try recover(
      "frame-missing", "The second frame is missing without a trace.", header + one + three, [0, 2],
      notes: [at2])
    try recover(
      "frame-repeated", "A frame stands twice.", Fixture.joined(header, one, one, two), [0, 0, 1],
      notes: [at2])
    // Wrong in one respect, and right in all others.
    func reframed(_ frame: [UInt8], _ bytes: [UInt8], at offset: Int) -> [UInt8] {
      let head = [UInt8](frame[..<44]).with(bytes, at: offset)
      return Fixture.joined(head, [UInt8](Fixture.hash("frame-check", head)[..<8]), [UInt8](frame[52...]))
    }
    for (name, offset, comment) in [
      ("second", 1, "Only the first byte of the check is right."),
      ("last", 7, "The last byte of the check is wrong."),
    ] {
      try recover(
        "\(name)-byte-of-check", comment, whole.flipped(at2 + 44 + offset), [0, 2],
        damage: [(at2, two.count, .badFrame)])
    }
    for (name, length) in [("71", UInt32(71)), ("0", 0), ("2-to-24", 1 << 24)] {
      try recover(
        "length-\(name)", "A length outside of its bounds, with a right check.",
        Fixture.joined(header, one, reframed(two, be(length, 4), at: 8), three), [0, 2],
        damage: [(at2, two.count, .badFrame)])
    }
    try recover(
      "length-2-to-24-and-more", "A length that is right in its last three bytes.",
      Fixture.joined(header, one, reframed(two, be(two.count - 52 | 1 << 24, 4), at: 8), three),
      [0, 2],
      damage: [(at2, two.count, .badFrame)])
    try recover(
      "greatest-length-at-the-end", "The greatest length in the last frame: torn.",
      Fixture.joined(header, one, reframed(two, be(1 << 24 - 1, 4), at: 8)), [0], torn: at2)
    try recover(
      "length-2-to-24-at-the-end", "Such a length in the last frame: damaged, not torn.",
      Fixture.joined(header, one, reframed(two, be(1 << 24, 4), at: 8)), [0],
      damage: [(at2, two.count, .badFrame)])
    let long = try frame(1, SHA256.hash(one), capture(bytes("long payload", 1_000)))
    try recover(
      "long-frame-torn-in-the-middle",
      "A write broke off; what it claims passes the end, and another frame follows.",
      Fixture.joined(header, one, [UInt8](long[..<60]), three), [0, 2], damage: [(at2, 60, .badFrame)])
    let marked = reframed(two, Array("EKfR".utf8), at: 0)
    try recover(
      "another-magic", "Another magic, with a right check.", Fixture.joined(header, one, marked, three),
      [0, 2],
      damage: [(at2, two.count, .badFrame)])
    for offset in 0..<3 {
      try recover(
        "magic-wrong-at-\(offset)", "One byte of the magic is wrong, with a right check.",
        Fixture.joined(header, one, reframed(two, [two[offset] ^ 1], at: offset), three), [0, 2],
        damage: [(at2, two.count, .badFrame)])
    }
    // §17, steps 2 to 4: what comes last decides whether an end is torn.
    let endless = reframed(two, be(4096, 4), at: 8)
    try recover(
      "passes-the-end-before-another", "A frame that claims more than there is, and a whole one behind it.",
      Fixture.joined(header, one, endless, three), [0, 2], damage: [(at2, two.count, .badFrame)])
    try recover(
      "passes-the-end-at-the-end", "A frame that claims more than there is, and none behind it.",
      Fixture.joined(header, one, endless), [0], torn: at2)
    try recover(
      "passes-the-end-before-a-torn-one", "Two frames pass the end: damage, and a torn end.",
      Fixture.joined(header, one, endless, [UInt8](three[..<60])), [0], damage: [(at2, two.count, .badFrame)],
      torn: at3)
    try recover(
      "passes-the-end-before-a-torn-head", "Behind it, part of a head: both are the torn end.",
      Fixture.joined(header, one, endless, [UInt8](three[..<51])), [0], torn: at2)
    for (name, damaged, code) in [
      ("a-damaged-head", whole.flipped(at2), ErrorCode.badFrame),
      ("a-damaged-seal", whole.flipped(at3 - 1), .frameOpenFailed),
    ] {
      try recover(
        "torn-frame-after-\(name)", "Damage, and a frame behind it whose head is whole: a torn end.",
        [UInt8](damaged[..<(at3 + 60)]), [0], damage: [(at2, two.count, code)], torn: at3)
      try recover(
        "torn-head-after-\(name)", "Damage, and part of a head behind it: no right head, so all is damage.",
        [UInt8](damaged[..<(at3 + 51)]), [0], damage: [(at2, two.count + 51, code)])
    }
    try recover(
      "magic-in-damage", "The magic stands in damaged bytes, and is no frame.",
      Fixture.joined(header, one, .zeros(20), Array("EKfr".utf8), .zeros(60), two), [0, 1],
      damage: [(at2, 84, .badFrame)])
    try recover(
      "garbage-at-the-end", "Bytes that are no frame lie behind the last.", whole + .zeros(20), [0, 1, 2],
      damage: [(whole.count, 20, .badFrame)])
    try recover(
      "garbage-with-the-first-letter", "They begin as a frame does.", whole + Array("EKEK".utf8), [0, 1, 2],
      damage: [(whole.count, 4, .badFrame)])
    try recover(
      "much-garbage-at-the-end", "More than a frame head.", whole + .zeros(100), [0, 1, 2],
      damage: [(whole.count, 100, .badFrame)])
    try recover(
      "torn-first", "The first frame was not written in full.", [UInt8](whole[..<(at2 - 1)]), [], torn: at1)
    try recover(
      "torn-at-its-first-byte", "Only one byte of the first frame.", [UInt8](whole[..<49]), [], torn: at1)
    try recover(
      "two-damages", "Two frames one behind the other are damaged.",
      whole.flipped(at1 + 60).flipped(at2 + 60), [2],
      damage: [(at1, one.count, .frameOpenFailed), (at2, two.count, .frameOpenFailed)])
    let offIndex = try frame(7, SHA256.hash(one), payloads[1])
    try recover(
      "index-skipped", "The chain goes on, the index does not.", header + one + offIndex, [0, 1], notes: [at2]
    )
    let offChain = try frame(1, SHA256.hash(header), payloads[1])
    try recover(
      "previous-of-another", "The index goes on, the chain does not.", header + one + offChain, [0, 1],
      notes: [at2])
    for (name, previous) in SHA256.hash(one).neighbours {
      let other = try frame(1, previous, payloads[1])
      try recover(
        "previous-\(name)", "The hash of the frame before differs in a byte.", header + one + other, [0, 1],
        notes: [at2])
    }
    for (name, payload) in payloads[1].neighbours(in: 4..<20) {
      let strange = try frame(1, SHA256.hash(one), payload)
      try recover(
        "capture-of-account-\(name)", "The account of the Capture differs in a byte.",
        Fixture.joined(header, one, strange, three), [0, 2], damage: [(at2, strange.count, .frameOpenFailed)])
    }
    let rootless = try frame(0, .zeros(32), payloads[0])
    try recover(
      "first-without-header", "The first frame does not name the header.", header + rootless, [0],
      notes: [at1])
    try recover(
      "chain-broken-after-damage", "Damage, then two frames that do not follow each other.",
      Fixture.joined(header, one.flipped(60), two, one), [1, 0], damage: [(at1, one.count, .frameOpenFailed)],
      notes: [at3])
    let renumbered = header.with(be(1 << 40, 8), at: 40)
    try recover("segment-of-a-great-number", "Segments have numbers of 53 bits.", renumbered, [])
    try recover(
      "of-another-account-and-agent", "The account comes first.",
      whole.with(.zeros(36), at: 4), [],
      error: .wrongAccount)
    let foreign = try frame(
      1, SHA256.hash(one), payloads[1], header: header.with([2], at: 47))
    try recover(
      "frame-of-another-segment", "A frame was moved here from another segment.", header + one + foreign, [0],
      damage: [(at2, foreign.count, .frameOpenFailed)])
  }
}
