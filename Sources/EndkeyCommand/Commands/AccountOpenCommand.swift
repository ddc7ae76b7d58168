internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the account and show what its vault says.",
    discussion: """
      With --service and --login, a fresh device makes its folder. It has no memory of the account yet: compare the \
      account id with the one that another device shows.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(help: "The folder that plays the service, on a fresh device.")
  var service: String?
  @Option(help: "The login name, on a fresh device.")
  var login: String?
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (service == nil) == (login == nil) else {
      throw ValidationError("--service and --login go together")
    }
  }

  func run() async throws {
    if let service, let login {
      try await EndFolder.create(folder.dir, as: .owner, service: service, login: login) { _ in }
    }
    let owner = try await FolderOwner.open(EndFolder(folder.dir), password)
    guard let vault = await owner.vault, let state = await owner.state else { return }
    try Console.show(vault, state, await owner.phase.rawValue, asJSON: output.json)
  }
}

extension Console {
  fileprivate static func show(_ vault: Vault, _ state: AccountState, _ phase: String, asJSON: Bool) throws {
    let now = try now()
    let usable = vault.codes.count { !$0.isDead(at: now) }
    guard asJSON else {
      try print("account \(vault.accountID)\nphase   \(phase)\nepoch   \(vault.epoch)")
      try print("state   \(state.counter)\ncodes   \(usable) that can be used")
      for member in vault.members {
        let grant = "\(member.kind.name) grant of epoch \(member.epoch)"
        try print("\(member.role.name) \(member.agentID) \(member.status.name), \(grant)")
      }
      return
    }
    let members: [JSONValue] = vault.members.map {
      [
        "agent": .string("\($0.agentID)"), "role": .string($0.role.name), "status": .string($0.status.name),
        "kind": .string($0.kind.name), "epoch": .integer($0.epoch.value),
        "auditedSequence": .integer($0.auditedSequence.value),
      ]
    }
    try print([
      "account": .string("\(vault.accountID)"), "phase": .string(phase), "epoch": .integer(vault.epoch.value),
      "stateCounter": .integer(state.counter.value),
      "usableCodes": .integer(usable),
      "members": .array(members),
    ])
  }
}
