package import EndkeyPrimitives
public import EndkeyWire

extension RuleSet {
  /// Makes and signs the rule set of the sealer's epoch, of those definitions whose value was seen. R-16.4-1
  ///
  /// `limitReached` when there are too many; `valueNotUTF8` for such a value.
  package init(
    _ definitions: [RuleDefinition], counter: Counter, sealer: inout TokenSealer,
    signingKey: borrowing Ed25519.PrivateKey
  ) throws(ProtocolError) {
    var rules: [Rule] = []
    for definition in definitions where definition.seen {
      let token = try sealer.seal(definition.value.bytes, field: definition.field)
      rules.append(Rule(v: token.v, field: token.field, category: definition.category))
    }
    guard Rule.byteCount * rules.count <= Limit.rulesMax else {
      throw ProtocolError(.limitReached, "16.4")
    }
    rules.sort(by: Rule.inOrder)
    let (accountID, epoch) = (sealer.accountID, sealer.epoch)
    let unsigned = try wire { [rules] () throws(WireError) in
      RuleSet(accountID: accountID, epoch: epoch, counter: counter, rules: try BoundedList(rules))
    }
    self = unsigned.signed(by: signingKey)
  }

  /// Reads a rule set and checks it against the newest AccountState accepted, in the order of §16.4.
  ///
  /// - Parameters:
  ///   - bytes: what the service gives.
  ///   - state: the AccountState accepted last, which names the rule set by its hash.
  ///   - lastCounter: the counter of the rule set accepted last; nil before the first.
  /// - Throws: a fault of format, `wrongAccount`, `signatureInvalid`, `counterRollback`, `chainBroken` or
  ///   `epochMismatch`.
  public init(
    verifying bytes: [UInt8], state: AccountState, lastCounter: Counter? = nil
  ) throws(ProtocolError) {
    try self.init(
      verifying: bytes, accountID: state.accountID, verifyKey: state.verifyKey,
      epoch: state.epoch, hash: state.ruleSet, lastCounter: lastCounter ?? 0)
  }

  /// Reads a rule set and checks it against what the newest AccountState says.
  package init(
    verifying bytes: [UInt8], accountID: AccountID, verifyKey: VerifyKey, epoch: Epoch, hash: Hash,
    lastCounter: Counter
  ) throws(ProtocolError) {
    let rules = try RuleSet(received: bytes)
    guard rules.accountID == accountID else { throw ProtocolError(.wrongAccount, "16.4") }
    try rules.requireSignature(by: verifyKey, in: bytes, "16.4")
    guard rules.counter >= lastCounter else { throw ProtocolError(.counterRollback, "16.4") }
    guard Hash(sha256: bytes) == hash else { throw ProtocolError(.chainBroken, "16.4") }
    guard rules.epoch == epoch else { throw ProtocolError(.epochMismatch, "16.4") }
    self = rules
  }

  /// The category of a token, if there is a rule for it: found by bisection.
  public func category(of token: Token) -> Category? {
    guard token.epoch == epoch else { return nil }
    let wanted = Rule(v: token.v, field: token.field, category: .neutral)
    var range = rules.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if Rule.inOrder(rules[middle], wanted) {
        range = middle + 1..<range.upperBound
      } else if Rule.inOrder(wanted, rules[middle]) {
        range = range.lowerBound..<middle
      } else {
        return rules[middle].category
      }
    }
    return nil
  }
}

extension RuleDefinition {
  /// Notes that it was seen, if `totals` have its token of the sealer's epoch.
  mutating func note(_ totals: Totals, sealer: inout TokenSealer) throws(ProtocolError) {
    guard !seen else { return }
    seen = totals.byToken[try sealer.seal(value.bytes, field: field)] != nil
  }
}
