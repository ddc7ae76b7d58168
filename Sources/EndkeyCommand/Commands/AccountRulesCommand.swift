internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRulesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "Show or replace the rules that sort activity into categories.",
    discussion: """
      A file of rules has an object a line, with "field", "category" (productive, neutral, unproductive) and "value". \
      A rule is published once an audit has seen its value.
      """)

  @Option(
    help: ArgumentHelp("Replace the rules by those of this file; - is standard input.", valueName: "file"),
    completion: .file())
  var set: String?
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let new = try set.map { try Self.rules(in: $0) }
    let owner = try await account.open()
    if let new {
      try await account.act(on: owner, at: set) { (owner, consent, now, random) throws(ProtocolError) in
        try owner.setRules(new, consent: consent, now: now, using: &random)
      }
    }
    for rule in await owner.status.vault?.rules ?? [] {
      let value = String(decoding: rule.value.bytes, as: UTF8.self)
      if account.output.json {
        try Console.print(
          [
            "field": .string(rule.field.name), "category": .string(rule.category.name),
            "value": .string(value),
            "seen": .bool(rule.seen),
          ], .compact)
      } else {
        let seen = rule.seen ? "published" : "not seen"
        try Console.print("\(rule.category.name)  \(rule.field.name)  \(Console.shown(value))  (\(seen))")
      }
    }
  }

  static func rules(in file: String) throws -> [RuleDefinition] {
    var lines = LineReader(try Descriptor(reading: file), isText: true)
    var rules: [RuleDefinition] = []
    while let line = try lines.next() {
      if line.isEmpty { continue }
      do {
        rules.append(
          try JSONCursor(JSONValue(parsing: line)).object { fields in
            let field = try fields.required("field")
            let category = try fields.required("category")
            let tokenField: TokenField = try field.named("field")
            let kind: EndkeyWire.Category = try category.named("category")
            let value = Array(try fields.required("value").string().utf8)
            return RuleDefinition(
              field: tokenField, category: kind, seen: false, value: try BoundedBytes(value))
          })
      } catch let error as JSONSyntaxError {
        let what = "column \(error.column): \(error.reason.rawValue)"
        throw CommandError(.badInput, "\(file): line \(lines.number)", what)
      } catch {
        throw CommandError(.badInput, "\(file): line \(lines.number)", "\(error)")
      }
    }
    return rules
  }
}
