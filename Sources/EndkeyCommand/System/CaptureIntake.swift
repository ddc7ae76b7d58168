internal import EndkeyStore
internal import Foundation
internal import Synchronization

/// Lines from standard input, and from programs that connect to a socket. They are read on a thread of their own, since
/// waiting for them blocks it.
///
/// Whoever takes lines answers them before more are read: what this process cannot keep stays with whoever sends it.
final class CaptureIntake: Sendable {
  /// A line, without its end.
  struct Line: Sendable {
    /// Whether it is from standard input: nobody there reads an answer.
    let isInput: Bool
    /// Within its source, from 1.
    let number: Int
    /// Nil for a line that was too long.
    let bytes: [UInt8]?
  }

  enum Event: Sendable {
    /// To be answered by `answer`.
    case lines([Line])
    /// A second has passed.
    case quiet
  }

  /// Ends when standard input has ended and there is no socket, or when the process is asked to end.
  let events: AsyncStream<Event>
  private let answers = Mutex<[[UInt8]]>([])
  private let isAnswered = DispatchSemaphore(value: 0)
  /// Of the thread; nil when it has ended.
  private let loop: Mutex<IntakeLoop?>

  /// Bytes of a line, at most.
  static let lineMax = 1 << 24

  /// Listens at a path, if one is given. Whoever sees the socket there may ask the process to end.
  init(listeningAt path: String?) throws {
    let stop = try StopSignals.begin()
    let socket = try path.map { try LocalSocket(listeningAt: $0) }
    let (events, sink) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(1))
    self.events = events
    loop = Mutex(IntakeLoop(socket: socket, stop: stop))
    Thread.detachNewThread { [self] in
      loop.withLock { loop in
        loop?.run { event in
          sink.yield(event)
          guard case .lines = event else { return [] }
          isAnswered.wait()
          return answers.withLock { $0 }
        }
        loop = nil
      }
      sink.finish()
    }
  }

  /// Answers the lines that came last, each with a line of its own.
  func answer(_ lines: [[UInt8]]) {
    answers.withLock { $0 = lines }
    isAnswered.signal()
  }
}

/// Signals that ask a process to end.
enum StopSignals {
  private static let writer = Atomic<Int32>(-1)
  private static let count = Atomic<Int>(0)

  /// Whether one came.
  static var came: Bool { count.load(ordering: .relaxed) > 0 }

  /// From now on such a signal makes the descriptor that is returned readable; the second one ends the process.
  static func begin() throws -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw CommandError.system("a pipe", "make") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writer.store(ends[1], ordering: .relaxed)
    for signal in [SIGTERM, SIGINT, SIGHUP] {
      // One that is ignored stays so, as under nohup.
      var before = sigaction()
      unsafe sigaction(signal, nil, &before)
      if unsafe unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self) == 1 { continue }
      _ = Foundation.signal(signal) { signal in
        if StopSignals.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(128 + signal) }
        var byte: UInt8 = 0
        unsafe _ = write(StopSignals.writer.load(ordering: .relaxed), &byte, 1)
      }
    }
    _ = Foundation.signal(SIGPIPE, SIG_IGN)
    return ends[0]
  }
}

/// Waits for whoever sends lines.
private struct IntakeLoop {
  private let socket: LocalSocket?
  private let stop: Int32
  private var sources: [IntakeSource] = [IntakeSource(number: STDIN_FILENO)]
  private var turn = 0

  /// Programs that are connected, at most. For another, the one that was silent for longest is let go: it can connect
  /// again.
  private static let clientsMax = 64

  init(socket: LocalSocket?, stop: Int32) {
    self.socket = socket
    self.stop = stop
  }

