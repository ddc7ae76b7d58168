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
  /// `YYYY-MM-DD`, to see what has expired.
  public var today: String
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
    /// No case has this id.
    case unknownCase(String)
  }

  let suite: ConformanceSuite
  let options: ExaminationOptions
  let client: Client
  private(set) var results: [CaseResult] = []
  /// Vector id -> reply.
  private(set) var replies: [String: Reply] = [:]

  private let patterns: [Glob]
  private let progress: (String) -> Void

  /// Examines the client and says all that was found.
  public static func run(
    _ suite: ConformanceSuite, _ command: ClientCommand, _ options: ExaminationOptions,
    progress: @escaping (String) -> Void = { _ in }
  ) throws(Failure) -> Report {
    if let only = options.only, !suite.ids.contains(only), !Self.checkIDs(of: suite).contains(only) {
      throw .unknownCase(only)
    }
    let start = ContinuousClock.now
    let client: Client
    do {
      client = try Client(command, codes: options.codes, deadline: options.deadline, now: options.now)
    } catch {
      throw .noClient(error.reason)
    }
    let examination = Examination(suite, client, options, progress)
    examination.examine()
    return Report(of: examination, seconds: (ContinuousClock.now - start).seconds)
  }

  private init(
    _ suite: ConformanceSuite, _ client: Client, _ options: ExaminationOptions,
    _ progress: @escaping (String) -> Void
  ) {
    self.suite = suite
    self.client = client
    self.options = options
    self.progress = progress
    patterns = options.ops.map(Glob.init)
  }

  private func examine() {
    askVectors()
    for check in Self.checks(of: suite) where isPlanned(check.id, check.ops) {
      progress(check.id)
      add(run(check))
    }
    for scenario in suite.scenarios where isPlanned(scenario.id, [scenario.role.op]) {
      progress(scenario.id)
      add(play(scenario))
    }
    client.end()
    if options.only == nil || options.only == Self.conductID { add(conduct()) }
  }

  /// Whether the run is to hold a case of these operations.
  private func isPlanned(_ id: String, _ ops: [String]) -> Bool {
    if let only = options.only { return id == only }
    return ops.allSatisfy { op in
      (patterns.isEmpty || patterns.contains { $0.matches(op) }) && options.profile.needs(op)
    }
  }

  func remember(_ reply: Reply, of id: String) { replies[id] = reply }
  private func add(_ result: CaseResult) { results.append(result) }

  // MARK: - Vectors

  /// Asks all vectors, in an order that tells the client nothing.
  private func askVectors() {
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
    let order = claimed.shuffled(using: &random)
    progress("\(order.count) vectors")
    let answers = client.ask(order.map(\.prompt))
    for (vector, reply) in zip(order, answers) { replies[vector.id] = reply }

    var judged: [String: CaseResult] = [:]
    for vector in claimed {
      if let reply = replies[vector.id] { judged[vector.id] = VectorJudge.judge(vector, reply.answer) }
    }
    checkTwins(claimed, &judged)
    for vector in claimed {
      if let result = judged[vector.id] { add(result) }
    }
  }

  /// A rejection counts only where the twin was accepted, rightly, by the same process.
  private func checkTwins(_ vectors: [Vector], _ judged: inout [String: CaseResult]) {
    let byID = Dictionary(uniqueKeysWithValues: vectors.map { ($0.id, $0) })
    var apart: [(vector: Vector, twin: Vector)] = []
    for vector in vectors where vector.expect.isRejection && judged[vector.id]?.verdict == .pass {
      guard let twin = vector.twin.flatMap({ byID[$0] }), let twinResult = judged[twin.id] else { continue }
      if twinResult.verdict != .pass {
        let why: String =
          if case .reject? = replies[twin.id]?.answer { "rejects its twin too" } else {
            "its twin does not pass"
          }
        judged[vector.id]?.fail("\(why): \(twin.id)")
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
