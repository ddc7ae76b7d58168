internal import EndkeyJSON
public import EndkeySuite

/// What a run is asked to do.
public struct ExaminationOptions: Sendable {
  /// Patterns of operations; empty for all.
  public var ops: [String] = []
  public var profile = Profile.all
  /// Only this vector, check or scenario, with its twin.
  public var only: String?
  public var seed: UInt64
  /// Seconds for one prompt, times the cost of its operation.
  public var deadline: Double = 10
  public var codes = CodeMap()
  public var known: [KnownFailure] = []
  /// Seconds for the whole run; what is not asked until then is skipped.
  public var timeLimit: Double?
  /// Whether what is unsupported, or known to fail, fails the run.
  public var requireComplete = false
  /// The last case of the run: all that comes before it in this order is asked, and nothing after it.
  public var until: String?
  /// Takes all that goes over the wire.
  public var transcript: Transcript?
  /// `YYYY-MM-DD`, to see what has expired.
  public var today: String
  /// Outputs of each randomised operation that is not slow, in each of two processes.
  var randomOutputs = 512
  /// Failures that are asked again by themselves, each of another operation.
  var aloneMaximum = 10
  /// Whether randomness is also held against that of processes with the same id.
  var hasTwins = true
  /// The time by which deadlines are judged.
  var now: @Sendable () -> ContinuousClock.Instant = { .now }

  public init(seed: UInt64, today: String) {
    self.seed = seed
    self.today = today
  }
}

/// One run of a client through the suite.
public final class Examination {
  /// Why there was nothing to judge.
  public enum Failure: Error {
    /// The client did not start, or its hello was none.
    case noClient(String)
    /// What was asked for does not exist.
    case unknown(String)
  }

  let suite: ConformanceSuite
  let options: ExaminationOptions
  let client: Client
  /// Of all processes of the run.
  let counter: ProcessCounter
  private let command: ClientCommand
  /// Two more processes of the client, each with the id of the other; none where that cannot be had.
  private(set) lazy var twins: [Client] = makeTwins()
  private(set) var results: [CaseResult] = []
  /// Vector id -> what is remembered of its reply: no outputs, which a client may make as long as it likes.
  private(set) var replies: [String: Remembered] = [:]
  /// Bytes of wrong answers that the report may still hold.
  private var room = 16 << 20

  /// Of a reply, what is asked for later.
  struct Remembered {
    let process: Int
    let rejection: Answer.Rejection?
    /// As `MutantAnswers` have it.
    let text: String?
  }

  private let patterns: [Glob]
  private let progress: (String) -> Void

  /// Examines the client and says all that was found.
  public static func run(
    _ suite: ConformanceSuite, _ command: ClientCommand, _ options: ExaminationOptions,
    progress: @escaping (String) -> Void = { _ in }
  ) throws(Failure) -> Report {
    try check(options, suite)
    let start = ContinuousClock.now
    let client: Client
    let counter = ProcessCounter()
    do {
      client = try Client(command, options, counter)
    } catch {
      throw .noClient(error.reason)
    }
    let examination = Examination(suite, client, command, counter, options, progress)
    examination.examine()
    return Report(of: examination, seconds: (ContinuousClock.now - start).seconds)
  }

  /// Refuses names of what does not exist.
  private static func check(_ options: ExaminationOptions, _ suite: ConformanceSuite) throws(Failure) {
    let ids = suite.ids.union(checkIDs(of: suite))
    for id in [options.only, options.until].compactMap(\.self) where !ids.contains(id) {
      throw .unknown("no vector, check or scenario \(id.shown)\(Advice.suggestion(for: id, among: ids))")
    }
    let ops = Set(OperationDescription.named.keys).union(suite.vectors.map(\.op))
    for pattern in options.ops where !ops.contains(where: Glob(pattern).matches) {
      let bare = pattern.split(separator: "*").joined()
      throw .unknown("no operation matches \(pattern.shown)\(Advice.suggestion(for: bare, among: ops))")
    }
  }

  private init(
    _ suite: ConformanceSuite, _ client: Client, _ command: ClientCommand, _ counter: ProcessCounter,
    _ options: ExaminationOptions,
    _ progress: @escaping (String) -> Void
  ) {
    self.suite = suite
    self.client = client
    self.command = command
    self.counter = counter
    self.options = options
    self.progress = progress
    patterns = options.ops.map(Glob.init)
  }

