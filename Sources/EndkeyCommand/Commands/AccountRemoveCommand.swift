internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove a stolen or hostile computer: new keys for all others, no codes.",
    discussion: """
      Audit it first, as --audit does: nothing counts that it signs afterwards. Every member that came by the same \
      code, and every one without a label, is asked about.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(help: ArgumentHelp("The agent's id.", valueName: "id"))
  var agent: AgentID
  @OptionGroup var first: AuditFirstOptions
  @OptionGroup var going: GoingOptions
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let all = Set(going.remove).union([agent])
    let consent = try await going.others.consent(
      consent.consent, of: owner.status.vault?.suspects(of: all) ?? [],
      "say of each whether it goes (--remove) or that they stay (--keep-others)")
    try await first.run(owner)
    try await owner.act(isUrgent: true) { (owner, now, random) throws(ProtocolError) in
      try owner.remove(all, consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}

struct AccountRetireCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "Retire a computer in good order; the code by which it came ends.",
    discussion: "Audit it first, as --audit does: nothing counts that it signs afterwards.")

  @OptionGroup var folder: FolderArgument
  @Option(help: ArgumentHelp("The agent's id.", valueName: "id"))
  var agent: AgentID
  @OptionGroup var first: AuditFirstOptions
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    try await first.run(owner)
    let (agent, consent) = (agent, consent.consent)
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      try owner.retire([agent], consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}

struct AccountLabelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Name a computer or a person.")

  @OptionGroup var folder: FolderArgument
  @Option(help: ArgumentHelp("The agent's id.", valueName: "id"))
  var agent: AgentID?
  @Option(help: ArgumentHelp("The person's id.", valueName: "id"))
  var person: AgentID?
  @Argument(help: "The name, at most 255 bytes; empty takes it away.")
  var label: String
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (agent == nil) != (person == nil) else { throw ValidationError("give --agent or --person") }
  }

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let (agent, person, label, consent) = (agent, person, label, consent.consent)
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      if let agent {
        return try owner.setLabel(label, ofMember: agent, consent: consent, now: now, using: &random)
      }
      guard let person else { return nil }
      return try owner.setLabel(label, ofPerson: person, consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}
