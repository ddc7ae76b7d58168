internal import EndkeyJSON
public import EndkeyWire

/// What a report asks for. `spec/http.md`, section 11
public struct ReportRequest: Sendable {
  /// What rows are told apart by.
  public enum Group: String, CaseIterable, Sendable {
    case bound
    case agent
    case kind
    case category
    case employeeName = "employee_name"
    case applicationName = "application_name"
    case windowTitle = "window_title"
    case url
    case documentName = "document_name"

    /// Whether it is a field whose values are tokens.
    public var isToken: Bool {
      switch self {
      case .bound, .agent, .kind, .category: false
      case .employeeName, .applicationName, .windowTitle, .url, .documentName: true
      }
    }
  }

  /// What rows are sorted by, the greatest first but for bounds.
  public enum Order: String, Sendable {
    case ms
    case records
    case bound
  }

  /// Ascending times that divide the range, in milliseconds.
  public let bounds: [Int64]
  /// At most three.
  public let groups: [Group]
  /// The agents; all where empty.
  public let agents: [AgentID]
  /// The kinds of records; all where empty.
  public let kinds: [RecordKind]
  /// The tokens of which a record must have one; all records where empty.
  public let tokens: [Token]
  /// The categories; all where empty.
  public let categories: [Category]
  /// What rows are sorted by.
  public let order: Order
  /// How many rows are given.
  public let limit: Int
  /// The ordinal after which batches are not seen; nil for the newest.
  public let asOf: Int64?

  /// All sums of such records.
  public init(
    bounds: [Int64], groups: [Group], agents: [AgentID], kinds: [RecordKind] = [], tokens: [Token],
    categories: [Category], order: Order = .bound, limit: Int = .max, asOf: Int64? = nil
  ) {
    (self.bounds, self.groups) = (bounds, groups)
    (self.agents, self.kinds, self.tokens, self.categories) = (agents, kinds, tokens, categories)
    (self.order, self.limit, self.asOf) = (order, limit, asOf)
  }

  /// What a JSON text asks for. Throws `malformed`.
  public init(parsing bytes: [UInt8]) throws(Problem) {
    let asked = try Problem.shaped(bytes) { fields in
      let bounds = try fields.required("bounds").array().map {
        try $0.integer(as: Int64.self, in: 0...timeMax)
      }
      guard 2...401 ~= bounds.count, zip(bounds, bounds.dropFirst()).allSatisfy(<) else {
        throw Problem.malformed(member: "bounds")
      }
      let groups: [Group] = try fields.optional("group")?.array().map { try $0.name() } ?? []
      guard groups.count <= 3, Set(groups).count == groups.count else {
        throw Problem.malformed(member: "group")
      }
      var filter = try fields.optional("where")?.fields()
      let agents = try filter?.optional("agents")?.array().map(agent) ?? []
      let kinds = try filter?.optional("kinds")?.array().map { try named($0, as: RecordKind.self) } ?? []
      let tokens = try filter?.optional("tokens")?.array().map { try Token(text: try $0.string()) } ?? []
      let categories =
        try filter?.optional("categories")?.array().map { try named($0, as: Category.self) } ?? []
      try filter?.finish()
      guard agents.count <= 10_000, tokens.count <= 10_000 else {
        throw Problem(.tooLarge, [("limit", 10_000)])
      }
      return ReportRequest(
        bounds: bounds, groups: groups, agents: agents, kinds: kinds, tokens: tokens, categories: categories,
        order: try fields.optional("order")?.name() ?? .ms,
        limit: try fields.optional("limit")?.integer(as: Int.self, in: 1...50_000) ?? 1_000,
        asOf: try fields.optional("as_of")?.integer(as: Int64.self, in: 0...timeMax))
    }
    self = asked
  }
}

/// A row of a report.
public struct ReportRow: Sendable {
  /// The value of each group: a number, the bytes of an id or of a token, or nil for a field that the records have not.
  public let values: [ReportValue?]
  /// The milliseconds within the bounds.
  public let milliseconds: Int64
  /// The records that begin within them.
  public let records: Int64

  /// A row.
  public init(values: [ReportValue?], milliseconds: Int64, records: Int64) {
    self.values = values
    self.milliseconds = milliseconds
    self.records = records
  }
}

/// What a row is told apart by.
public enum ReportValue: Equatable, Sendable {
  case number(Int64)
  case bytes([UInt8])
}

/// An answered report.
public struct Report: Sendable {
  /// The ordinal up to which batches were seen.
  public let asOf: Int64
  /// The rows, sorted, at most as many as were asked for.
  public let rows: [ReportRow]
  /// What was cut: groups, and their milliseconds.
  public let rest: (groups: Int, milliseconds: Int64)
  /// All of it.
  public let total: (milliseconds: Int64, records: Int64)

  /// A report.
  public init(
    asOf: Int64, rows: [ReportRow], rest: (groups: Int, milliseconds: Int64),
    total: (milliseconds: Int64, records: Int64)
  ) {
    self.asOf = asOf
    self.rows = rows
    self.rest = rest
    self.total = total
  }
}

/// The id of an agent that a text is.
func agent(_ cursor: JSONCursor) throws -> AgentID {
  guard let id = AgentID(digits: try cursor.string()) else { throw cursor.error("not an id") }
  return id
}

/// The value of a name in the registry.
func named<Value: WireEnum>(_ cursor: JSONCursor, as type: Value.Type = Value.self) throws -> Value {
  let name = try cursor.string()
  guard let value = Value.allCases.first(where: { $0.name == name }) else {
    throw cursor.error("unknown name")
  }
  return value
}
