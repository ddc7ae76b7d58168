import EndkeySuite
import Testing

@testable import EndkeyVectors

@Suite("Protocol families") struct ProtocolFamilyTests {
  /// What lies in `vectors`, which `.ci/test --only vectors` makes anew and verifies.
  @Test("a family has several vectors, named for its operation", arguments: Suite.protocolFamilies.map(\.op))
  func named(_ op: String) throws {
    let file = try TraceTests.file(op)
    #expect(file.tests.count >= 6)
    #expect(file.tests.allSatisfy { $0.id.hasPrefix(op.split(separator: "/").joined(separator: "-")) })
  }
}
