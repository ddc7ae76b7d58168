internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct GrantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Verify the requests that wait, and let their computers in.",
    discussion: """
      Without --agent, all requests of agents that are no members yet. Those whose code asks for a person's \
      approval, as each does that gives the MasterKey, wait until they are named with --approve. Members who have no \
      keys of the newest epoch get them in any case. A request that nobody can let in any more, such as one under a \
      code that has ended, is named, and no error unless --agent is for it.
      """)

  @Option(help: ArgumentHelp("Only this agent, by the id that `agent id` prints there.", valueName: "id"))
  var agent: AgentID?
  @Flag(help: "You have compared this agent's id with the one that the computer shows.")
  var approve = false
  @Option(help: "What the agent is called; what its code is called if not given.")
  var label = ""
  @OptionGroup var account: AccountOptions

  func validate() throws {
    try requireLabel("--label", label)
    guard !approve || agent != nil else {
      throw ValidationError("--approve needs --agent: an approval is for one id")
    }
    guard label.isEmpty || agent != nil else {
      throw ValidationError("--label needs --agent: it is for one id")
    }
  }

  func run() async throws {
    let owner = try await account.open()
    let (approved, label) = (approve ? agent : nil, label)
    let waiting = try await owner.waitingRequests(of: agent)
    var granted: [AgentID] = []
    var refused: [CommandError] = []
    var dead: [AskingRequest] = []
    for request in waiting {
      do {
        try await account.act(on: owner, at: request.place) {
          (owner, consent, now, random) throws(ProtocolError) in
          try owner.approve(
            request.bytes, approved: approved, label: label, consent: consent, now: now, using: &random)
        }
        granted.append(try EnrolmentRequest(parsing: request.bytes).agentID)
      } catch EndError.refused(let error, let place) {
        let isMaster = try await error.code == .approvalRequired ? owner.givesMasterKey(request) : false
        let about = isMaster ? ", which gets the MasterKey" : ""
        refused.append(CommandError(error, in: place.map { $0 + about }))
        dead += try await owner.asking(in: [request]).filter(\.isDead)
      }
    }
    if waiting.isEmpty { try await owner.act { (_, _, _) throws(ProtocolError) in nil } }
    if waiting.isEmpty, let agent { throw CommandError(.unknownAgent, "10.2", in: "\(agent)") }
    let masters = await owner.status.vault?.members.filter { $0.kind == .master }.map(\.agentID) ?? []
    try report(granted, refused, masters: Set(masters))
    try Console.noteDoubles(of: Set(granted), in: await owner.status.vault)
    if !account.output.json { try Console.noteDead(dead) }
    guard let error = refused.first, agent != nil || refused.count > dead.count else { return }
    throw error.status
  }

  private func report(_ granted: [AgentID], _ refused: [CommandError], masters: Set<AgentID>) throws {
    if account.output.json {
      try Console.print([
        "granted": .array(granted.map { .string("\($0)") }),
        "masters": .array(granted.filter(masters.contains).map { .string("\($0)") }),
        "refused": .array(refused.map(\.json)),
      ])
      return
    }
    for agentID in granted {
      try Console.print(
        "granted to agent \(agentID)" + (masters.contains(agentID) ? ", which gets the MasterKey" : ""))
    }
    for error in refused { try Console.tell(error) }
    if granted.isEmpty, refused.isEmpty { try Console.print("no request waits") }
  }
}

extension OwnerEnd {
  /// Whether a request was made under a code that gives the MasterKey.
  fileprivate func givesMasterKey(_ request: ReceivedMessage) throws(ProtocolError) -> Bool {
    guard let request = EnrolmentRequest(reading: request.bytes) else { return false }
    return try status.vault?.code(of: request)?.kind == .master
  }
}
