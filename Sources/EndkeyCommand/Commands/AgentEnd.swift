internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import Foundation

/// An agent at work: its folder and its state.
///
/// The folder has `state.ek`, the mark `pinned` that R-13.1-4 asks for, and `outbox` with batches that were not delivered.
struct AgentEnd: ~Copyable {
  let folder: EndFolder
  var agent: Agent
  var random = SystemRandom()

  private init(folder: consuming EndFolder, agent: consuming Agent) {
    self.folder = folder
    self.agent = agent
  }

  static func open(_ path: String) throws -> AgentEnd {
    let folder = try EndFolder(path, as: .agent)
    var random = SystemRandom()
    let statePath = statePath(path)
    let state = OutputFile.exists(statePath) ? try Descriptor(reading: statePath).rest(limit: 1 << 25) : nil
    let agent = try naming(statePath) {
      try Agent(
        restoring: state, deviceKey: folder.deviceKey, isMarked: OutputFile.exists(markPath(path)),
        using: &random)
    }
    guard agent.phase != .stopped else { throw CommandError(.checkFailed, statePath, stopped) }
    let end = AgentEnd(folder: folder, agent: agent)
    try end.deliver()
    return end
  }

  /// The folder, for another end that works in it.
  consuming func closed() -> EndFolder { folder }

  private static var stopped: String {
    "the state of an enrolled agent is missing or damaged, so it has stopped; whoever administers this computer can "
      + "remove its folder and enrol it anew"
  }

  /// Writes the state: R-13.4-2.
  mutating func save() throws {
    try Self.save(&agent, in: folder.path, folder.deviceKey, &random)
  }

  /// The mark comes first: a crash between both stops the agent, and never lets it start anew. R-13.1-4
  static func save(
    _ agent: inout Agent, in folder: String, _ deviceKey: borrowing SecretBytes, _ random: inout SystemRandom
  ) throws {
    let state = try agent.save(deviceKey: deviceKey, using: &random)
    if agent.needsMark, !OutputFile.exists(markPath(folder)) {
      try OutputFile.write([], to: markPath(folder), .refused, mode: 0o600)
    }
    try OutputFile.write(state.serialized, to: statePath(folder), .replaced, mode: 0o600)
  }

  private static func statePath(_ folder: String) -> String { "\(folder)/state.ek" }
  private static func markPath(_ folder: String) -> String { "\(folder)/pinned" }
}

// MARK: - Batches

extension AgentEnd {
  /// Signs records and delivers them. The batch is in the outbox before the state that counts it is written, so that
  /// a crash loses neither.
  mutating func send(_ records: [Record]) throws -> RecordBatch {
    let batch = try agent.signBatch(records)
    try Folder.make(outbox, mode: 0o700)
    try OutputFile.write(batch.serialized, to: "\(outbox)/\(batch.sequence).ek", .replaced, mode: 0o600)
    try save()
    try deliver()
    return batch
  }

  private var outbox: String { "\(folder.path)/outbox" }

  /// Delivers what the outbox holds. A batch that the state does not count was never made.
  private func deliver() throws {
    guard Folder.exists(outbox), let agentID = agent.agentID else { return }
    let names = try Folder.names(in: outbox)
    for (sequence, name) in names.compactMap({ name in Self.sequence(name).map { ($0, name) } }).sorted(by: <)
    {
      let place = "\(outbox)/\(name)"
      if sequence <= agent.sequence {
        try Folder.make(folder.service.batches(of: agentID))
        let target = folder.service.batch(sequence, of: agentID)
        let bytes = try Descriptor(reading: place).rest(limit: 1 << 25)
        if try !OutputFile.exists(target) || Descriptor(reading: target).rest(limit: 1 << 25) != bytes {
          try OutputFile.write(bytes, to: target, .refused)
        }
      }
      guard unsafe unlink(place) == 0 else { throw CommandError.system(place, "remove") }
    }
  }

  private static func sequence(_ name: String) -> UInt64? {
    name.hasSuffix(".ek") ? UInt64(name.dropLast(3)) : nil
  }
}
