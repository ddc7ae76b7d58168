public import EndkeyWire
internal import ServiceHash
public import ServiceModel

extension Store {
  /// Sums what an account's batches say. Nothing of it is proven: an audit is. `spec/http.md`, section 11
  public func report(_ request: ReportRequest, of account: AccountID) async throws -> Report {
    try await database.read { transaction in
      let newest = try transaction.newestWhole(account)
      let asOf = min(request.asOf ?? newest, newest)
      let all = try transaction.sums(request, of: account, asOf: asOf)
      let sorted = all.sorted { request.isBefore($0, $1) }
      let rest = sorted.dropFirst(request.limit)
      return Report(
        asOf: asOf, rows: Array(sorted.prefix(request.limit)),
        rest: (rest.count, rest.reduce(0) { $0 + $1.milliseconds }),
        total: (all.reduce(0) { $0 + $1.milliseconds }, all.reduce(0) { $0 + $1.records }))
    }
  }

}

extension Transaction {
  /// The ordinal up to which all records of all batches are seen. H-11-4
  func newestWhole(_ account: AccountID) throws -> Int64 {
    guard let newest = try row(.ordinal, [.fixed(account)])?.integer(0) else { throw Problem(.notFound) }
    let first = try row(.firstUnindexed, [.fixed(account)])?.optionalInteger(0)
    return min(newest, first.map { $0 - 1 } ?? newest)
  }

  /// The rows of a report, in no order, of batches up to an ordinal.
  func sums(_ request: ReportRequest, of account: AccountID, asOf: Int64) throws -> [ReportRow] {
    let query = try query(request, account, asOf)
    return try rows(query.statement, query.values).map { row in
      let values = request.groups.indices.map { index -> ReportValue? in
        switch row.values[index] {
        case .null: nil
        case .integer(let number): .number(number)
        case .bytes(let bytes): .bytes(bytes)
        }
      }
      let count = request.groups.count
      return ReportRow(values: values, milliseconds: row.integer(count), records: row.integer(count + 1))
    }
  }

  /// A statement of the request's groups and filters. Its parts are of this program alone; what the request brings is
  /// in the values.
  private func query(
    _ request: ReportRequest, _ account: AccountID, _ asOf: Int64
  ) throws -> (statement: Statement, values: [Value]) {
    var values: [Value] = [.fixed(account), .integer(asOf)]
    func parameter(_ value: Value) -> String {
      values.append(value)
      return "$\(values.count)"
    }
    func list(_ items: [Value]) -> String { "(" + items.map { parameter($0) }.joined(separator: ", ") + ")" }

    let intervals = zip(request.bounds, request.bounds.dropFirst()).enumerated().map { index, bound in
      "(\(index), \(bound.0), \(bound.1))"
    }
    var joins: [String] = []
    let hasCategory = request.groups.contains(.category) || !request.categories.isEmpty
    let fields = ReportRequest.Group.allCases.filter(\.isToken)
    for field in fields where hasCategory || request.groups.contains(field) {
      joins.append(
        "LEFT JOIN token \(field.rawValue)_t ON \(field.rawValue)_t.account = $1 "
          + "AND \(field.rawValue)_t.id = a.\(field.rawValue)")
    }
    let category =
      "COALESCE("
      + ReportRequest.Group.categoryOrder.map { "NULLIF(\($0.rawValue)_t.category, 0)" }.joined(
        separator: ", ")
      + ", \(Category.neutral.rawValue))"
    let columns = request.groups.map { group in
      switch group {
      case .bound: "a.bound"
      case .agent: "g.agent"
      case .kind: "a.kind"
      case .category: category
      default: "\(group.rawValue)_t.token"
      }
    }
    if request.groups.contains(.agent) { joins.append("JOIN agent g ON g.account = $1 AND g.no = a.agent") }

    var conditions = [
      "a.ordinal <= $2", "(a.start + a.duration > a.low OR a.start >= a.low)",
    ]
    if !request.agents.isEmpty {
      let numbers = try request.agents.map { agent in
        Value.integer(try row(.agentNumber, [.fixed(account), .fixed(agent)])?.integer(0) ?? 0)
      }
      conditions.append("a.agent IN " + list(numbers))
    }
    if !request.kinds.isEmpty {
      conditions.append("a.kind IN " + list(request.kinds.map { .integer(Int64($0.rawValue)) }))
    }
    for field in fields {
      // Tokens of one field: any of them; of several fields: one of each.
      let ids = try request.tokens.filter { $0.field.group == field }.map { token in
        Value.integer(
          try row(.tokenID, [.fixed(account), .fixed(Hash(of: token.serialized))])?.integer(0)
            ?? 0)
      }
      if !ids.isEmpty { conditions.append("a.\(field.rawValue) IN " + list(ids)) }
    }
    if !request.categories.isEmpty {
      conditions.append("\(category) IN " + list(request.categories.map { .integer(Int64($0.rawValue)) }))
    }
    let grouping = columns.isEmpty ? "" : " GROUP BY " + columns.joined(separator: ", ")
    let end = "CASE WHEN a.start + a.duration < a.high THEN a.start + a.duration ELSE a.high END"
    let start = "CASE WHEN a.start > a.low THEN a.start ELSE a.low END"
    // Few records are longer than an hour; those have an index.
    let overlapping = [("<=", 3_600_000), (">", Int64(UInt32.max))].map { comparison, longest in
      """
      SELECT b.bound, b.low, b.high, c.* FROM b CROSS JOIN activity c
      WHERE c.account = $1 AND c.duration \(comparison) 3600000
        AND c.start >= b.low - \(longest) AND c.start < b.high
      """
    }.joined(separator: " UNION ALL ")
    let text = """
      WITH b(bound, low, high) AS (VALUES \(intervals.joined(separator: ", "))), a AS (\(overlapping))
      SELECT \((columns + [
        "COALESCE(SUM(\(end) - \(start)), 0)", "COALESCE(SUM(CASE WHEN a.start >= a.low THEN 1 ELSE 0 END), 0)",
      ]).joined(separator: ", "))
      FROM a \(joins.joined(separator: " "))
      WHERE \(conditions.joined(separator: " AND "))\(grouping)
      """
    return (Statement(text, isRepeated: false), values)
  }

}

extension ReportRequest.Group {
  /// The fields whose rule gives a record its category, the first that has one.
  fileprivate static let categoryOrder: [Self] = [
    .url, .documentName, .windowTitle, .applicationName, .employeeName,
  ]
}

extension TokenField {
  fileprivate var group: ReportRequest.Group {
    switch self {
    case .employeeName: .employeeName
    case .applicationName: .applicationName
    case .windowTitle: .windowTitle
    case .url: .url
    case .documentName: .documentName
    }
  }
}

extension ReportRequest {
  fileprivate func isBefore(_ one: ReportRow, _ other: ReportRow) -> Bool {
    switch order {
    case .ms where one.milliseconds != other.milliseconds: return one.milliseconds > other.milliseconds
    case .records where one.records != other.records: return one.records > other.records
    default: break
    }
    let bound = groups.firstIndex(of: .bound)
    let indices =
      order == .bound
      ? [bound].compactMap(\.self) + groups.indices.filter { $0 != bound } : Array(groups.indices)
    for index in indices where one.values[index] != other.values[index] {
      switch (one.values[index], other.values[index]) {
      case (nil, _): return true
      case (_, nil): return false
      case (.number(let left), .number(let right)): return left < right
      case (.bytes(let left), .bytes(let right)): return left.lexicographicallyPrecedes(right)
      default: return false
      }
    }
    return false
  }
}
