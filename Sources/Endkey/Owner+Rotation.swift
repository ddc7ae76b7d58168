public import EndkeyPrimitives
public import EndkeyWire

// New passwords and new epochs. §9.3, §12.2

extension Owner {
  /// Sets a new password, in the same epoch. §9.3
  ///
  /// Whoever kept the old wrap can still open it with the old password: a password believed stolen calls for
  /// ``rotate(with:iterations:using:)``.
  ///
  /// - Parameters:
  ///   - credentials: what opens the account from now on.
  ///   - iterations: the iterations of PBKDF2, 600,000 to 10,000,000. It takes 0.1 to 2 seconds.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: `iterationsOutOfRange`, `badPassword` or `badLoginName`; `noMasterKey` when the account is not open.
  public mutating func changePassword(
    to credentials: borrowing Credentials, iterations: UInt32 = UInt32(Limit.iterationsMin),
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewPassword {
    try step(.changePassword) { (session) throws(ProtocolError) in
      let wrap = try session.makeWrap(credentials, iterations: iterations, using: &random)
      return NewPassword(passwordWrap: wrap, ownerVault: try session.writeVault(using: &random))
    }
  }

  /// Goes to the next epoch: new keys for every member that is not revoked. §12.2
  ///
  /// Every message is made before this returns any: R-12.2-1. All enrolment codes end.
  ///
  /// - Parameters:
  ///   - credentials: what opens the account from now on: the same as before, or new.
  ///   - iterations: the iterations of PBKDF2, 600,000 to 10,000,000. It takes 0.1 to 2 seconds.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: `iterationsOutOfRange`, `badPassword` or `badLoginName`; `limitReached` when there is no epoch left;
  ///   `noMasterKey` when the account is not open.
  public mutating func rotate(
    with credentials: borrowing Credentials, iterations: UInt32 = UInt32(Limit.iterationsMin),
    using random: inout some RandomSource
  ) throws(ProtocolError) -> NewEpoch {
    try step(.rotate) { (session) throws(ProtocolError) in
      try session.beginEpoch(using: &random)
      let wrap = try session.makeWrap(credentials, iterations: iterations, using: &random)
      let privateKeys = try PrivateKeys.seal(
        session.identity.value, masterKey: session.masterKey.value, using: &random)
      let ruleSet = session.vault.ruleSetCounter > 0 ? try session.makeRuleSet() : nil
      let state = try session.makeState(ruleSet: ruleSet.map { Hash(sha256: $0.serialized) } ?? .zero)
      var grants: [Grant] = []
      for member in session.vault.members where member.status == .granted {  // R-12.2-2
        grants.append(try session.makeGrant(member.kind, to: member, using: &random))
      }
      return NewEpoch(
        passwordWrap: wrap, privateKeys: privateKeys, accountState: state, ruleSet: ruleSet,
        ownerVault: try session.writeVault(using: &random), grants: grants)
    }
  }
}
