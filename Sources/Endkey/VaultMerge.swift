internal import EndkeyWire

/// The vault of an act made anew on top of another end's: what the act changed against the vault that it started
/// from is changed in theirs, entry by entry. §12.8
struct VaultMerge: Sendable {
  /// What the act started from.
  let base: Vault
  /// What the act made of it.
  let ours: Vault
  /// What another end has made of it meanwhile, under the same state.
  let theirs: Vault
  /// Whether the act ends all codes.
  let dropsCodes: Bool

  /// Members that are new in theirs: in removals and root acts a person is asked about each.
  var newMembers: [AgentID] {
    theirs.members.lazy.map(\.agentID).filter { base[member: $0] == nil }
  }

  /// `limitReached` when a list has no room for both.
  func merged() throws(ProtocolError) -> Vault {
    var vault = theirs
    for key in ours.pastKeys { try vault.keep(key) }
    try mergePersons(into: &vault)
    let spent = try mergeCodes(into: &vault)
    try mergeMembers(into: &vault, without: spent)
    try mergeErasures(into: &vault)
    mergeRules(into: &vault)
    if ours.retentionDays != base.retentionDays { vault.retentionDays = ours.retentionDays }
    if ours.blobDays != base.blobDays { vault.blobDays = ours.blobDays }
    return vault
  }
}

// MARK: - Persons

extension VaultMerge {
  private func mergePersons(into vault: inout Vault) throws(ProtocolError) {
    for person in ours.persons {
      let before = base[person: person.personID]
      guard person != before else { continue }
      guard let before, var merged = vault[person: person.personID] else {
        try vault.set(person)
        continue
      }
      if person.status != before.status { merged.status = person.status }
      if person.keys != before.keys { merged.keys = person.keys }
      if person.label != before.label { merged.label = person.label }
      try vault.set(merged)
    }
  }
}

// MARK: - Codes

extension VaultMerge {
  /// Gives the nonces of requests for which theirs has no use of their code left.
  private func mergeCodes(into vault: inout Vault) throws(ProtocolError) -> Set<AgentID> {
    var spent: Set<AgentID> = []
    let ownIDs = Set(ours.codes.map(\.id))
    let baseCodes = Dictionary(base.codes.map { ($0.id, $0) }) { first, _ in first }
    for code in ours.codes {
      guard let before = baseCodes[code.id] else {
        try vault.add(code, now: ours.made)
        continue
      }
      let nonces = code.nonces.dropFirst(before.nonces.count)
      guard let index = vault.codes.firstIndex(where: { $0.id == code.id }) else {
        if !nonces.isEmpty { spent.formUnion(newMembers(by: code.id)) }
        continue
      }
      if code.label != before.label { vault.codes[index].label = code.label }
      guard vault.codes[index].usesLeft >= nonces.count else {
        spent.formUnion(newMembers(by: code.id))
        continue
      }
      for nonce in nonces { vault.codes[index] = try vault.codes[index].used(for: nonce) }
    }
    vault.codes.removeAll { baseCodes[$0.id] != nil && !ownIDs.contains($0.id) }
    if dropsCodes { vault.codes = [] }
    return spent
  }

  /// The members that the act let in by a code.
  private func newMembers(by code: Bytes<8>) -> [AgentID] {
    ours.members(by: code).map(\.agentID).filter { base[member: $0]?.codeID != code }
  }
}

// MARK: - Members

extension VaultMerge {
  private func mergeMembers(into vault: inout Vault, without spent: Set<AgentID>) throws(ProtocolError) {
    for member in ours.members where !spent.contains(member.agentID) {
      let before = base[member: member.agentID]
      guard member != before else { continue }
      guard let known = vault[member: member.agentID] else {
        try vault.set(member)
        continue
      }
      try vault.set(before.map { known.merging(member, since: $0) } ?? known)
    }
  }
}

extension Member {
  /// This entry of theirs with what `ours` changed since `before`. A status never goes back, and a mark is the greater.
  fileprivate func merging(_ ours: Member, since before: Member) -> Member {
    var merged = self
    if ours.label != before.label { merged.label = ours.label }
    if ours.codeID != before.codeID { (merged.codeID, merged.kind) = (ours.codeID, ours.kind) }
    if ours.status.rawValue > merged.status.rawValue {
      merged.status = ours.status
      if merged.listed == 0 { merged.listed = ours.listed }
    }
    if ours.auditedSequence > merged.auditedSequence {
      (merged.auditedSequence, merged.auditedHash) = (ours.auditedSequence, ours.auditedHash)
    }
    let pair = (ours.auditedGeneration, ours.auditedState)
    if pair > (merged.auditedGeneration, merged.auditedState) {
      (merged.auditedGeneration, merged.auditedState) = pair
    }
    if ours.keptSequence > merged.keptSequence {
      (merged.keptSequence, merged.keptHash) = (ours.keptSequence, ours.keptHash)
    }
    return merged
  }
}

// MARK: - Erasures and rules

extension VaultMerge {
  private func mergeErasures(into vault: inout Vault) throws(ProtocolError) {
    for erasure in ours.erasures where !base.erasures.contains(erasure) { try vault.add(erasure) }
  }

  private func mergeRules(into vault: inout Vault) {
    struct Key: Hashable {
      let field: TokenField
      let value: BoundedBytes<0, 4_095>
      init(_ rule: RuleDefinition) { (field, value) = (rule.field, rule.value) }
    }
    func byKey(_ rules: [RuleDefinition]) -> [Key: RuleDefinition] {
      Dictionary(rules.map { (Key($0), $0) }) { first, _ in first }
    }
    let (base, ours) = (byKey(base.rules), byKey(ours.rules))
    guard base != ours else { return }
    var merged = byKey(vault.rules)
    for (key, rule) in ours where rule != base[key] {
      var rule = rule
      rule.seen = rule.seen || merged[key]?.seen == true
      merged[key] = rule
    }
    for key in base.keys where ours[key] == nil { merged[key] = nil }
    vault.rules = merged.values.sorted { $0.precedes($1) }
  }
}
