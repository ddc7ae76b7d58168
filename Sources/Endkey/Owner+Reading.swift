public import EndkeyPrimitives
public import EndkeyWire

// Rules, audits, and opening what agents made. §14.2, §15, §16

extension Owner {
  /// Replaces all rules, and publishes those whose value was seen in the account's data. §16.4
  ///
  /// The rules may come in any order. A value that was seen before stays so.
  ///
  /// - Throws: `valueNotUTF8` for a value that is no UTF-8; `notCanonical` for two rules of one field and value;
  ///   `noMasterKey` when the account is not open.
  public mutating func setRules(
    _ rules: [RuleDefinition], using random: inout some RandomSource
  ) throws(ProtocolError) -> NewRules {
    try step(.rules) { (session) throws(ProtocolError) in
      guard rules.allSatisfy({ isUTF8($0.value.bytes.span) }) else {
        throw ProtocolError(.valueNotUTF8, "16.4")
      }
      try session.vault.setRules(session.vault.noting(rules))
      return try session.publishRules(using: &random)
    }
  }

  /// Publishes the rules anew, as after an audit that has seen more of their values. R-16.4-1
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  public mutating func remakeRules(using random: inout some RandomSource) throws(ProtocolError) -> NewRules {
    try step(.rules) { (session) throws(ProtocolError) in try session.publishRules(using: &random) }
  }

  /// Audits batches of one member, from where the last audit of it ended. §16.2
  ///
  /// The vault notes how far the audit came, and which rules' values it saw. What is wrong with a batch is a finding
  /// of the report, not an error.
  ///
  /// - Parameters:
  ///   - agentID: the member whose batches they are.
  ///   - batches: the bytes of RecordBatches, in the order in which the service gives them.
  ///   - random: where salts and nonces come from; a program passes a `SystemRandom`.
  /// - Throws: `unknownAgent` when the vault has no such member; `noMasterKey` when the account is not open.
  public mutating func audit(
    _ agentID: AgentID, batches: [[UInt8]], using random: inout some RandomSource
  ) throws(ProtocolError) -> AuditReport {
    try step(.audit) { (session) throws(ProtocolError) in
      var member = try session.vault.requireMember(agentID, "16.2")
      let verifyKeys = session.vault.members.map { ($0.agentID, $0.verifyKey) }
      var audit = Audit(
        accountID: session.accountID, agentID: agentID,
        members: Dictionary(verifyKeys) { first, _ in first }, stateCounter: session.state.counter,
        from: Audit.Checkpoint(sequence: member.auditedSequence, hash: member.auditedHash))
      for batch in batches { audit.take(batch) }

      let end = audit.checkpoint
      (member.auditedSequence, member.auditedHash) = (end.sequence, end.hash)
      try session.vault.set(member)
      try session.noteSeen(in: audit.totals)
      return AuditReport(
        findings: audit.findings, totals: audit.totals, ownerVault: try session.writeVault(using: &random))
    }
  }

  /// The keys of all epochs, for whatever opens tokens, blobs and texts.
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  public func keyRing() throws(ProtocolError) -> KeyRing {
    _ = try OwnerMachine.step(phase, .read).get("10.4")
    return try openSession(.read).ring
  }

  /// What opens tokens of all epochs. §14.2
  ///
  /// - Throws: `noMasterKey` when the account is not open.
  public func tokenOpener() throws(ProtocolError) -> TokenOpener { TokenOpener(ring: try keyRing()) }

  /// What opens one blob, of any epoch and agent. §15
  ///
  /// - Parameter reference: what the record that names the blob says of it; nil when there is none at hand.
  /// - Throws: `noMasterKey` when the account is not open.
  public func blobOpener(reference: BlobReference? = nil) throws(ProtocolError) -> BlobOpener {
    BlobOpener(ring: try keyRing(), reference: reference)
  }
}

extension OwnerSession {
  fileprivate mutating func publishRules(
    using random: inout some RandomSource
  ) throws(ProtocolError) -> Owner.NewRules {
    let ruleSet = try makeRuleSet()
    let state = try makeState(ruleSet: Hash(sha256: ruleSet.serialized))
    return Owner.NewRules(
      accountState: state, ruleSet: ruleSet, ownerVault: try writeVault(using: &random))
  }

  /// Notes which rules have a token in `totals`, of whatever epoch.
  fileprivate mutating func noteSeen(in totals: Totals) throws(ProtocolError) {
    var rules = vault.rules
    for epoch in Set(totals.byToken.keys.map(\.epoch)) where ring.hasTokenKey(epoch: epoch) {
      var sealer = try TokenSealer(key: try ring.tokenKey(epoch: epoch, "16.4"))
      for index in rules.indices { try rules[index].note(totals, sealer: &sealer) }
    }
    try vault.setRules(rules)
  }
}

extension Vault {
  /// `rules`, each of them seen if it says so or was seen before.
  fileprivate func noting(_ rules: [RuleDefinition]) -> [RuleDefinition] {
    let seen = Set(self.rules.lazy.filter(\.seen).map(Value.init))
    return rules.map { rule in
      var rule = rule
      rule.seen = rule.seen || seen.contains(Value(rule))
      return rule
    }
  }

  private struct Value: Hashable {
    let field: TokenField
    let value: BoundedBytes<0, 4_095>

    init(_ rule: RuleDefinition) {
      field = rule.field
      value = rule.value
    }
  }
}
