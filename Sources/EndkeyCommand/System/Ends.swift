internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

// The ends of the command line: their stores and their service are folders.

typealias FolderAgent = AgentEnd<EndFolder, ServiceFolder>
typealias FolderOwner = OwnerEnd<EndFolder, ServiceFolder>

extension EndFolder {
  /// The folder that plays the service of this end.
  var serviceFolder: ServiceFolder { ServiceFolder(path: service).telling() }

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

extension AgentEnd<EndFolder, ServiceFolder> {
  /// The agent of a folder.
  static func open(_ path: String) throws -> FolderAgent { of(try EndFolder(path, as: .agent)) }

  static func of(_ folder: EndFolder) -> FolderAgent {
    FolderAgent(store: folder.telling(), service: folder.serviceFolder)
  }
}

extension OwnerEnd<EndFolder, ServiceFolder> {
  /// Opens the account of a folder: an owner's with the password, a second manager's with the grant of its agent.
  static func open(_ folder: EndFolder, _ options: PasswordOptions) async throws -> FolderOwner {
    let masterKey = folder.role == .agent ? try FolderAgent.of(folder).masterKey() : nil
    // What this device remembers is compared before a password is asked for: R-13.2-1.
    let locked = try await LockedOwner(store: folder.telling(), service: folder.serviceFolder)
    try tell(locked.resumption, folder.path)
    switch consume masterKey {
    case .some(let masterKey): return try await locked.open(with: masterKey)
    case .none:
      let credentials = try options.credentials(login: folder.login)
      var progress = Progress()
      progress.show("stretching the password ...")
      defer { progress.clear() }
      return try await locked.open(with: credentials)
    }
  }

  private static func tell(_ resumption: Resumption, _ place: String) throws {
    switch resumption {
    case .nothing: break
    case .sent: try Console.note("\(place): a step that was interrupted has been finished")
    case .dropped:
      try Console.note(
        "\(place): another device has changed the account since a step was interrupted here; the step is not sent "
          + "again: see whether the account has it, and make it again if not")
    }
  }
}

/// The keys of whichever end a folder is: an owner's are behind the password, an agent's are not.
enum ReadingEnd {
  static func keyRing(_ path: String, _ password: PasswordOptions) async throws -> KeyRing {
    let folder = try EndFolder(path)
    return folder.role == .owner
      ? try await FolderOwner.open(folder, password).keyRing() : try FolderAgent.of(folder).keyRing()
  }
}

/// What the system's clock says.
func now() throws -> Time { try Time(milliseconds: UInt64(max(0, Date().timeIntervalSince1970 * 1_000))) }
