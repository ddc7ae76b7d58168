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

  @OptionGroup var account: AccountOptions

  func run() async throws {
    try await account.act { (owner, consent, now, random) throws(ProtocolError) in
      try owner.rotate(consent: consent, now: now, using: &random)
    }
  }
}

struct AccountRepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair", abstract: "Begin anew: another list of persons' number, new keys, no codes.",
    discussion: """
      For a MasterKey that may have been stolen, forks, a clock that was wrong, a restored backup, or an act that was \
      lost. Only the owner can. Every member is asked about.
      """)

  @Option(
    help: ArgumentHelp(
      "A member whose batches are counted anew: its marks are wrong; may be repeated.", valueName: "id"))
  var recount: [AgentID] = []
  @OptionGroup var going: GoingOptions
  @OptionGroup var account: AccountOptions

  func run() async throws {
    let owner = try await account.open()
    let asked = await owner.status.vault?.grantedMembers ?? []
    let staying = try going.staying(asked)
    let going = going.going(asked)
    let recounted = Set(recount)
    let reports =
      recounted.isEmpty
      ? [:] : try await owner.audit(recounting: recounted).reports.filter { recounted.contains($0.key) }
    guard reports.count == recounted.count else {
      throw CommandError(.unknownAgent, "12.9", in: "--recount")
    }
    try await account.act(on: owner, isUrgent: true, keeping: staying) {
      (owner, consent, now, random) throws(ProtocolError) in
      try owner.repair(
        removing: going, recounting: reports, consent: consent, now: now, using: &random)
    }
    try await account.reportBeginning(owner)
  }
}

struct AccountRenewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "List the same persons for another 90 days.",
    discussion: """
      Compare the digits that `account open` shows with those of another device or of a batch first: whoever renews an \
      old list renews a removed person. Only the owner can.
      """)

  @OptionGroup var account: AccountOptions

  func run() async throws {
    try await account.act { (owner, consent, now, random) throws(ProtocolError) in
      try owner.renewCertificate(consent: consent, now: now, using: &random)
    }
  }
}
