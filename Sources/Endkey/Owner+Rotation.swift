public import EndkeyPrimitives
internal import EndkeyWire

// New passwords and new epochs. §9.3, §12.2

extension Owner {
  /// Sets a new password, of the same epoch. The old wrap stays openable with the old password by whoever
  /// kept it: a password believed stolen calls for `rotate`. §9.3
  public mutating func changePassword(
    to credentials: borrowing Credentials, iterations: UInt32, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try step(.changePassword) { (session) throws(ProtocolError) in
      let wrap = try session.makeWrap(credentials, iterations: iterations, using: &random)
      return Publication(passwordWrap: wrap, ownerVault: try session.writeVault(using: &random))
    }
  }

  /// Goes to the next epoch: the seven steps of §12.2. Every message is made before this returns any:
  /// R-12.2-1.
  ///
  /// `credentials` are those that open the account from now on: the same as before, or new ones.
  public mutating func rotate(
    with credentials: borrowing Credentials, iterations: UInt32, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
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
      return Publication(
        passwordWrap: wrap, privateKeys: privateKeys,
        ownerVault: try session.writeVault(using: &random), accountState: state, ruleSet: ruleSet,
        grants: grants)
    }
  }
}
