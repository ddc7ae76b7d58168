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
  /// Outputs in each of two processes, where the operation takes so long that few are asked for.
  var few: Int?
}

extension Check {
  /// For each randomised operation: no two outputs alike, on one input or several, in one process, after a restart and
  /// in processes that have the same id and the same time; the size is right; what is chosen shows no pattern; and with
  /// the randomness that was found, the deterministic operation gives the same bytes.
  static let randomised: [Check] =
    [
      Randomised(op: "blob/seal-random", base: "blob/seal", chosen: "salt", output: "blob", req: ["R-2.5-1"]),
      Randomised(
        op: "person-keys/make-random", base: "person-keys/make", chosen: "salt", output: "keys",
        req: ["R-9.5-2"], few: 3),
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
        "Outputs of \(kind.op) all differ, also after a restart, show no pattern, and hold what they must."
      ) { (examination) throws(Stop) in
        try examination.check(kind)
      }
    }
}

/// An output of a randomised operation.
private struct Made {
  let source: Vector
  let out: JSONObject
  let bytes: [UInt8]
  /// What the client chose for it, if that can be read in it.
  var chosen: [UInt8]?
}

extension Examination {
  /// Inputs that a randomised operation is asked with.
  private static let sourceMaximum = 4
  /// Outputs that are opened, or made again.
  private static let againMaximum = 64

  fileprivate func check(_ kind: Randomised) throws(Check.Stop) {
    let accepted = suite.vectors.filter { $0.op == kind.base && !$0.expect.isRejection }
    let placed = accepted.filter { Self.place(of: kind, in: $0) != nil }
    let opened = accepted.filter { opening(kind, $0) != nil }
    // Those that can be both read and opened show most.
    let both = placed.filter { opening(kind, $0) != nil }
    let sources = Array((both.isEmpty ? placed + opened : both).prefix(Self.sourceMaximum))
    guard let first = sources.first else { throw .unsupported("the suite has no vector of \(kind.base)") }
    let ops = client.identity.ops
    let isRead = !placed.isEmpty && ops.contains(kind.base)
    guard isRead || opening(kind, first).map({ ops.contains($0.op) }) ?? false else {
      let names = [placed.isEmpty ? nil : kind.base, opening(kind, first)?.op].compactMap(\.self)
      throw .unsupported(
        "what \(kind.op) makes is read by \(names.joined(separator: " or ")), which is not claimed in hello")
    }

    let order = (0..<(kind.few ?? options.randomOutputs)).map { sources[$0 % sources.count] }
    var made = try make(kind, order, by: client)
    client.restart()
    made += try make(kind, order, by: client)
    guard Set(made.map(\.bytes)).count == made.count else {
      throw .fault(.fail, "two outputs are the same bytes")
    }
    let some = Self.spread(made, Self.againMaximum)
    try checkChosen(kind, made.compactMap(\.chosen))
    try checkRepeated(kind, some)
    // What can be read by opening alone is opened of each.
    let openable = made.contains { $0.chosen != nil } || kind.base != "text/code-encode" ? some : made
    var secrets: [[UInt8]] = []
    for source in sources {
      secrets += try checkOpening(kind, source, openable.filter { $0.source.id == source.id })
    }
    try checkChosen(kind, secrets)
    try checkTwins(kind, order, made)
  }

  /// At most `count` of them, from all of the list.
  private static func spread(_ made: [Made], _ count: Int) -> [Made] {
    stride(from: 0, to: made.count, by: max(1, (made.count + count - 1) / count)).map { made[$0] }
  }

