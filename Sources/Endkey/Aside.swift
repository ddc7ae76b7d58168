internal import EndkeyPrimitives
package import EndkeyWire

/// What the service has while an owner's end works from the whole that it had kept: of what does not open there, as
/// much as a root act needs. §12.9
package struct Aside: Sendable {
  /// Of the vault that is served: what a publication is to replace.
  package let vaultHash: Hash
  /// Of the same; nil where it is no vault of this account.
  package let vaultCounter: Counter?
  /// The served state; nil where it passes no check.
  package let state: AcceptedState?
  /// The MasterKeys of the served vault, its own first; empty where it cannot be read.
  package let keys: [Shared<MasterKey>]

  package init(
    vaultHash: Hash, vaultCounter: Counter?, state: AcceptedState?, keys: [Shared<MasterKey>]
  ) {
    self.vaultHash = vaultHash
    self.vaultCounter = vaultCounter
    self.state = state
    self.keys = keys
  }

  /// The persons whom only the kept whole lists: the root key has made another list since.
  func gone(from vault: Vault, under kept: AccountState) -> [Person] {
    guard let state = state?.state, state.generation > kept.generation else { return [] }
    return vault.grantedPersons.filter { !state.signers.contains($0.signer) }
  }
}
