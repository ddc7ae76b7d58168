import Endkey
import EndkeySuite
import Testing

@testable import EndkeyVectors

/// The table of `spec/operations.json` against what the implementation has.
@Suite("Operations of the reference implementation") struct OperationTableTests {
  @Test("the implementation has the operations of the table, and no others")
  func complete() {
    #expect(Set(Responder.ops) == Set(OperationDescription.named.keys))
    #expect(Responder.ops.count == OperationDescription.all.count)
  }

  @Test("each operation without randomness of its own and without a handle has a file")
  func files() {
    let given = OperationDescription.all.map(\.name).filter {
      !$0.hasSuffix("random") && !Sessions.ops.contains($0)
    }
    #expect(Set(Suite.ops) == Set(given))
  }

  @Test("a code is of the layer that the implementation says", arguments: ErrorCode.allCases)
  func layers(_ code: ErrorCode) {
    #expect(Layer.of(code.rawValue)?.rawValue == code.layer.rawValue)
  }
}
