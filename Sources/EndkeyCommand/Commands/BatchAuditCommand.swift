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
      was there and is gone is found. Exits with 1 when there is a finding.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let audit = try await owner.audit()
    let findings = audit.findings.map(CommandError.init)
    try report(audit, findings, TokenOpener(ring: try await owner.keyRing()))
    // What is new is noted in the vault, once a person has said here that it is the newest.
    if await owner.status.isConfirmed { try await owner.note(audit) }
    if !findings.isEmpty { throw ExitStatus.checkFailed }
  }

  private func report(_ audit: AccountAudit, _ findings: [CommandError], _ opener: TokenOpener) throws {
    let rows = try TotalRow.rows(of: audit.totals, opener)
    if output.json {
      try Console.print([
        "counted": .integer(audit.countedCount), "findings": .array(findings.map(\.json)),
        "enrolAnew": .array(audit.forked.map { .string("\($0)") }),
        "erased": .array(
          audit.erased.map { (agentID, range) in
            [
              "agent": .string("\(agentID)"), "first": .integer(range.lowerBound.value),
              "last": .integer(range.upperBound.value),
            ]
          }),
        "totals": .array(rows.map(\.json)),
      ])
      return
    }
    for finding in findings { try Descriptor.error.write(line: finding.description) }
    for agentID in audit.forked {
      try Console.note(
        "agent \(agentID) is two computers, or one whose disk was restored: it is to be enrolled anew, after "
          + "`account remove --agent \(agentID) --audit`")
    }
    for (agentID, range) in audit.erased {
      try Console.print("agent \(agentID): batches \(range.lowerBound) to \(range.upperBound) were erased")
    }
    for row in rows { try Console.print(row.line) }
    try Console.print("\(audit.countedCount) batches counted, \(findings.count) findings")
  }
}

extension CommandError {
  init(_ finding: AccountAudit.Finding) {
    let member = finding.agentID.map { "agent \($0)" } ?? ""
    let number = finding.sequence.map { ", batch \($0)" } ?? ""
    self.init(finding.error, in: finding.place ?? member + number)
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
    for (key, sum) in totals.sums {
      let token = key.token
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
