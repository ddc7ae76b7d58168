import EndkeyJSON
import Testing

@testable import EndkeyConformance

@Suite("Reports") struct ReportTests {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func known(
    _ id: String, _ expiry: String = "2026-12-31", verdict: String = "crash"
  ) throws -> KnownFailure {
    let json =
      "[{\"id\":\"\(id)\",\"verdict\":\"\(verdict)\",\"reason\":\"r\",\"link\":\"l\",\"expiry\":\"\(expiry)\"}]"
    return try #require(try KnownFailure.read(Array(json.utf8)).first)
  }

  @Test("a failure that is known does not fail the run; everything else about it is exact")
  func knownFailures() throws {
    let poison = try Toy.examine(
      "crash_on_input", with: try Toy.options { $0.known = [try Self.known(Toy.poison)] })
    #expect(poison.isPass)
    #expect(!poison.isComplete)
    #expect(poison.known == 1)
    for (id, expiry, verdict, problem) in [
      ("hash-1", "2026-12-31", "crash", "passes now"),
      ("no-such-case", "2026-12-31", "crash", "no such case"),
      ("kw-rihgt", "2026-12-31", "crash", "did you mean \"kw-right\"?"),
      (Toy.poison, "2026-06-14", "crash", "expired"),
      (Toy.poison, "2026-12-31", "fail", "its verdict is crash, and the list has fail"),
      ("check-random-code-random", "2026-12-31", "crash", "unsupported"),
    ] {
      let report = try Toy.examine(
        "crash_on_input", with: try Toy.options { $0.known = [try Self.known(id, expiry, verdict: verdict)] })
      #expect(!report.isPass)
      #expect(report.problems.count == 1)
      #expect(report.problems.first?.contains(problem) ?? false)
    }
  }

