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

  func line(seq: Int) -> [UInt8] {
    let request: JSONValue = [
      "seq": .integer(seq), "cmd": "run", "op": .string(op), "in": .object(input),
    ]
    return request.serialized(.compact)
  }
}
