import EndkeySuite
import Testing

@testable import EndkeyVectors

@Suite("Protocol families") struct ProtocolFamilyTests {
  @Test("the implementation answers as the generator says", arguments: Suite.protocolFamilies.map(\.op))
  func verifies(_ op: String) throws {
    let family = try #require(Suite.protocolFamilies.first { $0.op == op })
    let file = try family.file()
    let report = try Verifier.verify(file.serialized)
    #expect(report.failures.map(\.id) == [])
    #expect(file.tests.count >= 6)
    #expect(file.tests.allSatisfy { $0.id.hasPrefix(op.split(separator: "/").joined(separator: "-")) })
  }
}
