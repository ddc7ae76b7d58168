package import EndkeyPrimitives
package import EndkeyWire

/// `Kagent[e,i]`: the key of one agent in one epoch. §7
package struct AgentKey: ~Copyable, Sendable {
  /// 32 bytes.
  package let secret: SecretBytes
  package let accountID: AccountID
  package let epoch: Epoch
  let agentID: AgentID

  /// `secret` has 32 bytes: whoever read them has checked that.
  package init(secret: consuming SecretBytes, accountID: AccountID, epoch: Epoch, agentID: AgentID) {
    precondition(secret.count == 32, "not an agent key")
    self.secret = secret
    self.accountID = accountID
    self.epoch = epoch
    self.agentID = agentID
  }

  /// Another value with the same key.
  package func copy() -> AgentKey {
    AgentKey(secret: secret.copy(), accountID: accountID, epoch: epoch, agentID: agentID)
  }

  /// `Kblob[e,i]`: 32 bytes.
  package func blobKey() throws(ProtocolError) -> SecretBytes {
    try Label.Derived.blob.derive(from: secret, context: keyContext(accountID, epoch) + agentID.bytes)
  }
}