  private func examine() {
    let isVectorLast = askVectors()
    var last = isVectorLast ? options.until : nil
    /// Whether the last case of the run is behind.
    func isOver(_ id: String) -> Bool {
      defer { if id == options.until { last = id } }
      return options.until != nil && last == options.until
    }
    for check in Self.checks(of: suite) where isPlanned(check.id, check.ops) && !isOver(check.id) {
      progress(check.id)
      add(run(check))
    }
    for scenario in suite.scenarios where isPlanned(scenario.id, [scenario.role.op]) && !isOver(scenario.id) {
      progress(scenario.id)
      add(play(scenario))
    }
    client.end()
    if options.only == nil || options.only == Self.conductID || !client.incidents.isEmpty { add(conduct()) }
    askAlone()
  }

  private func makeTwins() -> [Client] {
    guard options.hasTwins else { return [] }
    var twins: [Client] = []
    for _ in 0..<2 {
      do {
        let twin = try Client(command.inOwnNamespace, options, counter)
        guard twin.identity == client.identity else { return [] }
        twins.append(twin)
      } catch {
        return []
      }
    }
    return twins
  }

  // MARK: - Alone

  /// The first failure of each operation, asked again in a fresh process: whether it needs what came before.
  private func askAlone() {
    guard options.only == nil, client.surrender == nil else { return }
    var ops: Set<String> = []
    for index in results.indices where ops.count < options.aloneMaximum {
      let result = results[index]
      guard result.verdict.isFailure, result.verdict != .timeout, result.behind == nil,
        result.id != Self.conductID,
        ops.insert(result.op).inserted
      else { continue }
      progress("\(result.id) by itself")
      client.startAfresh()
      let again = askAgain(result)
      guard client.surrender == nil, again.isExecuted else { return }
      results[index].failsAlone = again.isFailure
    }
  }

  private func askAgain(_ result: CaseResult) -> Verdict {
    switch result.kind {
    case .vector:
      guard let vector = suite.vectors.first(where: { $0.id == result.id }) else { return .skipped }
      return judge(vector, client.ask([vector.prompt])[0].answer).verdict
    case .check:
      guard let check = Self.checks(of: suite).first(where: { $0.id == result.id }) else { return .skipped }
      return run(check).verdict
    case .scenario:
      guard let scenario = suite.scenarios.first(where: { $0.id == result.id }) else { return .skipped }
      return play(scenario).verdict
    }
  }

  /// Whether the run is to hold a case of these operations.
  private func isPlanned(_ id: String, _ ops: [String]) -> Bool {
    if let only = options.only { return id == only }
    return ops.allSatisfy { op in
      (patterns.isEmpty || patterns.contains { $0.matches(op) }) && options.profile.needs(op)
    }
  }

  func remember(_ reply: Reply, of id: String) {
    var rejection: Answer.Rejection?
    if case .reject(let given) = reply.answer {
      rejection = Answer.Rejection(code: given.code, native: given.native, offset: given.offset, out: nil)
    }
    replies[id] = Remembered(
      process: reply.process, rejection: rejection, text: MutantAnswers.text(of: reply.answer))
  }

  /// The verdict on an answer, which is kept as long as there is room for it.
  private func judge(_ vector: Vector, _ answer: Answer) -> CaseResult {
    var result = VectorJudge.judge(vector, answer, codes: options.codes)
    result.got = result.got.map(kept)
    if let difference = result.difference {
      result.difference = CaseResult.Difference(
        name: difference.name, expected: difference.expected, got: difference.got.map(kept))
    }
    return result
  }

  private func kept(_ value: JSONValue) -> JSONValue {
    let text = value.serialized(.compact)
    if text.count > 1 << 10 {
      guard text.count <= room else {
        return ["cut": .string("\(text.count) bytes, which begin \(text.excerpt)")]
      }
      room -= text.count
    }
    return value
  }

  private func add(_ result: CaseResult) {
    var result = result
    if result.kind != .vector { result.got = result.got.map(kept) }
    results.append(result)
  }

