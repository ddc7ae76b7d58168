internal import EndkeyJSON

/// Runs a file's vectors on the reference implementation.
public struct VerificationReport: Sendable {
  public struct Failure: Sendable {
    public let id: String
    public let expected: String
    public let got: String
    /// The first intermediate value that differs from the vector's `trace`.
    public let firstDifference: String?
  }

  public let op: String
  public let passed: Int
  public let failures: [Failure]
}

public enum Verifier {
  /// Throws when `bytes` are no vector file or its operation is unknown; a vector that fails is reported.
  public static func verify(_ bytes: [UInt8]) throws -> VerificationReport {
    let file = try VectorFile(parsing: bytes)
    guard let operation = Operation.all[file.op] else {
      throw SuiteError("unknown operation \"\(file.op)\"")
    }
    var failures: [VerificationReport.Failure] = []
    for vector in file.tests {
      if let failure = try check(vector, operation) { failures.append(failure) }
    }
    return VerificationReport(op: file.op, passed: file.tests.count - failures.count, failures: failures)
  }

  private static func check(_ vector: Vector, _ operation: Operation) throws -> VerificationReport.Failure? {
    let outcome: Outcome
    let trace: JSONObject
    do {
      (outcome, trace) = try operation.run(vector.input)
    } catch let error as JSONShapeError {
      throw JSONShapeError(path: "\(vector.id): in.\(error.path)", reason: error.reason)
    }
    let difference = vector.trace.members.first { trace[$0.key] != nil && trace[$0.key] != $0.value }?.key
    guard outcome != vector.expect || difference != nil else { return nil }
    return VerificationReport.Failure(
      id: vector.id, expected: vector.expect.description, got: outcome.description,
      firstDifference: difference)
  }
}
