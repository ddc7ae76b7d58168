internal import EndkeyJSON
public import EndkeyWire
internal import ServiceHash
public import ServiceModel

/// What an alert was about, when that was so. `spec/http.md`, section 13.1
public struct Firing: Sendable {
  /// The item's place in the listing.
  public let ordinal: Int64
  /// The alert.
  public let alert: Alert.ID
  /// The agent; nil where it is about the account.
  public let agent: AgentID?
  /// What it is told once for: when a day began, a silence, or a state will end.
  public let day: Int64
  /// The sum, or how long.
  public let milliseconds: Int64
  /// The ordinal up to which batches were seen.
  public let asOf: Int64
  /// When it fired.
  public let at: Int64
  /// When a person said that it was seen.
  public let acknowledged: Int64?
}

extension Store {
  /// How long after its end a day is judged whose sum may still grow.
  fileprivate static let settled: Int64 = 6 * 3_600_000
  /// How far back a new alert may look.
  private static let reach: Int64 = 35 * 86_400_000
  /// Firings that one transaction stores, and accounts that one looks at.
  private static let firingsAtOnce = 1_000

  // MARK: - The list

  /// The list of an account's alerts as it was put, and its tag.
  public func alerts(of account: AccountID) async throws -> (body: [UInt8], tag: Hash) {
    try await database.read { transaction in
      guard let row = try transaction.row(.alerts, [.fixed(account)]) else {
        return (AlertList.none, Hash(of: AlertList.none))
      }
      return (row.bytes(1), row.fixed(0))
    }
  }

  /// Replaces the list that has this tag; what the new one is about is looked at soon. Throws `precondition`.
  public func replaceAlerts(_ expected: Hash, with body: [UInt8], in account: AccountID) async throws {
    let list = try AlertList(parsing: body)
    let now = clock()
    try await database.write(leavingRoom: true) { transaction in
      let held = try transaction.row(.alerts, [.fixed(account)])
      let tag = held?.fixed(0) ?? Hash(of: AlertList.none)
      guard tag == expected else { throw Problem(.precondition, [("etag", .string("\"\(tag)\""))]) }
      let known = try held.map { try AlertList(parsing: $0.bytes(1)) }
      let new = list.items.filter { item in known?.items.contains { $0.id == item.id } != true }
      guard new.allSatisfy({ $0.from >= now - Self.reach }) else { throw Problem.malformed(member: "from") }
      let kept = Set(list.items.map(\.id))
      for row in try transaction.rows(.firedAlerts, [.fixed(account)]) where !kept.contains(row.fixed(0)) {
        try transaction.run(.dropFirings, [.fixed(account), row.values[0]])
      }
      // An alert may be new, or name more tokens than before.
      let first = max(list.items.map(\.from).min() ?? now, now - Self.reach)
      try transaction.run(.dropAlerts, [.fixed(account)])
      try transaction.run(
        .storeAlerts,
        [
          .fixed(account), .fixed(Hash(of: body)), .integer(min(first, held?.integer(2) ?? first)),
          .integer((held?.integer(3) ?? 0) + 1), .integer(held?.integer(4) ?? 0),
          .integer(first), .integer(now), .bytes(body),
        ])
    }
  }

  // MARK: - What fired

  /// A page of firings, ascending by ordinal.
  public func firings(of account: AccountID, after: Int64, atMost limit: Int) async throws -> Page<Firing> {
    try await database.read { transaction in
      let rows = try transaction.rows(
        .firings, [.fixed(account), .integer(after), .integer(Int64(limit) + 1)])
      return Page(
        rows.map { row in
          Firing(
            ordinal: row.integer(0), alert: row.fixed(1), agent: row.bytes(2).isEmpty ? nil : row.fixed(2),
            day: row.integer(3), milliseconds: row.integer(4), asOf: row.integer(5), at: row.integer(6),
            acknowledged: row.optionalInteger(7))
        }, atMost: limit, after: after, \.ordinal)
    }
  }

  /// Notes that firings were seen; gives how many were not before.
  public func acknowledge(_ ordinals: [Int64], in account: AccountID) async throws -> Int {
    let now = clock()
    return try await database.write { transaction in
      try ordinals.reduce(0) { count, ordinal in
        try count + transaction.run(.acknowledge, [.fixed(account), .integer(ordinal), .integer(now)])
      }
    }
  }

  // MARK: - Judging

  /// Fires what is so and has not fired: of accounts for which something was stored, or of all, where time alone may
  /// have made it so.
  public func judge(isAll: Bool) async throws {
    var last = AccountID.zero
    while true {
      let after = last
      let accounts = try await database.read { transaction in
        try transaction.rows(
          .alertedAccounts, [.fixed(after), .flag(!isAll), .integer(Int64(Self.firingsAtOnce))]
        ).map { $0.fixed(0, as: AccountID.self) }
      }
      for account in accounts { while try await judge(account) {} }
      guard let greatest = accounts.last else { return }
      last = greatest
    }
  }

  /// Fires a piece of what is so; gives whether there is more.
  private func judge(_ account: AccountID) async throws -> Bool {
    let now = clock()
    guard let found = try await database.read({ try $0.judgement(of: account, at: now) }) else {
      return false
    }
    guard found.isNews else { return false }
    let piece = found.firings.prefix(Self.firingsAtOnce)
    let isLast = piece.count == found.firings.count
    try await database.write(leavingRoom: !piece.isEmpty) { transaction in
      // Another list has come: it is due.
      guard try transaction.row(.alerts, [.fixed(account)])?.fixed(0) == found.tag else { return }
      for firing in piece {
        let ordinal = try transaction.nextOrdinal(account)
        let isNew = try transaction.run(
          .fire,
          [
            .fixed(account), .fixed(firing.alert), firing.agent, .integer(firing.day), .integer(ordinal),
            .integer(firing.milliseconds), .integer(found.asOf), .integer(now),
          ])
        if isNew == 0 { try transaction.run(.undoOrdinal, [.fixed(account)]) }
      }
      guard isLast else { return }
      if let due = found.due { try transaction.run(.setDone, [.fixed(account), .integer(due)]) }
      if found.hasEndedDays { try transaction.run(.setJudged, [.fixed(account), .integer(now)]) }
    }
    return !isLast
  }

