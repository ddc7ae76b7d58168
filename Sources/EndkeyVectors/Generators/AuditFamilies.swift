internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeySuite
internal import EndkeyWire
internal import TestPrimitives

extension Family {
  static let audits: [Family] = [
    Family("batch/audit", flags: [auditFlag]) { builder in try buildAudit(&builder) }
  ]

  private static let auditFlag = VectorFile.Flag(
    "Audit", bugType: "MISSING_CHECK",
    effect: "the service or an agent drops, repeats, edits or dates back batches, and totals are wrong",
    refs: ["R-16.2-1", "R-16.2-2"])

  private typealias Finding = (batch: Int?, sequence: UInt64?, code: ErrorCode)
  private typealias Mark = (sequence: UInt64, hash: [UInt8], generation: UInt32, counter: UInt64)

  /// What is shown as erased, newest first, and what retention took last, where that is not what the vault says.
  private struct Gone {
    var ranges: [ClosedRange<UInt64>] = []
    var kept: (sequence: UInt64, hash: [UInt8])?
  }

  private static func buildAudit(_ builder: inout FamilyBuilder) throws {
    let stage = try AuditStage()
    let (fixture, agent, other) = (stage.fixture, stage.fixture.agent, stage.fixture.other)
    func audit(
      _ id: String, _ req: [String], _ comment: String, _ batches: [[UInt8]], _ findings: [Finding] = [],
      counted: [[UInt8]]? = nil, mark: Mark? = nil, from start: Mark = (0, .zeros(32), 0, 0),
      totals: JSONValue? = nil, gone: Gone = Gone(), _ edit: (inout JSONObject) -> Void = { _ in }
    ) throws {
      var input = try stage.input(batches, mark: start)
      edit(&input)
      let kept = gone.kept.map { AuditStage.json(kept: $0) } ?? input["kept"] ?? .null
      let end = mark ?? stage.mark(counted ?? batches, start)
      try builder.accept(
        "batch-audit-\(id)", req, flags: ["Audit"], comment, in: input,
        out: .of([
          "findings": .array(
            findings.map {
              [
                "batch": $0.batch.map { .integer($0) } ?? .null,
                "sequence": $0.sequence.map { .integer($0) } ?? .null, "code": .code($0.code),
              ]
            }), "totals": totals ?? stage.totals(counted ?? batches), "mark": AuditStage.json(end),
          "erased": .array(
            gone.ranges.map { ["first": .integer($0.lowerBound), "last": .integer($0.upperBound)] }),
          "kept": kept,
        ]))
    }
    let one = try stage.batch(1)
    let two = try stage.batch(2, after: one)
    let three = try stage.batch(3, after: two)
    let four = try stage.batch(4, after: three)
    // What counts.
    try audit("whole", ["R-16.2-1"], "Four batches.", [one, two, three, four])
    try audit("none", ["R-16.2-1"], "No batch.", [])
    try audit(
      "any-order", ["R-16.2-5"], "Places mean nothing.", [three, one, four, two], mark: stage.mark([four]))
    let turned = try stage.batch(2, after: one) {
      ($0.state, $0.counter, $0.epoch) = (stage.notes[2].hash, 3, 2)
    }
    try audit(
      "of-two-epochs", ["R-16.2-6"], "A batch under a state of another epoch.", [one, turned],
      mark: (2, SHA256.hash(turned), 5, 3))
    let lying = try stage.batch(1) { ($0.generation, $0.counter) = (9, 99) }
    try audit(
      "note-decides-not-numbers", ["R-16.2-6"], "The batch's numbers are wrong, its hash is noted.", [lying],
      mark: (1, SHA256.hash(lying), 5, 1))
    let start: Mark = (2, SHA256.hash(two), 5, 1)
    // History.
    try audit(
      "history", ["R-16.2-5"], "Batches before the mark are history: their hashes prove them.",
      [one, two, three], mark: stage.mark([three]), from: start)
    let unsigned = try stage.batch(2, after: one).flipped(two.count - 1)
    try audit(
      "history-needs-no-signature", ["R-16.2-5"], "History is proved by the mark.", [one, unsigned],
      mark: (2, SHA256.hash(unsigned), 5, 1), from: (2, SHA256.hash(unsigned), 5, 1))
    try audit(
      "history-missing", ["R-16.2-2"], "The batch at the mark is missing.", [one],
      [(0, nil, .chainBroken), (nil, 2, .sequenceGap)], counted: [], mark: start, from: start)
    let none: Mark = ((1 << 53) - 1, bytes("no batch", 32), .max, (1 << 53) - 1)
    try audit(
      "mark-of-no-batch", ["R-16.2-8"], "Somebody wrote a mark that no batch comes up to.", [one, two],
      [(0, nil, .chainBroken), (1, nil, .chainBroken), (nil, none.sequence, .sequenceGap)], counted: [],
      mark: none,
      from: none)
    try audit(
      "history-first-missing", ["R-16.2-2"], "The first batch is missing.", [two, three],
      [(nil, 1, .sequenceGap)], mark: stage.mark([three]), from: start)
    func kept(_ number: UInt64, _ hash: [UInt8]) -> (inout JSONObject) -> Void {
      { $0["kept"] = AuditStage.json(kept: (number, hash)) }
    }
    try audit(
      "history-kept", ["R-16.5-3"], "Retention took the first batch.", [two, three],
      mark: stage.mark([three]), from: start, gone: Gone(ranges: [1...1]), kept(1, SHA256.hash(one)))
    try audit(
      "history-kept-otherwise", ["R-16.2-2"], "What retention took is another batch.", [two, three],
      [(nil, 1, .chainBroken)], mark: stage.mark([three]), from: start, gone: Gone(ranges: [1...1]),
      kept(1, SHA256.hash(two)))
    func erasure(_ first: Int, _ last: Int, _ before: [UInt8], _ hash: [UInt8]) -> JSONValue {
      [
        "first": .integer(first), "last": .integer(last), "before_hash": .hex(before),
        "last_hash": .hex(hash),
      ]
    }
    let far: Mark = (4, SHA256.hash(four), 5, 1)
    // What retention is said to have taken counts where it is there.
    let line = [one, two, three, four]
    for number in 1...4 {
      let hash = SHA256.hash(line[number - 1])
      try audit(
        "kept-\(number)-and-given", ["R-16.5-5"],
        "All is there that retention is said to have taken: it counts.",
        line, mark: far, from: far, kept(UInt64(number), hash))
      try audit(
        "kept-\(number)-otherwise-and-given", ["R-16.2-2", "R-16.5-5"],
        "What retention is said to have taken is another batch: the walk goes on by the line.", line,
        [(nil, UInt64(number), .chainBroken)], mark: far, from: far, kept(UInt64(number), .zeros(32)))
      var rest = line
      rest.remove(at: number - 1)
      try audit(
        "kept-4-and-\(number)-missing", ["R-16.5-3", "R-16.5-5"],
        "One of what retention is said to have taken is missing: it and what is before it is gone.", rest,
        counted: Array(line[number...]), mark: far, from: far, gone: Gone(ranges: [1...UInt64(number)]),
        kept(4, SHA256.hash(four)))
    }
    try audit(
      "kept-below-a-gap", ["R-16.2-2"], "A batch is missing above what retention took.", [one, two, four],
      [(0, nil, .chainBroken), (1, nil, .chainBroken), (nil, 3, .sequenceGap)], counted: [four], mark: far,
      from: far, kept(2, SHA256.hash(two)))
    try audit(
      "history-erased", ["R-16.5-3"], "The vault notes that two batches were erased.", [one, four],
      mark: far, from: far, gone: Gone(ranges: [2...3])
    ) {
      $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(three))]
    }
    try audit(
      "history-erased-and-given", ["R-16.5-3"], "An erased batch is given: passed over.", [one, two, four],
      counted: [one, four], mark: far, from: far, gone: Gone(ranges: [2...3])
    ) {
      $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(three))]
    }
    try audit(
      "history-erased-over-kept", ["R-16.5-5"],
      "An Erasure reaches below what retention is said to have taken: what is before it counts.",
      [one, four],
      mark: far, from: far, gone: Gone(ranges: [2...3])
    ) {
      $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(three))]
      kept(2, SHA256.hash(two))(&$0)
    }
    try audit(
      "history-erased-otherwise", ["R-16.2-2"], "The vault notes another batch as erased.", [one, four],
      [(0, nil, .chainBroken), (nil, 3, .sequenceGap)], counted: [four], mark: far, from: far
    ) {
      $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(two))]
    }
    try audit(
      "history-erased-otherwise-and-given", ["R-16.2-2"],
      "The line does not lead to what the vault notes as erased: a batch within is not passed over.",
      [one, two, four], [(0, nil, .chainBroken), (1, nil, .chainBroken), (nil, 3, .sequenceGap)],
      counted: [four], mark: far, from: far
    ) {
      $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(two))]
    }
    let fifth = try stage.batch(5, after: four)
    let late: Mark = (5, SHA256.hash(fifth), 5, 1)
    try audit(
      "history-erased-at-two-places", ["R-16.5-3"],
      "Two batches were erased, and both are given: passed over.",
      [one, two, three, four, fifth], counted: [one, three, fifth], mark: late, from: late,
      gone: Gone(ranges: [4...4, 2...2])
    ) {
      $0["erasures"] = [
        erasure(2, 2, SHA256.hash(one), SHA256.hash(two)),
        erasure(4, 4, SHA256.hash(three), SHA256.hash(four)),
      ]
    }
    // What was erased is passed over once it is known whose it is.
    for (id, code, edit) in [
      ("of-another-account", ErrorCode.wrongAccount, { $0.account = other.accountID }),
      ("of-a-stranger", .unknownAgent, { $0.agent = fixture.deputy }),
      ("of-another-member", .wrongRecipient, { $0.agent = other }), ("unsigned", .signatureInvalid, { _ in }),
    ] as [(String, ErrorCode, (inout FixtureBatch) -> Void)] {
      func bad(_ number: UInt64) throws -> [UInt8] {
        let batch = try stage.batch(number, after: one, edit)
        return code == .signatureInvalid ? batch.flipped(batch.count - 1) : batch
      }
      try audit(
        "order-\(id)-before-kept", ["R-16.2-2", "R-16.5-3"], "It would be passed over, were it the member's.",
        [bad(1), two, three], [(0, nil, code)], counted: [two, three], mark: stage.mark([three]), from: start,
        gone: Gone(ranges: [1...1]), kept(1, SHA256.hash(one)))
      try audit(
        "order-\(id)-before-erased", ["R-16.2-2", "R-16.5-3"],
        "It would be passed over, were it the member's.",
        [one, bad(2), four], [(1, nil, code)], counted: [one, four], mark: far, from: far,
        gone: Gone(ranges: [2...3])
      ) {
        $0["erasures"] = [erasure(2, 3, SHA256.hash(one), SHA256.hash(three))]
      }
    }
    // Numbers of many bits, upwards and downwards.
    for (id, border) in [("24", 1 << 24), ("31", 1 << 31), ("32", 1 << 32), ("53", 1 << 53 - 5)]
      as [(String, UInt64)]
    {
      func at(_ number: UInt64) -> Mark { (number, SHA256.hash(two), 5, 1) }
      func kept(_ mark: Mark) -> (inout JSONObject) -> Void {
        { $0["kept"] = AuditStage.json(kept: (mark.sequence, mark.hash)) }
      }
      let next = try stage.batch(border, after: two)
      try audit(
        "number-reaches-\(id)-bits", ["R-16.2-2", "R-2.2-6"], "The next number has a bit more.", [next],
        mark: stage.mark([next]), from: at(border - 1), gone: Gone(ranges: [1...border - 1]),
        kept(at(border - 1)))
      let far = try stage.batch(border + 3, after: two)
      try audit(
        "number-jumps-over-\(id)-bits", ["R-16.2-2", "R-2.2-6"],
        "A far greater number, whose lower bits are below those of the mark.", [far],
        [(0, nil, .sequenceGap)],
        mark: stage.mark([far]), from: at(5), gone: Gone(ranges: [1...5]), kept(at(5)))
      try audit(
        "mark-missing-above-\(id)-bits", ["R-16.2-2", "R-2.2-6"], "Retention ended far below the mark.", [],
        [(nil, border + 3, .sequenceGap)], counted: [], mark: at(border + 3), from: at(border + 3),
        kept(at(5)))
      try audit(
        "erased-above-\(id)-bits", ["R-16.5-3", "R-2.2-6"], "What was erased ends far above the mark.", [],
        [(nil, border + 3, .erasedUnseen)], counted: [], mark: at(5), from: at(5), gone: Gone(ranges: [1...5])
      ) {
        kept(at(5))(&$0)
        $0["erased"] = [["first": .integer(border + 1), "last": .integer(border + 3)]]
      }
      let low = try stage.batch(5, after: two)
      try audit(
        "number-back-below-\(id)-bits", ["R-16.2-2", "R-2.2-6"],
        "A far lower number, whose lower bits are above those of the mark.", [low], counted: [],
        mark: at(border + 3), from: at(border + 3), gone: Gone(ranges: [1...border + 3]), kept(at(border + 3))
      )
    }
    // Erased, unseen.
    func range(_ first: Int, _ last: Int) -> JSONValue { ["first": .integer(first), "last": .integer(last)] }
    try audit(
      "erased-unseen", ["R-16.5-3"], "The service erased what no audit has counted.", [one],
      [(nil, 3, .erasedUnseen)], mark: stage.mark([one])
    ) { $0["erased"] = [range(2, 3)] }
    try audit(
      "erased-below-the-mark", ["R-16.5-3"], "What was audited may be erased.", [], [(nil, 2, .sequenceGap)],
      counted: [], mark: start, from: start
    ) { $0["erased"] = [range(1, 2)] }
    try audit(
      "erased-over-the-mark", ["R-16.5-3"], "The range ends above the mark.", [two, one],
      [(nil, 3, .erasedUnseen)], mark: start, from: start
    ) { $0["erased"] = [range(2, 3)] }
    try audit(
      "erased-twice", ["R-16.5-3"], "Two ranges: the greater number comes first.", [],
      [(nil, 9, .erasedUnseen), (nil, 3, .erasedUnseen)], counted: [], mark: (0, .zeros(32), 0, 0)
    ) { $0["erased"] = [range(2, 3), range(8, 9)] }

    // Each step, at the first, middle and last place. `keeps` is whether it counts.
    func fault(
      _ id: String, _ req: String, _ comment: String, _ bad: [UInt8], _ code: ErrorCode, at place: Int = 1
    ) throws {
      for (name, batches, index) in [
        ("first", [bad, one, two], 0), ("middle", [one, bad, two], 1), ("last", [one, two, bad], 2),
      ] {
        try audit(
          "\(id)-\(name)", [req, "R-16.2-2"], comment, batches, [(index, nil, code)], counted: [one, two],
          mark: stage.mark([two]))
      }
    }
    try fault("cut", "R-16.2-2", "A batch without its last byte.", [UInt8](three.dropLast()), .truncated)
    try fault(
      "of-another-account", "R-16.2-2", "A batch of another account.",
      stage.batch(3, after: two) { $0.account = other.accountID }, .wrongAccount)
    try fault(
      "of-a-stranger", "R-16.2-3", "A batch of no member.",
      stage.batch(3, after: two) { $0.agent = fixture.deputy }, .unknownAgent)
    try fault(
      "of-another-member", "R-16.2-3", "A batch of another member.",
      stage.batch(3, after: two) { $0.agent = other }, .wrongRecipient)
    try fault(
      "signature-flipped", "R-16.2-3", "The signature is wrong.", three.flipped(three.count - 1),
      .signatureInvalid)
    try fault("signed-by-another", "R-16.2-3", "Another member signed.", other.sign(three), .signatureInvalid)
    try audit(
      "number-0", ["R-16.2-2"], "Number 0 is no batch's, and nothing is known of it.",
      [one, stage.batch(0)], [(1, nil, .chainBroken)], counted: [one], mark: stage.mark([one]))
    try audit(
      "request-missing", ["R-16.2-3"], "The member's request is missing.", [one, two],
      [(0, nil, .unknownAgent), (1, nil, .unknownAgent)], counted: [], mark: (0, .zeros(32), 0, 0)
    ) {
      $0["members"] = [["agent_id": .hex(agent.agentID), "request": .null]]
    }
    let foreign = try EnrolmentSample(fixture: fixture).request(other)
    try audit(
      "request-of-another", ["R-16.2-3"], "The request is of other keys.", [one], [(0, nil, .unknownAgent)],
      counted: [], mark: (0, .zeros(32), 0, 0)
    ) {
      $0["members"] = [["agent_id": .hex(agent.agentID), "request": .hex(foreign)]]
    }
    let own = try EnrolmentSample(fixture: fixture).request()
    for (id, comment, request) in [
      ("empty", "The member's request is empty.", []),
      ("cut", "The member's request is cut.", own.dropLast()),
      ("and-more", "A byte behind the member's request.", own + [0]),
      ("of-another-type", "The member's request is another message.", own.with([4], at: 3)),
    ] as [(String, String, [UInt8])] {
      try audit(
        "request-\(id)", ["R-16.2-3"], comment, [one], [(0, nil, .unknownAgent)], counted: [],
        mark: (0, .zeros(32), 0, 0)
      ) {
        $0["members"] = [["agent_id": .hex(agent.agentID), "request": .hex(request)]]
      }
    }
    // Comparisons of a part, or one way only.
    for (name, bad) in three.neighbours(in: 4..<20) {
      try audit(
        "account-\(name)", ["R-16.2-2"], "The account differs in a byte.", [one, two, agent.sign(bad)],
        [(2, nil, .wrongAccount)], counted: [one, two], mark: stage.mark([two]))
    }
    for (name, id) in agent.agentID.neighbours {
      let bad = try agent.sign(three.with(id, at: 24))
      try audit(
        "stranger-\(name)", ["R-16.2-3"], "The agent's id differs in a byte, and is no member's.",
        [one, two, bad],
        [(2, nil, .unknownAgent)], counted: [one, two], mark: stage.mark([two]))
      try audit(
        "member-\(name)", ["R-16.2-3"], "The agent's id differs in a byte, and is another member's.",
        [one, two, bad], [(2, nil, .wrongRecipient)], counted: [one, two], mark: stage.mark([two])
      ) {
        $0["members"] = [
          ["agent_id": .hex(agent.agentID), "request": .hex(own)],
          ["agent_id": .hex(id), "request": .hex(own)],
        ]
      }
      try audit(
        "request-whose-id-is-\(name)", ["R-16.2-3"],
        "The keys of the request make an id that differs in a byte.",
        [bad], [(0, nil, .unknownAgent)], counted: [], mark: (0, .zeros(32), 0, 0)
      ) {
        $0["members"] = [["agent_id": .hex(id), "request": .hex(own)]]
        $0["agent_id"] = .hex(id)
      }
    }
    for (name, bad) in two.neighbours(in: 4..<20) {
      let foreign = try agent.sign(bad)
      let mark: Mark = (2, SHA256.hash(foreign), 5, 1)
      try audit(
        "mark-of-account-\(name)", ["R-16.2-2"],
        "The batch of the mark's hash is of an account that differs in a byte.",
        [foreign], [(0, nil, .wrongAccount), (nil, 2, .sequenceGap)], counted: [], mark: mark, from: mark)
    }
    let strange = try stage.batch(3, after: two) {
      ($0.account, $0.agent) = (other.accountID, fixture.deputy)
    }
    try audit(
      "order-account-before-agent", ["R-16.2-2"], "A batch of another account, and of no member.",
      [one, two, strange],
      [(2, nil, .wrongAccount)], counted: [one, two], mark: stage.mark([two]))
    for (name, request) in own.neighbours(in: 4..<20) {
      try audit(
        "request-of-account-\(name)", ["R-16.2-3"], "The account of the request differs in a byte.", [one],
        [(0, nil, .unknownAgent)], counted: [], mark: (0, .zeros(32), 0, 0)
      ) {
        $0["members"] = [["agent_id": .hex(agent.agentID), "request": .hex(request)]]
      }
    }
    for (name, hash) in SHA256.hash(one).neighbours {
      try audit(
        "previous-\(name)", ["R-16.2-2"], "The hash of the batch before differs in a byte.",
        [one, stage.batch(2) { $0.previous = hash }], [(1, nil, .chainBroken)], counted: [one])
      try audit(
        "kept-\(name)", ["R-16.2-2"], "The hash of what retention took differs in a byte.", [two, three],
        [(nil, 1, .chainBroken)], mark: stage.mark([three]), from: start, gone: Gone(ranges: [1...1]),
        kept(1, hash))
    }
    for (name, hash) in SHA256.hash(two).neighbours {
      let mark: Mark = (2, hash, 5, 1)
      try audit(
        "mark-\(name)", ["R-16.2-2"],
        "The mark's hash differs in a byte from that of the batch of its number.",
        [two], [(0, nil, .sequenceFork), (nil, 2, .sequenceGap)], counted: [], mark: mark, from: mark)
    }
    for (name, hash) in SHA256.hash(three).neighbours {
      try audit(
        "erased-\(name)", ["R-16.2-2"], "The hash of what was erased differs in a byte from the line's.",
        [four],
        [(nil, 3, .sequenceGap)], counted: [four], mark: far, from: far
      ) {
        $0["erasures"] = [erasure(2, 3, SHA256.hash(one), hash)]
      }
    }
    for (name, hash) in stage.notes[0].hash.neighbours {
      let under = try stage.batch(1) { $0.state = hash }
      try audit(
        "state-\(name)", ["R-16.2-6"], "The state's hash differs in a byte from that of every note.", [under],
        [(0, nil, .stateFork)], mark: (1, SHA256.hash(under), 0, 0))
    }
    // Step 5.
    try audit(
      "repeated", ["R-16.2-5"], "A batch stands twice.", [one, two, one], [(2, nil, .sequenceRepeat)],
      counted: [one, two], mark: stage.mark([two]))
    let fork = try stage.batch(1) { $0.made += 1 }
    try audit(
      "forked", ["R-16.2-5"], "Two batches of one number: the first given counts.", [one, fork, two],
      [(1, nil, .sequenceFork)], counted: [one, two], mark: stage.mark([two]))
    try audit(
      "forked-the-other-way", ["R-16.2-5"], "The other stands first, and the chain goes on from it.",
      [fork, one, two], [(1, nil, .sequenceFork), (2, nil, .chainBroken)], counted: [fork],
      mark: stage.mark([fork]))
    try audit(
      "history-forked", ["R-16.2-5"], "Another batch of a number that is history.", [one, fork, two],
      [(1, nil, .sequenceFork)], counted: [one, two], mark: start, from: start)
    try audit(
      "history-repeated", ["R-16.2-5"], "A batch of history twice.", [one, two, one],
      [(2, nil, .sequenceRepeat)], counted: [one, two], mark: start, from: start)
    // Step 6.
    for status in ["retired", "removed"] {
      try audit(
        "member-\(status)", ["R-16.2-4"], "A batch after the mark of a member that is gone.",
        [one, two, three], [(2, nil, .revoked)], counted: [one, two], mark: start, from: start
      ) { $0["status"] = .string(status) }
      for (id, code, more) in [
        ("repeat", ErrorCode.sequenceRepeat, two), ("fork", .sequenceFork, try stage.batch(2)),
      ] {
        try audit(
          "order-\(id)-before-\(status)", ["R-16.2-2", "R-16.2-4"], "What was counted stays what it was.",
          [one, two, more], [(2, nil, code)], counted: [one, two], mark: start, from: start
        ) { $0["status"] = .string(status) }
      }
      try audit(
        "order-\(status)-before-chain", ["R-16.2-2", "R-16.2-4"], "That the member is gone is said first.",
        [one, two, stage.batch(3)], [(2, nil, .revoked)], counted: [one, two], mark: start, from: start
      ) { $0["status"] = .string(status) }
    }
    // Steps 7 and 8.
    try audit(
      "gap", ["R-16.2-2"], "The second batch is missing: noted, and the third counts.", [one, three, four],
      [(1, nil, .sequenceGap)], mark: stage.mark([four]))
    try audit(
      "gap-at-the-start", ["R-16.2-2"], "The first batch is missing.", [two, three], [(0, nil, .sequenceGap)],
      mark: stage.mark([three]))
    let unlinked = try stage.batch(2, after: three)
    try audit(
      "unlinked", ["R-16.1-1"], "The second batch names another: not counted, so the third is a gap.",
      [one, unlinked, three], [(1, nil, .chainBroken), (2, nil, .sequenceGap)], counted: [one, three],
      mark: stage.mark([three]))
    let rooted = try stage.batch(1, after: two)
    try audit(
      "first-with-previous", ["R-16.1-1"], "The first batch names one before it.", [rooted],
      [(0, nil, .chainBroken)], counted: [], mark: (0, .zeros(32), 0, 0))
    // Steps 9 and 10.
    let withheld = try stage.batch(2, after: one) { ($0.state, $0.counter) = (bytes("unknown", 32), 99) }
    try audit(
      "state-withheld", ["R-16.2-6"], "A newer state than the vault knows: noted, and counted.",
      [one, withheld], [(1, nil, .stateWithheld)], mark: (2, SHA256.hash(withheld), 5, 1))
    let newGeneration = try stage.batch(2, after: one) {
      ($0.state, $0.generation, $0.counter) = (bytes("unknown", 32), 6, 0)
    }
    try audit(
      "state-withheld-of-a-generation", ["R-16.2-6"], "A greater generation than the vault knows.",
      [one, newGeneration], [(1, nil, .stateWithheld)], mark: (2, SHA256.hash(newGeneration), 5, 1))
    let forkedState = try stage.batch(2, after: one) { ($0.state, $0.counter) = (bytes("unknown", 32), 3) }
    try audit(
      "state-forked", ["R-16.2-6"], "A state that the vault does not know, and not above its newest.",
      [one, forkedState], [(1, nil, .stateFork)], mark: (2, SHA256.hash(forkedState), 5, 1))
    let newer = try stage.batch(1) { ($0.state, $0.counter) = (stage.notes[1].hash, 2) }
    let back = try stage.batch(2, after: newer)
    try audit(
      "state-back", ["R-16.2-8"], "A batch under an older state than the one before.", [newer, back],
      [(1, nil, .counterRollback)], counted: [newer], mark: (1, SHA256.hash(newer), 5, 2))
    try audit(
      "state-below-the-mark", ["R-16.2-8"], "A batch under a state before the mark's.", [one],
      [(0, nil, .counterRollback)], counted: [], mark: (0, .zeros(32), 5, 2), from: (0, .zeros(32), 5, 2))
    // Steps 11 and 12.
    let wrongEpoch = try stage.batch(2, after: one) { ($0.state, $0.counter) = (stage.notes[2].hash, 3) }
    try audit(
      "epoch-of-another-state", ["R-16.2-6"], "The header's epoch is not the state's.", [one, wrongEpoch],
      [(1, nil, .epochMismatch)], counted: [one], mark: stage.mark([one]))
    let mixed = try stage.batch(2, after: one) {
      $0.records = try [FixtureBatch.record(duration: 5, [stage.token("x", epoch: 2)])]
    }
    try audit(
      "token-of-another-epoch", ["R-16.1-2"], "A token is not of the header's epoch.", [one, mixed],
      [(1, nil, .epochMismatch)], counted: [one], mark: stage.mark([one]))
    let spurious = try stage.batch(2, after: one) {
      $0.records = [FixtureBatch.record(duration: 5, [FixtureBatch.token("junk")])]
    }
    try audit(
      "token-that-does-not-open", ["R-16.2-7"], "A token that does not open.", [one, spurious],
      [(1, nil, .tokenOpenFailed)], counted: [one], mark: stage.mark([one]))
    try audit(
      "no-key", ["R-16.2-7"], "There is no key of the epoch.", [one], [(0, nil, .noEpochKey)], counted: [],
      mark: (0, .zeros(32), 0, 0)
    ) { $0["keys"] = [] }
    let twins = try stage.valuesOfOneV()
    let twinned = try stage.batch(1) {
      $0.records = [5, 7].enumerated().map { index, duration in
        FixtureBatch.record(duration: duration, [twins[index]])
      }
    }
    try audit(
      "two-values-of-one-v", ["R-16.2-1", "R-16.2-7", "R-16.3-1"],
      "Who has the key of tokens has made two values with one V: the whole token is the key of a total.",
      [twinned])
    // Step 13.
    let stale = try stage.batch(2, after: one) { $0.made = stage.notes[2].made + Fixture.day + 1 }
    try audit(
      "stale", ["R-16.2-6"], "Made a millisecond more than a day after a state of another epoch: noted.",
      [one, stale], [(1, nil, .stateStale)], mark: stage.mark([stale]))
    let fresh = try stage.batch(2, after: one) { $0.made = stage.notes[2].made + Fixture.day }
    try audit(
      "a-day-after", ["R-16.2-6"], "Made a day after a state of another epoch.", [one, fresh],
      mark: stage.mark([fresh]))
    try buildLines(stage, audit)
    try buildMore(stage, audit)
    try buildRetention(stage, audit)
  }

  private typealias Audit = (
    _ id: String, _ req: [String], _ comment: String, _ batches: [[UInt8]], _ findings: [Finding],
    _ counted: [[UInt8]]?, _ mark: Mark?, _ start: Mark, _ totals: JSONValue?, _ gone: Gone,
    _ edit: (inout JSONObject) -> Void
  ) throws -> Void

  /// Notes of several generations, of epochs that go back, and batches that say what is not so.
  private static func buildLines(_ stage: AuditStage, _ audit: Audit) throws {
    let none: Mark = (0, .zeros(32), 0, 0)
    let fixture = stage.fixture
    func note(
      _ generation: UInt32, _ counter: UInt64, epoch: UInt32 = 1, day: Int = 100
    ) throws -> (bytes: [UInt8], hash: [UInt8]) {
      let state = FixtureState(fixture) {
        ($0.generation, $0.counter, $0.epoch, $0.made) = (generation, counter, epoch, Fixture.day(day))
      }
      return (try state.note(), SHA256.hash(try state.bytes()))
    }
    func check(
      _ id: String, _ comment: String, notes: [(bytes: [UInt8], hash: [UInt8])],
      pair: (UInt32, UInt64) = (0, 0),
      _ batches: [[UInt8]], _ findings: [Finding] = [], counts: Bool = true, then: (UInt32, UInt64)
    ) throws {
      let end: Mark =
        counts
        ? (UInt64(batches.count), SHA256.hash(batches.last ?? []), then.0, then.1)
        : (0, .zeros(32), pair.0, pair.1)
      try audit(
        id, ["R-16.2-6"], comment, batches, findings, counts ? nil : [], end, (0, .zeros(32), pair.0, pair.1),
        nil, Gone()
      ) { $0["states"] = .hexes(notes.map(\.bytes)) }
    }
    let (old, new) = (try note(4, 9), try note(5, 1))
    let ofOld = try stage.batch(1) { ($0.state, $0.generation, $0.counter) = (old.hash, 4, 9) }
    let ofNew = try stage.batch(1) { ($0.state, $0.generation, $0.counter) = (new.hash, 5, 1) }
    try check(
      "generation-back", "A state of a lower generation than the mark's, with a greater counter.",
      notes: [old, new], pair: (5, 1), [ofOld], [(0, nil, .counterRollback)], counts: false, then: (5, 1))
    try check(
      "generation-on", "A state of a greater generation than the mark's, with a lower counter.",
      notes: [old, new], pair: (4, 9), [ofNew], then: (5, 1))
    let three = try (1...3).map { try note(5, $0) }
    let lying = try stage.batch(1) { ($0.state, $0.generation, $0.counter) = (three[1].hash, 9, 99) }
    try check(
      "back-though-it-says-otherwise", "The note is below the mark, whatever the batch says.", notes: three,
      pair: (5, 3), [lying], [(0, nil, .counterRollback)], counts: false, then: (5, 3))
    let modest = try stage.batch(1) { ($0.state, $0.generation, $0.counter) = (three[2].hash, 1, 1) }
    try check(
      "on-though-it-says-otherwise", "The note is above the mark, whatever the batch says.", notes: three,
      pair: (5, 2), [modest], then: (5, 3))
    let unknown = try stage.batch(1) {
      ($0.state, $0.generation, $0.counter) = (bytes("unknown state", 32), 5, 1)
    }
    try check(
      "unknown-state-below-the-mark", "Without a note the mark's pair is not looked at.", notes: three,
      pair: (5, 3),
      [unknown], [(0, nil, .stateFork)], then: (5, 3))
    let half = try stage.batch(1) {
      ($0.state, $0.generation, $0.counter) = (three[0].hash[..<16] + .zeros(16), 5, 1)
    }
    try check(
      "half-of-a-state", "The hash is a note's in its first half.", notes: three, [half],
      [(0, nil, .stateFork)],
      then: (0, 0))
    let backAndOtherwise = try stage.batch(1) {
      ($0.state, $0.generation, $0.counter, $0.epoch) = (three[0].hash, 5, 1, 2)
    }
    try check(
      "back-and-of-another-epoch", "The mark comes before the epoch.", notes: three, pair: (5, 3),
      [backAndOtherwise],
      [(0, nil, .counterRollback)], counts: false, then: (5, 3))
    let turned = [try note(5, 1, epoch: 2), try note(5, 2, epoch: 1, day: 101)]
    let late = try stage.batch(1) {
      ($0.state, $0.generation, $0.counter, $0.epoch) = (turned[0].hash, 5, 1, 2)
      $0.made = Fixture.day(102) + 1
    }
    try check(
      "stale-before-an-older-epoch", "The later note is of an older epoch: another all the same.",
      notes: turned,
      [late], [(0, nil, .stateStale)], then: (5, 1))
    let many = [
      try note(5, 1), try note(5, 2, epoch: 2, day: 101), try note(5, 3, epoch: 2, day: 104),
    ]
    let between = try stage.batch(1) {
      ($0.state, $0.generation, $0.counter, $0.made) = (many[0].hash, 5, 1, Fixture.day(103))
    }
    try check(
      "stale-by-one-of-two", "One later note is a day old, the last is not.", notes: many, [between],
      [(0, nil, .stateStale)], then: (5, 1))
    let early = [try note(5, 1), try note(5, 2, epoch: 2, day: 104), try note(5, 3, epoch: 2, day: 101)]
    try check(
      "stale-by-the-last-of-two", "Of two later notes, the last was made a day before.", notes: early,
      [between],
      [(0, nil, .stateStale)], then: (5, 1))
    try check(
      "unknown-state-and-one-note", "The vault has one note, of a greater pair.", notes: [three[2]],
      [unknown],
      [(0, nil, .stateFork)], then: (0, 0))
    // Several findings.
    let withheld = try stage.batch(3) {
      ($0.state, $0.generation, $0.counter) = (bytes("withheld", 32), 6, 1)
    }
    try audit(
      "two-findings-of-one-batch", ["R-16.2-2"], "A gap, and a state that is withheld: both are noted.",
      [withheld],
      [(0, nil, .sequenceGap), (0, nil, .stateWithheld)], nil, (3, SHA256.hash(withheld), 0, 0), none, nil,
      Gone()
    ) { _ in }
    let (third, fifth) = (try stage.batch(3), try stage.batch(5))
    try audit(
      "one-finding-of-two-batches", ["R-16.2-2"], "Two gaps.", [third, fifth],
      [(0, nil, .sequenceGap), (1, nil, .sequenceGap)], nil, stage.mark([fifth]), none, nil, Gone()
    ) { _ in }
  }

  /// Requests, history, tokens, totals.
  private static func buildMore(_ stage: AuditStage, _ audit: Audit) throws {
    let fixture = stage.fixture
    func check(
      _ id: String, _ req: [String], _ comment: String, _ batches: [[UInt8]], _ findings: [Finding] = [],
      counted: [[UInt8]]? = nil, mark: Mark? = nil, from start: Mark = (0, .zeros(32), 0, 0),
      totals: JSONValue? = nil, gone: Gone = Gone(), _ edit: @escaping (inout JSONObject) -> Void = { _ in }
    ) throws {
      try audit(id, req, comment, batches, findings, counted, mark, start, totals, gone, edit)
    }
    let (one, sample) = (try stage.batch(1), EnrolmentSample(fixture: fixture))
    func members(_ own: [UInt8]?) throws -> JSONValue {
      [
        ["agent_id": .hex(fixture.agent.agentID), "request": .hexOrNull(own)],
        ["agent_id": .hex(fixture.other.agentID), "request": .hex(try sample.request(fixture.other))],
      ]
    }
    let foreign = try members(
      sample.sealed(sample.request().with(fixture.other.accountID, at: 4), by: fixture.agent))
    try check(
      "request-of-another-account", ["R-16.2-3"], "The member's request is to another account.", [one],
      [(0, nil, .unknownAgent)], counted: []
    ) { $0["members"] = foreign }
    let missing = try members(nil)
    let others = try stage.batch(1) { $0.agent = fixture.other }
    try check(
      "order-other-before-request", ["R-16.2-2"], "Another member's batch, and the own request is missing.",
      [others],
      [(0, nil, .wrongRecipient)], counted: []
    ) { $0["members"] = missing }
    let halved = try stage.batch(2) { $0.previous = SHA256.hash(one)[..<16] + .zeros(16) }
    try check(
      "chained-by-half", ["R-16.2-2"], "Half of the hash before is right.", [one, halved],
      [(1, nil, .chainBroken)], counted: [one])
    // Tokens.
    func records(_ tokens: [[UInt8]]) -> [[UInt8]] {
      tokens.map { FixtureBatch.record(duration: 5, [$0]) }
    }
    let right = try ["one", "two"].map { try stage.token($0) }
    let junk = FixtureBatch.token("junk")
    for (place, tokens) in [
      ("first", [junk] + right), ("middle", [right[0], junk, right[1]]), ("last", right + [junk]),
    ] {
      let batch = try stage.batch(1) { $0.records = records(tokens) }
      try check(
        "\(place)-token-does-not-open", ["R-16.2-7"], "One of three tokens does not open.", [batch],
        [(0, nil, .tokenOpenFailed)], counted: [])
    }
    let strange = try stage.batch(1) { $0.records = records([FixtureBatch.token("x", epoch: 9)]) }
    try check(
      "token-of-an-epoch-without-key", ["R-16.1-2"], "The token's epoch comes before its key.", [strange],
      [(0, nil, .epochMismatch)], counted: [])
    // History.
    for (name, tokens, code) in [
      ("that-does-not-open", [junk], ErrorCode.tokenOpenFailed),
      ("of-another-epoch", [try stage.token("x", epoch: 2)], .epochMismatch),
    ] {
      let batch = try stage.batch(1) { $0.records = records(tokens) }
      let mark: Mark = (1, SHA256.hash(batch), 5, 1)
      try check(
        "history-token-\(name)", ["R-16.2-7"], "A batch of history is not counted without its tokens.",
        [batch],
        [(0, nil, code)], counted: [], mark: mark, from: mark)
    }
    let second = try stage.batch(2, after: one)
    let misnamed: Mark = (1, SHA256.hash(second), 5, 1)
    try check(
      "history-of-another-number", ["R-16.2-5"], "The batch of the mark's hash has another number.", [second],
      [(0, nil, .chainBroken), (nil, 1, .sequenceGap)], counted: [], mark: misnamed, from: misnamed)
    let odd = try stage.batch(1) { $0.previous = bytes("before the first", 32) }
    let oddMark: Mark = (1, SHA256.hash(odd), 5, 1)
    try check(
      "history-before-the-first", ["R-16.2-5"], "What is before the first batch of history is not looked at.",
      [odd],
      mark: oddMark, from: oddMark)
    let erased: Mark = (1, SHA256.hash(one), 5, 1)
    try check(
      "history-erased-at-the-mark", ["R-16.5-3"],
      "The batch of the mark was erased, and is given: passed over.",
      [one], counted: [], mark: erased, from: erased, gone: Gone(ranges: [1...1])
    ) {
      $0["erasures"] = [
        [
          "first": 1, "last": 1, "before_hash": .hex([UInt8].zeros(32)), "last_hash": .hex(SHA256.hash(one)),
        ]
      ]
    }
    var line = [one, second]
    for number in 3...6 { line.append(try stage.batch(UInt64(number), after: line.last)) }
    try check(
      "erased-unseen-though-given", ["R-16.5-3"],
      "What is marked as erased ends above the mark with which the audit began.", Array(line[2...]),
      [(nil, 5, .erasedUnseen), (nil, 2, .sequenceGap)], mark: stage.mark([line[5]]),
      from: (2, SHA256.hash(second), 5, 1)
    ) { $0["erased"] = [["first": 4, "last": 5]] }
    // Totals.
    let long = try stage.batch(1) { $0.records = [FixtureBatch.record(duration: .max, [right[0]])] }
    let longer = try stage.batch(2, after: long) {
      $0.records = [FixtureBatch.record(duration: .max, [right[0]])]
    }
    try check(
      "total-above-32-bits", ["R-16.2-1", "R-16.3-1"], "A total of more than 32 bits, and odd.",
      [
        long, longer,
        try stage.batch(3, after: longer) { $0.records = [FixtureBatch.record(duration: 1, [right[0]])] },
      ])
    let (title, url) = (right[0], try stage.token("two", field: 4))
    let both = try stage.batch(1) { $0.records = [FixtureBatch.record(duration: 9, [title, url])] }
    try check(
      "total-of-each-token-of-a-record", ["R-16.2-1", "R-16.3-1"], "A record with two tokens.", [both],
      totals: .array(
        PublicationStage.sorted([title, url]).map { ["token": .hex($0), "milliseconds": 9] }))
  }
}

