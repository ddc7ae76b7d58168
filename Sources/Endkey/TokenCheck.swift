internal import EndkeyWire

/// Whether the tokens of batches open: each distinct one is opened once. §16.2
///
/// Whoever holds an agent's keys can sign tokens that are none. They would be counted, and shown as a value that nobody
/// can read.
struct TokenCheck {
  private var opener: TokenOpener
  private var opened: Set<Token> = []

  init(ring: KeyRing) { opener = TokenOpener(ring: ring) }

  /// What can be said of a batch without its state: steps 11 and 12 of §16.2. `epochMismatch` for a token of another
  /// epoch than the batch's, `noEpochKey` or `tokenOpenFailed` for the first that does not open.
  mutating func checkAlone(_ batch: RecordBatch) throws(ProtocolError) {
    guard batch.hasOneEpoch else { throw Audit.error(.epochMismatch) }
    for record in batch.records {
      for case .token(let token) in record.items where !opened.contains(token) {
        _ = try opener.open(token)
        opened.insert(token)
      }
    }
  }
}
