import Foundation
import Glibc
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
    #expect((2...3).contains(report.processes))
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
    "answers twice: a violation at the prompt, or at the one that was answered next",
    arguments: ["twice", "endless_lines"])
  func twice(_ kind: String) throws {
    let report = try Toy.examine(kind)
    #expect(report.failedIDs.count == 1)
    #expect(report.failures.first?.verdict == .protocolViolation)
    #expect(report.failures.first?.reason.contains("second time") ?? false)
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
      ("one_salt", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("one_salt_of_two", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("seeded_salt", ["check-random-blob-seal-random"], "two outputs are the same bytes"),
      ("salt_of_another_size", ["check-random-blob-seal-random"], "bytes, where"),
      ("salt_not_used", ["check-random-blob-seal-random"], "gives something else"),
      ("token_without_epoch", ["check-group-by-sum", "check-token-equality"], "one V for two"),
      ("token_with_a_nonce", ["check-group-by-sum", "check-token-equality"], "two tokens for one value"),
      ("give_in", ["scenario-off"], "step 4, service_off"),
      ("one_agent_for_all", ["scenario-off"], "a closed handle goes on"),
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

  private static let flipped = stride(from: 0, to: 48, by: 4).map { "kw-flipped-\($0)" }
  private static let hashes = (0..<30).map { "hash-\($0)" }

  @Test("another client after a restart is not the one that is judged")
  func twoNames() throws {
    let report = try Toy.examine("two_names")
    #expect(!report.isPass)
    #expect(report.count(.skipped) > 0)
    #expect(report.results.contains { $0.reason.contains("second hello") })
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
