internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeyWire

struct AccountRotateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Go to the next epoch: new keys, for all members that still get any.",
    discussion: """
      Enrolment codes live on. Where the MasterKey may have been stolen, `account repair` ends them, too.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let consent = consent.consent
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      try owner.rotate(consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}

struct AccountRepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Begin anew: another list of persons' number, new keys, no codes.",
    discussion: """
      For a MasterKey that may have been stolen, forks, a clock that was wrong, a restored backup, or an act that was \
      lost. Only the owner can. Every member is asked about.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var going: GoingOptions
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let consent = try await going.consent(consent.consent, of: owner.status.vault)
    let going = Set(going.remove)
    try await owner.act(isUrgent: true) { (owner, now, random) throws(ProtocolError) in
      try owner.repair(removing: going, consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}

struct AccountRenewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "List the same persons for another 90 days.",
    discussion: """
      Compare the digits that `account open` shows with those of another device or of a batch first: whoever renews an \
      old list renews a removed person. Only the owner can.
      """)

  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let owner = try await FolderOwner.open(folder.dir, password, consent)
    let consent = consent.consent
    try await owner.act { (owner, now, random) throws(ProtocolError) in
      try owner.renewCertificate(consent: consent, now: now, using: &random)
    }
    try await Console.report(owner, asJSON: output.json)
  }
}

extension Console {
  /// What became of an act that was waiting.
  static let lostAct = "another device was faster than an act that was waiting here: make it again, if it is wanted"

  /// Where the account stands after an act.
  static func report(_ owner: FolderOwner, asJSON: Bool) async throws {
    let (status, isActLost, ungranted) = (await owner.status, await owner.isActLost, await owner.ungranted)
    guard let state = status.state else { return }
    if asJSON {
      try print([
        "epoch": .integer(state.epoch.value), "generation": .integer(state.generation.value),
        "state": .string(status.digits), "actLost": .bool(isActLost),
        "ungranted": .array(ungranted.map { .string("\($0)") }),
      ])
      return
    }
    try print("epoch \(state.epoch), list \(state.generation), state \(state.counter) (\(status.digits))")
    if isActLost { try note(lostAct) }
    for agentID in ungranted { try note("agent \(agentID) gets no keys: the service has no request of it") }
  }
}
