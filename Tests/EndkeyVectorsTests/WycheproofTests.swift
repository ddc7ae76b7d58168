import EndkeyJSON
import EndkeyVectors
import Testing

@Suite("Wycheproof files") struct WycheproofTests {
  @Test(
    "tests hold, valid and invalid; what Endkey does not use is skipped", arguments: WycheproofFixture.all)
  func hold(_ fixture: WycheproofFixture) throws {
    let report = try Wycheproof.run(fixture.bytes, name: "file")
    #expect(report.failures == [])
    #expect(report.total - report.ran == fixture.skipped)
    #expect(report.passed == fixture.tests.count - fixture.skipped)
    #expect(report.isSuccess)
    #expect(report.algorithm == fixture.algorithm)
  }

  @Test("a wrong stated result is a failure, and the test is named", arguments: WycheproofFixture.all)
  func wrongResult(_ fixture: WycheproofFixture) throws {
    let id = 1
    let report = try Wycheproof.run(
      fixture.file(tests: changing(fixture, id, fixture.result) { flipped($0) }), name: "file")
    #expect(report.failures.map(\.id) == [id])
    #expect(report.failures.map(\.comment) == ["test 1"])
    #expect(!report.isSuccess)
    #expect(report.total == fixture.tests.count)
  }

  @Test("a valid test that is called invalid is a failure", arguments: WycheproofFixture.all)
  func validCalledInvalid(_ fixture: WycheproofFixture) throws {
    let report = try Wycheproof.run(
      fixture.file(tests: changing(fixture, 1, "result") { _ in "invalid" }), name: "file")
    #expect(report.failures.map(\.id) == [1])
    #expect(report.failures.first?.what.hasSuffix("succeeds, though the test is invalid") == true)
  }

  @Test("an invalid test that is called valid is a failure", arguments: WycheproofFixture.all)
  func invalidCalledValid(_ fixture: WycheproofFixture) throws {
    for (index, test) in fixture.tests.enumerated() where member(test, "result") == "invalid" {
      let changed = changing(fixture, index + 1, "result") { _ in "valid" }
      let before = try Wycheproof.run(fixture.bytes, name: "file")
      let after = try Wycheproof.run(fixture.file(tests: changed), name: "file")
      #expect(after.skipped == before.skipped)
      let isSkipped = fixture.algorithm == "AES-GCM" && index + 1 == 4  // its nonce is not Endkey's
      #expect(after.failures.map(\.id) == (isSkipped ? [] : [index + 1]))
    }
  }

  @Test(
    "an acceptable test may succeed or be refused, but not give something else",
    arguments: WycheproofFixture.all)
  func acceptable(_ fixture: WycheproofFixture) throws {
    var fixture = fixture
    fixture.tests = changing(fixture, 1, "result") { _ in "acceptable" }
    #expect(try Wycheproof.run(fixture.bytes, name: "file").failures == [])
    fixture.tests = changing(fixture, 1, fixture.result) { flipped($0) }
    let isRefused = fixture.algorithm == "EDDSA"  // verification has no other result
    #expect(try Wycheproof.run(fixture.bytes, name: "file").failures.map(\.id) == (isRefused ? [] : [1]))
  }

  @Test("a file without tests runs none, which is no success")
  func noTests() throws {
    let report = try Wycheproof.run(WycheproofFixture.hkdf.file(tests: []), name: "file")
    #expect(report.ran == 0)
    #expect(!report.isSuccess)
  }

  @Test("a file whose tests are all skipped is no success, and says why")
  func allSkipped() throws {
    let fixture = WycheproofFixture.siv
    let report = try Wycheproof.run(fixture.file(tests: Array(fixture.tests.suffix(1))), name: "file")
    #expect(report.ran == 0)
    #expect(!report.isSuccess)
    #expect(report.skipped.map(\.reason) == ["a key of 256 bits"])
    #expect(report.skipped.map(\.count) == [1])
  }

  static let otherGroups: [(WycheproofFixture, key: String, value: JSONValue, reason: String)] = [
    (.oaep, "sha", "SHA-256", "SHA-256 for the label"), (.oaep, "mgfSha", "SHA-256", "MGF1 with SHA-256"),
    (.oaep, "keySize", 3072, "a key of 3072 bits"), (.gcm, "tagSize", 96, "a tag of 96 bits"),
    (.hmac, "tagSize", 128, "a tag of 128 bits"), (.hkdf, "type", "HkdfExpand", "a group of type HkdfExpand"),
    (.ed25519, "publicKey", ["curve": "edwards448", "pk": "00"], "the curve edwards448"),
  ]

