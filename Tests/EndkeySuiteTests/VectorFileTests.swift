import EndkeySuite
import Testing

@Suite("Vector files") struct VectorFileTests {
  static let file = """
    {"schema":"endkey-vectors-1","suite":"1.0.0","spec":"1.0","op":"hash","about":"A hash.",
    "counts":{"valid":1,"invalid":2},"flags":{"Hash":{"bugType":"A_BUG","effect":"a fault","refs":[]}},
    "tests":[{"id":"hash-a","since":"1.0.0","level":"MUST","req":["R-2.3-1"],"flags":["Hash"],"comment":"","in":{},
    "expect":{"outcome":"ok","out":{}}},
    {"id":"hash-b","since":"1.0.0","level":"MUST","req":["R-2.3-1"],"flags":[],"comment":"","in":{},
    "expect":{"outcome":"reject","code":"truncated","layer":"format","offset":3},"twin":"hash-a"},
    {"id":"hash-c","since":"1.0.0","level":"MUST","req":["R-2.3-1"],"flags":[],"comment":"","in":{},
    "expect":{"outcome":"reject","code":"bad_key","layer":"policy"},"twin":"hash-a"}]}
    """

  @Test("a vector file is read, and written again it says the same")
  func whole() throws {
    let file = try VectorFile(parsing: Array(Self.file.utf8))
    #expect(file.tests.map(\.id) == ["hash-a", "hash-b", "hash-c"])
    #expect(file.tests.allSatisfy { $0.op == "hash" })
    #expect(file.tests[1].expect == .reject(code: "truncated", offset: 3))
    #expect(file.tests[1].expect.layer == .format)
    #expect(try VectorFile(parsing: file.serialized) == file)
  }

  @Test(
    "a file that is not as its format says is refused",
    arguments: [
      ("endkey-vectors-1", "endkey-vectors-2"), ("\"spec\":\"1.0\"", "\"spec\":\"2.0\""),
      ("\"valid\":1", "\"valid\":2"),
      (",\"twin\":\"hash-a\"},", ",\"twin\":\"hash-b\"},"), (",\"twin\":\"hash-a\"},", "},"),
      ("[\"Hash\"]", "[\"Other\"]"), ("[\"Hash\"]", "[]"),
      ("\"outcome\":\"ok\"", "\"outcome\":\"maybe\""), ("\"layer\":\"format\"", "\"layer\":\"other\""),
      ("\"layer\":\"format\"", "\"layer\":\"auth\""), ("\"code\":\"truncated\"", "\"code\":\"shortened\""),
      (",\"offset\":3", ""), ("\"layer\":\"policy\"", "\"layer\":\"policy\",\"offset\":3"),
      ("\"id\":\"hash-b\"", "\"id\":\"hash-a\""), ("\"id\":\"hash-b\"", "\"id\":\"Hash b\""),
      (
        "\"level\":\"MUST\",\"req\":[\"R-2.3-1\"],\"flags\":[\"Hash\"]",
        "\"level\":\"MAY\",\"req\":[\"R-2.3-1\"],\"flags\":[\"Hash\"]"
      ),
      ("\"req\":[\"R-2.3-1\"],\"flags\":[\"Hash\"]", "\"req\":[],\"flags\":[\"Hash\"]"),
      ("[\"Hash\"],\"comment\":\"\"", "[\"Hash\"],\"remark\":\"\""),
    ])
  func refused(_ old: String, _ new: String) {
    let parts = Self.file.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
    #expect(parts.count == 2)
    #expect(throws: (any Error).self) { try VectorFile(parsing: Array(parts.joined(separator: new).utf8)) }
  }

  @Test("scenarios are read, and written again they say the same")
  func scenarios() throws {
    let text = """
      {"schema":"endkey-scenarios-1","suite":"1.0.0","spec":"1.0",
      "attacks":[{"attack":"Off.","rule":"","scenarios":[],"vectors":[],"untestable":null}],
      "scenarios":[{"id":"a","role":"agent","attack":"Off.","req":[],"open":{},"opened":{"phase":"pinned"},
      "steps":[{"says":"off","in":{"event":"service_off"},"expect":{"phase":"pinned","code":"latched"}}]}]}
      """
    let file = try ScenarioFile(parsing: Array(text.utf8))
    #expect(file.scenarios[0].role == .agent)
    #expect(file.scenarios[0].steps[0].says == "off")
    let again = try ScenarioFile(parsing: file.serialized)
    #expect(again.scenarios == file.scenarios && again.attacks == file.attacks)
    for (old, new) in [
      ("endkey-scenarios-1", "endkey-scenarios-2"), ("\"agent\"", "\"service\""), ("\"says\"", "\"said\""),
    ] {
      #expect(throws: (any Error).self) {
        try ScenarioFile(parsing: Array(text.replacing(old, with: new).utf8))
      }
    }
  }
}
