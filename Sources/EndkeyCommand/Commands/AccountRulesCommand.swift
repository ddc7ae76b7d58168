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
    completion: .file(), transform: Path.file)
  var set: String?
  @Flag(help: "Delete all rules.")
  var clear = false
  @OptionGroup var account: AccountOptions

  func validate() throws {
    guard set == nil || !clear else { throw ValidationError("--set has the rules, and --clear deletes all") }
  }

  func run() async throws {
    let new = clear ? [] : try set.map { try Self.rules(in: $0) }
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
        try Console.print("\(rule.category.name)  \(rule.field.name)  \(Legible.text(value))  (\(seen))")
      }
    }
  }

  static func rules(in file: String) throws -> [RuleDefinition] {
    var lines = LineReader(try Console.input(file), isText: true)
    var rules: [RuleDefinition] = []
    var known: [[UInt8]: Int] = [:]
    while let line = try lines.next() {
      if CaptureReader.isBlank(line) { continue }
      let rule: RuleDefinition
      do {
        rule = try JSONCursor(JSONValue(parsing: line)).object { fields in
          let field = try fields.required("field")
          let category = try fields.required("category")
          let tokenField: TokenField = try field.named("field")
          let kind: EndkeyWire.Category = try category.named("category")
          let text = try fields.required("value")
          let value = Array(try text.string().utf8)
          guard value.count <= Limit.tokenPaddedMax - 1 else {
            throw text.error(
              "has \(counted(value.count, "byte")), and values at most \(Limit.tokenPaddedMax - 1)")
          }
          return RuleDefinition(
            field: tokenField, category: kind, seen: false, value: try BoundedBytes(value))
        }
      } catch let error as JSONSyntaxError {
        let what = "column \(error.column): \(error.reason.rawValue)"
        throw CommandError(.badInput, "\(file): line \(lines.number)", what)
      } catch {
        throw CommandError(.badInput, "\(file): line \(lines.number)", "\(error)")
      }
      if let first = known.updateValue(lines.number, forKey: [rule.field.rawValue] + rule.value.bytes) {
        throw CommandError(
          .badInput, "\(file): line \(lines.number)", "has the same field and value as line \(first)",
          next: "take one of the two away: nothing was changed")
      }
      rules.append(rule)
    }
    guard !rules.isEmpty else {
      throw CommandError(
        .badInput, file, "has no rule",
        next: "nothing was changed; `endkey account rules --clear` deletes all")
    }
    return rules
  }
}
