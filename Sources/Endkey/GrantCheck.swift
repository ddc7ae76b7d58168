internal import EndkeyPrimitives
package import EndkeyWire

/// The recipient's check of a grant. §11
package struct GrantCheck: Sendable {
  /// That the recipient has pinned.
  let accountID: AccountID
  /// The recipient's own id, of an agent or a person.
  let recipient: AgentID
  /// That its code said, for an agent; `master` for a person.
  let kind: GrantKind
  /// That was accepted last, or nil.
  let state: AcceptedState?

  package init(accountID: AccountID, recipient: AgentID, kind: GrantKind, state: AcceptedState?) {
    self.accountID = accountID
    self.recipient = recipient
    self.kind = kind
    self.state = state
  }

  /// Steps 1 to 7 and 9 of §11 in their order: R-11-1. Whoever holds the keys already makes the first seven alone.
  ///
  /// No private-key operation runs for a grant that no signer of the accepted state has signed for this recipient,
  /// epoch and commitment. What is wrong with the ciphertext or its content is `grantOpenFailed`, always.
  package func open(_ bytes: [UInt8], with identity: borrowing Identity) throws(ProtocolError) -> GrantedKeys
  {
    try check(bytes).open(with: identity)
  }

  /// Steps 1 to 7: all that can be said without the private key.
  package func check(_ bytes: [UInt8]) throws(ProtocolError) -> Grant {
    let grant = try Grant(received: bytes)
    guard grant.accountID == accountID else { throw Self.error(.wrongAccount) }
    guard let state = state?.state else { throw Self.error(.noState) }
    guard grant.epoch >= state.epoch else { throw Self.error(.epochRollback) }
    guard grant.epoch == state.epoch else { throw Self.error(.epochMismatch) }
    guard grant.commitment == state.commitment else { throw Self.error(.epochFork) }
    try grant.requireSigner(of: state, in: bytes, "11")
    guard grant.recipient == recipient, grant.kind == kind else { throw Self.error(.wrongRecipient) }
    return grant
  }

  private static func error(_ code: ErrorCode) -> ProtocolError { ProtocolError(code, "11") }
}

extension Grant {
  /// Step 9 of §11, of a grant that passed the steps before.
  fileprivate func open(with identity: borrowing Identity) throws(ProtocolError) -> GrantedKeys {
    let secrets = try primitive("11", or: .grantOpenFailed) { () throws(PrimitiveError) in
      try identity.rsa.unwrap(ciphertext.bytes)
    }
    let contents = try wire("11", or: .grantOpenFailed) { () throws(WireError) in
      try secrets.withBytes { (bytes) throws(WireError) in try GrantContents(parsing: bytes, kind: kind) }
    }
    // R-11-4: a ciphertext does not move to another grant.
    guard ConstantTime.equal(contents.headHash.bytes, Hash(sha256: hashedBytes).bytes) else {
      throw ProtocolError(.grantOpenFailed, "11")
    }
    switch contents.keys {
    case .scoped(let keys):
      return .scoped(
        AgentKeys(
          tokenKey: TokenKey(secret: secrets.copy(keys.tokenKey), accountID: accountID, epoch: epoch),
          agentKey: AgentKey(
            secret: secrets.copy(keys.agentKey), accountID: accountID, epoch: epoch, agentID: recipient)))
    case .master(let range):
      let key = MasterKey(secret: secrets.copy(range), accountID: accountID, epoch: epoch)
      // R-11-5
      guard ConstantTime.equal(try key.commitment().bytes, commitment.bytes) else {
        throw ProtocolError(.grantOpenFailed, "11")
      }
      return .master(key)
    }
  }
}
