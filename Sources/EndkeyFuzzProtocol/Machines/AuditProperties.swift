internal import Endkey
internal import EndkeyFuzz
internal import EndkeyWire
internal import TestSupport

/// The properties of the audit. §16.2
enum AuditProperties {
  static func check(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    let fixture = Batches.shared
    let member = try must("a member") { try fixture.member(&script) }
    let erased: [ClosedRange<Counter>] = script.below(4) == 1 ? [2...3] : []
    let audit = Audit(
      accountID: Keys.account.accountID, member: member,
      members: [Keys.agents[0].agentID, Keys.agents[1].agentID],
      request: script.below(8) == 7 ? nil : fixture.request, notes: StateNotes(fixture.notes),
      erasures: script.below(4) == 1 ? fixture.erasures : [], ring: Keys.ring)
    var batches: [[UInt8]] = []
    while !script.isAtEnd, batches.count < 24 {
      let original = script.one(of: fixture.batches)
      batches.append(script.below(4) == 3 ? script.edited(original) : original)
    }
    let report = audit.report(on: batches, erased: erased)
    try check(report, of: audit, on: batches)
    try check(report, againstReversed: audit.report(on: batches.reversed(), erased: erased), batches)
    let unseen = report.findings.count { $0.error.code == .erasedUnseen }
    try require(
      unseen == erased.count { $0.upperBound > member.auditedSequence },
      "what was erased before it was audited is no finding")
    return report.counted.isEmpty && report.history.isEmpty ? .refused : .accepted
  }

  /// P10: what counts was made by the member, each batch once and in order; what does not has a finding.
  private static func check(
    _ report: AuditReport, of audit: Audit, on batches: [[UInt8]]
  ) throws(Violation) {
    let member = audit.member
    let counted = report.counted.map(\.serialized)
    let history = report.history.map(\.serialized)
    for bytes in counted + history {
      try require(Batches.shared.own.contains(bytes), "a batch counts that the member did not make")
    }
    try require(Set(counted + history).count == counted.count + history.count, "a batch counts twice")
    try require(counted.isEmpty || member.status == .granted, "a batch counts of a member that is gone")
    var last = (sequence: member.auditedSequence, hash: member.auditedHash)
    for (batch, bytes) in zip(report.counted, counted) {
      try require(batch.sequence > last.sequence, "the numbers of batches go back")
      let follows = batch.sequence != last.sequence.next || batch.previous == last.hash
      try require(follows, "a batch counts that does not follow the one before")
      last = (batch.sequence, Hash(sha256: bytes))
    }
    try require(
      report.mark.sequence == last.sequence && report.mark.hash == last.hash,
      "the mark is not of the batch that counts last")
    try require(report.mark.pair >= AuditMark(member).pair, "the mark's state goes back")
    let isAscending = zip(report.history, report.history.dropFirst()).allSatisfy { $0.sequence > $1.sequence }
    try require(
      isAscending && report.history.allSatisfy { $0.sequence <= member.auditedSequence },
      "history is out of order, or not behind the mark")

    let places = Set(report.findings.compactMap(\.index))
    for (index, bytes) in batches.enumerated() {
      let isSilent = isErased(bytes, report)
      try require(
        places.contains(index) || counted.contains(bytes) || history.contains(bytes) || isSilent,
        "a batch neither counts nor is a finding")
    }
    let sum = (report.counted + report.history).reduce(0) { sum, batch in
      sum + batch.records.reduce(0) { $0 + UInt64($1.duration) * UInt64($1.items.count) }
    }
    let total = report.totals.sums.values.reduce(0, +)
    try require(total == sum, "totals of \(total) ms for records of \(sum) ms")
  }

  /// What was erased may still be there: that is no finding.
  private static func isErased(_ bytes: [UInt8], _ report: AuditReport) -> Bool {
    guard let batch = parsed(bytes, as: RecordBatch.self) else { return false }
    return report.erased.contains { $0.contains(batch.sequence) }
  }

