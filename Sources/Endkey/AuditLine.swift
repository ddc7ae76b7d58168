internal import EndkeyPrimitives
internal import EndkeyWire

/// The line of a member's batches from the mark on: what counts, and what is found in the rest. §16.2
struct AuditLine {
  /// The number and hash of the line, and the place of the newest state that it names.
  private(set) var mark: AuditMark
  private(set) var counted: [RecordBatch] = []
  private(set) var findings: [AuditFinding] = []

  private let audit: Audit
  private let walk: AuditWalk
  /// Of history, and of what was counted.
  private var hashes: [Counter: Hash]
  /// Of all batches that count so far.
  private(set) var tokens: TokenSums

  init(_ audit: Audit, behind walk: AuditWalk) {
    self.audit = audit
    self.walk = walk
    mark = AuditMark(audit.member)
    hashes = walk.hashes
    tokens = TokenSums(ring: audit.ring)
  }

  /// Takes the next batch, which is not history: it counts, or has a finding.
  mutating func take(_ given: GivenBatches.Batch?, at index: Int) {
    guard let given else { return }
    do {
      try checkAuthor(given)
      guard given.batch.sequence > mark.sequence else { return try checkOld(given) }
      try checkNext(given, at: index)
    } catch {
      findings.append(AuditFinding(index: index, error: error))
    }
  }

  /// Steps 2 to 4: what one batch says for itself.
  private func checkAuthor(_ given: GivenBatches.Batch) throws(ProtocolError) {
    let batch = given.batch
    guard batch.accountID == audit.accountID else { throw Audit.error(.wrongAccount) }
    guard audit.members.contains(batch.agentID) else { throw Audit.error(.unknownAgent) }
    guard batch.agentID == audit.member.agentID else { throw Audit.error(.wrongRecipient) }
    guard let verifyKey = audit.verifyKey else { throw Audit.error(.unknownAgent) }
    guard batch.isSigned(by: verifyKey, in: given.bytes) else { throw Audit.error(.signatureInvalid) }
  }

  /// Step 5, of a batch whose number is not above the line's.
  private func checkOld(_ given: GivenBatches.Batch) throws(ProtocolError) {
    let sequence = given.batch.sequence
    guard !walk.isErased(sequence) else { return }
    guard let known = hashes[sequence] else { throw Audit.error(.chainBroken) }
    throw Audit.error(known == given.hash ? .sequenceRepeat : .sequenceFork)
  }

  /// Steps 6 to 13: where a new batch stands in the line.
  private mutating func checkNext(_ given: GivenBatches.Batch, at index: Int) throws(ProtocolError) {
    let batch = given.batch
    guard audit.member.status == .granted else { throw Audit.error(.revoked) }
    if batch.sequence != mark.sequence.next {
      note(.sequenceGap, index)
    } else if batch.previous != mark.hash {
      throw Audit.error(.chainBroken)
    }
    let state = audit.notes[batch.state]
    if let state {
      guard state.pair >= mark.pair else { throw Audit.error(.counterRollback) }
      guard batch.epoch == state.epoch else { throw Audit.error(.epochMismatch) }
    } else {
      note(audit.notes.isNewer(batch.pair) ? .stateWithheld : .stateFork, index)
    }
    let addends = try tokens.open(batch)
    if let state, audit.notes.isStale(batch.made, under: state) { note(.stateStale, index) }

    mark = AuditMark(sequence: batch.sequence, hash: given.hash, pair: state?.pair ?? mark.pair)
    hashes[batch.sequence] = given.hash
    counted.append(batch)
    tokens.add(addends)
  }

  private mutating func note(_ code: ErrorCode, _ index: Int) {
    findings.append(AuditFinding(index: index, error: Audit.error(code)))
  }
}