  @Test("nothing executed is a failure")
  func nothing() throws {
    let report = try Toy.examine("honest", with: Toy.options { $0.ops = ["siv/*"] })
    #expect(report.isEmpty)
    #expect(!report.isPass)
    let none = try Toy.examine(
      "honest",
      with: Toy.options {
        $0.ops = ["siv/*"]
        $0.only = "check-random-code-random"
      })
    #expect(none.executed == 0)
    #expect(!none.isPass)
    #expect(none.summary(repeating: Invocation(client: ["x"])).contains("nothing was executed"))
    #expect(throws: Examination.Failure.self) {
      try Toy.examine("honest", with: Toy.options { $0.ops = ["hahs*"] })
    }
  }

  @Test("one case again, with its twin; an unknown one is refused")
  func again() throws {
    let report = try Toy.examine("honest", with: Toy.options { $0.only = "kw-flipped-4" })
    #expect(Set(report.results.map(\.id)) == ["kw-flipped-4", "kw-right"])
    #expect(report.isPass)
    let oracle = try Toy.examine(
      "tell_failures_apart", with: Toy.options { $0.only = "check-oracle-kw-unwrap" })
    #expect(oracle.failedIDs == ["check-oracle-kw-unwrap"])
    #expect(throws: Examination.Failure.self) {
      try Toy.examine("honest", with: Toy.options { $0.only = "no-such" })
    }
  }

  @Test("the same seed gives the same order, another one another")
  func seeds() {
    let items = Array(0..<100)
    var (a, b, c) = (SeededRandom(seed: 1), SeededRandom(seed: 1), SeededRandom(seed: 2))
    let first = items.shuffled(using: &a)
    #expect(first == items.shuffled(using: &b))
    #expect(first != items.shuffled(using: &c))
  }

  @Test("a client's own errors become codes by the map")
  func codes() throws {
    let map = try CodeMap(parsing: Array("{\"ERR_TAG\":\"token_open_failed\"}".utf8))
    let line = "{\"seq\":4,\"outcome\":\"reject\",\"native\":\"ERR_TAG\"}"
    let answer = try AnswerLine(parsing: Array(line.utf8), codes: map)
    #expect(
      answer.answer
        == .reject(Answer.Rejection(code: "token_open_failed", native: "ERR_TAG", offset: nil, out: nil)))
  }

  @Test("the JSON, compared with that of a better run, shows what got worse")
  func comparison() throws {
    let (good, bad) = (try Toy.examine("honest"), try Toy.examine("wrong_offset"))
    let worse = try Comparison(good.json, bad.json)
    #expect(worse.changes.map(\.id) == ["check-fresh-wire-Token", "wire-3"])
    #expect(worse.regressions == 2)
    #expect(try Comparison(bad.json, good.json).regressions == 0)
    for (one, two, isLater) in [(good.json, Array("{}".utf8), true), (Array("[".utf8), good.json, false)] {
      do {
        _ = try Comparison(one, two)
        Issue.record("compared")
      } catch { #expect(error.isLater == isLater) }
    }
    let few = try Toy.examine("honest", with: Toy.options { $0.ops = ["hash"] })
    let narrower = try Comparison(good.json, few.json)
    #expect(narrower.narrower.count == 1)
    #expect(
      narrower.lines.contains { $0.contains("the later run was narrower") && $0.contains("--ops hash") })
    #expect(worse.narrower == [])
  }

  @Test("every report holds the failure, and nothing of a client's text as markup")
  func formats() throws {
    let report = try Toy.examine("wrong_offset")
    let page = Self.text(report.html(repeating: Invocation(client: ["./<b>client"])))
    for part in ["wire-3", "rejects at another offset", "endkey conform --repeat wire-3", "&lt;b&gt;client"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(!page.contains("<b>client"))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"))
    let junit = Self.text(report.junit)
    #expect(junit.contains("<testcase classname=\"wire/Token\" name=\"wire-3\"><failure type=\"fail\""))
    #expect(Self.text(report.badge).contains("\(report.passed)/\(report.planned)"))
    let summary = report.summary(repeating: Invocation(options: ["--vectors", "a b"], client: ["py"]))
    #expect(summary.contains("  again: endkey conform --vectors 'a b' --repeat wire-3 -- py"))
    #expect(summary.last == "\(report.passed) passed, 2 failed")
  }

  @Test("a client that tells its steps is shown the first wrong one, and where the output differs")
  func steps() throws {
    let report = try Toy.examine("wrong_step")
    let result = try #require(report["kw-wrap"])
    #expect(report.failedIDs == ["kw-wrap"])
    #expect(result.difference?.name == "masked")
    #expect(result.reason == "wrong output: wrapped from byte 0 on (of 48, expected 48)")
    #expect(Self.text(report.html(repeating: Invocation(client: ["x"]))).contains("differs: <b>masked</b>"))
  }

  @Test("escapes what HTML, XML and a terminal would take for their own")
  func escaping() {
    #expect(Markup.escaped("<a href='\"&\u{1b}\n>") == "&lt;a href=&#39;&quot;&amp;?&#10;&gt;")
    #expect(Markup.escaped("a\u{202e}b\u{2066}c\u{200f}\u{0}é電") == "a?b?c??é電")
    #expect("a\u{1b}[2J\u{202e}b".shown == "a?[2J?b")
  }

  @Test("what rests on nothing stands first")
  func order() throws {
    let report = try Toy.examine("always_reject")
    let tiers = report.groups.map(\.tier)
    #expect(tiers == tiers.sorted())
    #expect(report.groups.first?.op == "protocol" || report.groups.first?.tier == .primitives)
  }

  @Test("a wrong answer that is a known faulty client's names that client's fault")
  func diagnosis() throws {
    let mutants = try MutantAnswers.read(
      Array(
        """
        {"mutants":{
        "halves-swapped":{"fault":"the key halves are swapped","answers":{"a":"ok 1111111111111111","b":"reject x"}},
        "other":{"fault":"another","answers":{"a":"ok 1111111111111111","b":"ok 2222222222222222"}},
        "third":{"fault":"a third","answers":{"c":"reject z"}}}}
        """.utf8))
    let name = MutantAnswers.diagnose(
      given: ["a": "ok 1111111111111111", "b": "reject x", "c": "ok 0"], wrong: ["a", "b"], among: mutants)?
      .name
    #expect(name == "halves-swapped")
    // It differs in one answer from each.
    let none = MutantAnswers.diagnose(
      given: ["a": "ok 1111111111111111", "b": "reject y"], wrong: ["a", "b"], among: mutants)
    #expect(none == nil)
    // Shared answers that are right say nothing.
    #expect(MutantAnswers.diagnose(given: ["c": "reject z"], wrong: ["a"], among: mutants) == nil)
  }

  @Test("the diagnosis stands in the reports")
  func diagnosed() throws {
    let suite = try Toy.suite.get()
    let answers =
      "{\"mutants\":{\"m\":{\"fault\":\"takes any key\",\"answers\":{\"kw-flipped-0\":\"ok HASH\"}}}}"
    let key = JSONObject.of(["key": .hex(Array(32..<64))])
    let file = answers.split(separator: "HASH").joined(separator: MutantAnswers.hash(key))
    let told = try suite.with(answers: Array(file.utf8))
    let report = try Toy.examine("accept_negatives", suite: told)
    #expect(report["kw-flipped-0"]?.cause?.contains("takes any key (m)") ?? false)
    #expect(report["kw-flipped-4"]?.cause == nil)
    #expect(Self.text(report.html(repeating: Invocation(client: ["x"]))).contains("takes any key (m)"))
  }
}

extension ConformanceSuite {
  /// The same suite, with the answers of faulty clients.
  fileprivate func with(answers: [UInt8]) throws -> ConformanceSuite {
    var copy = self
    copy.mutants = try MutantAnswers.read(answers)
    return copy
  }
}