  /// What is so at a time, and has not fired.
  fileprivate struct Judgement: Sendable {
    struct Found: Sendable {
      let alert: Alert.ID
      let agent: Value
      let day: Int64
      let milliseconds: Int64
    }

    let tag: Hash
    let asOf: Int64
    /// The number of what is due; nil where nothing is.
    let due: Int64?
    var hasEndedDays = false
    var firings: [Found] = []

    var isNews: Bool { due != nil || hasEndedDays || !firings.isEmpty }
  }

  fileprivate struct Heard: Sendable {
    let id: AgentID
    let last: Int64
    let first: Int64
  }
}

extension Transaction {
  fileprivate func judgement(of account: AccountID, at now: Int64) throws -> Store.Judgement? {
    guard let row = try row(.alerts, [.fixed(account)]) else { return nil }
    let list = try AlertList(parsing: row.bytes(1))
    let isDue = row.integer(3) > row.integer(4)
    var judgement = Store.Judgement(
      tag: row.fixed(0), asOf: try newestWhole(account), due: isDue ? row.integer(3) : nil)
    let heard = try rows(.heardAgents, [.fixed(account)]).map { row in
      Store.Heard(id: row.fixed(0), last: row.integer(1), first: row.optionalInteger(2) ?? .max)
    }
    let days = zip(list.days, list.days.dropFirst()).map { $0..<$1 }
    // Those into which something came, and those that have ended since the last time.
    let touched =
      isDue ? days.filter { $0.upperBound > row.integer(5) && $0.lowerBound <= row.integer(6) } : []
    let ended = days.filter {
      $0.upperBound + Store.settled <= now && $0.upperBound + Store.settled > row.integer(2)
    }
    judgement.hasEndedDays = !ended.isEmpty
    for alert in list.items {
      let mayFire = heard.filter { alert.agents.isEmpty || alert.agents.contains($0.id) }
      var found: [(agent: AgentID?, day: Int64, milliseconds: Int64)] = []
      switch alert.condition {
      case .silence(let limit):
        found = mayFire.filter { now - $0.last >= limit }.map { ($0.id, $0.last, now - $0.last) }
      case .expiry(let limit):
        let until = Int64(try state(account).validUntil.milliseconds)
        if until - now <= limit { found = [(nil, until, max(0, until - now))] }
      case .time(let sum):
        let judged = (sum.side == .more ? touched : ended).filter { $0.upperBound > alert.from }
        found = try sums(sum, of: alert, judged, mayFire, in: account, asOf: judgement.asOf)
      }
      guard !found.isEmpty else { continue }
      let fired = Set(
        try rows(.fired, [.fixed(account), .fixed(alert.id)]).map {
          Once(agent: $0.bytes(0), day: $0.integer(1))
        })
      judgement.firings += found.filter { one in
        !fired.contains(Once(agent: one.agent?.bytes ?? [], day: one.day))
      }.map {
        .init(
          alert: alert.id, agent: .bytes($0.agent?.bytes ?? []), day: $0.day, milliseconds: $0.milliseconds)
      }
    }
    return judgement
  }

  /// The days of those judged on which a sum lies on the side of its limit that is told.
  private func sums(
    _ sum: Alert.Sum, of alert: Alert, _ days: [Range<Int64>], _ agents: [Store.Heard], in account: AccountID,
    asOf: Int64
  ) throws -> [(agent: AgentID?, day: Int64, milliseconds: Int64)] {
    guard !days.isEmpty else { return [] }
    let isEach = sum.whose == .agent
    let bounds = Array(Set(days.flatMap { [$0.lowerBound, $0.upperBound] })).sorted()
    let request = ReportRequest(
      bounds: bounds, groups: isEach ? [.bound, .agent] : [.bound], agents: alert.agents, tokens: sum.tokens,
      categories: sum.categories)
    var found: [Once: Int64] = [:]
    for row in try self.sums(request, of: account, asOf: asOf) {
      guard case .number(let index) = row.values[0] else { continue }
      let agent: [UInt8] = if isEach, case .bytes(let bytes) = row.values[1] { bytes } else { [] }
      found[Once(agent: agent, day: bounds[Int(index)])] = row.milliseconds
    }
    let starts = Set(days.map(\.lowerBound))
    switch sum.side {
    case .more:
      return found.filter { starts.contains($0.key.day) && $0.value >= sum.limit }
        .map { (isEach ? AgentID(unchecked: $0.key.agent.span) : nil, $0.key.day, $0.value) }
        .sorted { ($0.1, $0.2) < ($1.1, $1.2) }
    case .less:
      return days.flatMap { day in
        let there = agents.filter { $0.first < day.upperBound }
        let whose: [AgentID?] = isEach ? there.map(\.id) : there.isEmpty ? [] : [nil]
        return whose.map { agent in
          (agent, day.lowerBound, found[Once(agent: agent?.bytes ?? [], day: day.lowerBound)] ?? 0)
        }.filter { $0.2 < sum.limit }
      }
    }
  }
}

/// A time of an agent, or of the account where the agent is empty: what an alert fires once for.
private struct Once: Hashable {
  let agent: [UInt8]
  let day: Int64
}
