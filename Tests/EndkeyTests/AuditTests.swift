import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

@Suite("Batches and their audit") struct AuditTests {
  let members: [AgentID: VerifyKey]

  init() throws {
    members = [
      ActivityFixture.agentID: VerifyKey(
        unchecked: try ActivityFixture.signingKey().publicKey.bytes),
      ActivityFixture.otherAgentID: VerifyKey(
        unchecked: try ActivityFixture.signingKey(0x77).publicKey.bytes),
    ]
  }

  static func record(_ title: String, _ duration: UInt32, epoch: Epoch = ActivityFixture.epoch) throws
    -> Record
  {
    var sealer = try ActivityFixture.sealer(epoch: epoch)
    return try Record(
      kind: .website, start: 1_000, duration: duration,
      items: [.token(sealer.seal(title, field: .windowTitle))])
  }

  /// A signed batch with every field as given.
  static func batch(
    _ sequence: Counter, previous: Hash = .zero, stateCounter: Counter = 1, records: [Record]? = nil,
    agentID: AgentID = ActivityFixture.agentID, accountID: AccountID = ActivityFixture.accountID,
    key: UInt8 = 0x11
  ) throws -> [UInt8] {
    try RecordBatch(
      accountID: accountID, epoch: ActivityFixture.epoch, agentID: agentID, sequence: sequence,
      previous: previous, stateCounter: stateCounter,
      records: BoundedList(records ?? [record("title", 10)])
    ).signed(by: ActivityFixture.signingKey(key)).serialized
  }

  /// Batches 1 to `count`, as an agent makes them.
  static func chain(_ count: Int, stateCounter: Counter = 1) throws -> [[UInt8]] {
    var chain = BatchChain(accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID)
    let key = try ActivityFixture.signingKey()
    return try (0..<count).map { index in
      try chain.append(
        [record("title \(index % 3)", UInt32(index + 1))], epoch: ActivityFixture.epoch,
        stateCounter: stateCounter,
        signingKey: key
      ).serialized
    }
  }

  func audit(_ batches: [[UInt8]], stateCounter: Counter = 1, from checkpoint: Audit.Checkpoint = .init())
    -> Audit
  {
    var audit = Audit(
      accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID, members: members,
      stateCounter: stateCounter, from: checkpoint)
    for batch in batches { audit.take(batch) }
    return audit
  }

  /// Findings as `index code`.
  static func findings(_ audit: Audit) -> [String] {
    audit.findings.map { "\($0.index) \($0.error.code.rawValue)" }
  }

  @Test("Batches are numbered from 1 without gaps, linked, and carry the state's counter: R-16.1-1, R-16.1-3")
  func chain() throws {
    let batches = try Self.chain(4, stateCounter: 5).map { try RecordBatch(parsing: $0) }
    #expect(batches.map(\.sequence) == [1, 2, 3, 4])
    #expect(batches[0].previous == .zero)
    for (batch, next) in zip(batches, batches.dropFirst()) {
      #expect(next.previous == Hash(sha256: batch.serialized))
    }
    #expect(batches.map(\.stateCounter) == [5, 5, 5, 5])
  }

