public import EndkeyWire

// Ids certify the keys that they name: each is the start of a hash of them. §7

extension AccountID {
  /// The id of the account with this Ed25519 public key of 32 bytes.
  public init(verifyKey: [UInt8]) {
    self.init(unchecked: Label.Hashed.accountID.hash(of: verifyKey).bytes.span.extracting(first: 16))
  }
}

extension AgentID {
  /// The id of the agent with this RSA modulus of 256 bytes and Ed25519 public key of 32 bytes.
  public init(modulus: [UInt8], verifyKey: [UInt8]) {
    let hash = Label.Hashed.agentID.hash(of: modulus + verifyKey)
    self.init(unchecked: hash.bytes.span.extracting(first: 16))
  }
}
