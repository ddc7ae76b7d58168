internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

extension Operation {
  /// What an auditor finds. §16.2, §16.3
  static let audits: [Operation] = [
    Operation("batch/audit") { fields in
      let accountID = try fields.accountID()
      let requests = try fields.list("members") { cursor in
        try cursor.object { (try $0.agentID(), try $0.nullable("request") { try $0.hex() }) }
      }
      let agentID = try fields.agentID()
      let status: MemberStatus = try fields.named("status")
      let mark = try fields.required("mark").object { try AuditMark(&$0) }
      let kept = try fields.required("kept").object { (try $0.counter("sequence"), try $0.hash("hash")) }
      let now = try fields.time("now")
      let retention: Int = try fields.required("retention_days").integer(in: 7...3_650)
      let notes = try fields.list("states") { try StateNote(parsing: $0.hex(count: StateNote.byteCount)) }
      let ring = try tokenKeys(&fields, accountID)
      let erasures = try fields.list("erasures") { cursor in
        try cursor.object { erasure in
          Erasure(
            agentID: agentID, first: try erasure.counter("first"), last: try erasure.counter("last"),
            beforeHash: try erasure.hash("before_hash"), lastHash: try erasure.hash("last_hash"))
        }
      }
      let erased = try fields.list("erased") { try $0.object { try range(&$0) } }
      let batches = try fields.list("batches") { try $0.hex() }
      let member = Member(
        agentID: agentID, label: .empty, codeID: .zero, kind: .scoped, status: status,
        listed: status == .granted ? 0 : 1, auditedSequence: mark.sequence, auditedHash: mark.hash,
        auditedGeneration: mark.pair.generation, auditedState: mark.pair.counter, keptSequence: kept.0,
        keptHash: kept.1)
      let audit = Audit(
        accountID: accountID, member: member, members: Set(requests.map(\.0)),
        request: requests.first { $0.0 == agentID }?.1.flatMap { request($0) }, notes: StateNotes(notes),
        erasures: erasures, ring: ring, expired: now.subtracting(days: retention))
      return report(of: audit.report(on: batches, erased: erased), kept)
    }
  ]

  /// Nothing if the bytes are none.
  private static func request(_ bytes: [UInt8]) -> EnrolmentRequest? {
    do {
      return try EnrolmentRequest(parsing: bytes)
    } catch {
      return nil
    }
  }

  private static func range(_ fields: inout JSONFields) throws -> ClosedRange<Counter> {
    let first = try fields.counter("first")
    let last = try fields.required("last")
    let end = try Counter(last.integer(in: first.value...Limit.counterMax))
    return first...end
  }

  private static func report(of report: AuditReport, _ before: (Counter, Hash)) -> JSONObject {
    let kept = report.kept.map { ($0.sequence, $0.hash) } ?? before
    let totals = report.totals.sums.map { ($0.key.token.serialized, $0.value) }
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
    return .of([
      "findings": .array(
        report.findings.map {
          [
            "batch": $0.index.map { .integer($0) } ?? .null,
            "sequence": $0.sequence.map { .integer($0.value) } ?? .null, "code": .code($0.error.code),
          ]
        }),
      "totals": .array(totals.map { ["token": .hex($0.0), "milliseconds": .integer($0.1)] }),
      "mark": [
        "sequence": .integer(report.mark.sequence.value), "hash": .hex(report.mark.hash.bytes),
        "generation": .integer(report.mark.pair.generation),
        "counter": .integer(report.mark.pair.counter.value),
      ],
      "erased": .array(
        report.erased.map {
          ["first": .integer($0.lowerBound.value), "last": .integer($0.upperBound.value)]
        }),
      "kept": ["sequence": .integer(kept.0.value), "hash": .hex(kept.1.bytes)],
    ])
  }
}

extension AuditMark {
  fileprivate init(_ fields: inout JSONFields) throws {
    self.init(
      sequence: try fields.counter("sequence"), hash: try fields.hash("hash"),
      pair: StatePair(
        generation: try fields.required("generation").integer(), counter: try fields.counter()))
  }
}
