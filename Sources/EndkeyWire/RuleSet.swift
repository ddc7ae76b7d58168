/// Categories of tokens, signed. §8.3, §16.4
public struct RuleSet: SignedMessage {
  public static var section: Section { .messages }

  public let header: Header
  /// From 1.
  public let counter: UInt64
  /// In the order of `Rule.inOrder`, each (v, field) once.
  public let rules: [Rule]
  /// 64 bytes, by the account.
  public let signature: [UInt8]

  public init(
    header: Header, counter: UInt64, rules: [Rule], signature: [UInt8] = .zeros(64)
  ) throws(WireError) {
    try header.require(.ruleSet)
    try Self.require(counter: counter, at: 24)
    try Self.require(length: Rule.byteCount * rules.count, in: 0...Limit.rulesMax, at: 32)
    try Self.require(ascending: rules, at: 32, by: Rule.inOrder)
    try Self.require(signature, count: 64, at: 35 + Rule.byteCount * rules.count)
    self.header = header
    self.counter = counter
    self.rules = rules
    self.signature = signature
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.ruleSet)
    counter = try reader.counter("counter")
    rules = try reader.vector(
      "rules", 0...Limit.rulesMax, elementSize: Rule.byteCount, inOrder: { Rule.inOrder($1, $2) },
      of: Rule.init(parsing:))
    signature = try reader.bytes("signature", 64)
  }

  public var serializedCount: Int { 99 + Rule.byteCount * rules.count }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.uint64(counter)
    writer.length(Rule.byteCount * rules.count, upTo: Limit.rulesMax)
    rules.serialize(into: &writer)
    writer.bytes(signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> RuleSet {
    try RuleSet(header: header, counter: counter, rules: rules, signature: signature)
  }
}
