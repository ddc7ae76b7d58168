public import EndkeyPrimitives
public import EndkeyWire

extension LocalState {
  /// Seals what an agent or an owner's device remembers, for its disk. §13.4
  ///
  /// `deviceKey` has 32 bytes, else `internalError`.
  package static func seal(
    _ contents: borrowing SecretBytes, type: HeaderType, accountID: AccountID, epoch: Epoch?,
    writes: Counter, deviceKey: borrowing SecretBytes, using random: inout some RandomSource
  ) throws(ProtocolError) -> LocalState {
    guard deviceKey.count == deviceKeyCount else { throw ProtocolError(.internalError, "13.4") }
    let header = header(type: type, accountID: accountID, epoch: epoch)
    let key = try header.localStateKey(deviceKey)
    let sealed = try primitive("13.4") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(
        contents, key: key, context: context(header: header, writes: writes), using: &random)
    }
    return try wire { () throws(WireError) in
      LocalState(
        type: type, accountID: accountID, epoch: epoch, writes: writes, sealed: try Sealed(sealed))
    }
  }

  /// The contents of a state. `localStateOpenFailed`, whatever is wrong.
  package func open(deviceKey: borrowing SecretBytes) throws(ProtocolError) -> SecretBytes {
    guard deviceKey.count == Self.deviceKeyCount else { throw ProtocolError(.localStateOpenFailed, "13.4") }
    let key = try header.localStateKey(deviceKey)
    return try primitive("13.4", or: .localStateOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(sealed.bytes, key: key, context: context)
    }
  }

  /// The number of bytes of a device key: 32.
  public static var deviceKeyCount: Int { 32 }

  /// A new device key: 32 random bytes, for the platform's key store. §13.4
  public static func makeDeviceKey(
    using random: inout some RandomSource
  ) throws(ProtocolError) -> SecretBytes {
    try primitive("13.4") { () throws(PrimitiveError) in try random.secret(deviceKeyCount) }
  }
}

extension Header {
  /// `Kstate`.
  fileprivate func localStateKey(_ deviceKey: borrowing SecretBytes) throws(ProtocolError) -> SecretBytes {
    try Label.Derived.localState.derive(from: deviceKey, context: accountID.bytes + [type.rawValue])
  }
}
