internal import EndkeyJSON
internal import EndkeySuite

/// All that a run found.
public struct Report: Sendable {
  let client: ClientIdentity
  public let seed: UInt64
  let profile: Profile
  let ops: [String]
  let only: String?
  let until: String?
  let deadline: Double
  public let seconds: Double
  let processes: Int
  public let results: [CaseResult]
  /// What is wrong with the run that is wrong with no case.
  public let problems: [String]
  /// Titles of the chapters, and texts of requirements.
  let titles: [String: String]
  let requirements: [String: Requirement]

  init(of examination: Examination, seconds: Double) {
    let options = examination.options
    client = examination.client.identity
    seed = options.seed
    profile = options.profile
    ops = options.ops
    only = options.only
    until = options.until
    deadline = options.deadline
    self.seconds = seconds
    processes = examination.counter.count
    titles = examination.suite.titles
    requirements = examination.suite.requirements
    var results = examination.results
    Self.diagnose(&results, examination)
    var problems = Self.apply(
      options.known, today: options.today, to: &results,
      ids: examination.suite.ids.union(Examination.checkIDs(of: examination.suite)))
    let skipped = results.filter { $0.verdict == .skipped }
    if let first = skipped.first { problems.append("\(skipped.count) not asked: \(first.reason)") }
    if !results.contains(where: { $0.verdict.isExecuted && (options.only != nil || Tier($0) != .conduct) }) {
      problems.append("nothing was executed")
    }
    if options.requireComplete {
      let missing = Set(results.filter { $0.verdict == .unsupported }.map(\.op)).sorted()
      let known = results.count { $0.known != nil }
      if !missing.isEmpty { problems.append("not complete: unsupported \(missing.joined(separator: ", "))") }
      if known > 0 { problems.append("not complete: \(known) known failures") }
    }
    self.problems = problems
    self.results = results
  }

  public func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }
  public var planned: Int { results.count }
  public var executed: Int { results.count { $0.verdict.isExecuted } }
  public var passed: Int { count(.pass) }
  /// Failures that no list excuses.
  public var failures: [CaseResult] { results.filter(\.isFailure) }
  public var known: Int { results.count { $0.known != nil } }
  /// Nothing was executed, or nothing but checks of the client protocol: no verdict on the client.
  public var isEmpty: Bool {
    !results.contains { $0.verdict.isExecuted && (only != nil || Tier($0) != .conduct) }
  }
  /// Failures and problems, as every form of the report counts them.
  var failed: Int { failures.count + problems.count }
  /// All passed, something was asked, and nothing was left out.
  public var isPass: Bool { failed == 0 }
  /// Passed with every operation of the profile.
  public var isComplete: Bool {
    isPass && known == 0 && count(.unsupported) == 0 && ops.isEmpty && only == nil && until == nil
  }

  // MARK: - Known failures

  private static func apply(
    _ known: [KnownFailure], today: String, to results: inout [CaseResult], ids: Set<String>
  ) -> [String] {
    let places = Dictionary(uniqueKeysWithValues: results.enumerated().map { ($1.id, $0) })
    return known.compactMap { entry in
      func problem(_ text: String) -> String { "known failures: \(entry.id.shown): \(text)" }
      guard ids.contains(entry.id) else {
        return problem("no such case\(Advice.suggestion(for: entry.id, among: ids))")
      }
      // Not part of this run.
      guard let place = places[entry.id] else { return nil }
      if entry.expiry < today { return problem("expired on \(entry.expiry)") }
      let verdict = results[place].verdict
      switch verdict {
      case .pass: return problem("passes now; take it off the list")
      case .unsupported: return problem("is unsupported, not failing; take it off the list")
      case .skipped: return nil
      case entry.verdict:
        results[place].known = entry
        return nil
      default:
        return problem("its verdict is \(verdict.rawValue), and the list has \(entry.verdict.rawValue)")
      }
    }
  }

  // MARK: - Diagnosis

  private static func diagnose(_ results: inout [CaseResult], _ examination: Examination) {
    let mutants = examination.suite.mutants
    guard !mutants.isEmpty else { return }
    let given = examination.replies.compactMapValues(\.text)
    var wrong = Set(results.filter { $0.kind == .vector && $0.verdict == .fail }.map(\.id))
    // One mutant may explain a part, another the rest.
    while let mutant = MutantAnswers.diagnose(given: given, wrong: wrong, among: mutants) {
      for index in results.indices
      where wrong.contains(results[index].id) && mutant.answers[results[index].id] == given[results[index].id]
      {
        results[index].cause =
          "the answer is that of a client with this fault: \(mutant.fault) (\(mutant.name))"
        wrong.remove(results[index].id)
      }
    }
  }
}

/// What rests on what: faults below show again above.
enum Tier: Int, CaseIterable, Comparable {
  case conduct, primitives, messages, operations, behaviour

  init(_ result: CaseResult) {
    let family = result.op.split(separator: "/").first.map(String.init) ?? ""
    self =
      switch (result.kind, family) {
      case (_, "protocol"): .conduct
      case (.scenario, _): .behaviour
      case (.check, _): .behaviour
      case (_, "hash"), (_, "derive"), (_, "pbkdf2"), (_, "hmac"), (_, "kw"), (_, "oaep"), (_, "rsa"),
        (_, "ed25519"), (_, "siv"), (_, "sealed"), (_, "normal"), (_, "keys"), (_, "account-id"),
        (_, "agent-id"):
        .primitives
      case (_, "wire"), (_, "text"), (_, "scan"): .messages
      default: .operations
      }
  }

  static func < (a: Tier, b: Tier) -> Bool { a.rawValue < b.rawValue }

  var title: String {
    switch self {
    case .conduct: "the client protocol"
    case .primitives: "primitives and derivations"
    case .messages: "messages and texts"
    case .operations: "operations"
    case .behaviour: "behaviour over many steps"
    }
  }
}

extension Report {
  /// The failures of an operation.
  struct Group {
    let tier: Tier
    let op: String
    let failures: [CaseResult]
  }

  /// What to repair first stands first: what others rest on, then what fails most.
  var groups: [Group] {
    let byOp = Dictionary(grouping: failures) { "\(Tier($0).rawValue) \($0.op)" }
    return byOp.values.map { Group(tier: Tier($0[0]), op: $0[0].op, failures: $0) }
      .sorted { a, b in
        (a.tier.rawValue, -a.failures.count, a.op) < (b.tier.rawValue, -b.failures.count, b.op)
      }
  }

  /// Passed and failed by chapter of the specification, in order.
  struct Row {
    let chapter: String
    let title: String
    var passed = 0
    var failed = 0
    var known = 0
    var unsupported = 0
    var skipped = 0
  }

  var rows: [Row] {
    var rows: [String: Row] = [:]
    for result in results {
      let chapter = result.chapter
      var row =
        rows[chapter]
        ?? Row(chapter: chapter, title: titles[chapter] ?? (chapter.isEmpty ? "Client protocol" : ""))
      switch result.verdict {
      case .pass: row.passed += 1
      case .unsupported: row.unsupported += 1
      case .skipped: row.skipped += 1
      default:
        if result.known == nil { row.failed += 1 } else { row.known += 1 }
      }
      rows[chapter] = row
    }
    return rows.values.sorted { (Int($0.chapter) ?? 0) < (Int($1.chapter) ?? 0) }
  }
}