  @Test("a group with other parameters is skipped whole", arguments: otherGroups)
  func otherGroup(_ item: (fixture: WycheproofFixture, key: String, value: JSONValue, reason: String)) throws
  {
    var fixture = item.fixture
    if item.key == "type" {
      fixture = WycheproofFixture(
        algorithm: fixture.algorithm, type: "HkdfExpand", tests: fixture.tests, result: fixture.result)
    } else {
      fixture.group = fixture.group.map { $0.0 == item.key ? (item.key, item.value) : $0 }
    }
    let report = try Wycheproof.run(fixture.bytes, name: "file")
    #expect(report.ran == 0)
    #expect(report.skipped.map(\.reason) == [item.reason])
    #expect(report.total == fixture.tests.count)
  }

  static let malformed: [(text: String, message: String)] = [
    ("", "f: line 1, column 1 (byte 0): the text ends too early"),
    ("{", "f: line 1, column 2 (byte 1): the text ends too early"),
    ("[]", "f: expected an object, found an array"),
    ("{}", #"f: no "algorithm""#),
    (#"{"algorithm":"HMACSHA256"}"#, #"f: no "testGroups""#),
    (#"{"algorithm":"HMACSHA256","testGroups":[{}]}"#, #"f: testGroups[0]: no "tests""#),
    (
      #"{"algorithm":"HMACSHA256","testGroups":[{"tests":[]}]}"#, #"f: testGroups[0]: no "tagSize""#
    ),
    (
      #"{"algorithm":"HKDF-SHA-256","testGroups":[{"tests":[{"tcId":1,"result":"fine"}]}]}"#,
      #"f: testGroups[0].tests[0].result: unknown name "fine""#
    ),
    (
      #"{"algorithm":"HKDF-SHA-256","testGroups":[{"tests":[{"tcId":1,"result":"valid","ikm":"0g"}]}]}"#,
      "f: testGroups[0].tests[0].ikm: no hex digit, or one in upper case, at character 1"
    ),
    (
      #"{"algorithm":"HKDF-SHA-256","testGroups":[],"numberOfTests":1}"#,
      "f: it says it has 1 tests, but has 0"
    ),
  ]

  @Test("a malformed file is an error that names the file and the place", arguments: malformed)
  func refusesMalformed(_ item: (text: String, message: String)) {
    let error = #expect(throws: WycheproofError.self) { try Wycheproof.run(Array(item.text.utf8), name: "f") }
    #expect(error?.kind == .malformed)
    #expect(error?.description == item.message)
  }

  @Test("an algorithm that Endkey does not use is an error that lists those it does")
  func unknownAlgorithm() {
    let error = #expect(throws: WycheproofError.self) {
      try Wycheproof.run(Array(#"{"algorithm":"AES-KWP"}"#.utf8), name: "aes_kwp_test.json")
    }
    #expect(error?.kind == .unknownAlgorithm)
    #expect(error?.file == "aes_kwp_test.json")
    #expect(error?.reason.contains("\"AES-KWP\"") == true)
    #expect(error?.reason.contains("AES-WRAP") == true)
  }

  @Test("the report for programs adds up")
  func json() throws {
    let fixture = WycheproofFixture.gcm
    let report = try Wycheproof.run(
      fixture.file(tests: changing(fixture, 1, "tag") { flipped($0) }), name: "a.json")
    #expect(
      report.json == [
        "file": "a.json", "algorithm": "AES-GCM", "passed": 2, "failed": 1, "skipped": 2,
        "failures": [["tcId": 1, "comment": "test 1", "what": .string(report.failures[0].what)]],
        "skippedBecause": [
          ["reason": "a nonce of other than 96 bits", "count": 1],
          ["reason": "a key of 128 bits", "count": 1],
        ],
      ])
  }

  @Test("mutants of a file never trap")
  func mutants() {
    var state: UInt64 = 7
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for fixture in WycheproofFixture.all {
      for _ in 0..<60 {
        var bytes = fixture.bytes
        for _ in 0...random(2) {
          bytes[random(bytes.count)] = [0x30, 0x31, 0x66, 0x22, 0x2c, 0x2d][random(6)]
        }
        if let report = try? Wycheproof.run(bytes, name: "file") {
          #expect(report.total == fixture.tests.count)
        }
      }
    }
  }
}

/// The tests with one member of one test changed.
private func changing(
  _ fixture: WycheproofFixture, _ id: Int, _ key: String, _ change: (JSONValue) -> JSONValue
) -> [JSONValue] {
  fixture.tests.enumerated().map { index, test in
    guard index + 1 == id, case .object(var object) = test, let value = object[key] else { return test }
    object[key] = change(value)
    return .object(object)
  }
}

private func member(_ test: JSONValue, _ key: String) -> JSONValue? {
  guard case .object(let object) = test else { return nil }
  return object[key]
}

/// Hex with its last digit changed; an empty one gets a byte.
private func flipped(_ value: JSONValue) -> JSONValue {
  guard case .string(let text) = value, let last = text.last else { return value }
  return .string(String(text.dropLast()) + (last == "0" ? "1" : "0"))
}
