public import EndkeyWire

/// The keys that one party holds of one account, by epoch. Copies share the memory of the keys.
///
/// A person's end may hold thousands of MasterKeys. Nothing is derived from one before it is asked for.
public struct KeyRing: Sendable {
  /// Whose keys they are; it decides which error says that one is missing.
  public enum Holder: Hashable, Sendable {
    /// A person: `noEpochKey` when a key is missing.
    case owner
    /// An agent: `noGrant` when a key is missing.
    case agent(AgentID)
  }

  /// The account whose keys they are.
  public let accountID: AccountID
  /// Who holds the keys.
  public let holder: Holder
  /// Two, where two lines of the account have used one epoch; the newest first.
  private var masterKeys: [Epoch: [Shared<MasterKey>]] = [:]
  private var tokenKeys: [Epoch: [Shared<TokenKey>]] = [:]
  private var agentKeys: [Epoch: [AgentID: [Shared<AgentKey>]]] = [:]

  package init(accountID: AccountID, holder: Holder) {
    self.accountID = accountID
    self.holder = holder
  }

  /// Adds the MasterKey of an epoch, from which all its keys come, behind the others of it.
  package mutating func add(_ key: Shared<MasterKey>) {
    precondition(key.value.accountID == accountID, "a key of another account")
    masterKeys[key.value.epoch, default: []].append(key)
  }

  /// Adds the token key of an epoch behind the others of it.
  package mutating func add(_ key: consuming TokenKey) {
    precondition(key.accountID == accountID, "a key of another account")
    let epoch = key.epoch
    tokenKeys[epoch, default: []].append(Shared(key))
  }

  /// Adds the key of an agent in an epoch behind the others of both.
  package mutating func add(_ key: consuming AgentKey) {
    precondition(key.accountID == accountID, "a key of another account")
    let (epoch, agentID) = (key.epoch, key.agentID)
    agentKeys[epoch, default: [:]][agentID, default: []].append(Shared(key))
  }

  /// Whether tokens of an epoch can be made and opened.
  public func hasTokenKey(epoch: Epoch) -> Bool { masterKeys[epoch] != nil || tokenKeys[epoch] != nil }

  /// The keys that may be `Ktok` of an epoch, at least one; `noEpochKey` or `noGrant` when none is held.
  package func tokenKeys(epoch: Epoch, _ section: String) throws(ProtocolError) -> [Shared<TokenKey>] {
    if let keys = masterKeys[epoch] {
      return try keys.map { (key) throws(ProtocolError) in Shared(try key.value.tokenKey()) }
    }
    guard let keys = tokenKeys[epoch] else { throw missing(section) }
    return keys
  }

  /// The keys that may be `Kagent` of an epoch and agent, at least one; `noEpochKey` or `noGrant` when none is held.
  func agentKeys(
    epoch: Epoch, of agentID: AgentID, _ section: String
  ) throws(ProtocolError) -> [Shared<AgentKey>] {
    if let keys = masterKeys[epoch] {
      return try keys.map { (key) throws(ProtocolError) in Shared(try key.value.agentKey(for: agentID)) }
    }
    guard let keys = agentKeys[epoch]?[agentID] else { throw missing(section) }
    return keys
  }

  private func missing(_ section: String) -> ProtocolError {
    ProtocolError(holder == .owner ? .noEpochKey : .noGrant, section)
  }
}
