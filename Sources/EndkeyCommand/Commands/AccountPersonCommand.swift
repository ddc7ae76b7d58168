internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

struct AccountPersonCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "person", abstract: "Persons who may sign: list, join, add, remove.",
    subcommands: [
      AccountPersonListCommand.self, AccountPersonJoinCommand.self, AccountPersonAddCommand.self,
      AccountPersonRemoveCommand.self,
    ])
}

struct AccountPersonListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the persons of the account, and those who ask to join.",
    discussion: "`account person add` lets in who waits, once the ids are compared.")

  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    let persons = await owner.status.vault?.persons ?? []
    let asking = try await owner.asking(in: try await owner.waitingPersons())
    guard !account.output.json else {
      return try Console.print([
        "persons": .array(persons.map(Console.json)),
        "waiting": .array(asking.compactMap(\.id).map { .string("\($0)") }),
        "requests": .array(asking.map(\.json)),
      ])
    }
    for person in persons {
      try Console.print(
        "\(person.personID)  \(person.role.name) \(person.status.name)  \(Console.quoted(person.label.bytes))"
      )
    }
    for request in asking where request.id != nil { try Console.print(request.line) }
    try Console.noteDisguises(in: await owner.status.vault)
    try Console.noteDead(asking)
  }
}

struct AccountPersonJoinCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Ask to join an account as a manager, under a code that its owner has made.",
    discussion: """
      Tell the owner the id that is printed, outside of the service: the owner adds the person who has it. Then \
      `account open` opens the account with your own password. Until then a folder that has asked already sends the \
      same request again, and no code is read.
      """)

  @OptionGroup var folder: FolderArgument
  @Option(
    help: "The service: https://HOST, or a folder that plays it.", completion: .directory,
    transform: Path.folder)
  var service: String
  @Option(help: "Your login name.")
  var login: String
  @Option(
    help: ArgumentHelp("Read the code from a file that only you can read.", valueName: "file"),
    completion: .file(), transform: Path.file)
  var codeFile: String?
  @Option(in: 0...Int32.max, help: ArgumentHelp("Read the code from an open descriptor.", valueName: "n"))
  var codeFd: Int32?
  @OptionGroup var password: PasswordOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    try requireLogin(login)
    guard codeFile == nil || codeFd == nil else { throw ValidationError("two sources of one code") }
  }

  func run() async throws {
    let personID = OutputFile.exists(folder.dir) ? try await askAgain() : try await ask()
    if output.json {
      try Console.print(["person": .string("\(personID)")])
    } else {
      try Console.print("person \(personID) asks to join")
    }
  }

  /// Sends the request that the folder keeps.
  private func askAgain() async throws -> AgentID {
    let store = try folder.store(as: .owner)
    try store.require(service: service)
    guard store.login == login,
      let request = try await FolderOwner.askToJoin(store: store, service: try store.personsService())
    else { throw StoreError.exists(place: folder.dir) }
    return request.request.agentID
  }

  private func ask() async throws -> AgentID {
    let text = try SecretInput(codeFile, codeFd, "manager's enrolment code", option: "--code-file").readText()
    let code = try naming(codeFile ?? "enrolment code") { try EnrolmentCode(text: text) }
    let credentials = try password.credentials(login: login, isNew: true)
    var random = SystemRandom()
    let identity = try Identity.generate(using: &random)
    let personID = identity.agentID
    let service = try folder.service(at: service)
    try await folder.create(as: .owner, at: service, login: login) { store in
      _ = try FolderOwner.prepareToJoin(
        code: code, identity: identity, credentials: credentials, store: store)
    } sending: { store in
      _ = try await FolderOwner.askToJoin(store: store, service: try store.personsService())
    }
    return personID
  }
}

struct AccountPersonAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Let a person join who has asked under a manager's code. Only the owner can.",
    discussion: "Where an act of the owner's was lost, every member is asked about, as in `account repair`.")

  @Option(
    help: ArgumentHelp("The id, compared with the one that the person sees.", valueName: "id"),
    completion: AgentID.persons)
  var approve: AgentID
  @Option(help: "What the person is called.")
  var label = ""
  @OptionGroup var others: KeepOptions
  @OptionGroup var account: AccountOptions

  func validate() throws { try requireLabel("--label", label) }

  func run() async throws {
    let owner = try await account.open()
    var found: (place: String, request: EnrolmentRequest)?
    for waiting in try await owner.waitingPersons() {
      let request = try naming(waiting.place) { try PersonRequest(parsing: waiting.bytes).request }
      if request.agentID == approve { found = (waiting.place, request) }
    }
    guard let found else { throw CommandError(.unknownAgent, "10.2", in: "\(approve)") }
    let status = await owner.status
    let staying = try others.staying(
      status.isRootDue ? status.vault?.grantedMembers ?? [] : [],
      "say that they stay (--keep-others), or remove some with `account repair` first")
    let (approve, label, bytes) = (approve, label, found.request.serialized)
    try await account.act(on: owner, at: found.place, keeping: staying) {
      (owner, consent, now, random) throws(ProtocolError) in
      try owner.addPerson(
        bytes, approved: approve, label: label, consent: consent, now: now, using: &random)
    }
    try await account.report(owner)
    try Console.noteDoubles(of: [approve], in: await owner.status.vault)
  }
}

struct AccountPersonRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a person, also one whose password or device is in other hands.",
    discussion: """
      New keys, another list of persons, no codes. Every member is asked about: the person may have let in computers \
      of its own. Only the owner can.
      """)

  @Option(
    help: ArgumentHelp("The person's id: labels can be changed by any person.", valueName: "id"),
    completion: AgentID.persons)
  var person: AgentID
  @OptionGroup var going: GoingOptions
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    let (vault, person) = (await owner.status.vault, self.person)
    switch vault?.persons.first(where: { $0.personID == person })?.role {
    case nil: throw CommandError(.unknownAgent, "12.8", in: "person \(person)")
    case .owner:
      throw CommandError(
        .checkFailed, "person \(person)", "is the owner, whom nobody removes",
        next:
          "a password in other hands: `endkey account recover` with the recovery text takes the account back")
    default: break
    }
    let asked = vault?.grantedMembers ?? []
    let staying = try going.staying(asked)
    let going = going.going(asked)
    try await account.act(on: owner, at: "person \(person)", isUrgent: true, keeping: staying) {
      (owner, consent, now, random) throws(ProtocolError) in
      try owner.removePersons([person], removing: going, consent: consent, now: now, using: &random)
    }
    try await account.reportBeginning(owner)
  }
}
