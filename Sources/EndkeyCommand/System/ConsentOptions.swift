internal import ArgumentParser
internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

/// What only a person can say, before something is signed. §12.8
struct ConsentOptions: ParsableArguments {
  @Flag(
    help: "You have compared generation, counter and digits with another device: what is shown is the newest."
  )
  var newest = false
  @Flag(help: "This computer's clock is right, though the newest state is ahead of it.")
  var clockIsRight = false
  @Flag(help: "The password was changed on another device.")
  var passwordChanged = false

  var consent: Consent { Consent(isNewest: newest, isClockRight: clockIsRight) }
}

/// Members that go with an act, and the word that the others stay: a person is asked about each.
struct GoingOptions: ParsableArguments {
  @Option(
    name: .customLong("remove"),
    help: ArgumentHelp("A member that goes as well; may be repeated.", valueName: "id"))
  var remove: [AgentID] = []
  @Option(
    help: ArgumentHelp(
      "A member that stays, while all that are asked about go; may be repeated.", valueName: "id"))
  var keep: [AgentID] = []
  @OptionGroup var others: KeepOptions

  func validate() throws {
    guard keep.isEmpty || (remove.isEmpty && !others.keepOthers) else {
      throw ValidationError("--keep says that all others go: it goes with neither --remove nor --keep-others")
    }
  }

  /// Those of the members that are asked about that go.
  func going(_ asked: [Member]) -> Set<AgentID> {
    guard !keep.isEmpty else { return Set(remove) }
    return Set(asked.map(\.agentID)).subtracting(keep)
  }

  /// Those of the members that are asked about that stay.
  func staying(_ asked: [Member]) throws -> [Member] {
    let going = going(asked)
    let staying = asked.filter { !going.contains($0.agentID) }
    guard keep.isEmpty else { return staying }
    return try others.staying(
      staying, "say of each whether it goes (--remove) or stays (--keep), or that they stay (--keep-others)")
  }
}

/// The word that members stay: a person is asked about each.
struct KeepOptions: ParsableArguments {
  @Flag(help: "You have looked at every member that is asked about: the others stay.")
  var keepOthers = false

  /// The same members, and no other; without a word they are told, and nothing happens.
  func staying(_ asked: [Member], _ meaning: String) throws -> [Member] {
    guard !asked.isEmpty, !keepOthers else { return asked }
    for member in asked {
      try Console.note("asked about: \(Console.line(of: member))", ["member": Console.json(member)])
    }
    throw CommandError(.approvalRequired, "12.9", in: counted(asked.count, "member"), meaning: meaning)
  }
}

/// The audit before a computer goes. R-12.9-8
struct AuditFirstOptions: ParsableArguments {
  @Flag(help: "Audit all batches first: nothing counts later that no audit has counted before.")
  var audit = false

  /// Audits, or says what that would be for.
  func run(_ owner: FolderOwner) async throws {
    guard audit else {
      return try Console.note(
        "what no audit has counted of it does not count from now on: --audit counts it first")
    }
    let audit = try await owner.audit()
    for finding in audit.findings.map(CommandError.init) { try Console.tell(finding) }
    try await owner.note(audit)
  }
}

extension CommandError {
  init(_ code: ErrorCode, _ section: String, in place: String, meaning: String) {
    self.init(code, section, in: place)
    self.meaning = meaning
    next = nil
  }
}

extension Console {
  /// Refuses an id that is no member's, before anything is said or done about it.
  static func requireMember(_ agentID: AgentID, of vault: Vault?) throws {
    guard vault?.members.contains(where: { $0.agentID == agentID }) == true else {
      throw CommandError(.unknownAgent, "12.8", in: "agent \(agentID)")
    }
  }

  /// A member in a line.
  static func line(of member: Member) -> String {
    let kind = member.kind == .master ? ", with the MasterKey" : ""
    let label = quoted(member.label.bytes)
    return "agent \(member.agentID) \(member.status.name), \(label), code \(member.codeID)\(kind)"
  }
}
