import EndkeyJSON
import EndkeySuite
import Testing

@Suite("Operations of the table") struct OperationTests {
  static func operation(_ name: String) throws -> OperationDescription {
    try #require(OperationDescription.named[name])
  }

  static func object(_ text: String) throws -> JSONObject {
    try JSONCursor(JSONValue(parsing: Array(text.utf8))).plainObject()
  }

  static let id = String(repeating: "00", count: 16)
  static let key = String(repeating: "5a", count: 64)
  static let opening = """
    {"account_id":"\(id)","keys":[{"epoch":1,"token_key":"\(key)"}],"token":"00"}
    """

  @Test("an input that is as the table says is taken")
  func taken() throws {
    try Self.operation("token/open").checkInput(Self.object(Self.opening))
    try Self.operation("rsa/check").checkOutput(JSONObject())
    try Self.operation("agent/step").checkInput(
      Self.object("{\"handle\":1,\"event\":\"state\",\"message\":null,\"runs\":0,\"wall\":0}"))
  }

  @Test(
    "an input that is not is refused",
    arguments: [
      ("\"token\":\"00\"", "\"token\":\"0\""), ("\"token\":\"00\"", "\"token\":\"0A\""),
      ("\"token\":\"00\"", "\"token\":null"), (",\"token\":\"00\"", ""),
      ("\"token\":\"00\"", "\"token\":\"00\",\"more\":1"), ("\"epoch\":1", "\"epoch\":0"),
      ("\"epoch\":1", "\"epoch\":1.0"), ("\"epoch\":1", "\"epoch\":4294967296"),
      ("\"epoch\":1", "\"epoch\":true"),
      ("\"account_id\":\"00", "\"account_id\":\""), ("[{", "[null,{"),
    ])
  func refused(_ old: String, _ new: String) throws {
    let text = Self.opening.replacing(old, with: new)
    #expect(text != Self.opening)
    let operation = try Self.operation("token/open")
    let input = try Self.object(text)
    #expect(throws: JSONShapeError.self) { try operation.checkInput(input) }
  }

  @Test("members that depend on another, one of several, names and codes are checked")
  func kinds() throws {
    let grant = try Self.operation("grant/open")
    try grant.checkOutput(Self.object("{\"kind\":\"unchanged\"}"))
    try grant.checkOutput(Self.object("{\"kind\":\"master\",\"master_key\":\"\(Self.key.prefix(64))\"}"))
    let wrong = [
      ("grant/open", "{\"kind\":\"master\"}"), ("grant/open", "{\"kind\":\"other\"}"),
      ("grant/open", "{\"kind\":\"unchanged\",\"master_key\":\"\(Self.key.prefix(64))\"}"),
      ("agent/machine", "{\"next\":\"active\",\"error\":\"bad_key\"}"),
      ("agent/machine", "{\"next\":\"open\",\"error\":null}"),
    ]
    for (name, text) in wrong {
      let (operation, out) = (try Self.operation(name), try Self.object(text))
      #expect(throws: JSONShapeError.self, "\(text)") { try operation.checkOutput(out) }
    }
    let sign = try Self.operation("batch/sign")
    func record(_ items: String) throws -> JSONObject {
      try Self.object(
        """
        {"seed":"\(Self.key.prefix(64))","account_id":"\(Self.id)","epoch":1,"agent_id":"\(Self.id)","sequence":1,
        "previous":"\(Self.key.prefix(64))","made":0,"state_generation":1,"state_counter":0,"state":"\(Self.key.prefix(64))",
        "records":[{"kind":"idle","start":0,"duration":1,"items":[\(items)]}]}
        """)
    }
    try sign.checkInput(record("{\"token\":\"00\"},{\"blob\":\"00\"}"))
    for items in ["{}", "{\"token\":\"00\",\"blob\":\"00\"}", "{\"other\":\"00\"}"] {
      let input = try record(items)
      #expect(throws: JSONShapeError.self, "\(items)") { try sign.checkInput(input) }
    }
  }

  @Test("a profile needs the operations of its column, and every client needs all")
  func profiles() {
    #expect(Profile.agent.needs("token/seal") && !Profile.agent.needs("token/open"))
    #expect(Profile.service.needs("wire/PersonKeys") && !Profile.service.needs("no/such"))
    #expect(Profile.all.needs("no/such"))
    #expect(OperationDescription.all.allSatisfy { !$0.profiles.isEmpty && !$0.profiles.contains(.all) })
  }
}
