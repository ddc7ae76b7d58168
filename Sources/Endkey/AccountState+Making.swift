package import EndkeyPrimitives
package import EndkeyWire

extension AccountState {
  /// Makes and signs a state of the MasterKey's account and epoch. §12.1
  ///
  /// `validUntil` must come after `made` and not after the list's end. `limitReached` for more than 4,095 revoked ids.
  package static func make(
    counter: Counter, made: Time, validUntil: Time, masterKey: borrowing MasterKey, list: Certificate,
    revoked: Set<AgentID>, signingKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) -> AccountState {
    guard revoked.count * AgentID.byteCount <= Limit.revokedMax else {
      throw ProtocolError(.limitReached, "12.1")
    }
    let revoked = try wire { () throws(WireError) in try BoundedList<AccountState.Revoked>(revoked.sorted()) }
    let (accountID, epoch, commitment) = (masterKey.accountID, masterKey.epoch, try masterKey.commitment())
    let unsigned = AccountState(
      accountID: accountID, epoch: epoch, counter: counter, made: made, validUntil: validUntil,
      commitment: commitment, rootKey: list.rootKey, generation: list.generation,
      certificateFrom: list.from, certificateUntil: list.until, signers: list.signers,
      certificate: list.signature, revoked: revoked, signer: signingKey.verifyKey, signature: .zero)
    return unsigned.signed(by: signingKey)
  }
}

extension Time {
  /// When what is made at this time ends, after so many days; `limitReached` where no time is that late.
  func end(after days: Int) throws(ProtocolError) -> Time {
    let end = adding(days: days)
    guard end.milliseconds - milliseconds == UInt64(days) * 86_400_000 else {
      throw ProtocolError(.limitReached, "12.8")
    }
    return end
  }
}

extension Ed25519.PrivateKey {
  /// The public key as it stands in messages.
  package var verifyKey: VerifyKey {
    let bytes = publicKey.bytes
    return VerifyKey(unchecked: bytes.span)
  }
}
