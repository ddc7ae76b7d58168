internal import EndkeyJSON
internal import EndkeyPrimitives

/// One test of a file.
struct WycheproofTest {
  /// What the file says that an implementation does.
  enum Verdict: String {
    /// Gives the stated result.
    case valid
    /// Refuses.
    case invalid
    /// Either of both.
    case acceptable
  }

  let id: Int
  let comment: String
  let verdict: Verdict
  private var fields: JSONFields

  init(_ cursor: JSONCursor) throws(JSONShapeError) {
    fields = try cursor.fields()
    id = try fields.required("tcId").integer()
    comment = try fields.optional("comment")?.string() ?? ""
    verdict = try fields.required("result").name()
  }

  /// The bytes of a member, in hex.
  mutating func bytes(_ key: String) throws(JSONShapeError) -> [UInt8] {
    try fields.required(key).hex(letterCase: .any)
  }

  /// The bytes of a member, in hex, to be used as a secret.
  mutating func secret(_ key: String) throws(JSONShapeError) -> SecretBytes {
    SecretBytes(copying: try bytes(key))
  }

  /// A count or size.
  mutating func integer(_ key: String) throws(JSONShapeError) -> UInt32 {
    try fields.required(key).integer()
  }

  /// Holds the outcome of an operation against the verdict: it gives `expected`, or an error, as the test
  /// allows. `operation` names it in the failure.
  func check(
    _ operation: String, gives expected: [UInt8], _ body: () throws(PrimitiveError) -> [UInt8]
  ) throws(WycheproofStop) {
    let result: [UInt8]
    do throws(PrimitiveError) {
      result = try body()
    } catch {
      guard error != .libraryFailure else { throw .fail("\(operation): the library failed") }
      guard verdict != .valid else { throw .fail("\(operation) refuses, though the test is valid: \(error)") }
      return
    }
    guard verdict != .invalid else { throw .fail("\(operation) succeeds, though the test is invalid") }
    guard result == expected else {
      throw .fail("\(operation) gives \(Hex.encode(result)), not \(Hex.encode(expected))")
    }
  }

  /// The same for an operation that gives only yes or no.
  func check(_ operation: String, _ body: () throws(PrimitiveError) -> Bool) throws(WycheproofStop) {
    try check(operation, gives: []) { () throws(PrimitiveError) in
      guard try body() else { throw .authenticationFailed }
      return []
    }
  }
}
