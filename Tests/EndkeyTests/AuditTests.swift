import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §16.2: what counts of the batches of one member, and what is told of the others.
@Suite("Audit") struct AuditTests {
  let fixture: AuditFixture

  init() throws { fixture = try AuditFixture() }

  /// Findings as `index code`, or `#number code` where there is no batch.
  static func summary(_ report: AuditReport) -> [String] {
    report.findings.map { finding in
      let place = finding.index.map { "\($0)" } ?? finding.sequence.map { "#\($0)" } ?? "?"
      return "\(place) \(finding.error.code.rawValue)"
    }
  }

  private func findings(_ batches: [[UInt8]], _ member: Member? = nil) throws -> [String] {
    Self.summary(try fixture.audit(member).report(on: batches))
  }

  // MARK: What counts

  @Test("R-16.2-1: whole batches have no findings, in any order, and totals are recomputed from them")
  func clean() throws {
    let batches = try fixture.chain(9)
    for order in [batches, batches.reversed(), Array(batches[4...] + batches[..<4])] {
      let report = try fixture.audit().report(on: order)
      #expect(report.findings.isEmpty)
      #expect(report.counted.map(\.sequence.value) == Array(1...9))
      #expect(report.mark.sequence == 9 && report.mark.hash == batches[8].sha256)
      #expect(report.mark.pair == StatePair(generation: 1, counter: 1))
      var opener = TokenOpener(ring: fixture.ring)
      var totals: [String: UInt64] = [:]
      for (key, sum) in report.totals.sums {
        #expect(key.agentID == (try Party.agent.id))
        totals[String(decoding: try opener.open(key.token), as: UTF8.self)] = sum
      }
      #expect(totals == ["title 0": 12, "title 1": 15, "title 2": 18])
    }
  }

  @Test("R-16.2-8: an audit goes on where another has stopped, and has the same totals")
  func goingOn() throws {
    let batches = try fixture.chain(7)
    let first = try fixture.audit().report(on: Array(batches[..<3]))
    let second = try fixture.audit(AuditFixture.member(first.mark)).report(on: batches)
    #expect(second.findings.isEmpty)
    #expect(second.mark.sequence == 7)
    #expect(second.history.map(\.sequence.value) == [3, 2, 1])
    #expect(second.counted.map(\.sequence.value) == [4, 5, 6, 7])
    #expect(second.totals == (try fixture.audit().report(on: batches).totals))
  }

  @Test("Batches under newer states count, each in the epoch of its own")
  func newerStates() throws {
    let first = try fixture.batch(1)
    let second = try fixture.batch(2, after: first.sha256, under: 1)
    let third = try fixture.batch(3, after: second.sha256, under: 3)
    #expect(try findings([first, second, third]).isEmpty)
  }

  // MARK: Each step

  /// A fault of one batch, after a right first one.
  struct Fault: CustomTestStringConvertible, Sendable {
    let code: ErrorCode
    let counts: Bool
    let make: @Sendable (AuditFixture, Hash) throws -> [UInt8]
    var testDescription: String { code.rawValue }
  }

