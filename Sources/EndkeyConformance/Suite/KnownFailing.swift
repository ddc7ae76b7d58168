internal import EndkeyJSON

/// A failure that a client's makers know of. The list is exact: what passes must not stand in it.
public struct KnownFailure: Sendable {
  let id: String
  /// How it fails.
  let verdict: Verdict
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
        let verdict = try fields.required("verdict")
        let name: Verdict = try verdict.name()
        guard name.isFailure else { throw verdict.error("\(name.rawValue) is no failure") }
        let reason = try fields.required("reason")
        guard !(try reason.string().isEmpty) else { throw reason.error("says nothing") }
        let expiry = try fields.required("expiry")
        guard isDay(try expiry.string()) else { throw expiry.error("no day such as 2026-12-31") }
        return KnownFailure(
          id: try id.string(), verdict: name, reason: try reason.string(),
          link: try fields.required("link").string(),
          expiry: try expiry.string())
      }
    }
  }

  /// Whether this is a day of the calendar, as YYYY-MM-DD.
  static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }
}
