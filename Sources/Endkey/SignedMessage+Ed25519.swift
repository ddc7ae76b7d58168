package import EndkeyPrimitives
package import EndkeyWire

// Every signature is over a label and all bytes of the message before it. §8.5

extension SignedMessage {
  /// The same message with a signature by `key`.
  package func signed(by key: borrowing Ed25519.PrivateKey) -> Self {
    var message = self
    message.signature = Signature(unchecked: key.sign(Label.Prefixed.signature.prefixing(signedBytes)))
    return message
  }

  /// Whether the signature is one of `key`. `bytes` are those that this message was parsed from.
  func isSigned(by key: Ed25519.PublicKey, in bytes: [UInt8]) -> Bool {
    key.verify(signature.bytes, message: Label.Prefixed.signature.prefixing([UInt8](bytes.dropLast(64))))
  }

  /// `signatureInvalid` unless the signature is one of `verifyKey`, if that is a key.
  func requireSignature(
    by verifyKey: VerifyKey, in bytes: [UInt8], _ section: String
  ) throws(ProtocolError) {
    let key = try primitive(section, or: .signatureInvalid) { () throws(PrimitiveError) in
      try Ed25519.PublicKey(verifyKey.bytes)
    }
    guard isSigned(by: key, in: bytes) else { throw ProtocolError(.signatureInvalid, section) }
  }
}
