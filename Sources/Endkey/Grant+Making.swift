package import EndkeyPrimitives
package import EndkeyWire

extension Grant {
  /// Makes and signs a grant of the MasterKey's epoch, for the recipient with this modulus. §11
  ///
  /// `badKey` when the modulus is none that the suite accepts.
  package static func make(
    _ kind: GrantKind, to recipient: AgentID, modulus: Modulus, masterKey: borrowing MasterKey,
    signingKey: borrowing Ed25519.PrivateKey, using random: inout some RandomSource
  ) throws(ProtocolError) -> Grant {
    let (accountID, epoch, commitment) = (masterKey.accountID, masterKey.epoch, try masterKey.commitment())
    var grant = Grant(
      accountID: accountID, epoch: epoch, kind: kind, recipient: recipient, commitment: commitment,
      signer: signingKey.verifyKey, ciphertext: .zero, signature: .zero)
    let contents = try grant.contents(masterKey)
    let ciphertext = try primitive("11", or: .badKey) { () throws(PrimitiveError) in
      try RSAPublicKey(modulus: modulus.bytes).wrap(contents, using: &random)
    }
    grant.ciphertext = Bytes(unchecked: ciphertext.span)
    return grant.signed(by: signingKey)
  }

  /// `GrantContents`: the hash of the bytes before the ciphertext, then the keys of the kind. 64 or 128 bytes.
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
