internal import EndkeyJSON
internal import EndkeySuite
internal import Synchronization

/// The reference implementation behind the client protocol of `vectors/README.md`: a request a line, an answer a line.
public final class Responder: Sendable {
  /// The operations that it has.
  static var ops: [String] { Operation.all.keys + Sessions.ops }

  private let version: String
  private let sessions = Mutex(Sessions())

  public init(version: String) { self.version = version }

  /// The answer to one line, with its newline; `nil` after `bye`. A line that is no request gets outcome `error`.
  public func answer(to line: [UInt8]) -> [UInt8]? {
    var seq: JSONValue = .null
    do {
      let request = JSONCursor(try JSONValue(parsing: line))
      var fields = try request.fields()
      seq = .integer(try fields.required("seq").integer(in: 0...(1 << 53)))
      let command = try fields.required("cmd")
      switch try command.string() {
      case "hello":
        return hello(seq)
      case "run":
        return try run(seq, op: fields.required("op").string(), input: fields.required("in").plainObject())
      case "bye":
        return nil
      default:
        throw command.error("unknown command")
      }
    } catch {
      return (["seq": seq, "outcome": "error", "detail": .string("\(error)")] as JSONValue).serialized(
        .compact)
    }
  }

  private func hello(_ seq: JSONValue) -> [UInt8] {
    let answer: JSONValue = [
      "v": 1, "seq": seq, "client": ["name": "endkey", "version": .string(version)],
      "ops": .array(Self.ops.sorted().map(JSONValue.string)),
    ]
    return answer.serialized(.compact)
  }

  private func run(_ seq: JSONValue, op: String, input: JSONObject) throws -> [UInt8] {
    guard let description = OperationDescription.named[op] else {
      let answer: JSONValue = ["seq": seq, "outcome": "unsupported", "reason": "unknown operation"]
      return answer.serialized(.compact)
    }
    try description.checkInput(input)
    let outcome: Outcome
    var trace = JSONObject()
    if let operation = Operation.all[op] {
      (outcome, trace) = try operation.run(input)
    } else {
      outcome = try sessions.withLock { try $0.run(op, input) }
    }
    if case .ok(let out) = outcome { try description.checkOutput(out) }
    var answer = JSONObject()
    answer.append("seq", seq)
    switch outcome {
    case .ok(let out):
      answer.append("outcome", "ok")
      answer.append("out", .object(out))
    case .reject(let code, let offset):
      answer.append("outcome", "reject")
      answer.append("code", .string(code))
      if let offset { answer.append("offset", .integer(offset)) }
    }
    if !trace.members.isEmpty { answer.append("trace", .object(trace)) }
    return JSONValue.object(answer).serialized(.compact)
  }
}
