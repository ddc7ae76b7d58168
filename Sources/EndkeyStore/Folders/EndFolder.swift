internal import EndkeyJSON
public import EndkeyPrimitives
public import EndkeyWire

/// The store of one end in a folder that only its user can read.
///
///     config.json   what kind of end, its service, its login name
///     device.key    32 bytes, raw
///     state.ek      an agent's sealed state
///     pinned        the mark that this end has remembered an account
///     clock         how far the computer's clocks had come when the state was written
///     spool/N.ek    what was captured, and is in no batch; what is damaged is kept aside as N.damaged
///     spent         how far the spool is in batches
///     inputs        which inputs are in the spool, by the names that their senders gave them
///     health        how an agent that runs does; run.lock is held while it does
///     admission     what lets an agent's request in, sealed, until it has keys
///     outbox/N.ek   batches that were not delivered; the service refuses N.refused for good
///     blobs/H.ek    the blobs that these name
///     delivered/    batches and blobs that a server has confirmed in the last days
///     incarnation   which data the server had then
///     pins.ek       what a person's device remembers, sealed
///     publication   what a person's device is sending, written ahead
///     joining       what asks to let a person join, sealed, until the account has opened
///     session       the session of a person whom the service has signed in, sealed
///     kept          the account as that device has seen it last, to be put back at a service that loses data
///     acknowledged  which findings of audits a person knows of, a line each
///     .tmp/         what is being written; whoever takes the lock removes what a process that was killed has left
public struct EndFolder: EndStore {
  /// What a folder was made for: `owner` for a person, whoever that is.
  public enum Role: String, Sendable {
    /// An owner's device.
    case owner
    /// An agent's computer, or that of a second manager.
    case agent
  }

  /// The folder's path, as it was given.
  public let path: String
  /// What the folder was made for.
  public let role: Role
  /// The address of the service: a URL, or a folder's path from the root.
  public let service: String
  /// What the owner types at a login; empty for an agent.
  public let login: String
  /// How long this process waits for another one that works in the folder.
  public let patience: Duration
  /// What to do when this process waits for another one.
  public var onWait: WaitNotice?

  /// Opens a folder that exists.
  ///
  /// - Throws: `missing` when there is none; `readableByOthers` or `foreign` when it is not this user's alone;
  ///   `damaged` when it is not what `create` makes, or `expected` is given and it was made for the other role.
  public init(
    _ path: String, as expected: Role? = nil, patience: Duration = .seconds(60)
  ) throws(StoreError) {
    guard Folder.exists(path) else {
      if OutputFile.exists(path) { throw .damaged(place: path, reason: "is a file, and no folder") }
      throw .missing(place: path)
    }
    // In this order: what is no end's folder is not to be made secret.
    try Folder.requireOwner(path)
    try Self.requireEnd(path)
    try Folder.requirePrivate(path)
    let configuration = "\(path)/config.json"
    let bytes = try Descriptor.kept(configuration).rest(limit: 1 << 16)
    do {
      (role, service, login) = try JSONCursor(JSONValue(parsing: TextDecoder.decode(bytes))).object {
        fields in
        (
          try fields.required("role").name(), try fields.required("service").string(),
          try fields.required("login").string()
        )
      }
    } catch {
      throw .damaged(place: configuration, reason: "\(error)")
    }
    guard service.contains("://") || service.hasPrefix("/") else {
      throw .damaged(
        place: configuration, reason: "service is \"\(service)\", neither an address nor a path from the root"
      )
    }
    if let expected, role != expected {
      throw .damaged(
        place: path,
        reason: role == .owner
          ? "is a person's folder, and this is done in an agent's"
          : "is an agent's folder, and this is done in a person's")
    }
    self.path = path
    self.patience = patience
  }

  private static func requireEnd(_ path: String) throws(StoreError) {
    guard !OutputFile.exists("\(path)/config.json") else { return }
    let reason =
      Folder.exists("\(path)/account") ? "is the folder of a service, and no end's" : "is no end's folder"
    throw .damaged(place: path, reason: "\(reason): give one that `account` or `agent request` has made")
  }

  private init(path: String, role: Role, service: String, login: String, patience: Duration) {
    self.path = path
    self.role = role
    self.service = service
    self.login = login
    self.patience = patience
  }

  /// Makes a folder whole, with a new device key: what `fill` writes into the store is in it from the start. Nothing
  /// remains when `fill` throws.
  ///
  /// - Throws: `exists` when something stands at `path`, and what `fill` throws.
  public static func create(
    _ path: String, as role: Role, service: String, login: String = "",
    patience: Duration = .seconds(60), _ fill: (EndFolder) async throws -> Void
  ) async throws {
    guard !OutputFile.exists(path) else { throw StoreError.exists(place: path) }
    let folder = try NewFolder(path, mode: 0o700)
    let end = EndFolder(
      path: folder.temporary, role: role, service: Self.place(service), login: login, patience: patience)
    try OutputFile.write(end.configuration, to: end.configurationPath, .refused, mode: 0o600)
    var random = SystemRandom()
    try OutputFile.write(secret: try random.secret(32), to: "\(folder.temporary)/device.key")
    try await fill(end)
    try folder.commit()
  }

  /// Removes the folder with all that is in it.
  package func removeAll() throws(StoreError) { try Folder.remove(path) }

  /// A server's address as it is, a folder's from the root on.
  private static func place(_ service: String) -> String {
    service.contains("://") ? service : Folder.absolute(service)
  }

  /// Writes down that the end's service is at another place, as after it was moved. Nothing is asked of it.
  public func move(to service: String) async throws(StoreError) {
    let lock = try await lock()
    let moved = EndFolder(
      path: path, role: role, service: Self.place(service), login: login, patience: patience)
    try Folder.make(temporaryPath, mode: 0o700)
    try OutputFile.write(
      moved.configuration, to: configurationPath, .replaced, mode: 0o600, in: temporaryPath)
    lock.end()
  }

