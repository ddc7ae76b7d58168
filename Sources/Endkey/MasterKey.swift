package import EndkeyPrimitives
public import EndkeyWire

/// `MK[e]`: the key of an epoch, from which all others of that epoch come. §7
public struct MasterKey: ~Copyable, Sendable {
  package let secret: SecretBytes
  /// The account whose key it is.
  public let accountID: AccountID
  /// The epoch whose key it is.
  public let epoch: Epoch

  /// `secret` has 32 bytes: whoever read them has checked that.
  package init(secret: consuming SecretBytes, accountID: AccountID, epoch: Epoch) {
    precondition(secret.count == 32, "not a MasterKey")
    self.secret = secret
    self.accountID = accountID
    self.epoch = epoch
  }

  /// A new one, for a new account or by rotation. R-7-2
  init(
    accountID: AccountID, epoch: Epoch, using random: inout some RandomSource
  ) throws(ProtocolError) {
    let secret = try primitive("7") { () throws(PrimitiveError) in try random.secret(32) }
    self.init(secret: secret, accountID: accountID, epoch: epoch)
  }

  /// Another value with the same key.
  public func copy() -> MasterKey { MasterKey(secret: secret.copy(), accountID: accountID, epoch: epoch) }

  /// `Ktok[e]`, which all agents of the epoch hold. R-7-3
  package func tokenKey() throws(ProtocolError) -> TokenKey {
    TokenKey(secret: try derive(.token), accountID: accountID, epoch: epoch)
  }

  /// `Kagent[e,i]`, which only this agent holds. R-7-3
  package func agentKey(for agentID: AgentID) throws(ProtocolError) -> AgentKey {
    AgentKey(
      secret: try derive(.agent, agentID.bytes), accountID: accountID, epoch: epoch, agentID: agentID)
  }

  /// `Kvault[e]`: 32 bytes.
  package func vaultKey() throws(ProtocolError) -> SecretBytes { try derive(.vault) }

  /// `commit[e]`, which is public.
  package func commitment() throws(ProtocolError) -> Bytes<32> {
    try derive(.commitment).withBytes { Bytes(unchecked: $0) }
  }

  private func derive(
    _ label: Label.Derived, _ more: [UInt8] = []
  ) throws(ProtocolError) -> SecretBytes {
    try label.derive(from: secret, context: keyContext(accountID, epoch) + more)
  }
}

/// `account_id || e`, with which the contexts of all keys of an epoch start. §7
func keyContext(_ accountID: AccountID, _ epoch: Epoch) -> [UInt8] {
  Writer.array(count: 20) {
    $0.fixed(accountID)
    $0.epoch(epoch)
  }
}
