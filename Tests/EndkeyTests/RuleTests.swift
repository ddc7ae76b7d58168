import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

@Suite("Rule sets") struct RuleTests {
  static func definition(_ value: String, _ category: EndkeyWire.Category, seen: Bool = true) throws
    -> RuleDefinition
  {
    RuleDefinition(field: .url, category: category, seen: seen, value: try BoundedBytes(value))
  }

  static func make(_ definitions: [RuleDefinition], counter: Counter = 3, key: UInt8 = 0x11) throws -> RuleSet
  {
    var sealer = try ActivityFixture.sealer()
    return try RuleSet(
      definitions, counter: counter, sealer: &sealer, signingKey: ActivityFixture.signingKey(key))
  }

  /// A state that names the rule set of these bytes.
  static func state(
    _ rules: [UInt8], epoch: Epoch = ActivityFixture.epoch, accountID: AccountID = ActivityFixture.accountID
  ) throws -> AccountState {
    try AccountState(
      accountID: accountID, epoch: epoch, counter: 1,
      verifyKey: Bytes(ActivityFixture.signingKey().publicKey.bytes), modulus: .zero, commitment: .zero,
      ruleSet: Hash(sha256: rules), previous: .zero, revoked: BoundedList([]))
  }

  static func verify(_ rules: [UInt8], _ state: AccountState, lastCounter: Counter = 0) -> ErrorCode? {
    code { () throws(ProtocolError) in
      try RuleSet(verifying: rules, state: state, lastCounter: lastCounter)
    }
  }

  @Test("Only values that were seen are published: R-16.4-1")
  func seenOnly() throws {
    let rules = try Self.make([
      Self.definition("a", .productive), Self.definition("b", .unproductive, seen: false),
      Self.definition("c", .neutral),
    ])
    #expect(rules.rules.count == 2)
    var sealer = try ActivityFixture.sealer()
    #expect(rules.category(of: try sealer.seal("a", field: .url)) == .productive)
    #expect(rules.category(of: try sealer.seal("b", field: .url)) == nil)
    #expect(rules.category(of: try sealer.seal("c", field: .url)) == .neutral)
    #expect(rules.category(of: try sealer.seal("a", field: .documentName)) == nil)
    var next = try ActivityFixture.sealer(epoch: 8)
    #expect(rules.category(of: try next.seal("a", field: .url)) == nil)
  }

  @Test("Rules are sorted by v and field and unique, so that their order tells nothing: R-16.4-2")
  func sorted() throws {
    let definitions = try (0..<50).map { try Self.definition("site \($0)", .productive) }
    let rules = try Self.make(definitions)
    for (rule, next) in zip(rules.rules, rules.rules.dropFirst()) {
      #expect(rule.v.bytes.lexicographicallyPrecedes(next.v.bytes))
    }
    #expect(try Self.make(definitions.reversed()) == rules)
    var sealer = try ActivityFixture.sealer()
    for index in 0..<50 {
      #expect(rules.category(of: try sealer.seal("site \(index)", field: .url)) == .productive)
    }
    let key = try ActivityFixture.signingKey()
    let twice = code { () throws(ProtocolError) in
      try RuleSet(definitions + [definitions[0]], counter: 1, sealer: &sealer, signingKey: key)
    }
    #expect(twice == .notCanonical)
  }

  @Test("A definition is noted as seen when its token has a total")
  func noting() throws {
    var sealer = try ActivityFixture.sealer()
    var totals = Totals()
    totals.add(
      try Record(kind: .website, start: 0, duration: 5, items: [.token(sealer.seal("visited", field: .url))]))
    for (value, wasSeen, isSeen) in [
      ("visited", false, true), ("other", false, false), ("other", true, true),
    ] {
      var definition = try Self.definition(value, .neutral, seen: wasSeen)
      try definition.note(totals, sealer: &sealer)
      #expect(definition.seen == isSeen)
    }
  }

  @Test("The checks come in the order of §16.4")
  func verification() throws {
    let rules = try Self.make([Self.definition("a", .productive)]).serialized
    let right = try Self.state(rules)
    #expect(Self.verify(rules, right) == nil)
    #expect(Self.verify(rules, right, lastCounter: 3) == nil)
    #expect(Self.verify([UInt8](rules.dropLast()), right) == .truncated)
    let foreign = try Self.state(rules, accountID: AccountID(verifyKey: .zero))
    #expect(Self.verify(rules.flipping(at: 40), foreign) == .wrongAccount)
    #expect(Self.verify(rules.flipping(at: 40), right, lastCounter: 9) == .signatureInvalid)
    #expect(Self.verify(try Self.make([], key: 0x12).serialized, right) == .signatureInvalid)
    #expect(Self.verify(rules, try Self.state([]), lastCounter: 4) == .counterRollback)
    #expect(Self.verify(rules, try Self.state([], epoch: 8)) == .chainBroken)
    #expect(Self.verify(rules, try Self.state(rules, epoch: 8)) == .epochMismatch)
  }

  @Test("Each byte of a rule set is signed")
  func tampering() throws {
    let rules = try Self.make([Self.definition("a", .productive), Self.definition("b", .neutral)]).serialized
    let state = try Self.state(rules)
    for index in rules.indices {
      #expect(Self.verify(rules.flipping(at: index), state) != nil, "byte \(index)")
    }
  }
}
