import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// Time by agent, day, field and category, over counted records.
@Suite("Activity sums") struct ActivitySumsTests {
  private typealias Sums = ActivitySums

  private static let hour: UInt64 = 3_600_000
  private static let midnight = 1_764_028_800_000 as UInt64  // 2025-11-25

  /// A time, in hours after a midnight.
  private static func time(_ hours: Int) -> Time {
    (0 as Time).adding(milliseconds: midnight + UInt64(hours) * hour)
  }

  /// A record from one hour after midnight to another.
  private func record(
    _ hours: Range<Int>, _ values: [TokenField: String] = [:], epoch: Epoch = 7
  ) throws -> Record {
    var sealer = try ActivityFixture.sealer(epoch: epoch)
    let items = try values.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { Item.token(try sealer.seal($0.value, field: $0.key)) }
    return Record(
      kind: .application, start: Self.time(hours.lowerBound),
      duration: UInt32(UInt64(hours.count) * Self.hour), items: try BoundedList(items))
  }

  private func rows(
    _ records: [AgentID: [Record]], by dimensions: Set<Sums.Dimension>, in period: Range<Time>? = nil,
    days: Sums.Days = .utc, rules: [RuleDefinition] = []
  ) throws -> [Sums.Row] {
    var sums = Sums(
      by: dimensions, in: period, days: days, rules: rules,
      opener: TokenOpener(ring: try ActivityFixture.ownerRing(epochs: [7, 8])))
    for (agentID, records) in records {
      sums.add(
        RecordBatch(
          accountID: ActivityFixture.accountID, epoch: 7, agentID: agentID, sequence: 1, previous: .zero,
          made: 0, stateGeneration: 1, stateCounter: 1, state: .zero, records: try BoundedList(records)))
    }
    return sums.rows()
  }

  /// Hours and numbers of records.
  private func told(_ rows: [Sums.Row]) -> [[UInt64]] {
    rows.map { [$0.milliseconds / Self.hour, $0.recordCount] }
  }

  private let agent = ActivityFixture.agentID

  @Test("A record counts in each day by its overlap with it, and as a record where it starts; days add up")
  func midnight() throws {
    let records = try [record(22..<26), record(23..<75), record(24..<24)]
    let days = try rows([agent: records], by: [.day])
    #expect(days.compactMap { $0.day?.lowerBound } == [0, 24, 48, 72].map(Self.time))
    #expect(told(days) == [[3, 2], [26, 1], [24, 0], [3, 0]])
    let whole = try rows([agent: records], by: [])
    #expect(told(whole) == [[56, 3]])
    #expect(days.reduce(0) { $0 + $1.milliseconds } == whole[0].milliseconds)
  }

  @Test("A record counts in a period by its overlap with it, its end exclusive")
  func period() throws {
    let records = try [record(1..<3), record(2..<6), record(5..<9), record(6..<7), record(2..<2)]
    let period = Self.time(2)..<Self.time(6)
    #expect(told(try rows([agent: records], by: [.agent], in: period)) == [[6, 3]])
    let parts = try (2..<6).flatMap {
      try rows([agent: records], by: [.agent], in: Self.time($0)..<Self.time($0 + 1))
    }
    #expect(parts.reduce(0) { $0 + $1.milliseconds } == 6 * Self.hour)
    #expect(try rows([agent: records], by: [.agent], in: Self.time(9)..<Self.time(99)).isEmpty)
    #expect(try rows([agent: records], by: [.agent], in: Self.time(2)..<Self.time(2)).isEmpty)
  }

  @Test("Records of one time count each: an agent may have more than a day has")
  func overlapping() throws {
    let records = try [record(0..<20), record(4..<24), record(4..<24)]
    #expect(told(try rows([agent: records], by: [.day])) == [[60, 3]])
  }

