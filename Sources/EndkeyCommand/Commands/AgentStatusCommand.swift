internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AgentStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say what the agent may do now, and until when.")

  @OptionGroup var folder: FolderArgument
  @OptionGroup var output: OutputOptions

  func run() throws {
    let status = try folder.agent().status()
    guard !output.json else { return try Console.print(status.json) }
    try status.tell()
  }
}

extension AgentStatus {
  func tell() throws {
    try Console.print("agent \(agentID): \(phase.name)")
    if let accountID { try Console.print("account \(accountID)") }
    if let epoch, let validUntil {
      try Console.print("epoch \(epoch), \(isExpired ? "ended" : "until") \(validUntil.text)")
    }
    try Console.print("\(counted(sequence.value, "batch", "batches")) made, \(waiting) not delivered")
    try Console.print("\(counted(segments, "segment")) of captures in no batch")
  }

  var json: JSONValue {
    var object = JSONObject()
    object.append("agent", .string("\(agentID)"))
    object.append("phase", .string(phase.name))
    if let accountID { object.append("account", .string("\(accountID)")) }
    if let epoch { object.append("epoch", .integer(epoch.value)) }
    if let validUntil { object.append("valid_until", .integer(validUntil.milliseconds)) }
    object.append("expired", .bool(isExpired))
    object.append("sequence", .integer(sequence.value))
    object.append("waiting", .integer(waiting))
    object.append("segments", .integer(segments))
    return .object(object)
  }
}
