internal import EndkeyPrimitives
public import EndkeyWire

/// A person's check of one member's batches. §16.2
///
/// It takes all batches that the service gives, in any order: what the service says of a batch, its place or its name,
/// means nothing. From the mark of the last audit it goes back for history, then forwards.
public struct Audit {
  /// The account whose batches they must be.
  public let accountID: AccountID
  /// The member under audit.
  public let member: Member

  let members: Set<AgentID>
  /// Of the member; nil when its EnrolmentRequest is missing. R-16.2-3
  let verifyKey: Ed25519.PublicKey?
  let notes: StateNotes
  let erasures: [Erasure]
  let ring: KeyRing
  /// What was made before has been taken by retention; nil where nobody says so.
  let expired: Time?

  /// An audit of `member` from its mark.
  ///
  /// `members` are the ids of all that the vault knows, `erasures` its notes of what was erased, of any member.
  /// `request` is the member's own, as the service stores it; one of another id or account is as none. `ring` holds
  /// the MasterKeys of all epochs. Of batches made before `expired` retention takes all but the newest.
  package init(
    accountID: AccountID, member: Member, members: Set<AgentID>, request: EnrolmentRequest?,
    notes: StateNotes, erasures: [Erasure] = [], ring: KeyRing, expired: Time? = nil
  ) {
    self.accountID = accountID
    self.member = member
    self.members = members
    verifyKey = request.flatMap { request in
      request.accountID == accountID && request.agentID == member.agentID
        ? Self.key(request.verifyKey) : nil
    }
    self.notes = notes
    self.erasures = erasures.filter { $0.agentID == member.agentID }
    self.ring = ring
    self.expired = expired
  }

  /// Audits `batches`. `erased` are the numbers that the service marks as erased.
  public func report(on batches: [[UInt8]], erased: [ClosedRange<Counter>] = []) -> AuditReport {
    let given = GivenBatches(batches)
    var walk = AuditWalk(self)
    walk.goBack(through: given)
    var line = AuditLine(self, behind: walk)
    for index in given.forwards where walk.history[index] == nil {
      line.take(given.batches[index], at: index)
    }

    var report = AuditReport(mark: line.mark, counted: line.counted)
    report.kept = walk.kept
    report.erased = walk.erased
    report.findings = given.faults + walk.findings + line.findings
    var tokens = line.tokens
    for batch in walk.history.sorted(by: { $0.value.sequence > $1.value.sequence }) {
      do {
        tokens.add(try tokens.open(batch.value))
        report.history.append(batch.value)
      } catch {
        report.findings.append(AuditFinding(index: batch.key, error: error))
      }
    }
    report.totals = tokens.totals(of: member.agentID)
    for range in erased where range.upperBound > member.auditedSequence {
      report.findings.append(AuditFinding(sequence: range.upperBound, error: Self.error(.erasedUnseen)))
    }
    report.sortFindings()
    return report
  }

  static func error(_ code: ErrorCode) -> ProtocolError { ProtocolError(code, "16.2") }

  /// Nil when the bytes are no key: then no signature verifies.
  private static func key(_ verifyKey: VerifyKey) -> Ed25519.PublicKey? {
    do {
      return try Ed25519.PublicKey(verifyKey.bytes)
    } catch {
      return nil
    }
  }
}
