internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire

extension Family {
  static let records: [Family] = [
    Family("batch/sign") { builder in try buildBatchSign(&builder) },
    Family("batch/audit", flags: [auditFlag]) { builder in try buildBatchAudit(&builder) },
    Family("spool/recover", flags: [spoolFlag]) { builder in try buildSpoolRecover(&builder) },
  ]

  private static let auditFlag = VectorFile.Flag(
    "Audit", bugType: "MISSING_CHECK",
    effect: "the service drops, repeats or edits batches, and the owner's totals are wrong",
    refs: ["R-16.2-1", "R-16.2-2"])
  private static let spoolFlag = VectorFile.Flag(
    "Recovery", bugType: "DATA_LOSS", effect: "one damaged byte costs all frames behind it",
    refs: ["R-17-1", "R-17-2"])

  /// A token that nobody need open.
  private static func token(_ name: String, field: UInt8 = 3, epoch: UInt32 = 1) -> [UInt8] {
    Fixture.joined(
      [1, field], be(epoch, 4), bytes("v of \(name)", 16), [0, 16],
      bytes("c of \(name)", 16))
  }

  /// A reference to a blob that nobody need have.
  private static func blobReference(_ name: String, field: UInt8 = 16, length: UInt64 = 113) -> [UInt8] {
    Fixture.joined([field], be(length, 8), bytes("digest of \(name)", 32))
  }

  /// A token starts with its version, 1, and a reference with its field, 16 or more.
  private static func isToken(_ item: [UInt8]) -> Bool { item[0] < 16 }

  private static func record(
    kind: UInt8 = 1, start: UInt64 = 1_700_000_000_000, duration: UInt32, _ parts: [[UInt8]]
  ) -> [UInt8] {
    var items: [UInt8] = []
    for item in parts { items += Fixture.joined([isToken(item) ? 1 : 2], item) }
    return Fixture.joined(
      [kind], be(start, 8), be(duration, 4), be(items.count, 2), items)
  }

  private static func batch(
    _ fixture: Fixture, by agent: FixtureKeys? = nil, epoch: UInt32 = 1, sequence: UInt64,
    previous: [UInt8] = .zeros(32), stateCounter: UInt64 = 1, _ records: [[UInt8]]
  ) throws -> [UInt8] {
    let agent = agent ?? fixture.agent
    let all = [UInt8](records.joined())
    let head = Fixture.joined(
      Fixture.header(8, fixture.accountID, epoch), agent.agentID, be(sequence, 8), previous,
      be(stateCounter, 8))
    return try agent.sign(Fixture.joined(head, Fixture.length(all), all, .zeros(64)))
  }

