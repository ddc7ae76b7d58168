public import EndkeyJSON

/// `conformance/scenarios.json`: a malicious service over many steps, with all of its messages ready-made, so that a
/// runner needs no cryptography. Its format is in `vectors/README.md`.
public struct ScenarioFile: Sendable {
  /// What `schema` says.
  public static let schema = "endkey-scenarios-1"
  /// Where it lies in the folder of a suite.
  public static let name = "conformance/scenarios.json"

  public let attacks: [Attack]
  public let scenarios: [Scenario]

  public init(attacks: [Attack], scenarios: [Scenario]) {
    self.attacks = attacks
    self.scenarios = scenarios
  }

  /// Something that a service may try, and where the suite tries it.
  public struct Attack: Equatable, Sendable {
    public let attack: String
    /// The requirement that stops it; empty if none does.
    public let rule: String
    /// Ids of scenarios and vectors.
    public let scenarios: [String]
    public let vectors: [String]
    /// Why nothing can show it.
    public let untestable: String?

    public init(
      attack: String, rule: String, scenarios: [String] = [], vectors: [String] = [],
      untestable: String? = nil
    ) {
      self.attack = attack
      self.rule = rule
      self.scenarios = scenarios
      self.vectors = vectors
      self.untestable = untestable
    }
  }
}

/// A malicious service: what it gives to one end, and what that end must do.
public struct Scenario: Equatable, Sendable {
  /// The end that it is played against.
  public enum Role: String, Sendable {
    case agent, owner
  }

  /// What the service does once, and what it must get.
  public enum Step: Equatable, Sendable {
    /// The end is given something; `expect` is the whole output that it must answer: phase and code.
    case end(says: String, input: JSONObject, expect: JSONObject)
    /// A vector of the suite is asked: what the client is shown beside what its end takes.
    case vector(says: String, id: String)

    /// What the service does, for people.
    public var says: String {
      switch self {
      case .end(let says, _, _), .vector(let says, _): says
      }
    }
  }

  public let id: String
  public let role: Role
  public let attack: String
  /// The requirements of the specification that it tests.
  public let req: [String]
  /// The `in` of the operation that opens the end, and what that must answer beside the handle.
  public let open: JSONObject
  public let opened: JSONObject
  public let steps: [Step]

  public init(
    id: String, role: Role, attack: String, req: [String], open: JSONObject, opened: JSONObject, steps: [Step]
  ) {
    self.id = id
    self.role = role
    self.attack = attack
    self.req = req
    self.open = open
    self.opened = opened
    self.steps = steps
  }
}

// MARK: - Reading

extension ScenarioFile {
  /// Reading is strict: what the format does not have is an error.
  public init(parsing bytes: [UInt8]) throws {
    self = try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      try fields.requireHead(schema: Self.schema)
      return ScenarioFile(
        attacks: try fields.required("attacks").array().map(Attack.init(parsing:)),
        scenarios: try fields.required("scenarios").array().map(Scenario.init(parsing:)))
    }
  }
}

extension ScenarioFile.Attack {
  fileprivate init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      let untestable = try fields.required("untestable")
      return Self(
        attack: try fields.required("attack").string(), rule: try fields.required("rule").string(),
        scenarios: try fields.required("scenarios").array().map { try $0.string() },
        vectors: try fields.required("vectors").array().map { try $0.string() },
        untestable: untestable.value == .null ? nil : try untestable.string())
    }
  }
}

extension Scenario {
  fileprivate init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      Scenario(
        id: try fields.required("id").string(), role: try fields.required("role").name(),
        attack: try fields.required("attack").string(),
        req: try fields.required("req").array().map { try $0.string() },
        open: try fields.required("open").plainObject(), opened: try fields.required("opened").plainObject(),
        steps: try fields.required("steps").array().map { step in
          try step.object { step in
            let says = try step.required("says").string()
            if let vector = step.optional("vector") {
              return .vector(says: says, id: try vector.string())
            }
            return .end(
              says: says, input: try step.required("in").plainObject(),
              expect: try step.required("expect").plainObject())
          }
        })
    }
  }
}

// MARK: - Writing

extension ScenarioFile {
  public var serialized: [UInt8] {
    let file: JSONValue = [
      "schema": .string(Self.schema), "suite": .string(SuiteVersion.suite),
      "spec": .string(SuiteVersion.spec),
      "attacks": .array(attacks.map(\.json)), "scenarios": .array(scenarios.map(\.json)),
    ]
    return file.serialized(.pretty)
  }
}

extension ScenarioFile.Attack {
  fileprivate var json: JSONValue {
    [
      "attack": .string(attack), "rule": .string(rule),
      "scenarios": .array(scenarios.map(JSONValue.string)), "vectors": .array(vectors.map(JSONValue.string)),
      "untestable": untestable.map(JSONValue.string) ?? .null,
    ]
  }
}

extension Scenario {
  fileprivate var json: JSONValue {
    [
      "id": .string(id), "role": .string(role.rawValue), "attack": .string(attack),
      "req": .array(req.map(JSONValue.string)), "open": .object(open), "opened": .object(opened),
      "steps": .array(steps.map(\.json)),
    ]
  }
}

extension Scenario.Step {
  fileprivate var json: JSONValue {
    switch self {
    case .end(let says, let input, let expect):
      ["says": .string(says), "in": .object(input), "expect": .object(expect)]
    case .vector(let says, let id): ["says": .string(says), "vector": .string(id)]
    }
  }
}
