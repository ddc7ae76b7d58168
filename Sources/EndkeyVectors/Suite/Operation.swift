public import EndkeyJSON
public import EndkeySuite

/// The reference implementation's answer to an operation of the client protocol: takes the `in` of a vector, gives its
/// outcome. What it is called and takes is its entry in `spec/operations.json`.
public struct Operation: Sendable {
  /// Its entry in the table.
  public let description: OperationDescription
  /// Runs on the members of `in`; asks for each. Throws `ProtocolError` or `WireError` for what the protocol refuses,
  /// and `JSONShapeError` for an input that is none of this operation.
  let body: @Sendable (inout JSONFields) throws -> JSONObject

  init(_ name: String, _ body: @escaping @Sendable (inout JSONFields) throws -> JSONObject) {
    guard let description = OperationDescription.named[name] else {
      preconditionFailure("spec/operations.json has no operation \(name)")
    }
    self.description = description
    self.body = body
  }

  /// As in `op` of the files, such as `token/open`.
  public var name: String { description.name }

  /// The outcome for `input`, and the intermediate values on the way. Throws `JSONShapeError` when `input` is not
  /// that of this operation.
  public func run(_ input: JSONObject) throws -> (outcome: Outcome, trace: JSONObject) {
    let outcome = try outcome(of: input)
    guard let steps = Trace.steps[name] else { return (outcome, JSONObject()) }
    var trace = Trace()
    var fields = try JSONCursor(.object(input)).fields()
    try steps(&fields, outcome, &trace)
    return (outcome, trace.values)
  }

  private func outcome(of input: JSONObject) throws -> Outcome {
    try Outcome { try JSONCursor(.object(input)).object(body) }
  }

  /// All operations, by name.
  public static let all: [String: Operation] = {
    var all: [String: Operation] = [:]
    for operation in catalogue {
      let previous = all.updateValue(operation, forKey: operation.name)
      precondition(previous == nil, "two operations named \(operation.name)")
    }
    return all
  }()
}
