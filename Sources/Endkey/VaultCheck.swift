internal import EndkeyPrimitives
package import EndkeyWire

/// A person's check that a vault belongs to a state, and is one of this person's account: step 5 of §12.7.
package struct VaultCheck: Sendable {
  /// That was accepted before.
  let state: AcceptedState
  /// The person whose end this is.
  let personID: AgentID
  /// The hash of the PersonKeys that this person has used.
  let keysHash: Hash
  /// Whether this end has pinned the head of these PersonKeys: then another hash in the vault is no error.
  let isHeadPinned: Bool

  package init(state: AcceptedState, personID: AgentID, keysHash: Hash, isHeadPinned: Bool = false) {
    self.state = state
    self.personID = personID
    self.keysHash = keysHash
    self.isHeadPinned = isHeadPinned
  }

  /// What the vault says, and the vault's message.
  package func open(
    _ bytes: [UInt8], with masterKey: borrowing MasterKey
  ) throws(ProtocolError) -> (OwnerVault, Vault) {
    let (message, vault) = try read(bytes, with: masterKey)
    guard vault.newest == state.note else { throw Self.error(.chainBroken) }
    try checkPersons(of: vault, signedBy: message.signer)
    try checkOwn(vault)
    return (message, vault)
  }

  /// Steps 1 to 5: a vault that one of the state's signers made under this MasterKey, whatever it says.
  func read(
    _ bytes: [UInt8], with masterKey: borrowing MasterKey
  ) throws(ProtocolError) -> (OwnerVault, Vault) {
    let message = try OwnerVault(received: bytes)
    guard message.accountID == state.state.accountID else { throw Self.error(.wrongAccount) }
    guard message.epoch == state.state.epoch else { throw Self.error(.epochMismatch) }
    // Whoever knows the MasterKey could seal one: it takes a person on the list to sign it.
    try message.requireSigner(of: state.state, in: bytes, "12.7")
    return (message, try Vault(opening: message, with: masterKey))
  }

  /// The root key's list and the vault's are of the same persons, whose ids are those of their keys: a master grant
  /// goes to nobody whom the owner did not list.
  private func checkPersons(of vault: Vault, signedBy signer: VerifyKey) throws(ProtocolError) {
    let granted = vault.grantedPersons
    let listed = granted.map(\.signer).sorted { $0.verifyKey < $1.verifyKey }
    guard listed == state.state.signers.elements else { throw Self.error(.chainBroken) }
    for person in vault.persons {
      let id = AgentID(modulus: person.modulus, verifyKey: person.verifyKey)
      guard person.personID == id else { throw Self.error(.chainBroken) }
    }
    let owners = vault.persons.filter { $0.role == .owner }
    guard let owner = owners.first, owners.count == 1, owner.status == .granted,
      owner.verifyKey == state.state.rootKey, owner.keys != .zero
    else { throw Self.error(.chainBroken) }
    guard granted.contains(where: { $0.personID == vault.madeBy && $0.verifyKey == signer }) else {
      throw Self.error(.chainBroken)
    }
  }

  /// This person is one of them, under the keys that the password has opened.
  private func checkOwn(_ vault: Vault) throws(ProtocolError) {
    guard let own = vault[person: personID] else { throw Self.error(.unknownAgent) }
    guard own.status == .granted else { throw Self.error(.revoked) }
    guard isHeadPinned || isOwn(own.keys) else { throw Self.error(.chainBroken) }
  }

  /// Whether the vault names the keys of this person, or none yet.
  func isOwn(_ hash: Hash) -> Bool { hash == keysHash || hash == .zero }

  private static func error(_ code: ErrorCode) -> ProtocolError { ProtocolError(code, "12.7") }
}
