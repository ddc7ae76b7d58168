internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite
internal import TestPrimitives

/// A generator: makes the vectors of one operation. One family a file of the suite.
struct Family: Sendable {
  let op: String
  let flags: [VectorFile.Flag]
  let build: @Sendable (inout FamilyBuilder) throws -> Void

  init(
    _ op: String, flags: [VectorFile.Flag] = [],
    _ build: @escaping @Sendable (inout FamilyBuilder) throws -> Void
  ) {
    self.op = op
    self.flags = flags
    self.build = build
  }

  /// Makes the file. Fails when the implementation does not answer as a generator says, with all that it says
  /// otherwise.
  func file() throws -> VectorFile {
    guard let operation = Operation.all[op] else { throw SuiteError("no operation \(op)") }
    var builder = FamilyBuilder(operation)
    try build(&builder)
    guard builder.faults.isEmpty else { throw SuiteError(builder.faults.joined(separator: "\n")) }
    let used = Set(builder.vectors.flatMap(\.flags))
    return VectorFile(
      op: op, about: operation.description.about, flags: flags.filter { used.contains($0.name) },
      tests: builder.vectors)
  }
}

/// Collects the vectors of a family. Each states its outcome, which the implementation must give; a rejected one names
/// its twin.
struct FamilyBuilder {
  private let operation: Operation
  private(set) var vectors: [Vector] = []
  /// What is wrong with vectors, a line each.
  private(set) var faults: [String] = []
  private var ids: Set<String> = []

  init(_ operation: Operation) { self.operation = operation }

  /// Randomness for the vector or value named `label`, the same in every generation.
  func random(_ label: String) -> DeterministicRandom { .suite("\(operation.name)/\(label)") }

  /// An accepted vector. `out` is what its maker knows to be right.
  mutating func accept(
    _ id: String, _ req: [String], flags: [String] = [], since: String = "1.0.0", _ comment: String,
    in input: JSONObject, out: JSONObject
  ) throws {
    try add(id, req, flags, since, comment, input, .ok(out), twin: nil)
  }

  /// A rejected vector: one edit away from `twin`.
  mutating func reject(
    _ id: String, _ req: [String], flags: [String] = [], since: String = "1.0.0", _ comment: String,
    in input: JSONObject, code: ErrorCode, offset: Int? = nil, twin: String
  ) throws {
    try add(id, req, flags, since, comment, input, Outcome(code, offset: offset), twin: twin)
  }

  /// The offset of the error for `input`.
  func offset(of input: JSONObject) throws -> Int? {
    guard case .reject(_, let offset) = try operation.run(input).outcome else { return nil }
    return offset
  }

  private mutating func add(
    _ id: String, _ req: [String], _ flags: [String], _ since: String, _ comment: String, _ input: JSONObject,
    _ expect: Outcome, twin: String?
  ) throws {
    guard ids.insert(id).inserted else {
      faults.append("\(operation.name): two vectors named \(id)")
      return
    }
    do {
      try operation.description.check(input, expect)
    } catch {
      faults.append("\(operation.name): \(id): not as spec/operations.json says: \(error)")
      return
    }
    let (outcome, trace) = try operation.run(input)
    if let fault = expect.fault(of: JudgedAnswer(outcome)) {
      faults.append("\(operation.name): \(id): \(fault): expected \(expect), got \(outcome)")
    }
    vectors.append(
      Vector(
        op: operation.name, id: id, since: since, level: .must, req: req, flags: flags, comment: comment,
        input: input, expect: expect, trace: trace, twin: twin))
  }
}

/// A fault of the suite's own making.
public struct SuiteError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