extension Family {
  /// Batches that are missing, and what says that retention took them. Batch `n` was made on the day of that number.
  private static func buildRetention(_ stage: AuditStage, _ audit: Audit) throws {
    let zeros: Mark = (0, .zeros(32), 0, 0)
    func made(_ number: UInt64) -> UInt64 { Fixture.day(98 + Int(number)) }
    func batch(
      _ number: UInt64, after previous: [UInt8]?, _ edit: (inout FixtureBatch) -> Void = { _ in }
    ) throws -> [UInt8] {
      try stage.batch(number, after: previous) {
        $0.made = made(number)
        edit(&$0)
      }
    }
    var line: [[UInt8]] = []
    for number in 1...5 { line.append(try batch(UInt64(number), after: line.last)) }
    func mark(_ number: Int) -> Mark {
      number == 0 ? zeros : (UInt64(number), SHA256.hash(line[number - 1]), 5, 1)
    }
    /// `now` is when what was made on the day of `expired` is a millisecond past its days, and later ones are not.
    func check(
      _ id: String, _ comment: String, _ given: [[UInt8]], _ findings: [Finding] = [], from start: Int,
      counted: [Int], end: Int? = nil, expired: UInt64, days: Int = 7, milliseconds: UInt64 = 1,
      kept: Int = 0, took: Int? = nil, gone: UInt64? = nil
    ) throws {
      func json(_ number: Int) -> (UInt64, [UInt8]) { (UInt64(number), mark(number).hash) }
      try audit(
        "retention-\(id)", ["R-16.5-4"], comment, given, findings, counted.map { line[$0 - 1] },
        mark(end ?? start), mark(start), nil, Gone(ranges: gone.map { [1...$0] } ?? [], kept: took.map(json))
      ) {
        $0["kept"] = AuditStage.json(kept: json(kept))
        $0["now"] = .integer(made(expired) + UInt64(days) * Fixture.day + milliseconds)
        $0["retention_days"] = .integer(days)
      }
    }
    for missing in 1...3 {
      let rest = Array(line[missing..<4])
      try check(
        "took-\(missing)-of-4", "A later batch of history is past its days.", rest, from: 4,
        counted: Array(missing + 1...4), expired: UInt64(missing + 1), took: missing, gone: UInt64(missing))
      try check(
        "took-\(missing)-of-4-not-yet", "A millisecond before.", rest, [(nil, UInt64(missing), .sequenceGap)],
        from: 4, counted: Array(missing + 1...4), expired: UInt64(missing + 1), milliseconds: 0)
    }
    try check(
      "took-after-3650-days", "The most days.", [line[1]], from: 2, counted: [2], expired: 2, days: 3_650,
      took: 1, gone: 1)
    try check(
      "not-after-3650-days", "The most days, and a millisecond before.", [line[1]], [(nil, 1, .sequenceGap)],
      from: 2, counted: [2], expired: 2, days: 3_650, milliseconds: 0)
    let young = try batch(3, after: line[1]) { $0.made = made(5) }
    let old = try batch(4, after: young)
    let last: Mark = (4, SHA256.hash(old), 5, 1)
    try audit(
      "retention-by-any-of-history", ["R-16.5-4"], "Of two later batches, the last is past its days.",
      [young, old], [], nil, last, last, nil, Gone(ranges: [1...2], kept: (2, SHA256.hash(line[1])))
    ) { ($0["now"], $0["retention_days"]) = (.integer(made(4) + 7 * Fixture.day + 1), 7) }
    try check(
      "not-by-an-older-batch", "Only a batch before the missing one is past its days.", [line[0], line[2]],
      [(0, nil, .chainBroken), (nil, 2, .sequenceGap)], from: 3, counted: [3], expired: 1)
    try check(
      "and-an-older-batch-given", "A batch before one that retention took is given: passed over.",
      [line[0], line[2]], from: 3, counted: [3], expired: 3, took: 2, gone: 2)
    try check(
      "above-kept", "Retention took more than the vault says.", [line[3]], from: 4, counted: [4], expired: 4,
      kept: 2, took: 3, gone: 3)
    try check(
      "below-kept", "Retention took less than the vault says.", [line[1], line[2]], from: 3, counted: [2, 3],
      expired: 3, kept: 2, gone: 1)
    // The next after the mark.
    try check(
      "by-the-next", "The batch after the mark is past its days.", [line[2]], from: 2, counted: [3], end: 3,
      expired: 3, took: 2, gone: 2)
    try check(
      "not-by-the-next", "The batch after the mark is as old as its days.", [line[2]],
      [(nil, 2, .sequenceGap)], from: 2, counted: [3], end: 3, expired: 3, milliseconds: 0)
    try check(
      "not-by-the-next-but-one", "The next after the mark is missing.", [line[3]],
      [(0, nil, .sequenceGap), (nil, 2, .sequenceGap)], from: 2, counted: [4], end: 4, expired: 4)
    try check(
      "not-by-an-unsigned-next", "The signature of the batch after the mark is wrong.",
      [line[2].flipped(line[2].count - 1)], [(0, nil, .signatureInvalid), (nil, 2, .sequenceGap)], from: 2,
      counted: [], expired: 3)
    for (id, comment, code, edit) in [
      (
        "of-another-line", "The batch after the mark names another before it.", ErrorCode.chainBroken,
        { $0.previous = .zeros(32) }
      ),
      (
        "of-another-member", "The batch after the mark is another member's.", .wrongRecipient,
        { $0.agent = stage.fixture.other }
      ),
      (
        "of-another-member-signed", "It is another member's, and the one under audit has signed it.",
        .wrongRecipient, { ($0.agent, $0.signer) = (stage.fixture.other, stage.fixture.agent) }
      ),
      (
        "of-another-account", "The batch after the mark is of another account.", .wrongAccount,
        { $0.account = stage.fixture.other.accountID }
      ),
    ] as [(String, String, ErrorCode, (inout FixtureBatch) -> Void)] {
      try check(
        "not-by-a-next-\(id)", comment, [try batch(3, after: line[1], edit)],
        [(0, nil, code), (nil, 2, .sequenceGap)], from: 2, counted: [], expired: 3)
    }
    let right = try batch(3, after: line[1])
    for (part, range, code) in [
      ("account", 4..<20, ErrorCode.wrongAccount), ("member", 24..<40, .unknownAgent),
      ("line", 48..<80, .chainBroken),
    ] {
      for (name, next) in right.neighbours(in: range) {
        try check(
          "not-by-a-next-of-\(part)-\(name)", "The \(part) of the batch after the mark differs in a byte.",
          [stage.fixture.agent.sign(next)], [(0, nil, code), (nil, 2, .sequenceGap)], from: 2, counted: [],
          expired: 3)
      }
    }
    try check(
      "by-the-next-behind-others", "The batch after the mark comes behind one of another account.",
      [try batch(3, after: line[1]) { $0.account = stage.fixture.other.accountID }, line[2]],
      [(0, nil, .wrongAccount)], from: 2, counted: [3], end: 3, expired: 3, took: 2, gone: 2)
    let far = try batch(5, after: line[1]) { $0.made = made(3) }
    try audit(
      "retention-not-by-a-next-of-another-number", ["R-16.5-4"],
      "A batch names the mark's hash, and has not the next number.", [far],
      [(0, nil, .sequenceGap), (nil, 2, .sequenceGap)], [far], (5, SHA256.hash(far), 5, 1), mark(2), nil,
      Gone()
    ) { ($0["now"], $0["retention_days"]) = (.integer(made(3) + 7 * Fixture.day + 1), 7) }
    try audit(
      "retention-not-before-its-days", ["R-16.5-4"], "The clock is below the days of retention.", [line[1]],
      [(nil, 1, .sequenceGap)], nil, mark(2), mark(2), nil, Gone()
    ) { ($0["now"], $0["retention_days"]) = (.integer(5), 3_650) }
  }
}

