internal import EndkeyJSON
internal import EndkeySuite

/// How a client is started.
public struct ClientCommand: Sendable {
  let arguments: [String]
  let environment: [String]

  /// `environment` is that of the client, as `NAME=value`.
  public init(_ arguments: [String], environment: [String]) {
    self.arguments = arguments
    self.environment = environment
  }

  /// The same in a namespace of processes of its own, where it has the id that another has in another; on a system that
  /// has none, a program that does not start.
  var inOwnNamespace: ClientCommand {
    let user = ChildProcess.isSuperuser ? [] : ["--user", "--map-current-user"]
    return ClientCommand(
      ["unshare"] + user + ["--pid", "--fork", "--kill-child", "--"] + arguments, environment: environment)
  }

  /// From now on, a client that runs when this process is told to end is ended as well. For a program that runs one.
  public static func endWithThisProcess() { ChildProcess.endWithThisProcess() }
}

/// What became of a prompt, and in which process.
struct Reply: Sendable {
  let answer: Answer
  /// Counts the processes of a run, from 1.
  let process: Int
  let milliseconds: Double
}

/// Numbers the processes of a run, from 1.
final class ProcessCounter {
  private(set) var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}

/// A client behind the line protocol, restarted as often as it takes.
///
/// Prompts go out in a window, so that a client is never idle. Answers come in the order of the prompts; the
/// first one outstanding has its deadline.
final class Client {
  struct StartError: Error {
    let reason: String
    /// Whether it had all the time there is.
    var isLate = false
  }

  private let command: ClientCommand
  private let codes: CodeMap
  private let deadline: Double
  private let limit: Limit?
  private let transcript: Transcript?
  private let now: @Sendable () -> ContinuousClock.Instant
  private(set) var identity: ClientIdentity
  /// Faults that belong to no prompt.
  private(set) var incidents: [Answer] = []
  /// The number of the process that runs now, or ran last.
  private(set) var processNumber = 0

  private let counter: ProcessCounter
  private var process: ChildProcess?
  private var splitter = LineSplitter()
  private var outgoing = Outgoing()
  private var seq = 0
  /// Interruptions since the client last answered; and all.
  private var fruitless = 0
  private var fruitlessTimeouts = 0
  private var interruptions = 0
  private(set) var surrender: String?
  private var hasTriedEnd = false
  private var isUnknownTaken: Bool?
  /// What was asked last.
  private var lastOp = "hello"

  private static let window = 64
  private static let outgoingMaximum = 1 << 18
  private static let fruitlessMaximum = 20
  /// They cost more time.
  private static let timeoutMaximum = 5
  private static let interruptionMaximum = 100
  /// A client may be slow to start, such as one that is compiled first.
  private static let startWeight = 6.0

  /// All the time that a run may take.
  private struct Limit {
    let seconds: Double
    let start: ContinuousClock.Instant
  }

  /// Starts the client and shakes hands. `counter` numbers the processes of a run.
  init(_ command: ClientCommand, _ options: ExaminationOptions, _ counter: ProcessCounter) throws(StartError)
  {
    self.command = command
    self.counter = counter
    codes = options.codes
    deadline = options.deadline
    now = options.now
    transcript = options.transcript
    limit = options.timeLimit.map { Limit(seconds: $0, start: options.now()) }
    identity = ClientIdentity(name: "", version: "", claims: [])
    identity = try start()
    if let fault = identity.fault { incidents.append(.violation(fault)) }
  }

  deinit { process?.kill() }

  /// Asks all `prompts`, and gives the replies in their order.
  func ask(_ prompts: [Prompt]) -> [Reply] {
    var replies: [Int: Reply] = [:]
    ask(prompts) { replies[$0] = $1 }
    return prompts.indices.map { replies[$0] ?? skipped }
  }

