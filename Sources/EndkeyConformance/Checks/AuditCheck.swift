internal import EndkeyJSON
internal import EndkeySuite

extension Check {
  /// The same sums by the other way: over signed batches, from token to audit.
  static let auditTotals = Check(
    "check-audit-totals", ops: ["token/seal", "batch/sign", "batch/audit"], req: ["R-16.2-1", "R-16.3-1"],
    "An agent signs chained batches, three times; each audit finds nothing, and its totals are those of the records."
  ) { (examination) throws(Stop) in
    guard let agent = AuditedAgent(examination.suite.vectors) else {
      throw .unsupported("no vectors of batch/sign and batch/audit are about one agent")
    }
    var drawing = examination.drawing("check-audit-totals")
    for _ in 0..<3 { try examination.audit(agent, &drawing) }
  }
}

/// An agent whose keys vectors of batch/sign have, and which vectors of batch/audit audit.
private struct AuditedAgent {
  /// Of the audit: a member, notes and keys, nothing audited yet.
  let audit: JSONObject
  /// Of the signing, without what each batch has of its own.
  let signing: JSONObject
  let tokenKey: JSONValue

  init?(_ vectors: [Vector]) {
    func accepted(_ op: String) -> [JSONObject] {
      vectors.filter { $0.op == op && !$0.expect.isRejection }.map(\.input)
    }
    for audit in accepted("batch/audit") {
      guard case .object(let mark)? = audit["mark"], mark["sequence"] == 0, audit["status"] == "granted",
        case .array(let keys)? = audit["keys"], case .object(let key)? = keys.first,
        let tokenKey = key["token_key"],
        case .array(let notes)? = audit["states"], case .string(let note)? = notes.first, note.count == 112,
        let signing = accepted("batch/sign").first(where: {
          $0["agent_id"] == audit["agent_id"] && $0["account_id"] == audit["account_id"]
            && $0["epoch"] == key["epoch"]
        }), let state = Self.state(note), state["epoch"] == key["epoch"]
      else { continue }
      var named = signing
      for member in state.members where member.key != "epoch" { named[member.key] = member.value }
      (self.audit, self.signing, self.tokenKey) = (audit, named, tokenKey)
      return
    }
    return nil
  }

  /// What a batch says of the state of a StateNote: generation, counter, epoch, made and hash.
  private static func state(_ note: String) -> JSONObject? {
    let digits = Array(note)
    func number(_ range: Range<Int>) -> Int? { Int(String(digits[range]), radix: 16) }
    guard let generation = number(0..<8), let counter = number(8..<24), let epoch = number(24..<32),
      let made = number(32..<48)
    else { return nil }
    return .of([
      "state_generation": .integer(generation), "state_counter": .integer(counter), "epoch": .integer(epoch),
      "made": .integer(made), "state": .string(String(digits[48...])),
    ])
  }

  /// Values and durations of some batches.
  static func batches(_ drawing: inout Drawing) -> [[(value: [UInt8], duration: Int)]] {
    let values = (0..<4).map { _ in drawing.text(0...40) }
    return (0..<drawing.number(2...4)).map { _ in
      (0..<drawing.number(1...6)).map { _ in (drawing.element(of: values), drawing.edge(0...Int(UInt32.max)))
      }
    }
  }
}

extension Examination {
  fileprivate func audit(_ agent: AuditedAgent, _ drawing: inout Drawing) throws(Check.Stop) {
    var mark = agent.audit["mark"] ?? .null
    var made: [JSONValue] = []
    var truth: [String: Int] = [:]
    var report = JSONObject()
    for (index, records) in AuditedAgent.batches(&drawing).enumerated() {
      let tokens = try outputs(
        records.map { record in
          Prompt(
            op: "token/seal",
            input: .of([
              "token_key": agent.tokenKey, "account_id": agent.audit["account_id"] ?? .null,
              "epoch": agent.signing["epoch"] ?? .null, "field": "application_name",
              "value": .hex(record.value),
            ]))
        })
      var rows: [JSONValue] = []
      for (record, out) in zip(records, tokens) {
        let token = try out.bytes("token", of: "token/seal")
        truth[Hex.encode(token[...]), default: 0] += record.duration
        rows.append([
          "kind": "application", "start": 1_700_000_000_000, "duration": .integer(record.duration),
          "items": [["token": .hex(token)]],
        ])
      }
      // The hash of the batch before is what the audit of it says: the runner computes none.
      guard case .object(let point) = mark, let previous = point["hash"] else {
        throw .fault(.fail, "batch/audit: no mark in its output")
      }
      var signing = agent.signing
      (signing["sequence"], signing["previous"]) = (.integer(index + 1), previous)
      signing["records"] = .array(rows)
      let batch = try outputs([Prompt(op: "batch/sign", input: signing)])
      made.append(batch[0]["batch"] ?? .null)
      var audit = agent.audit
      audit["batches"] = .array(made)
      report = try outputs([Prompt(op: "batch/audit", input: audit)])[0]
      mark = report["mark"] ?? .null
    }
    guard report["findings"] == .array([]) else {
      throw .fault(.fail, "batch/audit finds faults in batch/sign's batches")
    }
    let expected = truth.sorted { $0.key < $1.key }.map { token, sum -> JSONValue in
      ["token": .string(token), "milliseconds": .integer(sum)]
    }
    guard report["totals"] == .array(expected) else {
      throw .fault(.fail, "the totals of batch/audit are not those of the records")
    }
  }
}
