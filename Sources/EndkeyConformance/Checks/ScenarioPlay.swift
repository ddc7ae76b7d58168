internal import EndkeyJSON
internal import EndkeySuite

extension Scenario.Role {
  /// The family of operations that plays it.
  var op: String { "\(rawValue)/step" }
  private func named(_ verb: String) -> String { "\(rawValue)/\(verb)" }

  var handleOps: [String] { [named("open"), named("step"), named("close")] }
}

extension Examination {
  /// Plays the malicious service against the client: step by step through a handle, or, for an agent without
  /// handles, all steps of the end in one prompt of `agent/run`.
  func play(_ scenario: Scenario) -> CaseResult {
    var result = CaseResult(
      id: scenario.id, op: scenario.role.op, kind: .scenario, req: scenario.req, about: scenario.attack,
      verdict: .pass)
    do throws(Check.Stop) {
      if scenario.role.handleOps.allSatisfy(client.identity.ops.contains) {
        try step(scenario, &result)
      } else if scenario.role == .agent, client.identity.ops.contains("agent/run") {
        try playAtOnce(scenario, &result)
      } else {
        throw .unsupported(
          "neither \(scenario.role.handleOps.joined(separator: ", ")) nor agent/run is claimed")
      }
    } catch {
      switch error {
      case .fault(let verdict, let reason): (result.verdict, result.reason) = (verdict, reason)
      case .unsupported(let reason): (result.verdict, result.reason) = (.unsupported, reason)
      }
    }
    return result
  }

  private func step(_ scenario: Scenario, _ result: inout CaseResult) throws(Check.Stop) {
    let ops = scenario.role.handleOps
    let opened = try one(Prompt(op: ops[0], input: scenario.open))
    guard let handle = opened["handle"], case .number = handle else {
      throw .fault(.fail, "\(ops[0]) gives no handle, which is a number")
    }
    try compare(opened.without("handle"), scenario.opened, "at \(ops[0])", scenario.open, &result)
    let process = client.processCount
    for (index, step) in scenario.steps.enumerated() {
      let place = "step \(index + 1), \(step.says)"
      switch step {
      case .vector(_, let id): try ask(id, place, &result)
      case .end(_, let given, let expect):
        var input = JSONObject.of(["handle": handle])
        for member in given.members { input.append(member.key, member.value) }
        let out = try one(Prompt(op: ops[1], input: input))
        guard client.processCount == process else {
          throw .fault(.crash, "the handle was lost with its process")
        }
        try compare(out, expect, place, given, &result)
      }
    }
    let closing = Prompt(op: ops[2], input: .of(["handle": handle]))
    _ = try one(closing)
    // A handle that is closed is none.
    let late = Prompt(op: ops[1], input: .of(["handle": handle, "event": "close", "message": .null]))
    if case .ok = client.ask([late])[0].answer { throw .fault(.fail, "a closed handle goes on") }
  }

  private func playAtOnce(_ scenario: Scenario, _ result: inout CaseResult) throws(Check.Stop) {
    var places: [(place: String, input: JSONObject, expect: JSONObject)] = []
    for (index, step) in scenario.steps.enumerated() {
      let place = "step \(index + 1), \(step.says)"
      switch step {
      case .vector(_, let id): try ask(id, place, &result)
      case .end(_, let input, let expect): places.append((place, input, expect))
      }
    }
    var input = scenario.open
    input["steps"] = .array(places.map { .object($0.input) })
    let out = try one(Prompt(op: "agent/run", input: input))
    guard case .array(let results)? = out["results"], results.count == places.count else {
      throw .fault(.fail, "agent/run gives no result for each step")
    }
    for (step, got) in zip(places, results) {
      guard case .object(let got) = got else { throw .fault(.fail, "\(step.place): no object") }
      try compare(got, step.expect, step.place, step.input, &result)
    }
  }

  /// Asks the client a vector of the suite, in the course of a scenario.
  private func ask(_ id: String, _ place: String, _ result: inout CaseResult) throws(Check.Stop) {
    guard let vector = suite.vectors.first(where: { $0.id == id }) else {
      throw .unsupported("the suite has no vector \(id)")
    }
    guard client.identity.ops.contains(vector.op) else { throw .unsupported("\(vector.op) is not claimed") }
    let judged = VectorJudge.judge(vector, client.ask([vector.prompt])[0].answer)
    guard judged.verdict != .pass else { return }
    (result.request, result.expected, result.got) = (judged.request, judged.expected, judged.got)
    throw .fault(judged.verdict, "\(place): \(id): \(judged.reason)")
  }

  private func one(_ prompt: Prompt) throws(Check.Stop) -> JSONObject { try outputs([prompt])[0] }

  private func compare(
    _ got: JSONObject, _ expected: JSONObject, _ place: String, _ request: JSONObject,
    _ result: inout CaseResult
  ) throws(Check.Stop) {
    guard Outcome.ok(expected).fault(of: .ok(got)) != nil else { return }
    result.request = request
    result.expected = .object(expected)
    result.got = .object(got)
    throw .fault(.fail, place)
  }
}
