package import EndkeyPrimitives
public import EndkeyWire

extension AccountState {
  /// Makes and signs a state of the MasterKey's account and epoch. §12.1
  ///
  /// `revoked` in any order; more than 4,095 are `limitReached`.
  package static func make(
    counter: Counter, masterKey: borrowing MasterKey, modulus: Modulus, ruleSet: Hash, previous: Hash,
    revoked: Set<AgentID>, signingKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> AccountState {
    guard revoked.count * AgentID.byteCount <= Limit.revokedMax else {
      throw ProtocolError(.limitReached, "12.1")
    }
    let revoked = try wire { () throws(WireError) in
      try BoundedList<AccountState.Revoked>(revoked.sorted())
    }
    return AccountState(
      accountID: masterKey.accountID, epoch: masterKey.epoch, counter: counter,
      verifyKey: VerifyKey(unchecked: signingKey.publicKey.bytes), modulus: modulus,
      commitment: try masterKey.commitment(), ruleSet: ruleSet, previous: previous, revoked: revoked
    ).signed(by: signingKey)
  }

  /// Reads a state and makes the checks of §12.1, in their order, against what was accepted `last`.
  ///
  /// A state that equals the one accepted last passes, and has the same mark. There is no state that ends
  /// encryption: the grammar has none (R-12.1-3).
  public init(
    accepting bytes: [UInt8], accountID: AccountID, last: StateMark?
  ) throws(ProtocolError) {
    let state = try AccountState(received: bytes)
    // R-12.1-4, R-7-1
    guard state.accountID == accountID, AccountID(verifyKey: state.verifyKey) == accountID else {
      throw ProtocolError(.wrongAccount, "12.1")
    }
    _ = try primitive("12.1", or: .badKey) { () throws(PrimitiveError) in
      try RSAPublicKey(modulus: state.modulus.bytes)
    }
    try state.requireSignature(by: state.verifyKey, in: bytes, "12.1")
    try state.checkOrder(after: last, hash: Hash(sha256: bytes))
    self = state
  }

  /// Steps 5 to 7 of §12.1. R-12.1-1, R-12.1-2
  private func checkOrder(after last: StateMark?, hash: Hash) throws(ProtocolError) {
    if let last, counter == last.counter {
      guard hash == last.hash else { throw ProtocolError(.counterFork, "12.1") }
      return
    }
    guard counter > last?.counter ?? 0 else { throw ProtocolError(.counterRollback, "12.1") }
    guard epoch >= last?.epoch ?? .first else { throw ProtocolError(.epochRollback, "12.1") }
    guard counter > 1 || previous == .zero else { throw ProtocolError(.chainBroken, "12.1") }
    if let last, counter == last.counter.next, previous != last.hash {
      throw ProtocolError(.chainBroken, "12.1")
    }
  }
}
