internal import EndkeyJSON

/// A failure that a client's makers know of. The list is exact: what passes must not stand in it.
public struct KnownFailure: Sendable {
  let id: String
  let reason: String
  let link: String
  /// The last day on which it counts, `YYYY-MM-DD`.
  let expiry: String

  public static func read(_ bytes: [UInt8]) throws -> [KnownFailure] {
    let list = JSONCursor(try JSONValue(parsing: bytes))
    var seen: Set<String> = []
    return try list.array().map { cursor in
      try cursor.object { fields in
        let id = try fields.required("id")
        guard seen.insert(try id.string()).inserted else { throw id.error("stands twice") }
        let reason = try fields.required("reason")
        guard !(try reason.string().isEmpty) else { throw reason.error("says nothing") }
        let expiry = try fields.required("expiry")
        guard isDay(try expiry.string()) else { throw expiry.error("no day such as 2026-12-31") }
        return KnownFailure(
          id: try id.string(), reason: try reason.string(), link: try fields.required("link").string(),
          expiry: try expiry.string())
      }
    }
  }

  static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]),
      Int(parts[0]) != nil
    else { return false }
    return (1...12).contains(month) && (1...31).contains(day)
  }
}
