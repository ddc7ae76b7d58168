import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §16.2: the batches before the mark, backwards, and what is not there any more.
@Suite("History of batches") struct AuditHistoryTests {
  let fixture: AuditFixture
  let batches: [[UInt8]]
  let mark: AuditMark

  init() throws {
    fixture = try AuditFixture()
    batches = try fixture.chain(6)
    mark = try fixture.audit().report(on: batches).mark
  }

  private func erasure(_ first: Counter, _ last: Counter) throws -> Erasure {
    Erasure(
      agentID: try Party.agent.id, first: first, last: last,
      beforeHash: first == 1 ? .zero : hash(first.previous ?? 0), lastHash: hash(last))
  }

  private func hash(_ sequence: Counter) -> Hash { batches[Int(sequence.value) - 1].sha256 }

  private func report(
    _ given: [[UInt8]], kept: (Counter, Hash) = (0, .zero), erasures: [Erasure] = [],
    erased: [ClosedRange<Counter>] = []
  ) throws -> AuditReport {
    try fixture.audit(AuditFixture.member(mark, kept: kept), erasures: erasures)
      .report(on: given, erased: erased)
  }

  private func numbers(_ report: AuditReport) -> [UInt64] { report.history.map(\.sequence.value) }

  @Test("From the mark back to the first, in any order, each by the hash of the one behind it")
  func whole() throws {
    for given in [batches, batches.reversed(), Array(batches[3...] + batches[..<3])] {
      let report = try report(given)
      #expect(numbers(report) == [6, 5, 4, 3, 2, 1])
      #expect(report.findings.isEmpty && report.counted.isEmpty)
      #expect(report.mark == mark)
    }
  }

  @Test("No signature is verified again: history is there where the EnrolmentRequest is not")
  func withoutRequest() throws {
    let report = try fixture.audit(AuditFixture.member(mark), isRequestThere: false).report(on: batches)
    #expect(numbers(report).count == 6)
    #expect(report.findings.isEmpty)
  }

  @Test("Before the first audit there is none")
  func none() throws {
    let report = try fixture.audit().report(on: batches)
    #expect(report.history.isEmpty && report.counted.count == 6)
  }

