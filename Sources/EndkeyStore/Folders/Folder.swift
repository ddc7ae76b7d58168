internal import EndkeyPrimitives

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Folders of the file system.
package enum Folder {
  package static func exists(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// `damaged` for a link, whatever it leads to.
  static func refuseLink(_ path: String) throws(StoreError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return }
    throw .damaged(place: path, reason: "is a link, and none is followed here")
  }

  /// `foreign` unless a folder is this user's. What one user writes into the folder of another, as root does by
  /// mistake, the other could not read.
  static func requireOwner(_ path: String) throws(StoreError) {
    guard try status(of: path).st_uid == geteuid() else { throw .foreign(place: path) }
  }

  /// `readableByOthers` unless a folder is its user's alone.
  static func requirePrivate(_ path: String) throws(StoreError) {
    guard try status(of: path).st_mode & 0o077 == 0 else { throw .readableByOthers(place: path) }
  }

  private static func status(of path: String) throws(StoreError) -> stat {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .current(.open, path) }
    return status
  }

  /// Makes a folder, and those above it. Does nothing if it is there. `mode` is what the process's mask leaves of it.
  package static func make(_ path: String, mode: UInt32 = 0o755) throws(StoreError) {
    guard !exists(path) else { return }
    let parent = parent(of: path)
    if parent != path, !exists(parent) { try make(parent) }
    guard unsafe mkdir(path, mode_t(mode)) == 0 || errno == EEXIST && exists(path) else {
      throw .current(.makeFolder, path)
    }
  }

  /// The names in a folder, sorted by their bytes, without hidden and temporary ones.
  package static func names(in path: String) throws(StoreError) -> [String] {
    try allNames(in: path).filter { !$0.hasPrefix(".") && !$0.hasSuffix(".tmp") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  fileprivate static func allNames(in path: String) throws(StoreError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .current(.list, path) }
    defer { unsafe _ = closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        guard errno == 0 else { throw .current(.list, path) }
        return names
      }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  static func rename(_ path: String, to other: String) throws(StoreError) {
    guard renameFile(path, other) == 0 else { throw .current(.write, other) }
    try synchronize(parent(of: other))
  }

  /// Removes a folder with all that is in it. Does nothing if it is not there.
  static func remove(_ path: String) throws(StoreError) {
    guard exists(path) else { return }
    for name in try allNames(in: path) {
      let inner = "\(path)/\(name)"
      var status = stat()
      if unsafe lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        try remove(inner)
      } else if unsafe unlink(inner) != 0 {
        throw .current(.remove, inner)
      }
    }
    guard unsafe rmdir(path) == 0 else { throw .current(.remove, path) }
  }

  /// Waits until the names in a folder are on the disk.
  static func synchronize(_ path: String) throws(StoreError) {
    let descriptor = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY, .open)
    try descriptor.synchronize()
  }

  /// The folder that a path lies in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path from the root, without `.`, `..` and doubled slashes.
  package static func absolute(_ path: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : "\(current)/\(path)").split(separator: "/") {
      switch part {
      case ".": break
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static var current: String {
    guard let path = unsafe getcwd(nil, 0) else { return "/" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// A name that nobody else uses at the same time.
  static func randomName() -> String {
    var random = SystemRandomNumberGenerator()
    return String(random.next() as UInt64, radix: 36)
  }
}

private func renameFile(_ path: String, _ other: String) -> Int32 { unsafe rename(path, other) }

/// Called once for each lock that is waited for for longer than a second, with the path of its folder and whoever holds
/// it, if the system tells: a program can tell its user why nothing happens.
public typealias WaitNotice = @Sendable (_ path: String, _ holder: LockHolder?) -> Void

/// Holds a folder for this process alone until the value ends.
struct FolderLock: ~Copyable, Sendable {
  private let descriptor: Descriptor

  /// Takes the lock if it is free; nil when another has it.
  static func attempt(_ path: String) throws(StoreError) -> FolderLock? {
    let descriptor = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY, .open)
    guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw .current(.lock, path) }
      return nil
    }
    return FolderLock(descriptor: descriptor)
  }

  private init(descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// Ends the lock here.
  consuming func end() {}

  /// Waits for the lock while this thread does nothing else: for steps in which its holder never waits for anybody.
  static func wait(
    _ path: String, atMost limit: Duration, _ onWait: WaitNotice?
  ) throws(StoreError) -> FolderLock {
    var wait = LockWait(path: path, limit: limit, onWait: onWait)
    while true {
      if let lock = try wait.attempt() { return lock }
      usleep(10_000)
    }
  }

  /// Waits for the lock while other tasks go on.
  static func wait(
    _ path: String, atMost limit: Duration, _ onWait: WaitNotice?
  ) async throws(StoreError) -> FolderLock {
    var wait = LockWait(path: path, limit: limit, onWait: onWait)
    while true {
      if let lock = try wait.attempt() { return lock }
      do {
        try await Task.sleep(for: .milliseconds(10))
      } catch {
        throw wait.busy
      }
    }
  }
}

/// How long a lock is waited for, and who hears of it.
private struct LockWait {
  let path: String
  let limit: Duration
  var onWait: WaitNotice?
  private let start = ContinuousClock.now

  init(path: String, limit: Duration, onWait: WaitNotice?) {
    self.path = path
    self.limit = limit
    self.onWait = onWait
  }

  /// The lock, or nil when it is to be tried again; ``busy`` when the time is over.
  mutating func attempt() throws(StoreError) -> FolderLock? {
    if let lock = try FolderLock.attempt(path) { return lock }
    let waited = ContinuousClock.now - start
    guard waited < limit else { throw busy }
    if waited >= .seconds(1), let notice = onWait.take() { notice(path, LockHolder.current(of: path)) }
    return nil
  }

  var busy: StoreError {
    .busy(place: path, waited: Int(min(ContinuousClock.now - start, limit).components.seconds))
  }
}

/// A folder that is filled beside its place and then takes its name. It is removed when that does not happen.
package struct NewFolder: ~Copyable {
  let path: String
  package let temporary: String
  /// Of a folder in the temporary one, while that is filled beside its place: nobody takes it for one that was left.
  private let lock: FolderLock?
  private var isDone = false

  /// `isReplacing`: files are moved from it into a folder that exists. `temporaries` is where it is filled, on the same
  /// file system; beside its place else, where those go that processes which were killed have left of this one.
  package init(
    _ path: String, isReplacing: Bool = false, in temporaries: String? = nil, mode: UInt32 = 0o755
  ) throws(StoreError) {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let name = "\(Folder.randomName()).tmp"
    let isBeside = temporaries == nil && !isReplacing
    if isBeside { try Self.removeLeft(of: path) }
    let temporary =
      temporaries.map { "\($0)/\(name)" }
      ?? (isReplacing ? "\(path)/.\(name)" : "\(path)\(Self.mark)\(name)")
    try Folder.make(temporary, mode: mode)
    let lock = isBeside ? try Self.locked(temporary) : nil
    self.path = path
    self.temporary = temporary
    self.lock = lock
  }

  private static func locked(_ temporary: String) throws(StoreError) -> FolderLock? {
    try Folder.make("\(temporary)\(filling)")
    return try FolderLock.attempt("\(temporary)\(filling)")
  }

  /// Between the name of a folder and the random rest of that of its temporary one: nobody else has such names.
  private static var mark: String { ".endkey-" }
  private static var filling: String { "/.filling" }

  /// Removes what processes have left that were filling a folder for `path` when they were killed.
  private static func removeLeft(of path: String) throws(StoreError) {
    let parent = Folder.parent(of: path)
    guard Folder.exists(parent) else { return }
    let prefix = (path.split(separator: "/").last ?? "") + mark
    for name in try Folder.allNames(in: parent) where name.hasPrefix(prefix) && name.hasSuffix(".tmp") {
      let left = "\(parent)/\(name)"
      guard Folder.exists("\(left)\(filling)") else { continue }
      guard let lock = try FolderLock.attempt("\(left)\(filling)") else { continue }
      try Folder.remove(left)
      lock.end()
    }
  }

  deinit {
    // What cannot be removed stays as a temporary folder: there is nobody to tell.
    if !isDone { do { try Folder.remove(temporary) } catch {} }
  }

  package consuming func commit() throws(StoreError) {
    try Folder.remove("\(temporary)\(Self.filling)")
    try Folder.rename(temporary, to: path)
    isDone = true
  }

  /// Moves files over those of the folder. A crash in between leaves some old and some new files, each whole.
  package func moveFiles(_ names: [String]) throws(StoreError) {
    for name in names { try Folder.rename("\(temporary)/\(name)", to: "\(path)/\(name)") }
  }
}
