internal import EndkeyJSON
internal import EndkeySuite

/// Holds an answer against a vector, by the rule of the suite.
enum VectorJudge {
  static func judge(_ vector: Vector, _ answer: Answer, codes: CodeMap = CodeMap()) -> CaseResult {
    var result = CaseResult(
      id: vector.id, op: vector.op, kind: .vector, level: vector.level.rawValue, req: vector.req,
      about: vector.comment,
      verdict: .pass, request: vector.input, expected: vector.expect.json)
    if let reason = fault(vector, answer) {
      result.verdict = answer.failedVerdict
      result.reason = reason
      result.advice = answer.advice ?? Advice.answer(answer, expected: vector.expect, codes: codes)
      result.got = answer.json
      result.difference = difference(vector, answer)
    }
    return result
  }

  /// What is wrong with the answer; nothing if it is right.
  private static func fault(_ vector: Vector, _ answer: Answer) -> String? {
    guard let judged = answer.judged else { return answer.failedReason }
    return vector.expect.fault(of: judged)?.description
  }

  private static func difference(_ vector: Vector, _ answer: Answer) -> CaseResult.Difference? {
    guard case .ok(_, let trace?) = answer else { return nil }
    return vector.trace.members.first { trace[$0.key] != nil && trace[$0.key] != $0.value }
      .map { CaseResult.Difference(name: $0.key, expected: $0.value, got: trace[$0.key]) }
  }
}
