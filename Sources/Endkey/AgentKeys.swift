internal import EndkeyPrimitives
internal import EndkeyWire

/// The keys of one agent in one epoch: `ScopedKeys` of §8.4. All that an agent makes, it makes with these.
package struct AgentKeys: ~Copyable, Sendable {
  package let tokenKey: TokenKey
  package let agentKey: AgentKey

  package init(tokenKey: consuming TokenKey, agentKey: consuming AgentKey) {
    precondition(
      tokenKey.accountID == agentKey.accountID && tokenKey.epoch == agentKey.epoch, "keys of two epochs")
    self.tokenKey = tokenKey
    self.agentKey = agentKey
  }

  /// The keys that `contents` holds, whose ranges are of `secrets`.
  init(
    _ contents: ScopedKeys, in secrets: borrowing SecretBytes, accountID: AccountID, epoch: Epoch,
    agentID: AgentID
  ) {
    self.init(
      tokenKey: TokenKey(secret: secrets.copy(contents.tokenKey), accountID: accountID, epoch: epoch),
      agentKey: AgentKey(
        secret: secrets.copy(contents.agentKey), accountID: accountID, epoch: epoch, agentID: agentID))
  }

  /// `ScopedKeys`: 96 bytes.
  var contents: SecretBytes { SecretBytes.concatenating(tokenKey.secret, agentKey.secret) }
}

extension ScopedKeys {
  /// The keys that stand at `start`, as `AgentKeys.contents` has them.
  init(at start: Int) {
    self.init(tokenKey: SecretPlace(at: start), agentKey: SecretPlace(at: start + 64))
  }
}
