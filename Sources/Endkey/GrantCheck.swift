internal import EndkeyPrimitives
package import EndkeyWire

/// The recipient's check of a grant. §11
package struct GrantCheck: Sendable {
  /// That the recipient has pinned.
  let accountID: AccountID
  /// The recipient's own.
  let agentID: AgentID
  /// That was accepted last, or nil.
  let state: AcceptedState?
  /// That was accepted last, or nil.
  let last: GrantMark?

  package init(accountID: AccountID, agentID: AgentID, state: AcceptedState?, last: GrantMark?) {
    self.accountID = accountID
    self.agentID = agentID
    self.state = state
    self.last = last
  }

  /// Steps 1 to 8 of §11 in their order: R-11-1. Gives nil for the grant accepted last, which has no effect.
  ///
  /// No private-key operation runs for a grant that the account did not sign for this recipient, epoch and
  /// counter. What is wrong with the ciphertext or its content is `grantOpenFailed`, always.
  package func open(_ bytes: [UInt8], with identity: borrowing Identity) throws(ProtocolError) -> GrantedKeys?
  {
    let grant = try Grant(received: bytes)
    guard grant.accountID == accountID else { throw ProtocolError(.wrongAccount, "11") }
    guard let state else { throw ProtocolError(.noState, "11") }
    try grant.requireSignature(by: state.verifyKey, in: bytes, "11")
    guard grant.recipient == agentID else { throw ProtocolError(.wrongRecipient, "11") }
    let epoch = grant.epoch
    guard epoch >= state.mark.epoch else { throw ProtocolError(.epochRollback, "11") }
    guard epoch == state.mark.epoch else { throw ProtocolError(.epochMismatch, "11") }
    if let last {  // R-11-7
      guard grant.counter >= last.counter else { throw ProtocolError(.counterRollback, "11") }
      guard grant.counter > last.counter else {
        guard Hash(sha256: bytes) == last.hash else { throw ProtocolError(.counterFork, "11") }
        return nil
      }
    }
    return try grant.open(with: identity, commitment: state.commitment)
  }
}

extension Grant {
  /// Step 8 of §11, of a grant that passed the steps before.
  fileprivate func open(
    with identity: borrowing Identity, commitment: Bytes<32>
  ) throws(ProtocolError) -> GrantedKeys {
    let secrets = try primitive("11", or: .grantOpenFailed) { () throws(PrimitiveError) in
      try identity.rsa.unwrap(ciphertext.bytes)
    }
    let contents = try wire("11", or: .grantOpenFailed) { () throws(WireError) in
      try secrets.withBytes { (bytes) throws(WireError) in try GrantContents(parsing: bytes, kind: kind) }
    }
    // R-11-4: a ciphertext does not move to another grant.
    guard ConstantTime.equal(contents.headerHash.bytes, Hash(sha256: hashedBytes).bytes) else {
      throw ProtocolError(.grantOpenFailed, "11")
    }
    switch contents.keys {
    case .scoped(let keys):
      return GrantedKeys(
        tokenKey: TokenKey(secret: secrets.copy(keys.tokenKey), accountID: accountID, epoch: epoch),
        agentKey: AgentKey(
          secret: secrets.copy(keys.agentKey), accountID: accountID, epoch: epoch, agentID: recipient))
    case .master(let place):
      let key = MasterKey(secret: secrets.copy(place), accountID: accountID, epoch: epoch)
      // R-11-5
      guard ConstantTime.equal(try key.commitment().bytes, commitment.bytes) else {
        throw ProtocolError(.grantOpenFailed, "11")
      }
      return try GrantedKeys(masterKey: key, agentID: recipient)
    }
  }
}
