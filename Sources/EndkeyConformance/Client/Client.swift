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

  /// From now on, a client that runs when this process is told to end is ended as well. For a program that runs one.
  public static func endWithThisProcess() { ChildProcess.endWithThisProcess() }
}

/// What a client says of itself.
struct ClientIdentity: Equatable, Sendable {
  let name: String
  let version: String
  let ops: Set<String>
}

/// What became of a prompt, and in which process.
struct Reply: Sendable {
  let answer: Answer
  /// Counts the processes of a run, from 1.
  let process: Int
  let milliseconds: Double
}

/// A client behind the line protocol, restarted as often as it takes.
///
/// Prompts go out in a window, so that a client is never idle. Answers come in the order of the prompts; the
/// first one outstanding has its deadline.
final class Client {
  struct StartError: Error {
    let reason: String
  }

  private let command: ClientCommand
  private let codes: CodeMap
  private let deadline: Double
  private let now: @Sendable () -> ContinuousClock.Instant
  private(set) var identity: ClientIdentity
  /// Faults that belong to no prompt.
  private(set) var incidents: [Answer] = []
  /// Processes started so far.
  private(set) var processCount = 0

  private var process: ChildProcess?
  private var splitter = LineSplitter()
  private var outgoing = Outgoing()
  private var seq = 0
  /// Interruptions since the client last answered; and all.
  private var fruitless = 0
  private var fruitlessTimeouts = 0
  private var interruptions = 0
  private var surrender: String?

  private static let window = 64
  private static let outgoingMaximum = 1 << 18
  private static let fruitlessMaximum = 20
  /// They cost more time.
  private static let timeoutMaximum = 5
  private static let interruptionMaximum = 100

  /// Starts the client and shakes hands. `now` is the time by which deadlines are judged.
  init(
    _ command: ClientCommand, codes: CodeMap, deadline: Double,
    now: @escaping @Sendable () -> ContinuousClock.Instant
  ) throws(StartError) {
    self.command = command
    self.codes = codes
    self.deadline = deadline
    self.now = now
    identity = ClientIdentity(name: "", version: "", ops: [])
    identity = try start()
  }

  deinit { process?.kill() }

  /// Asks all `prompts`, and gives the replies in their order.
  func ask(_ prompts: [Prompt]) -> [Reply] {
    var replies = [Reply?](repeating: nil, count: prompts.count)
    var queue = Array(prompts.indices)
    while !queue.isEmpty {
      guard ready() else { break }
      let result = converse(queue.map { prompts[$0] }, window: Self.window)
      for (place, reply) in result.replies { replies[queue[place]] = reply }
      guard let interruption = result.interruption else { break }
      noteInterruption(interruption.cause)
      let suspects = interruption.outstanding.map { queue[$0] }
      var rest = queue.indices.filter { $0 > (interruption.outstanding.last ?? -1) }.map { queue[$0] }
      if result.replies.isEmpty, suspects.isEmpty { rest = queue }
      switch interruption.cause {
      case .crash where suspects.count > 1:
        rest = findCulprit(suspects, prompts, &replies, interruption.cause) + rest
      case .crash, .timeout, .violation:
        if let culprit = suspects.first {
          replies[culprit] = reply(interruption.cause)
          rest = suspects.dropFirst() + rest
        } else {
          incidents.append(interruption.cause)
        }
      default: preconditionFailure("no interruption")
      }
      queue = rest
    }
    let reason = surrender ?? "the client was given up"
    return replies.map { $0 ?? Reply(answer: .skipped(reason), process: 0, milliseconds: 0) }
  }

  /// From here on in a new process.
  func restart() {
    end()
    _ = ready()
  }

