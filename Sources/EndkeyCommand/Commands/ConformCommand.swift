internal import ArgumentParser
internal import EndkeyConformance
internal import EndkeyJSON
internal import EndkeyStore
internal import EndkeySuite
internal import Foundation
internal import Glibc
internal import Synchronization

struct ConformCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conform", abstract: "Judge any client by the vectors, or compare two reports.",
    discussion: """
      endkey conform -- python3 -m my_client
      endkey conform --ops 'token/*,siv/*' -- ./my-client --respond
      endkey conform compare before/report.json after/report.json

      Exit codes: 0 all passed, 1 some failed, 2 bad input, 3 the client did not start or shake hands, 64 misuse. \
      "endkey conform run --help" explains options, profiles and reports.
      """,
    subcommands: [ConformRunCommand.self, ConformCompareCommand.self],
    defaultSubcommand: ConformRunCommand.self)
}

struct ConformRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Judge a client.",
    discussion: """
      The client answers one JSON object a line (vectors/README.md; clients/README.md says how to write one). It gets \
      neither ids nor expectations, in an order that --seed fixes. A rejection counts only if its accepted twin \
      passed in the same process. Beside the vectors: tokens over a grid and summed by group, randomised outputs, \
      oracles, two ends at a time, and a malicious service over many steps.

      A client that crashes, hangs or breaks the protocol is restarted, and the run goes on; after five timeouts, or \
      twenty other failures, without an answer in between it is given up, and the rest is skipped, which fails the \
      run, as does what --time-limit leaves. The first failure of each operation is asked again in a fresh process: \
      the command under it repeats it by itself (--repeat), or with all that came before (--seed and --until).

      Profiles: agent and owner take what each end of the protocol needs. service takes what an honest service may \
      check without a key: the grammar of messages and texts (wire/*, text/token*, text/blob*), scan, signatures and \
      ids (ed25519/verify, account-id, agent-id, rsa/check), state/accept, rules/verify, batch/audit. An operation \
      that the client does not claim is unsupported, not failed; only a run without any conforms to its profile, and \
      --require-complete fails any other.

      --known-failing is a JSON list of {"id", "verdict", "reason", "link", "expiry"}; a case in it that passes, fails \
      with another verdict, does not exist or is past its expiry (YYYY-MM-DD) fails the run. --codes is a JSON object \
      from the client's native errors to the codes of the specification, for a client whose rejections have no code.

      --report writes report.json (schema: vectors/schema/report.schema.json), junit.xml, index.html, badge.svg; those \
      of an earlier run are removed before the client is started. --transcript writes what goes over the wire, one \
      JSON object a line: the number of the process, and "sent", "wrote" (or "wrote_hex") or "ended".

      Exit codes: 0 all passed, 1 some failed, 2 bad input, 3 the client did not start or shake hands, 64 misuse.
      """)

  @Option(help: ArgumentHelp("Only operations that match, separated by commas.", valueName: "glob,..."))
  var ops: String?
  @Option(
    help: ArgumentHelp("What kind of client: all, agent, owner or service.", valueName: "profile"),
    transform: { try Self.profile($0) })
  var profile: Profile = .all
  @Option(
    help: ArgumentHelp("Failures that are known, exactly.", valueName: "file"), completion: .file(),
    transform: Path.file)
  var knownFailing: String?
  @Option(
    help: ArgumentHelp("From the client's errors to codes.", valueName: "file"), completion: .file(),
    transform: Path.file)
  var codes: String?
  @Option(
    help: ArgumentHelp("A folder for the reports; files of an earlier run are replaced.", valueName: "dir"),
    completion: .directory, transform: Path.folder)
  var report: String?
  @Option(
    in: 0...UInt64.max,
    help: ArgumentHelp(
      "Order of the prompts; without it a random one, which the report names.", valueName: "n"))
  var seed: UInt64?
  @Option(
    help: ArgumentHelp(
      "Time for one answer; operations on passwords, and steps of scenarios, have six times as much.",
      valueName: "seconds"))
  var deadline: Double = 10
  @Option(
    help: ArgumentHelp("Time for the whole run; what is not asked by then is skipped.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(
    help: ArgumentHelp(
      "The folder of the vectors. (default: vectors, or those installed with endkey)", valueName: "dir"),
    completion: .directory, transform: Path.folder)
  var vectors: String?
  @Option(name: .customLong("repeat"), help: ArgumentHelp("Only this case, with its twin.", valueName: "id"))
  var only: String?
  @Option(
    help: ArgumentHelp(
      "Only what comes before this case by --seed, and the case itself: a failure with its history.",
      valueName: "id"))
  var until: String?
  @Flag(help: "Fail also for what is unsupported, or known to fail.")
  var requireComplete = false
  @Option(
    help: ArgumentHelp("A file for all that goes over the wire.", valueName: "file"), completion: .file(),
    transform: Path.file)
  var transcript: String?
  @OptionGroup var output: OutputOptions
  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("The client's program and arguments, after --.", valueName: "client"))
  var client: [String] = []

  func validate() throws {
    guard !client.isEmpty else {
      throw ValidationError("no client: endkey conform [options] -- PROGRAM [arguments]")
    }
    guard deadline > 0, deadline <= 3600 else {
      throw ValidationError("--deadline is above 0 and at most 3600 seconds, not \(deadline)")
    }
    if let timeLimit, !(timeLimit > 0 && timeLimit <= 1_000_000) {
      throw ValidationError("--time-limit is above 0 and at most 1000000 seconds, not \(timeLimit)")
    }
    if only != nil, until != nil {
      throw ValidationError(
        "--repeat asks a case by itself, --until with what comes before: give one of them")
    }
    if until != nil, seed == nil { throw ValidationError("what comes before --until is told by --seed") }
  }

  func run() throws {
    let suite = try SuiteFolder(path: vectors ?? Release.vectorFolder()).read()
    var options = try options()
    // Before the client is started: what cannot be written is told while nothing is lost.
    if let report { try ReportFolder(path: report).clear() }
    let transcript = try transcript.map { try TranscriptFile($0) }
    if let transcript { options.transcript = Transcript { transcript.write($0) } }
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    ClientCommand.endWithThisProcess()
    var progress = Progress()
    let found: Report
    do {
      found = try Examination.run(suite, ClientCommand(client, environment: environment), options) {
        progress.show($0)
      }
    } catch {
      progress.clear()
      switch error {
      case .noClient(let reason): throw CommandError(.noClient, client.first, Console.shown(reason))
      case .unknown(let reason): throw CommandError(.badInput, nil, reason)
      }
    }
    progress.clear()
    let written = Result { if let report { try ReportFolder(path: report).write(found, invocation) } }
    if output.json {
      try Descriptor.output.write(found.json)
    } else {
      for line in found.summary(repeating: invocation) { try Console.print(line) }
    }
    // The result is told all the same.
    try written.get()
    try transcript?.requireWhole()
    if !found.isPass { throw ExitStatus.checkFailed }
  }

  /// What a repetition of one case needs too.
  private var invocation: Invocation {
    var options = vectors.map { ["--vectors", $0] } ?? []
    if let codes { options += ["--codes", codes] }
    if deadline != 10 { options += ["--deadline", "\(deadline)"] }
    var scope = profile == .all ? [] : ["--profile", profile.rawValue]
    if let ops { scope += ["--ops", ops] }
    return Invocation(options: options, scope: scope, client: client)
  }

  private func options() throws -> ExaminationOptions {
    let day = Date.now.formatted(.iso8601.year().month().day())
    var options = ExaminationOptions(seed: seed ?? UInt64.random(in: 0..<1 << 32), today: day)
    options.ops = ops.map { $0.split(separator: ",").map(String.init) } ?? []
    options.profile = profile
    options.only = only
    options.until = until
    options.requireComplete = requireComplete
    options.deadline = deadline
    options.timeLimit = timeLimit
    if let codes { options.codes = try Self.reading(codes) { try CodeMap(parsing: $0) } }
    if let knownFailing { options.known = try Self.reading(knownFailing) { try KnownFailure.read($0) } }
    return options
  }

  private static func profile(_ name: String) throws -> Profile {
    guard let profile = Profile(rawValue: name) else {
      let names = Profile.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("no profile \(name); one of \(names)")
    }
    return profile
  }

  static func reading<R>(_ file: String, _ body: ([UInt8]) throws -> R) throws -> R {
    let bytes = try Descriptor(reading: file).rest()
    do {
      return try body(bytes)
    } catch {
      throw CommandError(.badInput, file, "\(error)")
    }
  }
}

