internal import EndkeyJSON

extension Check {
  /// The same sums by the other way: over signed batches, from token to audit.
  static let auditTotals = Check(
    "check-audit-totals", ops: ["token/seal", "batch/sign", "batch/audit", "ed25519/sign"], req: ["R-16.2-1"],
    "Three agents sign chained batches; the audit of each finds nothing, and its totals are those of the records."
  ) { (examination) throws(Stop) in
    for agent in 0..<3 { try examination.audit(AuditedAgent(number: agent)) }
  }
}

/// An agent of the check, with ids and keys of no meaning.
private struct AuditedAgent {
  let number: Int
  let account = String(repeating: "c3", count: 16)
  let tokenKey = String(repeating: "77", count: 64)

  var id: String { String(repeating: "a\(number)", count: 16) }
  var seed: String { String(repeating: "5\(number)", count: 32) }
  /// Values and durations of two batches.
  var batches: [[(value: String, duration: Int)]] {
    let values = ["Ledger", "Firefox", "Ledger", "Mail"]
    return (0..<2).map { batch in
      values.indices.map { (values[($0 + batch + number) % 4], 1_000_000_000 * batch + 100 * number + $0) }
    }
  }
}

extension Examination {
  fileprivate func audit(_ agent: AuditedAgent) throws(Check.Stop) {
    let signed = try outputs([
      Prompt(op: "ed25519/sign", input: .of(["seed": .string(agent.seed), "message": ""]))
    ])
    guard let verifyKey = signed[0]["verify_key"] else {
      throw .fault(.fail, "ed25519/sign: no verify_key in its output")
    }
    var checkpoint: JSONValue = [
      "sequence": 0, "hash": .hex([UInt8](repeating: 0, count: 32)), "state_counter": 0,
    ]
    var made: [JSONValue] = []
    var truth: [String: Int] = [:]
    var report = JSONObject()
    for (index, records) in agent.batches.enumerated() {
      let tokens = try outputs(
        records.map { record in
          Prompt(
            op: "token/seal",
            input: .of([
              "token_key": .string(agent.tokenKey), "account_id": .string(agent.account), "epoch": 1,
              "field": "application_name", "value": .hex(Array(record.value.utf8)),
            ]))
        })
      var rows: [JSONValue] = []
      for (record, out) in zip(records, tokens) {
        let token = try out.bytes("token", of: "token/seal")
        guard token.count > 22 else { throw .fault(.fail, "token/seal: a token of \(token.count) bytes") }
        truth[Hex.encode(token[6..<22]), default: 0] += record.duration
        rows.append([
          "kind": "application", "start": 1_700_000_000_000, "duration": .integer(record.duration),
          "items": [["token": .hex(token)]],
        ])
      }
      // The hash of the batch before is what the audit of it says: the runner computes none.
      guard case .object(let point) = checkpoint, let previous = point["hash"] else {
        throw .fault(.fail, "batch/audit: no end in its output")
      }
      let batch = try outputs([
        Prompt(
          op: "batch/sign",
          input: .of([
            "seed": .string(agent.seed), "account_id": .string(agent.account), "epoch": 1,
            "agent_id": .string(agent.id), "sequence": .integer(index + 1), "previous": previous,
            "state_counter": 1, "records": .array(rows),
          ]))
      ])
      made.append(batch[0]["batch"] ?? .null)
      report = try outputs([
        Prompt(
          op: "batch/audit",
          input: .of([
            "account_id": .string(agent.account),
            "members": [["agent_id": .string(agent.id), "verify_key": verifyKey]],
            "agent_id": .string(agent.id),
            "state_counter": 1,
            "start": ["sequence": 0, "hash": .hex([UInt8](repeating: 0, count: 32)), "state_counter": 0],
            "batches": .array(made),
          ]))
      ])[0]
      checkpoint = report["end"] ?? .null
    }
    guard report["findings"] == .array([]) else {
      throw .fault(.fail, "batch/audit finds faults in batch/sign's batches")
    }
    let expected = truth.sorted { $0.key < $1.key }.map { v, sum -> JSONValue in
      ["field": "application_name", "v": .string(v), "milliseconds": .integer(sum)]
    }
    guard report["totals"] == .array(expected) else {
      throw .fault(.fail, "the totals of batch/audit are not those of the records")
    }
  }
}
