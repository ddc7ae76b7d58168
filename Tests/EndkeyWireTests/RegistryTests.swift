import EndkeyWire
import Foundation
import Testing

@Suite("Registry") struct RegistryTests {
  typealias Row = [String: Any]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "spec")

  static func registry() throws -> Row {
    let data = try Data(contentsOf: folder.appending(path: "registry.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? Row)
  }

  private func check<Value: WireEnum>(_ type: Value.Type, _ rows: Any?) throws {
    let rows = try #require(rows as? [Row], "\(type)")
    let expected = rows.map { "\($0["name"] ?? "") \($0["value"] ?? "")" }
    #expect(Value.allCases.map { "\($0.name) \($0.rawValue)" } == expected)
  }

  @Test("enumerations have the registry's names and values, and the registry no other")
  func enums() throws {
    let registry = try Self.registry()
    try check(MessageType.self, registry["messageTypes"])
    let enums = try #require(registry["enums"] as? Row)
    let types: [any WireEnum.Type] = [
      TokenField.self, BlobField.self, AccountSecretUse.self, GrantKind.self, RecordKind.self, ItemType.self,
      Category.self, Role.self, Approval.self, MemberStatus.self, AgentPhase.self,
    ]
    for type in types { try check(type, enums["\(type)"]) }
    #expect(enums.count == types.count)
  }

  @Test("limits have the registry's names and values, and the registry no other")
  func limits() throws {
    let limits: [(String, UInt64)] = [
      ("iterations_min", UInt64(Limit.iterationsMin)), ("iterations_max", UInt64(Limit.iterationsMax)),
      ("password_max", UInt64(Limit.passwordMax)), ("login_name_max", UInt64(Limit.loginNameMax)),
      ("counter_max", Limit.counterMax), ("token_value_max", UInt64(Limit.tokenValueMax)),
      ("token_padded_max", UInt64(Limit.tokenPaddedMax)), ("blob_text_max", UInt64(Limit.blobTextMax)),
      ("chunk", UInt64(Limit.chunk)), ("records_max", UInt64(Limit.recordsMax)),
      ("items_max", UInt64(Limit.itemsMax)), ("rules_max", UInt64(Limit.rulesMax)),
      ("revoked_max", UInt64(Limit.revokedMax)), ("sealed_min", UInt64(Limit.sealedMin)),
      ("sealed_max", UInt64(Limit.sealedMax)), ("codes_max", UInt64(Limit.codesMax)),
      ("members_max", UInt64(Limit.membersMax)), ("smallest_factor", UInt64(Limit.smallestFactor)),
    ]
    let rows = try #require(try Self.registry()["limits"] as? [Row])
    #expect(limits.map { "\($0.0) \($0.1)" } == rows.map { "\($0["name"] ?? "") \($0["value"] ?? "")" })
  }

  @Test("the codes of the parser are the registry's of layer format, in its order")
  func codes() throws {
    let rows = try #require(try Self.registry()["errors"] as? [Row])
    let format = rows.filter { $0["layer"] as? String == "format" }.map { $0["code"] as? String }
    #expect(WireError.Code.allCases.map(\.rawValue) == format)
  }

  /// The headings of the specification, numbered, and which structs stand below each.
  static func structs() throws -> [String: String] {
    let text = try String(contentsOf: folder.appending(path: "endkey.md"), encoding: .utf8)
    var numbers = [0, 0]
    var sections: [String: String] = [:]
    var isBody = false
    for line in text.split(separator: "\n") {
      if line == "--- middle" { isBody = true }
      guard isBody else { continue }
      if line.hasPrefix("# ") { numbers = [numbers[0] + 1, 0] }
      if line.hasPrefix("## ") { numbers[1] += 1 }
      if line.hasPrefix("} "), let name = line.dropFirst(2).split(separator: ";").first {
        sections[String(name)] = numbers[1] == 0 ? "\(numbers[0])" : "\(numbers[0]).\(numbers[1])"
      }
    }
    return sections
  }

  @Test("an error's section is that in which the specification defines the struct")
  func sections() throws {
    let sections = try Self.structs()
    let types: [any WireStruct.Type] = [
      Header.self, PasswordHeader.self, PasswordWrap.self, OwnerVault.self, EnrolmentRequest.self, Grant.self,
      PrivateKeys.self, AccountState.self, SealedBlob.self, RecordBatch.self, RuleSet.self, Token.self,
      BlobReference.self, Item.self, Record.self, Rule.self, LocalState.self, Member.self,
      RuleDefinition.self, OwnerContents.self, SpoolHeader.self, BlobText.self,
    ]
    for type in types { #expect(sections["\(type)"] == type.section.rawValue, "\(type)") }
    #expect(sections["SpoolFrame"] == SpoolFrameHead.section.rawValue)
    #expect(sections["SecretText"] == Section.secretText.rawValue)
    #expect(sections["VaultContents"] == Section.contents.rawValue)
  }
}
