internal import EndkeyWire

/// The batches that a service gives to an audit, each read and hashed once. §16.2
struct GivenBatches {
  /// A batch that was read.
  struct Batch {
    let batch: RecordBatch
    let bytes: [UInt8]
    let hash: Hash
  }

  /// Those that could be read, by their places.
  private(set) var batches: [Int: Batch] = [:]
  /// Step 1: what cannot be read.
  private(set) var faults: [AuditFinding] = []
  /// The first place of each hash.
  private(set) var places: [Hash: Int] = [:]

  init(_ given: [[UInt8]]) {
    for (index, bytes) in given.enumerated() {
      do throws(ProtocolError) {
        let batch = try RecordBatch(received: bytes)
        let hash = Hash(sha256: bytes)
        batches[index] = Batch(batch: batch, bytes: bytes, hash: hash)
        if places[hash] == nil { places[hash] = index }
      } catch {
        faults.append(AuditFinding(index: index, error: error))
      }
    }
  }

  /// The places, ascending by sequence; those of one number in the order in which they were given.
  var forwards: [Int] {
    batches.sorted { ($0.value.batch.sequence, $0.key) < ($1.value.batch.sequence, $1.key) }.map(\.key)
  }
}
