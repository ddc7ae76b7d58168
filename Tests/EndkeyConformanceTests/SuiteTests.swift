import EndkeyJSON
import Testing

@testable import EndkeyConformance

@Suite("What the runner reads") struct SuiteReadingTests {
  static let file = """
    {"schema":"endkey-vectors-1","suite":"1.0.0","spec":"1.0","op":"hash","about":"A hash.",
    "counts":{"valid":1,"invalid":0},"flags":{},"tests":[{"id":"hash-a","since":"1.0.0","level":"MUST",
    "req":["R-2.3-1"],"flags":[],"comment":"","in":{},"expect":{"outcome":"ok","out":{}}}]}
    """

  @Test("one id in two files, one operation in two files, and no file at all are refused")
  func duplicates() {
    let file = (name: "hash.json", bytes: Array(Self.file.utf8))
    let again = Self.file.split(separator: "\"op\":\"hash\"").joined(separator: "\"op\":\"other\"")
    for files in [[], [file, file], [file, (name: "other.json", bytes: Array(again.utf8))]] {
      #expect(throws: ConformanceSuite.Fault.self) {
        _ = try ConformanceSuite(files: files, scenarios: nil, requirements: nil, answers: nil)
      }
    }
  }

  @Test(
    "patterns of operations",
    arguments: [
      ("token/*", "token/open", true), ("token/*", "text/token", false), ("*", "hash", true),
      ("hash", "hash", true),
      ("hash", "hashes", false), ("*/open", "token/open", true), ("t*n/o*n", "token/open", true),
      ("t*n", "token/open", true), ("t*nn", "token/open", false), ("", "hash", false),
      ("ab*ba", "aba", false),
    ])
  func globs(_ pattern: String, _ name: String, _ isMatch: Bool) {
    #expect(Glob(pattern).matches(name) == isMatch)
  }

  @Test("known failures need a day, a reason, and no id twice")
  func known() throws {
    func list(_ expiry: String, _ reason: String = "why", twice: Bool = false) -> [UInt8] {
      let one =
        "{\"id\":\"a\",\"verdict\":\"fail\",\"reason\":\"\(reason)\",\"link\":\"\",\"expiry\":\"\(expiry)\"}"
      return Array("[\(one)\(twice ? "," + one : "")]".utf8)
    }
    for day in ["2026-12-31", "2028-02-29", "2000-02-29"] {
      #expect(try KnownFailure.read(list(day)).count == 1)
    }
    let verdict = String(decoding: list("2026-12-31"), as: UTF8.self).replacing("fail", with: "pass")
    for bytes in [
      list("2026-13-01"), list("soon"), list("2026-1-1"), list("2026-12-31", ""),
      list("2026-12-31", twice: true), list("2027-02-31"), list("2027-02-29"), list("2026-04-31"),
      list("+026-01-01"),
      list("2100-02-29"), list("2026-01-00"), Array(verdict.utf8),
    ] {
      #expect(throws: (any Error).self) { try KnownFailure.read(bytes) }
    }
  }

  @Test("lines are cut, and one without end is not kept")
  func lines() throws {
    var splitter = LineSplitter()
    #expect(try splitter.lines(of: Array("a\nb".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["a"])
    #expect(splitter.isInLine)
    #expect(
      try splitter.lines(of: Array("c\n\n".utf8)).map { String(decoding: $0, as: UTF8.self) } == ["bc", ""])
    let piece = [UInt8](repeating: 0x78, count: LineSplitter.lineMaximum)
    #expect(try splitter.lines(of: piece) == [])
    #expect(throws: LineSplitter.TooLong.self) { try splitter.lines(of: [0x78]) }
    #expect(!splitter.isInLine)
  }

  @Test("the hash of an output is that of its canonical JSON")
  func hash() {
    // FNV-1a-64 of `{"a":"é","b":[1,{"c":null,"d":true}]}`, computed elsewhere.
    let out = JSONObject.of(["b": [1, ["d": true, "c": .null]], "a": "é"])
    #expect(
      String(decoding: CanonicalJSON.bytes(of: .object(out)), as: UTF8.self)
        == "{\"a\":\"é\",\"b\":[1,{\"c\":null,\"d\":true}]}")
    #expect(MutantAnswers.hash(out) == "4134c227ef8cec3d")
    #expect(MutantAnswers.hash(JSONObject()) == "08f44b07b5901a25")
  }
}
