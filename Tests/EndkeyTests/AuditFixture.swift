import EndkeyPrimitives
import EndkeyWire
import TestSupport

@testable import Endkey

/// An account with four states, of two epochs, and its keys, for audits.
struct AuditFixture {
  let lines: [Line]
  let notes: StateNotes
  let ring: KeyRing

  init() throws {
    var lines = [Line()]
    lines.append(lines[0].next())
    lines.append(
      lines[1].next {
        $0.epoch = 2
        $0.master = 2
      })
    lines.append(lines[2].next())
    self.lines = lines
    notes = StateNotes(try lines.map { AcceptedState(try $0.state()).note })
    ring = try Self.ring(lines)
  }

  static func ring(_ lines: [Line]) throws -> KeyRing {
    var ring = KeyRing(accountID: try testAccount(), holder: .owner)
    for epoch in [1, 2] as [Epoch] {
      if let line = lines.first(where: { $0.epoch == epoch }) { try ring.add(Shared(line.masterKey())) }
    }
    return ring
  }

  /// The member under audit, with this mark.
  static func member(
    _ mark: AuditMark = AuditMark(sequence: 0, hash: .zero, pair: StatePair(generation: 0, counter: 0)),
    status: MemberStatus = .granted, kept: (Counter, Hash) = (0, .zero)
  ) throws -> Member {
    Member(
      agentID: try Party.agent.id, label: "laptop", codeID: .zero, kind: .scoped, status: status,
      listed: status == .granted ? 0 : 1, auditedSequence: mark.sequence, auditedHash: mark.hash,
      auditedGeneration: mark.pair.generation, auditedState: mark.pair.counter, keptSequence: kept.0,
      keptHash: kept.1)
  }

  static func request(_ party: Party = .agent) throws -> EnrolmentRequest {
    try EnrolmentRequest.make(code: EnrolmentCode.test(), identity: party.identity(), nonce: .zero)
  }

  func audit(
    _ member: Member? = nil, request: EnrolmentRequest? = nil, isRequestThere: Bool = true,
    erasures: [Erasure] = [], expired: Time? = nil
  ) throws -> Audit {
    Audit(
      accountID: try testAccount(), member: try member ?? Self.member(),
      members: [try Party.agent.id, try Party.otherAgent.id],
      request: isRequestThere ? try request ?? Self.request() : nil, notes: notes, erasures: erasures,
      ring: ring, expired: expired)
  }

  // MARK: Batches

  /// A record of 10 milliseconds with the token of this title.
  func record(_ title: String = "title", under line: Int = 0, duration: UInt32 = 10) throws -> Record {
    var sealer = try TokenSealer(key: lines[line].masterKey().tokenKey())
    return Record(
      kind: .website, start: 1_000, duration: duration,
      items: try BoundedList([.token(sealer.seal(title, field: .windowTitle))]))
  }

  /// A batch under a state, with a change, signed.
  func batch(
    _ sequence: Counter, after previous: Hash = .zero, under line: Int = 0, by signer: Party = .agent,
    _ change: (inout RecordBatch) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    let state = AcceptedState(try lines[line].state())
    var batch = RecordBatch(
      accountID: try testAccount(), epoch: lines[line].epoch, agentID: try Party.agent.id, sequence: sequence,
      previous: previous, made: lines[line].made.adding(hours: 1), stateGeneration: state.state.generation,
      stateCounter: state.state.counter, state: state.hash,
      records: try BoundedList([record(under: line)]))
    try change(&batch)
    return batch.signed(by: try signer.identity().signing).serialized
  }

  /// Batches 1 to `count`, as an agent makes them under the first state.
  func chain(_ count: UInt64, by signer: Party = .agent) throws -> [[UInt8]] {
    var batches: [[UInt8]] = []
    for number in 0..<count {
      batches.append(
        try batch(
          Counter(number + 1), after: batches.last.map { Hash(sha256: $0) } ?? .zero, by: signer
        ) { batch in
          batch.records = try BoundedList([
            record("title \(number % 3)", duration: UInt32(number) + 1)
          ])
        })
    }
    return batches
  }
}

extension [UInt8] {
  var sha256: Hash { Hash(sha256: self) }
}
