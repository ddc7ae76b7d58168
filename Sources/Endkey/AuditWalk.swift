internal import EndkeyWire

/// The way of an audit back from the mark: each batch is the `previous` of one that is known, so its hash says that the
/// member made it, in this place. No signature is verified again. §16.2
struct AuditWalk {
  /// The batches of the line up to the mark, by their places among those given.
  private(set) var history: [Int: RecordBatch] = [:]
  /// The hashes of the numbers that the walk has come to.
  private(set) var hashes: [Counter: Hash] = [:]
  /// What it went over because the vault says that it was erased, newest first.
  private(set) var erased: [ClosedRange<Counter>] = []
  private(set) var findings: [AuditFinding] = []

  private let audit: Audit

  init(_ audit: Audit) { self.audit = audit }

  /// Goes back to the first batch, to what retention took, or to one that is missing.
  mutating func goBack(through given: GivenBatches) {
    let kept = (sequence: audit.member.keptSequence, hash: audit.member.keptHash)
    var (sequence, hash) = (audit.member.auditedSequence, audit.member.auditedHash)
    while sequence > kept.sequence, let before = sequence.previous {
      hashes[sequence] = hash
      if let erasure = audit.erasures.first(where: {
        $0.last == sequence && $0.lastHash == hash && $0.isConsistent
      }),
        let beforeFirst = erasure.first.previous
      {
        erased.append(erasure.first...erasure.last)
        (sequence, hash) = (beforeFirst, erasure.beforeHash)
        continue
      }
      guard let index = given.places[hash], let batch = given.batches[index]?.batch, isOf(sequence, batch)
      else {
        findings.append(AuditFinding(sequence: sequence, error: Audit.error(.sequenceGap)))
        return
      }
      history[index] = batch
      (sequence, hash) = (before, batch.previous)
    }
    if sequence == kept.sequence, sequence > 0 {
      hashes[sequence] = hash
      if hash != kept.hash {
        findings.append(AuditFinding(sequence: sequence, error: Audit.error(.chainBroken)))
      }
    }
  }

  /// Whether the vault says that the batch of this number is gone: that the service still has it is no finding.
  func isErased(_ sequence: Counter) -> Bool {
    sequence <= audit.member.keptSequence || erased.contains { $0.contains(sequence) }
  }

  /// A member cannot take in what another has made, though it names the hash.
  private func isOf(_ sequence: Counter, _ batch: RecordBatch) -> Bool {
    batch.accountID == audit.accountID && batch.agentID == audit.member.agentID && batch.sequence == sequence
  }
}
