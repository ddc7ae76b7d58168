internal import Glibc
internal import Synchronization

/// A program in a process group of its own, with pipes that never block this process.
///
/// The only file of this module that calls the system and holds a pointer. Everything that the program can do to
/// a runner is met here: it may stop reading, write without end, leave children or its group behind, or never end.
final class ChildProcess {
  /// How it ended.
  enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// What one turn of `pump` found.
  struct Turn {
    /// New bytes of its standard output.
    var output: [UInt8] = []
    /// Whether nothing more can come from it.
    var isOutputClosed = false
    /// Whether it no longer reads.
    var isInputClosed = false
  }

  struct SpawnError: Error, Equatable {
    let reason: String
    /// Of the system.
    var number: Int32 = 0
  }

  /// The last bytes of standard error that are kept.
  static let errorTailCount = 64 << 10

  /// How long an end that was ordered is waited for: a program that became another user's cannot be ended.
  private static let endMaximum = Duration.seconds(10)

  /// Its own, and that of the group in which it started.
  let id: pid_t
  private var input: Int32
  private var output: Int32
  private var error: Int32
  private(set) var errorTail: [UInt8] = []
  /// Known after `kill`; still nothing for one that did not end.
  private(set) var ending: Ending?
  private var isGivenUp = false
  private var scratch = [UInt8](repeating: 0, count: 1 << 16)

  /// Starts `arguments[0]`, searched for on PATH, in a group of its own.
  init(_ arguments: [String], environment: [String]) throws(SpawnError) {
    // A write to a program that is gone must be an error, not the end of this process.
    _ = signal(SIGPIPE, SIG_IGN)
    (id, input, output, error) = try Self.alive.withLock { alive throws(SpawnError) in
      let started = try Self.start(arguments, environment)
      alive.insert(started.id)
      return started
    }
    for descriptor in [input, output, error] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  deinit { kill() }

  /// Waits until something can be read or written, at most `milliseconds`; writes what it can from the front of
  /// `outgoing`, and reads once from each stream.
  func pump(_ outgoing: inout Outgoing, milliseconds: Int32) -> Turn {
    var turn = Turn()
    turn.isInputClosed = input < 0
    turn.isOutputClosed = output < 0
    let wantsToWrite = input >= 0 && !outgoing.isEmpty
    var polled = [
      pollfd(fd: output, events: Int16(POLLIN), revents: 0),
      pollfd(fd: error, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wantsToWrite ? input : -1, events: Int16(POLLOUT), revents: 0),
    ]
    // Descriptors below 0 are left out by poll.
    guard unsafe poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return turn }
    if polled[0].revents != 0 {
      switch read(output) {
      case .bytes(let bytes): turn.output = bytes
      case .nothing: break
      case .closed:
        Self.shut(&output)
        turn.isOutputClosed = true
      }
    }
    if polled[1].revents != 0 {
      switch read(error) {
      case .bytes(let bytes):
        errorTail += bytes
        if errorTail.count > 2 * Self.errorTailCount {
          errorTail.removeFirst(errorTail.count - Self.errorTailCount)
        }
      case .nothing: break
      case .closed: Self.shut(&error)
      }
    }
    if polled[2].revents != 0, !write(&outgoing) {
      Self.shut(&input)
      turn.isInputClosed = true
    }
    return turn
  }

  /// Whether the program is still there. Never waits, and does not collect it: its id, which is that of its group,
  /// cannot be given to another process before `kill`.
  var isRunning: Bool {
    guard ending == nil else { return false }
    var info = unsafe siginfo_t()
    guard unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 else { return false }
    return unsafe info.si_signo == 0
  }

  /// Closes its standard input, which tells a program to end.
  func closeInput() { Self.shut(&input) }

  /// Ends the program, also where it left its group, and every child that stayed there, and collects it: no zombie is
  /// left.
  func kill() {
    if ending == nil, !isGivenUp {
      Self.end(id)
      let start = ContinuousClock.now
      while isRunning, start.duration(to: .now) < Self.endMaximum { usleep(200) }
      if isRunning { isGivenUp = true } else { ending = Self.collect(id) }
    }
    Self.shut(&input)
    Self.shut(&output)
    Self.shut(&error)
  }
}

extension ChildProcess {
  /// Where the next newline is. A loop over the bytes would take too long for a flood of them.
  static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress,
        let found = unsafe memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

extension ChildProcess {
  static var isSuperuser: Bool { geteuid() == 0 }

  /// What stands where a program should.
  enum Kind {
    case folder, notExecutable, other
    /// With its first line, which begins with `#!`.
    case script([UInt8])
  }

  /// The file that the system would start for `program`, and what it is; nothing if there is none.
  static func file(of program: String) -> (path: String, kind: Kind)? {
    guard !program.utf8.contains(0) else { return nil }
    var folders: [Substring] = [""]
    if !program.utf8.contains(UInt8(ascii: "/")) {
      guard let path = unsafe getenv("PATH") else { return nil }
      folders = unsafe String(cString: path).split(separator: ":")
    }
    for folder in folders {
      let path = folder.isEmpty ? program : "\(folder)/\(program)"
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { return (path, .folder) }
      if status.st_mode & 0o111 == 0 { return (path, .notExecutable) }
      let line = firstLine(of: path)
      return (path, line.starts(with: [0x23, 0x21]) ? .script(line) : .other)
    }
    return nil
  }