struct ConformCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Show what changed from one report.json to another.",
    discussion: "Exit codes: 0 nothing that passed fails now, 1 something does, 2 bad input, 64 misuse.")

  @Argument(
    help: ArgumentHelp("The earlier report.", valueName: "file"), completion: .file(), transform: Path.file)
  var before: String
  @Argument(
    help: ArgumentHelp("The later one.", valueName: "file"), completion: .file(), transform: Path.file)
  var after: String
  @OptionGroup var output: OutputOptions

  func run() throws {
    let (old, new) = (try Descriptor(reading: before).rest(), try Descriptor(reading: after).rest())
    let comparison: Comparison
    do throws(Comparison.Fault) {
      comparison = try Comparison(old, new)
    } catch {
      throw CommandError(.badInput, error.isLater ? after : before, error.reason)
    }
    if output.json {
      try Console.print(comparison.json)
    } else {
      for line in comparison.lines { try Console.print(line) }
    }
    if comparison.regressions > 0 { throw ExitStatus.checkFailed }
  }
}

/// A folder of vectors as the runner reads it.
private struct SuiteFolder {
  let path: String

  func read() throws -> ConformanceSuite {
    let names = Folder.exists(path) ? try VectorFolder.names(in: path) : []
    guard !names.isEmpty else {
      throw CommandError(
        .badInput, path,
        Folder.exists(path) ? "no vectors are in this folder" : "there is no such folder here",
        next: "run it in the root of a checkout, or name the folder of the vectors by --vectors DIR; "
          + "endkey vectors generate --out DIR makes one")
    }
    let files = try names.map { (name: $0, bytes: try Descriptor(reading: "\(path)/\($0)").rest()) }
    do {
      return try ConformanceSuite(
        files: files, scenarios: try companion("conformance/scenarios.json"),
        requirements: try companion("conformance/requirements.json"),
        answers: try companion("conformance/answers.json"))
    } catch let fault as ConformanceSuite.Fault {
      throw CommandError(.badInput, path, fault.description)
    }
  }

