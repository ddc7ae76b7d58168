internal import EndkeyPrimitives
internal import EndkeyWire

/// A publication that was lost to another vault of the same state, made anew: its state, MasterKey, grants and keys
/// stay byte for byte, only the vault and what it names are new. §12.8
struct Merge: Sendable {
  private let draft: Draft

  /// `after` is what this end would hold, had the publication been stored.
  init(
    _ pending: PendingPublication, theirs: OwnerSession, after: OwnerSession
  ) throws(ProtocolError) {
    // The vault that the act started from belongs to the same state as theirs: one MasterKey opens both.
    let base = try Vault(
      opening: try OwnerVault(received: pending.base),
      with: theirs.masterKey.value)
    let merge = VaultMerge(base: base, ours: after.vault, theirs: theirs.vault)
    var draft = Draft(
      base: theirs, keeping: pending, after: after, vault: try merge.merged())
    draft.changesRules = after.vault.rules != base.rules || after.vault.ruleSet != base.ruleSet
    self.draft = draft
  }

  func publish(using random: inout some RandomSource) throws(ProtocolError) -> Publication {
    try draft.publish(using: &random)
  }
}
