public import Endkey
public import EndkeyWire

extension AccountAudit {
  /// Adds all records that count to `sums`, or those of some agents. R-16.2-1
  public func add(to sums: inout ActivitySums, of agents: Set<AgentID>? = nil) {
    for (agentID, report) in reports where agents?.contains(agentID) ?? true {
      for batch in report.history + report.counted { sums.add(batch) }
    }
  }

  /// When the last record of an agent ends that counts and starts before `limit`; nil when none does.
  public func lastActivity(of agentID: AgentID, before limit: Time = .max) -> Time? {
    guard let report = reports[agentID] else { return nil }
    return (report.history + report.counted).lazy.flatMap(\.records)
      .filter { $0.start < limit }
      .map { $0.start.adding(milliseconds: UInt64($0.duration)) }
      .max()
  }
}
