public import EndkeyWire

/// Time by agent, day, field and category, summed over the records that an audit counts. §16.3
///
/// A record counts in a day, and in the period, by its overlap with it: days add up to what holds all of them. Records
/// of one time are each counted, so an agent may have more time in a day than the day. Sums go by whole token, then by
/// what the tokens hold: a value is one row, whatever its epochs. R-16.3-1
public struct ActivitySums {
  /// What rows are for.
  public enum Dimension: String, CaseIterable, Sendable {
    /// The agent whose records they are.
    case agent
    /// The day, as `Days` has them.
    case day
    /// Each value of each field: a record counts under every value that it has.
    case field
    /// What the account's rules say of the record.
    case category
  }

  /// The sum of one group; what is not asked for is nil.
  public struct Row: Equatable, Sendable {
    /// The agent whose records they are.
    public let agentID: AgentID?
    /// The day, its end exclusive.
    public let day: Range<Time>?
    /// What the value is of.
    public let field: TokenField?
    /// The value; the text of a token that does not open.
    public let value: [UInt8]?
    /// The category; nil where no rule is about the record, too, which then counts neither way.
    public let category: Category?
    /// The time, in milliseconds.
    public let milliseconds: UInt64
    /// The number of records that start here.
    public let recordCount: UInt64
  }

  /// The days of a place: each a range of times, its end exclusive, without gaps between them.
  public struct Days: Sendable {
    private let find: @Sendable (Time) -> Range<Time>

    /// Days of which `find` gives the one that holds a time.
    public init(_ find: @escaping @Sendable (Time) -> Range<Time>) { self.find = find }

    /// Days of 24 hours, in UTC.
    public static let utc = Days { time in
      let start = (0 as Time).adding(milliseconds: time.milliseconds / 86_400_000 * 86_400_000)
      return start..<start.adding(days: 1)
    }

    /// The day that holds `time`.
    public func day(of time: Time) -> Range<Time> { find(time) }
  }

  private struct Key: Hashable {
    var agentID: AgentID?
    var day: Range<Time>?
    var token: Token?
    var category: Category?
  }

  private struct Sum {
    var milliseconds: UInt64 = 0
    var recordCount: UInt64 = 0
  }

  private let dimensions: Set<Dimension>
  private let period: Range<Time>?
  private let days: Days
  private var rules: RuleTable
  private var opener: TokenOpener
  private var sums: [Key: Sum] = [:]
  private var lastDay: Range<Time>?

  /// Sums by `dimensions`, of no records yet.
  ///
  /// - Parameters:
  ///   - dimensions: what rows are for.
  ///   - period: the time that is asked about, its end exclusive; nil is all.
  ///   - days: the days of the place.
  ///   - rules: the vault's definitions. A record's category is that of the first of its URL, document, title,
  ///     application and employee that has one.
  ///   - opener: opens the account's tokens.
  public init(
    by dimensions: Set<Dimension>, in period: Range<Time>? = nil, days: Days = .utc, rules: [RuleDefinition],
    opener: TokenOpener
  ) {
    self.dimensions = dimensions
    self.period = period
    self.days = days
    self.rules = RuleTable(rules)
    self.opener = opener
  }

  /// Adds the records of a batch that counts.
  public mutating func add(_ batch: RecordBatch) {
    for record in batch.records { add(record, of: batch.agentID) }
  }

  private mutating func add(_ record: Record, of agentID: AgentID) {
    let end = record.start.adding(milliseconds: UInt64(record.duration))
    var key = Key()
    if dimensions.contains(.agent) { key.agentID = agentID }
    if dimensions.contains(.category) { key.category = rules.category(of: record, &opener) }
    let isStartAsked = period?.contains(record.start) ?? true
    var start = max(record.start, period?.lowerBound ?? record.start)
    let limit = min(end, period?.upperBound ?? end)
    guard start < limit || isStartAsked else { return }
    repeat {
      var next = limit
      if dimensions.contains(.day) {
        let day = self.day(of: start)
        key.day = day
        if day.upperBound > start { next = min(limit, day.upperBound) }
      }
      let time = next > start ? next.milliseconds - start.milliseconds : 0
      add(Sum(milliseconds: time, recordCount: start == record.start ? 1 : 0), of: record, to: key)
      start = next
    } while start < limit
  }

