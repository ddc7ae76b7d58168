public import EndkeyWire

/// The keys that one party holds of one account, by epoch. Copies share the memory of the keys.
public struct KeyRing: Sendable {
  /// Whose keys they are; it decides which error says that one is missing.
  public enum Holder: Hashable, Sendable {
    /// The owner: `noEpochKey` when a key is missing.
    case owner
    /// An agent: `noGrant` when a key is missing.
    case agent(AgentID)
  }

  /// The account whose keys they are.
  public let accountID: AccountID
  /// Who holds the keys.
  public let holder: Holder
  private var masterKeys: [Epoch: Shared<MasterKey>] = [:]
  private var tokenKeys: [Epoch: Shared<TokenKey>] = [:]
  private var agentKeys: [Epoch: [AgentID: Shared<AgentKey>]] = [:]

  package init(accountID: AccountID, holder: Holder) {
    self.accountID = accountID
    self.holder = holder
  }

  /// Adds the MasterKey of an epoch, from which all its keys come.
  package mutating func add(_ key: consuming MasterKey) throws(ProtocolError) {
    precondition(key.accountID == accountID, "a key of another account")
    let epoch = key.epoch
    tokenKeys[epoch] = Shared(try key.tokenKey())
    masterKeys[epoch] = Shared(key)
  }

  /// Adds the token key of an epoch.
  package mutating func add(_ key: consuming TokenKey) {
    precondition(key.accountID == accountID, "a key of another account")
    let epoch = key.epoch
    tokenKeys[epoch] = Shared(key)
  }

  /// Adds the key of an agent in an epoch.
  package mutating func add(_ key: consuming AgentKey) {
    precondition(key.accountID == accountID, "a key of another account")
    let (epoch, agentID) = (key.epoch, key.agentID)
    agentKeys[epoch, default: [:]][agentID] = Shared(key)
  }

  /// Whether tokens of an epoch can be made and opened.
  public func hasTokenKey(epoch: Epoch) -> Bool { tokenKeys[epoch] != nil }

  /// `Ktok` of an epoch; `noEpochKey` or `noGrant` when it is not held.
  package func tokenKey(epoch: Epoch, _ section: String) throws(ProtocolError) -> TokenKey {
    guard let kept = tokenKeys[epoch] else { throw missing(section) }
    return kept.value.copy()
  }

  /// `Kagent` of an epoch and agent; `noEpochKey` or `noGrant` when there is no key of the epoch,
  /// `wrongRecipient` when there are keys, but neither the MasterKey nor that of this agent.
  func agentKey(
    epoch: Epoch, of agentID: AgentID, _ section: String
  ) throws(ProtocolError) -> AgentKey {
    if let kept = masterKeys[epoch] { return try kept.value.agentKey(for: agentID) }
    guard let keys = agentKeys[epoch] else { throw missing(section) }
    guard let kept = keys[agentID] else { throw ProtocolError(.wrongRecipient, section) }
    return kept.value.copy()
  }

  private func missing(_ section: String) -> ProtocolError {
    ProtocolError(holder == .owner ? .noEpochKey : .noGrant, section)
  }
}
