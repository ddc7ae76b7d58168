extension Rule {
  /// The order of a RuleSet: by v, then field. R-16.4-2
  public static func inOrder(_ rule: Rule, _ next: Rule) -> Bool {
    (rule.v, rule.field.rawValue) < (next.v, next.field.rawValue)
  }
}

extension RuleDefinition {
  /// The order of a vault: by field, then value. §8.4
  public static func inOrder(_ rule: RuleDefinition, _ next: RuleDefinition) -> Bool {
    rule.field == next.field
      ? rule.value.bytes.span.precedes(next.value.bytes.span) : rule.field.rawValue < next.field.rawValue
  }
}
