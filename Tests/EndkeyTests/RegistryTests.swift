import EndkeyWire
import Foundation
import Testing

@testable import Endkey

/// The code says what `spec/registry.json` says.
@Suite("Registry") struct RegistryTests {
  struct Registry: Decodable {
    struct Label: Decodable {
      let label: String
      let use: String
      let context: String?
      let length: Int?
    }
    struct ErrorRow: Decodable {
      let code: String
      let layer: String
    }
    let labels: [Label]
    let errors: [ErrorRow]
  }

  static func registry() throws -> Registry {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try JSONDecoder().decode(
      Registry.self, from: Data(contentsOf: root.appending(path: "spec/registry.json")))
  }

  @Test("ErrorCode has the codes and layers of the registry, and no others")
  func errors() throws {
    let rows = try Self.registry().errors
    #expect(rows.count > 50)
    #expect(Set(rows.map(\.code)) == Set(ErrorCode.allCases.map(\.rawValue)))
    for row in rows { #expect(ErrorCode(rawValue: row.code)?.layer.rawValue == row.layer, "\(row.code)") }
  }

  @Test("Every code of the parser is the code of the same name, of the layer format")
  func formatCodes() {
    for wire in WireError.Code.allCases {
      #expect(ErrorCode(wire).rawValue == wire.rawValue)
      #expect(ErrorCode(wire).layer == .format)
    }
    #expect(ErrorCode.allCases.filter { $0.layer == .format }.count == WireError.Code.allCases.count)
  }

  @Test("Labels are those of the registry, each with its use, context and length: R-2.3-1")
  func labels() throws {
    let rows = try Self.registry().labels
    #expect(rows.map(\.label).sorted() == Label.names.sorted())
    #expect(Set(Label.names).count == 19)
    for row in rows {
      switch row.use {
      case "hash": #expect(Label.Hashed(rawValue: row.label) != nil)
      case "hkdf":
        let label = try #require(Label.Derived(rawValue: row.label))
        #expect(label.keyCount == row.length)
        #expect(label.contextCount == Self.size(try #require(row.context)))
      default: #expect(Label.Prefixed(rawValue: row.label) != nil)
      }
    }
  }

  /// The sum of the numbers in brackets, as in `account_id[16] || epoch[4]`.
  private static func size(_ context: String) -> Int {
    context.split(separator: "[").dropFirst().compactMap { Int($0.prefix { $0 != "]" }) }.reduce(0, +)
  }
}
