internal import EndkeyJSON
internal import EndkeySuite

/// The answers of a client with one known fault, to name the fault of another client that answers alike.
struct MutantAnswers: Sendable {
  let name: String
  /// What is wrong with it.
  let fault: String
  /// Vector id -> answer, as `text(of:)` makes it.
  let answers: [String: String]

  static func read(_ bytes: [UInt8]) throws -> [MutantAnswers] {
    try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      var mutants = try fields.required("mutants").fields()
      // What else the file says is for its makers.
      _ = fields.rest()
      return try mutants.rest().map { name, cursor in
        var mutant = try cursor.fields()
        let fault = try mutant.required("fault").string()
        var map = try mutant.required("answers").fields()
        var answers: [String: String] = [:]
        for (id, answer) in map.rest() { answers[id] = try answer.string() }
        return MutantAnswers(name: name, fault: fault, answers: answers)
      }
    }
  }

  /// `reject CODE`, or `ok H` with the hash of the output; nothing for what is neither.
  static func text(of answer: Answer) -> String? {
    switch answer {
    case .ok(let out, _): "ok \(hash(out))"
    case .reject(let rejection): "reject \(rejection.code ?? "")"
    default: nil
    }
  }

  /// The mutant whose answers the client gives: at least one wrong answer is shared, and none that both gave
  /// differs. `given` holds the client's answers, `wrong` the ids of those that are wrong.
  static func diagnose(
    given: [String: String], wrong: Set<String>, among mutants: [MutantAnswers]
  ) -> MutantAnswers? {
    let candidates = mutants.filter { mutant in
      mutant.answers.contains { wrong.contains($0.key) && given[$0.key] == $0.value }
        && mutant.answers.allSatisfy { given[$0.key] == nil || given[$0.key] == $0.value }
    }
    // The one that explains most.
    return candidates.max { a, b in
      let (a, b) = (a.explained(wrong), b.explained(wrong))
      return a < b
    }
  }

  private func explained(_ wrong: Set<String>) -> Int { wrong.count { answers[$0] != nil } }

  /// 16 hex digits of FNV-1a-64 over the canonical JSON.
  static func hash(_ out: JSONObject) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in CanonicalJSON.bytes(of: .object(out)) {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// JSON with keys sorted by code point and no white space.
enum CanonicalJSON {
  static func bytes(of value: JSONValue) -> [UInt8] { Array(sorted(value).serialized(.compact).dropLast()) }

  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map(sorted))
    case .object(let object):
      var ordered = JSONObject()
      // The order of UTF-8 is that of code points.
      for member in object.members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        ordered.append(member.key, sorted(member.value))
      }
      return .object(ordered)
    default: return value
    }
  }
}
