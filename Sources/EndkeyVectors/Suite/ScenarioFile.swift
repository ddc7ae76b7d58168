internal import Endkey
internal import EndkeyJSON

/// `conformance/scenarios.json`: a malicious service over many steps, with all of its messages ready-made, so that a
/// runner needs no cryptography. Its format is in `vectors/README.md`.
struct ScenarioFile {
  static let name = "conformance/scenarios.json"

  /// What is asked of one end, and what it must say.
  struct Step {
    let says: String
    let input: JSONObject
    let phase: String
    let code: ErrorCode?

    var expect: JSONObject { .of(["phase": .string(phase), "code": .code(code)]) }

    static func agent(
      _ says: String, _ event: AgentRun.Event, _ message: [UInt8], _ phase: String, _ code: ErrorCode? = nil
    ) -> Step {
      let input = JSONObject.of(["event": .string(event.rawValue), "message": .hex(message)])
      return Step(says: says, input: input, phase: phase, code: code)
    }

    /// Of an event that has no message.
    static func agent(
      _ says: String, _ event: AgentRun.Event, _ phase: String, _ code: ErrorCode? = nil
    ) -> Step {
      let input = JSONObject.of(["event": .string(event.rawValue), "message": .null])
      return Step(says: says, input: input, phase: phase, code: code)
    }

    static func owner(
      _ says: String, _ event: OwnerRun.Event, messages: StoredMessages? = nil, message: [UInt8]? = nil,
      _ phase: String, _ code: ErrorCode? = nil
    ) -> Step {
      let input = JSONObject.of([
        "event": .string(event.rawValue), "messages": messages?.json ?? .null,
        "message": message.map { .hex($0) } ?? .null,
      ])
      return Step(says: says, input: input, phase: phase, code: code)
    }
  }

  struct Scenario {
    let id: String
    let role: String
    let attack: String
    let req: [String]
    let open: JSONObject
    /// The phase after `open`.
    let phase: String
    let steps: [Step]

    var json: JSONValue {
      [
        "id": .string(id), "role": .string(role), "attack": .string(attack),
        "req": .array(req.map(JSONValue.string)), "open": .object(open), "opened": ["phase": .string(phase)],
        "steps": .array(
          steps.map { ["says": .string($0.says), "in": .object($0.input), "expect": .object($0.expect)] }),
      ]
    }

    /// Fails when the implementation does not do as the scenario says.
    func verify() throws {
      let sessions = Sessions()
      guard case .ok(let opened)? = try sessions.run("\(role)/open", open), opened["phase"] == .string(phase)
      else {
        throw SuiteError("\(id): does not open")
      }
      for (index, step) in steps.enumerated() {
        var input = JSONObject.of(["handle": opened["handle"] ?? .null])
        for member in step.input.members { input.append(member.key, member.value) }
        guard let outcome = try sessions.run("\(role)/step", input), outcome == .ok(step.expect) else {
          throw SuiteError("\(id): step \(index + 1), \(step.says): the implementation answers otherwise")
        }
      }
    }
  }

  /// Something that a service may try, and where the suite tries it.
  struct Attack {
    let attack: String
    let rule: String
    var scenarios: [String] = []
    var vectors: [String] = []
    /// Why nothing can show it.
    var untestable: String?

    var json: JSONValue {
      [
        "attack": .string(attack), "rule": .string(rule),
        "scenarios": .array(scenarios.map(JSONValue.string)),
        "vectors": .array(vectors.map(JSONValue.string)),
        "untestable": untestable.map(JSONValue.string) ?? .null,
      ]
    }
  }

  /// `vectors` are the ids of the suite. Fails when an attack is nowhere, or a scenario belongs to none.
  static func made(vectors: Set<String>) throws -> [UInt8] {
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
    let file: JSONValue = [
      "schema": "endkey-scenarios-1", "suite": .string(VectorFile.suite), "spec": .string(VectorFile.spec),
      "attacks": .array(Attack.all.map(\.json)), "scenarios": .array(scenarios.map(\.json)),
    ]
    return file.serialized(.pretty)
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