  private static func buildBatchSign(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    func input(
      epoch: UInt32 = 1, sequence: UInt64 = 1, previous: [UInt8] = .zeros(32), stateCounter: UInt64 = 1,
      _ records: [(String, UInt32, [[UInt8]])]
    ) -> JSONObject {
      .of([
        "seed": .hex(fixture.agent.seed), "account_id": .hex(fixture.accountID), "epoch": .integer(epoch),
        "agent_id": .hex(fixture.agent.agentID), "sequence": .integer(sequence), "previous": .hex(previous),
        "state_counter": .integer(stateCounter),
        "records": .array(
          records.map { kind, duration, items in
            [
              "kind": .string(kind), "start": 1_700_000_000_000, "duration": .integer(duration),
              "items": .array(items.map { [isToken($0) ? "token" : "blob": .hex($0)] }),
            ]
          }),
      ])
    }
    let title = token("title")
    func accept(_ id: String, _ comment: String, _ input: JSONObject, _ batch: [UInt8]) throws {
      try builder.accept(
        "batch-sign-\(id)", ["R-16.1-1", "R-16.1-3"], comment, in: input, out: .of("batch", batch))
    }
    try accept(
      "first", "The first batch.", input([("application", 5, [title])]),
      batch(fixture, sequence: 1, [record(duration: 5, [title])]))
    let previous = bytes("previous", 32)
    try accept(
      "later", "A batch names the one before.",
      input(sequence: 9, previous: previous, stateCounter: 4, [("application", 5, [title])]),
      batch(fixture, sequence: 9, previous: previous, stateCounter: 4, [record(duration: 5, [title])]))
    try accept(
      "without-items", "A record of idle time.", input([("idle", 60_000, [])]),
      batch(fixture, sequence: 1, [record(kind: 4, duration: 60_000, [])]))
    try accept(
      "greatest-duration", "A duration of 32 bits.", input([("website", .max, [title])]),
      batch(fixture, sequence: 1, [record(kind: 2, duration: .max, [title])]))
    try accept(
      "two-records", "Records stay in their order.",
      input([("website", 2, [title]), ("application", 1, [])]),
      batch(fixture, sequence: 1, [record(kind: 2, duration: 2, [title]), record(duration: 1, [])]))
    let url = token("url", field: 4)
    try accept(
      "two-tokens", "Tokens of two fields.", input([("website", 2, [title, url])]),
      batch(fixture, sequence: 1, [record(kind: 2, duration: 2, [title, url])]))
    let keystrokes = blobReference("keystrokes")
    try accept(
      "blob", "A record that refers to a blob.", input([("keystrokes", 2, [keystrokes])]),
      batch(fixture, sequence: 1, [record(kind: 5, duration: 2, [keystrokes])]))
    let voice = blobReference("voice", field: 21, length: 1 << 53 - 1)
    try accept(
      "token-and-blobs", "A token, and two blobs, one of the greatest length.",
      input([("voice", 2, [title, keystrokes, voice])]),
      batch(fixture, sequence: 1, [record(kind: 10, duration: 2, [title, keystrokes, voice])]))
    try accept(
      "greatest-sequence", "A number of 53 bits.",
      input(sequence: 1 << 53 - 1, previous: previous, [("application", 5, [title])]),
      batch(fixture, sequence: 1 << 53 - 1, previous: previous, [record(duration: 5, [title])]))
    try builder.reject(
      "batch-sign-token-of-another-epoch", ["R-16.1-2"], "A token is of another epoch than the batch.",
      in: input(epoch: 2, [("application", 5, [title])]), code: .epochMismatch, twin: "batch-sign-first")
    for (name, tokens) in [
      ("first", [token("title", epoch: 2), url]), ("last", [title, token("url", field: 4, epoch: 2)]),
    ] {
      try builder.reject(
        "batch-sign-\(name)-token-of-another-epoch", ["R-16.1-2"], "One of two tokens is of another epoch.",
        in: input([("website", 2, tokens)]), code: .epochMismatch, twin: "batch-sign-two-tokens")
    }
  }

