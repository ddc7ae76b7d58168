import Endkey

/// A service in memory: it keeps what it is given, and gives it back.
struct Service {
  var messages: StoredMessages
  private(set) var grants: [AgentID: [UInt8]] = [:]
  private(set) var batches: [AgentID: [[UInt8]]] = [:]

  init(_ account: Owner.NewAccount) { messages = StoredMessages(account) }

  mutating func take(_ publication: borrowing some Publication & ~Copyable) {
    messages.store(publication)
    for case .grant(let grant) in publication.messages { grants[grant.recipient] = grant.serialized }
  }

  mutating func take(_ batch: RecordBatch) { batches[batch.agentID, default: []].append(batch.serialized) }

  /// Gives an agent the newest state and its newest grant.
  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: messages.accountState)
    if let agentID = agent.agentID, let grant = grants[agentID] { try agent.accept(grant: grant) }
  }
}
