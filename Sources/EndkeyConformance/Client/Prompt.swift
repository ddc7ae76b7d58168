internal import EndkeyJSON
internal import EndkeySuite

/// A question to a client: blind, since neither id nor expectation is part of it.
struct Prompt: Sendable {
  let op: String
  let input: JSONObject
  /// By how much the deadline is multiplied: the cost of the operation.
  var weight: Int

  init(op: String, input: JSONObject) {
    self.op = op
    self.input = input
    weight = OperationDescription.named[op]?.cost ?? 1
  }

  /// The longest answer to a prompt of `count` bytes that is kept: many times longer than any of the suite's.
  static func answerMaximum(_ count: Int) -> Int { min(LineSplitter.lineMaximum, 1 << 18 + 16 * count) }

  /// An operation that nobody has, to which a client has little to say.
  static let unknown = Prompt(op: "no/such-operation", input: JSONObject())

  func line(seq: Int) -> [UInt8] {
    let request: JSONValue = [
      "seq": .integer(seq), "cmd": "run", "op": .string(op), "in": .object(input),
    ]
    return request.serialized(.compact)
  }
}
