internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentSendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Ask for the newest state, and send what was captured as signed batches.",
    discussion: "What cannot be delivered now is kept for the next call, and makes the status 4.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await folder.agent().send(telling: output, folder.dir)
  }
}

extension FolderAgent {
  /// Sends what waits, and says so. What could not be delivered is kept: why, and how much it is, is told, and the
  /// status says that.
  ///
  /// - Parameter kept: how many captures were kept just now; nil when none was to be.
  /// - Parameter damaged: what was put aside of the agent's files before.
  func send(
    telling output: OutputOptions, _ place: String, kept: Int? = nil, damaged: [String] = []
  ) async throws {
    try AgentDamage.tell(damaged)
    var sent = SentActivity()
    do {
      try await send(&sent)
    } catch {
      try sent.tellFaults()
      let status = try status()
      // Of an agent that was removed nothing will be delivered.
      guard status.phase != .revoked, kept != nil || status.isWaiting else { throw error }
      try Console.tell(CommandError(error, in: place))
      try status.tellKept(kept, at: place, asJSON: output.json)
      throw ExitStatus.kept
    }
    try sent.tell(output)
    guard damaged.isEmpty else { throw ExitStatus.checkFailed }
  }
}

extension AgentStatus {
  func tellKept(_ kept: Int?, at place: String, asJSON: Bool) throws {
    guard !asJSON else {
      var object = JSONObject()
      if let kept { object.append("kept", .integer(kept)) }
      object.append("delivered", false)
      object.append("segments", .integer(segments))
      object.append("batches", .integer(waiting))
      return try Console.print(.object(object), .compact)
    }
    let now = kept.map { "\($0) kept, " } ?? ""
    try Console.print(
      "\(place): \(now)not delivered yet: \(counted(segments, "segment")) and "
        + "\(counted(waiting, "batch", "batches")) wait"
    )
  }
}

extension SentActivity {
  /// Says what was sent; the status is 1 when the spool was damaged.
  func tell(_ output: OutputOptions) throws {
    for batch in batches {
      if output.json {
        try Console.print(
          [
            "batch": .string(places[batch.sequence] ?? ""), "sequence": .integer(batch.sequence.value),
            "records": .integer(batch.records.count),
          ], .compact)
      } else {
        try Console.print("batch \(batch.sequence): \(counted(batch.records.count, "record"))")
      }
    }
    try tellFaults()
    guard damaged.isEmpty, refused.isEmpty else { throw ExitStatus.checkFailed }
  }
}

extension SentActivity {
  /// Says what is damaged, gone or refused.
  fileprivate func tellFaults() throws {
    try AgentDamage.tell(damaged)
    for error in refused { try Console.note("\(error)") }
  }
}

/// What was unreadable among an agent's own files.
enum AgentDamage {
  /// What it means for whoever uses the agent, with what to do.
  static func meaning(_ place: String) -> String {
    let parts = place.split(separator: "/")
    return switch parts.dropLast().last {
    case "outbox" where place.hasSuffix(".ek"):
      "a batch that was removed before it was delivered: what it had is sent again, in a batch with another number"
    case "outbox":
      "a batch that cannot be read: put aside; what it had is sent again, in a batch with another number"
    case "blobs": "damaged or lost: its batch is sent without it, and whoever opens it is told"
    case "spool":
      "damaged, and kept aside; what was whole in it is sent, unless it is in a batch or nobody knows: "
        + "`endkey spool recover` shows it"
    default: "cannot be read: put aside, with the spool, so that nothing counts twice"
    }
  }

  static func tell(_ places: [String]) throws {
    for place in places { try Console.note("\(place): \(meaning(place))") }
  }
}
