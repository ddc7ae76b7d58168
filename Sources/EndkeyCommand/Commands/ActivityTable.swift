internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

/// The sums of an audit, as a person or another program reads them.
struct ActivityTable {
  /// A member of whom nothing counts in the time that is asked about.
  struct Silent {
    let agentID: AgentID
    let label: String
    /// When its last record ended; nil when none ever counted.
    let since: Time?

    var json: JSONValue {
      [
        "agent": .string("\(agentID)"), "label": .string(label),
        "since": since.map { .integer($0.milliseconds) } ?? .null,
      ]
    }
  }

  let rows: [ActivitySums.Row]
  /// Who has been silent for longest first.
  let silent: [Silent]
  private let dimensions: [ActivitySums.Dimension]
  private let zone: Zone
  private let labels: [AgentID: String]
  /// Those whose label says not which one it is.
  private let confusable: Set<AgentID>

  init(
    _ audit: AccountAudit, by dimensions: [ActivitySums.Dimension], in period: Range<Time>?, zone: Zone,
    of agents: Set<AgentID>?, members: [Member], rules: [RuleDefinition], opener: TokenOpener
  ) {
    self.dimensions = dimensions
    self.zone = zone
    labels = Dictionary(
      members.map { ($0.agentID, String(decoding: $0.label.bytes, as: UTF8.self)) }, uniquingKeysWith: { $1 })
    let looks = labels.mapValues(LookAlikes.looks)
    let counts = Dictionary(looks.values.joined().map { ($0, 1) }, uniquingKeysWith: +)
    confusable = Set(looks.filter { $1.isEmpty || $1.contains { counts[$0] != 1 } }.keys)
    var sums = ActivitySums(
      by: Set(dimensions), in: period, days: zone.days, rules: rules, opener: opener)
    audit.add(to: &sums, of: agents)
    rows = sums.rows()
    var active = ActivitySums(by: [.agent], in: period, rules: [], opener: opener)
    audit.add(to: &active, of: agents)
    let heard = Set(active.rows().map(\.agentID))
    silent = members.compactMap { [labels] member in
      let id = member.agentID
      guard member.status == .granted, agents?.contains(id) ?? true, !heard.contains(id) else { return nil }
      return Silent(
        agentID: id, label: labels[id] ?? "",
        since: audit.lastActivity(of: id, before: period?.upperBound ?? .max))
    }
    .sorted { ($0.since ?? 0, $0.agentID) < ($1.since ?? 0, $1.agentID) }
  }

  // MARK: Text

  /// A line for each row, in columns; then the members who are silent, where rows are for agents.
  ///
  /// Values may be of any length: nothing stands behind them.
  var lines: [String] {
    let ordered = dimensions.filter { $0 != .field } + dimensions.filter { $0 == .field }
    var cells = rows.map { row in
      [Self.duration(row.milliseconds)] + ordered.flatMap { texts($0, of: row) }
    }
    if dimensions.contains(.agent) {
      cells += silent.map { silent in
        [
          "silent", name(of: silent.agentID),
          silent.since.map { "since \($0.text)" } ?? "nothing ever counted",
        ]
      }
    }
    return Columns.lines(cells, [.right])
  }

  private func texts(_ dimension: ActivitySums.Dimension, of row: ActivitySums.Row) -> [String] {
    switch dimension {
    case .agent: [row.agentID.map(name) ?? ""]
    case .day: [row.day.map(zone.date) ?? ""]
    case .field: [row.field?.name ?? "", Legible.text(value(of: row))]
    case .category: [row.category?.name ?? Self.noRule]
    }
  }

  /// What a member is called, and its id as far as it says which of two that is.
  func name(of agentID: AgentID) -> String {
    let label = labels[agentID] ?? ""
    if label.isEmpty { return "\(agentID)" }
    return Legible.text(label) + (confusable.contains(agentID) ? " (\("\(agentID)".prefix(8)))" : "")
  }

  static func duration(_ milliseconds: UInt64) -> String {
    let tenths = milliseconds / 6_000
    guard tenths >= 600 else { return "\(tenths / 10).\(tenths % 10) min" }
    let minutes = tenths / 10 % 60
    return "\(tenths / 600) h \(minutes < 10 ? "0" : "")\(minutes) min"
  }

  /// What stands in the place of a category: such time counts neither way.
  private static let noRule = "no_rule"

  private func value(of row: ActivitySums.Row) -> String { String(decoding: row.value ?? [], as: UTF8.self) }

  // MARK: For other programs

  func json(_ row: ActivitySums.Row) -> JSONValue {
    var object = JSONObject()
    for dimension in dimensions {
      switch dimension {
      case .agent:
        object.append("agent", .string(row.agentID?.description ?? ""))
        object.append("label", .string(row.agentID.flatMap { labels[$0] } ?? ""))
      case .day: object.append("day", .string(row.day.map(zone.date) ?? ""))
      case .field:
        object.append("field", .string(row.field?.name ?? ""))
        object.append("value", .string(value(of: row)))
      case .category: object.append("category", row.category.map { .string($0.name) } ?? .null)
      }
    }
    object.append("milliseconds", .integer(row.milliseconds))
    object.append("records", .integer(row.recordCount))
    return .object(object)
  }

  var csv: [UInt8] {
    let columns = dimensions.flatMap { dimension in
      switch dimension {
      case .agent: ["agent", "label"]
      case .day: ["day"]
      case .field: ["field", "value"]
      case .category: ["category"]
      }
    }
    return rows.reduce(into: BatchRow.csv(columns + ["milliseconds", "records"])) { $0 += csv($1) }
  }

  private func csv(_ row: ActivitySums.Row) -> [UInt8] {
    let cells = dimensions.flatMap { dimension in
      switch dimension {
      case .agent: [row.agentID?.description ?? "", row.agentID.flatMap { labels[$0] } ?? ""]
      case .day: [row.day.map(zone.date) ?? ""]
      case .field: [row.field?.name ?? "", value(of: row)]
      case .category: [row.category?.name ?? Self.noRule]
      }
    }
    return BatchRow.csv(cells + ["\(row.milliseconds)", "\(row.recordCount)"])
  }
}
