internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import EndkeyWire
internal import Foundation

// The ends of the command line: their stores are folders, their service is a server or a folder.

typealias FolderAgent = AgentEnd<EndFolder, ServicePlace>
typealias FolderOwner = OwnerEnd<EndFolder, ServicePlace>

extension EndFolder {
  /// The service of this person's end.
  func personsService() throws -> ServicePlace {
    try ServicePlace(service, session: KeptSession(in: self), patience: patience)
  }

  /// The service of this agent. One that runs has a schedule for its attempts, and the next command is another one.
  func agentsService() throws -> ServicePlace { try ServicePlace(service, attempts: 1, patience: patience) }

  /// Refuses another service than that of this end.
  func require(service other: String?) throws {
    guard let other else { return }
    let place = try ServicePlace(other).address
    guard place == service else {
      throw CommandError(.badInput, path, "its service is \(service), not \(place): leave --service out")
    }
  }

  /// The same folder; who waits for another process is told.
  consuming func telling() -> EndFolder {
    onWait = Console.waiting
    return self
  }
}

extension ServiceFolder {
  /// The same folder; who waits for another process is told.
  consuming func telling() -> ServiceFolder {
    onWait = Console.waiting
    return self
  }
}

extension AgentEnd<EndFolder, ServicePlace> {
  /// The agent in a folder.
  static func of(_ folder: EndFolder) throws -> FolderAgent {
    FolderAgent(store: folder.telling(), service: try folder.agentsService())
  }
}

extension OwnerEnd<EndFolder, ServicePlace> {
  /// Opens the account of a person's folder with the password: with the password itself, whatever `account unlock`
  /// holds, where `isFresh`.
  static func open(
    _ folder: EndFolder, _ options: PasswordOptions, _ consent: ConsentOptions? = nil, isFresh: Bool = false
  ) async throws -> FolderOwner {
    // What this device remembers is compared before a password is asked for: R-12.7-2.
    let service = try folder.personsService()
    let locked: LockedOwner<EndFolder, ServicePlace>
    do {
      locked = try await LockedOwner(store: folder.telling(), service: service, loginName: folder.login)
    } catch {
      // It has other logins, and other heads: what fails first is not what is wrong.
      guard service.isOf(anotherThan: try LockedOwner<EndFolder, ServicePlace>.accountID(in: folder)) else {
        throw error
      }
      throw CommandError(.wrongAccount, "13.1", in: service.address)
    }
    if locked.arePinsLost {
      try Console.note("\(folder.path): what this device remembered is lost: what is shown may be old")
    }
    if locked.isActFinished {
      try Console.note("\(folder.path): the act that was interrupted here before has reached the service now")
    }
    if locked.isActWaiting {
      try Console.note(
        "\(folder.path): an act that was interrupted here before waits, and goes first with the next one")
    }
    if !isFresh, !options.isGiven, let secret = try Session.secret(of: folder.path),
      let end = try await locked.open(with: secret)
    {
      return try await end.shown(consent)
    }
    var attempts = 1
    while true {
      do {
        return try await open(locked, with: try options.credentials(login: folder.login), consent)
      } catch EndError.refused(let error, let place)
        where error.code == .personKeysOpenFailed && options.isAsked && attempts < 3
      {
        try Console.tell(CommandError(error, in: place))
        attempts += 1
      }
    }
  }

  /// Opens an account that is closed.
  static func open(
    _ locked: LockedOwner<EndFolder, ServicePlace>, with credentials: consuming Credentials,
    _ consent: ConsentOptions?
  ) async throws -> FolderOwner {
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    let end = try await locked.open(with: credentials, isChangeConfirmed: consent?.passwordChanged ?? false)
    return try await end.shown(consent)
  }

  /// The same end, once the person has been told of what does not open, and has said what is the newest.
  private func shown(_ consent: ConsentOptions?) async throws -> FolderOwner {
    if status.isAside, let code = status.findings.first {
      let isOlder = [.generationRollback, .epochRollback, .counterRollback].contains(code)
      let older =
        isOlder
        ? "If the service was restored from a backup, `endkey account restore` puts that back; else look"
        : "Look"
      try Console.note(
        "what the service has does not open (\(code.rawValue): \(code.meaning)): shown is the last that opened here. "
          + "\(older) at persons and members; `account person remove` or `account repair`, with --newest, goes on "
          + "from it"
      )
    }
    if behind > 0 {
      try Console.note(
        "the service was restored from a backup, and lacked \(counted(behind, "change")) of the account: this device "
          + "has put them back")
    }
    if let unnoted {
      var error = CommandError(unnoted)
      error.meaning += ": what is shown is not remembered here"
      try Console.tell(error)
    }
    if consent?.newest == true { try await confirm() }
    try await noteUntoldRetention()
    return self
  }

  /// Tells a server what it may not have heard of retention. Where that fails, or it keeps what is sent for longer, the
  /// account stands all the same: the person is told. H-10-8
  func noteUntoldRetention() async throws {
    guard isRetentionUntold, let vault = status.vault else { return }
    let days = vault.retentionDays
    do {
      let kept = try await tellLongerRetention()
      guard let kept, kept != KeptDays(batches: days, blobs: vault.blobDays) else { return }
      try Console.note(
        "the account says \(days.value) days for what agents send and \(vault.blobDays.value) for blobs, and the "
          + "service keeps them for \(kept.batches.value) and \(kept.blobs.value): `endkey account retention` says "
          + "what you want")
    } catch EndError.service(let error) {
      try Console.note(
        "\(error): it has not heard for how long it keeps what agents send: `endkey account retention --days "
          + "\(days.value)` says it")
    }
  }
}

/// The keys of whichever end a folder is: an owner's are behind the password, an agent's are not.
enum ReadingEnd {
  static func keyRing(_ folder: EndFolder, _ password: PasswordOptions) async throws -> KeyRing {
    folder.role == .owner
      ? try await FolderOwner.open(folder, password).keyRing() : try FolderAgent.of(folder).keyRing()
  }
}

/// The time by this computer's clock.
func now() -> Time { SystemClocks().wall() }

extension Time {
  /// As a date and time of day, in UTC.
  var text: String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601)
  }
}
