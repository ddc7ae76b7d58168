public import EndkeyWire

// Ids certify the keys that they name: each is the start of a hash of them. §7

extension AccountID {
  /// The id of the account with this Ed25519 public key.
  public init(verifyKey: VerifyKey) {
    self.init(unchecked: Label.Hashed.accountID.hash(of: verifyKey.bytes).bytes.span.extracting(first: 16))
  }
}

extension AgentID {
  /// The id of the agent with this RSA modulus and Ed25519 public key.
  public init(modulus: Modulus, verifyKey: VerifyKey) {
    let hash = Label.Hashed.agentID.hash(of: modulus.bytes + verifyKey.bytes)
    self.init(unchecked: hash.bytes.span.extracting(first: 16))
  }
}
