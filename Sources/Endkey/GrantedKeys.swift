package import EndkeyWire

/// The keys of one epoch that a grant gave its recipient. §11
package struct GrantedKeys: ~Copyable, Sendable {
  package let tokenKey: TokenKey
  package let agentKey: AgentKey
  /// After a master grant.
  package let masterKey: MasterKey?

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

  var epoch: Epoch { tokenKey.epoch }

  package var kind: GrantKind {
    switch masterKey {
    case .some: .master
    case .none: .scoped
    }
  }
}