  /// `take` gets the events, and gives the answers to lines.
  mutating func run(_ take: (CaptureIntake.Event) -> [[UInt8]]) {
    defer { for source in sources where !source.isInput { close(source.number) } }
    let listener = socket?.number ?? -1
    while listener >= 0 || sources.contains(where: \.isInput) {
      var polled = [stop, listener].map(Self.readable) + sources.map(\.polled)
      let count = unsafe poll(&polled, nfds_t(polled.count), 1_000)
      if polled[0].revents != 0 { return }
      guard count > 0 else {
        if count == 0 { _ = take(.quiet) }
        continue
      }
      var lines: [CaptureIntake.Line] = []
      var authors: [Int32] = []
      turn += 1
      for index in sources.indices where polled[index + 2].revents != 0 {
        sources[index].lastTurn = turn
        guard sources[index].answers.isEmpty else {
          sources[index].write()
          continue
        }
        let new = sources[index].read()
        authors += new.map { _ in sources[index].number }
        lines += new
      }
      if !lines.isEmpty { write(take(.lines(lines)), to: authors) }
      for source in sources where source.isDone && !source.isInput { close(source.number) }
      sources.removeAll(where: \.isDone)
      if polled[1].revents != 0, let client = socket?.accept() {
        makeRoom()
        sources.append(IntakeSource(number: client, lastTurn: turn))
      }
    }
  }

  private mutating func makeRoom() {
    let clients = sources.indices.filter { !sources[$0].isInput }
    guard clients.count >= Self.clientsMax,
      let idle = clients.min(by: { sources[$0].lastTurn < sources[$1].lastTurn })
    else { return }
    close(sources.remove(at: idle).number)
  }

  private static func readable(_ number: Int32) -> pollfd {
    pollfd(fd: number, events: Int16(POLLIN), revents: 0)
  }

  private mutating func write(_ answers: [[UInt8]], to authors: [Int32]) {
    for (answer, author) in zip(answers, authors) where author != STDIN_FILENO {
      guard let index = sources.firstIndex(where: { $0.number == author }) else { continue }
      sources[index].answers += answer
    }
    for index in sources.indices where !sources[index].answers.isEmpty { sources[index].write() }
  }
}

/// One that sends lines.
private struct IntakeSource {
  let number: Int32
  /// Whether it sends no more.
  private var isEnded = false
  /// Whether it cannot be read or written.
  private var isBroken = false
  /// When it was heard last.
  var lastTurn: Int
  /// What it has not read yet. No more is read from it before it has.
  var answers: [UInt8] = []
  private var decoder = TextDecoder()
  private var rest: [UInt8] = []
  /// So much of `rest` has no line's end.
  private var searched = 0
  private var lineNumber = 0
  private var isSkipping = false

  init(number: Int32, lastTurn: Int = 0) {
    self.number = number
    self.lastTurn = lastTurn
  }

  var polled: pollfd {
    pollfd(fd: number, events: Int16(answers.isEmpty ? POLLIN : POLLOUT), revents: 0)
  }

  /// Writes as much as it takes, without waiting for it.
  mutating func write() {
    let count = unsafe answers.withUnsafeBytes {
      unsafe send(number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT))
    }
    if count >= 0 {
      answers.removeFirst(count)
    } else if ![EAGAIN, EWOULDBLOCK, EINTR].contains(errno) {
      // It does not hear what was kept, and asks again.
      isBroken = true
    }
  }

  var isInput: Bool { number == STDIN_FILENO }
  /// Whether nothing more comes of it, and it has heard all.
  var isDone: Bool { isBroken || isEnded && answers.isEmpty }

  /// The lines that are whole with what has come. The last of standard input may lack its end; what a program has not
  /// ended it has not sent.
  mutating func read() -> [CaptureIntake.Line] {
    var lines: [CaptureIntake.Line] = []
    do {
      let piece = try Descriptor(given: number, "").piece()
      isEnded = piece.isEmpty
      rest += isEnded ? decoder.finish() : decoder.decode(piece)
    } catch {
      isBroken = true
    }
    var start = 0
    while let end = rest[max(start, searched)...].firstIndex(of: UInt8(ascii: "\n")) {
      lines.append(line(Array(rest[start..<end])))
      start = end + 1
    }
    rest.removeFirst(start)
    searched = rest.count
    if isDone, isInput, !rest.isEmpty { lines.append(line(rest)) }
    if rest.count > CaptureIntake.lineMax {
      isSkipping = true
      rest = []
      searched = 0
    }
    return lines
  }

  private mutating func line(_ bytes: [UInt8]) -> CaptureIntake.Line {
    defer { isSkipping = false }
    lineNumber += 1
    return CaptureIntake.Line(isInput: isInput, number: lineNumber, bytes: isSkipping ? nil : bytes)
  }
}
