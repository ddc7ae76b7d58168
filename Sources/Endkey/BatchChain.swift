package import EndkeyPrimitives
package import EndkeyWire

/// An agent's batches, each numbered and linked to the one before. §16.1
package struct BatchChain: Equatable, Sendable {
  let accountID: AccountID
  let agentID: AgentID
  /// Of the last batch made, 0 before the first.
  private(set) var sequence: Counter
  /// Of the last batch made, zero before the first.
  private(set) var hash: Hash

  package init(accountID: AccountID, agentID: AgentID, sequence: Counter = 0, hash: Hash = .zero) {
    self.accountID = accountID
    self.agentID = agentID
    self.sequence = sequence
    self.hash = hash
  }

  /// Makes and signs the next batch; nothing changes when it throws. R-16.1-1
  ///
  /// `stateCounter` is that of the newest AccountState accepted (R-16.1-3). `epochMismatch` for a token of
  /// another epoch (R-16.1-2), `limitReached` for a batch that is too long or has no number left; no records
  /// are `lengthOutOfRange`.
  package mutating func append(
    _ records: [Record], epoch: Epoch, stateCounter: Counter, signingKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> RecordBatch {
    let number = try next(after: sequence, "16.1")
    let size = records.reduce(0) { $0 + $1.serializedCount }
    guard size <= Limit.recordsMax else { throw ProtocolError(.limitReached, "16.1") }
    let unsigned = try wire { () throws(WireError) in
      RecordBatch(
        accountID: accountID, epoch: epoch, agentID: agentID, sequence: number, previous: hash,
        stateCounter: stateCounter, records: try BoundedList(records))
    }
    guard unsigned.hasOneEpoch else { throw ProtocolError(.epochMismatch, "16.1") }
    let batch = unsigned.signed(by: signingKey)
    sequence = number
    hash = Hash(sha256: batch.serialized)
    return batch
  }
}
