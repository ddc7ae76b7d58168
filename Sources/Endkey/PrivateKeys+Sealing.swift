internal import EndkeyPrimitives
package import EndkeyWire

extension PrivateKeys {
  /// Seals the account's private keys under the MasterKey. §12.4
  static func seal(
    _ identity: borrowing Identity, masterKey: borrowing MasterKey, using random: inout some RandomSource
  ) throws(ProtocolError) -> PrivateKeys {
    let (accountID, epoch) = (masterKey.accountID, masterKey.epoch)
    let header = header(accountID: accountID, epoch: epoch)
    let contents = try identity.contents()
    let key = try masterKey.privateKeysKey()
    let sealed = try primitive("12.4") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(contents, key: key, context: header.serialized, using: &random)
    }
    return PrivateKeys(accountID: accountID, epoch: epoch, sealed: Bytes(unchecked: sealed))
  }

  /// Reads and opens the account's private keys: the checks of §12.4 in their order.
  ///
  /// Neither half is used before both were compared with the account id and, where it is given, with what
  /// `state` says: R-12.4-1. Any failure from the seal on is `privateKeysOpenFailed`.
  package static func open(
    _ bytes: [UInt8], masterKey: borrowing MasterKey, state: AccountState? = nil
  ) throws(ProtocolError) -> Identity {
    let message = try PrivateKeys(received: bytes)
    guard message.accountID == masterKey.accountID else { throw ProtocolError(.wrongAccount, "12.4") }
    guard message.epoch == masterKey.epoch else { throw ProtocolError(.epochMismatch, "12.4") }

    let key = try masterKey.privateKeysKey()
    let secrets = try primitive("12.4", or: .privateKeysOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(message.sealed.bytes, key: key, context: message.header.serialized)
    }
    let identity = try Identity(AccountKeys(at: 0), in: secrets, or: .privateKeysOpenFailed, "12.4")
    let isStated = state.map { $0.modulus == identity.modulus && $0.verifyKey == identity.verifyKey }
    guard identity.accountID == masterKey.accountID, isStated ?? true else {
      throw ProtocolError(.privateKeysOpenFailed, "12.4")
    }
    return identity
  }
}
