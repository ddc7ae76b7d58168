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
    let end = try open(scenario, &result)
    for index in scenario.steps.indices { try step(end, index, &result) }
    try close(end, &result)
  }

  /// An end behind its handle.
  private struct PlayedEnd {
    let scenario: Scenario
    let handle: JSONValue
    let process: Int

    var ops: [String] { scenario.role.handleOps }

    func stepping(_ given: JSONObject) -> Prompt {
      var input = JSONObject.of(["handle": handle])
      for member in given.members { input.append(member.key, member.value) }
      return Prompt(op: ops[1], input: input)
    }

    /// A step on this handle that is one of the scenario.
    var firstStep: Prompt? {
      for case .end(_, let given, _) in scenario.steps { return stepping(given) }
      return nil
    }
  }

  private func open(_ scenario: Scenario, _ result: inout CaseResult) throws(Check.Stop) -> PlayedEnd {
    let op = scenario.role.handleOps[0]
    let opened = try one(Prompt(op: op, input: scenario.open))
    guard let handle = opened["handle"], case .number = handle else {
      throw .fault(.fail, "\(op) gives no handle, which is a number")
    }
    try compare(opened.without("handle"), scenario.opened, "at \(op)", scenario.open, &result)
    return PlayedEnd(scenario: scenario, handle: handle, process: client.processNumber)
  }

  private func step(_ end: PlayedEnd, _ index: Int, _ result: inout CaseResult) throws(Check.Stop) {
    let step = end.scenario.steps[index]
    let place = "step \(index + 1), \(step.says)"
    switch step {
    case .vector(_, let id): try ask(id, place, &result)
    case .end(_, let given, let expect):
      let out = try one(end.stepping(given))
      guard client.processNumber == end.process else {
        throw .fault(.crash, "the handle was lost with its process")
      }
      try compare(out, expect, place, given, &result)
    }
  }

  /// Closes an end, which gives nothing; a handle that is closed is none.
  private func close(_ end: PlayedEnd, _ result: inout CaseResult) throws(Check.Stop) {
    let closing = Prompt(op: end.ops[2], input: .of(["handle": end.handle]))
    try compare(try one(closing), JSONObject(), "at \(end.ops[2])", closing.input, &result)
    if let late = end.firstStep { try expectNoHandle(late, "a closed handle") }
  }

  private func expectNoHandle(_ prompt: Prompt, _ what: String) throws(Check.Stop) {
    let answer = client.ask([prompt])[0].answer
    switch answer {
    case .error: return
    case .ok: throw .fault(.fail, "\(what) goes on")
    case .reject: throw .fault(.fail, "\(what) is answered with a rejection, where the outcome is error")
    default: throw .fault(answer.failedVerdict, "\(prompt.op) on \(what): \(answer.failedReason)")
    }
  }

  /// Plays two ends at a time, the first a step ahead, and closes one while the other goes on.
  fileprivate func playTogether(_ a: Scenario, _ b: Scenario) throws(Check.Stop) {
    var shown = CaseResult(id: "", op: a.role.op, kind: .check, req: [], about: "", verdict: .pass)
    do throws(Check.Stop) {
      let ends = [try open(a, &shown), try open(b, &shown)]
      guard ends[0].handle != ends[1].handle else { throw .fault(.fail, "two open ends have one handle") }
      // The first has no more steps than the second.
      for index in 0...b.steps.count {
        if index < a.steps.count { try step(ends[0], index, &shown) }
        if index == a.steps.count { try close(ends[0], &shown) }
        if index > 0 { try step(ends[1], index - 1, &shown) }
      }
      try close(ends[1], &shown)
    } catch {
      guard case .fault(let verdict, let reason) = error else { throw error }
      let values = [("expected", shown.expected), ("got", shown.got)].compactMap { name, value in
        value.map { "\(name) \($0.short)" }
      }
      throw .fault(verdict, (["beside another end, \(reason)"] + values).joined(separator: ", "))
    }
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

extension Check {
  /// For each role, two ends that know nothing of each other.
  static func handles(of suite: ConformanceSuite) -> [Check] {
    [Scenario.Role.agent, .owner].compactMap { role in
      let plays = suite.scenarios.filter { $0.role == role }.sorted {
        ($0.steps.count, $0.id) < ($1.steps.count, $1.id)
      }
      guard let first = plays.first else { return nil }
      let second = plays.dropFirst().first ?? first
      return Check(
        "check-handles-\(role.rawValue)", ops: role.handleOps, req: first.req,
        "Two ends that are open at a time know nothing of each other; closing one leaves the other; no handle is open "
          + "that was closed."
      ) { (examination) throws(Stop) in
        try examination.playTogether(first, second)
      }
    }
  }
}