  @Test("A batch that is missing, at any place, is a finding, and ends it", arguments: 0..<6)
  func missing(_ place: Int) throws {
    var given = batches
    given.remove(at: place)
    let report = try report(given)
    #expect(numbers(report).count == 5 - place)
    #expect(
      AuditTests.summary(report)
        == (0..<place).map { "\($0) chain_broken" } + ["#\(place + 1) sequence_gap"])
  }

  @Test("R-16.5-4: what is missing before a batch that is past retention was taken by it", arguments: 0..<6)
  func retention(_ missing: Int) throws {
    let made = try RecordBatch(parsing: batches[0]).made
    // Batch 7 follows the mark.
    let next = try fixture.batch(7, after: hash(6))
    let forged = try fixture.batch(7, after: hash(6), by: .otherAgent)
    func report(_ given: [[UInt8]], expired: Time) throws -> AuditReport {
      try fixture.audit(AuditFixture.member(mark), expired: expired).report(on: given)
    }
    let given = batches.enumerated().filter { $0.offset != missing }.map(\.element)
    let number = try Counter(UInt64(missing) + 1)
    let kept = KeptBatch(sequence: number, hash: hash(number))
    let expired = try report(given + [next], expired: made.adding(milliseconds: 1))
    #expect(expired.kept == kept && expired.findings.isEmpty)
    #expect(expired.history.count == 5 - missing && expired.counted.count == 1)
    #expect(expired.erased == [1...number])
    let young = try report(given + [next], expired: made)
    #expect(young.kept == nil && AuditTests.summary(young).contains("#\(missing + 1) sequence_gap"))
    let alone = try report(Array(given.dropFirst(missing)) + [forged], expired: made.adding(milliseconds: 1))
    #expect((alone.kept == kept) == (missing < 5))
  }

  @Test("A batch that is none of the line is a finding, wherever it says that it stands")
  func strange() throws {
    let changed = try fixture.batch(3, after: hash(2))
    let foreign = try fixture.batch(3, after: hash(2), by: .otherAgent) {
      $0.agentID = try Party.otherAgent.id
    }
    let report = try report([changed, foreign] + batches + [batches[0], [1, 2, 3]])
    #expect(
      AuditTests.summary(report)
        == ["0 sequence_fork", "1 wrong_recipient", "8 sequence_repeat", "9 bad_magic"])
    #expect(numbers(report).count == 6)
  }

  @Test("A member cannot take in what another has made, though it names the hash")
  func borrowed() throws {
    let theirs = try fixture.batch(1, by: .otherAgent) { $0.agentID = try Party.otherAgent.id }
    let mine = try fixture.batch(2, after: theirs.sha256)
    let mark = AuditMark(sequence: 2, hash: mine.sha256, pair: StatePair(generation: 1, counter: 1))
    let report = try fixture.audit(AuditFixture.member(mark)).report(on: [theirs, mine])
    #expect(numbers(report) == [2])
    #expect(AuditTests.summary(report) == ["0 wrong_recipient", "#1 sequence_gap"])
  }

  @Test("What did not count in an audit does not count later")
  func notCounted() throws {
    let bad = try fixture.batch(7, after: hash(6)) {
      $0.records = try BoundedList([fixture.record(under: 2)])
    }
    let last = try fixture.batch(8, after: bad.sha256)
    let first = try report(batches + [bad, last])
    #expect(AuditTests.summary(first) == ["6 epoch_mismatch", "7 sequence_gap"])
    let second = try fixture.audit(AuditFixture.member(first.mark)).report(on: batches + [bad, last])
    #expect(numbers(second) == [8, 6, 5, 4, 3, 2, 1])
    #expect(AuditTests.summary(second) == ["6 epoch_mismatch"])
    #expect(second.totals == first.totals)
  }

  // MARK: Erased

  @Test("What a note covers is gone over, one note after the other, and is no finding if it is still there")
  func erased() throws {
    let notes = [try erasure(1, 1), try erasure(2, 3), try erasure(5, 5)]
    for given in [[batches[3], batches[5]], batches] {
      let report = try report(given, erasures: notes)
      #expect(numbers(report) == [6, 4])
      #expect(report.erased.map(\.lowerBound.value) == [5, 2, 1])
      #expect(report.findings.isEmpty)
    }
  }

  @Test("A note of another member, or with another hash, covers nothing")
  func otherNote() throws {
    var (other, changed) = (try erasure(5, 5), try erasure(5, 5))
    other.agentID = try Party.otherAgent.id
    changed.lastHash = .zero
    for note in [other, changed] {
      let report = try report([batches[5], batches[3]], erasures: [note])
      #expect(AuditTests.summary(report) == ["1 chain_broken", "#5 sequence_gap"])
    }
  }

  @Test("R-16.5-5: what retention is said to have taken counts where it is there", arguments: 1...6)
  func keptAndGiven(_ kept: Int) throws {
    let number = try Counter(UInt64(kept))
    let right = try report(batches, kept: (number, hash(number)))
    #expect(numbers(right) == [6, 5, 4, 3, 2, 1] && right.findings.isEmpty && right.erased.isEmpty)
    let wrong = try report(batches, kept: (number, .zero))
    #expect(AuditTests.summary(wrong) == ["#\(kept) chain_broken"] && wrong.history == right.history)
  }

  @Test("What is missing of it is gone, with all before it, and shown", arguments: 0..<6)
  func keptAndMissing(_ place: Int) throws {
    let given = batches.enumerated().filter { $0.offset != place }.map(\.element)
    let report = try report(given, kept: (6, hash(6)))
    #expect(numbers(report).count == 5 - place && report.findings.isEmpty && report.kept == nil)
    #expect(report.erased == [1...(try Counter(UInt64(place + 1)))])
  }

  @Test("It excuses nothing above itself, and a note of an erasure may reach behind it")
  func keptBelow() throws {
    let gap = try report(Array(batches[..<4] + batches[5...]), kept: (3, hash(3)))
    #expect(AuditTests.summary(gap) == (0..<4).map { "\($0) chain_broken" } + ["#5 sequence_gap"])
    let over = try report([batches[5]], kept: (3, hash(3)), erasures: [erasure(2, 5)])
    #expect(over.findings.isEmpty && over.erased == [2...5, 1...1])
  }

  @Test("What is erased behind the mark was seen by no audit")
  func erasedUnseen() throws {
    let first = try fixture.audit().report(on: Array(batches[..<3])).mark
    let report = try fixture.audit(AuditFixture.member(first)).report(
      on: Array(batches[..<3] + batches[5...]), erased: [1...3, 4...4, 3...5])
    #expect(AuditTests.summary(report) == ["3 sequence_gap", "#5 erased_unseen", "#4 erased_unseen"])
    #expect(report.mark.sequence == 6)
  }
}
