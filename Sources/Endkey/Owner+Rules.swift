public import EndkeyPrimitives
public import EndkeyWire

// Rules, how long data is kept, and what audits have found. §16

extension Owner {
  /// Replaces all rules; those whose value was seen in the account's data are published as tokens. §16.4
  ///
  /// The rules may come in any order. A value that was seen before stays so.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `valueNotUTF8` for a value that is no UTF-8;
  ///   `notCanonical` for two rules of one field and value; `limitReached`.
  public mutating func setRules(
    _ rules: [RuleDefinition], consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.writing, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      guard rules.allSatisfy({ isUTF8($0.value.span) }) else { throw ProtocolError(.valueNotUTF8, "16.4") }
      try draft.vault.setRules(draft.vault.keepingSeen(rules))
      draft.changesRules = true
    }.publication
  }

  /// How long the service keeps batches and blobs. The owner's alone.
  ///
  /// - Throws: what keeps this end from signing (§12.8).
  public mutating func setRetention(
    _ retentionDays: RetentionDays, blobs blobDays: RetentionDays, consent: Consent = .none, now: Time,
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.owning, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      (draft.vault.retentionDays, draft.vault.blobDays) = (retentionDays, blobDays)
    }.publication
  }

  /// Notes that batches of a member are erased before their time. They must have been audited: the service erases them
  /// once the publication has settled. The owner's alone.
  ///
  /// - Throws: what keeps this end from signing (§12.8); `unknownAgent` for an id; `sequenceGap` where the batches were
  ///   not audited up to `last`; `valueOutOfRange` for a range that is none; `limitReached` for the 1,366th note.
  public mutating func erase(
    _ erasures: [Erasure], consent: Consent = .none, now: Time, using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try act(.owning, consent, at: now, using: &random) { (draft, _) throws(ProtocolError) in
      for erasure in erasures {
        let member = try draft.vault.requireMember(erasure.agentID, "16.5")
        guard erasure.last <= member.auditedSequence else { throw ProtocolError(.sequenceGap, "16.5") }
        try draft.vault.add(erasure)
      }
    }.publication
  }
}

extension Vault {
  /// The rules, seen where a rule of the same field and value was seen before.
  fileprivate func keepingSeen(_ rules: [RuleDefinition]) -> [RuleDefinition] {
    var seen: [TokenField: Set<BoundedBytes<0, 4_095>>] = [:]
    for rule in self.rules where rule.seen { seen[rule.field, default: []].insert(rule.value) }
    return rules.map { rule in
      var rule = rule
      rule.seen = rule.seen || seen[rule.field]?.contains(rule.value) == true
      return rule
    }
  }
}
