internal import EndkeyJSON
internal import EndkeySuite

/// A property that no single vector shows.
struct Check: Sendable {
  /// A client that lacks what a check needs is not judged by it.
  enum Stop: Error {
    case fault(Verdict, String)
    case unsupported(String)
  }

  let id: String
  /// What the client must claim.
  let ops: [String]
  let req: [String]
  let about: String
  /// Throws `Stop` when the property does not hold.
  let body: @Sendable (Examination) throws(Stop) -> Void

  init(
    _ id: String, ops: [String], req: [String], _ about: String,
    _ body: @escaping @Sendable (Examination) throws(Stop) -> Void
  ) {
    self.id = id
    self.ops = ops
    self.req = req
    self.about = about
    self.body = body
  }
}

extension Examination {
  /// All checks that the suite makes possible.
  static func checks(of suite: ConformanceSuite) -> [Check] {
    [Check.unknownOperation] + Check.oracles(of: suite) + [
      Check.tokenEquality, Check.groupBySum, Check.auditTotals,
    ]
      + Check.handles(of: suite) + Check.randomised + Check.fresh
  }

  static func checkIDs(of suite: ConformanceSuite) -> Set<String> {
    Set(checks(of: suite).map(\.id) + [conductID])
  }

  func run(_ check: Check) -> CaseResult {
    var result = CaseResult(
      id: check.id, op: check.ops.first ?? "protocol", kind: .check, req: check.req, about: check.about,
      verdict: .pass)
    do throws(Check.Stop) {
      for op in check.ops where !client.identity.ops.contains(op) {
        throw .unsupported("\(op) is not claimed in hello")
      }
      try check.body(self)
    } catch {
      switch error {
      case .fault(let verdict, let reason): (result.verdict, result.reason) = (verdict, reason)
      case .unsupported(let reason): (result.verdict, result.reason) = (.unsupported, reason)
      }
    }
    return result
  }

  /// The outputs of prompts that must all succeed, in their order.
  func outputs(_ prompts: [Prompt]) throws(Check.Stop) -> [JSONObject] { try outputs(prompts, of: client) }

  func outputs(_ prompts: [Prompt], of client: Client) throws(Check.Stop) -> [JSONObject] {
    var outputs: [JSONObject] = []
    for (prompt, reply) in zip(prompts, client.ask(prompts)) {
      switch reply.answer {
      case .ok(let out, _): outputs.append(out)
      case .reject(let rejection):
        throw .fault(
          .fail, "\(prompt.op) rejects what is right: \(rejection.code ?? rejection.native ?? "no code")")
      default: throw .fault(reply.answer.failedVerdict, "\(prompt.op): \(reply.answer.failedReason)")
      }
    }
    return outputs
  }
}

extension JSONObject {
  /// The bytes of a member in hex.
  func bytes(_ key: String, of op: String) throws(Check.Stop) -> [UInt8] {
    guard let value = self[key] else { throw .fault(.fail, "\(op): no \(key) in its output") }
    do {
      return try JSONCursor(value).hex()
    } catch {
      throw .fault(.fail, "\(op): \(key): \(error.reason)")
    }
  }

  /// The same object without a member.
  func without(_ key: String) -> JSONObject {
    var object = JSONObject()
    for member in members where member.key != key { object.append(member.key, member.value) }
    return object
  }
}

// MARK: - The protocol

extension Check {
  /// An operation that nobody has: a client that answers it answers anything.
  static let unknownOperation = Check(
    "check-unknown-operation", ops: [], req: [],
    "An operation that does not exist is answered with the outcome unsupported."
  ) { (examination) throws(Stop) in
    for reply in examination.client.ask([.unknown]) {
      switch reply.answer {
      case .unsupported: return
      case .ok, .reject: throw .fault(.fail, "answers an operation that does not exist")
      case .error: throw .fault(.fail, "answers error instead of unsupported")
      default: throw .fault(reply.answer.failedVerdict, reply.answer.failedReason)
      }
    }
  }
}

// MARK: - Oracles

extension Check {
  /// For each operation with a secret key: all its cryptographic failures look alike.
  static func oracles(of suite: ConformanceSuite) -> [Check] {
    var groups: [(op: String, ids: [String], req: [String])] = []
    for vector in suite.vectors {
      guard vector.expect.layer == .crypto else { continue }
      if groups.last?.op == vector.op {
        groups[groups.count - 1].ids.append(vector.id)
      } else {
        groups.append((vector.op, [vector.id], vector.req))
      }
    }
    return groups.filter { $0.ids.count > 1 }.map { op, ids, req in
      Check(
        "check-oracle-\(op.split(separator: "/").joined(separator: "-"))", ops: [op], req: ["R-19.2-1"],
        "All \(ids.count) cryptographic failures of \(op) are told alike, the native error included."
      ) { (examination) throws(Stop) in
        try examination.checkOracle(op, ids)
      }
    }
  }
}

extension Examination {
  /// Works on what the vectors gave.
  fileprivate func checkOracle(_ op: String, _ ids: [String]) throws(Check.Stop) {
    var examples: [String: String] = [:]
    // Alone, nothing was asked before.
    if options.only != nil {
      let vectors = suite.vectors.filter { ids.contains($0.id) }
      for (vector, reply) in zip(vectors, client.ask(vectors.map(\.prompt))) {
        remember(reply, of: vector.id)
      }
    }
    for id in ids {
      guard let rejection = replies[id]?.rejection else { continue }
      let shown =
        [rejection.code ?? "no code"] + (rejection.native.map { [$0] } ?? [])
        + (rejection.offset.map { ["offset \($0)"] } ?? [])
      examples[shown.joined(separator: ", ")] = examples[shown.joined(separator: ", ")] ?? id
    }
    guard !examples.isEmpty else { throw .fault(.fail, "no cryptographic failure of \(op) is rejected") }
    guard examples.count == 1 else {
      let list = examples.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      throw .fault(.fail, "failures can be told apart: \(list.joined(separator: "; "))")
    }
  }
}