  private var configuration: [UInt8] {
    let config: JSONValue = [
      "role": .string(role.rawValue), "service": .string(service), "login": .string(login),
    ]
    return config.serialized(.pretty)
  }

  private var configurationPath: String { "\(path)/config.json" }
}

// MARK: - The store

extension EndFolder {
  public func lock() async throws(StoreError) -> StoreLock {
    let lock = try await FolderLock.wait(path, atMost: patience, onWait)
    // Where that fails, as on a disk that can only be read, whoever writes is told; whoever reads goes on.
    do { try Folder.remove(temporaryPath) } catch {}
    return StoreLock(keeping: Held(lock))
  }

  public func deviceKey() throws(StoreError) -> SecretBytes {
    let file = try Descriptor.kept("\(path)/device.key")
    try file.requirePrivate()
    let key = try file.secret(limit: 33)
    guard key.count == 32 else { throw .damaged(place: file.name, reason: "a device key has 32 bytes") }
    return key
  }

  public func read(_ item: StoreItem) throws(StoreError) -> [UInt8]? {
    let path = place(of: item)
    guard OutputFile.exists(path) else { return nil }
    do {
      return try Descriptor.kept(path).rest(limit: 1 << 26)
    } catch {
      // Delivered and removed by another process between the two calls.
      if !OutputFile.exists(path) { return nil }
      throw error
    }
  }

  public func write(_ bytes: [UInt8], as item: StoreItem) throws(StoreError) {
    switch item {
    case .segment, .damaged: try Folder.make(spoolPath, mode: 0o700)
    case .batch, .refusedBatch: try Folder.make(outboxPath, mode: 0o700)
    case .blob, .refusedBlob: try Folder.make(blobsPath, mode: 0o700)
    case .deliveredBatch, .deliveredBlob: try Folder.make(deliveredPath, mode: 0o700)
    default: break
    }
    try Folder.make(temporaryPath, mode: 0o700)
    try OutputFile.write(bytes, to: place(of: item), .replaced, mode: 0o600, in: temporaryPath)
  }

  public func remove(_ item: StoreItem) throws(StoreError) { try OutputFile.remove(place(of: item)) }

  public func setAside(_ item: StoreItem) throws(StoreError) -> String {
    let path = place(of: item)
    let stem = path.hasSuffix(".ek") ? String(path.dropLast(3)) : path
    var aside = "\(stem).damaged"
    while OutputFile.exists(aside) { aside = "\(stem).\(Folder.randomName()).damaged" }
    try Folder.rename(path, to: aside)
    return aside
  }

  public func segments() throws(StoreError) -> [Counter] { try numbers(in: spoolPath) }

  public func outbox() throws(StoreError) -> [Counter] { try numbers(in: outboxPath) }

  public func delivered() throws(StoreError) -> [Counter] { try numbers(in: deliveredPath) }

  public func blobs() throws(StoreError) -> [Hash] {
    try names(in: blobsPath).compactMap { Hash(hexadecimal: $0) }
  }

  /// The numbers that files in a folder are named by, in ascending order.
  private func numbers(in folder: String) throws(StoreError) -> [Counter] {
    var numbers: [Counter] = []
    for name in try names(in: folder) {
      guard let value = UInt64(name), let number = Counter(exactly: value) else { continue }
      numbers.append(number)
    }
    return numbers.sorted()
  }

  /// The names of the files in a folder, without their ending.
  private func names(in folder: String) throws(StoreError) -> [Substring] {
    guard Folder.exists(folder) else { return [] }
    return try Folder.names(in: folder).compactMap { $0.hasSuffix(".ek") ? $0.dropLast(3) : nil }
  }

  public var name: String { path }

  public func place(of item: StoreItem) -> String {
    switch item {
    case .agentState: "\(path)/state.ek"
    case .mark: "\(path)/pinned"
    case .clock: "\(path)/clock"
    case .segment(let number): "\(spoolPath)/\(number).ek"
    case .damaged(let number): "\(spoolPath)/\(number).damaged"
    case .spent: "\(path)/spent"
    case .inputs: "\(path)/inputs"
    case .health: "\(path)/health"
    case .batch(let sequence): "\(outboxPath)/\(sequence).ek"
    case .blob(let hash): "\(blobsPath)/\(hash).ek"
    case .refusedBatch(let sequence): "\(outboxPath)/\(sequence).refused"
    case .refusedBlob(let hash): "\(blobsPath)/\(hash).refused"
    case .deliveredBatch(let sequence): "\(deliveredPath)/\(sequence).ek"
    case .deliveredBlob(let hash): "\(deliveredPath)/\(hash).blob"
    case .incarnation: "\(path)/incarnation"
    case .admission: "\(path)/admission"
    case .joining: "\(path)/joining"
    case .session: "\(path)/session"
    case .ownerPins: "\(path)/pins.ek"
    case .publication: "\(path)/publication"
    case .kept: "\(path)/kept"
    case .acknowledged: "\(path)/acknowledged"
    }
  }

  private var spoolPath: String { "\(path)/spool" }
  private var outboxPath: String { "\(path)/outbox" }
  private var deliveredPath: String { "\(path)/delivered" }
  private var blobsPath: String { "\(path)/blobs" }
  private var temporaryPath: String { "\(path)/.tmp" }
}

/// A lock as an object, so that whoever keeps the object keeps the lock.
private final class Held: Sendable {
  private let lock: FolderLock

  init(_ lock: consuming FolderLock) { self.lock = lock }
}
