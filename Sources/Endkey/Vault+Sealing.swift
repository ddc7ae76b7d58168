internal import EndkeyPrimitives
internal import EndkeyWire

// MARK: - Writing. §12.5

extension Vault {
  /// Seals the vault under the MasterKey of its epoch, with the next counter.
  mutating func write(
    masterKey: borrowing MasterKey, using random: inout some RandomSource
  ) throws(ProtocolError) -> OwnerVault {
    precondition(masterKey.epoch == epoch && masterKey.accountID == accountID, "a key of another vault")
    let counter = try next(after: counter, "12.5")
    let header = OwnerVault.header(accountID: accountID, epoch: epoch)
    let contents = try contents()
    let key = try masterKey.vaultKey()
    let context = OwnerVault.context(header: header, counter: counter)
    let sealed = try primitive("12.5") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(contents, key: key, context: context, using: &random)
    }
    guard sealed.count <= Limit.sealedMax else { throw ProtocolError(.limitReached, "12.5") }
    let vault = try wire { () throws(WireError) in
      OwnerVault(accountID: accountID, epoch: epoch, counter: counter, sealed: try Sealed(sealed))
    }
    self.counter = counter
    return vault
  }

  /// `VaultContents`. `limitReached` when a list is too long for it.
  private func contents() throws(ProtocolError) -> SecretBytes {
    // The secrets in a row: 32 bytes for each past key, then 16 for each code.
    let codesStart = 32 * pastKeys.count
    let secrets = SecretBytes(count: codesStart + 16 * codes.count) { writer in
      for key in pastKeys { writer.secret(key.value.secret) }
      for code in codes { writer.secret(code.secret) }
    }
    do {
      let pastKeys = self.pastKeys.enumerated().map { index, key in
        PastKey(epoch: key.value.epoch, masterKey: SecretPlace(at: 32 * index))
      }
      let codes = try self.codes.enumerated().map { (index, code) throws(WireError) in
        Code(
          secret: SecretPlace(at: codesStart + 16 * index), role: code.role, approval: code.approval,
          usesLeft: code.usesLeft, expires: code.expires ?? 0, nonces: try BoundedList(code.nonces))
      }
      let contents = try secrets.withBytes { (bytes) throws(WireError) in
        VaultContents(
          stateCounter: stateCounter, stateHash: stateHash, wrapCounter: wrapCounter,
          grantCounter: grantCounter, ruleSetCounter: ruleSetCounter,
          pastKeys: try BoundedList(pastKeys, before: epoch), codes: try BoundedList(codes, secrets: bytes),
          members: try BoundedList(members), rules: try BoundedList(rules))
      }
      return SecretBytes(contents, secrets: secrets)
    } catch {
      throw error.code == .lengthOutOfRange ? ProtocolError(.limitReached, "12.5") : ProtocolError(error)
    }
  }
}

// MARK: - Opening. §12.5

extension Vault {
  /// Reads and opens a vault: the checks of §12.5 in their order. R-12.5-1, R-12.5-2
  ///
  /// `pinnedCounter` is what this device remembers, `state` and `wrapCounter` are of the messages at hand;
  /// each is nil when there is none.
  public init(
    opening bytes: [UInt8], masterKey: borrowing MasterKey, pinnedCounter: Counter? = nil,
    state: StateMark? = nil, wrapCounter: Counter? = nil
  ) throws(ProtocolError) {
    let message = try OwnerVault(received: bytes)
    guard message.accountID == masterKey.accountID else { throw ProtocolError(.wrongAccount, "12.5") }
    guard message.epoch == masterKey.epoch else { throw ProtocolError(.epochMismatch, "12.5") }
    guard message.counter >= pinnedCounter ?? 0 else { throw ProtocolError(.counterRollback, "12.5") }
    let key = try masterKey.vaultKey()
    let secrets = try primitive("12.5", or: .vaultOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(message.sealed.bytes, key: key, context: message.context)
    }
    try self.init(message, secrets)

    guard state.map({ $0.counter >= stateCounter }) ?? true,
      wrapCounter ?? self.wrapCounter >= self.wrapCounter
    else { throw ProtocolError(.counterRollback, "12.5") }
    if let state, state.counter == stateCounter, state.hash != stateHash {
      throw ProtocolError(.counterFork, "12.5")
    }
  }

  private init(_ message: OwnerVault, _ secrets: borrowing SecretBytes) throws(ProtocolError) {
    let contents = try wire("12.5", or: .vaultOpenFailed) { () throws(WireError) in
      try secrets.withBytes { (bytes) throws(WireError) in
        try VaultContents(parsing: bytes, epoch: message.epoch)
      }
    }
    self.init(accountID: message.accountID, epoch: message.epoch)
    counter = message.counter
    stateCounter = contents.stateCounter
    stateHash = contents.stateHash
    wrapCounter = contents.wrapCounter
    grantCounter = contents.grantCounter
    ruleSetCounter = contents.ruleSetCounter
    for key in contents.pastKeys {
      pastKeys.append(
        Shared(MasterKey(secret: secrets.copy(key.masterKey), accountID: accountID, epoch: key.epoch)))
    }
    for code in contents.codes {
      codes.append(
        LiveCode(
          secret: secrets.copy(code.secret), role: code.role, approval: code.approval,
          usesLeft: code.usesLeft, expires: code.expires == 0 ? nil : code.expires,
          nonces: code.nonces.elements))
    }
    members = contents.members.elements
    rules = contents.rules.elements
  }
}
