internal import EndkeyJSON
internal import EndkeySuite

/// From a client's own errors to the codes of the specification, for clients that give none.
public struct CodeMap: Sendable {
  private let codes: [String: String]

  /// Maps nothing.
  public init() { codes = [:] }

  /// A JSON object: native error -> code. Refuses codes that the specification does not have.
  public init(parsing bytes: [UInt8]) throws {
    var codes: [String: String] = [:]
    var fields = try JSONCursor(JSONValue(parsing: bytes)).fields()
    for (native, code) in fields.rest() {
      let name = try code.string()
      guard Layer.of(name) != nil else {
        throw code.error(
          "the specification has no code \"\(name.shown)\"\(Advice.suggestion(for: name, among: Layer.codes))"
        )
      }
      codes[native] = name
    }
    self.codes = codes
  }

  /// The client's own errors that it has a code for.
  var natives: some Sequence<String> { codes.keys }

  func code(_ code: String?, native: String?) -> String? {
    code ?? native.flatMap { codes[$0] }
  }
}
