import Foundation

/// The tables of the state machines in `spec/registry.json`.
struct MachineTables: Decodable {
  struct Row: Decodable {
    let phase: String
    let event: String
    let next: String
    let output: String?
    let error: String?
  }
  struct Event: Decodable {
    let event: String
  }
  let agentMachine: [Row]
  let agentEvents: [Event]
  let ownerMachine: [Row]
  let ownerEvents: [Event]

  static let file = Result {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      MachineTables.self, from: Data(contentsOf: root.appending(path: "spec/registry.json")))
  }
}