  private mutating func add(_ sum: Sum, of record: Record, to key: Key) {
    guard dimensions.contains(.field) else { return add(sum, to: key) }
    for case .token(let token) in record.items {
      var key = key
      key.token = token
      add(sum, to: key)
    }
  }

  private mutating func add(_ sum: Sum, to key: Key) {
    // Never reached: 2^32 records of the longest duration fit.
    sums[key, default: Sum()].milliseconds &+= sum.milliseconds
    sums[key, default: Sum()].recordCount &+= sum.recordCount
  }

  /// Records mostly come in the order of their times.
  private mutating func day(of time: Time) -> Range<Time> {
    if let lastDay, lastDay.contains(time) { return lastDay }
    let day = days.day(of: time)
    lastDay = day
    return day
  }

  /// The rows: by day where that is asked for, in each day the longest first.
  public func rows() -> [Row] {
    struct Group: Hashable {
      let key: Key
      let field: TokenField?
      let value: [UInt8]?
    }
    var (groups, opener): ([Group: Sum], TokenOpener) = ([:], opener)
    for (key, sum) in sums {
      var rest = key
      rest.token = nil
      let group = Group(key: rest, field: key.token?.field, value: key.token.map { opener.valueOrText($0) })
      groups[group, default: Sum()].milliseconds &+= sum.milliseconds
      groups[group, default: Sum()].recordCount &+= sum.recordCount
    }
    return groups.map { group, sum in
      Row(
        agentID: group.key.agentID, day: group.key.day, field: group.field, value: group.value,
        category: group.key.category, milliseconds: sum.milliseconds, recordCount: sum.recordCount)
    }
    .sorted { $0.stands(before: $1) }
  }
}

extension ActivitySums.Row {
  fileprivate func stands(before other: Self) -> Bool {
    let (day, otherDay) = (day?.lowerBound.milliseconds ?? 0, other.day?.lowerBound.milliseconds ?? 0)
    if (day, other.milliseconds) != (otherDay, milliseconds) {
      return (day, other.milliseconds) < (otherDay, milliseconds)
    }
    let (kind, otherKind) = (category?.rawValue ?? .max, other.category?.rawValue ?? .max)
    if (field?.rawValue ?? 0, kind) != (other.field?.rawValue ?? 0, otherKind) {
      return (field?.rawValue ?? 0, kind) < (other.field?.rawValue ?? 0, otherKind)
    }
    if value != other.value { return (value ?? []).lexicographicallyPrecedes(other.value ?? []) }
    guard let agentID, let otherID = other.agentID else { return false }
    return agentID < otherID
  }
}

/// What the rules of an account say of records.
private struct RuleTable {
  /// The field that says most of a record first.
  private static let order: [TokenField] = [
    .url, .documentName, .windowTitle, .applicationName, .employeeName,
  ]

  private var categories: [TokenField: [[UInt8]: Category]] = [:]
  private var known: [Token: Category?] = [:]

  init(_ rules: [RuleDefinition]) {
    for rule in rules { categories[rule.field, default: [:]][rule.value.bytes] = rule.category }
  }

  mutating func category(of record: Record, _ opener: inout TokenOpener) -> Category? {
    for field in Self.order where categories[field] != nil {
      for case .token(let token) in record.items where token.field == field {
        if let category = category(of: token, &opener) { return category }
      }
    }
    return nil
  }

  private mutating func category(of token: Token, _ opener: inout TokenOpener) -> Category? {
    if let category = known[token] { return category }
    let category = categories[token.field]?[opener.valueOrText(token)]
    known[token] = .some(category)
    return category
  }
}

extension TokenOpener {
  /// The value of a token. One that an agent has signed may open to nothing: then the text of the token.
  fileprivate mutating func valueOrText(_ token: Token) -> [UInt8] {
    do {
      return try open(token)
    } catch {
      return Array(token.text.utf8)
    }
  }
}
