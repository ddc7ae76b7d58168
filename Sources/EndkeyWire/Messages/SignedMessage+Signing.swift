extension AccountState {
  public func signed(_ signature: [UInt8]) throws(WireError) -> AccountState {
    try AccountState(
      header: header, counter: counter, verifyKey: verifyKey, modulus: modulus, commitment: commitment,
      ruleSet: ruleSet, previous: previous, revoked: revoked, signature: signature)
  }
}

extension RecordBatch {
  public func signed(_ signature: [UInt8]) throws(WireError) -> RecordBatch {
    try RecordBatch(
      header: header, agentID: agentID, sequence: sequence, previous: previous, stateCounter: stateCounter,
      records: records, signature: signature)
  }
}

extension RuleSet {
  public func signed(_ signature: [UInt8]) throws(WireError) -> RuleSet {
    try RuleSet(header: header, counter: counter, rules: rules, signature: signature)
  }
}
