internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyWire

struct GrantCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Verify the requests that wait, and grant keys.",
    discussion: """
      Without --agent, all requests of agents that are no members yet. Those whose code asks for a person's approval \
      wait until they are named with --approve. With --agent, a member is granted again.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(help: ArgumentHelp("Only this agent.", valueName: "id"))
  var agent: AgentID?
  @Flag(help: "Grant the MasterKey: it opens everything of the account.")
  var master = false
  @Flag(help: "You have compared this agent's id with the one that the computer shows.")
  var approve = false
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !approve || agent != nil else {
      throw ValidationError("--approve needs --agent: an approval is for one id")
    }
  }

  func run() throws {
    var end = try OwnerEnd.open(folder.dir, password)
    if let agent, let member = end.owner.vault?[member: agent] {
      let kind = master ? GrantKind.master : member.kind
      try end.publish(try end.owner.grant(agent, kind: kind, using: &end.random))
      return try report([agent], [])
    }
    let waiting = try Self.waiting(end.folder.service, members: end.owner.vault?.members ?? [], only: agent)
    var granted: [AgentID] = []
    var refused: [CommandError] = []
    for request in waiting {
      do {
        let publication = try naming(request.place) {
          try end.owner.approve(
            request.bytes, approved: approve ? agent : nil, kind: master ? .master : nil, now: now(),
            using: &end.random)
        }
        try end.publish(publication)
        granted.append(publication.grant.recipient)
      } catch let error as CommandError where error.code != nil {
        refused.append(error)
      }
    }
    if waiting.isEmpty, let agent { throw CommandError(.unknownAgent, "10.2", in: "\(agent)") }
    try report(granted, refused)
    if let error = refused.first { throw error.status }
  }

  /// Requests of agents that are no members. One that cannot be read is among them, to be refused with its fault.
  private static func waiting(
    _ service: ServiceFolder, members: [Member], only agent: AgentID?
  ) throws -> [(place: String, bytes: [UInt8])] {
    let known = Set(members.map(\.agentID))
    return try service.requests().filter { request in
      do {
        let message = try EnrolmentRequest(parsing: request.bytes)
        let id = AgentID(modulus: message.modulus, verifyKey: message.verifyKey)
        return agent.map { $0 == id } ?? !known.contains(id)
      } catch {
        return agent == nil
      }
    }
  }

  private func report(_ granted: [AgentID], _ refused: [CommandError]) throws {
    if output.json {
      try Console.print([
        "granted": .array(granted.map { .string("\($0)") }), "refused": .array(refused.map(\.json)),
      ])
      return
    }
    for agentID in granted { try Console.print("granted to agent \(agentID)") }
    for error in refused { try Descriptor.error.write(line: error.description) }
    if granted.isEmpty, refused.isEmpty { try Console.print("no request waits") }
  }
}