  static let faults: [Fault] = [
    Fault(code: .truncated, counts: false) { fixture, last in
      [UInt8](try fixture.batch(2, after: last).dropLast())
    },
    Fault(code: .wrongAccount, counts: false) { fixture, last in
      try fixture.batch(2, after: last) { $0.accountID = .zero }
    },
    Fault(code: .unknownAgent, counts: false) { fixture, last in
      try fixture.batch(2, after: last) { $0.agentID = .zero }
    },
    Fault(code: .wrongRecipient, counts: false) { fixture, last in
      try fixture.batch(2, after: last, by: .otherAgent) { $0.agentID = try Party.otherAgent.id }
    },
    Fault(code: .signatureInvalid, counts: false) { fixture, last in
      try fixture.batch(2, after: last, by: .otherAgent)
    },
    Fault(code: .sequenceFork, counts: false) { fixture, _ in
      try fixture.batch(1) { $0.made = day(101) }
    },
    Fault(code: .sequenceGap, counts: true) { fixture, _ in try fixture.batch(3, after: Hash(sha256: [2])) },
    Fault(code: .chainBroken, counts: false) { fixture, _ in try fixture.batch(2, after: Hash(sha256: [2])) },
    Fault(code: .stateWithheld, counts: true) { fixture, last in
      try fixture.batch(2, after: last) {
        $0.state = Hash(sha256: [9])
        $0.stateCounter = 5
      }
    },
    Fault(code: .stateFork, counts: true) { fixture, last in
      try fixture.batch(2, after: last) {
        $0.state = Hash(sha256: [9])
        $0.stateCounter = 4
      }
    },
    Fault(code: .epochMismatch, counts: false) { fixture, last in
      try fixture.batch(2, after: last) { $0.epoch = 2 }
    },
    Fault(code: .epochMismatch, counts: false) { fixture, last in
      try fixture.batch(2, after: last) {
        $0.records = try BoundedList([fixture.record(), fixture.record(under: 2)])
      }
    },
    Fault(code: .tokenOpenFailed, counts: false) { fixture, last in
      try fixture.batch(2, after: last) {
        var line = fixture.lines[0]
        line.master = 77
        var sealer = try TokenSealer(key: line.masterKey().tokenKey())
        let bad = try sealer.seal("x", field: .url)
        let items = try BoundedList<Record.Items>([.token(bad)])
        $0.records = try BoundedList([
          fixture.record(), Record(kind: .website, start: 1, duration: 1, items: items),
        ])
      }
    },
    Fault(code: .stateStale, counts: true) { fixture, last in
      try fixture.batch(2, after: last) { $0.made = day(103, hours: 1) }
    },
  ]

  @Test(
    "R-16.2-2: each fault is told with its batch, at every place, and the audit goes on", arguments: faults)
  func fault(_ fault: Fault) throws {
    let first = try fixture.batch(1)
    let bad = try fault.make(fixture, first.sha256)
    let count = fault.counts ? 2 : 1
    for batches in [[first, bad], [bad, first]] {
      let report = try fixture.audit().report(on: batches)
      let index = batches[0] == bad && fault.code != .sequenceFork ? 0 : 1
      #expect(Self.summary(report) == ["\(index) \(fault.code.rawValue)"])
      #expect(report.counted.count == count)
    }
    // Between others: what does not count leaves a gap.
    let counted = fault.counts ? bad : first
    let sequence: Counter = fault.code == .sequenceGap ? 4 : fault.counts ? 3 : 2
    let third = try fixture.batch(sequence, after: counted.sha256)
    #expect(try findings([first, bad, third]) == ["1 \(fault.code.rawValue)"])
  }

  @Test("Of several faults the first step's is told, with what was noted before it")
  func order() throws {
    let first = try fixture.batch(1, under: 2)
    func bad(_ sequence: Counter, _ change: (inout RecordBatch) throws -> Void = { _ in }) throws -> [UInt8] {
      try fixture.batch(sequence, after: Hash(sha256: [1]), under: 0) {
        $0.epoch = 2  // and a token of epoch 1
        try change(&$0)
      }
    }
    #expect(try findings([first, bad(2)]) == ["1 chain_broken"])
    #expect(try findings([first, bad(3)]) == ["1 sequence_gap", "1 counter_rollback"])
    #expect(try findings([first, bad(1)]) == ["1 sequence_fork"])
    let unknown = try bad(3) {
      $0.state = Hash(sha256: [9])
      $0.stateCounter = 9
    }
    #expect(try findings([first, unknown]) == ["1 sequence_gap", "1 state_withheld", "1 epoch_mismatch"])
  }

  @Test("The same bytes again are a repeat; other bytes under a known number are a fork")
  func twice() throws {
    let batches = try fixture.chain(3)
    let fork = try fixture.batch(2, after: batches[0].sha256)
    let given = batches + [batches[1], batches[2], fork]
    let expected = ["3 sequence_repeat", "4 sequence_repeat", "5 sequence_fork"]
    #expect(try findings(given) == expected)
    // The same of history.
    let mark = try fixture.audit().report(on: batches).mark
    #expect(try findings(given, AuditFixture.member(mark)) == expected)
  }

