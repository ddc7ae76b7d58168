/// The category of one token: 18 bytes. §8.3
public struct Rule: WireStruct {
  public static var section: Section { .messages }
  public static var byteCount: Int { 18 }

  public let v: SyntheticIV
  public let field: TokenField
  public let category: Category

  public init(v: SyntheticIV, field: TokenField, category: Category) {
    self.v = v
    self.field = field
    self.category = category
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    v = try reader.fixed("v")
    field = try reader.value("field")
    category = try reader.value("category")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.fixed(v)
    writer.value(field)
    writer.value(category)
  }

  /// The order of a RuleSet: by v, then field. R-16.4-2
  public static func inOrder(_ rule: Rule, _ next: Rule) -> Bool {
    (rule.v, rule.field.rawValue) < (next.v, next.field.rawValue)
  }
}
