internal import EndkeyPrimitives
internal import EndkeyWire

/// The vault of an act made anew on top of another end's: what the act changed against the vault that it started
/// from is changed in theirs, entry by entry. §12.8
package struct VaultMerge: Sendable {
  /// What the act started from.
  let base: Vault
  /// What the act made of it.
  let ours: Vault
  /// What another end has made of it meanwhile, under the same state.
  let theirs: Vault

  package init(base: Vault, ours: Vault, theirs: Vault) {
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }

  /// The vault that is published on top of theirs, whose hash is `hash`, with the rule set that is named.
  package func publishing(over hash: Hash) throws(ProtocolError) -> Vault {
    var vault = try merged()
    if vault.newest.pair < ours.newest.pair { vault.note(ours.newest) }
    vault.follow(hash)
    (vault.made, vault.madeBy) = (max(ours.made, theirs.made), ours.madeBy)
    return vault
  }

  /// All but the notes and what every publication writes anew. `limitReached` when a list has no room for both.
  func merged() throws(ProtocolError) -> Vault {
    var vault = theirs
    let codes = try mergedCodes()
    vault.persons = try merged(
      \.persons, most: .max, by: { $0.personID.bytes }, combining: { $2.merging($1, since: $0) }
    ).withinLimit()
    for key in ours.pastKeys { try vault.keep(key) }
    vault.codes = codes.merged
    vault.members = try mergedMembers(without: codes.spent)
    vault.erasures = try merged(
      \.erasures, most: Limit.erasuresMax, by: { Array($0.serialized.prefix(24)) },
      combining: { $2.merging($1, since: $0) })
    vault.rules = try merged(
      \.rules, most: .max, by: { [$0.field.rawValue] + $0.value.bytes },
      combining: { $2.merging($1, since: $0) })
    vault.ruleSet = changed(base.ruleSet, ours.ruleSet, theirs.ruleSet)
    vault.retentionDays = changed(base.retentionDays, ours.retentionDays, theirs.retentionDays)
    vault.blobDays = changed(base.blobDays, ours.blobDays, theirs.blobDays)
    return vault
  }

  /// A list with what the act added, changed and took away, in the order of `name`. What is new in both is as theirs.
  private func merged<Entry>(
    _ list: KeyPath<Vault, [Entry]>, most: Int, by name: (Entry) -> [UInt8],
    combining combine: (_ base: Entry, _ ours: Entry, _ theirs: Entry) throws(ProtocolError) -> Entry
  ) throws(ProtocolError) -> [Entry] {
    func byName(_ vault: Vault) -> [[UInt8]: Entry] {
      Dictionary(vault[keyPath: list].map { (name($0), $0) }) { first, _ in first }
    }
    let (before, after) = (byName(base), byName(ours))
    var merged = byName(theirs)
    for (key, entry) in after {
      guard let other = merged[key] else {
        if before[key] == nil { merged[key] = entry }
        continue
      }
      if let old = before[key] { merged[key] = try combine(old, entry, other) }
    }
    for key in before.keys where after[key] == nil { merged[key] = nil }
    guard merged.count <= most else { throw ProtocolError(.limitReached, "12.8") }
    return merged.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
  }
}

/// What the act changed; what it left is as theirs.
private func changed<Value: Equatable>(_ base: Value, _ ours: Value, _ theirs: Value) -> Value {
  ours == base ? theirs : ours
}

// MARK: - Codes and members

extension VaultMerge {
  /// The codes, and the ids of those that have too few uses left for whom the act let in.
  private func mergedCodes() throws(ProtocolError) -> (merged: [LiveCode], spent: Set<Bytes<8>>) {
    var spent: Set<Bytes<8>> = []
    func combine(_ base: LiveCode, _ ours: LiveCode, _ theirs: LiveCode) throws(ProtocolError) -> LiveCode {
      var merged = theirs
      merged.label = changed(base.label, ours.label, theirs.label)
      let nonces = ours.nonces.filter { !base.nonces.contains($0) && !theirs.nonces.contains($0) }
      guard nonces.count <= theirs.usesLeft else {
        spent.insert(theirs.id)
        return merged
      }
      for nonce in nonces { merged = try merged.used(for: nonce) }
      return merged
    }
    var codes = try merged(\.codes, most: .max, by: { $0.id.bytes }, combining: combine)
    if codes.count > Limit.codesMax { codes.removeAll { $0.isDead(at: max(ours.made, theirs.made)) } }
    guard codes.count <= Limit.codesMax else { throw ProtocolError(.limitReached, "12.8") }
    return (codes, spent)
  }

  /// The members; those that the act let in by a code that theirs has not, or that is spent, are as they were.
  private func mergedMembers(without spent: Set<Bytes<8>>) throws(ProtocolError) -> [Member] {
    let live = Set(theirs.codes.map(\.id)).subtracting(spent)
    var ours = ours
    ours.members = ours.members.compactMap { member in
      let before = base[member: member.agentID]
      return before?.codeID == member.codeID || live.contains(member.codeID) ? member : before
    }
    return try VaultMerge(base: base, ours: ours, theirs: theirs).merged(
      \.members, most: Limit.membersMax, by: { $0.agentID.bytes },
      combining: { $2.merging($1, since: $0) })
  }
}

// MARK: - Entries

extension Person {
  /// This entry of theirs with what `ours` changed since `base`. A status never goes back.
  fileprivate func merging(_ ours: Person, since base: Person) -> Person {
    var merged = self
    if ours.status.rawValue > status.rawValue { merged.status = ours.status }
    merged.keys = changed(base.keys, ours.keys, keys)
    merged.label = changed(base.label, ours.label, label)
    return merged
  }
}

extension Member {
  /// This entry of theirs with what `ours` changed since `base`. A status never goes back, and a mark is the greater.
  fileprivate func merging(_ ours: Member, since base: Member) -> Member {
    var merged = self
    merged.label = changed(base.label, ours.label, label)
    if (ours.codeID, ours.kind) != (base.codeID, base.kind) {
      (merged.codeID, merged.kind) = (ours.codeID, ours.kind)
    }
    if ours.status.rawValue > status.rawValue { (merged.status, merged.listed) = (ours.status, ours.listed) }
    if ours.auditedSequence > auditedSequence {
      (merged.auditedSequence, merged.auditedHash) = (ours.auditedSequence, ours.auditedHash)
    }
    if (ours.auditedGeneration, ours.auditedState) > (auditedGeneration, auditedState) {
      (merged.auditedGeneration, merged.auditedState) = (ours.auditedGeneration, ours.auditedState)
    }
    if ours.keptSequence > keptSequence {
      (merged.keptSequence, merged.keptHash) = (ours.keptSequence, ours.keptHash)
    }
    return merged
  }
}

extension Erasure {
  /// This entry of theirs with what `ours` changed since `base`.
  fileprivate func merging(_ ours: Erasure, since base: Erasure) -> Erasure { changed(base, ours, self) }
}

extension RuleDefinition {
  /// This entry of theirs with what `ours` changed since `base`. What either has seen was seen.
  fileprivate func merging(_ ours: RuleDefinition, since base: RuleDefinition) -> RuleDefinition {
    var merged = self
    merged.category = changed(base.category, ours.category, category)
    merged.seen = seen || ours.seen
    return merged
  }
}
