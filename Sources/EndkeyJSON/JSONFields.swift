/// The members of an object, asked for one by one; `finish` refuses those that nobody asked for.
public struct JSONFields: Sendable {
  private let object: JSONObject
  private let path: JSONPath
  private var asked: [String] = []
  private var isRestAsked = false

  init(_ object: JSONObject, at path: JSONPath) {
    self.object = object
    self.path = path
  }

  /// The value of `key`, which must be there.
  public mutating func required(_ key: String) throws(JSONShapeError) -> JSONCursor {
    guard let cursor = optional(key) else {
      throw JSONShapeError(path: path.description, reason: "no \"\(key)\"")
    }
    return cursor
  }

  /// The value of `key`, if it is there. A null is a value.
  public mutating func optional(_ key: String) -> JSONCursor? {
    asked.append(key)
    return object[key].map { JSONCursor($0, at: .key(key, of: path)) }
  }

  /// All members that nobody asked for yet, in order: for objects that are maps.
  public mutating func rest() -> [(key: String, value: JSONCursor)] {
    defer { isRestAsked = true }
    return object.members.filter { !isAsked($0.key) }
      .map { ($0.key, JSONCursor($0.value, at: .key($0.key, of: path))) }
  }

  /// Refuses the first member that nobody asked for.
  public func finish() throws(JSONShapeError) {
    guard let unknown = object.members.first(where: { !isAsked($0.key) }) else { return }
    throw JSONShapeError(path: path.description, reason: "unknown key \"\(unknown.key)\"")
  }

  private func isAsked(_ key: String) -> Bool {
    isRestAsked || asked.contains { $0.utf8.elementsEqual(key.utf8) }
  }
}
