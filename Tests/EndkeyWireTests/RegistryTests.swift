import EndkeyWire
import Foundation
import Testing

@Suite("Registry") struct RegistryTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "spec")

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
    let types = WireStructs.messages + WireStructs.parts + [BlobText.self]
    for type in types { #expect(sections["\(type)"] == type.section.rawValue, "\(type)") }
    #expect(sections["SpoolFrame"] == SpoolFrameHead.section.rawValue)
    for name in ["EnrolmentCode", "SecretText", "RecoveryText"] {
      #expect(sections[name] == Section.secretText.rawValue)
    }
    #expect(sections["VaultContents"] == Section.contents.rawValue)
  }
}
