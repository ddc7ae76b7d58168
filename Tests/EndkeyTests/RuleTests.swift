import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

@Suite("Rule sets") struct RuleTests {
  static func definition(
    _ value: String, _ category: EndkeyWire.Category, seen: Bool = true
  ) throws -> RuleDefinition {
    RuleDefinition(field: .url, category: category, seen: seen, value: try BoundedBytes([UInt8](value.utf8)))
  }

  static func opener() throws -> TokenOpener {
    TokenOpener(ring: try ActivityFixture.ownerRing(epochs: [6, 7]))
  }

  static func make(_ definitions: [RuleDefinition], past: Set<Token> = []) throws -> RuleSet {
    var sealer = try ActivityFixture.sealer()
    var opener = try opener()
    return try RuleSet.make(definitions, sealer: &sealer, past: past, opener: &opener)
  }

  static func verify(
    _ rules: [UInt8], accountID: AccountID = ActivityFixture.accountID, epoch: Epoch = ActivityFixture.epoch,
    hash: Hash? = nil
  ) -> ErrorCode? {
    code { () throws(ProtocolError) in
      try RuleSet(verifying: rules, accountID: accountID, epoch: epoch, hash: hash ?? Hash(sha256: rules))
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

  @Test("Tokens of past epochs that were seen keep a category, that of their value now")
  func pastEpochs() throws {
    var past = try ActivityFixture.sealer(epoch: 6)
    let (a, b, c) = (
      try past.seal("a", field: .url), try past.seal("b", field: .url), try past.seal("c", field: .url)
    )
    var lost = try ActivityFixture.sealer(epoch: 5)
    let unreadable = try lost.seal("a", field: .url)
    let rules = try Self.make(
      [
        Self.definition("a", .unproductive), Self.definition("b", .neutral, seen: false),
        Self.definition("", .productive),
      ], past: [a, b, c, unreadable])
    #expect(rules.rules.count == 3)
    #expect(rules.category(of: a) == .unproductive)
    #expect(rules.category(of: b) == nil && rules.category(of: c) == nil)
    #expect(rules.category(of: unreadable) == nil)
  }

  @Test("Rules are sorted by the whole token and unique, so that their order tells nothing: R-16.4-2")
  func sorted() throws {
    let definitions = try (0..<50).map { try Self.definition("site \($0)", .productive) }
    let rules = try Self.make(definitions)
    for (rule, next) in zip(rules.rules, rules.rules.dropFirst()) {
      #expect(rule.token.serialized.lexicographicallyPrecedes(next.token.serialized))
    }
    #expect(try Self.make(definitions.reversed()) == rules)
    #expect(try RuleSet(parsing: rules.serialized) == rules)
    var sealer = try ActivityFixture.sealer()
    for index in 0..<50 {
      #expect(rules.category(of: try sealer.seal("site \(index)", field: .url)) == .productive)
    }
    let twice = definitions + [definitions[0]]
    expect(.notCanonical) { _ = try Self.make(twice) }
  }

  @Test("Two values with one V have two rules")
  func oneV() throws {
    var sealer = try ActivityFixture.sealer()
    let token = try sealer.seal("a", field: .url)
    var other = token.serialized
    other[other.count - 1] ^= 1
    #expect(try Self.make([Self.definition("a", .productive)]).category(of: Token(parsing: other)) == nil)
  }

  @Test("R-16.4-3: a rule set is the one that the vault names, in every byte; the checks have their order")
  func verification() throws {
    let rules = try Self.make([Self.definition("a", .productive), Self.definition("b", .neutral)]).serialized
    #expect(Self.verify(rules) == nil)
    for index in rules.indices {
      #expect(Self.verify(rules.flipping(at: index), hash: Hash(sha256: rules)) == .chainBroken)
    }
    let short = [UInt8](rules.dropLast())
    #expect(Self.verify(short, accountID: .zero, epoch: 8, hash: .zero) == .chainBroken)
    #expect(Self.verify(short, accountID: .zero, epoch: 8) == .truncated)
    #expect(Self.verify(rules, accountID: .zero, epoch: 8) == .wrongAccount)
    #expect(Self.verify(rules, epoch: 8) == .epochMismatch)
  }
}
