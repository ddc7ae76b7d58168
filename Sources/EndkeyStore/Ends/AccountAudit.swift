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
    public let place: String?
    /// The number of a batch that is not there.
    public let sequence: Counter?
    /// The hash of the batch at fault; nil for one that is not there.
    public let batch: Hash?
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
      findings.append(
        Finding(
          agentID: agentID, error: finding.error, place: finding.index.map { batches[$0].place },
          sequence: finding.sequence, batch: finding.index.map { Hash(sha256: batches[$0].bytes) }))
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
          agentID: nil, error: ProtocolError(.unknownAgent, "16.2"), place: batch.place, sequence: nil,
          batch: Hash(sha256: batch.bytes)))
    }
  }
}

extension AccountAudit {
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
