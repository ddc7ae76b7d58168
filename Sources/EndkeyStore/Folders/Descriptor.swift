package import EndkeyPrimitives

#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// An open file or stream, closed when the value ends unless it is one that the process was given.
package struct Descriptor: ~Copyable {
  package let number: Int32
  /// For messages.
  package let name: String
  private let isOwned: Bool

  /// One that the process was given.
  package init(given number: Int32, _ name: String) {
    self.number = number
    self.name = name
    isOwned = false
  }

  /// One that this process has opened; it is closed when the value ends.
  package init(owning number: Int32, _ name: String) {
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    self.number = number
    self.name = name
    isOwned = true
  }

  /// A file to read; `-` is standard input.
  package init(reading path: String) throws(StoreError) {
    guard path != "-" else {
      self.init(given: STDIN_FILENO, "standard input")
      return
    }
    try self.init(opening: path, O_RDONLY, .read)
  }

  /// A file that an end or a service keeps. Anything else of that name is `damaged`: nobody must be able to make a step
  /// wait for ever by a pipe in a file's place.
  ///
  /// A link is followed unless `isForeign`: whoever else may write into the file's folder must not choose what is read.
  package static func kept(_ path: String, isForeign: Bool = false) throws(StoreError) -> Descriptor {
    if isForeign { try Folder.refuseLink(path) }
    let file = try Descriptor(
      opening: path, O_RDONLY | O_NONBLOCK | (isForeign ? O_NOFOLLOW : 0), .read)
    guard try file.status().st_mode & S_IFMT == S_IFREG else {
      throw .damaged(place: path, reason: "is no file")
    }
    return file
  }

  /// A new file to write; it must not exist.
  init(creating path: String, mode: UInt32) throws(StoreError) {
    try self.init(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: mode, .create)
  }

  package init(
    opening path: String, _ flags: Int32, mode: UInt32 = 0, _ action: StoreError.Action
  ) throws(StoreError) {
    let number = unsafe open(path, flags | O_CLOEXEC, mode_t(mode))
    guard number >= 0 else { throw .current(action, path) }
    self.number = number
    name = path
    isOwned = true
  }

  deinit {
    if isOwned { close(number) }
  }

  package static var input: Descriptor { Descriptor(given: STDIN_FILENO, "standard input") }
  package static var output: Descriptor { Descriptor(given: STDOUT_FILENO, "standard output") }
  package static var error: Descriptor { Descriptor(given: STDERR_FILENO, "standard error") }

  package var isTerminal: Bool { isatty(number) == 1 }

  package var isFolder: Bool {
    var status = stat()
    return unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}

// MARK: - Reading and writing

extension Descriptor {
  /// Reads once into `buffer`; 0 at the end.
  package func read(into buffer: inout MutableSpan<UInt8>) throws(StoreError) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe systemRead(number, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw .current(.read, name) }
    }
  }

  /// The next piece, at most `count` bytes; empty at the end.
  package func piece(_ count: Int = 1 << 18) throws(StoreError) -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: count)
    var span = piece.mutableSpan
    let read = try read(into: &span)
    piece.removeLast(count - read)
    return piece
  }

  /// All that is left, at most `limit` bytes.
  package func rest(limit: Int = 1 << 30) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let next = try piece()
      if next.isEmpty { return bytes }
      guard next.count <= limit - bytes.count else { throw .tooLong(place: name, limit: limit) }
      bytes += next
    }
  }

  /// What is left, but at most `count` bytes of it.
  func prefix(_ count: Int) throws(StoreError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let next = try piece(min(1 << 18, count - bytes.count))
      if next.isEmpty { break }
      bytes += next
    }
    return bytes
  }

  /// All that is left, straight into guarded memory. At most `limit` bytes.
  package func secret(limit: Int) throws(StoreError) -> SecretBytes {
    var count = 0
    let bytes = try SecretBytes(count: limit + 1) { (bytes) throws(StoreError) in
      while count < limit + 1 {
        var free = bytes._mutatingExtracting(count..<limit + 1)
        let read = try read(into: &free)
        if read == 0 { break }
        count += read
      }
    }
    guard count <= limit else { throw .tooLong(place: name, limit: limit) }
    return bytes.withBytes { SecretBytes(copying: $0.extracting(0..<count)) }
  }

  /// Writes all of `bytes`.
  package func write(_ bytes: Span<UInt8>) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done..<bytes.count)
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe systemWrite(number, bytes.baseAddress, bytes.count)
      }
      if count < 0 {
        guard errno == EINTR else { throw .current(.write, name) }
      } else {
        done += count
      }
    }
  }

  package func write(_ bytes: [UInt8]) throws(StoreError) { try write(bytes.span) }

  /// Waits until what was written is on the disk.
  func synchronize() throws(StoreError) {
    guard fsync(number) == 0 else { throw .current(.write, name) }
  }

  /// `readableByOthers` unless the file is its user's alone. On the open file, so that it cannot be changed for another
  /// in between. What is no file, such as a pipe, is whose it is.
  package func requirePrivate() throws(StoreError) {
    let mode = try status().st_mode
    guard mode & S_IFMT != S_IFREG || mode & 0o077 == 0 else { throw .readableByOthers(place: name) }
  }

  /// The number of the file within its file system.
  func identity() throws(StoreError) -> UInt64 { UInt64(try status().st_ino) }

  private func status() throws(StoreError) -> stat {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw .current(.read, name) }
    return status
  }
}

// Inside the type, `read` and `write` are its own.

private func systemRead(_ number: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  unsafe read(number, start, count)
}

private func systemWrite(_ number: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(number, start, count)
}

extension StoreError {
  /// The system's error after a call that failed.
  static func current(_ action: Action, _ place: String) -> StoreError {
    .system(action, place: place, code: errno)
  }
}

/// What the system says of an error number.
func systemText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
