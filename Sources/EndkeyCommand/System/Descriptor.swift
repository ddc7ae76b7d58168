internal import EndkeyPrimitives
internal import Foundation

/// An open file or stream, closed when the value ends unless it is one that the process was given.
struct Descriptor: ~Copyable {
  let number: Int32
  /// For messages.
  let name: String
  private let isOwned: Bool

  /// One that the process was given.
  init(given number: Int32, _ name: String) {
    self.number = number
    self.name = name
    isOwned = false
  }

  /// A file to read; `-` is standard input.
  init(reading path: String) throws {
    guard path != "-" else {
      self.init(given: STDIN_FILENO, "standard input")
      return
    }
    try self.init(opening: path, O_RDONLY, "read")
  }

  /// A new file to write; it must not exist.
  init(creating path: String, mode: mode_t) throws {
    try self.init(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: mode, "create")
  }

  init(opening path: String, _ flags: Int32, mode: mode_t = 0, _ action: String) throws {
    let number = unsafe open(path, flags | O_CLOEXEC, mode)
    guard number >= 0 else { throw CommandError.system(path, action) }
    self.number = number
    name = path
    isOwned = true
  }

  deinit {
    if isOwned { close(number) }
  }

  static var input: Descriptor { Descriptor(given: STDIN_FILENO, "standard input") }
  static var output: Descriptor { Descriptor(given: STDOUT_FILENO, "standard output") }
  static var error: Descriptor { Descriptor(given: STDERR_FILENO, "standard error") }

  var isTerminal: Bool { isatty(number) == 1 }
}

// MARK: - Reading and writing

extension Descriptor {
  /// Reads once into `buffer`; 0 at the end.
  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Foundation.read(number, bytes.baseAddress, bytes.count)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw CommandError.system(name, "read") }
    }
  }

  /// The next piece, at most `count` bytes; empty at the end.
  func piece(_ count: Int = 1 << 18) throws -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: count)
    var span = piece.mutableSpan
    let read = try read(into: &span)
    piece.removeLast(count - read)
    return piece
  }

  /// All that is left, at most `limit` bytes.
  func rest(limit: Int = 1 << 30) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let next = try piece()
      if next.isEmpty { return bytes }
      guard next.count <= limit - bytes.count else {
        throw CommandError(.badInput, name, "longer than \(limit) bytes")
      }
      bytes += next
    }
  }

  /// All that is left, straight into guarded memory, without the line end that an editor leaves behind.
  func secret(limit: Int = 4_096) throws -> SecretBytes {
    var count = 0
    let bytes = try SecretBytes(count: limit + 1) { bytes in
      while count < limit + 1 {
        var free = bytes._mutatingExtracting(count..<limit + 1)
        let read = try read(into: &free)
        if read == 0 { break }
        count += read
      }
    }
    guard count <= limit else { throw CommandError(.badInput, name, "longer than \(limit) bytes") }
    return bytes.withBytes { bytes in
      var end = count
      if end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
      if end < count, end > 0, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      return SecretBytes(copying: bytes.extracting(0..<end))
    }
  }

  /// Writes all of `bytes`.
  func write(_ bytes: Span<UInt8>) throws {
    var done = 0
    while done < bytes.count {
      let rest = bytes.extracting(done..<bytes.count)
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Foundation.write(number, bytes.baseAddress, bytes.count)
      }
      if count < 0 {
        guard errno == EINTR else { throw CommandError.system(name, "write") }
      } else {
        done += count
      }
    }
  }

  func write(_ bytes: [UInt8]) throws { try write(bytes.span) }
  func write(line: String) throws { try write(Array(line.utf8) + [UInt8(ascii: "\n")]) }

  /// Waits until what was written is on the disk.
  func synchronize() throws {
    guard fsync(number) == 0 else { throw CommandError.system(name, "write") }
  }
}
