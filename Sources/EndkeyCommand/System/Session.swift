internal import Endkey
internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

/// A process that holds what opens an account, in locked memory, and gives it to this person's commands for a time. It
/// listens on a socket in the person's folder, which nobody else can enter.
enum Session {
  /// What a command asks of the process: one byte.
  private enum Request: UInt8 {
    case secret = 1
    case end = 2
  }

  /// What the session of a folder holds; nil when there is none, or when its process does not answer.
  static func secret(of folder: String) throws -> StretchedPassword? {
    guard let connection = try connect(to: folder) else { return nil }
    do {
      try connection.write([Request.secret.rawValue])
      return StretchedPassword(handedOver: try connection.secret(limit: 4_096))
    } catch {
      try Console.note(
        "\(folder): what `endkey account unlock` started does not answer: the password is asked for")
      return nil
    }
  }

  /// Ends the session of a folder; false when there was none.
  static func end(_ folder: String) throws -> Bool {
    guard let connection = try connect(to: folder) else { return false }
    do {
      try connection.write([Request.end.rawValue])
      // The process closes it when nothing is held any more.
      _ = try connection.piece(1)
    } catch {
      throw CommandError(
        .badInput, folder,
        "what `endkey account unlock` started does not answer, as when it is stopped: `pkill -KILL -f \"account hold "
          + "\(folder)\"` ends it")
    }
    return true
  }

  /// Starts the process, in the place of one that runs.
  static func begin(_ folder: String, _ secret: borrowing SecretBytes, seconds: UInt32) throws {
    _ = try end(folder)
    let listener = try listen(in: folder)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw CommandError.system(folder, "make a pipe") }
    let input = Descriptor(owning: ends[0], "pipe")
    let output = Descriptor(owning: ends[1], "pipe")
    try spawn(
      ["endkey", "account", "hold", folder, "--seconds", "\(seconds)"], input.number, listener.number,
      closing: output.number)
    try secret.withBytes { try output.write($0) }
  }

  /// The work of the process: its listener is descriptor 3.
  static func hold(_ folder: String, _ secret: borrowing SecretBytes, seconds: UInt32) throws {
    let directory = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY, .open)
    let listener = Descriptor(owning: 3, "session")
    // What the caller had open, such as a lock, does not stay open for as long.
    for number in Int32(4)..<1_024 where number != directory.number {
      let flags = fcntl(number, F_GETFD)
      if flags >= 0, flags & FD_CLOEXEC == 0 { close(number) }
    }
    _ = signal(SIGPIPE, SIG_IGN)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe _ = setrlimit(__rlimit_resource_t(4), &none)
    // With the time that the computer sleeps.
    let end = ContinuousClock.now + .seconds(seconds)
    defer { unsafe _ = unlinkat(directory.number, name, 0) }
    while ContinuousClock.now < end {
      var polled = pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)
      let left = (end - ContinuousClock.now).components.seconds
      guard unsafe poll(&polled, 1, Int32(clamping: min(left, 9) * 1_000 + 1_000)) > 0 else { continue }
      let number = accept(listener.number, nil, nil)
      guard number >= 0 else { continue }
      do {
        if try answer(Descriptor(owning: number, "session"), secret) == .end { return }
      } catch {
        // Who asked is gone.
        continue
      }
    }
  }

  private static func answer(_ connection: consuming Descriptor, _ secret: borrowing SecretBytes) throws
    -> Request?
  {
    limit(connection.number, seconds: 2)
    let request = try connection.piece(1).first.flatMap(Request.init(rawValue:))
    if request == .secret { try secret.withBytes { try connection.write($0) } }
    return request
  }

  // MARK: System calls

  /// How long a call on a socket waits for the other side.
  private static func limit(_ number: Int32, seconds: Int) {
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      unsafe _ = setsockopt(number, SOL_SOCKET, option, &patience, size)
    }
  }

  /// POSIX_SPAWN_SETSID, which Swift does not import.
  private static let setSession: Int16 = 0x80

  private static let name = "unlocked"

  /// Nil when nobody listens.
  private static func connect(to folder: String) throws -> Descriptor? {
    guard OutputFile.exists("\(folder)/\(name)") else { return nil }
    let directory = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY, .open)
    let connection = try socket(folder)
    limit(connection.number, seconds: 5)
    let failed = unsafe address(in: directory) { unsafe Foundation.connect(connection.number, $0, $1) }
    guard failed == 0 else { return nil }
    return consume connection
  }

  private static func listen(in folder: String) throws -> Descriptor {
    let directory = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY, .open)
    // One whose process was killed.
    unsafe _ = unlinkat(directory.number, name, 0)
    let listener = try socket(folder)
    let mask = umask(0o177)
    defer { umask(mask) }
    guard unsafe address(in: directory, { unsafe bind(listener.number, $0, $1) }) == 0,
      Foundation.listen(listener.number, 16) == 0
    else { throw CommandError.system("\(folder)/\(name)", "listen") }
    return listener
  }

  private static func socket(_ folder: String) throws -> Descriptor {
    let number = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw CommandError.system(folder, "make a socket") }
    return Descriptor(owning: number, "session")
  }

  /// Lends the address of the socket in a folder, whose own path may be longer than an address can be.
  private static func address(
    in directory: borrowing Descriptor, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
      unsafe path.copyBytes(from: Array("/proc/self/fd/\(directory.number)/\(name)".utf8))
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// Runs this program again, in a session of its own, so that it outlives the terminal's.
  private static func spawn(_ arguments: [String], _ input: Int32, _ listener: Int32, closing: Int32) throws {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addclose(&actions, closing)
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, listener, 3)
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, setSession)
    var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe argv.indices { unsafe free(argv[index]) } }
    var id: pid_t = 0
    let failure = unsafe posix_spawn(&id, "/proc/self/exe", &actions, &attributes, &argv, environ)
    guard failure == 0 else {
      throw CommandError(
        .badInput, "endkey", "cannot start the session: \(unsafe String(cString: strerror(failure)))")
    }
  }
}