  private func make(_ kind: Randomised, _ order: [Vector], by client: Client) throws(Check.Stop) -> [Made] {
    let prompts = order.map { Prompt(op: kind.op, input: $0.input.without(kind.chosen)) }
    var shapes: [String: (count: Int, place: Range<Int>?)] = [:]
    var made: [Made] = []
    for (source, out) in zip(order, try outputs(prompts, of: client)) {
      let bytes = try out.bytes(kind.output, of: kind.op)
      let shape: (count: Int, place: Range<Int>?)
      if let known = shapes[source.id] {
        shape = known
      } else {
        shape = (try source.expected(kind).count, Self.place(of: kind, in: source))
        shapes[source.id] = shape
      }
      guard bytes.count == shape.count else {
        throw .fault(.fail, "\(bytes.count) bytes, where \(source.id) has \(shape.count)")
      }
      made.append(Made(source: source, out: out, bytes: bytes, chosen: shape.place.map { Array(bytes[$0]) }))
    }
    return made
  }

  /// What the client chose never repeats, and shows no pattern.
  private func checkChosen(_ kind: Randomised, _ chosen: [[UInt8]]) throws(Check.Stop) {
    if let fault = Randomness.fault(chosen) {
      throw .fault(.fail, "the \(kind.chosen) is not random: \(fault)")
    }
  }

  /// With what was chosen, the deterministic operation gives the output again.
  private func checkRepeated(_ kind: Randomised, _ made: [Made]) throws(Check.Stop) {
    guard client.identity.ops.contains(kind.base) else { return }
    // A slow operation has few outputs, and two of them are enough.
    let read = made.filter { $0.chosen != nil }.prefix(kind.few == nil ? made.count : 2)
    let prompts = read.map { one in
      var input = one.source.input
      input[kind.chosen] = one.chosen.map { .hex($0) }
      return Prompt(op: kind.base, input: input)
    }
    for (one, repeated) in zip(read, try outputs(prompts)) where one.out != repeated {
      throw .fault(.fail, "\(kind.base) with the same \(kind.chosen) gives something else")
    }
  }

  /// Two more processes, each with the id of the other, that start together and are asked the same: a generator that is
  /// seeded by what a process or a second has gives both the same bytes. Where the system has no such processes, this
  /// asks nothing.
  private func checkTwins(_ kind: Randomised, _ order: [Vector], _ made: [Made]) throws(Check.Stop) {
    var seen = Set(made.map { $0.chosen ?? $0.bytes })
    for twin in twins {
      let more: [Made]
      do throws(Check.Stop) {
        more = try make(kind, Array(order.prefix(kind.few == nil ? 4 : 1)), by: twin)
      } catch {
        return
      }
      for one in more where !seen.insert(one.chosen ?? one.bytes).inserted {
        throw .fault(
          .fail, "two processes with the same id, or in the same second, choose the same \(kind.chosen)")
      }
    }
  }

  /// Each output opens, by the client's own opening operation, as that of the vector does. Gives what the client chose,
  /// where that comes out.
  private func checkOpening(
    _ kind: Randomised, _ source: Vector, _ made: [Made]
  ) throws(Check.Stop) -> [[UInt8]] {
    guard let opening = opening(kind, source), client.identity.ops.contains(opening.op),
      case .ok(let right) = source.expect, let rightOutput = right[kind.output]
    else { return [] }
    func prompt(_ value: JSONValue) -> Prompt {
      var input = opening.input
      input[opening.key] = value
      return Prompt(op: opening.op, input: input)
    }
    let results = try outputs(([rightOutput] + made.compactMap { $0.out[kind.output] }).map(prompt))
    // The secret of a code is what was chosen.
    let chosen = kind.base == "text/code-encode" ? kind.chosen : nil
    var found: [[UInt8]] = []
    for result in results.dropFirst() {
      guard chosen.map({ result.without($0) == results[0].without($0) }) ?? (result == results[0]) else {
        throw .fault(.fail, "\(opening.op) does not give back what went in")
      }
      guard let chosen else { continue }
      let bytes = try result.bytes(chosen, of: opening.op)
      guard bytes.count == 16 else {
        throw .fault(.fail, "a \(chosen) of \(bytes.count) bytes, where 16 are due")
      }
      found.append(bytes)
    }
    return found
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
