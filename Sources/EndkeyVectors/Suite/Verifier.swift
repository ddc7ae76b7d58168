internal import EndkeyJSON
internal import EndkeySuite

/// What became of a file's vectors on the reference implementation.
public struct VerificationReport: Sendable {
  public struct Failure: Sendable {
    public let id: String
    public let expected: String
    public let got: String
    /// The first intermediate value that differs from the vector's `trace`.
    public let firstDifference: Difference?
  }

  /// An intermediate value that is not that of the vector.
  public struct Difference: Sendable, CustomStringConvertible {
    public let name: String
    /// In hex.
    public let expected: String
    /// In hex; nothing if the value did not arise.
    public let got: String?

    public var description: String { "\(name): expected \(expected), got \(got ?? "none")" }
  }

  public let op: String
  public let passed: Int
  public let failures: [Failure]
  /// Stamps that are not what the records say.
  public let stampFaults: [String]
}

/// Runs a file's vectors on the reference implementation.
public enum Verifier {
  /// Throws when `bytes` are no vector file or its operation is unknown; a vector that fails is reported, and so are
  /// stamps that contradict `records`.
  public static func verify(_ bytes: [UInt8], records: SuiteRecords? = nil) throws -> VerificationReport {
    let file = try VectorFile(parsing: bytes)
    guard let operation = Operation.all[file.op] else {
      throw SuiteError("unknown operation \"\(file.op)\"")
    }
    var failures: [VerificationReport.Failure] = []
    for vector in file.tests {
      if let failure = try check(vector, operation) { failures.append(failure) }
    }
    return VerificationReport(
      op: file.op, passed: file.tests.count - failures.count, failures: failures,
      stampFaults: try records?.faults(in: file) ?? [])
  }

  private static func check(_ vector: Vector, _ operation: Operation) throws -> VerificationReport.Failure? {
    let outcome: Outcome
    let trace: JSONObject
    do {
      try operation.description.checkInput(vector.input)
      (outcome, trace) = try operation.run(vector.input)
    } catch let error as JSONShapeError {
      throw JSONShapeError(path: "\(vector.id): in.\(error.path)", reason: error.reason)
    }
    let difference = try firstDifference(of: trace, from: vector.trace)
    guard vector.expect.fault(of: JudgedAnswer(outcome)) != nil || difference != nil else { return nil }
    return VerificationReport.Failure(
      id: vector.id, expected: vector.expect.description, got: outcome.description,
      firstDifference: difference)
  }

  /// In the order of the vector's trace, which is that in which the values arise.
  private static func firstDifference(
    of trace: JSONObject, from expected: JSONObject
  ) throws -> VerificationReport.Difference? {
    for member in expected.members where trace[member.key] != member.value {
      return VerificationReport.Difference(
        name: member.key, expected: try JSONCursor(member.value).string(),
        got: try trace[member.key].map { try JSONCursor($0).string() })
    }
    return nil
  }
}
