public import EndkeyWire

extension RuleSet {
  /// Makes the rule set of the sealer's epoch, of those definitions whose value was seen: R-16.4-1.
  ///
  /// `past` are tokens under other keys that were seen in data that is kept: they get the category that their value has
  /// now. One that does not open, or has no definition any more, gets no rule. `limitReached` when there are too many,
  /// `valueNotUTF8` for a definition with such a value.
  package static func make(
    _ definitions: [RuleDefinition], sealer: inout TokenSealer, past: Set<Token> = [],
    opener: inout TokenOpener
  ) throws(ProtocolError) -> RuleSet {
    var rules: [Rule] = []
    var size = 0
    func add(_ rule: Rule) throws(ProtocolError) {
      size += rule.serializedCount
      guard size <= Limit.rulesMax else { throw ProtocolError(.limitReached, "16.4") }
      rules.append(rule)
    }
    var categories: [TokenField: [[UInt8]: Category]] = [:]
    for definition in definitions where definition.seen {
      let value = definition.value.bytes
      try add(Rule(token: try sealer.seal(value, field: definition.field), category: definition.category))
      categories[definition.field, default: [:]][value] = definition.category
    }
    let own = Set(rules.map(\.token))
    for token in past where !own.contains(token) {
      guard let value = opener.value(of: token), let category = categories[token.field]?[value] else {
        continue
      }
      try add(Rule(token: token, category: category))
    }
    rules.sort { $0.token.precedes($1.token) }
    let list = try wire { [rules] () throws(WireError) in try BoundedList<Rules>(rules) }
    return RuleSet(accountID: sealer.accountID, epoch: sealer.epoch, rules: list)
  }

  /// Reads a rule set and checks it against the vault that names it, in the order of §16.4.
  ///
  /// - Parameters:
  ///   - bytes: what the service gives.
  ///   - accountID: the account of the vault.
  ///   - epoch: the epoch of the vault.
  ///   - hash: the name that the vault gives to its rule set.
  /// - Throws: `chainBroken`, a fault of format, `wrongAccount` or `epochMismatch`.
  public init(
    verifying bytes: [UInt8], accountID: AccountID, epoch: Epoch, hash: Hash
  ) throws(ProtocolError) {
    guard Hash(sha256: bytes) == hash else { throw ProtocolError(.chainBroken, "16.4") }
    let rules = try RuleSet(received: bytes)
    guard rules.accountID == accountID else { throw ProtocolError(.wrongAccount, "16.4") }
    guard rules.epoch == epoch else { throw ProtocolError(.epochMismatch, "16.4") }
    self = rules
  }

  /// The category of a token, if there is a rule for it: found by bisection.
  public func category(of token: Token) -> Category? {
    var range = rules.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      let rule = rules[middle]
      if rule.token == token { return rule.category }
      range =
        rule.token.precedes(token) ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }
}

extension Token {
  /// The order of a RuleSet: by all bytes of the token. R-16.4-2
  fileprivate func precedes(_ next: Token) -> Bool {
    RuleSet.Rules.inOrder(
      Rule(token: self, category: .neutral), Rule(token: next, category: .neutral), Span())
  }
}

extension TokenOpener {
  /// The value of a token; nil when it does not open.
  fileprivate mutating func value(of token: Token) -> [UInt8]? {
    do {
      return try open(token)
    } catch {
      return nil
    }
  }
}
