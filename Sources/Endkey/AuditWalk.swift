internal import EndkeyWire

/// The way of an audit back from the mark: each batch is the `previous` of one that is known, so its hash says that the
/// member made it, in this place. No signature is verified again. §16.2
struct AuditWalk {
  /// The batches of the line up to the mark, by their places among those given.
  private(set) var history: [Int: RecordBatch] = [:]
  /// The hashes of the numbers that the walk has come to.
  private(set) var hashes: [Counter: Hash] = [:]
  /// What is not there since it was erased, as the vault says, or taken by retention, newest first.
  private(set) var erased: [ClosedRange<Counter>] = []
  private(set) var findings: [AuditFinding] = []
  /// Where retention was seen to have taken more than the vault says.
  private(set) var kept: KeptBatch?

  private let audit: Audit

  init(_ audit: Audit) { self.audit = audit }

  /// Goes back to the first batch, or to one that is missing.
  mutating func goBack(through given: GivenBatches) {
    let kept = KeptBatch(audit.member)
    var (sequence, hash) = (audit.member.auditedSequence, audit.member.auditedHash)
    var isExpired = isExpired(successor(of: sequence, hash, in: given))
    while let before = sequence.previous {
      hashes[sequence] = hash
      if sequence == kept.sequence, hash != kept.hash { find(.chainBroken, of: sequence) }
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
        guard isExpired || sequence <= kept.sequence else { return find(.sequenceGap, of: sequence) }
        erased.append(1...sequence)
        if sequence > kept.sequence { self.kept = KeptBatch(sequence: sequence, hash: hash) }
        return
      }
      history[index] = batch
      isExpired = isExpired || self.isExpired(batch)
      (sequence, hash) = (before, batch.previous)
    }
  }

  private mutating func find(_ code: ErrorCode, of sequence: Counter) {
    findings.append(AuditFinding(sequence: sequence, error: Audit.error(code)))
  }

  /// Whether the batch of this number is gone: that the service still has it is no finding.
  func isErased(_ sequence: Counter) -> Bool { erased.contains { $0.contains(sequence) } }

  /// Of what is as old as this, only the newest stays: one that is missing before it was taken by retention.
  private func isExpired(_ batch: RecordBatch?) -> Bool {
    guard let expired = audit.expired, let batch else { return false }
    return batch.made < expired
  }

  /// The member's batch behind the mark.
  private func successor(of sequence: Counter, _ hash: Hash, in given: GivenBatches) -> RecordBatch? {
    guard audit.expired != nil, let verifyKey = audit.verifyKey, let number = sequence.next
    else { return nil }
    return given.batches.values.first { next in
      next.batch.previous == hash && isOf(number, next.batch)
        && next.batch.isSigned(by: verifyKey, in: next.bytes)
    }?.batch
  }

  /// A member cannot take in what another has made, though it names the hash.
  private func isOf(_ sequence: Counter, _ batch: RecordBatch) -> Bool {
    batch.accountID == audit.accountID && batch.agentID == audit.member.agentID && batch.sequence == sequence
  }
}