  // MARK: - Vectors

  /// Asks all vectors, in an order that tells the client nothing. Says whether one of them is the last case of the run.
  private func askVectors() -> Bool {
    var planned = suite.vectors.filter { isPlanned($0.id, [$0.op]) }
    if let only = planned.first, options.only != nil, let twin = only.twin {
      planned += suite.vectors.filter { $0.id == twin }
    }
    let (claimed, unclaimed) = (
      planned.filter { client.identity.ops.contains($0.op) },
      planned.filter { !client.identity.ops.contains($0.op) }
    )
    for vector in unclaimed {
      add(
        CaseResult(
          id: vector.id, op: vector.op, kind: .vector, level: vector.level.rawValue, req: vector.req,
          about: vector.comment,
          verdict: .unsupported, reason: "not claimed in hello"))
    }
    var random = SeededRandom(seed: options.seed)
    var order = claimed.shuffled(using: &random)
    let end = order.firstIndex { $0.id == options.until }
    if let end { order.removeSubrange((end + 1)...) }
    progress("\(order.count) vectors")
    var judged: [String: CaseResult] = [:]
    client.ask(order.map(\.prompt)) { place, reply in
      remember(reply, of: order[place].id)
      judged[order[place].id] = judge(order[place], reply.answer)
    }
    checkTwins(order.count < claimed.count ? order : claimed, &judged)
    for vector in claimed {
      if let result = judged[vector.id] { add(result) }
    }
    return end != nil
  }

  /// A rejection counts only where the twin was accepted, rightly, by the same process.
  private func checkTwins(_ vectors: [Vector], _ judged: inout [String: CaseResult]) {
    let byID = Dictionary(uniqueKeysWithValues: vectors.map { ($0.id, $0) })
    var apart: [(vector: Vector, twin: Vector)] = []
    for vector in vectors where vector.expect.isRejection && judged[vector.id]?.verdict == .pass {
      guard let twin = vector.twin.flatMap({ byID[$0] }), let twinResult = judged[twin.id] else { continue }
      if twinResult.verdict != .pass {
        let why = replies[twin.id]?.rejection != nil ? "rejects its twin too" : "its twin does not pass"
        judged[vector.id]?.fail("\(why): \(twin.id)")
        judged[vector.id]?.behind = twin.id
      } else if replies[vector.id]?.process != replies[twin.id]?.process {
        apart.append((vector, twin))
      }
    }
    // The client was restarted in between: both once more, side by side. A client that crashes now and then has
    // three chances.
    for _ in 0..<3 where !apart.isEmpty {
      let again = client.ask(apart.flatMap { [$0.twin.prompt, $0.vector.prompt] })
      apart = apart.enumerated().filter { index, pair in
        let (twin, vector) = (again[2 * index], again[2 * index + 1])
        return twin.process != vector.process || VectorJudge.judge(pair.twin, twin.answer).verdict != .pass
          || VectorJudge.judge(pair.vector, vector.answer).verdict != .pass
      }.map(\.element)
    }
    for pair in apart {
      judged[pair.vector.id]?.fail("its twin \(pair.twin.id) did not pass in the same process")
    }
  }

  // MARK: - Conduct

  static let conductID = "check-conduct"

  /// What the client did wrong outside of any prompt.
  private func conduct() -> CaseResult {
    var result = CaseResult(
      id: Self.conductID, op: "protocol", kind: .check, req: [],
      about: "Nothing is written that was not asked for; the client starts again, and ends when told.",
      verdict: .pass)
    if let first = client.incidents.first {
      result.verdict = first.failedVerdict
      result.reason = client.incidents.map(\.detail).prefix(5).joined(separator: "; ")
      result.advice = client.incidents.lazy.compactMap(\.advice).first
    }
    return result
  }
}

extension CaseResult {
  mutating func fail(_ reason: String) {
    verdict = .fail
    self.reason = reason
  }
}

extension Vector {
  /// What the client is given.
  var prompt: Prompt {
    var prompt = Prompt(op: op, input: input)
    // Refused before anything is computed: the answer comes at once.
    if case .reject("iterations_out_of_range", _) = expect { prompt.weight = 1 }
    return prompt
  }
}
