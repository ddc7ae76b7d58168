internal import Endkey
internal import EndkeyJSON
internal import EndkeySuite

// How scenarios are made. Their format is EndkeySuite's.

extension Scenario.Step {
  static func agent(
    _ says: String, _ event: AgentRun.Event, _ message: [UInt8], _ phase: String, _ code: ErrorCode? = nil
  ) -> Self {
    let input = JSONObject.of(["event": .string(event.rawValue), "message": .hex(message)])
    return Self(says: says, input: input, expect: result(phase, code))
  }

  /// Of an event that has no message.
  static func agent(
    _ says: String, _ event: AgentRun.Event, _ phase: String, _ code: ErrorCode? = nil
  ) -> Self {
    let input = JSONObject.of(["event": .string(event.rawValue), "message": .null])
    return Self(says: says, input: input, expect: result(phase, code))
  }

  static func owner(
    _ says: String, _ event: OwnerRun.Event, messages: StoredMessages? = nil, message: [UInt8]? = nil,
    _ phase: String, _ code: ErrorCode? = nil
  ) -> Self {
    let input = JSONObject.of([
      "event": .string(event.rawValue), "messages": messages?.json ?? .null,
      "message": message.map { .hex($0) } ?? .null,
    ])
    return Self(says: says, input: input, expect: result(phase, code))
  }

  private static func result(_ phase: String, _ code: ErrorCode?) -> JSONObject {
    .of(["phase": .string(phase), "code": .code(code)])
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

  /// Fails when the implementation does not do as the scenario says.
  func verify() throws {
    let sessions = Sessions()
    guard case .ok(let out) = try ask("open", open, sessions), let handle = out["handle"] else {
      throw SuiteError("\(id): does not open")
    }
    var expected = JSONObject.of(["handle": handle])
    for member in opened.members { expected.append(member.key, member.value) }
    guard out == expected else { throw SuiteError("\(id): opens otherwise") }
    for (index, step) in steps.enumerated() {
      var input = JSONObject.of(["handle": handle])
      for member in step.input.members { input.append(member.key, member.value) }
      let outcome = try ask("step", input, sessions)
      if let fault = Outcome.ok(step.expect).fault(of: JudgedAnswer(outcome)) {
        throw SuiteError("\(id): step \(index + 1), \(step.says): the implementation \(fault)")
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
  /// `vectors` are the ids of the suite. Fails when an attack is nowhere, or a scenario belongs to none.
  static func made(vectors: Set<String>) throws -> ScenarioFile {
    let scenarios = try Scenario.agent() + Scenario.owner()
    let ids = Set(scenarios.map(\.id))
    for attack in Attack.all {
      for id in attack.vectors where !vectors.contains(id) {
        throw SuiteError("no vector \(id) for \(attack.attack)")
      }
      for id in attack.scenarios where !ids.contains(id) { throw SuiteError("no scenario \(id)") }
      guard !attack.scenarios.isEmpty || !attack.vectors.isEmpty || attack.untestable != nil else {
        throw SuiteError("nothing tries: \(attack.attack)")
      }
    }
    for scenario in scenarios {
      guard Attack.all.contains(where: { $0.scenarios.contains(scenario.id) }) else {
        throw SuiteError("\(scenario.id) belongs to no attack")
      }
      try scenario.verify()
    }
    return ScenarioFile(attacks: Attack.all, scenarios: scenarios)
  }
}

extension StoredMessages {
  fileprivate var json: JSONValue {
    [
      "password_wrap": .hex(passwordWrap), "private_keys": .hex(privateKeys), "owner_vault": .hex(ownerVault),
      "account_state": .hex(accountState), "rule_set": ruleSet.map { .hex($0) } ?? .null,
    ]
  }
}
