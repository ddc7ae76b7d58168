internal import EndkeyPrimitives
internal import Foundation

/// Folders of the file system.
enum Folder {
  static func exists(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Makes a folder, and those above it. Does nothing if it is there.
  static func make(_ path: String, mode: Int = 0o755) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
    } catch {
      throw CommandError(.badInput, path, "cannot make this folder")
    }
  }

  /// The names in a folder, sorted by their bytes, without hidden and temporary ones.
  static func names(in path: String) throws -> [String] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw CommandError(.badInput, path, "cannot read this folder")
    }
    return names.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".tmp") }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func rename(_ path: String, to other: String) throws {
    guard unsafe Foundation.rename(path, other) == 0 else { throw CommandError.system(other, "write") }
    try OutputFile.synchronizeFolder(of: other)
  }

  /// Removes a folder with all that is in it. Does nothing if it is not there.
  static func remove(_ path: String) throws {
    guard exists(path) else { return }
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw CommandError(.badInput, path, "cannot remove this folder")
    }
  }

  /// The path from the root.
  static func absolute(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
  }
}

/// Holds a folder for this process alone until the value ends.
struct FolderLock: ~Copyable {
  private let descriptor: Descriptor

  init(_ path: String) throws {
    let descriptor = try Descriptor(opening: path, O_RDONLY | O_DIRECTORY, "open")
    guard flock(descriptor.number, LOCK_EX) == 0 else { throw CommandError.system(path, "lock") }
    self.descriptor = descriptor
  }
}

/// A folder that is filled beside its place and then takes its name. It is removed when that does not happen.
struct NewFolder: ~Copyable {
  let path: String
  let temporary: String
  private var isDone = false

  /// `isReplacing`: files are moved from it into a folder that exists.
  init(_ path: String, isReplacing: Bool = false, mode: Int = 0o755) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    var random = SystemRandom()
    let suffix = try random.bytes(6).map { String($0, radix: 36) }.joined()
    let temporary = isReplacing ? "\(path)/.\(suffix).tmp" : "\(path).\(suffix).tmp"
    try Folder.make(temporary, mode: mode)
    self.path = path
    self.temporary = temporary
  }

  deinit {
    // What cannot be removed stays as a temporary folder: there is nobody to tell.
    if !isDone { do { try Folder.remove(temporary) } catch {} }
  }

  consuming func commit() throws {
    try Folder.rename(temporary, to: path)
    isDone = true
  }

  /// Moves files over those of the folder. A crash in between leaves some old and some new files, each whole.
  func moveFiles(_ names: [String]) throws {
    for name in names { try Folder.rename("\(temporary)/\(name)", to: "\(path)/\(name)") }
  }
}
