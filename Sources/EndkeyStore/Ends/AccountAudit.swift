public import Endkey
public import EndkeyWire

/// All batches that a service gives of an account, member by member. §16.2
public struct AccountAudit: Sendable {
  /// Something wrong with what the service gives.
  public struct Finding: Equatable, Sendable {
    /// The member whose batches they are; nil where they are nobody's.
    public let agentID: AgentID?
    /// What is wrong.
    public let error: ProtocolError
    /// The batch at fault; nil for one that is not there.
    public var place: String?
    /// The number of a batch that is not there, or of one that names a blob which is not there.
    public var sequence: Counter?
    /// The hash of the batch at fault; nil for one that is not there.
    public var batch: Hash?
    /// The hash of a blob that is not there.
    public var blob: Hash?
  }

  /// What is wrong with what the service gives, in the order in which it was found; empty when nothing is.
  public private(set) var findings: [Finding] = []
  /// The sums over the batches that count. R-16.2-1
  public private(set) var totals = Totals()
  /// The number of batches that count.
  public private(set) var countedCount = 0
  /// What was found of each member.
  public private(set) var reports: [AgentID: AuditReport] = [:]

  /// The members of whom two batches of one number were found: a computer that was copied or whose disk was restored,
  /// or a liar. Each is to be removed, and its computers enrolled anew. §16.2
  public var forked: [AgentID] {
    Set(findings.lazy.filter { $0.error.code == .sequenceFork }.compactMap(\.agentID)).sorted()
  }

  /// What was erased, as the vault says, or taken by retention: by agent, the oldest batches first. R-16.5-3
  public var erased: [(agentID: AgentID, range: ClosedRange<Counter>)] {
    reports.sorted { $0.key < $1.key }.flatMap { agentID, report in
      report.erased.reversed().map { (agentID, $0) }
    }
  }

  mutating func take(_ report: AuditReport, of agentID: AgentID, _ batches: [ReceivedMessage]) {
    for finding in report.findings {
      var found = Finding(agentID: agentID, error: finding.error, sequence: finding.sequence)
      if let batch = finding.index.map({ batches[$0] }) {
        if finding.error.code == .sequenceGap {
          // The batch is the one behind the gap. The next audit comes to the gap from there, and says its number.
          found.sequence = RecordBatch(reading: batch.bytes)?.sequence.previous
        } else {
          (found.place, found.batch) = (batch.place, Hash(sha256: batch.bytes))
        }
      }
      findings.append(found)
    }
    totals.add(report.totals)
    countedCount += report.history.count + report.counted.count
    reports[agentID] = report
  }

  /// Batches of nobody who is a member.
  mutating func refuse(_ batches: [ReceivedMessage]) {
    for batch in batches {
      findings.append(
        Finding(
          agentID: nil, error: ProtocolError(.unknownAgent, "16.2"), place: batch.place,
          batch: Hash(sha256: batch.bytes)))
    }
  }

  /// A blob that a counted batch names, and the service has not.
  mutating func miss(_ blob: NamedBlob) {
    findings.append(
      Finding(
        agentID: blob.agentID, error: ProtocolError(.blobMissing, "16.2"), sequence: blob.sequence,
        blob: blob.reference.digest))
  }
}

extension AccountAudit {
  /// A blob, and the batch that names it.
  struct NamedBlob {
    let agentID: AgentID
    let sequence: Counter
    let reference: BlobReference
  }

  /// The blobs that records from `start` on name, each once, by agent and number.
  func blobs(since start: Time) -> [NamedBlob] {
    var blobs: [NamedBlob] = []
    for (agentID, report) in reports.sorted(by: { $0.key < $1.key }) {
      var known: Set<Hash> = []
      for batch in (report.history + report.counted).sorted(by: { $0.sequence < $1.sequence }) {
        for item in batch.records.filter({ $0.start >= start }).flatMap(\.items) {
          guard case .blob(let reference) = item, known.insert(reference.digest).inserted else { continue }
          blobs.append(NamedBlob(agentID: agentID, sequence: batch.sequence, reference: reference))
        }
      }
    }
    return blobs
  }

  /// What the next audit finds because of these: the line of an agent's batches ends at a gap, and what was counted
  /// before it is of no line any more.
  var consequences: [Finding] {
    reports.flatMap { agentID, report -> [Finding] in
      let gaps = findings.filter { $0.agentID == agentID && $0.error.code == .sequenceGap }
      guard let gap = gaps.compactMap(\.sequence).max() else { return [] }
      return (report.history + report.counted).filter { $0.sequence < gap }.map { batch in
        Finding(
          agentID: agentID, error: ProtocolError(.chainBroken, "16.2"), batch: Hash(sha256: batch.serialized))
      }
    }
  }

  /// What a counted batch of an agent says of the blob with this digest; nil when none names it. §15
  public func blob(_ digest: Hash, of agentID: AgentID) -> BlobReference? {
    guard let report = reports[agentID] else { return nil }
    for record in (report.counted + report.history).flatMap(\.records) {
      for case .blob(let reference) in record.items where reference.digest == digest { return reference }
    }
    return nil
  }
}

extension ReceivedMessage {
  /// The agent that a batch says it is of; nothing of it is checked.
  var author: AgentID? {
    let end = Header.byteCount + AgentID.byteCount
    return bytes.count < end ? nil : AgentID(unchecked: bytes.span.extracting(Header.byteCount..<end))
  }
}
