import EndkeyJSON
import Foundation
import Glibc
import Synchronization
import Testing

@testable import EndkeyConformance

/// The runner judged by clients that lie: each is convicted with the right verdict, and the runner goes on.
@Suite("Liars") struct LiarTests {
  @Test(
    "an honest client passes, whatever it writes to its standard error",
    arguments: ["honest", "honest_and_loud", "slow_writer"])
  func honest(_ kind: String) throws {
    let report = try Toy.examine(kind)
    #expect(report.failedIDs == [])
    #expect(report.isPass)
    #expect(report.planned == report.executed + report.count(.unsupported))
    let unsupported = report.results.filter { $0.verdict == .unsupported && !$0.id.hasPrefix("check-fresh-") }
    #expect(unsupported.count == 5)
  }

  @Test(
    "who says one thing to everything is convicted everywhere",
    arguments: ["always_accept", "always_reject", "replay"])
  func constant(_ kind: String) throws {
    let report = try Toy.examine(kind)
    #expect(report.passed <= 3)
    #expect(report.failures.allSatisfy { $0.verdict == .fail })
    #expect(report["kw-flipped-0"]?.verdict == .fail)
    #expect(
      report["check-unknown-operation"]?.verdict == (kind == "replay" ? .pass : .fail) || kind == "replay")
  }

  @Test(
    "who does not shake hands is not judged",
    arguments: ["echo", "crash_at_start", "hang_at_start", "no_such_kind"])
  func noHello(_ kind: String) throws {
    do {
      let report = try Toy.examine(kind)
      Issue.record("judged: \(report.passed) passed")
    } catch Examination.Failure.noClient(let reason) {
      #expect(!reason.isEmpty)
    }
  }

  @Test("a program that does not exist is not judged")
  func noProgram() throws {
    #expect(throws: Examination.Failure.self) {
      _ = try Examination.run(
        try Toy.suite.get(), ClientCommand(["/no/such/program"], environment: []), Toy.options)
    }
  }

  @Test(
    "one fault at one prompt: that prompt is convicted, everything else is judged as before",
    arguments: [
      ("crash_on_input", Verdict.crash, "signal 11"),
      ("half_line_and_exit", .crash, "in the middle of a line"),
      ("leave_a_child", .crash, "exited with status 0"), ("hang_on_input", .timeout, "no answer"),
      ("half_line", .timeout, "no whole line"), ("endless_error", .timeout, "no answer"),
      ("one_long_line", .protocolViolation, "longer than"),
      ("endless_line", .protocolViolation, "longer than"),
      ("malformed", .protocolViolation, "the text ends too early"),
      ("duplicate_key", .protocolViolation, "this key stands in the object already"),
      ("unknown_key", .protocolViolation, "ofset"), ("out_of_turn", .protocolViolation, "out of turn"),
      ("garbage", .protocolViolation, "no answer"),
      ("log_before_the_answer", .protocolViolation, "computing a hash"),
      ("log_after_the_answer", .protocolViolation, "computed a hash"),
      ("blank_line", .protocolViolation, "no answer"),
      ("die_after_the_answer", .crash, "status 4"), ("leave_the_group", .timeout, "no answer"),
      ("longer_than_any_answer", .protocolViolation, "where no answer is"),
      ("unsupported_without_reason", .protocolViolation, "reason"),
      ("twice", .protocolViolation, "a second time"),
      ("endless_lines", .protocolViolation, "a second time"),
      ("close_input", .timeout, "no answer"),
      ("close_output", .protocolViolation, "closed its standard output"),
      ("unknown_seq", .protocolViolation, "no prompt of this number"),
    ])
  func once(_ kind: String, _ verdict: Verdict, _ reason: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "endkey-liar-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try Toy.examine(
      kind, file.path(percentEncoded: false),
      with: Toy.options { $0.ops = ["hash"] })
    #expect(report.failedIDs == [Toy.poison])
    #expect(report[Toy.poison]?.verdict == verdict)
    #expect(report[Toy.poison]?.reason.contains(reason) ?? false, "\(report[Toy.poison]?.reason ?? "")")
    #expect((2...5).contains(report.processes))
    if kind == "leave_a_child" {
      let ids = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { pid_t($0) }
      let start = ContinuousClock.now
      // Killed with its group, not collected: it ends when the machine comes to it.
      while ids.contains(where: Self.isRunning), start.duration(to: .now) < .seconds(300) { usleep(5000) }
      for id in ids where Self.isRunning(id) {
        Issue.record("the child \(id) was left behind")
        kill(id, SIGKILL)
      }
    }
  }

  /// Whether a process is there that is no zombie: a grandchild is its new parent's to collect.
  private static func isRunning(_ id: pid_t) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
    let state = status.split(separator: ")").last?.split(separator: " ").first
    return state != "Z" && state != "X"
  }

  @Test(
    "what happens between two prompts is told of none, and of the run",
    arguments: [
      ("die_between", Verdict.crash, "status 4"),
      ("second_of_long_ago", .protocolViolation, "second time"),
      ("claim_what_does_not_exist", .protocolViolation, "did you mean \"token/open\"?"),
      ("kelvin", .protocolViolation, "which is no operation"),
    ])
  func between(_ kind: String, _ verdict: Verdict, _ reason: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "endkey-liar-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try Toy.examine(kind, file.path(percentEncoded: false))
    #expect(report.failedIDs == ["check-conduct"])
    #expect(report["check-conduct"]?.verdict == verdict)
    #expect(
      report["check-conduct"]?.reason.contains(reason) ?? false, "\(report["check-conduct"]?.reason ?? "")")
  }

  @Test("crashes at every 20th prompt, whichever it is: found, and all others are judged")
  func everyTwentieth() throws {
    let report = try Toy.examine("crash_at_every_20th", with: Toy.options { $0.ops = ["hash", "kw/*"] })
    #expect(!report.failures.isEmpty)
    #expect(report.failures.allSatisfy { $0.verdict == .crash })
    #expect(report.count(.skipped) == 0)
    #expect(report.count(.pass) > 30)
  }

  @Test("a crash is not a rejection")
  func crashForRejection() throws {
    let report = try Toy.examine("crash_on_rejection")
    for result in report.results where result.id.hasPrefix("kw-flipped") { #expect(result.verdict == .crash) }
    #expect(report["kw-right"]?.verdict == .pass)
    #expect(report["check-oracle-kw-unwrap"]?.verdict == .fail)
  }

  @Test("a client that never answers is given up", arguments: ["hang", "echo_after_hello"])
  func givenUp(_ kind: String) throws {
    let report = try Toy.examine(kind)
    #expect(report.passed == 0 || report.failures.count >= 5)
    #expect(report.count(.skipped) > 20)
    #expect(!report.isPass)
    #expect(report.planned == report.executed + report.count(.unsupported) + report.count(.skipped))
  }

  @Test(
    "one thing is wrong, and it is found where it is",
    arguments: [
      ("accept_negatives", ["check-oracle-kw-unwrap"] + flipped, "accepts what must be rejected"),
      ("reject_one_operation", ["kw-right"] + flipped, "rejects its twin too: kw-right"),
      (
        "bytes_on_rejection", ["open-epoch", "open-flipped", "wire-3"] + flipped,
        "gives an output with its rejection"
      ),
      ("tell_failures_apart", ["check-oracle-kw-unwrap"], "failures can be told apart"),
      ("wrong_offset", ["wire-3"], "rejects at another offset"),
      ("no_offset", ["wire-3"], "gives no offset"),
      ("offset_of_nothing", ["open-epoch"], "gives an offset, and its code has none"),
      ("claim", hashes, "claimed in hello, but unsupported"),
      ("close_gives_a_key", handles, "at agent/close"),
      ("only_late_events_fail", handles, "a closed handle goes on"),
      ("reject_a_closed_handle", handles, "where the outcome is error"),
      ("one_agent_behind_all_handles", ["check-handles-agent"], "beside another end"),
      ("close_closes_all", ["check-handles-agent"], "agent/step"),
      ("one_handle", ["check-handles-agent"], "two open ends have one handle"),
      ("salt_by_input", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("one_salt", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("one_salt_of_two", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("seeded_salt", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("salt_of_another_size", ["check-random-blob-seal-random"], "bytes, where"),
      ("salt_not_used", ["check-random-blob-seal-random"], "gives something else"),
      ("token_without_epoch", ["check-group-by-sum", "check-token-equality"], "one V for two"),
      ("token_with_a_nonce", ["check-group-by-sum", "check-token-equality"], "two tokens for one value"),
      ("give_in", handles, "step 4, service_off"),
      ("one_agent_for_all", handles, "a closed handle goes on"),
      ("chatter", ["check-conduct"], "nobody asked for"), ("stay", ["check-conduct"], "does not end"),
      ("fail_at_the_end", ["check-conduct"], "status 5"),
      ("answer_anything", ["check-unknown-operation"], "does not exist"),
    ] as [(String, [String], String)])
  func found(_ kind: String, _ ids: [String], _ reason: String) throws {
    let report = try Toy.examine(kind)
    #expect(report.failedIDs == ids.sorted())
    #expect(
      report.failures.allSatisfy {
        $0.verdict == .fail || kind == "chatter" || kind == "stay" || kind == "fail_at_the_end"
      })
    #expect(report.failures.contains { $0.reason.contains(reason) }, "\(report.failures.map(\.reason))")
  }

  private static let handles = ["check-handles-agent", "scenario-off"]
  private static let flipped = stride(from: 0, to: 48, by: 4).map { "kw-flipped-\($0)" }
  private static let hashes = (0..<30).map { "hash-\($0)" }

  @Test(
    "whatever happens at a step on a closed handle but an error is a fault",
    arguments: [
      ("crash_on_a_closed_handle", Verdict.crash), ("hang_on_a_closed_handle", .timeout),
      ("garbage_on_a_closed_handle", .protocolViolation),
    ])
  func closedHandle(_ kind: String, _ verdict: Verdict) throws {
    let report = try Toy.examine(kind)
    #expect(report.failedIDs == Self.handles)
    #expect(report.failures.allSatisfy { $0.verdict == verdict }, "\(report.failures.map(\.reason))")
  }

  private static let salts = Toy.options {
    $0.ops = ["blob/*"]
    $0.randomOutputs = 512
    $0.hasTwins = true
  }

  @Test(
    "salts that are not random are found by what they show",
    arguments: [
      ("salt_of_a_clock", "eight bytes are used twice"), ("salt_of_a_clock_and_more", "is always the same"),
      ("salt_of_a_counter", "plus the same number"),
      ("salt_that_repeats_after_32", "two outputs are the same bytes"),
      ("salt_with_a_prefix", "byte 0 is always the same"), ("salt_pool_of_16", "eight bytes are used twice"),
      ("salt_of_a_byte", "two outputs are the same bytes"),
      ("salt_in_ascii", "values in"), ("salt_in_letters", "values in"),
      ("salt_doubled", "byte 12 follows from byte 0"),
      ("salt_of_two_related_bytes", "byte 23 follows from byte 3"),
      ("one_salt_of_two", "two outputs are the same bytes"),
    ])
  func salt(_ kind: String, _ reason: String) throws {
    let report = try Toy.examine(kind, with: Self.salts)
    #expect(report.failedIDs == ["check-random-blob-seal-random"])
    #expect(report.failures.allSatisfy { $0.reason.contains(reason) }, "\(report.failures.map(\.reason))")
  }

  @Test("salts that are random pass, as often as they are asked for")
  func honestSalt() throws {
    #expect(try Toy.examine("honest", with: Self.salts).isPass)
  }

  /// Where the system gives no process an id of its own, as in most containers, there is nothing to see.
  private static let hasNamespaces: Bool = {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let user = geteuid() == 0 ? [] : ["--user", "--map-current-user"]
    process.arguments = ["unshare"] + user + ["--pid", "--fork", "--kill-child", "--", "true"]
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test(
    "a generator that is seeded by the process is found by two processes with one id",
    .enabled(if: hasNamespaces))
  func saltByProcess() throws {
    let report = try Toy.examine("salt_by_process", with: Self.salts)
    #expect(report.failedIDs == ["check-random-blob-seal-random"])
    #expect(report.failures.first?.reason.contains("two processes with the same id") ?? false)
  }

  @Test("what nobody can open is not judged: random bytes are no sealed blob")
  func unopened() throws {
    let report = try Toy.examine("random_bytes")
    #expect(report["check-random-blob-seal-random"]?.verdict == .unsupported)
    #expect(!report.isComplete)
  }

  @Test(
    "another client after a restart is not the one that is judged, and every form of the report says so",
    arguments: ["two_names", "kelvin_after_a_restart"])
  func otherClient(_ kind: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "endkey-liar-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let report = try Toy.examine(kind, file.path(percentEncoded: false))
    #expect(!report.isPass)
    #expect(report.count(.skipped) > 0)
    #expect(report["check-conduct"]?.reason.contains("its second hello differs") ?? false)
    #expect(report.problems.contains { $0.contains("second hello") })
    try report.expectForms()
  }

  @Test(
    "every form of the report has the same count",
    arguments: ["honest", "hang", "crash_on_rejection", "always_accept"])
  func forms(_ kind: String) throws { try Toy.examine(kind).expectForms() }

  @Test("no text of a client turns the text around it")
  func direction() throws {
    let report = try Toy.examine("name_in_another_direction")
    let invocation = Invocation(client: ["x"])
    let forms = [
      report.html(repeating: invocation), report.junit,
      Array(report.summary(repeating: invocation).joined().utf8),
    ]
    for bytes in forms {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(
        text.contains("toy?yot")
          && !text.unicodeScalars.contains { !$0.isShown && !"\n".unicodeScalars.contains($0) })
    }
  }

  @Test("what a client writes is not kept without end")
  func muchText() throws {
    let report = try Toy.examine("much_text", with: Toy.options { $0.ops = ["hash"] })
    #expect(report.failures.count { $0.kind == .vector } == 30)
    let kept = report.failures.reduce(0) { $0 + ($1.got?.serialized(.compact).count ?? 0) }
    #expect(kept < 17 << 20)
  }

  @Test("a run ends in its time: what was not asked by then is skipped")
  func timeLimit() throws {
    let report = try Toy.examine(
      "hang_on_input",
      with: Toy.options {
        $0.deadline = 1e12
        $0.timeLimit = 1000
      })
    #expect(report.count(.timeout) == 0)
    #expect(
      report.results.filter { $0.verdict == .skipped }.allSatisfy {
        $0.reason.contains("the time limit of 1000 s")
      })
    #expect(report[Toy.poison]?.verdict == .skipped)
    #expect(!report.isPass)
    try report.expectForms()
  }

  @Test("a failure that is none by itself is said to need what came before")
  func alone() throws {
    let ops = Toy.options { $0.ops = ["hash"] }
    let report = try Toy.examine("wrong_after_20", with: ops)
    let failure = try #require(report.failures.first)
    #expect(failure.failsAlone == false)
    let again = Invocation(scope: ["--ops", "hash"], client: ["x"]).again(failure, seed: report.seed)
    #expect(again.command == "endkey conform --ops hash --seed 7 --until \(failure.id) -- x")
    // As that command does.
    let repeated = try Toy.examine(
      "wrong_after_20", with: Toy.options { ($0.ops, $0.until) = (["hash"], failure.id) })
    #expect(repeated[failure.id]?.verdict == .fail)
    #expect(repeated.planned < report.planned)
    #expect(!repeated.isComplete)
    #expect(try Toy.examine("wrong_offset")["wire-3"]?.failsAlone == true)
  }

  @Test(
    "the report agrees with who counts by the transcript",
    arguments: [
      "honest", "wrong_offset", "accept_negatives", "reject_one_operation", "crash_on_input",
      "crash_on_rejection",
      "garbage", "always_accept", "bytes_on_rejection",
    ])
  func transcript(_ kind: String) throws {
    let folder = try Toy.suiteFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = Mutex<[UInt8]>([])
    let report = try Toy.examine(
      kind, with: Toy.options { $0.transcript = Transcript { line in lines.withLock { $0 += line } } })
    let file = folder.appending(path: "transcript")
    try Data(lines.withLock { $0 }).write(to: file)
    let counted = try Toy.python(
      "\(Toy.fixtures)/recount.py", folder.path(percentEncoded: false), file.path(percentEncoded: false))
    let told = report.results.filter { $0.kind == .vector && [.pass, .fail].contains($0.verdict) }
    var verdicts: [Substring: Substring] = [:]
    for line in counted.split(separator: "\n") {
      let words = line.split(separator: " ")
      verdicts[words[0]] = words[1]
    }
    #expect(told.count > 20)
    for one in told {
      #expect(verdicts[Substring(one.id)] == Substring(one.verdict.rawValue), "\(one.id): \(one.reason)")
    }
  }

  @Test(
    "a mistake is told in a sentence that says what to do, once",
    arguments: [
      ("debug_line", Advice.output), ("pretty", "an answer is one line"),
      ("byte_order_mark", "byte order mark"),
      ("upper_case_hex", "bytes are written in lower-case hex"),
      ("base64_for_hex", "in lower-case hex, not in base64"),
      ("seq_as_text", "seq is a number"), ("expected_copied", "an answer has no expect and no layer"),
      ("mistyped_code", "did you mean \"password_open_failed\"?"),
      ("native_alone", "no code is known for \"ERR_TAGG\""),
      ("null_for_nothing", "is left out, and not null"), ("no_json", "double quotes"),
      ("list_of_answers", "and no list"), ("prompt_given_back", "an answer has no cmd"),
      ("unsupported_without_reason", "in a member reason"), ("blank_line", "no line may be blank"),
    ])
  func mistakes(_ kind: String, _ advice: String) throws {
    let report = try Toy.examine(
      kind,
      with: try Toy.options { $0.codes = try CodeMap(parsing: Array("{\"ERR_TAG\":\"truncated\"}".utf8)) })
    let advised = report.failures.compactMap(\.advice).filter { $0.contains(advice) }
    #expect(!advised.isEmpty, "\(report.failures.map(\.reason))")
    let summary = report.summary(repeating: Invocation(client: ["x"]))
    #expect(summary.count { $0.contains(advice) && $0.contains("what to do: ") } == 1, "\(summary)")
    #expect(kind != "native_alone" || advised.contains { $0.contains("did you mean \"ERR_TAG\"?") })
    #expect(summary.count < 150)
  }

  @Test(
    "a mistake before the first answer is told in a sentence that says what to do",
    arguments: [
      ("banner", Advice.output), ("no_flush", Advice.flush), ("pretty_hello", "an answer is one line"),
      ("utf_16", "write UTF-8"), ("hello_of_an_answer", "the answer to hello has"),
      ("end_at_once", "docker run -i"),
      ("hang_at_start", Advice.slow),
    ])
  func mistakesAtStart(_ kind: String, _ advice: String) throws {
    do {
      let report = try Toy.examine(kind)
      Issue.record("judged: \(report.passed) passed")
    } catch Examination.Failure.noClient(let reason) {
      #expect(reason.contains(advice), "\(reason)")
    }
  }

  @Test("answers that are kept back until the input ends are said to be")
  func noFlush() throws {
    let report = try Toy.examine("no_flush_after_hello", with: Toy.options { $0.ops = ["hash"] })
    #expect(report.failures.count { $0.verdict == .timeout && $0.reason.contains(Advice.flush) } == 1)
  }

  /// In a process of its own, whose children are the clients of this test alone: those of other tests may be zombies
  /// for as long as a busy machine takes.
  @Test("no child of this process is left behind as a zombie")
  func zombies() async {
    await #expect(processExitsWith: .success) {
      for kind in ["crash_on_input", "hang_on_input", "close_output"] { _ = try Toy.examine(kind) }
      #expect(try LiarTests.zombies().isEmpty)
    }
  }

  /// Children of this process that have ended and were not waited for.
  fileprivate static func zombies() throws -> Set<pid_t> {
    let own = getpid()
    let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }
    return Set(
      processes.filter { id in
        guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
          let rest = status.split(separator: ")").last?.split(separator: " "), rest.count > 2
        else { return false }
        return rest[1] == "\(own)" && rest[0] == "Z"
      })
  }
}

extension Report {
  /// The last line for programs, JUnit, JSON and the page count the same.
  fileprivate func expectForms() throws {
    let invocation = Invocation(client: ["x"])
    #expect(summary(repeating: invocation).last == "\(passed) passed, \(failed) failed")
    #expect(isPass == (failed == 0))
    let text = String(decoding: junit, as: UTF8.self)
    #expect(text.split(separator: "<failure ").count - 1 == failed)
    #expect(text.contains(" failures=\"\(failed)\">"))
    let page = String(decoding: html(repeating: invocation), as: UTF8.self)
    #expect(page.contains(isPass ? "class=\"pass\"" : "class=\"fail\""))
    if !isPass, !isEmpty { #expect(page.contains("\(passed) passed, \(failed) failed")) }
    for problem in problems { #expect(page.contains(Markup.escaped(problem))) }
    #expect(String(decoding: json, as: UTF8.self).contains("\"pass\": \(isPass)"))
  }
}