  /// Says goodbye. A client that does not end then, or says more, is at fault.
  func end() {
    guard let process else { return }
    outgoing.append((["seq": .integer(nextSeq()), "cmd": "bye"] as JSONValue).serialized(.compact))
    var isQuiet = !splitter.isInLine
    let start = now()
    var isOpen = true
    while (now() - start).seconds < deadline {
      let turn = process.pump(&outgoing, milliseconds: 10)
      if !turn.output.isEmpty { isQuiet = false }
      if outgoing.isEmpty, isOpen {
        process.closeInput()
        isOpen = false
      }
      if !process.isRunning { break }
    }
    let hasEnded = !process.isRunning
    drop()
    if !isQuiet {
      incidents.append(.violation("it wrote what nobody asked for"))
    } else if !hasEnded {
      incidents.append(.violation("it does not end after bye and the end of its input"))
    } else if let ending = process.ending, ending != .exited(0) {
      incidents.append(.crash("after bye: \(ending.text)"))
    }
  }

  // MARK: - Interruptions

  private struct Interruption {
    let cause: Answer
    /// Places of prompts without an answer that the client may have seen, in order.
    let outstanding: [Int]
  }

  /// Sends what was outstanding at a crash again, one by one, until one crashes the client. Gives what is still
  /// to be asked. When none does, the one that should have been answered next stands for the crash.
  private func findCulprit(
    _ suspects: [Int], _ prompts: [Prompt], _ replies: inout [Reply?], _ cause: Answer
  ) -> [Int] {
    for (place, suspect) in suspects.enumerated() {
      guard ready() else { return Array(suspects[place...]) }
      let result = converse([prompts[suspect]], window: 1)
      if let answered = result.replies.first { replies[suspect] = answered.reply }
      guard let interruption = result.interruption else { continue }
      noteInterruption(interruption.cause)
      replies[suspect] = reply(interruption.cause)
      return Array(suspects[(place + 1)...])
    }
    if let first = suspects.first, case .crash(let text) = cause {
      replies[first] = reply(.crash("\(text), at this prompt or soon after; asked alone, it is answered"))
    }
    return []
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
    while surrender == nil {
      if let process, process.isRunning { return true }
      do {
        let again = try start()
        guard again == identity else {
          surrender = "given up: the client's second hello differs from its first"
          return false
        }
        return true
      } catch {
        let incident = Answer.crash("it did not start again: \(error.reason)")
        incidents.append(incident)
        noteInterruption(incident)
      }
    }
    return false
  }

  private func reply(_ answer: Answer) -> Reply {
    Reply(answer: answer, process: processCount, milliseconds: 0)
  }

  // MARK: - A conversation with one process

  private func nextSeq() -> Int {
    seq += 1
    return seq
  }

