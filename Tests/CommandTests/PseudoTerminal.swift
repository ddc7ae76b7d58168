import Foundation
import Testing

/// A shell at a terminal of its own, as a person has one: what is typed is echoed unless a program says otherwise, and
/// Ctrl-C and Ctrl-Z do what they do.
final class PseudoTerminal {
  /// Of a terminal that is small, and common.
  static let columns: UInt16 = 80

  // TIOCSPTLCK and TIOCGPTN, which Swift does not import.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  private let master: Int32
  /// Of the shell.
  let id: pid_t
  /// What was shown and not yet expected.
  private var shown: [UInt8] = []

  /// Starts a shell in a folder; the program that is tested is on its PATH.
  init(in folder: Scratch) throws {
    master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    try #require(
      unsafe ioctl(master, Self.setLock, &locked) == 0 && ioctl(master, Self.getNumber, &number) == 0)
    let slave = "/dev/pts/\(number)"
    var size = winsize(ws_row: 24, ws_col: Self.columns, ws_xpixel: 0, ws_ypixel: 0)
    unsafe _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    id = try Self.spawn(at: slave, in: folder)
    try expect("$ ")
  }

  deinit {
    kill(id, SIGKILL)
    close(master)
    _ = waitpid(id, nil, 0)
  }

  private static func spawn(at slave: String, in folder: Scratch) throws -> pid_t {
    let program = Binary.folder.path(percentEncoded: false)
    let environment = [
      "PATH=\(program):/usr/bin:/bin", "PS1=$ ", "TERM=dumb",
      "HOME=\(folder.url.path(percentEncoded: false))",
    ]
    let arguments = ["/usr/bin/env", "--chdir", folder.url.path(percentEncoded: false), "/bin/sh", "-i"]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens is its own.
    for stream in 0...2 { unsafe posix_spawn_file_actions_addopen(&actions, Int32(stream), slave, O_RDWR, 0) }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    let setSession: Int16 = 0x80
    unsafe posix_spawnattr_setflags(
      &attributes, setSession | Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    // Whatever the test itself ignores, as under nohup, or has blocked.
    var (all, none) = (sigset_t(), sigset_t())
    unsafe sigfillset(&all)
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var envp = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe argv.indices { unsafe free(argv[index]) }
      for index in unsafe envp.indices { unsafe free(envp[index]) }
    }
    var id: pid_t = 0
    try #require(unsafe posix_spawn(&id, "/usr/bin/env", &actions, &attributes, &argv, &envp) == 0)
    return id
  }

  /// Whether what is typed is shown.
  var isEchoing: Bool {
    var modes = termios()
    return unsafe tcgetattr(master, &modes) == 0 && modes.c_lflag & tcflag_t(ECHO) != 0
  }

  func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    try #require(unsafe write(master, bytes, bytes.count) == bytes.count)
  }

  /// Waits until `text` is shown. Gives what was shown up to it since the last time.
  @discardableResult func expect(_ text: String) throws -> String {
    let start = ContinuousClock.now
    while true {
      let all = String(decoding: shown, as: UTF8.self)
      if let found = all.range(of: text) {
        shown = Array(all[found.upperBound...].utf8)
        return String(all[..<found.upperBound])
      }
      try #require(start.duration(to: .now) < Binary.Running.patience, "no \(text): \(all)")
      var polled = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      unsafe _ = poll(&polled, 1, 50)
      var piece = [UInt8](repeating: 0, count: 4_096)
      let count = unsafe read(master, &piece, piece.count)
      if count > 0 { shown += piece[..<count] }
    }
  }
}