  private static func buildBatchAudit(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let (a, b) = (token("a"), token("b", field: 4))
    let first = try batch(fixture, sequence: 1, [record(duration: 1_000, [a])])
    let second = try batch(
      fixture, sequence: 2, previous: SHA256.hash(first), stateCounter: 2, [record(duration: 200, [a, b])])
    let third = try batch(
      fixture, sequence: 3, previous: SHA256.hash(second), stateCounter: 2, [record(duration: 30, [b])])
    typealias Finding = (Int, ErrorCode)
    func audit(
      _ id: String, _ req: [String], _ comment: String, _ batches: [[UInt8]], _ findings: [Finding],
      a totalA: UInt64? = nil, b totalB: UInt64? = nil, end: (UInt64, [UInt8], UInt64),
      start: (UInt64, [UInt8], UInt64) = (0, .zeros(32), 0), stateCounter: UInt64 = 2,
      of agent: FixtureKeys? = nil, sums: [(String, [UInt8], UInt64)] = []
    ) throws {
      func checkpoint(_ mark: (UInt64, [UInt8], UInt64)) -> JSONValue {
        ["sequence": .integer(mark.0), "hash": .hex(mark.1), "state_counter": .integer(mark.2)]
      }
      var totals: [JSONValue] = []
      for (name, token, total) in [("window_title", a, totalA), ("url", b, totalB)] {
        guard let total else { continue }
        totals.append(
          ["field": .string(name), "v": .hex(token[6..<22]), "milliseconds": .integer(total)])
      }
      for (name, v, total) in sums {
        totals.append(["field": .string(name), "v": .hex(v), "milliseconds": .integer(total)])
      }
      try builder.accept(
        "batch-audit-\(id)", req, flags: ["Audit"], comment,
        in: .of([
          "account_id": .hex(fixture.accountID),
          "members": .array(
            [fixture.agent, fixture.other].map {
              ["agent_id": .hex($0.agentID), "verify_key": .hex($0.verifyKey)]
            }), "agent_id": .hex((agent ?? fixture.agent).agentID), "state_counter": .integer(stateCounter),
          "start": checkpoint(start), "batches": .array(batches.map { .hex($0) }),
        ]),
        out: .of([
          "findings": .array(findings.map { ["batch": .integer($0.0), "code": .code($0.1)] }),
          "totals": .array(totals), "end": checkpoint(end),
        ]))
    }
    let none: (UInt64, [UInt8], UInt64) = (0, .zeros(32), 0)
    let (at1, at2) = ((UInt64(1), SHA256.hash(first), UInt64(1)), (UInt64(2), SHA256.hash(second), UInt64(2)))
    let at3 = (UInt64(3), SHA256.hash(third), UInt64(2))
    try audit("nothing", ["R-16.2-1"], "No batches.", [], [], end: none)
    try audit(
      "three", ["R-16.2-1"], "Three batches; the totals are sums of durations.", [first, second, third], [],
      a: 1_200, b: 230, end: at3)
    let typed = try batch(
      fixture, sequence: 1,
      [
        record(kind: 5, duration: 1_000, [a, blobReference("keystrokes")]),
        record(kind: 9, duration: 200, [blobReference("camera shot", field: 20)]),
      ])
    try audit(
      "blobs", ["R-16.2-1"], "References to blobs have no totals.", [typed], [], a: 1_000,
      end: (1, SHA256.hash(typed), 1))
    try audit(
      "blob-digest-edited", ["R-16.2-3"], "The service put another blob's digest in.",
      [typed.flipped(typed.count - 65)], [(0, .signatureInvalid)], end: none)
    try audit(
      "blob-field-of-a-token", ["R-16.2-2"], "A field that is none of a blob, signed.",
      [try fixture.agent.sign(typed.with([5], at: typed.count - 64 - 41))], [(0, .unknownValue)], end: none)
    try audit(
      "goes-on", ["R-16.2-1"], "An audit goes on where the last ended.", [third], [], b: 30, end: at3,
      start: at2)
    try audit(
      "garbage-between", ["R-16.2-2"], "What is no batch is a finding; the audit goes on.",
      [first, Array("off".utf8), second], [(1, .badMagic)], a: 1_200, b: 200, end: at2)
    try audit(
      "cut-batch", ["R-16.2-2"], "A batch is cut.", [first, [UInt8](second.dropLast())], [(1, .truncated)],
      a: 1_000, end: at1)
    try audit(
      "of-another-account", ["R-16.2-2"], "A batch of another account.",
      [try fixture.agent.sign(first.with(fixture.other.accountID, at: 4))], [(0, .wrongAccount)], end: none)
    try audit(
      "of-unknown-agent", ["R-16.2-3"], "An agent that the vault does not know.",
      [try fixture.agent.sign(first.with(.zeros(16), at: 24))], [(0, .unknownAgent)], end: none)
    try audit(
      "of-another-agent", ["R-16.2-3"], "A batch of another member.",
      [try batch(fixture, by: fixture.other, sequence: 1, [record(duration: 1, [a])])],
      [(0, .wrongRecipient)],
      end: none)
    try audit(
      "duration-edited", ["R-16.2-1", "R-16.2-3"], "The service made a duration longer.",
      [first.flipped(91 + 12)], [(0, .signatureInvalid)], end: none)
    let rows = [record(duration: 1_000, [a]), record(duration: 5, [a])]
    let ordered = try batch(fixture, sequence: 1, rows)
    let reordered = try batch(fixture, sequence: 1, rows.reversed())
    try audit(
      "rows-swapped", ["R-16.2-1", "R-16.2-3"], "The service swapped two rows of a batch.",
      [[UInt8](reordered.dropLast(64)) + ordered.suffix(64)], [(0, .signatureInvalid)], end: none)
    for fault in try SignatureFault.all(of: first, by: fixture.agent, other: fixture.other) {
      try audit(
        fault.name, ["R-16.2-3", "R-6-1"], fault.comment, [fault.message], [(0, .signatureInvalid)],
        end: none)
    }
    try audit(
      "sequence-0", ["R-16.1-1"], "Batches are numbered from 1.",
      [try batch(fixture, sequence: 0, [record(duration: 1, [a])])], [(0, .sequenceRepeat)], end: none)
    try audit(
      "repeated", ["R-16.2-1"], "A batch twice counts once.", [first, second, second, first, third],
      [(2, .sequenceRepeat), (3, .sequenceRepeat)], a: 1_200, b: 230, end: at3)
    try audit(
      "repeated-before-start", ["R-16.2-1"], "A batch that was counted in an audit before.", [first, third],
      [(0, .sequenceRepeat)], b: 30, end: at3, start: at2)
    let forked = try batch(
      fixture, sequence: 2, previous: SHA256.hash(first), stateCounter: 2, [record(duration: 999, [a])])
    try audit(
      "forked", ["R-16.2-2"], "Two batches with one number.", [first, second, forked], [(2, .sequenceFork)],
      a: 1_200, b: 200, end: at2)
    try audit(
      "dropped", ["R-16.2-2"], "A batch is missing: noted, and the next one counts.", [first, third],
      [(1, .sequenceGap)], a: 1_000, b: 30, end: at3)
    try audit(
      "swapped", ["R-16.2-2"], "Two batches in the wrong order.", [second, first],
      [(0, .sequenceGap), (1, .sequenceRepeat)], a: 200, b: 200, end: at2)
    let unchained = try batch(fixture, sequence: 2, stateCounter: 2, [record(duration: 5, [a])])
    try audit(
      "chain-broken", ["R-16.1-1"], "A batch that names another before it does not count.",
      [first, unchained, second], [(1, .chainBroken)], a: 1_200, b: 200, end: at2)
    let rolledBack = try batch(
      fixture, sequence: 3, previous: SHA256.hash(second), stateCounter: 1, [record(duration: 5, [a])])
    try audit(
      "state-counter-back", ["R-16.1-3"], "The agent's state went back.", [first, second, rolledBack],
      [(2, .counterRollback)], a: 1_200, b: 200, end: at2)
    try audit(
      "state-withheld", ["R-16.1-3", "R-16.2-2"],
      "The agent knows a state that the service keeps from the auditor.", [first, second],
      [(1, .stateWithheld)], a: 1_200, b: 200, end: at2, stateCounter: 1)
    let mixed = try batch(
      fixture, sequence: 2, previous: SHA256.hash(first), stateCounter: 2,
      [record(duration: 5, [token("a", epoch: 2)])])
    try audit(
      "token-of-another-epoch", ["R-16.1-2"], "A token is of another epoch.", [first, mixed],
      [(1, .epochMismatch)], a: 1_000, end: at1)
    // Totals: in order of field and V, each by itself.
    func valued(_ field: UInt8, _ v: [UInt8]) -> [UInt8] {
      [1, field, 0, 0, 0, 1] + v + [0, 16] + bytes("c", 16)
    }
    let vs = [
      [UInt8](repeating: 0x7f, count: 16), .init(repeating: 0x7f, count: 15) + [0x80],
      .init(repeating: 0x80, count: 16),
    ]
    let many = try batch(
      fixture, sequence: 1,
      [
        record(duration: 1, [valued(4, .zeros(16))]), record(duration: 20, [valued(3, vs[2])]),
        record(duration: 4, [valued(3, vs[1])]), record(duration: 8, [valued(3, vs[0])]),
        record(duration: 40, [valued(1, vs[2]), valued(3, vs[2])]),
      ])
    try audit(
      "totals-in-order", ["R-16.2-1"], "By field, then by V as bytes, whatever the records' order.", [many],
      [],
      end: (1, SHA256.hash(many), 1),
      sums: [
        ("employee_name", vs[2], 40), ("window_title", vs[0], 8), ("window_title", vs[1], 4),
        ("window_title", vs[2], 60), ("url", .zeros(16), 1),
      ])
    for (name, tokens) in [
      ("first", [token("a", epoch: 2), b]), ("last", [a, token("b", field: 4, epoch: 2)]),
    ] {
      let mixed = try batch(
        fixture, sequence: 2, previous: SHA256.hash(first), stateCounter: 2, [record(duration: 5, tokens)])
      try audit(
        "\(name)-token-of-another-epoch", ["R-16.1-2"], "One of two tokens is of another epoch.",
        [first, mixed],
        [(1, .epochMismatch)], a: 1_000, end: at1)
    }
    let ofOther = try batch(fixture, by: fixture.other, sequence: 1, [record(duration: 7, [a])])
    try audit(
      "of-the-second-member", ["R-16.2-3"], "Each member has its key.", [ofOther], [], a: 7,
      end: (1, SHA256.hash(ofOther), 1), of: fixture.other)
    try audit(
      "order-agent-before-signature", ["R-16.2-3"], "Whose batch it is comes before its signature.",
      [ofOther.flipped(ofOther.count - 1)], [(0, .wrongRecipient)], end: none)
    try audit(
      "order-signature-before-sequence", ["R-16.2-3"], "A batch that was counted, with a wrong signature.",
      [first, first.flipped(first.count - 1)], [(1, .signatureInvalid)], a: 1_000, end: at1)
    let far = try batch(
      fixture, sequence: 1 << 32, previous: SHA256.hash(first), stateCounter: 2, [record(duration: 3, [a])])
    try audit(
      "sequence-above-32-bits", ["R-16.1-1"], "Numbers have more than 32 bits.", [far], [], a: 3,
      end: (1 << 32, SHA256.hash(far), 2), start: (1 << 32 - 1, SHA256.hash(first), 1))
    try audit(
      "forked-at-start", ["R-16.2-2"], "Another batch with the number that the last audit ended with.",
      [forked, third], [(0, .sequenceFork)], b: 30, end: at3, start: at2)
    let almost = try batch(
      fixture, sequence: 2, previous: SHA256.hash(first).flipped(31), stateCounter: 2,
      [record(duration: 5, [a])])
    try audit(
      "chain-broken-in-the-last-byte", ["R-16.1-1"], "The last byte of the hash is wrong.", [first, almost],
      [(1, .chainBroken)], a: 1_000, end: at1)
    let rootless = try batch(
      fixture, sequence: 1, previous: bytes("previous", 32), [record(duration: 5, [a])])
    try audit(
      "first-with-previous", ["R-16.1-1"], "The first batch names one before it.", [rootless],
      [(0, .chainBroken)],
      end: none)
    let both = try batch(
      fixture, sequence: 3, previous: .zeros(32), stateCounter: 1, [record(duration: 5, [a])])
    try audit(
      "order-chain-before-state-counter", ["R-16.2-2"], "The chain is looked at before the state counter.",
      [first, second, both], [(2, .chainBroken)], a: 1_200, b: 200, end: at2)
    let forkedMixed = try batch(fixture, sequence: 1, [record(duration: 5, [token("a", epoch: 2)])])
    try audit(
      "order-sequence-before-epochs", ["R-16.2-2"], "The number is looked at before the tokens.",
      [first, forkedMixed], [(1, .sequenceFork)], a: 1_000, end: at1)
    let gapMixed = try batch(
      fixture, sequence: 5, previous: .zeros(32), stateCounter: 2,
      [record(duration: 5, [token("a", epoch: 2)])]
    )
    try audit(
      "gap-and-epoch", ["R-16.2-2"], "Two findings of one batch.", [first, gapMixed],
      [(1, .sequenceGap), (1, .epochMismatch)], a: 1_000, end: at1)
    try audit(
      "gap-and-withheld", ["R-16.2-2"], "Two findings of a batch that counts.", [first, third],
      [(1, .sequenceGap), (1, .stateWithheld)], a: 1_000, b: 30, end: at3, stateCounter: 1)
    let long = try batch(
      fixture, sequence: 1, [record(duration: .max, [a]), record(duration: .max, [a])])
    try audit(
      "sum-above-32-bits", ["R-16.2-1"], "Sums have 64 bits.", [long], [], a: 2 * UInt64(UInt32.max),
      end: (1, SHA256.hash(long), 1))
  }

