public import EndkeyWire

/// The keys of one epoch that a grant gave its recipient. §11
public struct GrantedKeys: ~Copyable, Sendable {
  public let tokenKey: TokenKey
  public let agentKey: AgentKey
  /// After a master grant.
  public let masterKey: MasterKey?

  init(tokenKey: consuming TokenKey, agentKey: consuming AgentKey) {
    self.tokenKey = tokenKey
    self.agentKey = agentKey
    masterKey = nil
  }

  init(masterKey: consuming MasterKey, agentID: AgentID) throws(ProtocolError) {
    let tokenKey = try masterKey.tokenKey()
    let agentKey = try masterKey.agentKey(for: agentID)
    self.tokenKey = tokenKey
    self.agentKey = agentKey
    self.masterKey = .some(masterKey)
  }

  public var epoch: UInt32 { tokenKey.epoch }

  public var kind: GrantKind {
    switch masterKey {
    case .some: .master
    case .none: .scoped
    }
  }
}
