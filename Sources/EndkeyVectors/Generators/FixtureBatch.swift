internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire

/// A RecordBatch that is right unless a member says otherwise.
struct FixtureBatch: Sendable {
  let fixture: Fixture
  var agent: FixtureKeys
  /// Who signs in the agent's place, if anybody does.
  var signer: FixtureKeys?
  var account: [UInt8]
  var epoch: UInt32 = 1
  var sequence: UInt64 = 1
  var previous = [UInt8].zeros(32)
  var made = Fixture.day(102)
  var generation: UInt32 = 5
  var counter: UInt64 = 1
  var state = EndkeyVectors.bytes("state", 32)
  var records = [FixtureBatch.record(duration: 5, [FixtureBatch.token("title")])]

  init(_ fixture: Fixture, _ edit: (inout FixtureBatch) -> Void = { _ in }) {
    self.fixture = fixture
    agent = fixture.agent
    account = fixture.accountID
    edit(&self)
  }

  func bytes() throws -> [UInt8] {
    let all = [UInt8](records.joined())
    var batch = Fixture.header(8, account, epoch) + agent.agentID
    batch += be(sequence, 8) + previous + be(made, 8)
    batch += be(generation, 4) + be(counter, 8) + state
    return try (signer ?? agent).sign(batch + be(all.count, 3) + all + .zeros(64))
  }

  /// A token that nobody need open.
  static func token(_ name: String, field: UInt8 = 3, epoch: UInt32 = 1) -> [UInt8] {
    Fixture.joined(
      [1, field], be(epoch, 4), EndkeyVectors.bytes("v of \(name)", 16), [0, 16],
      EndkeyVectors.bytes("c of \(name)", 16))
  }

  /// A reference to a blob that nobody need have.
  static func blob(_ name: String, field: UInt8 = 16, length: UInt64 = 113) -> [UInt8] {
    Fixture.joined([field], be(length, 8), EndkeyVectors.bytes("digest of \(name)", 32))
  }

  /// A token starts with its version, 1, and a reference with its field, 16 or more.
  static func isToken(_ item: [UInt8]) -> Bool { item[0] < 16 }

  static func record(
    kind: UInt8 = 1, start: UInt64 = Fixture.day(101), duration: UInt32, _ parts: [[UInt8]]
  ) -> [UInt8] {
    let items = parts.flatMap { part -> [UInt8] in [isToken(part) ? 1 : 2] + part }
    return Fixture.joined([kind], be(start, 8), be(duration, 4), be(items.count, 2), items)
  }
}
