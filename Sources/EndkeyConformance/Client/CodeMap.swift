internal import EndkeyJSON

/// From a client's own errors to the codes of the specification, for clients that give none.
public struct CodeMap: Sendable {
  private let codes: [String: String]

  /// Maps nothing.
  public init() { codes = [:] }

  /// A JSON object: native error -> code.
  public init(parsing bytes: [UInt8]) throws {
    var codes: [String: String] = [:]
    var fields = try JSONCursor(JSONValue(parsing: bytes)).fields()
    for (native, code) in fields.rest() { codes[native] = try code.string() }
    self.codes = codes
  }

  func code(_ code: String?, native: String?) -> String? {
    code ?? native.flatMap { codes[$0] }
  }
}
