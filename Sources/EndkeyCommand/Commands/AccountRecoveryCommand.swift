internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountRecoveryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recovery", abstract: "Show the recovery text again. Only the owner can.",
    discussion: "It is the same as that of `account create`: who has found that one has this one, too.")

  @OptionGroup var paper: RecoveryFileOptions
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let file = try paper.file()
    let owner = try await account.open(isFresh: true)
    var told = JSONObject()
    try paper.keep(try await owner.recoveryText().text(), in: file, &told)
    if account.output.json { try Console.print(.object(told)) }
  }
}

/// Where a recovery text goes.
struct RecoveryFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the recovery text to this new file, to be printed and put away; - is standard output.",
      valueName: "file"), completion: .file(), transform: Path.file)
  var recoveryFile: String?

  /// The file, which gets its name once the text is in it; nil where the text is shown. Where `orTerminal` it is not,
  /// unless somebody looks: what a service's log keeps is found by others.
  func file(orTerminal: Bool = false) throws -> NamedOutput? {
    guard recoveryFile != nil || !orTerminal || Descriptor.output.isTerminal else {
      throw CommandError(
        .misuse, nil, "a recovery text is a secret, and there is no terminal to show it",
        next: "say where it goes: --recovery-file FILE, or - for standard output")
    }
    guard let recoveryFile, recoveryFile != "-" else { return nil }
    return try NamedOutput(recoveryFile, mode: 0o600)
  }

  /// The root key, for paper: in its file, or shown. `told` gets what JSON says of it. R-12.6-1
  func keep(
    _ text: consuming SecretBytes, in file: consuming NamedOutput?, _ told: inout JSONObject
  ) throws {
    switch consume file {
    case .some(let file):
      try file.commit(secret: text)
      told.append("file", .string(recoveryFile ?? ""))
    case .none where Console.isJSON:
      let shown = text.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
      told.append("recovery", .string(shown))
    case .none: try NamedOutput("-").commit(secret: text)
    }
    try Console.note(
      "the recovery text gives authority over the account, not its content; whoever finds it takes the account over, "
        + "and a new account is the only remedy: put it away, and keep no copy here")
  }
}

