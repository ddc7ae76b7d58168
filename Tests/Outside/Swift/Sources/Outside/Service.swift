import Endkey

/// A service in memory: it keeps what it is given, and gives it back.
struct Service {
  private var ownerVault: [UInt8] = []
  private(set) var accountState: [UInt8] = []
  private var passwordWrap: [UInt8]?
  private var personKeys: [UInt8] = []
  private(set) var requests: [AgentID: [UInt8]] = [:]
  private var grants: [AgentID: [UInt8]] = [:]
  private(set) var batches: [AgentID: [[UInt8]]] = [:]

  mutating func take(_ publication: Publication) {
    ownerVault = publication.ownerVault.serialized
    if let state = publication.accountState { accountState = state.serialized }
    if let wrap = publication.passwordWrap { passwordWrap = wrap.serialized }
    if let keys = publication.personKeys { personKeys = keys.serialized }
    take(publication.grants)
  }

  mutating func take(_ grants: [Grant]) {
    for grant in grants { self.grants[grant.recipient] = grant.serialized }
  }

  mutating func take(_ request: EnrolmentRequest) { requests[request.agentID] = request.serialized }

  mutating func take(_ batch: RecordBatch) { batches[batch.agentID, default: []].append(batch.serialized) }

  /// How the owner's password is stretched.
  func head() throws -> PasswordHeader { try PersonKeys(parsing: personKeys).head }

  /// The account, after a login.
  var whole: Whole {
    Whole(
      personKeys: personKeys, passwordWrap: passwordWrap, accountState: accountState, grant: nil,
      ownerVault: ownerVault, ruleSet: nil)
  }

  /// Gives an agent the newest state and its newest grant.
  func deliver(to agent: inout Agent) throws {
    try agent.accept(state: accountState)
    if let agentID = agent.agentID, let grant = grants[agentID] { try agent.accept(grant: grant) }
  }
}