/// A member, the vault's notes and keys, and batches of them.
private struct AuditStage {
  let fixture: Fixture
  /// Two of epoch 1, then one of epoch 2.
  let notes: [(bytes: [UInt8], hash: [UInt8], made: UInt64)]

  init() throws {
    let fixture = try Fixture.made.get()
    self.fixture = fixture
    notes = try [(1, 1, 100), (2, 1, 101), (3, 2, 102)].map { counter, epoch, day in
      let state = FixtureState(fixture) {
        ($0.counter, $0.epoch, $0.made) = (UInt64(counter), UInt32(epoch), Fixture.day(day))
      }
      return (try state.note(), SHA256.hash(try state.bytes()), state.made)
    }
  }

  func token(_ value: String, field: UInt8 = 3, epoch: UInt32 = 1) throws -> [UInt8] {
    try token(Array(value.utf8), field: field, epoch: epoch)
  }

  private func token(_ value: [UInt8], field: UInt8 = 3, epoch: UInt32 = 1) throws -> [UInt8] {
    let ad = Fixture.labelled("token-ad", fixture.accountID + be(epoch, 4) + [field])
    var siv = try AESSIV(key: SecretBytes(copying: fixture.key("token", epoch, count: 64)))
    let (v, c) = try siv.seal(padded(value), associatedData: [ad])
    return Fixture.joined([1, field], be(epoch, 4), v, be(c.count, 2), c)
  }

