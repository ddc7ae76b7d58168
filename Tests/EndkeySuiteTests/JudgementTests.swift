import EndkeyJSON
import EndkeySuite
import Testing

/// The rule of `vectors/README.md`, "What a right answer is"; `tools/tests/test_suite.py` and the JavaScript client's
/// tests have the same cases.
@Suite("What a right answer is") struct JudgementTests {
  static let out: JSONObject = .of(["a": "00ff", "b": [1, ["c": .null]]])
  static let format = Outcome.reject(code: "truncated", offset: 3)
  static let other = Outcome.reject(code: "bad_key", offset: nil)

  @Test("the expected answer is right, whatever the order of its members")
  func right() {
    #expect(Outcome.ok(Self.out).fault(of: .ok(.of(["b": [1, ["c": .null]], "a": "00ff"]))) == nil)
    #expect(Self.format.fault(of: .reject(code: "truncated", offset: 3)) == nil)
    #expect(Self.other.fault(of: .reject(code: "bad_key", offset: nil)) == nil)
  }

  @Test(
    "an output that differs anywhere is wrong",
    arguments: [
      JSONObject.of(["a": "00fe", "b": [1, ["c": .null]]]), .of(["a": "00FF", "b": [1, ["c": .null]]]),
      .of(["a": "00ff"]), .of(["a": "00ff", "b": [1, ["c": .null]], "d": .null]),
      .of(["a": "00ff", "b": [["c": .null], 1]]), .of(["a": "00ff", "b": [1]]),
      .of(["a": "00ff", "b": [true, ["c": .null]]]), .of(["a": "00ff", "b": [1, ["c": 0]]]),
    ])
  func wrongOutput(_ out: JSONObject) {
    guard case .wrongOutput = Outcome.ok(Self.out).fault(of: .ok(out)) else {
      Issue.record("taken for right")
      return
    }
  }

  @Test("numbers are compared as they are written")
  func numbers() throws {
    let whole = try JSONCursor(JSONValue(parsing: Array("{\"n\":1}".utf8))).plainObject()
    let fraction = try JSONCursor(JSONValue(parsing: Array("{\"n\":1.0}".utf8))).plainObject()
    #expect(Outcome.ok(whole).fault(of: .ok(fraction)) == .wrongOutput("n"))
  }

  @Test("the other outcome is wrong")
  func outcomes() {
    #expect(Outcome.ok(Self.out).fault(of: .reject(code: "truncated", offset: 3)) == .rejectsWhatIsRight)
    #expect(Self.format.fault(of: .ok(Self.out)) == .acceptsWhatMustBeRejected)
  }

  @Test("code and offset are the vector's, and no output comes with them")
  func rejections() {
    #expect(Self.format.fault(of: .reject(code: "trailing_bytes", offset: 3)) == .otherCode)
    #expect(Self.format.fault(of: .reject(code: nil, offset: 3)) == .otherCode)
    #expect(Self.format.fault(of: .reject(code: "truncated", offset: 4)) == .otherOffset)
    #expect(Self.format.fault(of: .reject(code: "truncated", offset: nil)) == .offsetMissing)
    #expect(Self.other.fault(of: .reject(code: "bad_key", offset: 0)) == .offsetWithoutPlace)
    #expect(
      Self.other.fault(of: .reject(code: "bad_key", offset: nil, hasOutput: true)) == .outputWithRejection)
  }
}
