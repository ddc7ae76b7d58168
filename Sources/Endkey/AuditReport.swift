public import EndkeyWire

/// The newest batch of a member that retention took. §16.5
public struct KeptBatch: Equatable, Sendable {
  /// Its number.
  public let sequence: Counter
  /// Its hash.
  public let hash: Hash

  init(sequence: Counter, hash: Hash) {
    self.sequence = sequence
    self.hash = hash
  }

  /// What the vault says of `member`; number 0 where retention took nothing.
  init(_ member: Member) { self.init(sequence: member.keptSequence, hash: member.keptHash) }
}

/// What an audit found, and what counts. §16.2
public struct AuditReport: Equatable, Sendable {
  /// What is wrong: of the batches by their places, each in the order of the steps, then of no batch, descending by
  /// number.
  public internal(set) var findings: [AuditFinding] = []
  /// Where the next audit begins.
  public let mark: AuditMark
  /// The batches up to the mark that count, newest first.
  public internal(set) var history: [RecordBatch] = []
  /// The batches behind the mark that count, oldest first.
  public let counted: [RecordBatch]
  /// What is not there since it was erased, as the vault says, or taken by retention, newest first. R-16.5-3
  public internal(set) var erased: [ClosedRange<Counter>] = []
  /// The newest batch that retention took, where that is a later one than the vault says. R-16.5-4
  public internal(set) var kept: KeptBatch?
  /// The sums over all batches that count. R-16.2-1
  public internal(set) var totals = Totals()

  init(mark: AuditMark, counted: [RecordBatch]) {
    self.mark = mark
    self.counted = counted
  }

  /// Those of one batch were found in the order of the steps, which stays.
  mutating func sortFindings() {
    func order(_ finding: AuditFinding, _ place: Int) -> (Int, UInt64, Int) {
      (finding.index ?? .max, UInt64.max - (finding.sequence?.value ?? .max), place)
    }
    findings = findings.enumerated().sorted { left, right in
      order(left.element, left.offset) < order(right.element, right.offset)
    }.map(\.element)
  }
}
