internal import EndkeyPrimitives
internal import EndkeyWire

/// What the service has while an owner's end works from the whole that it had kept: of what does not open there, as
/// much as a root act needs. §12.9
struct Aside: Sendable {
  /// Of the vault that is served: what a publication is to replace.
  let vaultHash: Hash
  /// Of the same; nil where it is no vault of this account.
  let vaultCounter: Counter?
  /// The served state; nil where it passes no check.
  let state: AcceptedState?
  /// The MasterKeys of the served vault, its own first; empty where it cannot be read.
  let keys: [Shared<MasterKey>]

  /// The persons whom only the kept whole lists: the root key has made another list since.
  func gone(from vault: Vault, under kept: AccountState) -> [Person] {
    guard let state = state?.state, state.generation > kept.generation else { return [] }
    return vault.grantedPersons.filter { !state.signers.contains($0.signer) }
  }
}
