package import EndkeyPrimitives
package import EndkeyWire

// Every signature is over a label and all bytes of the message before it. §8.5

extension SignedMessage {
  /// The same message with a signature by `key`.
  package func signed(by key: borrowing Ed25519.PrivateKey) -> Self {
    var message = self
    message.signature = Signature(unchecked: key.sign(Label.Prefixed.signature.prefixing(signedBytes)).span)
    return message
  }

  /// Whether the signature is one of `key`. `bytes` are those that this message was parsed from.
  func isSigned(by key: Ed25519.PublicKey, in bytes: [UInt8]) -> Bool {
    let message = Label.Prefixed.signature.prefixing(bytes.dropLast(Signature.byteCount))
    return key.verify(signature.bytes, message: message)
  }

  /// `signatureInvalid` unless the signature is one of `verifyKey`, which is a key.
  func requireSignature(
    by verifyKey: VerifyKey, in bytes: [UInt8], _ section: String
  ) throws(ProtocolError) {
    let key = try primitive(section, or: .signatureInvalid) { () throws(PrimitiveError) in
      try Ed25519.PublicKey(verifyKey.bytes)
    }
    guard isSigned(by: key, in: bytes) else { throw ProtocolError(.signatureInvalid, section) }
  }
}

/// A message that a person signs who is on the list of an AccountState, and that says which. §8.5
protocol PersonSigned: SignedMessage {
  /// The key of the person.
  var signer: VerifyKey { get }
}

extension AccountState: PersonSigned {}
extension Grant: PersonSigned {}
extension OwnerVault: PersonSigned {}

extension PersonSigned {
  /// `signatureInvalid` unless the signer is on the list of `state`, and the signature is the signer's.
  func requireSigner(
    of state: AccountState, in bytes: [UInt8], _ section: String
  ) throws(ProtocolError) {
    guard state.signers.contains(where: { $0.verifyKey == signer }) else {
      throw ProtocolError(.signatureInvalid, section)
    }
    try requireSignature(by: signer, in: bytes, section)
  }
}
