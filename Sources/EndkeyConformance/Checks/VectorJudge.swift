internal import EndkeyJSON

/// Holds an answer against a vector.
enum VectorJudge {
  static func judge(_ vector: SuiteVector, _ answer: Answer) -> CaseResult {
    var result = CaseResult(
      id: vector.id, op: vector.op, kind: .vector, level: vector.level, req: vector.req,
      about: vector.comment,
      verdict: .pass, request: vector.input, expected: vector.expect.json, got: answer.json)
    if let reason = fault(vector, answer) {
      result.verdict = answer.failedVerdict
      result.reason = reason
      result.difference = difference(vector, answer)
    }
    return result
  }

  /// What is wrong with the answer; nothing if it is right.
  private static func fault(_ vector: SuiteVector, _ answer: Answer) -> String? {
    switch (vector.expect, answer) {
    case (.ok(let expected), .ok(let out, _)):
      return out == expected ? nil : "wrong output: \(wrongKeys(expected, out))"
    case (.ok, .reject): return "rejects what is right"
    case (.reject, .ok): return "accepts what must be rejected"
    case (.reject(let code, _, let offset), .reject(let rejection)):
      if rejection.out != nil { return "gives an output with its rejection" }
      if rejection.code != code { return "rejects with another code" }
      if let offset, let given = rejection.offset, given != offset { return "rejects at another offset" }
      return nil
    default: return answer.failedReason
    }
  }

  private static func wrongKeys(_ expected: JSONObject, _ out: JSONObject) -> String {
    let wrong = expected.members.filter { $0.value != out[$0.key] }.map { member in
      member.key + place(member.value, out[member.key])
    }
    let extra = out.members.map(\.key).filter { expected[$0] == nil }.map { "\($0), which must not be there" }
    return (wrong + extra).joined(separator: ", ")
  }

  /// From which byte on two values in hex differ.
  private static func place(_ expected: JSONValue, _ got: JSONValue?) -> String {
    guard let got else { return " is missing" }
    guard case .string(let expected) = expected, case .string(let got) = got else { return "" }
    let same = zip(expected.utf8, got.utf8).prefix { $0 == $1 }.count
    return " from byte \(same / 2) on (of \(got.utf8.count / 2), expected \(expected.utf8.count / 2))"
  }

  private static func difference(_ vector: SuiteVector, _ answer: Answer) -> CaseResult.Difference? {
    guard case .ok(_, let trace?) = answer else { return nil }
    return vector.trace.members.first { trace[$0.key] != nil && trace[$0.key] != $0.value }
      .map { CaseResult.Difference(name: $0.key, expected: $0.value, got: trace[$0.key]) }
  }
}