struct AccountRecoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover", abstract: "Recover an account with its recovery text, under a new password.",
    discussion: """
      For an owner who has lost password and devices. It gives back authority, not content: what was recorded before \
      opens for persons who still have their keys. Without --state nothing is changed: what the service has is shown, \
      to be compared with what another person's device shows. Codes end; who is not named does not stay. Where the \
      answer was lost, the folder is there, and the same command sends what is in it again.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(
    help: "The service: https://HOST, or a folder that plays it.", completion: .directory,
    transform: Path.folder)
  var service: String
  @Option(help: "The login name from now on.")
  var login: String
  @Option(
    help: ArgumentHelp("Read the recovery text from a file that only you can read.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var recoveryFile: String?
  @Option(
    in: 0...Int32.max, help: ArgumentHelp("Read the recovery text from an open descriptor.", valueName: "n"))
  var recoveryFd: Int32?
  @Option(
    help: ArgumentHelp(
      "The digits of the state that was shown: it is the newest, this computer's clock is right, who is named stays.",
      valueName: "digits"))
  var state: String?
  @Option(help: ArgumentHelp("A computer that stays; may be repeated.", valueName: "id"))
  var keep: [AgentID] = []
  @Option(
    help: ArgumentHelp("A computer that stays, and gets the MasterKey; may be repeated.", valueName: "id"))
  var keepMaster: [AgentID] = []
  @Option(
    help: ArgumentHelp("A person who stays; may be repeated.", valueName: "id"), completion: AgentID.persons)
  var keepPerson: [AgentID] = []
  @Option(in: RetentionDays.range, help: "For how many days the service keeps what agents send.")
  var retentionDays = 365
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try requireLogin(login)
    guard recoveryFile == nil || recoveryFd == nil else {
      throw ValidationError("two sources of one recovery text")
    }
    guard Set(keep).isDisjoint(with: keepMaster) else {
      throw ValidationError("a computer with and without the MasterKey")
    }
  }

  func run() async throws {
    let days = try RetentionDays(retentionDays)
    let begun = OutputFile.exists(folder.dir) ? try earlierFolder() : nil
    let text = try SecretInput(recoveryFile, recoveryFd, "recovery text", option: "--recovery-file")
      .readText()
    let recoveryText = try naming(recoveryFile ?? "recovery text") { try RecoveryText(text: text) }
    let service = try folder.service(at: service)
    let account = try await RecoveringOwner(text: recoveryText, service: service)
    if let begun { return try await goOn(begun, account) }
    guard state == account.digits else {
      try show(account)
      throw CommandError(
        .approvalRequired, "12.6", in: service.address,
        meaning: "compare this with another device, then say --state \(account.digits), and who stays")
    }
    let credentials = try password.credentials(login: login, isNew: true)
    do {
      try await recover(account, credentials, days, at: service)
    } catch EndError.service(.uncertain(let place, let reason, _)) {
      throw unanswered(place, reason)
    }
  }

  private func unanswered(_ place: String, _ reason: String) -> CommandError {
    CommandError(
      .badInput, place, "\(reason); the recovery is kept in \(folder.dir)",
      next: "the same command again sends it again")
  }

  /// The folder of an earlier run, which may keep a recovery.
  private func earlierFolder() throws -> EndFolder {
    let store = try folder.store(as: .owner)
    try store.require(service: service)
    guard store.login == login else { throw StoreError.exists(place: folder.dir) }
    return store
  }

  /// Sends the recovery that the folder of an earlier run keeps.
  private func goOn(_ store: EndFolder, _ account: borrowing RecoveringOwner<ServicePlace>) async throws {
    do {
      guard try await account.goOn(from: store) else { throw StoreError.exists(place: folder.dir) }
    } catch EndError.service(.uncertain(let place, let reason, _)) {
      throw unanswered(place, reason)
    } catch EndError.service(.superseded(let place)) {
      try store.removeAll()
      throw CommandError(
        .badInput, place, "another device has changed the account since: this recovery never was",
        next: "recover it again")
    }
    try await report(try await FolderOwner.open(store, password))
  }

  private func recover(
    _ account: consuming RecoveringOwner<ServicePlace>, _ credentials: consuming Credentials,
    _ days: RetentionDays, at service: ServicePlace
  ) async throws {
    let members = Dictionary(
      uniqueKeysWithValues: Set(keep).map { ($0, GrantKind.scoped) } + Set(keepMaster).map { ($0, .master) })
    // A closure can be called twice, for all that the compiler knows.
    var account: RecoveringOwner<ServicePlace>? = .some(account)
    var credentials: Credentials? = .some(credentials)
    var recovery: UnsentBeginning<ServicePlace>?
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    try await folder.create(as: .owner, at: service, login: login) { store in
      guard let account = account.take(), let credentials = credentials.take() else { return }
      recovery = .some(
        try await account.prepare(
          keeping: Set(keepPerson), members, credentials: credentials, retentionDays: days, store: store))
    } sending: { store in
      guard let owner = try await recovery.take()?.send(from: store) else { return }
      progress.clear()
      try await owner.noteUntoldRetention()
      try await report(owner)
      await service.leave()
    }
  }

  /// Gives the computers that stay their keys, and says where the account stands.
  private func report(_ owner: FolderOwner) async throws {
    do {
      try await owner.act { (_, _, _) throws(ProtocolError) in nil }
    } catch {
      try Console.note("computers get their keys with the next `endkey grant`: \(error)")
    }
    try await Console.report(owner, asJSON: output.json)
  }

  private func show(_ account: borrowing RecoveringOwner<ServicePlace>) throws {
    let (state, digits) = (account.state, account.digits)
    let listed = state.signers.filter { $0.verifyKey != state.rootKey }.map(\.personID)
    let known = account.persons
    if output.json {
      try Console.print([
        "account": .string("\(state.accountID)"), "generation": .integer(state.generation.value),
        "epoch": .integer(state.epoch.value), "stateCounter": .integer(state.counter.value),
        "state": .string(digits), "made": .integer(state.made.milliseconds),
        "validUntil": .integer(state.validUntil.milliseconds),
        "persons": .array(
          listed.map { ["person": .string("\($0)"), "canStay": .bool(known[$0] != nil)] }),
        "agents": .array(account.agents.map { .string("\($0)") }),
      ])
      return
    }
    try Console.print("account \(state.accountID)\nlist    \(state.generation)\nepoch   \(state.epoch)")
    try Console.print("state   \(state.counter) (\(digits)), made \(state.made.text)")
    try Console.print("clock   \(now().text)")
    for personID in listed {
      let note = known[personID] == nil ? ": cannot stay, the service has no request" : ""
      try Console.print("person \(personID)\(note)")
    }
    for agentID in account.agents {
      let note = state.revoked.contains(agentID) ? ": was revoked" : ""
      try Console.print("agent \(agentID)\(note)")
    }
  }
}
