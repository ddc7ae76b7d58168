internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

/// What is strange in what an audit counts, and is no finding: a computer signs what it is told. A person may know why.
struct AuditOddities {
  /// A day in which an agent has more time than the day.
  struct Crowded {
    let agentID: AgentID
    let date: String
    let milliseconds: UInt64

    var json: JSONValue {
      ["agent": .string("\(agentID)"), "day": .string(date), "milliseconds": .integer(milliseconds)]
    }
  }

  /// Records of an agent that are of before 2000 or of later than tomorrow.
  struct Misdated {
    let agentID: AgentID
    let count: Int

    var json: JSONValue { ["agent": .string("\(agentID)"), "records": .integer(count)] }
  }

  /// In the order of the days.
  let crowded: [Crowded]
  let misdated: [Misdated]

  init(_ audit: AccountAudit, zone: Zone, opener: TokenOpener, now: Time) {
    let plausible = Self.year2000...max(Self.year2000, now.adding(days: 1))
    misdated = audit.reports.sorted { $0.key < $1.key }.compactMap { agentID, report in
      let count = (report.history + report.counted).reduce(0) { sum, batch in
        sum + batch.records.count { !plausible.contains($0.start) }
      }
      return count == 0 ? nil : Misdated(agentID: agentID, count: count)
    }
    var sums = ActivitySums(by: [.agent, .day], days: zone.days, rules: [], opener: opener)
    audit.add(to: &sums)
    crowded = sums.rows().compactMap { row in
      guard let agentID = row.agentID, let day = row.day,
        row.milliseconds > day.upperBound.milliseconds - day.lowerBound.milliseconds
      else { return nil }
      return Crowded(agentID: agentID, date: zone.date(of: day), milliseconds: row.milliseconds)
    }
  }

  private static let year2000 = (0 as Time).adding(days: 10_957)

  /// Tells them; `name` is what a person calls an agent.
  func tell(_ name: (AgentID) -> String) throws {
    for odd in misdated {
      try Console.note(
        "\(name(odd.agentID)): \(counted(odd.count, "record is", "records are")) of before 2000 or of later than "
          + "tomorrow: see whether its clock is right, and whether times are in milliseconds")
    }
    for (agentID, days) in Dictionary(grouping: crowded, by: \.agentID).sorted(by: { $0.key < $1.key }) {
      let more = days.count > 1 ? " and on \(counted(days.count - 1, "other day"))" : ""
      try Console.note(
        "\(name(agentID)): \(ActivityTable.duration(days[0].milliseconds)) on \(days[0].date)\(more), more than a day "
          + "has: activities overlap, or two computers record as one")
    }
  }
}
