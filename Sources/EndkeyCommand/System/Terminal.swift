internal import EndkeyPrimitives
internal import EndkeyStore
internal import Foundation

/// The terminal at which a person is asked for a secret.
enum Terminal {
  /// How wide the terminal is that standard error is; nil where it is none.
  static var columns: Int? {
    var size = winsize()
    guard Descriptor.error.isTerminal, unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col >= 20
    else { return nil }
    return Int(size.ws_col)
  }

  /// Asks for a line, without echo. Whatever stops or ends the process meanwhile finds the terminal as it was; when the
  /// process goes on, the question is asked again.
  static func ask(_ question: String) throws -> SecretBytes {
    let terminal = try Descriptor(opening: "/dev/tty", O_RDWR, .open)
    while true {
      try comeForward(at: terminal)
      let answer = try answer(to: question, at: terminal)
      try terminal.write([UInt8(ascii: "\n")])
      switch consume answer {
      case .line(let line): return line
      case .signal(let number): if number != SIGCONT { Signals.take(number) }
      }
    }
  }

  /// Stops a process in the background, as reading there does, until it is in the foreground: the terminal is another's
  /// meanwhile.
  private static func comeForward(at terminal: borrowing Descriptor) throws {
    for _ in 0..<1_000 where tcgetpgrp(terminal.number) != getpgrp() { Signals.take(SIGTTIN) }
    // The signal is ignored, or nobody is there to bring the process forward.
    guard tcgetpgrp(terminal.number) == getpgrp() else {
      throw CommandError(
        .misuse, nil, "a process in the background cannot ask for a secret",
        next: "bring it to the foreground, or say in which file it is")
    }
  }

  private enum Answer: ~Copyable {
    case line(SecretBytes)
    case signal(Int32)
  }

  private static func answer(to question: String, at terminal: borrowing Descriptor) throws -> Answer {
    guard let told else { throw CommandError.system("/dev/tty", "use") }
    var before = termios()
    guard unsafe tcgetattr(terminal.number, &before) == 0 else {
      throw CommandError.system("/dev/tty", "use")
    }
    let handlers = handled.map { ($0, catching($0)) }
    defer {
      for (number, handler) in handlers {
        var handler = handler
        unsafe _ = sigaction(number, &handler, nil)
      }
    }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    unsafe _ = tcsetattr(terminal.number, TCSAFLUSH, &silent)
    defer { unsafe _ = tcsetattr(terminal.number, TCSAFLUSH, &before) }
    // Not before nothing is shown any more.
    try terminal.write(Array("\(question): ".utf8))
    while true {
      var polled = [
        pollfd(fd: told.read, events: Int16(POLLIN), revents: 0),
        pollfd(fd: terminal.number, events: Int16(POLLIN), revents: 0),
      ]
      guard unsafe poll(&polled, 2, -1) > 0 else { continue }
      if polled[0].revents != 0 {
        var number: UInt8 = 0
        if unsafe read(told.read, &number, 1) == 1 { return .signal(Int32(number)) }
      }
      if polled[1].revents != 0 { return .line(try line(from: terminal)) }
    }
  }

  /// One line that a person types: a terminal gives it whole.
  private static func line(from terminal: borrowing Descriptor) throws -> SecretBytes {
    var count = 0
    let bytes = try SecretBytes(count: 4_097) { bytes in count = try terminal.read(into: &bytes) }
    guard count > 0 else {
      throw CommandError(.badInput, nil, "nothing was typed", next: "do it again: nothing has changed")
    }
    return bytes.withBytes { bytes in
      let end = bytes[count - 1] == UInt8(ascii: "\n") ? count - 1 : count
      return SecretBytes(copying: bytes.extracting(0..<end))
    }
  }

  // MARK: Signals

  /// What stops or ends a process, and what tells it that it goes on: the shell has had the terminal meanwhile. Not
  /// what the system says of a fault in the process itself.
  private static let handled = [
    SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
    SIGIO,
    SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT,
  ]

  /// From a signal's handler, which may do little more than write, to whoever waits.
  private static let told: (read: Int32, write: Int32)? = {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends[0], ends[1])
  }()

  /// Has a signal told from now on, unless it is ignored, as under nohup. Gives what was done before.
  private static func catching(_ number: Int32) -> sigaction {
    var before = sigaction()
    unsafe sigaction(number, nil, &before)
    if unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) != Signals.ignored {
      _ = signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        unsafe _ = write(Terminal.told?.write ?? -1, &byte, 1)
      }
    }
    return before
  }
}
