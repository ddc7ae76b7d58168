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

  @Option(help: ArgumentHelp("The agent's id, as `account agents` lists it.", valueName: "id"))
  var agent: AgentID
  @OptionGroup var first: AuditFirstOptions
  @OptionGroup var going: GoingOptions
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    let vault = await owner.status.vault
    try Console.requireMember(agent, of: vault)
    let all = going.going(vault?.suspects(of: [agent]) ?? []).union([agent])
    let staying = try going.staying(vault?.suspects(of: all) ?? [])
    try await first.run(owner)
    try await account.act(on: owner, isUrgent: true, keeping: staying) {
      (owner, consent, now, random) throws(ProtocolError) in
      try owner.remove(all, consent: consent, now: now, using: &random)
    }
    try await account.report(owner)
  }
}

struct AccountRetireCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "Retire a computer in good order; the code by which it came ends.",
    discussion: "Audit it first, as --audit does: nothing counts that it signs afterwards.")

  @Option(help: ArgumentHelp("The agent's id, as `account agents` lists it.", valueName: "id"))
  var agent: AgentID
  @OptionGroup var first: AuditFirstOptions
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    try Console.requireMember(agent, of: await owner.status.vault)
    try await first.run(owner)
    let agent = agent
    try await account.act(on: owner) { (owner, consent, now, random) throws(ProtocolError) in
      try owner.retire([agent], consent: consent, now: now, using: &random)
    }
    try await account.report(owner)
  }
}

struct AccountLabelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Name a computer or a person.")

  @Option(help: ArgumentHelp("The agent's id, as `account agents` lists it.", valueName: "id"))
  var agent: AgentID?
  @Option(help: ArgumentHelp("The person's id.", valueName: "id"), completion: AgentID.persons)
  var person: AgentID?
  @OptionGroup var account: AccountOptions
  @Argument(help: "The name, at most 255 bytes; empty takes it away.")
  var label: String

  func validate() throws {
    guard (agent == nil) != (person == nil) else { throw ValidationError("give --agent or --person") }
    try requireLabel("the name", label)
  }

  func run() async throws {
    let (agent, person, label) = (agent, person, label)
    let owner = try await account.open()
    let place = agent.map { "agent \($0)" } ?? person.map { "person \($0)" }
    try await account.act(on: owner, at: place) { (owner, consent, now, random) throws(ProtocolError) in
      if let agent {
        return try owner.setLabel(label, ofMember: agent, consent: consent, now: now, using: &random)
      }
      guard let person else { return nil }
      return try owner.setLabel(label, ofPerson: person, consent: consent, now: now, using: &random)
    }
    try await account.report(owner)
    try Console.noteDoubles(of: Set([agent, person].compactMap { $0 }), in: await owner.status.vault)
  }
}
