package import EndkeyPrimitives
package import EndkeyWire

extension Grant {
  /// Makes and signs a grant of the MasterKey's epoch, for the agent with this modulus. §11
  package static func make(
    _ kind: GrantKind, to recipient: AgentID, modulus: Modulus, counter: Counter,
    masterKey: borrowing MasterKey, signingKey: borrowing Ed25519.PrivateKey,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Grant {
    var grant = Grant(
      accountID: masterKey.accountID, epoch: masterKey.epoch, kind: kind, recipient: recipient,
      counter: counter)
    let contents = try grant.contents(masterKey)
    let ciphertext = try primitive("11", or: .badKey) { () throws(PrimitiveError) in
      try RSAPublicKey(modulus: modulus.bytes).wrap(contents, using: &random)
    }
    grant.ciphertext = Bytes(unchecked: ciphertext)
    return grant.signed(by: signingKey)
  }

  /// `GrantContents`: the hash of the first 49 bytes, then the keys of the kind. 64 or 128 bytes.
  private func contents(_ masterKey: borrowing MasterKey) throws(ProtocolError) -> SecretBytes {
    let hash = Hash(sha256: hashedBytes)
    switch kind {
    case .master:
      return SecretBytes(count: 64) { writer in
        writer.fixed(hash)
        writer.secret(masterKey.secret)
      }
    case .scoped:
      let tokenKey = try masterKey.tokenKey()
      let agentKey = try masterKey.agentKey(for: recipient)
      return SecretBytes(count: 128) { writer in
        writer.fixed(hash)
        writer.secret(tokenKey.secret)
        writer.secret(agentKey.secret)
      }
    }
  }
}
