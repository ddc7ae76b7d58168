internal import ArgumentParser
internal import Endkey
internal import EndkeyJSON
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire

/// What every command takes that works on an account which is there: whose end it is, what opens it, what only a person
/// can say, and how it answers.
///
/// A command declares it behind its own options and before its other arguments, the order in which help shows them.
struct AccountOptions: ParsableArguments {
  @OptionGroup var folder: FolderArgument
  @OptionGroup var password: PasswordOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var output: OutputOptions

  /// An act on the account, with what the person says, at a time. It may be made again.
  typealias Act =
    @Sendable (inout Owner, Consent, Time, inout SystemRandom) throws(ProtocolError) -> Publication?

  /// Opens the account: with the password itself, whatever `account unlock` holds, where `isFresh`.
  func open(isFresh: Bool = false) async throws -> FolderOwner {
    try await FolderOwner.open(try folder.store(as: .owner), password, consent, isFresh: isFresh)
  }

  /// Acts on an open account. `place` is what the act was given, for a message; `staying` are the members that the
  /// person was asked about and that stay.
  func act(
    on owner: FolderOwner, at place: String? = nil, isUrgent: Bool = false, keeping staying: [Member] = [],
    _ make: Act
  ) async throws {
    let consent = consent.consent.keeping(staying)
    try await owner.act(at: place, isUrgent: isUrgent) { (owner, now, random) throws(ProtocolError) in
      try make(&owner, consent, now, &random)
    }
    try await owner.noteUntoldRetention()
  }

  /// Opens the account, acts, and says where it stands then.
  func act(_ make: Act) async throws {
    let owner = try await open()
    try await act(on: owner, make)
    try await report(owner)
  }

  /// Where the account stands after an act.
  func report(_ owner: FolderOwner) async throws { try await Console.report(owner, asJSON: output.json) }

  /// The same after an act that raises the generation: how long things are kept is what whoever went may have written.
  /// R-12.9-9
  func reportBeginning(_ owner: FolderOwner) async throws {
    try await report(owner)
    guard !output.json, let vault = await owner.status.vault else { return }
    try Console.note(
      "batches are kept \(vault.retentionDays.value) days, blobs \(vault.blobDays.value): any person may have set "
        + "that; `account retention` changes it")
  }
}

extension Console {
  /// Says where the service has none of the rules. R-12.9-10
  static func tellRules(of status: OwnerStatus) throws {
    guard status.vault?.hasUnpublishedRules == true else { return }
    try note(
      "the service has no rules of this account: they are too many, or one has a value that is no text. "
        + "`account rules` shows them, and with --set replaces them")
  }

  /// What became of an act that was waiting.
  static let lostAct =
    "another device was faster than an act that was waiting here: make it again, if it is wanted"

  /// Where the account stands after an act.
  static func report(_ owner: FolderOwner, asJSON: Bool) async throws {
    let (status, isActLost, ungranted) = (await owner.status, await owner.isActLost, await owner.ungranted)
    guard let state = status.state else { return }
    if asJSON {
      try print([
        "epoch": .integer(state.epoch.value), "generation": .integer(state.generation.value),
        "state": .string(status.digits), "actLost": .bool(isActLost),
        "ungranted": .array(ungranted.map { .string("\($0)") }),
        "retentionDays": status.vault.map { .integer($0.retentionDays.value) } ?? .null,
        "blobDays": status.vault.map { .integer($0.blobDays.value) } ?? .null,
        "rulesPublished": .bool(status.vault?.hasUnpublishedRules != true),
      ])
      return
    }
    try print("epoch \(state.epoch), list \(state.generation), state \(state.counter) (\(status.digits))")
    if isActLost { try note(lostAct) }
    try tellRules(of: status)
    for agentID in ungranted { try note("agent \(agentID) gets no keys: the service has no request of it") }
  }
}
