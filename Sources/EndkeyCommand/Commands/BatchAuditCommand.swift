internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct BatchAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify all batches of all agents, and total them anew.",
    discussion: """
      Every audit reads from the first batch on, and holds the result against what the last one noted: a batch that \
      was there and is gone is found. So is a recording or long text that a batch names and the service has not; \
      whether what it has is right shows when it is opened. Exits with 1 when there is a finding. What was found once \
      is found again: --acknowledge notes on this device that you know of all that is shown, and then it is no error \
      any more.

      Time is summed over what counts, and nothing else: a record in each day by the part of it that lies there, under \
      each of its values, and in the category that the account's rules give to it. --by may be given several times. \
      What is strange is told, and is no finding: days of more than their hours, times that cannot be.
      """)

  @Option(help: "What a row is for. (default: field)")
  var by: [ActivitySums.Dimension] = []
  @Option(
    help: ArgumentHelp(
      "Leave out what was before this day or time, such as 2026-11-30T08:00.", valueName: "time"))
  var from: LocalTime?
  @Option(help: ArgumentHelp("Leave out what was after this day or minute.", valueName: "time"))
  var to: LocalTime?
  @Option(help: ArgumentHelp("Whose days and times these are: Asia/Kolkata, +05:30.", valueName: "zone"))
  var zone = Zone.utc
  @Option(
    help: ArgumentHelp(
      "An agent's id: count what is of this agent only. May be given again.", valueName: "id"))
  var agent: [AgentID] = []
  @Flag(help: "Write the sums as CSV, and what was found beside them.")
  var csv = false
  @Flag(
    help: "You know of all findings that are shown: from now on they are told as known, and are no error.")
  var acknowledge = false
  @OptionGroup var account: AccountOptions

  func validate() throws {
    guard Set(by).count == by.count else { throw ValidationError("--by: the same twice") }
    guard !(csv && account.output.json) else { throw ValidationError("--csv or --json, not both") }
    if let from, let to, from.start >= to.end { throw ValidationError("--from is after --to") }
  }

  func run() async throws {
    let owner = try await account.open()
    let members = await owner.status.vault?.members ?? []
    for agentID in agent where !members.contains(where: { $0.agentID == agentID }) {
      throw CommandError(.unknownAgent, "16.2", in: "agent \(agentID)")
    }
    var progress = Progress()
    defer { progress.clear() }
    progress.show("looking for recordings at the service ...")
    let audit = try await owner.lookingForBlobs(in: try await owner.audit())
    progress.clear()
    let unknown = try await owner.unknown(in: audit)
    let opener = TokenOpener(ring: try await owner.keyRing())
    let table = ActivityTable(
      audit, by: by.isEmpty ? [.field] : by, in: period, zone: zone, of: agent.isEmpty ? nil : Set(agent),
      members: members, rules: await owner.status.vault?.rules ?? [],
      opener: opener)
    let oddities = AuditOddities(audit, zone: zone, opener: opener, now: now())
    let gone = Set(members.filter { $0.status != .granted }.map(\.agentID))
    try report(audit, unknown, audit.forked.filter { !gone.contains($0) }, table, oddities)
    if acknowledge { try await owner.acknowledge(audit) }
    // What is new is noted in the vault, once a person has said here that it is the newest.
    if await owner.status.isConfirmed { try await owner.note(audit) }
    if !unknown.isEmpty, !acknowledge { throw ExitStatus.checkFailed }
  }

  private var period: Range<Time>? {
    guard from != nil || to != nil else { return nil }
    let start = from.map { Time(saturating: zone.instant(of: $0.start)) } ?? 0
    return start..<max(start, to.map { Time(saturating: zone.instant(of: $0.end)) } ?? .max)
  }

  private func report(
    _ audit: AccountAudit, _ unknown: [AccountAudit.Finding], _ forked: [AgentID], _ table: ActivityTable,
    _ oddities: AuditOddities
  ) throws {
    let known = audit.findings.filter { !unknown.contains($0) }
    if account.output.json {
      try Console.print([
        "counted": .integer(audit.countedCount),
        "findings": .array(unknown.map { CommandError($0).json }),
        "known": .array(known.map { CommandError($0).json }),
        "missingBlobs": .array(audit.findings.compactMap(\.missingBlob)),
        "enrolAnew": .array(forked.map { .string("\($0)") }),
        "erased": .array(
          audit.erased.map { (agentID, range) in
            [
              "agent": .string("\(agentID)"), "first": .integer(range.lowerBound.value),
              "last": .integer(range.upperBound.value),
            ]
          }),
        "zone": .string(zone.name), "totals": .array(table.rows.map(table.json)),
        "silent": .array(table.silent.map(\.json)),
        "crowded": .array(oddities.crowded.map(\.json)),
        "misdated": .array(oddities.misdated.map(\.json)),
      ])
      return
    }
    for finding in unknown { try Console.tell(CommandError(finding)) }
    for finding in known {
      var error = CommandError(finding)
      error.next = "you know of it"
      try Console.tell(error)
    }
    for agentID in forked {
      try Console.note(
        "agent \(agentID) is two computers, or one whose disk was restored: it is to be enrolled anew, after "
          + "`account remove --agent \(agentID) --audit`")
    }
    try oddities.tell(table.name)
    var summary = audit.erased.map { (agentID, range) in
      "agent \(agentID): batches \(range.lowerBound) to \(range.upperBound) were erased"
    }
    if csv {
      try Descriptor.output.write(table.csv)
    } else {
      for line in table.lines { try Console.print(line) }
    }
    let batches = counted(audit.countedCount, "batch", "batches")
    let whose = agent.isEmpty ? "" : " of all agents"
    let others = known.isEmpty ? "" : ", \(known.count) known"
    summary.append("\(batches)\(whose) counted, \(counted(unknown.count, "finding"))\(others)")
    for line in summary { try csv ? Console.beside(line, .string(line)) : Console.print(line) }
  }
}

extension AccountAudit.Finding {
  /// The blob that is not there, and who names it; nil for another finding.
  fileprivate var missingBlob: JSONValue? {
    guard let agentID, let sequence, let blob else { return nil }
    return ["agent": .string("\(agentID)"), "batch": .integer(sequence.value), "blob": .string("\(blob)")]
  }
}

extension CommandError {
  init(_ finding: AccountAudit.Finding) {
    let member = finding.agentID.map { "agent \($0)" } ?? ""
    let number = finding.sequence.map { ", batch \($0)" } ?? ""
    let blob = finding.blob.map { ", blob \($0)" } ?? ""
    self.init(finding.error, in: finding.place ?? member + number + blob)
  }
}
