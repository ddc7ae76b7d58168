internal import EndkeyPrimitives
internal import EndkeyWire
internal import Foundation

/// A file that is written whole or not at all: to a temporary file beside it, which takes its name at the end.
struct OutputFile: ~Copyable {
  /// What may stand there already.
  enum Existing {
    /// Nothing: an existing file is refused.
    case refused
    /// The command's own earlier file.
    case replaced
  }

  private let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private let existing: Existing
  private var isDone = false

  /// `mode` is what the process's mask leaves of it.
  init(_ path: String, _ existing: Existing, mode: mode_t = 0o644) throws {
    if existing == .refused, Self.exists(path) { throw Self.refusal(path) }
    var random = SystemRandom()
    let suffix = try random.bytes(6).map { String($0, radix: 36) }.joined()
    let temporary = "\(path).\(suffix).tmp"
    descriptor = try Descriptor(creating: temporary, mode: mode)
    self.temporary = temporary
    self.path = path
    self.existing = existing
  }

  deinit {
    if !isDone { unsafe _ = unlink(temporary) }
  }

  func write(_ bytes: [UInt8]) throws { try descriptor.write(bytes) }

  /// Gives the file its name.
  consuming func commit() throws {
    try descriptor.synchronize()
    switch existing {
    case .refused:
      // A link, unlike a renaming, fails if somebody has made the file meanwhile.
      guard unsafe link(temporary, path) == 0 else {
        throw errno == EEXIST ? Self.refusal(path) : CommandError.system(path, "write")
      }
    case .replaced:
      guard unsafe rename(temporary, path) == 0 else { throw CommandError.system(path, "write") }
      isDone = true
    }
    try Self.synchronizeFolder(of: path)
  }

  /// Writes a whole file.
  static func write(_ bytes: [UInt8], to path: String, _ existing: Existing, mode: mode_t = 0o644) throws {
    let file = try OutputFile(path, existing, mode: mode)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole file from guarded memory, for its user alone.
  static func write(secret: borrowing SecretBytes, to path: String, line: Bool = false) throws {
    let file = try OutputFile(path, .refused, mode: 0o600)
    try secret.withBytes { try file.descriptor.write($0) }
    if line { try file.write([UInt8(ascii: "\n")]) }
    try file.commit()
  }

  /// Removes a file.
  static func remove(_ path: String) throws {
    guard unsafe unlink(path) == 0 else { throw CommandError.system(path, "remove") }
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Waits until the names in the folder of `path` are on the disk.
  static func synchronizeFolder(of path: String) throws {
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    let descriptor = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY, "open")
    try descriptor.synchronize()
  }

  private static func refusal(_ path: String) -> CommandError {
    CommandError(.badInput, path, "exists already, and is not overwritten")
  }
}
