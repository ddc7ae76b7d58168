package import EndkeyPrimitives
package import EndkeyWire

/// An agent's batches, each numbered and linked to the one before. §16.1
package struct BatchChain: Equatable, Sendable {
  let agentID: AgentID
  /// Of the last batch made, 0 before the first.
  private(set) var sequence: Counter
  /// Of the last batch made, zeros before the first.
  private(set) var hash: Hash

  package init(agentID: AgentID, sequence: Counter = 0, hash: Hash = .zero) {
    self.agentID = agentID
    self.sequence = sequence
    self.hash = hash
  }

  /// Makes and signs the next batch; nothing changes when it throws. R-16.1-1
  ///
  /// `note` is of the newest AccountState accepted (R-16.1-4), `made` what the agent takes for the time.
  /// `epochMismatch` for a token of another epoch than the state's (R-16.1-2), `limitReached` for a batch that is too
  /// long or has no number left; no records are `lengthOutOfRange`.
  package mutating func append(
    _ records: [Record], accountID: AccountID, under note: StateNote, made: Time,
    signingKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> RecordBatch {
    guard let sequence = sequence.next else { throw ProtocolError(.limitReached, "16.1") }
    let size = records.reduce(0) { $0 + $1.serializedCount }
    guard size <= Limit.recordsMax else { throw ProtocolError(.limitReached, "16.1") }
    let records = try wire { () throws(WireError) in try BoundedList<RecordBatch.Records>(records) }
    let unsigned = RecordBatch(
      accountID: accountID, epoch: note.epoch, agentID: agentID, sequence: sequence, previous: hash,
      made: made,
      stateGeneration: note.generation, stateCounter: note.counter, state: note.hash, records: records)
    guard unsigned.hasOneEpoch else { throw ProtocolError(.epochMismatch, "16.1") }
    let batch = unsigned.signed(by: signingKey)
    self.sequence = sequence
    hash = Hash(sha256: batch.serialized)
    return batch
  }
}

extension RecordBatch {
  /// Whether all tokens are of the batch's epoch. R-16.1-2
  var hasOneEpoch: Bool {
    for record in records {
      for case .token(let token) in record.items where token.epoch != epoch { return false }
    }
    return true
  }
}
