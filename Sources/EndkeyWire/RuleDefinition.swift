/// The category of a value, as the vault knows it. §8.4, §16.4
public struct RuleDefinition: WireStruct {
  public static var section: Section { .contents }

  public let field: TokenField
  public let category: Category
  /// Whether a token of this value was seen in the account's data.
  public let seen: Bool
  /// 0 to 4,095 bytes.
  public let value: [UInt8]

  public init(field: TokenField, category: Category, seen: Bool, value: [UInt8]) throws(WireError) {
    try Self.require(length: value.count, in: 0...Limit.tokenValueMax, at: 3)
    self.field = field
    self.category = category
    self.seen = seen
    self.value = value
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    field = try reader.value("field")
    category = try reader.value("category")
    let start = reader.offset
    let seen = try reader.uint8("seen")
    guard seen <= 1 else { throw reader.fault(.unknownValue, at: start) }
    self.seen = seen == 1
    value = try reader.opaque("value", 0...Limit.tokenValueMax)
  }

  public var serializedCount: Int { 5 + value.count }

  public func serialize(into writer: inout Writer) {
    writer.value(field)
    writer.value(category)
    writer.uint8(seen ? 1 : 0)
    writer.opaque(value, upTo: Limit.tokenValueMax)
  }

  /// The order of a vault: by field, then value.
  public static func inOrder(_ rule: RuleDefinition, _ next: RuleDefinition) -> Bool {
    rule.field == next.field
      ? rule.value.span.precedes(next.value.span) : rule.field.rawValue < next.field.rawValue
  }
}
