internal import EndkeyStore
internal import Foundation

/// A Unix socket that listens for programs of this user.
final class LocalSocket: Sendable {
  let number: Int32
  let path: String

  /// Makes the socket, in the place of one to which nobody listens any more.
  init(listeningAt path: String) throws {
    let bytes = Array(path.utf8)
    var address = sockaddr_un()
    let room = MemoryLayout.size(ofValue: address.sun_path) - 1
    // Without a name it would be open to every user of the computer.
    guard !bytes.isEmpty else { throw CommandError(.misuse, nil, "the path of a socket is empty") }
    guard bytes.count <= room else {
      throw CommandError(
        .badInput, path, "the path of a socket has at most \(room) bytes", next: "take a shorter one")
    }
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    try Self.removeLeft(at: path, address)
    let number = try Self.open(path)
    // For this user alone, from its first moment.
    let mask = umask(0o177)
    let isBound = unsafe Self.use(address) { unsafe bind(number, $0, $1) } == 0
    umask(mask)
    guard isBound, listen(number, 64) == 0 else {
      let error = CommandError.system(path, "listen here")
      close(number)
      throw error
    }
    self.number = number
    self.path = path
  }

  deinit {
    close(number)
    unsafe _ = unlink(path)
  }

  private static func open(_ path: String) throws -> Int32 {
    #if os(Linux)
      let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let number = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    guard number >= 0 else { throw CommandError.system(path, "make a socket") }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    return number
  }

  private static func use(
    _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    unsafe withUnsafePointer(to: address) { start in
      unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func removeLeft(at path: String, _ address: sockaddr_un) throws {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw StoreError.exists(place: path) }
    let client = try open(path)
    defer { close(client) }
    guard unsafe use(address, { unsafe connect(client, $0, $1) }) != 0 else {
      throw CommandError(
        .badInput, path, "another process listens here",
        next: "end that one, or take another path")
    }
    guard unsafe unlink(path) == 0 else { throw CommandError.system(path, "remove the old socket") }
  }

  /// A program that has connected; nil when it is gone again.
  func accept() -> Int32? {
    let client = Foundation.accept(number, nil, nil)
    guard client >= 0 else { return nil }
    _ = fcntl(client, F_SETFD, FD_CLOEXEC)
    return client
  }
}
