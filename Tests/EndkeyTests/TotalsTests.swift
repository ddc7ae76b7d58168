import EndkeyPrimitives
import EndkeyWire
import TestSupport
import Testing

@testable import Endkey

/// §16.3: sums by agent and whole token.
@Suite("Totals") struct TotalsTests {
  private func batch(_ records: [Record], agentID: AgentID = ActivityFixture.agentID) throws -> RecordBatch {
    RecordBatch(
      accountID: ActivityFixture.accountID, epoch: 7, agentID: agentID, sequence: 1, previous: .zero, made: 0,
      stateGeneration: 1, stateCounter: 1, state: .zero, records: try BoundedList(records))
  }

  private func record(_ tokens: [Token], _ duration: UInt32) throws -> Record {
    Record(
      kind: .application, start: 0, duration: duration, items: try BoundedList(tokens.map { .token($0) }))
  }

  @Test("Totals by token are the totals by value")
  func byValue() throws {
    var sealer = try ActivityFixture.sealer()
    let app = try sealer.seal("app", field: .applicationName)
    var plain: [String: UInt64] = [:]
    var records: [Record] = []
    for index in 0..<500 {
      let title = "title \(index * index % 37)"
      let duration = UInt32(index * 7_919 % 100_000)
      plain[title, default: 0] += UInt64(duration)
      records.append(try record([app, sealer.seal(title, field: .windowTitle)], duration))
    }
    var totals = Totals()
    totals.add(try batch(records))
    var opener = TokenOpener(ring: try ActivityFixture.ownerRing())
    var opened: [String: UInt64] = [:]
    for (key, sum) in totals.sums where key.token.field == .windowTitle {
      opened[String(decoding: try opener.open(key.token), as: UTF8.self)] = sum
    }
    #expect(opened == plain)
    #expect(totals[app] == plain.values.reduce(0, +))
  }

  @Test("Agents, epochs, and tokens that share only their V have sums of their own")
  func apart() throws {
    var sealer = try ActivityFixture.sealer()
    var next = try ActivityFixture.sealer(epoch: 8)
    let token = try sealer.seal("a", field: .url)
    let later = try next.seal("a", field: .url)
    let twin = try Token(parsing: token.serialized.flipping(at: token.serialized.count - 1))
    #expect(twin.v == token.v)
    var totals = Totals()
    totals.add(try batch([record([token], 1), record([twin], 2), record([later], 4), record([token], 8)]))
    totals.add(try batch([record([token], 16)], agentID: ActivityFixture.otherAgentID))
    #expect(totals[ActivityFixture.agentID, token] == 9)
    #expect(totals[ActivityFixture.otherAgentID, token] == 16)
    #expect([totals[token], totals[twin], totals[later]] == [25, 2, 4])
    #expect(totals.tokens == [token, twin, later])
  }

  @Test("Totals of two periods add up")
  func adding() throws {
    var sealer = try ActivityFixture.sealer()
    let (a, b) = (try sealer.seal("a", field: .url), try sealer.seal("b", field: .url))
    var (first, second) = (Totals(), Totals())
    first.add(try batch([record([a], 1)]))
    second.add(try batch([record([a, b].filter { $0 == a }, 2), record([b], UInt32.max)]))
    first.add(second)
    #expect([first[a], first[b]] == [3, UInt64(UInt32.max)])
  }
}
