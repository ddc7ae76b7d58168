internal import EndkeyWire

/// What a grant gave its recipient. §11
package enum GrantedKeys: ~Copyable, Sendable {
  /// For persons, who keep it, and for agents whose code said so, which do not.
  case master(MasterKey)
  /// For agents.
  case scoped(AgentKeys)

  /// The keys that an agent works with. Of a master grant it makes these, and wipes the MasterKey. R-11-11
  consuming func agentKeys(of agentID: AgentID) throws(ProtocolError) -> AgentKeys {
    switch consume self {
    case .master(let masterKey):
      AgentKeys(tokenKey: try masterKey.tokenKey(), agentKey: try masterKey.agentKey(for: agentID))
    case .scoped(let keys): keys
    }
  }
}
