internal import EndkeyJSON

/// The text of a requirement of the specification.
struct Requirement: Sendable {
  let section: String
  let text: String

  /// The file that `tools/run tables` makes of the specification: the sections' titles, and the requirements.
  static func read(_ bytes: [UInt8]) throws -> (titles: [String: String], texts: [String: Requirement]) {
    try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      let schema = try fields.required("schema")
      guard try schema.string() == "endkey-requirements-1" else { throw schema.error("unknown schema") }
      _ = try fields.required("spec").string()
      var sections = try fields.required("sections").fields()
      var titles: [String: String] = [:]
      for (number, title) in sections.rest() { titles[number] = try title.string() }
      var requirements = try fields.required("requirements").fields()
      var texts: [String: Requirement] = [:]
      for (id, cursor) in requirements.rest() {
        texts[id] = try cursor.object { one in
          Requirement(section: try one.required("section").string(), text: try one.required("text").string())
        }
      }
      return (titles, texts)
    }
  }

  /// The chapter of a requirement id: `14` of `R-14.1-2`.
  static func chapter(of id: String) -> String {
    let parts = id.split(separator: "-")
    guard parts.count == 3 else { return "" }
    return String(parts[1].split(separator: ".")[0])
  }
}
