internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite

// How scenarios are made. Their format is EndkeySuite's.

extension Scenario.Step {
  static func agent(_ step: AgentPlay.Step) -> Self {
    .end(says: step.says, input: step.input, expect: step.result)
  }

  /// What the person says when something is asked of it.
  struct Word {
    var isPasswordChanged = false
    var isNewest = false
    var isWithoutStorage = false
    var isClockRight = false
  }

  static func owner(
    _ says: String, _ event: OwnerRun.Event, _ messages: PersonStage.Opening, word: Word = Word(),
    _ phase: String, _ code: ErrorCode? = nil, findings: [ErrorCode] = [], generation: UInt32 = 5
  ) -> Self {
    owner(
      says, event, messages: messages, word: word, phase, code, findings: findings, generation: generation)
  }

  static func owner(
    _ says: String, _ event: OwnerRun.Event, messages: PersonStage.Opening? = nil, message: [UInt8]? = nil,
    word: Word = Word(), now: UInt64 = Fixture.day(102), _ phase: String, _ code: ErrorCode? = nil,
    findings: [ErrorCode] = [], generation: UInt32 = 5
  ) -> Self {
    .end(
      says: says,
      input: .of([
        "event": .string(event.rawValue), "messages": messages?.messages ?? .null,
        "message": .hexOrNull(message),
        "says": [
          "password_changed": .bool(word.isPasswordChanged), "newest": .bool(word.isNewest),
          "without_storage": .bool(word.isWithoutStorage), "clock": .bool(word.isClockRight),
        ], "now": .integer(now),
      ]),
      expect: .of([
        "phase": .string(phase), "code": .code(code), "findings": .array(findings.map { .code($0) }),
        "generation": .integer(generation),
      ]))
  }
}

extension Scenario {
  /// `phase` is that after `open`.
  init(
    id: String, role: Role, attack: String, req: [String], open: JSONObject, phase: String, steps: [Step]
  ) {
    self.init(
      id: id, role: role, attack: attack, req: req, open: open, opened: .of(["phase": .string(phase)]),
      steps: steps)
  }

  /// Fails when the implementation does not do as the scenario says, or a vector is none of `vectors`.
  func verify(vectors: Set<String>) throws {
    let sessions = Sessions()
    guard case .ok(let out) = try ask("open", open, sessions), let handle = out["handle"] else {
      throw SuiteError("\(id): does not open")
    }
    var expected = JSONObject.of(["handle": handle])
    for member in opened.members { expected.append(member.key, member.value) }
    guard out == expected else { throw SuiteError("\(id): opens otherwise") }
    for (index, step) in steps.enumerated() {
      let place = "\(id): step \(index + 1), \(step.says)"
      switch step {
      case .vector(_, let vector):
        guard vectors.contains(vector) else { throw SuiteError("\(place): no vector \(vector)") }
      case .end(_, let given, let expect):
        var input = JSONObject.of(["handle": handle])
        for member in given.members { input.append(member.key, member.value) }
        let outcome = try ask("step", input, sessions)
        guard Outcome.ok(expect).fault(of: JudgedAnswer(outcome)) == nil else {
          throw SuiteError("\(place): expected \(expect), got \(outcome)")
        }
      }
    }
  }

  private func ask(_ verb: String, _ input: JSONObject, _ sessions: Sessions) throws -> Outcome {
    let name = "\(role.rawValue)/\(verb)"
    let outcome = try sessions.run(name, input)
    do {
      try OperationDescription.named[name]?.check(input, outcome)
    } catch {
      throw SuiteError("\(id): \(verb): not as spec/operations.json says: \(error)")
    }
    return outcome
  }
}

extension ScenarioFile {
  /// `vectors` are the ids of the suite. Fails when an attack is nowhere, or names what is not there.
  static func made(vectors: Set<String>) throws -> ScenarioFile {
    let scenarios = try Scenario.agent() + Scenario.owner()
    let ids = Set(scenarios.map(\.id))
    guard ids.count == scenarios.count else { throw SuiteError("two scenarios of one id") }
    for scenario in scenarios { try scenario.verify(vectors: vectors) }
    let attacks = Attack.numbered(scenarios) + Attack.others
    for attack in attacks {
      for id in attack.vectors where !vectors.contains(id) {
        throw SuiteError("no vector \(id) for \(attack.attack)")
      }
      for id in attack.scenarios where !ids.contains(id) { throw SuiteError("no scenario \(id)") }
      guard !attack.scenarios.isEmpty || !attack.vectors.isEmpty || attack.untestable != nil else {
        throw SuiteError("nothing tries: \(attack.attack)")
      }
    }
    return ScenarioFile(attacks: attacks, scenarios: scenarios)
  }
}
