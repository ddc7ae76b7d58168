package import EndkeyPrimitives
package import EndkeyWire

// MARK: - Writing. §12.5

extension Vault {
  /// Seals the vault under the MasterKey and signs it. `limitReached` when it is too long.
  package func sealed(
    counter: Counter, masterKey: borrowing MasterKey, signingKey: borrowing Ed25519.PrivateKey,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> OwnerVault {
    let (accountID, epoch) = (masterKey.accountID, masterKey.epoch)
    let contents = try contents()
    guard contents.count <= Limit.vaultContentsMax else { throw ProtocolError(.limitReached, "12.5") }
    let key = try masterKey.vaultKey()
    let context = OwnerVault.context(
      header: OwnerVault.header(accountID: accountID, epoch: epoch), counter: counter)
    let sealed = try primitive("12.5") { () throws(PrimitiveError) in
      try ChunkedEncryption.seal(contents, key: key, context: context, using: &random)
    }
    let unsigned = OwnerVault(
      accountID: accountID, epoch: epoch, counter: counter,
      sealed: try wire { () throws(WireError) in try Sealed(sealed) }, signer: signingKey.verifyKey,
      signature: .zero)
    return unsigned.signed(by: signingKey)
  }

  /// `VaultContents`. `limitReached` when a list is too long for it.
  package func contents() throws(ProtocolError) -> SecretBytes {
    // The secrets in a row: 32 bytes for each past key, then 16 for each code.
    let codesStart = 32 * pastKeys.count
    let secrets = SecretBytes(count: codesStart + 16 * codes.count) { writer in
      for key in pastKeys { writer.secret(key.value.secret) }
      for code in codes { writer.secret(code.secret) }
    }
    let contents: VaultContents
    do {
      let pastKeys = self.pastKeys.enumerated().map { index, key in
        PastKey(epoch: key.value.epoch, masterKey: SecretPlace(at: 32 * index))
      }
      let codes = try self.codes.enumerated().map { (index, code) throws(WireError) in
        try code.contents(secretAt: codesStart + 16 * index)
      }
      contents = try secrets.withBytes { (bytes) throws(WireError) in
        VaultContents(
          made: made, madeBy: madeBy, states: try BoundedList(states), recent: try BoundedList(recent),
          ruleSet: ruleSet, retentionDays: retentionDays,
          blobDays: blobDays, persons: try BoundedList(persons),
          pastKeys: try BoundedList(pastKeys, secrets: bytes), codes: try BoundedList(codes),
          members: try BoundedList(members), erasures: try BoundedList(erasures),
          rules: try BoundedList(rules))
      }
    } catch {
      throw error.code == .lengthOutOfRange ? ProtocolError(.limitReached, "12.5") : ProtocolError(error)
    }
    // What no end could read again is not written: the fields of an element may not fit each other.
    guard contents.codes.allSatisfy(\.isConsistent), contents.members.allSatisfy(\.isConsistent),
      contents.erasures.allSatisfy(\.isConsistent)
    else { throw ProtocolError(.valueOutOfRange, "12.5") }
    return SecretBytes(contents, secrets: secrets)
  }
}

extension LiveCode {
  /// `Code`, whose secret stands at a place.
  fileprivate func contents(secretAt start: Int) throws(WireError) -> Code {
    Code(
      id: id, secret: SecretPlace(at: start), label: label, role: role, kind: kind, approval: approval,
      usesLeft: usesLeft, expires: expires ?? 0, nonces: try BoundedList(nonces))
  }

  /// The code that `contents` says, whose secret is of `secrets`.
  fileprivate init(_ contents: Code, in secrets: borrowing SecretBytes) {
    self.init(
      id: contents.id, secret: secrets.copy(contents.secret), label: contents.label, role: contents.role,
      kind: contents.kind, approval: contents.approval, usesLeft: contents.usesLeft,
      expires: contents.expires == 0 ? nil : contents.expires, nonces: contents.nonces.elements)
  }
}

// MARK: - Opening. §12.5

extension Vault {
  /// What a vault says, which opens under the MasterKey of its account and epoch: else `vaultOpenFailed`, whatever is
  /// wrong with seal, grammar or padding. Whether the vault belongs to a state says `VaultCheck`.
  init(opening message: OwnerVault, with masterKey: borrowing MasterKey) throws(ProtocolError) {
    let key = try masterKey.vaultKey()
    let secrets = try primitive("12.5", or: .vaultOpenFailed) { () throws(PrimitiveError) in
      try ChunkedEncryption.openSecret(message.sealed.bytes, key: key, context: message.context)
    }
    try self.init(contents: secrets, accountID: masterKey.accountID)
  }

  /// What `VaultContents` say: `vaultOpenFailed` when these bytes are none.
  package init(contents secrets: borrowing SecretBytes, accountID: AccountID) throws(ProtocolError) {
    let contents = try wire("12.5", or: .vaultOpenFailed) { () throws(WireError) in
      try secrets.withBytes { (bytes) throws(WireError) in try VaultContents(parsing: bytes) }
    }
    made = contents.made
    madeBy = contents.madeBy
    states = contents.states.elements
    recent = contents.recent.elements
    ruleSet = contents.ruleSet
    retentionDays = contents.retentionDays
    blobDays = contents.blobDays
    persons = contents.persons.elements
    pastKeys = contents.pastKeys.map { key in
      // Nothing is derived before it is needed: there may be 4,096 of them.
      Shared(MasterKey(secret: secrets.copy(key.masterKey), accountID: accountID, epoch: key.epoch))
    }
    codes = contents.codes.map { LiveCode($0, in: secrets) }
    members = contents.members.elements
    erasures = contents.erasures.elements
    rules = contents.rules.elements
  }
}
