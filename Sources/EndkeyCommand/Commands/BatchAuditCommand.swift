internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyWire

struct BatchAuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify all batches of all agents, and total them anew.",
    discussion: """
      Every audit reads from the first batch on, and holds the result against what the last one noted: a batch that was \
      there and is gone is found. Exits with 1 when there is a finding.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    var end = try OwnerEnd.open(folder.dir, password)
    guard let vault = end.owner.vault, let state = end.owner.state else { return }
    var auditor = ServiceAudit(vault: vault, stateCounter: state.counter)
    for name in try end.folder.service.batchFolders() {
      try auditor.audit(name, try end.folder.service.batches(in: name))
    }
    auditor.finish()
    // What is new is noted in the vault.
    for (agentID, batches) in auditor.fresh {
      try end.publish(try end.owner.audit(agentID, batches: batches, using: &end.random))
    }
    try report(auditor, try end.owner.tokenOpener())
    if !auditor.findings.isEmpty { throw ExitStatus.checkFailed }
  }

  private func report(_ audit: ServiceAudit, _ opener: TokenOpener) throws {
    let rows = try TotalRow.rows(of: audit.totals, opener)
    if output.json {
      try Console.print([
        "counted": .integer(audit.countedCount), "findings": .array(audit.findings.map(\.json)),
        "totals": .array(rows.map(\.json)),
      ])
      return
    }
    for finding in audit.findings { try Descriptor.error.write(line: finding.description) }
    for row in rows { try Console.print(row.line) }
    try Console.print("\(audit.countedCount) batches counted, \(audit.findings.count) findings")
  }
}

/// All batches that a service gives, agent by agent.
struct ServiceAudit {
  let vault: Vault
  let stateCounter: UInt64
  private(set) var findings: [CommandError] = []
  private(set) var totals = Totals()
  private(set) var countedCount = 0
  /// Batches behind those that the vault has noted, of agents whose noted ones are all there.
  private(set) var fresh: [(AgentID, [[UInt8]])] = []
  private var audited: Set<AgentID> = []

  init(vault: Vault, stateCounter: UInt64) {
    self.vault = vault
    self.stateCounter = stateCounter
  }

  /// The batches of one folder, which should be named after their agent.
  mutating func audit(_ name: String, _ batches: [(place: String, bytes: [UInt8])]) throws {
    guard let agentID = AgentID(argument: name) else {
      for batch in batches { findings.append(CommandError(.unknownAgent, "16.2", in: batch.place)) }
      return
    }
    audited.insert(agentID)
    let keys = Dictionary(vault.members.map { ($0.agentID, $0.verifyKey) }) { first, _ in first }
    var audit = Audit(
      accountID: vault.accountID, agentID: agentID, members: keys, stateCounter: stateCounter)
    let noted = vault[member: agentID]
    var isNotedThere = noted?.auditedSequence ?? 0 == 0
    var fresh: [[UInt8]] = []
    for batch in batches {
      let counted = audit.take(batch.bytes)
      guard let noted, let counted else { continue }
      if counted.sequence > noted.auditedSequence { fresh.append(batch.bytes) }
      if counted.sequence == noted.auditedSequence {
        isNotedThere = audit.checkpoint.hash == noted.auditedHash
      }
    }
    for finding in audit.findings {
      findings.append(CommandError(finding.error, in: batches[finding.index].place))
    }
    if !isNotedThere { findings.append(Self.lost(agentID, noted)) }
    if isNotedThere, !fresh.isEmpty { self.fresh.append((agentID, fresh)) }
    totals.add(audit.totals)
    countedCount += audit.countedCount
  }

  /// Agents whose batches are all gone.
  mutating func finish() {
    for member in vault.members where member.auditedSequence > 0 && !audited.contains(member.agentID) {
      findings.append(Self.lost(member.agentID, member))
    }
  }

  private static func lost(_ agentID: AgentID, _ member: Member?) -> CommandError {
    var error = CommandError(.sequenceGap, "16.2", in: "agent \(agentID)")
    error.meaning =
      "batch \(member?.auditedSequence ?? 0), which the last audit ended with, is gone or another"
    return error
  }
}

/// The total of one value, over all epochs.
struct TotalRow {
  let field: TokenField
  let value: String
  let milliseconds: UInt64

  /// The longest first.
  static func rows(of totals: Totals, _ opener: TokenOpener) throws -> [TotalRow] {
    var opener = opener
    var sums: [TokenField: [[UInt8]: UInt64]] = [:]
    for (token, sum) in totals.byToken {
      let value: [UInt8]
      do {
        value = try opener.open(token)
      } catch {
        // An agent can sign a token that opens nothing; its time is told under its text.
        value = Array(token.text.utf8)
      }
      sums[token.field, default: [:]][value, default: 0] &+= sum
    }
    return sums.flatMap { field, sums in
      sums.map { TotalRow(field: field, value: String(decoding: $0, as: UTF8.self), milliseconds: $1) }
    }
    .sorted {
      ($1.milliseconds, $0.field.rawValue, $0.value) < ($0.milliseconds, $1.field.rawValue, $1.value)
    }
  }

  var line: String {
    let tenths = milliseconds / 6_000
    return "\(tenths / 10).\(tenths % 10) min  \(field.name)  \(Console.shown(value))"
  }

  var json: JSONValue {
    ["field": .string(field.name), "value": .string(value), "milliseconds": .integer(milliseconds)]
  }
}
