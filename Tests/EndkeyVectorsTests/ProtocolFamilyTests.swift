import EndkeySuite
import Testing

@testable import EndkeyVectors

@Suite("Protocol families") struct ProtocolFamilyTests {
  /// Made and verified by ``SuiteTests``.
  @Test("a family has several vectors, named for its operation", arguments: Suite.protocolFamilies.map(\.op))
  func named(_ op: String) throws {
    let made = try SuiteTests.files.get()
    let bytes = try #require(made.first { $0.name == VectorFile.name(of: op) }).bytes
    let file = try VectorFile(parsing: bytes)
    #expect(file.tests.count >= 6)
    #expect(file.tests.allSatisfy { $0.id.hasPrefix(op.split(separator: "/").joined(separator: "-")) })
  }
}