  /// Asks all `prompts`, and tells what becomes of each, by its place, as it comes. Of a prompt that is told twice, the
  /// later reply counts.
  func ask(_ prompts: [Prompt], _ tell: (Int, Reply) -> Void) {
    var queue = Array(prompts.indices)
    while !queue.isEmpty, ready() {
      let places = queue
      let interruption = converse(places.map { prompts[$0] }, window: Self.window) { tell(places[$0], $1) }
      guard let interruption else {
        queue = []
        break
      }
      let suspects = interruption.suspects.map { places[$0] }
      queue = interruption.open.map { places[$0] } + places[interruption.next...]
      if case .skipped = interruption.cause { break }
      noteInterruption(interruption.cause)
      if interruption.isCertain, let culprit = suspects.first {
        tell(culprit, reply(interruption.cause))
        queue.removeAll { $0 == culprit }
      } else if suspects.isEmpty {
        incidents.append(interruption.cause)
      } else {
        queue.removeAll(where: suspects.contains)
        queue = findCulprit(suspects, prompts, interruption.cause, tell) + queue
      }
    }
    for place in queue { tell(place, skipped) }
  }

  private var skipped: Reply {
    Reply(answer: .skipped(surrender ?? "the client was given up"), process: 0, milliseconds: 0)
  }

  /// From here on in a new process, without a goodbye: nothing is held against the one before.
  func startAfresh() {
    drop()
    _ = ready()
  }

  /// From here on in a new process.
  func restart() {
    end()
    _ = ready()
  }

  /// Says goodbye. A client that does not end then, or says more, is at fault.
  func end() {
    noteDeath()
    guard let process else { return }
    send((["seq": .integer(nextSeq()), "cmd": "bye"] as JSONValue).serialized(.compact))
    var isQuiet = !splitter.isInLine
    let start = now()
    var isOpen = true
    while (now() - start).seconds < deadline {
      let turn = process.pump(&outgoing, milliseconds: 10)
      if !turn.output.isEmpty {
        isQuiet = false
        transcript?.wrote(turn.output, by: processNumber)
      }
      if outgoing.isEmpty, isOpen {
        process.closeInput()
        isOpen = false
      }
      if !process.isRunning { break }
    }
    let hasEnded = !process.isRunning
    drop()
    if !isQuiet {
      incidents.append(.violation("after its last answer (\(lastOp)), it wrote what nobody asked for"))
    } else if !hasEnded {
      incidents.append(.violation("it does not end after bye and the end of its input"))
    } else if let ending = process.ending, ending != .exited(0) {
      incidents.append(.crash("after bye: \(ending.text)"))
    }
  }

  // MARK: - Interruptions

  private struct Interruption {
    let cause: Answer
    /// Places of prompts that may have caused it, the likeliest first.
    var suspects: [Int] = []
    /// Whether it was the first of them.
    var isCertain = false
    /// Places of prompts without an answer that the client may have seen, in order.
    let open: [Int]
    /// The place of the first prompt that was not sent.
    let next: Int
  }

  /// Asks the suspects again, one by one, each followed by a prompt of no operation, so that what comes after an answer
  /// is seen. The first at which it happens again is the culprit; gives what is still to be asked. Where it happens at
  /// none, no prompt is blamed for it, but the client.
  private func findCulprit(
    _ suspects: [Int], _ prompts: [Prompt], _ cause: Answer, _ tell: (Int, Reply) -> Void
  ) -> [Int] {
    let after = takesUnknown() ? [Prompt.unknown] : []
    for (index, suspect) in suspects.enumerated() {
      guard ready() else { return Array(suspects[index...]) }
      let interruption = converse([prompts[suspect]] + after, window: 1) { place, reply in
        if place == 0 { tell(suspect, reply) }
      }
      guard let interruption else { continue }
      if case .skipped = interruption.cause { return Array(suspects[index...]) }
      noteInterruption(interruption.cause)
      tell(suspect, reply(interruption.cause))
      return Array(suspects[(index + 1)...])
    }
    incidents.append(cause)
    return []
  }

