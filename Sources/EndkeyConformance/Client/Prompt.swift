internal import EndkeyJSON

/// A question to a client: blind, since neither id nor expectation is part of it.
struct Prompt: Sendable {
  let op: String
  let input: JSONObject
  /// How much more time than other prompts it may take.
  var weight: Double = 1

  func line(seq: Int) -> [UInt8] {
    let request: JSONValue = [
      "seq": .integer(seq), "cmd": "run", "op": .string(op), "in": .object(input),
    ]
    return request.serialized(.compact)
  }
}
