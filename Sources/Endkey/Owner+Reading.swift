public import EndkeyPrimitives
public import EndkeyWire

// Rules, audits, and opening what agents made. §14.2, §15, §16

extension Owner {
  /// Replaces the rules, in any order, and publishes those whose value was seen. §16.4
  ///
  /// A value that was seen before stays so. `valueNotUTF8`; a (field, value) twice is `notCanonical`.
  public mutating func setRules(
    _ rules: [RuleDefinition], using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    try step(.rules) { (session) throws(ProtocolError) in
      guard rules.allSatisfy({ isUTF8($0.value.span) }) else { throw ProtocolError(.valueNotUTF8, "16.4") }
      try session.vault.setRules(try session.vault.noting(rules))
      return try session.publishRules(using: &random)
    }
  }

  /// Publishes the rules anew, as after an audit that has seen more values. R-16.4-1
  public mutating func remakeRules(using random: inout some RandomSource) throws(ProtocolError) -> Publication
  {
    try step(.rules) { (session) throws(ProtocolError) in try session.publishRules(using: &random) }
  }

  /// What the audit of one agent found, and what to store with it.
  public struct AuditReport: Sendable {
    public let findings: [Audit.Finding]
    /// Of the batches counted. R-16.2-1
    public let totals: Totals
    public let publication: Publication
  }

  /// Audits batches of one member, in the order in which the service gives them, from where the last audit
  /// ended. Notes how far it came, and which rules' values were seen. `unknownAgent`. §16.2
  public mutating func audit(
    _ agentID: AgentID, batches: [[UInt8]], using random: inout some RandomSource
  ) throws(ProtocolError) -> AuditReport {
    try step(.audit) { (session) throws(ProtocolError) in
      let member = try session.vault.requireMember(agentID, "16.2")
      let verifyKeys = session.vault.members.map { ($0.agentID, $0.verifyKey) }
      var audit = Audit(
        accountID: session.accountID, agentID: agentID,
        members: Dictionary(verifyKeys) { first, _ in first }, stateCounter: session.state.counter,
        from: Audit.Checkpoint(sequence: member.auditedSequence, hash: member.auditedHash))
      for batch in batches { audit.take(batch) }

      let end = audit.checkpoint
      try session.vault.set(try member.with(auditedSequence: end.sequence, auditedHash: end.hash))
      try session.noteSeen(in: audit.totals)
      let publication = Publication(ownerVault: try session.writeVault(using: &random))
      return AuditReport(findings: audit.findings, totals: audit.totals, publication: publication)
    }
  }

  /// The MasterKeys of all epochs, for whatever opens tokens, blobs and texts.
  public func keyRing() throws(ProtocolError) -> KeyRing {
    _ = try OwnerMachine.step(phase, .read).get("10.4")
    return try openSession(.read).ring
  }

  /// Opens tokens of all epochs. §14.2
  public func tokenOpener() throws(ProtocolError) -> TokenOpener { TokenOpener(ring: try keyRing()) }

  /// Opens one blob, of any epoch and agent; `reference` is what the record that names it says. §15
  public func blobOpener(reference: BlobReference? = nil) throws(ProtocolError) -> BlobOpener {
    BlobOpener(ring: try keyRing(), reference: reference)
  }
}

extension OwnerSession {
  fileprivate mutating func publishRules(
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Publication {
    let ruleSet = try makeRuleSet()
    let state = try makeState(ruleSet: Hash(sha256: ruleSet.serialized))
    return Publication(
      ownerVault: try writeVault(using: &random), accountState: state, ruleSet: ruleSet)
  }

  /// Notes which rules have a token in `totals`, of whatever epoch.
  fileprivate mutating func noteSeen(in totals: Totals) throws(ProtocolError) {
    var rules = vault.rules
    for epoch in Set(totals.byToken.keys.map(\.epoch)) where ring.hasTokenKey(epoch: epoch) {
      var sealer = try TokenSealer(key: try ring.tokenKey(epoch: epoch, "16.4"))
      for index in rules.indices { rules[index] = try rules[index].noting(totals, sealer: &sealer) }
    }
    try vault.setRules(rules)
  }
}

extension Vault {
  /// `rules`, each of them seen if it says so or was seen before.
  fileprivate func noting(_ rules: [RuleDefinition]) throws(ProtocolError) -> [RuleDefinition] {
    let seen = Set(self.rules.lazy.filter(\.seen).map(Value.init))
    return try wire { () throws(WireError) in
      try rules.map { (rule) throws(WireError) in
        try RuleDefinition(
          field: rule.field, category: rule.category, seen: rule.seen || seen.contains(Value(rule)),
          value: rule.value)
      }
    }
  }

  private struct Value: Hashable {
    let field: TokenField
    let value: [UInt8]

    init(_ rule: RuleDefinition) {
      field = rule.field
      value = rule.value
    }
  }
}