  @Test("A token of another epoch is not signed, and the chain does not move: R-16.1-2")
  func epochOfTokens() throws {
    var chain = BatchChain(accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID)
    let before = chain
    let key = try ActivityFixture.signingKey()
    let records = [try Self.record("a", 1), try Self.record("b", 1, epoch: 8)]
    let error = code { () throws(ProtocolError) in
      try chain.append(records, epoch: 7, stateCounter: 1, signingKey: key)
    }
    #expect(error == .epochMismatch)
    #expect(
      code { () throws(ProtocolError) in try chain.append([], epoch: 7, stateCounter: 1, signingKey: key) }
        == .lengthOutOfRange)
    #expect(chain == before)
  }

  @Test("The last number is not passed: limit_reached")
  func lastNumber() throws {
    var chain = BatchChain(
      accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID, sequence: .max)
    let key = try ActivityFixture.signingKey()
    let records = [try Self.record("a", 1)]
    let error = code { () throws(ProtocolError) in
      try chain.append(records, epoch: 7, stateCounter: 1, signingKey: key)
    }
    #expect(error == .limitReached)
  }

  @Test("Whole batches have no findings, and totals are recomputed from them: R-16.2-1")
  func clean() throws {
    let audit = audit(try Self.chain(9))
    #expect(audit.findings.isEmpty)
    #expect(audit.countedCount == 9)
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    var totals: [String: UInt64] = [:]
    for (token, sum) in audit.totals.byToken {
      totals[String(decoding: try opener.open(token), as: UTF8.self)] = sum
    }
    let expected: [String: UInt64] = ["title 0": 12, "title 1": 15, "title 2": 18]
    #expect(totals == expected)
  }

  @Test("Each finding is reported with its index and the audit goes on: R-16.2-2")
  func eachFinding() throws {
    let chain = try Self.chain(2)
    let hash = Hash(sha256: chain[1])
    func third(
      _ change: ([UInt8]) -> [UInt8] = { $0 }, previous: Hash? = nil, stateCounter: Counter = 1,
      records: [Record]? = nil, agentID: AgentID = ActivityFixture.agentID,
      accountID: AccountID = ActivityFixture.accountID, key: UInt8 = 0x11, sequence: Counter = 3
    ) throws -> [UInt8] {
      change(
        try Self.batch(
          sequence, previous: previous ?? hash, stateCounter: stateCounter, records: records,
          agentID: agentID,
          accountID: accountID, key: key))
    }
    let stranger = AgentID(unchecked: ActivityFixture.bytes(from: 1, 16).span)
    var faulty: [(ErrorCode, [UInt8])] = []
    func add(_ code: ErrorCode, _ batch: [UInt8]) { faulty.append((code, batch)) }
    add(.truncated, try third { [UInt8]($0.dropLast()) })
    add(.trailingBytes, try third { $0 + [0] })
    add(.wrongAccount, try third(accountID: AccountID(verifyKey: .zero)))
    add(.unknownAgent, try third(agentID: stranger))
    add(.wrongRecipient, try third(agentID: ActivityFixture.otherAgentID, key: 0x77))
    add(.signatureInvalid, try third { $0.flipping(at: $0.count - 64) })
    add(.signatureInvalid, try third { $0.flipping(at: 100) })
    add(.signatureInvalid, try third(key: 0x77))
    add(.sequenceRepeat, chain[1])
    add(.sequenceRepeat, chain[0])
    add(.sequenceRepeat, try third(sequence: 0))
    add(.sequenceFork, try third(sequence: 2))
    add(.sequenceFork, try third(previous: .zero, sequence: 1))
    add(.chainBroken, try third(previous: .zero))
    add(.counterRollback, try third(stateCounter: 0))
    add(.epochMismatch, try third(records: [Self.record("x", 1), Self.record("x", 1, epoch: 8)]))
    for (code, batch) in faulty {
      // A right third batch behind the faulty one counts.
      let audit = audit(chain + [batch, try third()])
      #expect(Self.findings(audit) == ["2 \(code.rawValue)"])
      #expect(audit.countedCount == 3)
      #expect(audit.checkpoint.sequence == 3)
    }
  }

  @Test("Every signature is verified under the key noted for the agent: R-16.2-3")
  func notedKey() throws {
    let chain = try Self.chain(1)
    var other = Audit(
      accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID,
      members: [ActivityFixture.agentID: members[ActivityFixture.otherAgentID] ?? .zero], stateCounter: 1)
    #expect(other.take(chain[0]) == nil)
    #expect(other.findings.first?.error.code == .signatureInvalid)
    var unusable = Audit(
      accountID: ActivityFixture.accountID, agentID: ActivityFixture.agentID,
      members: [ActivityFixture.agentID: .zero], stateCounter: 1)
    #expect(unusable.take(chain[0]) == nil)
    #expect(unusable.findings.first?.error.code == .signatureInvalid)
  }

  @Test("A missing batch is a gap; the one behind it counts, and those after it link to it")
  func gap() throws {
    let chain = try Self.chain(5)
    let audit = audit([chain[0], chain[2], chain[3], chain[4]])
    #expect(Self.findings(audit) == ["1 sequence_gap"])
    #expect(audit.countedCount == 4)
    let late = self.audit([chain[0], chain[2], chain[1]])
    #expect(
      Self.findings(late) == ["1 sequence_gap", "2 sequence_repeat"], "nothing was counted under that number")
    #expect(late.totals == self.audit([chain[0], chain[2]]).totals)
  }

  @Test("Reordered batches: a gap, then a repeat of a number not counted")
  func reordered() throws {
    let chain = try Self.chain(3)
    #expect(Self.findings(audit([chain[1], chain[0], chain[2]])) == ["0 sequence_gap", "1 sequence_repeat"])
  }

  @Test("A batch that has seen a newer state counts and tells of it")
  func withheld() throws {
    let audit = audit([try Self.batch(1, stateCounter: 3)], stateCounter: 2)
    #expect(Self.findings(audit) == ["0 state_withheld"])
    #expect(audit.countedCount == 1)
    let gapAlso = self.audit([try Self.batch(4, stateCounter: 3)], stateCounter: 2)
    #expect(Self.findings(gapAlso) == ["0 sequence_gap", "0 state_withheld"])
  }

  @Test("An uncounted batch adds nothing to totals, and a repeated one adds nothing twice")
  func totalsOfCounted() throws {
    let chain = try Self.chain(3)
    let forged = try Self.batch(
      2, previous: Hash(sha256: chain[0]), records: [Self.record("title 0", 1_000_000)])
    let audit = audit([chain[0], chain[1], chain[1], forged, chain[2], chain[0]])
    #expect(audit.totals == self.audit(chain).totals)
  }

  @Test("An audit goes on from where another ended")
  func resumed() throws {
    let chain = try Self.chain(6)
    let first = audit([[UInt8]](chain[..<3]))
    let second = audit([[UInt8]](chain[3...]), from: first.checkpoint)
    #expect(second.findings.isEmpty)
    var totals = first.totals
    totals.add(second.totals)
    #expect(totals == audit(chain).totals)
    #expect(second.checkpoint == audit(chain).checkpoint)

    // Of numbers before the last, the hash is not known any more; of the last it is.
    let forged = try Self.batch(3)
    let again = audit([chain[0], chain[2], forged], from: first.checkpoint)
    #expect(Self.findings(again) == ["0 sequence_repeat", "1 sequence_repeat", "2 sequence_fork"])
    let rolledBack = try Self.batch(4, previous: first.checkpoint.hash, stateCounter: 0)
    #expect(Self.findings(audit([rolledBack], from: first.checkpoint)) == ["0 counter_rollback"])
  }

  @Test("Sums do not wrap at 32 bits")
  func longSums() throws {
    var totals = Totals()
    let record = try Self.record("x", .max)
    for _ in 0..<10 { totals.add(record) }
    #expect(totals.byToken.values.first == 10 * UInt64(UInt32.max))
    #expect(totals.byGroup.values.first == 10 * UInt64(UInt32.max))
  }
}
