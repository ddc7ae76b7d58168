package import EndkeyPrimitives

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// A file that is written whole or not at all: to a temporary file, which takes its name at the end.
package struct OutputFile: ~Copyable {
  /// What may stand there already.
  package enum Existing: Sendable {
    /// Nothing: an existing file is refused.
    case refused
    /// The caller's own earlier file.
    case replaced
  }

  private let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private let existing: Existing
  private var isDone = false

  /// `mode` is what the process's mask leaves of it. `temporaries` is a folder for the temporary file, on the same file
  /// system; it is beside the file else.
  package init(
    _ path: String, _ existing: Existing, mode: UInt32 = 0o644, in temporaries: String? = nil
  ) throws(StoreError) {
    if existing == .refused, Self.exists(path) { throw .exists(place: path) }
    let name = "\(Folder.randomName()).tmp"
    let temporary = temporaries.map { "\($0)/\(name)" } ?? "\(path).\(name)"
    descriptor = try Descriptor(creating: temporary, mode: mode)
    self.temporary = temporary
    self.path = path
    self.existing = existing
  }

  deinit {
    if !isDone { unsafe _ = unlink(temporary) }
  }

  package func write(_ bytes: [UInt8]) throws(StoreError) { try descriptor.write(bytes) }

  /// Gives the file its name.
  package consuming func commit() throws(StoreError) {
    try descriptor.synchronize()
    switch existing {
    case .refused:
      // A link, unlike a renaming, fails if somebody has made the file meanwhile.
      guard unsafe link(temporary, path) == 0 else {
        throw errno == EEXIST ? .exists(place: path) : .current(.write, path)
      }
    case .replaced:
      guard unsafe rename(temporary, path) == 0 else { throw .current(.write, path) }
      isDone = true
    }
    try Folder.synchronize(Folder.parent(of: path))
  }

  /// Writes a whole file.
  package static func write(
    _ bytes: [UInt8], to path: String, _ existing: Existing, mode: UInt32 = 0o644,
    in temporaries: String? = nil
  ) throws(StoreError) {
    let file = try OutputFile(path, existing, mode: mode, in: temporaries)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes a whole file from guarded memory, for its user alone.
  static func write(secret: borrowing SecretBytes, to path: String) throws(StoreError) {
    let file = try OutputFile(path, .refused, mode: 0o600)
    try file.write(secret: secret, line: false)
    try file.commit()
  }

  /// Writes from guarded memory, and a line end if wanted.
  package func write(secret: borrowing SecretBytes, line: Bool) throws(StoreError) {
    try secret.withBytes { (bytes) throws(StoreError) in try descriptor.write(bytes) }
    if line { try write([UInt8(ascii: "\n")]) }
  }

  /// Removes a file, for good when it returns. Does nothing if it is not there.
  package static func remove(_ path: String) throws(StoreError) {
    guard unsafe unlink(path) == 0 else {
      guard errno == ENOENT else { throw .current(.remove, path) }
      return
    }
    try Folder.synchronize(Folder.parent(of: path))
  }

  package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