  /// Two tokens whose V is the same. CMAC under a known key can be inverted: of two blocks, the last is chosen, and the
  /// first computed, until it is a text.
  func valuesOfOneV() throws -> [[UInt8]] {
    let mac = [UInt8](try fixture.key("token", 1, count: 64)[..<32])
    let first = Array("Quarterly report".utf8)
    func end(_ number: Int) -> [UInt8] { Array("\(10_000_000 + number)".utf8) }
    // The first number that gives a text of ASCII.
    let found = 26_020
    let aes = AES256(key: mac)
    let second = aes.decrypt(
      zip(aes.encrypt(first), zip(padded(end(0)), padded(end(found)))).map { $0 ^ $1.0 ^ $1.1 })
    let tokens = try [token(first + end(0)), token(second + end(found))]
    guard tokens[0][6..<22] == tokens[1][6..<22] else { throw SuiteError("two values have two Vs") }
    return tokens
  }

  /// A batch of two records under the first state, unless `edit` says otherwise.
  func batch(
    _ sequence: UInt64, after previous: [UInt8]? = nil, _ edit: (inout FixtureBatch) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    var batch = FixtureBatch(fixture)
    (batch.sequence, batch.state, batch.records) = (sequence, notes[0].hash, [])
    if let previous { batch.previous = SHA256.hash(previous) }
    try edit(&batch)
    if batch.records.isEmpty {
      batch.records = [
        FixtureBatch.record(
          duration: UInt32(truncatingIfNeeded: sequence), [try token("shared", epoch: batch.epoch)]),
        FixtureBatch.record(duration: 7, [try token("title \(sequence)", epoch: batch.epoch)]),
      ]
    }
    return try batch.bytes()
  }

