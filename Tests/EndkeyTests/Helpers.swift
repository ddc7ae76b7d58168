import EndkeyPrimitives
import EndkeyWire
import Testing

@testable import Endkey

/// A test asks for what is not there.
struct Missing: Error {}

/// Expects `body` to be refused with `code`, or not to be refused if that is nil.
func expect(
  _ code: ErrorCode?, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  var found: ErrorCode?
  do {
    try body()
  } catch let error as ProtocolError {
    found = error.code
  } catch {
    Issue.record(error, comment, sourceLocation: sourceLocation)
    return
  }
  #expect(found == code, comment, sourceLocation: sourceLocation)
}

extension [UInt8] {
  /// The same bytes with one bit flipped.
  func flipped(at index: Int) -> [UInt8] {
    var copy = self
    copy[index] ^= 1
    return copy
  }
}

extension Span<UInt8> {
  var array: [UInt8] { indices.map { self[$0] } }
}

extension SecretBytes {
  /// For tests: the bytes in the open.
  var array: [UInt8] { withBytes { $0.array } }
}
