internal import EndkeySuite

extension ScenarioFile {
  static func made(vectors: Set<String>) throws -> ScenarioFile { ScenarioFile(attacks: [], scenarios: []) }
}
