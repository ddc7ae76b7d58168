internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open", abstract: "Open the account and show what its vault says.",
    discussion: """
      With --service and --login, a fresh device makes its folder. It has no memory of the account yet: compare \
      account, list, state and digits with those that another device shows, and say --newest.
      """)

  @Option(
    help: "The service, on a fresh device: https://HOST, or a folder that plays it.",
    completion: .directory, transform: Path.folder)
  var service: String?
  @Option(help: "The login name, on a fresh device.")
  var login: String?
  @Flag(help: "This device's disk was restored from a copy: what it remembers is old, and is forgotten.")
  var restored = false
  @OptionGroup var account: AccountOptions

  func validate() throws {
    guard (service == nil) == (login == nil) else {
      throw ValidationError("--service and --login go together")
    }
    if let login { try requireLogin(login) }
    guard !restored || service == nil else { throw ValidationError("a fresh device remembers nothing") }
  }

  func run() async throws {
    if let service, let login { return try await begin(at: service, as: login) }
    if restored {
      let store = try account.folder.store(as: .owner)
      try await LockedOwner<EndFolder, ServicePlace>.forget(store)
    }
    let owner = try await account.open()
    if await owner.status.isConfirmed { try await renew(owner) }
    if await owner.isActLost { try Console.note(Console.lostAct) }
    let status = await owner.status
    try Console.show(status, asJSON: account.output.json)
    if status.isAside { throw ExitStatus.checkFailed }
  }

  /// Makes the folder of a fresh device, once the account has opened.
  private func begin(at service: String, as login: String) async throws {
    try account.folder.requireNew()
    let service = try account.folder.service(at: service)
    try service.requireAccount()
    var credentials: Credentials? = .some(try account.password.credentials(login: login))
    try await account.folder.create(as: .owner, at: service, login: login) { store in
      guard let credentials = credentials.take() else { return }
      let locked = try await LockedOwner(store: store, service: try store.personsService(), loginName: login)
      let owner = try await FolderOwner.open(locked, with: credentials, account.consent)
      try Console.show(await owner.status, asJSON: account.output.json)
    }
  }

  /// A person's first opening of a day renews the state. What stands in its way is told, and is no error.
  private func renew(_ owner: FolderOwner) async throws {
    do {
      try await account.act(on: owner) { (owner, consent, now, random) throws(ProtocolError) in
        try owner.renew(consent: consent, now: now, using: &random)
      }
    } catch EndError.refused(let error, _) {
      try Console.note("the state is not renewed: \(error.code.meaning)")
    } catch EndError.store(let error) {
      try Console.note("the state is not renewed: \(error)")
    }
  }
}

extension Console {
  fileprivate static func show(_ status: OwnerStatus, asJSON: Bool) throws {
    guard let vault = status.vault, let state = status.state else { return }
    for finding in status.findings.dropFirst(status.isAside ? 1 : 0) {
      try note("not as this device left the account: \(finding.rawValue): \(finding.meaning)")
    }
    if !status.isConfirmed {
      try note(
        "nothing is signed here before you have compared list, state and digits with another device: then say --newest"
      )
    }
    if status.isRootDue, !status.isAside {
      try note("an act of the owner was lost: `account repair` comes before everything else")
    }
    if status.missingKeys > 0 {
      try note(
        "the account lacks \(counted(status.missingKeys, "key")) of past epochs that this device has kept: "
          + "the next act gives them back")
    }
    try tellRules(of: status)
    let now = now()
    if now >= state.validUntil {
      try note(
        "the state has expired, and agents make nothing: compare state and digits with another device, then "
          + "`account renew --newest` makes a new one")
    }
    if now.adding(days: 14) >= state.certificateUntil {
      try note(
        "the list of persons ends on \(state.certificateUntil.text), and all acts with it: the owner makes it last "
          + "with `account renew`")
    }
    let usable = vault.codes.count { !$0.isDead(at: now) }
    guard asJSON else {
      try print("account \(state.accountID)\nperson  \(status.personID?.description ?? "")")
      try print("list    \(state.generation), until \(state.certificateUntil.text)")
      try print("epoch   \(state.epoch)")
      try print(
        "state   \(state.counter) (\(status.digits)), made \(state.made.text), until \(state.validUntil.text)"
      )
      try print("vault   made \(vault.made.text) by \(vault.madeBy)")
      try print("kept    \(vault.retentionDays.value) days, blobs \(vault.blobDays.value)")
      try print("codes   \(usable) that can be used")
      for person in vault.persons {
        try print(
          "\(person.role.name) \(person.personID) \(person.status.name), \(quoted(person.label.bytes))")
      }
      for member in vault.members { try print(line(of: member)) }
      return
    }
    try print([
      "account": .string("\(state.accountID)"), "phase": .string(status.phase.rawValue),
      "generation": .integer(state.generation.value), "epoch": .integer(state.epoch.value),
      "stateCounter": .integer(state.counter.value), "state": .string(status.digits),
      "made": .integer(state.made.milliseconds), "validUntil": .integer(state.validUntil.milliseconds),
      "certificateUntil": .integer(state.certificateUntil.milliseconds),
      "confirmed": .bool(status.isConfirmed),
      "findings": .array(status.findings.map { .string($0.rawValue) }),
      "retentionDays": .integer(vault.retentionDays.value), "blobDays": .integer(vault.blobDays.value),
      "usableCodes": .integer(usable), "persons": .array(vault.persons.map(json)),
      "members": .array(vault.members.map(json)),
    ])
  }

  static func json(_ person: Person) -> JSONValue {
    [
      "person": .string("\(person.personID)"), "role": .string(person.role.name),
      "status": .string(person.status.name),
      "label": .string(String(decoding: person.label.bytes, as: UTF8.self)),
    ]
  }

  static func json(_ member: Member) -> JSONValue {
    [
      "agent": .string("\(member.agentID)"), "status": .string(member.status.name),
      "kind": .string(member.kind.name), "code": .string("\(member.codeID)"),
      "label": .string(String(decoding: member.label.bytes, as: UTF8.self)),
      "auditedSequence": .integer(member.auditedSequence.value),
    ]
  }
}