  @Test("Days of 23 and 25 hours, and days that begin at half past, hold what lies in them")
  func oddDays() throws {
    // Clocks go forward in the first day, back in the third.
    let minutes = [-30, 30, 1_410, 2_850, 4_350, 5_790]
    let starts = minutes.map { (0 as Time).adding(milliseconds: UInt64(Int(Self.midnight) + $0 * 60_000)) }
    let days = Sums.Days { time in
      let index = starts.lastIndex { $0 <= time } ?? 0
      return starts[index]..<starts[index + 1]
    }
    let found = try rows([agent: [record(0..<96)]], by: [.day], days: days)
    #expect(found.map { $0.milliseconds / 60_000 } == [30, 1_380, 1_440, 1_500, 1_410])
  }

  @Test("A day that does not hold its time ends nothing, and loses nothing")
  func brokenDays() throws {
    let days = Sums.Days { _ in 0..<1 }
    #expect(told(try rows([agent: [record(0..<5)]], by: [.day], days: days)) == [[5, 1]])
  }

  @Test("A value is one row, whatever its epochs, and a record counts under each of its values")
  func fields() throws {
    let records = try [
      record(0..<1, [.applicationName: "Ledger", .windowTitle: "Salaries"]),
      record(1..<4, [.applicationName: "Ledger"], epoch: 8), record(4..<6, [.url: "Ledger"]), record(6..<9),
    ]
    let found = try rows([agent: records], by: [.field])
    let fields: [TokenField?] = [.applicationName, .url, .windowTitle]
    #expect(found.map(\.field) == fields)
    let values = found.map { row in String(decoding: row.value ?? [], as: UTF8.self) }
    #expect(values == ["Ledger", "Ledger", "Salaries"])
    #expect(told(found) == [[4, 2], [2, 1], [1, 1]])
  }

  @Test("Agents have rows of their own, the longest first in each day")
  func agents() throws {
    let records = [
      agent: try [record(0..<1), record(24..<29)], ActivityFixture.otherAgentID: try [record(0..<3)],
    ]
    let found = try rows(records, by: [.day, .agent])
    #expect(found.map(\.agentID) == [ActivityFixture.otherAgentID, agent, agent])
    #expect(told(found) == [[3, 1], [1, 1], [5, 1]])
    #expect(told(try rows(records, by: [.agent])) == [[6, 2], [3, 1]])
  }

  @Test(
    "A record is of the category of the field that says most of it, in any epoch; none where no rule knows it"
  )
  func categories() throws {
    let rules: [RuleDefinition] = [
      RuleDefinition(field: .applicationName, category: .productive, seen: true, value: "Firefox"),
      RuleDefinition(field: .url, category: .unproductive, seen: false, value: "games"),
      RuleDefinition(field: .employeeName, category: .neutral, seen: true, value: "Ana"),
    ]
    let records = try [
      record(0..<1, [.applicationName: "Firefox", .url: "games"]),
      record(1..<4, [.applicationName: "Firefox", .url: "docs", .employeeName: "Ana"], epoch: 8),
      record(4..<6, [.applicationName: "Terminal", .employeeName: "Ana"]),
      record(6..<13, [.windowTitle: "Firefox"]), record(13..<14),
    ]
    let found = try rows([agent: records], by: [.category], rules: rules)
    let expected: [EndkeyWire.Category?] = [nil, .productive, .neutral, .unproductive]
    #expect(found.map(\.category) == expected)
    #expect(told(found) == [[8, 2], [3, 1], [2, 1], [1, 1]])
  }

  @Test("Sums hold at the end of all times")
  func ends() throws {
    let record = Record(kind: .idle, start: .max, duration: .max, items: try BoundedList([]))
    let early = Record(kind: .idle, start: 0, duration: .max, items: try BoundedList([]))
    let found = try rows([agent: [record, early]], by: [.day])
    #expect(found.reduce(0) { $0 + $1.milliseconds } == UInt64(UInt32.max))
    #expect(found.reduce(0) { $0 + $1.recordCount } == 2)
  }
}
