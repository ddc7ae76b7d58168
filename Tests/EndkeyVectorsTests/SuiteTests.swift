import EndkeyVectors
import Testing

@Suite("Vector suite") struct SuiteTests {
  static let files = Result { try Suite.generate() }

  @Test(
    "every family generates, and the implementation verifies what was generated", arguments: Suite.ops.indices
  )
  func verifies(_ index: Int) throws {
    let file = try Self.files.get()[index]
    let report = try Verifier.verify(file.bytes)
    #expect(report.failures.map(\.id) == [])
    #expect(report.passed > 0)
  }
}
