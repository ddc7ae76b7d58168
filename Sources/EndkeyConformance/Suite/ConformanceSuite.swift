internal import EndkeySuite

/// All that the runner reads: vectors, scenarios, the texts of requirements, the answers of faulty clients.
public struct ConformanceSuite: Sendable {
  public struct Fault: Error, CustomStringConvertible {
    public let description: String
  }

  var vectors: [Vector]
  let scenarios: [Scenario]
  let titles: [String: String]
  let requirements: [String: Requirement]
  var mutants: [MutantAnswers]
  let ids: Set<String>

  /// `files` are the vector files, by name; the others are nil where they do not exist.
  public init(
    files: [(name: String, bytes: [UInt8])], scenarios: [UInt8]?, requirements: [UInt8]?, answers: [UInt8]?
  ) throws {
    var vectors: [Vector] = []
    var ops: Set<String> = []
    for file in files {
      let read = try Self.naming(file.name) { try VectorFile(parsing: file.bytes) }
      guard ops.insert(read.op).inserted else {
        throw Fault(description: "\(file.name): a second file of \(read.op)")
      }
      vectors += read.tests
    }
    guard !vectors.isEmpty else { throw Fault(description: "no vectors") }
    self.scenarios =
      try scenarios.map { bytes in
        try Self.naming("scenarios.json") { try ScenarioFile(parsing: bytes).scenarios }
      } ?? []
    var ids: Set<String> = []
    for id in vectors.map(\.id) + self.scenarios.map(\.id) {
      guard ids.insert(id).inserted else { throw Fault(description: "id \(id) stands twice") }
    }
    self.ids = ids
    self.vectors = vectors
    (titles, self.requirements) =
      try requirements.map { bytes in
        try Self.naming("requirements.json") { try Requirement.read(bytes) }
      } ?? ([:], [:])
    mutants =
      try answers.map { bytes in
        try Self.naming("answers.json") { try MutantAnswers.read(bytes) }
      } ?? []
  }

  private static func naming<R>(_ file: String, _ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch {
      throw Fault(description: "\(file): \(error)")
    }
  }
}
