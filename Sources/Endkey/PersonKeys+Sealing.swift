package import EndkeyPrimitives
package import EndkeyWire

extension PersonKeys {
  /// Seals a person's private keys under the password, stretched for the head that the keys get. §9.5
  package static func seal(
    _ identity: borrowing Identity, with stretched: borrowing StretchedPassword,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> PersonKeys {
    let head = stretched.head
    let contents = try identity.contents()
    let key = try stretched.personKeysKey()
    let sealed = try primitive("9.5") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(contents, key: key, context: head.serialized, using: &random)
    }
    return PersonKeys(head: head, sealed: Bytes(unchecked: sealed.span))
  }

  /// Reads and opens a person's private keys.
  ///
  /// - Throws: a fault of format; `pinMismatch` when the head is not the one that the password was stretched for: a
  ///   service that answers one head at the login and another with the keys gains nothing; else
  ///   `personKeysOpenFailed`, whatever is wrong with seal or keys.
  package static func open(
    _ bytes: [UInt8], with stretched: borrowing StretchedPassword
  ) throws(ProtocolError) -> (PersonKeys, Shared<Identity>) {
    let message = try PersonKeys(received: bytes)
    guard message.head == stretched.head else { throw ProtocolError(.pinMismatch, "9.5") }
    let key = try stretched.personKeysKey()
    let secrets = try primitive("9.5", or: .personKeysOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(message.sealed.bytes, key: key, context: message.head.serialized)
    }
    let identity = try Identity(AccountKeys(at: 0), in: secrets, or: .personKeysOpenFailed, "9.5")
    return (message, Shared(identity))
  }

  /// What the vault names PersonKeys by.
  var hash: Hash { Hash(sha256: serialized) }
}
