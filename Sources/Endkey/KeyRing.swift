public import EndkeyWire

/// The keys that one party holds of one account, by epoch. Copies share the memory of the keys.
public struct KeyRing: Sendable {
  /// Whose keys they are; it decides which error says that one is missing.
  public enum Holder: Hashable, Sendable {
    case owner
    case agent(AgentID)
  }

  public let accountID: AccountID
  public let holder: Holder
  private var keys: [UInt32: EpochEntry] = [:]

  public init(accountID: AccountID, holder: Holder) {
    self.accountID = accountID
    self.holder = holder
  }

  /// The epochs of which there are keys, ascending.
  public var epochs: [UInt32] { keys.keys.sorted() }

  /// Adds the MasterKey of an epoch, in place of what was held of it.
  public mutating func add(_ key: consuming MasterKey) throws(ProtocolError) {
    precondition(key.accountID == accountID, "a key of another account")
    let epoch = key.epoch
    keys[epoch] = EpochEntry(tokenKey: try key.tokenKey(), masterKey: key)
  }

  /// Adds what an agent was granted for an epoch, in place of what was held of it.
  public mutating func add(_ tokenKey: consuming TokenKey, _ agentKey: consuming AgentKey) {
    precondition(
      tokenKey.accountID == accountID && agentKey.accountID == accountID, "a key of another account")
    precondition(
      tokenKey.epoch == agentKey.epoch && holder == .agent(agentKey.agentID), "keys that do not fit")
    let epoch = tokenKey.epoch
    keys[epoch] = EpochEntry(tokenKey: tokenKey, agentKey: agentKey)
  }

  /// Forgets the keys of an epoch.
  public mutating func remove(epoch: UInt32) { keys[epoch] = nil }

  /// `Ktok` of an epoch; `noEpochKey` or `noGrant` when it is not held.
  package func tokenKey(epoch: UInt32, section: String) throws(ProtocolError) -> TokenKey {
    try entry(epoch, section).tokenKey.copy()
  }

  /// `Kagent` of an epoch and agent; `noEpochKey` or `noGrant` when there is no key of the epoch, `wrongRecipient` when
  /// an agent without the MasterKey asks for the key of another.
  package func agentKey(
    epoch: UInt32, of agentID: AgentID, section: String
  ) throws(ProtocolError) -> AgentKey {
    try entry(epoch, section).agentKey(of: agentID, section)
  }

  private func entry(_ epoch: UInt32, _ section: String) throws(ProtocolError) -> EpochEntry {
    if let entry = keys[epoch] { return entry }
    throw ProtocolError(holder == .owner ? .noEpochKey : .noGrant, section)
  }
}

/// The keys of one epoch: of a MasterKey all, else those of one agent.
private final class EpochEntry: Sendable {
  let tokenKey: TokenKey
  private let agentKey: AgentKey?
  private let masterKey: MasterKey?

  init(tokenKey: consuming TokenKey, masterKey: consuming MasterKey) {
    self.tokenKey = tokenKey
    self.agentKey = nil
    self.masterKey = consume masterKey
  }

  init(tokenKey: consuming TokenKey, agentKey: consuming AgentKey) {
    self.tokenKey = tokenKey
    self.agentKey = consume agentKey
    self.masterKey = nil
  }

  func agentKey(of agentID: AgentID, _ section: String) throws(ProtocolError) -> AgentKey {
    if let key = try masterKey?.agentKey(for: agentID) { return key }
    if let key = agentKey?.copy(), key.agentID == agentID { return key }
    throw ProtocolError(.wrongRecipient, section)
  }
}