  static func json(_ mark: (sequence: UInt64, hash: [UInt8], generation: UInt32, counter: UInt64))
    -> JSONValue
  {
    [
      "sequence": .integer(mark.sequence), "hash": .hex(mark.hash), "generation": .integer(mark.generation),
      "counter": .integer(mark.counter),
    ]
  }

  static func json(kept: (sequence: UInt64, hash: [UInt8])) -> JSONValue {
    ["sequence": .integer(kept.sequence), "hash": .hex(kept.hash)]
  }

  func input(
    _ batches: [[UInt8]], mark: (sequence: UInt64, hash: [UInt8], generation: UInt32, counter: UInt64)
  ) throws -> JSONObject {
    let sample = EnrolmentSample(fixture: fixture)
    return .of([
      "account_id": .hex(fixture.accountID),
      "members": [
        ["agent_id": .hex(fixture.agent.agentID), "request": .hex(try sample.request())],
        ["agent_id": .hex(fixture.other.agentID), "request": .hex(try sample.request(fixture.other))],
      ], "agent_id": .hex(fixture.agent.agentID), "status": "granted", "mark": Self.json(mark),
      "kept": Self.json(kept: (0, .zeros(32))), "now": .integer(Fixture.day(103)), "retention_days": 365,
      "states": .hexes(notes.map(\.bytes)),
      "keys": [
        ["epoch": 1, "token_key": .hex(try fixture.key("token", 1, count: 64))],
        ["epoch": 2, "token_key": .hex(try fixture.key("token", 2, count: 64))],
      ], "erasures": [], "erased": [], "batches": .hexes(batches),
    ])
  }

  /// After the last of these, all under the first state.
  func mark(
    _ counted: [[UInt8]],
    _ start: (sequence: UInt64, hash: [UInt8], generation: UInt32, counter: UInt64) = (0, .zeros(32), 0, 0)
  ) -> (sequence: UInt64, hash: [UInt8], generation: UInt32, counter: UInt64) {
    guard let last = counted.last else { return start }
    return (last[40..<48].reduce(0) { $0 << 8 | UInt64($1) }, SHA256.hash(last), 5, 1)
  }

  /// By token, ascending.
  func totals(_ counted: [[UInt8]]) -> JSONValue {
    var sums: [[UInt8]: UInt64] = [:]
    for batch in counted {
      var rest = batch[135..<batch.count - 64]
      while !rest.isEmpty {
        let start = rest.startIndex
        let duration = rest[start + 9..<start + 13].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let count = Int(rest[start + 13]) << 8 | Int(rest[start + 14])
        // One token a record.
        sums[[UInt8](rest[start + 16..<start + 15 + count]), default: 0] += duration
        rest = rest[(start + 15 + count)...]
      }
    }
    return .array(
      sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
        ["token": .hex($0.key), "milliseconds": .integer($0.value)]
      })
  }
}
