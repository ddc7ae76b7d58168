public import Endkey
public import EndkeyWire

/// All batches that a service gives of an account, agent by agent, from the first on. §16.2
public struct AccountAudit: Sendable {
  /// Something wrong with what the service gives.
  public enum Finding: Equatable, Sendable {
    /// A batch at a place does not pass.
    case refused(ProtocolError, place: String)
    /// Batches of an agent are there, but the one that the last audit ended with, by its number, is gone or another.
    case lost(AgentID, sequence: Counter)
  }

  /// What is wrong with what the service gives, in the order in which it was found; empty when nothing is.
  public private(set) var findings: [Finding] = []
  /// The sums over the batches that were counted. R-16.2-1
  public private(set) var totals = Totals()
  /// The number of batches that were counted.
  public private(set) var countedCount = 0
  /// Batches behind those that the vault has noted, of agents whose noted ones are all there.
  private(set) var fresh: [(AgentID, [[UInt8]])] = []

  private let vault: Vault
  private let stateCounter: Counter
  private let verifyKeys: [AgentID: VerifyKey]
  private var audited: Set<AgentID> = []

  /// An audit against what a vault has noted; `stateCounter` is that of the auditor's AccountState.
  init(vault: Vault, stateCounter: Counter) {
    self.vault = vault
    self.stateCounter = stateCounter
    verifyKeys = Dictionary(vault.members.map { ($0.agentID, $0.verifyKey) }) { first, _ in first }
  }

  /// Takes all batches under one name, which should be the id of their agent.
  mutating func take(_ batches: [ReceivedMessage], of author: String) {
    guard let agentID = AgentID(hexadecimal: author) else {
      for batch in batches {
        findings.append(.refused(ProtocolError(.unknownAgent, "16.2"), place: batch.place))
      }
      return
    }
    audited.insert(agentID)
    var audit = Audit(
      accountID: vault.accountID, agentID: agentID, members: verifyKeys, stateCounter: stateCounter)
    let noted = vault[member: agentID]
    var isNotedThere = noted?.auditedSequence ?? 0 == 0
    var fresh: [[UInt8]] = []
    for batch in batches {
      let counted = audit.take(batch.bytes)
      guard let noted, let counted else { continue }
      if counted.sequence > noted.auditedSequence { fresh.append(batch.bytes) }
      if counted.sequence == noted.auditedSequence {
        isNotedThere = audit.checkpoint.hash == noted.auditedHash
      }
    }
    for finding in audit.findings {
      findings.append(.refused(finding.error, place: batches[finding.index].place))
    }
    if !isNotedThere { findings.append(.lost(agentID, sequence: noted?.auditedSequence ?? 0)) }
    if isNotedThere, !fresh.isEmpty { self.fresh.append((agentID, fresh)) }
    totals.add(audit.totals)
    countedCount += audit.countedCount
  }

  /// Finds agents whose batches are all gone.
  mutating func finish() {
    for member in vault.members where member.auditedSequence > 0 && !audited.contains(member.agentID) {
      findings.append(.lost(member.agentID, sequence: member.auditedSequence))
    }
  }
}
