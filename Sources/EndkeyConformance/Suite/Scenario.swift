internal import EndkeyJSON

/// A malicious service over many steps: what it gives to one end, and what that end must do.
struct Scenario: Sendable {
  enum Role: String, Sendable {
    case agent, owner
  }

  struct Step: Sendable {
    /// What the client is given beside the handle: event and message.
    let input: JSONObject
    /// What it must answer: phase and code.
    let expect: JSONObject
    /// What the service does, for people.
    let says: String
  }

  let id: String
  let role: Role
  let attack: String
  let req: [String]
  let open: JSONObject
  let opened: JSONObject
  let steps: [Step]

  static func read(_ bytes: [UInt8]) throws -> [Scenario] {
    try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      for (key, expected) in [
        ("schema", "endkey-scenarios-1"), ("suite", SuiteFile.suite), ("spec", SuiteFile.spec),
      ] {
        let cursor = try fields.required(key)
        guard try cursor.string() == expected else { throw cursor.error("expected \"\(expected)\"") }
      }
      // Which attacks are covered where is for people, and for the tests of the suite.
      _ = try fields.required("attacks")
      return try fields.required("scenarios").array().map(Scenario.init(parsing:))
    }
  }

  private init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      Scenario(
        id: try fields.required("id").string(), role: try fields.required("role").name(),
        attack: try fields.required("attack").string(),
        req: try fields.required("req").array().map { try $0.string() },
        open: try fields.required("open").anyObject(), opened: try fields.required("opened").anyObject(),
        steps: try fields.required("steps").array().map { step in
          try step.object { step in
            Step(
              input: try step.required("in").anyObject(), expect: try step.required("expect").anyObject(),
              says: try step.required("says").string())
          }
        })
    }
  }

  private init(
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
