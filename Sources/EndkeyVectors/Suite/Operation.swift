internal import Endkey
public import EndkeyJSON
internal import EndkeyWire

/// An operation of the suite: takes the `in` of a vector, gives its outcome. `vectors/README.md` describes each.
public struct Operation: Sendable {
  /// As in `op` of the files, such as `token/open`.
  public let name: String
  /// One sentence for the head of the file, with the section.
  public let about: String
  /// Runs on the members of `in`; asks for each. Throws `ProtocolError` or `WireError` for what the protocol refuses, and
  /// `JSONShapeError` for an input that is none of this operation.
  let body: @Sendable (inout JSONFields) throws -> JSONObject

  init(_ name: String, _ about: String, _ body: @escaping @Sendable (inout JSONFields) throws -> JSONObject) {
    self.name = name
    self.about = about
    self.body = body
  }

  /// The outcome for `input`, and the intermediate values on the way. Throws `JSONShapeError` when `input` is not
  /// that of this operation.
  public func run(_ input: JSONObject) throws -> (outcome: Outcome, trace: JSONObject) {
    let outcome = try outcome(of: input)
    guard let walk = Walk.all[name] else { return (outcome, JSONObject()) }
    var trace = Trace()
    var fields = try JSONCursor(.object(input)).fields()
    try walk.steps(&fields, outcome, &trace)
    return (outcome, trace.values)
  }

  private func outcome(of input: JSONObject) throws -> Outcome {
    do {
      return .ok(try JSONCursor(.object(input)).object(body))
    } catch let error as ProtocolError {
      return .reject(error.code, offset: error.code.layer == .format ? error.offset : nil)
    } catch let error as WireError {
      let error = ProtocolError(error)
      return .reject(error.code, offset: error.offset)
    }
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
