public import EndkeyPrimitives
public import EndkeyWire

/// `Kspool`: the key of an agent's spool on its disk. It comes from the device key, so that an agent can keep what it
/// captures before it has any key of the account, and read it in every epoch. §17
public struct SpoolKey: ~Copyable, Sendable {
  /// 32 bytes.
  let secret: SecretBytes
  /// The account that the agent has pinned.
  public let accountID: AccountID
  /// The agent whose spool it is.
  public let agentID: AgentID

  /// `deviceKey` has 32 bytes, else `internalError`.
  public init(
    deviceKey: borrowing SecretBytes, accountID: AccountID, agentID: AgentID
  ) throws(ProtocolError) {
    guard deviceKey.count == LocalState.deviceKeyCount else { throw ProtocolError(.internalError, "17") }
    secret = try Label.Derived.spool.derive(from: deviceKey, context: accountID.bytes + agentID.bytes)
    self.accountID = accountID
    self.agentID = agentID
  }
}
