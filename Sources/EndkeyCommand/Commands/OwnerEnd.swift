internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyWire
internal import Foundation

/// An owner's end at work: its folder, and the account, open.
///
/// The folder is an owner's, opened with the password, or that of an agent with a master grant: a second
/// manager's, opened with the MasterKey of the grant. Both keep `pins.ek`.
struct OwnerEnd: ~Copyable {
  let folder: EndFolder
  var owner: Owner
  /// As the account was opened with; nil for a second manager.
  let credentials: Credentials?
  /// Of the PasswordWrap at the service.
  let iterations: UInt32
  var random = SystemRandom()

  private let serviceLock: FolderLock

  private init(
    folder: consuming EndFolder, owner: consuming Owner, credentials: consuming Credentials?,
    iterations: UInt32,
    serviceLock: consuming FolderLock
  ) {
    self.folder = folder
    self.owner = owner
    self.credentials = credentials
    self.iterations = iterations
    self.serviceLock = serviceLock
  }

  /// Opens the account of the folder at `path`.
  static func open(_ path: String, _ options: PasswordOptions) throws -> OwnerEnd {
    let role = try EndFolder(path).role
    var end = try role == .owner ? withPassword(path, options) : withGrant(path)
    try end.savePins()
    return end
  }

  /// What this device remembers is compared before a password is asked for: R-13.2-1.
  private static func withPassword(_ path: String, _ options: PasswordOptions) throws -> OwnerEnd {
    let folder = try EndFolder(path, as: .owner)
    let serviceLock = try FolderLock(folder.service.path)
    let pins = try pins(path, folder.deviceKey)
    let messages = try folder.service.storedMessages()
    let head = try head(of: messages, in: folder.service, pins)
    let credentials = try options.credentials(login: folder.login)
    var owner = Owner.locked(pins: pins)
    var progress = Progress()
    progress.show("stretching the password ...")
    defer { progress.clear() }
    try naming(folder.service.path) { try owner.open(messages, with: credentials) }
    return OwnerEnd(
      folder: folder, owner: owner, credentials: credentials, iterations: head.iterations,
      serviceLock: serviceLock)
  }

  /// As a second manager. §10.4
  private static func withGrant(_ path: String) throws -> OwnerEnd {
    let end = try AgentEnd.open(path)
    let masterKey = try naming(path) { try end.agent.masterKey() }
    let folder = end.closed()
    let serviceLock = try FolderLock(folder.service.path)
    let pins = try pins(path, folder.deviceKey)
    let messages = try folder.service.storedMessages()
    let head = try head(of: messages, in: folder.service, pins)
    var owner = Owner.locked(pins: pins)
    try naming(folder.service.path) { try owner.open(messages, with: masterKey) }
    return OwnerEnd(
      folder: folder, owner: owner, credentials: nil, iterations: head.iterations, serviceLock: serviceLock)
  }

  private static func head(
    of messages: StoredMessages, in service: ServiceFolder, _ pins: OwnerPins?
  ) throws -> PasswordHeader {
    try naming(service.passwordWrap) {
      let head = try PasswordWrap(parsing: messages.passwordWrap).head
      try pins?.wrap.check(head)
      return head
    }
  }

  private static func pins(_ path: String, _ deviceKey: borrowing SecretBytes) throws -> OwnerPins? {
    let file = pinsPath(path)
    guard OutputFile.exists(file) else { return nil }
    let bytes = try Descriptor(reading: file).rest(limit: 1 << 20)
    do {
      return try OwnerPins(opening: bytes, deviceKey: deviceKey)
    } catch {
      throw CommandError(error, in: file)
    }
  }

  /// New ones, with the account secret of the old.
  func newCredentials(_ new: NewPasswordOptions, _ old: PasswordOptions) throws -> Credentials {
    try new.credentials(try login(new), old)
  }

  /// Only an owner's folder keeps the login name.
  private func login(_ options: NewPasswordOptions) throws -> String {
    if folder.role == .owner { return folder.login }
    guard let login = options.login else {
      throw CommandError(
        .badInput, folder.path, "a second manager's folder keeps no login name: give --login")
    }
    return login
  }

  /// Stores what a step gave at the service, then what this device remembers.
  mutating func publish(_ publication: borrowing some Publication & ~Copyable) throws {
    try folder.service.store(publication)
    try savePins()
  }

  private mutating func savePins() throws {
    try Self.savePins(of: &owner, in: folder.path, folder.deviceKey, &random)
  }

  static func savePins(
    of owner: inout Owner, in folder: String, _ deviceKey: borrowing SecretBytes, _ random: inout SystemRandom
  ) throws {
    let state = try owner.savePins(deviceKey: deviceKey, using: &random)
    try OutputFile.write(state.serialized, to: pinsPath(folder), .replaced, mode: 0o600)
  }

  private static func pinsPath(_ folder: String) -> String { "\(folder)/pins.ek" }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
func now() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970 * 1_000)) }
