public import EndkeyWire

/// Something wrong with a member's batches. §16.2
///
/// A batch may have several: `sequenceGap`, `stateWithheld`, `stateFork` and `stateStale` are noted, and do not keep it
/// from counting.
public struct AuditFinding: Equatable, Sendable {
  /// The place of the batch among those given, from 0; nil for a finding of no batch.
  public let index: Int?
  /// The number that a finding of no batch is about; nil for one of a batch.
  public let sequence: Counter?
  /// What is wrong.
  public let error: ProtocolError

  /// A finding of a batch.
  init(index: Int, error: ProtocolError) {
    self.index = index
    sequence = nil
    self.error = error
  }

  /// A finding of no batch.
  init(sequence: Counter, error: ProtocolError) {
    index = nil
    self.sequence = sequence
    self.error = error
  }
}