  private func converse(
    _ prompts: [Prompt], window: Int
  ) -> (replies: [(place: Int, reply: Reply)], interruption: Interruption?) {
    guard let process else { preconditionFailure("no process") }
    var replies: [(place: Int, reply: Reply)] = []
    var outstanding: [(seq: Int, place: Int)] = []
    var next = 0
    var headSince = now()
    let firstSeq = seq

    func interrupted(_ cause: Answer) -> Interruption {
      Interruption(cause: cause, outstanding: outstanding.map(\.place))
    }

    while next < prompts.count || !outstanding.isEmpty {
      while next < prompts.count, outstanding.count < window, outgoing.count < Self.outgoingMaximum {
        if outstanding.isEmpty { headSince = now() }
        let seq = nextSeq()
        outgoing.append(prompts[next].line(seq: seq))
        outstanding.append((seq, next))
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
        drop()
        return (replies, interrupted(.violation("a line longer than \(LineSplitter.lineMaximum) bytes")))
      }
      for line in lines {
        let parsed: AnswerLine
        do {
          parsed = try AnswerLine(parsing: line, codes: codes)
        } catch {
          drop()
          return (replies, interrupted(.violation("no answer: \(error): \(line.excerpt)")))
        }
        guard let head = outstanding.first, parsed.seq == head.seq else {
          let fault =
            if outstanding.contains(where: { $0.seq == parsed.seq }) {
              "answered out of turn"
            } else if firstSeq < parsed.seq, parsed.seq <= seq {
              "answered a second time"
            } else {
              "no prompt of this number is open"
            }
          // With nothing outstanding, the fault is that of the prompt answered last.
          if outstanding.isEmpty, let last = replies.popLast() { outstanding = [(0, last.place)] }
          drop()
          return (replies, interrupted(.violation("seq \(parsed.seq): \(fault)")))
        }
        outstanding.removeFirst()
        replies.append(
          (
            head.place,
            Reply(
              answer: parsed.answer, process: processCount, milliseconds: (now() - headSince).seconds * 1000)
          ))
        headSince = now()
        fruitless = 0
        fruitlessTimeouts = 0
      }
      guard let head = outstanding.first else { continue }
      if turn.output.isEmpty, turn.isOutputClosed || !wasRunning {
        return (replies, interrupted(gone(process)))
      }
      let budget = deadline * Double(prompts[head.place].weight)
      if (time - headSince).seconds > budget {
        let why =
          if turn.isInputClosed {
            Answer.violation("closed its standard input and did not answer")
          } else {
            Answer.timeout(
              "no \(splitter.isInLine ? "whole line" : "answer") within \(budget.shortText) s\(errorNote(process))"
            )
          }
        drop()
        return (replies, interrupted(why))
      }
    }
    return (replies, nil)
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
    process?.kill()
    process = nil
  }

  // MARK: - Hello

  private func start() throws(StartError) -> ClientIdentity {
    drop()
    splitter = LineSplitter()
    outgoing = Outgoing()
    let process: ChildProcess
    do {
      process = try ChildProcess(command.arguments, environment: command.environment)
    } catch {
      throw StartError(reason: error.reason)
    }
    processCount += 1
    self.process = process
    let hello: JSONValue = [
      "v": 1, "seq": .integer(seq), "cmd": "hello", "suite": .string(SuiteVersion.suite),
      "spec": .string(SuiteVersion.spec),
    ]
    outgoing.append(hello.serialized(.compact))
    let start = now()
    while (now() - start).seconds < max(deadline, 5) {
      let wasRunning = process.isRunning
      let turn = process.pump(&outgoing, milliseconds: 20)
      let lines: [[UInt8]]
      do {
        lines = try splitter.lines(of: turn.output)
      } catch {
        drop()
        throw StartError(reason: "its hello is longer than \(LineSplitter.lineMaximum) bytes")
      }
      if let line = lines.first {
        do {
          let identity = try ClientIdentity(parsing: line, seq: seq)
          guard lines.count == 1, !splitter.isInLine else {
            drop()
            throw StartError(reason: "it says more than its hello")
          }
          return identity
        } catch let error as StartError {
          throw error
        } catch {
          drop()
          throw StartError(reason: "its hello is none: \(error): \(line.excerpt)")
        }
      }
      if turn.output.isEmpty, turn.isOutputClosed || !wasRunning {
        let text = "\(gone(process).detail)"
        throw StartError(reason: "before its hello: \(text)")
      }
    }
    let note = errorNote(process)
    drop()
    throw StartError(reason: "no hello within \(max(deadline, 5).shortText) s\(note)")
  }
}

extension ClientIdentity {
  init(parsing line: [UInt8], seq: Int) throws {
    self = try JSONCursor(JSONValue(parsing: line)).object { fields in
      _ = try fields.required("v").integer(in: 1...1)
      _ = try fields.required("seq").integer(in: seq...seq)
      let client = try fields.required("client")
      let (name, version) = try client.object { client in
        (try client.required("name").string(), try client.required("version").string())
      }
      let ops = try fields.required("ops")
      let names = try ops.array().map { try $0.string() }
      guard Set(names).count == names.count else { throw ops.error("an operation stands there twice") }
      return ClientIdentity(name: name, version: version, ops: Set(names))
    }
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