  private static func buildSpoolRecover(_ builder: inout FamilyBuilder) throws {
    let fixture = try Fixture.made.get()
    let agent = fixture.agent
    let agentKey = try fixture.key("agent", 1, agent: agent.agentID)
    let spoolKey = try Fixture.derive(
      agentKey, "spool", Fixture.joined(fixture.accountID, [0, 0, 0, 1], agent.agentID))
    let header = Fixture.joined(Fixture.header(10, fixture.accountID, 1), agent.agentID, be(1, 8))
    func frame(_ index: UInt32, _ previous: [UInt8], _ payload: [UInt8], header own: [UInt8]? = nil) throws
      -> [UInt8]
    {
      let head = Fixture.joined(
        Array("EKfr".utf8), be(index, 4), be(payload.count + 72, 4), previous)
      let sealed = try Fixture.seal(
        payload, key: spoolKey, context: (own ?? header) + head, salt: bytes("frame \(index)", 24))
      return Fixture.joined(head, [UInt8](Fixture.hash("frame-check", head)[..<8]), sealed)
    }
    let payloads = [Array("first".utf8), Array("second".utf8), Array("third".utf8)]
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
          "agent_key": .hex(agentKey), "account_id": .hex(fixture.accountID), "epoch": 1,
          "agent_id": .hex(agent.agentID), "segment": .hex(segment),
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
      "of-another-epoch", "A segment of an epoch without keys.", whole.with([2], at: 23), [], error: .noGrant)
    for left in 1..<three.count {
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
      "length-2-to-24-at-the-end", "Such a length in the last frame: damaged, not torn.",
      Fixture.joined(header, one, reframed(two, be(1 << 24, 4), at: 8)), [0],
      damage: [(at2, two.count, .badFrame)])
    let long = try frame(1, SHA256.hash(one), bytes("long payload", 1_000))
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
      whole.with(.zeros(36), at: 4).with([0, 0, 0, 1], at: 20), [],
      error: .wrongAccount)
    let foreign = try frame(
      1, SHA256.hash(one), payloads[1], header: header.with([2], at: 47))
    try recover(
      "frame-of-another-segment", "A frame was moved here from another segment.", header + one + foreign, [0],
      damage: [(at2, foreign.count, .frameOpenFailed)])
  }
}