  /// Whether the client answers an operation that does not exist, as it must. Tried once.
  private func takesUnknown() -> Bool {
    if let isUnknownTaken { return isUnknownTaken }
    guard ready() else { return false }
    let interruption = converse([.unknown], window: 1) { _, _ in }
    isUnknownTaken = interruption == nil
    return interruption == nil
  }

  /// A process that ended although nothing was asked.
  private func noteDeath() {
    guard let process, !process.isRunning else { return }
    let cause = gone(process)
    let incident = Answer.crash("between two prompts, after the answer to \(lastOp): \(cause.detail)")
    incidents.append(incident)
    noteInterruption(incident)
  }

  private func noteInterruption(_ cause: Answer) {
    interruptions += 1
    fruitless += 1
    if case .timeout = cause { fruitlessTimeouts += 1 }
    if fruitless >= Self.fruitlessMaximum || fruitlessTimeouts >= Self.timeoutMaximum {
      surrender = "given up: \(fruitless) times in a row the client failed before it answered anything"
    } else if interruptions >= Self.interruptionMaximum {
      surrender = "given up after \(interruptions) crashes, timeouts and violations"
    }
  }

  /// Whether there is a process that shook hands.
  private func ready() -> Bool {
    noteDeath()
    while surrender == nil, !isOver() {
      if process != nil { return true }
      do {
        guard try start() == identity else {
          surrender = "given up: the client's second hello differs from its first"
          incidents.append(.violation("its second hello differs from its first"))
          return false
        }
        return true
      } catch {
        let text = "it did not start again: \(error.reason)"
        let incident = error.isLate ? Answer.timeout(text) : .crash(text)
        incidents.append(incident)
        noteInterruption(incident)
      }
    }
    return false
  }

  /// Whether the time of the whole run is over.
  private func isOver() -> Bool {
    guard let limit, (now() - limit.start).seconds > limit.seconds else { return false }
    surrender = surrender ?? "the time limit of \(limit.seconds.shortText) s is over"
    return true
  }

  private func reply(_ answer: Answer) -> Reply {
    Reply(answer: answer, process: processNumber, milliseconds: 0)
  }

  // MARK: - A conversation with one process

  private func nextSeq() -> Int {
    seq += 1
    return seq
  }

  private func send(_ line: [UInt8]) {
    outgoing.append(line)
    transcript?.sent(line, to: processNumber)
  }