  /// The content of a file that need not be there.
  private func companion(_ name: String) throws -> [UInt8]? {
    guard OutputFile.exists("\(path)/\(name)") else { return nil }
    return try Descriptor(reading: "\(path)/\(name)").rest()
  }
}

/// A folder with the reports of one run.
private struct ReportFolder {
  let path: String

  private static let names = ["report.json", "junit.xml", "index.html", "badge.svg"]

  /// Removes the reports of an earlier run, so that none is taken for one of this. Fails where none can be written.
  func clear() throws {
    try Folder.make(path)
    for name in Self.names { try OutputFile.remove("\(path)/\(name)") }
    try OutputFile.write([], to: "\(path)/\(Self.names[0])", .refused)
    try OutputFile.remove("\(path)/\(Self.names[0])")
  }

  func write(_ found: Report, _ invocation: Invocation) throws {
    let contents = [found.json, found.junit, found.html(repeating: invocation), found.badge]
    for (name, bytes) in zip(Self.names, contents) {
      try OutputFile.write(bytes, to: "\(path)/\(name)", .replaced)
    }
  }
}

/// What goes over the wire, written as it goes: it is there also when a run is ended before its time.
private final class TranscriptFile: Sendable {
  private struct State: ~Copyable {
    let file: Descriptor
    /// Nothing more is written after it.
    var failure: StoreError?
  }

  private let state: Mutex<State>

  /// Replaces an earlier transcript, and no other file.
  init(_ path: String) throws {
    if OutputFile.exists(path),
      try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType == .typeRegular
    {
      let begin = try Descriptor(reading: path).piece(16)
      guard begin.isEmpty || begin.starts(with: Array("{\"process\":".utf8)) else {
        throw CommandError(.badInput, path, "exists, and is no transcript: name another file")
      }
    }
    state = Mutex(
      State(file: try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644, .create)))
  }

  func write(_ line: [UInt8]) {
    state.withLock { state in
      guard state.failure == nil else { return }
      do throws(StoreError) { try state.file.write(line) } catch { state.failure = error }
    }
  }

  /// Throws if not all was written.
  func requireWhole() throws(StoreError) {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
