internal import Endkey
internal import EndkeyWire

/// A folder that plays the service:
///
///     account/                       what changes as one: see ServiceFolder+Account
///     person-requests/<person id>.ek
///     requests/<agent id>.ek
///     grants/<agent id>.ek
///     batches/<agent id>/<SHA-256>.ek
///     blobs/<agent id>/<SHA-256>.ek
///     .tmp/                          what is being written
///
/// It has no rights of its own beside those of its files, whose owner decides who reads and writes them. So it keeps no
/// login verifier and no hash of a recovery key, and gives what is asked for: whoever can ask can read the files, and
/// all of them are such that this is no harm beyond what a service sees. Nor does it erase by retention, or mark what
/// it erased: it erases what an owner's end asks for, which the vault notes before.
///
/// Several ends of one computer may work on it at once. The lock is one of the folder itself (`flock`), which a network
/// file system may keep on each computer for itself, as NFS does for folders.
public struct ServiceFolder: Sendable {
  /// The folder, as an absolute path.
  public let path: String
  /// How long this process waits for another one that changes the account.
  public let patience: Duration
  /// What to do when this process waits for another one.
  public var onWait: WaitNotice?

  /// The folder at `path`. Nothing is read or made before something is asked for.
  public init(path: String, patience: Duration = .seconds(60)) {
    self.path = Folder.absolute(path)
    self.patience = patience
  }

  /// The folder's path.
  public var name: String { path }

  var account: String { "\(path)/account" }
  /// Complete before `account` goes away.
  var next: String { "\(path)/account.next" }
  var previous: String { "\(path)/account.previous" }

  static var vault: String { "vault.ek" }
  static var state: String { "state.ek" }
  static var rules: String { "rules.ek" }
  static var grants: String { "grants" }

  private var temporaries: String { "\(path)/.tmp" }
}

// MARK: - Reading

extension ServiceFolder {
  /// Whether an account stands here.
  public var hasAccount: Bool { Folder.exists(account) || Folder.exists(next) }

  /// The first folder that has something of an account, which is not here where ``hasAccount`` says so: it was moved
  /// away, or is not back yet.
  public var leftover: String? {
    ["batches", "blobs", Self.grants, "requests", "person-requests"].map { "\(path)/\($0)" }.first { folder in
      do {
        return try Folder.exists(folder) && !Folder.names(in: folder).isEmpty
      } catch {
        // What cannot be looked at is not empty.
        return true
      }
    }
  }

  /// The newest AccountState, as it stands in the folder.
  public func accountState() throws(ServiceError) -> ReceivedMessage {
    let place = "\(account)/\(Self.state)"
    return try withAccount { () throws(StoreError) in
      ReceivedMessage(place: place, bytes: try read(place, atMost: AccountState.byteCountMax))
    }
  }

  /// What `body` reads of the account, which nobody changes meanwhile. `noAccount` when there is none.
  func withAccount<Value>(_ body: () throws(StoreError) -> Value) throws(ServiceError) -> Value {
    let value: Value? = try unchanged { () throws(StoreError) in
      guard Folder.exists(path) else { return nil }
      let lock = try locked(isReading: true)
      let value = Folder.exists(account) ? try body() : nil
      lock.end()
      return value
    }
    guard let value else { throw .noAccount(place: path) }
    return value
  }

  /// Takes the folder for this process. What one that was killed has left is finished or removed; whoever only reads
  /// leaves it where nothing can be changed, as in a mirror, and an account stands there.
  func locked(isReading: Bool = false) throws(StoreError) -> FolderLock {
    let lock = try FolderLock.wait(path, atMost: patience, onWait)
    try refuseLinks()
    do {
      try Folder.remove(temporaries)
      try recover()
    } catch {
      guard isReading, Folder.exists(account) else { throw error }
    }
    return lock
  }

  /// Runs `body` while nobody else changes the folder.
  func withLock<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    let lock = try locked()
    let value = try body()
    lock.end()
    return value
  }

  /// `damaged` where a folder in this one is a link: whoever can write here could have files read, moved or removed
  /// that lie elsewhere.
  private func refuseLinks() throws(StoreError) {
    let inner = [
      "account", "account.next", "account.previous", Self.grants, "requests", "person-requests", "batches",
    ]
    for name in inner + ["blobs", ".tmp", "account/\(Self.grants)", "account.next/\(Self.grants)"] {
      try Folder.refuseLink("\(path)/\(name)")
    }
  }

  /// Writes a file, whose folder is made if it is not there. The caller has the lock.
  func write(_ bytes: [UInt8], to place: String) throws(StoreError) {
    let parent = Folder.parent(of: place)
    try Folder.refuseLink(parent)
    try Folder.make(parent)
    try Folder.make(temporaries)
    try OutputFile.write(bytes, to: place, .replaced, in: temporaries)
  }

  /// A folder that takes the place `path` once it is filled. The caller has the lock.
  func newFolder(_ path: String) throws(StoreError) -> NewFolder {
    try Folder.make(temporaries)
    return try NewFolder(path, in: temporaries)
  }

  /// Without `finishing`, a step that has not taken the old folder away is dropped: whoever made it asks again.
  func recover(finishing: Bool = false) throws(StoreError) {
    if Folder.exists(next) {
      if Folder.exists(account) {
        guard finishing else { return }
        try Folder.remove(previous)
        try Folder.rename(account, to: previous)
      }
      try Folder.rename(next, to: account)
    }
    try Folder.remove(previous)
    let grants = "\(account)/\(Self.grants)"
    guard Folder.exists(grants) else { return }
    try Folder.make("\(path)/\(Self.grants)")
    for name in try Folder.names(in: grants) {
      try Folder.rename("\(grants)/\(name)", to: "\(path)/\(Self.grants)/\(name)")
    }
    try Folder.remove(grants)
  }

  func requireAccount() throws(ServiceError) {
    guard hasAccount else { throw .noAccount(place: path) }
  }

  /// A file that has at most `count` bytes. Of one that is longer, as much as shows that: R-6.1-2.
  func read(_ path: String, atMost count: Int) throws(StoreError) -> [UInt8] {
    try Descriptor.kept(path, isForeign: true).prefix(count + 1)
  }

  /// Runs `body`, after whose failure the service is as it was.
  func unchanged<Value: ~Copyable>(
    _ body: () throws(StoreError) -> Value
  ) throws(ServiceError) -> Value {
    do {
      return try body()
    } catch {
      throw Self.unavailable(error)
    }
  }

  /// Runs `body`, after whose failure a publication is stored in part.
  func halfway(_ body: () throws(StoreError) -> Void) throws(ServiceError) {
    do {
      try body()
    } catch {
      throw .uncertain(place: error.place, reason: error.meaning, cause: error)
    }
  }

  static func unavailable(_ error: StoreError) -> ServiceError {
    .unavailable(place: error.place, reason: error.meaning, cause: error)
  }
}