  /// Asks `prompts` in their order until all are answered or something interrupts it.
  private func converse(
    _ prompts: [Prompt], window: Int, _ tell: (Int, Reply) -> Void
  ) -> Interruption? {
    guard let process else { preconditionFailure("no process") }
    var open: [(place: Int, answerMaximum: Int)] = []
    var next = 0
    var headSince = now()
    /// The prompt at place n has the number `base` + n: none other is given one meanwhile.
    let base = seq + 1
    var answered: Int? { next > open.count ? next - open.count - 1 : nil }

    /// `culprit` is certain; without one, it was one of `suspects`, or no prompt.
    func interruption(_ cause: Answer, culprit: Int? = nil, suspects: [Int] = []) -> Interruption {
      drop()
      // What is asked of a handle cannot be asked again of another process.
      let ofHandle = suspects.first { suspects.count == 1 && prompts[$0].input["handle"] != nil }
      let culprit = culprit ?? ofHandle
      return Interruption(
        cause: cause, suspects: culprit.map { [$0] } ?? suspects, isCertain: culprit != nil,
        open: open.map(\.place), next: next)
    }
    func around() -> [Int] { [answered].compactMap(\.self) + open.map(\.place) }

    while next < prompts.count || !open.isEmpty {
      while next < prompts.count, open.count < window, outgoing.count < Self.outgoingMaximum {
        if open.isEmpty { headSince = now() }
        let line = prompts[next].line(seq: nextSeq())
        send(line)
        open.append((next, Prompt.answerMaximum(line.count)))
        lastOp = prompts[next].op
        next += 1
      }
      // Asked before reading: whatever it wrote before its end, or in time, is read.
      let wasRunning = process.isRunning
      let time = now()
      let turn = process.pump(&outgoing, milliseconds: 20)
      let lines: [[UInt8]]
      do {
        lines = try splitter.lines(of: turn.output)
      } catch {
        return interruption(
          .violation("a line longer than \(LineSplitter.lineMaximum) bytes"), culprit: open.first?.place)
      }
      for line in lines {
        transcript?.wrote(line, by: processNumber)
        if let head = open.first, line.count > head.answerMaximum {
          return interruption(
            .violation("a line longer than \(head.answerMaximum) bytes, where no answer is"),
            culprit: head.place)
        }
        let parsed: AnswerLine
        do {
          parsed = try AnswerLine(parsing: line, codes: codes)
        } catch {
          let cause = Answer.violation(
            "no answer: \("\(error)".shown): \(line.excerpt)", advice: Advice.line(line))
          // What bears the number of a prompt is of that prompt; anything else came at one of two.
          let place = AnswerLine.seq(of: line).map { $0 - base }
          if let place, place == open.first?.place { return interruption(cause, culprit: place) }
          if let place, prompts[..<next].indices.contains(place), !open.contains(where: { $0.place == place })
          {
            return interruption(cause, culprit: place)
          }
          return interruption(cause, suspects: Array(around().prefix(2)))
        }
        let place = parsed.seq - base
        guard place == open.first?.place else {
          func violation(_ fault: String) -> Answer { .violation("seq \(parsed.seq): \(fault)") }
          if open.contains(where: { $0.place == place }) {
            return interruption(violation("answered out of turn"), culprit: open.first?.place)
          }
          if prompts[..<next].indices.contains(place) {
            return interruption(violation("answered a second time"), culprit: place)
          }
          if (0..<base).contains(parsed.seq) {
            return interruption(violation("answered long ago, and now a second time"))
          }
          return interruption(
            violation("no prompt of this number is open"), culprit: open.first?.place ?? answered)
        }
        open.removeFirst()
        tell(
          place,
          Reply(
            answer: parsed.answer, process: processNumber, milliseconds: (now() - headSince).seconds * 1000))
        headSince = now()
        fruitless = 0
        fruitlessTimeouts = 0
      }
      guard let head = open.first else { continue }
      if turn.output.isEmpty, turn.isOutputClosed || !wasRunning {
        let cause = gone(process)
        guard case .crash = cause else { return interruption(cause, culprit: head.place) }
        return interruption(cause, suspects: around())
      }
      let budget = deadline * Double(prompts[head.place].weight)
      if (time - headSince).seconds > budget {
        return interruption(timeout(process, budget, turn.isInputClosed), culprit: head.place)
      }
      if isOver() {
        drop()
        return Interruption(cause: .skipped(""), open: open.map(\.place), next: next)
      }
    }
    return nil
  }

  /// The finding when an answer is late.
  private func timeout(_ process: ChildProcess, _ budget: Double, _ isInputClosed: Bool) -> Answer {
    if isInputClosed { return .violation("closed its standard input and did not answer") }
    let what = splitter.isInLine ? "whole line" : "answer"
    let held = answersAtEnd(process)
    return .timeout("no \(what) within \(budget.shortText) s\(held ?? errorNote(process))")
  }

  /// Closes the input of a client that is late, once in a run: one that keeps its answers back writes them then. Says
  /// what to do if so.
  private func answersAtEnd(_ process: ChildProcess) -> String? {
    guard !hasTriedEnd, !splitter.isInLine else { return nil }
    hasTriedEnd = true
    process.closeInput()
    // The clock of the machine: there is no deadline here.
    let start = ContinuousClock.now
    while start.duration(to: .now) < .seconds(3) {
      let turn = process.pump(&outgoing, milliseconds: 20)
      if !turn.output.isEmpty {
        return "; it came when the client's input was closed: \(Advice.flush)"
      }
      if turn.isOutputClosed || !process.isRunning { break }
    }
    return nil
  }