  /// At most 1 KiB, without its end.
  private static func firstLine(of path: String) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
    }
    return Array(bytes.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") })
  }
}

/// Bytes that wait to be written.
struct Outgoing {
  private var bytes: [UInt8] = []
  private var start = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: [UInt8]) {
    if start > 1 << 20 {
      bytes.removeFirst(start)
      start = 0
    }
    bytes += more
  }

  /// Lends the front to `write`, which says how much of it is gone.
  fileprivate mutating func take(_ write: (ArraySlice<UInt8>) -> Int) {
    start += write(bytes[start...])
  }
}

// MARK: - System calls

extension ChildProcess {
  /// The processes that were started and not yet collected: until then, an id is not another's. Locked while one starts
  /// or is collected, so that who looks sees all there are.
  private static let alive = Mutex<Set<pid_t>>([])
  /// From a signal's handler, which may do little more than write, to the thread that ends the processes.
  private static let told = try? pipe()

  /// When this process is told to end, the clients, each in a group of its own, end too. When it is killed, they see
  /// the end of their input.
  static func endWithThisProcess() {
    var thread = pthread_t()
    guard told != nil, unsafe pthread_create(&thread, nil, { _ in ChildProcess.endWhenTold() }, nil) == 0
    else { return }
    for number in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
      var before = sigaction()
      unsafe sigaction(number, nil, &before)
      // As under nohup, or in the background of a script.
      if unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == Self.ignored {
        continue
      }
      _ = signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        unsafe _ = Glibc.write(ChildProcess.told?.write ?? -1, &byte, 1)
      }
    }
  }

  private static let ignored = unsafe unsafeBitCast(SIG_IGN, to: Int.self)

  /// Kills a process that is not collected yet, and its group.
  private static func end(_ id: pid_t) {
    _ = Glibc.kill(-id, SIGKILL)
    _ = Glibc.kill(id, SIGKILL)
  }

  /// How a process ended, which has ended.
  private static func collect(_ id: pid_t) -> Ending {
    let status = alive.withLock { alive in
      alive.remove(id)
      var status: Int32 = 0
      while unsafe waitpid(id, &status, 0) < 0, errno == EINTR {}
      return status
    }
    // The macros of <sys/wait.h>, which Swift does not import.
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }

  /// The work of a thread of its own.
  private static func endWhenTold() -> Never {
    var number: UInt8 = 0
    while unsafe Glibc.read(told?.read ?? -1, &number, 1) != 1 {}
    let signal = Int32(number)
    return alive.withLock { alive in
      for id in alive { end(id) }
      // Still locked: no other process is started any more.
      _ = Glibc.signal(signal, SIG_DFL)
      raise(signal)
      _exit(128 + signal)
    }
  }

  /// The process, and this end of its three pipes.
  private static func start(
    _ arguments: [String], _ environment: [String]
  ) throws(SpawnError) -> (id: pid_t, input: Int32, output: Int32, error: Int32) {
    let (input, output, error) = (try pipe(), try pipe(), try pipe())
    defer { for end in [input.read, output.write, error.write] { close(end) } }
    do {
      let id = try spawn(arguments, environment, input: input.read, output: output.write, error: error.write)
      return (id, input.write, output.read, error.read)
    } catch let failure {
      for end in [input.write, output.read, error.read] { close(end) }
      throw failure
    }
  }

  private enum Read {
    case bytes([UInt8])
    case nothing
    case closed
  }

  private func read(_ descriptor: Int32) -> Read {
    let count = unsafe scratch.withUnsafeMutableBytes { bytes in
      unsafe Glibc.read(descriptor, bytes.baseAddress, bytes.count)
    }
    if count > 0 { return .bytes(Array(scratch[..<count])) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .closed
  }

  /// Says whether the program still reads.
  private func write(_ outgoing: inout Outgoing) -> Bool {
    var isOpen = true
    outgoing.take { bytes in
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(input, bytes.baseAddress, bytes.count)
      }
      guard count < 0 else { return count }
      isOpen = errno == EAGAIN || errno == EINTR
      return 0
    }
    return isOpen
  }

  private static func shut(_ descriptor: inout Int32) {
    guard descriptor >= 0 else { return }
    close(descriptor)
    descriptor = -1
  }

  private static func pipe() throws(SpawnError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw SpawnError(reason: "cannot make a pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], input: Int32, output: Int32, error: Int32
  ) throws(SpawnError) -> pid_t {
    guard let program = arguments.first, !arguments.contains(where: { $0.utf8.contains(0) }) else {
      throw SpawnError(reason: "no program, or a NUL in an argument")
    }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(input, STDIN_FILENO), (output, STDOUT_FILENO), (error, STDERR_FILENO)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, from, to)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))

    var argv = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var envp = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe argv.indices { unsafe free(argv[index]) }
      for index in unsafe envp.indices { unsafe free(envp[index]) }
    }
    var id: pid_t = 0
    let failure = unsafe posix_spawnp(&id, program, &actions, &attributes, &argv, &envp)
    guard failure == 0 else {
      throw SpawnError(
        reason: "cannot start \(program): \(unsafe String(cString: strerror(failure)))", number: failure)
    }
    return id
  }
}
