internal import Endkey
internal import EndkeyFuzz
internal import EndkeyWire
internal import TestSupport

/// The properties of the audit. §16.2
enum AuditProperties {
  static func check(_ given: consuming Script) throws(Violation) -> FuzzTarget.Outcome {
    var script = given
    let (batches, verifyKeys) = (Batches.shared.batches, Batches.shared.verifyKeys)
    var audit = Audit(
      accountID: Keys.account.accountID, agentID: Keys.agents[0].agentID, members: verifyKeys,
      stateCounter: [0, 1, 2, 3][script.below(4)])
    var counted: [[UInt8]] = []
    var duration: UInt64 = 0
    var last = audit.checkpoint
    while !script.isAtEnd, audit.givenCount < 24 {
      let original = script.one(of: batches)
      let bytes = script.below(4) == 3 ? script.edited(original) : original
      let findings = audit.findings.count
      if let batch = audit.take(bytes) {
        try require(bytes == original, "a changed batch counts")
        try require(!counted.contains(bytes), "a batch counts twice")
        try require(batch.agentID == Keys.agents[0].agentID, "another agent's batch counts")
        try require(batch.sequence > last.sequence, "the numbers of batches go back")
        try require(
          audit.checkpoint.hash == Hash(sha256: bytes), "the checkpoint is not of the batch that counts")
        counted.append(bytes)
        duration += batch.records.reduce(0) { $0 + UInt64($1.duration) * UInt64($1.items.count) }
      } else {
        try require(audit.findings.count > findings, "a batch neither counts nor is a finding")
        try require(audit.checkpoint == last, "a batch that does not count moves the checkpoint")
      }
      last = audit.checkpoint
    }
    try require(audit.countedCount == counted.count, "the count of batches is wrong")
    let indexes = audit.findings.map(\.index)
    try require(indexes == indexes.sorted(), "findings are out of order")
    let total = audit.totals.byToken.values.reduce(0, +)
    try require(total == duration, "totals of \(total) ms for records of \(duration) ms")
    return counted.isEmpty ? .refused : .accepted
  }
}

/// Batches that two agents signed: a chain, a second chain of the same agent from the same start, another's.
private struct Batches: Sendable {
  static let shared = Batches()

  let batches: [[UInt8]]
  let verifyKeys: [AgentID: VerifyKey]

  private init() {
    do {
      verifyKeys = Dictionary(uniqueKeysWithValues: Keys.agents.map { ($0.agentID, $0.verifyKey) })
      batches =
        try Self.chain(0, 5, duration: 100) + Self.chain(0, 3, duration: 10) + Self.chain(1, 2, duration: 1)
    } catch {
      fatalError("no batches: \(error)")
    }
  }

  private static func chain(_ agent: Int, _ count: Int, duration: UInt32) throws -> [[UInt8]] {
    var sealer = try TokenSealer(key: Keys.masterKey(epoch: 1).tokenKey())
    let token = try sealer.seal("browser", field: .applicationName)
    var previous = Hash.zero
    return try (1...count).map { number in
      let batch = RecordBatch(
        accountID: Keys.account.accountID, epoch: 1, agentID: Keys.agents[agent].agentID,
        sequence: try Counter(UInt64(number)), previous: previous,
        stateCounter: try Counter(UInt64(number / 2 + 1)),
        records: [Record(kind: .application, start: 1, duration: duration, items: [.token(token)])]
      ).signed(by: try Keys.agents[agent].signing()).serialized
      previous = Hash(sha256: batch)
      return batch
    }
  }
}