  /// The finding when nothing more comes from a process.
  private func gone(_ process: ChildProcess) -> Answer {
    let start = now()
    while process.isRunning, (now() - start).seconds < deadline {
      _ = process.pump(&outgoing, milliseconds: 10)
    }
    let half = splitter.isInLine ? " in the middle of a line" : ""
    let hasEnded = !process.isRunning
    drop()
    guard hasEnded, let ending = process.ending else {
      return .violation("closed its standard output and went on")
    }
    return .crash("\(ending.text)\(half)\(errorNote(process))")
  }

  private func errorNote(_ process: ChildProcess) -> String {
    let lines = process.errorTail.suffix(4096).split(separator: UInt8(ascii: "\n"))
    guard let last = lines.last else { return "" }
    return "; its standard error ends: \(Array(last).excerpt)"
  }

  private func drop() {
    guard let process else { return }
    process.kill()
    transcript?.ended(processNumber, process.ending?.text ?? "it cannot be ended")
    self.process = nil
    splitter = LineSplitter()
    outgoing = Outgoing()
  }

  // MARK: - Hello

  private func start() throws(StartError) -> ClientIdentity {
    drop()
    let process: ChildProcess
    do {
      process = try ChildProcess(command.arguments, environment: command.environment)
    } catch {
      let advice = Advice.start(command.arguments, failure: error.number).map { ": \($0)" } ?? ""
      throw StartError(reason: error.reason + advice)
    }
    processNumber = counter.next()
    self.process = process
    let hello: JSONValue = [
      "v": 1, "seq": .integer(seq), "cmd": "hello", "suite": .string(SuiteVersion.suite),
      "spec": .string(SuiteVersion.spec),
    ]
    send(hello.serialized(.compact))
    let start = now()
    let patience = max(deadline, 5) * Self.startWeight
    while (now() - start).seconds < patience, !isOver() {
      let wasRunning = process.isRunning
      let turn = process.pump(&outgoing, milliseconds: 20)
      let lines: [[UInt8]]
      do {
        lines = try splitter.lines(of: turn.output)
      } catch {
        drop()
        throw StartError(reason: "its hello is longer than \(LineSplitter.lineMaximum) bytes")
      }
      for line in lines { transcript?.wrote(line, by: processNumber) }
      if let line = lines.first {
        let identity: ClientIdentity
        do {
          identity = try ClientIdentity(parsing: line, seq: seq)
        } catch {
          drop()
          let advice = Advice.line(line, isHello: true).map { "; \($0)" } ?? ""
          throw StartError(reason: "its hello is none: \("\(error)".shown): \(line.excerpt)\(advice)")
        }
        guard lines.count == 1, !splitter.isInLine else {
          let advice = lines.count > 1 ? Advice.line(lines[1]) : nil
          drop()
          throw StartError(reason: "it says more than its hello; \(advice ?? Advice.output)")
        }
        return identity
      }
      if turn.output.isEmpty, turn.isOutputClosed || !wasRunning {
        let cause = gone(process)
        var advice = ""
        if case .exited(let status)? = process.ending {
          advice = Advice.start(command.arguments, failure: nil, status: status).map { ": \($0)" } ?? ""
        }
        throw StartError(reason: "before its hello: \(cause.detail)\(advice)")
      }
    }
    let note = answersAtEnd(process) ?? "\(errorNote(process)); \(Advice.slow)"
    drop()
    throw StartError(reason: "no hello within \(patience.shortText) s\(note)", isLate: true)
  }
}

extension ChildProcess.Ending {
  var text: String {
    switch self {
    case .exited(let status): "it exited with status \(status)"
    case .signalled(let signal): "it was ended by signal \(signal)"
    }
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
  /// With one decimal, none if it is whole.
  var shortText: String {
    let tenths = (self * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }
}
