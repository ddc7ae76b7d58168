internal import EndkeyJSON
internal import EndkeySuite

/// An operation whose randomness is the client's own. It has a twin in the suite that is given the randomness.
private struct Randomised: Sendable {
  let op: String
  /// The deterministic operation, and the member of its input that the client now chooses.
  let base: String
  let chosen: String
  let output: String
  let req: [String]
  /// Outputs in each of two processes.
  var count = 16
}

extension Check {
  /// For each randomised operation: no two outputs alike, in one process and after a restart; the size is right; the
  /// randomness is never used twice; and with the randomness that was found, the deterministic operation gives the
  /// same bytes.
  static let randomised: [Check] =
    [
      Randomised(op: "blob/seal-random", base: "blob/seal", chosen: "salt", output: "blob", req: ["R-2.5-1"]),
      Randomised(
        op: "person-keys/make-random", base: "person-keys/make", chosen: "salt", output: "keys",
        req: ["R-9.5-2"], count: 2),
      Randomised(
        op: "enrolment/request-random", base: "enrolment/request", chosen: "nonce", output: "request",
        req: ["R-10.2-3"]),
      Randomised(
        op: "grant/make-random", base: "grant/make", chosen: "oaep_seed", output: "grant", req: ["R-11-3"]),
      Randomised(
        op: "code/random", base: "text/code-encode", chosen: "secret", output: "text", req: ["R-10.1-1"]),
    ].map { kind in
      Check(
        "check-random-\(kind.op.split(separator: "/").joined(separator: "-"))", ops: [kind.op], req: kind.req,
        "\(2 * kind.count) outputs of \(kind.op) on one input all differ, also after a restart, and hold what they "
          + "must."
      ) { (examination) throws(Stop) in
        try examination.check(kind)
      }
    }
}

extension Examination {
  fileprivate func check(_ kind: Randomised) throws(Check.Stop) {
    let sources = suite.vectors.filter { $0.op == kind.base && !$0.expect.isRejection }
    let best =
      sources.first { Self.place(of: kind, in: $0) != nil } ?? sources.first { opening(kind, $0) != nil }
    guard let source = best else {
      throw .unsupported("the suite has no vector of \(kind.base)")
    }
    let input = source.input.without(kind.chosen)
    let prompts = [Prompt](
      repeating: Prompt(op: kind.op, input: input), count: kind.count)
    let first = try outputs(prompts)
    client.restart()
    let made = first + (try outputs(prompts))

    let expected = try source.expected(kind)
    var seen: Set<[UInt8]> = []
    for out in made {
      let bytes = try out.bytes(kind.output, of: kind.op)
      guard bytes.count == expected.count else {
        throw .fault(.fail, "\(bytes.count) bytes, where \(source.id) has \(expected.count)")
      }
      guard seen.insert(bytes).inserted else { throw .fault(.fail, "two outputs are the same bytes") }
    }
    try checkChosen(kind, source, made)
    try checkOpening(kind, source, made)
  }

  /// What the client chose can be read in the output: it never repeats, and gives the output again.
  private func checkChosen(
    _ kind: Randomised, _ source: Vector, _ made: [JSONObject]
  ) throws(Check.Stop) {
    guard let place = Self.place(of: kind, in: source) else { return }
    var seen: Set<[UInt8]> = []
    var again: [Prompt] = []
    for out in made {
      let chosen = Array(try out.bytes(kind.output, of: kind.op)[place])
      guard seen.insert(chosen).inserted else { throw .fault(.fail, "a \(kind.chosen) is used twice") }
      var input = source.input
      input[kind.chosen] = .hex(chosen)
      again.append(Prompt(op: kind.base, input: input))
    }
    guard client.identity.ops.contains(kind.base) else { return }
    for (out, repeated) in zip(made, try outputs(again)) where out != repeated {
      throw .fault(.fail, "\(kind.base) with the same \(kind.chosen) gives something else")
    }
  }

  /// Each output opens, by the client's own opening operation, as that of the vector does.
  private func checkOpening(
    _ kind: Randomised, _ source: Vector, _ made: [JSONObject]
  ) throws(Check.Stop) {
    guard let opening = opening(kind, source), client.identity.ops.contains(opening.op) else { return }
    func prompt(_ value: JSONValue) -> Prompt {
      var input = opening.input
      input[opening.key] = value
      return Prompt(op: opening.op, input: input)
    }
    guard case .ok(let right) = source.expect, let rightOutput = right[kind.output] else { return }
    let results = try outputs(([rightOutput] + made.compactMap { $0[kind.output] }).map(prompt))
    guard kind.base == "text/code-encode" else {
      for result in results.dropFirst() where result != results[0] {
        throw .fault(.fail, "\(opening.op) does not give back what went in")
      }
      return
    }
    // The secret is what was chosen.
    var secrets: Set<[UInt8]> = []
    for result in results.dropFirst() {
      guard result["account_id"] == source.input["account_id"] else {
        throw .fault(.fail, "text/code gives another account id")
      }
      let secret = try result.bytes("secret", of: "text/code")
      guard secret.count == 16, secrets.insert(secret).inserted else {
        throw .fault(.fail, "a secret is used twice, or is not 16 bytes")
      }
    }
  }

  /// How an output is opened: the operation, its input, and the member that takes the output.
  private func opening(
    _ kind: Randomised, _ source: Vector
  ) -> (op: String, input: JSONObject, key: String)? {
    let given = source.input
    func member(_ key: String) -> JSONValue { given[key] ?? .null }
    switch kind.base {
    case "blob/seal":
      let key: JSONValue = [
        "epoch": member("epoch"), "agent_id": member("agent_id"), "agent_key": member("agent_key"),
      ]
      return (
        "blob/open", .of(["account_id": member("account_id"), "keys": .array([key]), "reference": .null]),
        "blob"
      )
    case "text/code-encode": return ("text/code", JSONObject(), "text")
    case "grant/make": return grantOpening(source).map { ("grant/open", $0, "grant") }
    default: return nil
    }
  }

  /// The input of a vector of grant/open for a Grant that is that of `source` up to its ciphertext.
  private func grantOpening(_ source: Vector) -> JSONObject? {
    guard case .ok(let out) = source.expect, case .string(let made)? = out["grant"] else { return nil }
    // Two digits a byte; 105 bytes stand before the ciphertext.
    func head(_ grant: String) -> Substring { grant.prefix(2 * 105) }
    for vector in suite.vectors where vector.op == "grant/open" && !vector.expect.isRejection {
      guard case .string(let grant)? = vector.input["grant"], head(grant) == head(made) else { continue }
      var input = vector.input
      input["keys_held"] = false
      return input
    }
    return nil
  }

  /// Where in the output of `vector` the chosen bytes stand; nothing if they are not there, or at more than one place.
  private static func place(of kind: Randomised, in vector: Vector) -> Range<Int>? {
    do {
      let output = try vector.expected(kind)
      let chosen = try vector.input.bytes(kind.chosen, of: kind.base)
      guard chosen.count >= 16, output.count >= chosen.count else { return nil }
      let places = (0...(output.count - chosen.count)).filter { output[$0...].starts(with: chosen) }
      return places.count == 1 ? places[0]..<(places[0] + chosen.count) : nil
    } catch {
      return nil
    }
  }
}

extension Vector {
  /// The output that the vector expects, as bytes.
  fileprivate func expected(_ kind: Randomised) throws(Check.Stop) -> [UInt8] {
    guard case .ok(let out) = expect else { throw .fault(.fail, "\(id) has no output") }
    return try out.bytes(kind.output, of: kind.op)
  }
}