  @Test("R-16.2-5: a foreign file at the next place holds nothing up")
  func foreign() throws {
    let batches = try fixture.chain(2)
    let junk = try fixture.batch(2, after: batches[0].sha256, by: .otherAgent)
    #expect(try findings([batches[0], junk, batches[1]]) == ["1 signature_invalid"])
  }

  @Test("R-16.2-4: nothing after a removed member's mark counts, whatever state and time it names")
  func removed() throws {
    let batches = try fixture.chain(3)
    for status in [MemberStatus.retired, .removed] {
      let mark = try fixture.audit().report(on: Array(batches[..<1])).mark
      let member = try AuditFixture.member(mark, status: status)
      #expect(try findings(batches, member) == ["1 revoked", "2 revoked"])
    }
  }

  @Test("Where the service withholds the EnrolmentRequest, or gives another, nothing counts")
  func request() throws {
    let batches = try fixture.chain(1)
    let missing = try fixture.audit(isRequestThere: false).report(on: batches)
    #expect(Self.summary(missing) == ["0 unknown_agent"])
    let other = try fixture.audit(request: AuditFixture.request(.otherAgent)).report(on: batches)
    #expect(Self.summary(other) == ["0 unknown_agent"])
  }

  // MARK: States

  @Test("R-16.2-8: a batch under a state that is not noted counts, and does not move the place of states")
  func unknownState() throws {
    let first = try fixture.batch(1, under: 1)
    let second = try fixture.batch(2, after: first.sha256) {
      $0.state = Hash(sha256: [9])
      $0.stateGeneration = 7
    }
    let third = try fixture.batch(3, after: second.sha256)
    let report = try fixture.audit().report(on: [first, second, third])
    #expect(Self.summary(report) == ["1 state_withheld", "2 counter_rollback"])
    #expect(report.mark.pair == StatePair(generation: 1, counter: 2))
  }

  @Test("R-16.2-6: what a batch says of the number of a noted state means nothing")
  func otherPair() throws {
    let batch = try fixture.batch(1, under: 1) {
      $0.stateGeneration = 9
      $0.stateCounter = 1
    }
    let report = try fixture.audit().report(on: [batch])
    #expect(report.findings.isEmpty)
    #expect(report.mark.pair == StatePair(generation: 1, counter: 2))
  }

  @Test("A batch is stale a day after another epoch began, not a day after another state")
  func stale() throws {
    let made: [(Time, Bool)] = [
      (day(102), false), (day(103), false), (day(103).adding(milliseconds: 1), true), (day(104), true),
    ]
    for (time, isStale) in made {
      let batch = try fixture.batch(1, under: 1) { $0.made = time }
      #expect(try findings([batch]) == (isStale ? ["0 state_stale"] : []))
      let newest = try fixture.batch(1, under: 2) { $0.made = day(300) }
      #expect(try findings([newest]).isEmpty)
    }
  }

  // MARK: Tokens

  @Test("R-16.2-7: without a key of the epoch no token opens; a batch without tokens needs none")
  func noKey() throws {
    let ring = try AuditFixture.ring([fixture.lines[0]])
    func findings(_ batch: [UInt8]) throws -> [String] {
      let audit = Audit(
        accountID: try testAccount(), member: try AuditFixture.member(), members: [try Party.agent.id],
        request: try AuditFixture.request(), notes: fixture.notes, ring: ring)
      return Self.summary(audit.report(on: [batch]))
    }
    #expect(try findings(fixture.batch(1, under: 2)) == ["0 no_epoch_key"])
    let empty = try fixture.batch(1, under: 2) {
      $0.records = try BoundedList([Record(kind: .idle, start: 1, duration: 1, items: [])])
    }
    #expect(try findings(empty).isEmpty)
  }
}