  /// What the service says of the order means nothing, but among batches of one number.
  private static func check(
    _ report: AuditReport, againstReversed other: AuditReport, _ batches: [[UInt8]]
  ) throws(Violation) {
    var numbers: [Counter: [UInt8]] = [:]
    for bytes in batches {
      guard let batch = parsed(bytes, as: RecordBatch.self) else { continue }
      guard numbers[batch.sequence, default: bytes] == bytes else { return }
      numbers[batch.sequence] = bytes
    }
    try require(
      report.mark == other.mark && report.counted == other.counted && report.history == other.history
        && report.totals == other.totals, "in another order, another audit comes out")
  }
}

/// Batches that two agents signed: a chain, a second chain of the same agent from the same start, another's.
private struct Batches: Sendable {
  static let shared = Batches()

  let batches: [[UInt8]]
  /// Those of the member under audit.
  let own: Set<[UInt8]>
  let notes: [StateNote]
  let request: EnrolmentRequest
  let erasures: [Erasure]
  private let hashes: [Hash]

  private init() {
    do {
      let states = try (1...4).map { number in
        StateNote(
          generation: 1, counter: try Counter(UInt64(number)), epoch: number > 2 ? 2 : 1,
          made: day(100 + number), hash: Hash(sha256: [UInt8(number)]))
      }
      // The last that the member names is one that the vault does not note.
      notes = Array(states.dropLast())
      let chain = try Self.chain(0, 6, duration: 100, states)
      let fork = try Self.chain(0, 3, duration: 10, states)
      own = Set(chain + fork)
      batches = chain + fork + (try Self.chain(1, 2, duration: 1, states))
      hashes = [.zero] + chain.map { Hash(sha256: $0) }
      let code = EnrolmentCode(
        accountID: Keys.account.accountID, secret: Keys.secret("code", 16),
        terms: CodeTerms(generation: 1, made: day(99), kind: .scoped, role: .agent))
      request = try EnrolmentRequest.make(code: code, identity: Keys.agents[0].identity(), nonce: .zero)
      erasures = [
        Erasure(
          agentID: Keys.agents[0].agentID, first: 2, last: 3, beforeHash: hashes[1], lastHash: hashes[3])
      ]
    } catch {
      fatalError("no batches: \(error)")
    }
  }

  /// The member, audited up to a batch of its chain or from the start.
  func member(_ script: inout Script) throws -> Member {
    let audited = script.one(of: [0, 3, 4])
    let kept = script.below(4) == 1 ? min(1, audited) : 0
    let status = script.below(8) == 7 ? MemberStatus.removed : .granted
    return Member(
      agentID: Keys.agents[0].agentID, label: "agent", codeID: .zero, kind: .scoped, status: status,
      listed: status == .granted ? 0 : 2, auditedSequence: try Counter(UInt64(audited)),
      auditedHash: hashes[audited], auditedGeneration: audited == 0 ? 0 : 1,
      auditedState: audited == 0 ? 0 : 2, keptSequence: try Counter(UInt64(kept)), keptHash: hashes[kept])
  }

  private static func chain(
    _ agent: Int, _ count: Int, duration: UInt32, _ states: [StateNote]
  ) throws -> [[UInt8]] {
    var previous = Hash.zero
    return try (1...count).map { number in
      let state = states[min(number / 2, 3)]
      var sealer = try TokenSealer(key: Keys.masterKey(epoch: state.epoch).tokenKey())
      let token = try sealer.seal("browser", field: .applicationName)
      let batch = RecordBatch(
        accountID: Keys.account.accountID, epoch: state.epoch, agentID: Keys.agents[agent].agentID,
        sequence: try Counter(UInt64(number)), previous: previous, made: state.made.adding(hours: 1),
        stateGeneration: state.generation, stateCounter: state.counter, state: state.hash,
        records: [Record(kind: .application, start: 1, duration: duration, items: [.token(token)])]
      ).signed(by: try Keys.agents[agent].signing()).serialized
      previous = Hash(sha256: batch)
      return batch
    }
  }
}
