import EndkeySuite
import Testing

@testable import EndkeyVectors

@Suite("Records of other tools") struct SuiteRecordTests {
  static let kills = """
    {"mutants": {"no-label": {"fault": "leaves out the label", "killedBy": ["hash-x", "hash-y"]},
    "another": {"fault": "takes another hash", "killedBy": ["hash-x"]}}}
    """
  static let attest = """
    {"implementations": [{"impl": "stdlib", "version": "3.11"}, {"impl": "other", "version": "2"}],
    "agreed": {"hash": ["stdlib"]}, "unchecked": {"hash-y": "nothing else knows this label"}}
    """

  static func file(stamps: String = "", head: String = "") throws -> VectorFile {
    let text = """
      {"schema":"endkey-vectors-1","suite":"1.0.0","spec":"1.0","op":"hash","about":"A hash.",
      "counts":{"valid":2,"invalid":0},\(head)"flags":{},"tests":[\(vector("x", stamps)),\(vector("y"))]}
      """
    return try VectorFile(parsing: Array(text.utf8))
  }

  static func vector(_ name: String, _ more: String = "") -> String {
    """
    {"id":"hash-\(name)","since":"1.0.0","level":"MUST","req":["R-2.3-1"],"flags":[],"comment":"",
    "in":{"label":"account-id","data":""},"expect":{"outcome":"ok","out":{"hash":"00"}}\(more)}
    """
  }

  static func records(kills: String? = kills, attest: String? = attest) throws -> SuiteRecords {
    try SuiteRecords(kills: kills.map { Array($0.utf8) }, attest: attest.map { Array($0.utf8) })
  }

  @Test("what the records say is stamped, and read again")
  func stamps() throws {
    let stamped = try Self.records().stamping(Self.file())
    #expect(stamped.checkedBy.map(\.impl) == ["stdlib"])
    #expect(stamped.checkedBy.map(\.version) == ["3.11"])
    #expect(stamped.tests[0].stamps.kills == ["another", "no-label"])
    #expect(stamped.tests[0].stamps.unchecked == nil)
    #expect(stamped.tests[1].stamps.kills == ["no-label"])
    #expect(stamped.tests[1].stamps.unchecked == "nothing else knows this label")
    #expect(try VectorFile(parsing: stamped.serialized) == stamped)
    #expect(try Self.records().faults(in: stamped) == [])
  }

  @Test("without records nothing is stamped, and stamps are not judged")
  func absent() throws {
    let none = try Self.records(kills: nil, attest: nil)
    #expect(try none.stamping(Self.file()) == Self.file())
    #expect(try none.faults(in: Self.file(stamps: ",\"kills\":[\"anything\"]")) == [])
  }

  @Test("old stamps go when a file is stamped anew")
  func anew() throws {
    let none = try Self.records(kills: nil, attest: nil)
    #expect(try none.stamping(Self.records().stamping(Self.file())) == Self.file())
  }

  @Test(
    "stamps that the records contradict are found",
    arguments: [
      ("", "", "hash-x: kills nothing, in kills.json another, no-label"),
      (",\"kills\":[\"another\"]", "", "hash-x: kills another, in kills.json another, no-label"),
      (",\"kills\":[\"nobody\"]", "", "hash-x: kills \"nobody\", which kills.json does not know"),
      (",\"unchecked\":\"no time\"", "", "hash-x: unchecked is not what attest/record.json says"),
      (
        "", "\"checkedBy\":[{\"impl\":\"other\",\"version\":\"2\"}],",
        "checkedBy: other 2, in attest/record.json stdlib 3.11"
      ),
    ])
  func contradicted(_ stamps: String, _ head: String, _ fault: String) throws {
    #expect(try Self.records().faults(in: Self.file(stamps: stamps, head: head)).contains(fault))
  }

  @Test("a version that is not the record's is found")
  func version() throws {
    let file = try Self.file(head: "\"checkedBy\":[{\"impl\":\"stdlib\",\"version\":\"3.10\"}],")
    #expect(try Self.records().faults(in: file).contains { $0.hasPrefix("checkedBy: stdlib 3.10") })
  }

  @Test(
    "stale records are refused",
    arguments: [
      (Self.kills.replacing("hash-y", with: "hash-z"), Self.attest, "no vector \"hash-z\""),
      (Self.kills, Self.attest.replacing("hash-y", with: "hash-z"), "no vector \"hash-z\""),
      (Self.kills, Self.attest.replacing("\"hash\"", with: "\"hush\""), "no operation \"hush\""),
    ])
  func stale(_ kills: String, _ attest: String, _ reason: String) throws {
    let records = try Self.records(kills: kills, attest: attest)
    let error = #expect(throws: SuiteError.self) { try records.check(against: [Self.file()]) }
    #expect(error?.description.contains(reason) == true)
    try Self.records().check(against: [Self.file()])
  }

  @Test(
    "records are read strictly",
    arguments: [
      (Self.kills.replacing("fault", with: "bug"), Self.attest), ("{}", Self.attest),
      (Self.kills.replacing("\"hash-x\", ", with: "\"hash-y\", "), Self.attest),
      (Self.kills, Self.attest.replacing("[\"stdlib\"]", with: "[\"nobody\"]")),
      (Self.kills, Self.attest.replacing("\"other\"", with: "\"stdlib\"")), (Self.kills, "[]"),
    ])
  func strict(_ kills: String, _ attest: String) {
    #expect(throws: SuiteError.self) { try Self.records(kills: kills, attest: attest) }
  }

  @Test(
    "stamps are read strictly",
    arguments: [
      ",\"kills\":[]", ",\"kills\":[\"b\",\"a\"]", ",\"kills\":[\"a\",\"a\"]", ",\"kills\":{}",
      ",\"unchecked\":1",
      ",\"trace\":{\"a\":\"0\"}", ",\"trace\":{\"a\":1}", ",\"killed\":[\"a\"]",
    ])
  func strictStamps(_ stamps: String) {
    #expect(throws: (any Error).self) { try Self.file(stamps: stamps) }
  }
}
