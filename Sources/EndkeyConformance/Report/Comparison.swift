public import EndkeyJSON

/// What changed from one report to another: two versions of a client, or two clients.
public struct Comparison: Sendable {
  struct Side: Sendable {
    let name: String
    /// What of the suite was asked: profile, operations and cases that it was held to, and the version.
    let scope: [String]
    /// Case id -> verdict.
    let verdicts: [String: Verdict]
  }

  /// Which of the two files cannot be read, and why.
  public struct Fault: Error {
    public let isLater: Bool
    public let reason: String
  }

  /// A case whose verdicts differ; nil where a report does not have it.
  public struct Change: Sendable {
    public let id: String
    public let before: Verdict?
    public let after: Verdict?

    /// It passed, and does not any more.
    public var isRegression: Bool { before == .pass && after != .pass }
  }

  let before: Side
  let after: Side
  /// In the order of ids.
  public let changes: [Change]

  public var regressions: Int { changes.count(where: \.isRegression) }

  /// Two files `report.json`.
  public init(_ before: [UInt8], _ after: [UInt8]) throws(Fault) {
    self.before = try Self.side(before, isLater: false)
    self.after = try Self.side(after, isLater: true)
    let (old, new) = (self.before.verdicts, self.after.verdicts)
    changes = Set(old.keys).union(new.keys).sorted().compactMap { id in
      old[id] == new[id] ? nil : Change(id: id, before: old[id], after: new[id])
    }
  }

  private static func side(_ bytes: [UInt8], isLater: Bool) throws(Fault) -> Side {
    do {
      return try Side(parsing: bytes)
    } catch {
      throw Fault(isLater: isLater, reason: "no report of conform: \("\(error)".shown)")
    }
  }

  /// What the two runs did not both ask, and why.
  var narrower: [String] {
    [("earlier", before, after), ("later", after, before)].compactMap { name, side, other in
      let missing = other.verdicts.keys.count { side.verdicts[$0] == nil }
      guard missing > 0 else { return nil }
      let scope = side.scope == other.scope ? "" : " (\(side.scope.joined(separator: ", ").shown))"
      return "the \(name) run was narrower\(scope): it did not ask \(missing) of the cases of the other"
    }
  }

  public var lines: [String] {
    var lines = ["\(before.name.shown) -> \(after.name.shown)"] + narrower
    for change in changes {
      let mark = change.isRegression ? "-" : change.after == .pass ? "+" : " "
      lines.append(
        "\(mark) \(change.id.shown): \(change.before?.rawValue ?? "absent") -> \(change.after?.rawValue ?? "absent")"
      )
    }
    lines.append("\(changes.count) changed, \(regressions) of them passed before")
    return lines
  }

  public var json: JSONValue {
    [
      "before": .string(before.name), "after": .string(after.name), "regressions": .integer(regressions),
      "narrower": .array(narrower.map(JSONValue.string)),
      "changes": .array(
        changes.map {
          [
            "id": .string($0.id), "before": $0.before.map { .string($0.rawValue) } ?? .null,
            "after": $0.after.map { .string($0.rawValue) } ?? .null,
          ]
        }),
    ]
  }
}

extension Comparison.Side {
  init(parsing bytes: [UInt8]) throws {
    var report = try JSONCursor(JSONValue(parsing: bytes)).fields()
    let schema = try report.required("schema")
    guard try schema.string() == Report.schema else { throw schema.error("expected \"\(Report.schema)\"") }
    name = try report.required("client").object { client in
      "\(try client.required("name").string()) \(try client.required("version").string())"
    }
    var scope = [
      "suite \(try report.required("suite").string())", "profile \(try report.required("profile").string())",
    ]
    let ops = try report.required("ops").array().map { try $0.string() }
    if !ops.isEmpty { scope.append("--ops \(ops.joined(separator: ","))") }
    for (key, option) in [("only", "--repeat"), ("until", "--until")] {
      guard let given = report.optional(key), given.value != .null else { continue }
      scope.append("\(option) \(try given.string())")
    }
    self.scope = scope
    let cases = try report.required("cases")
    var verdicts: [String: Verdict] = [:]
    for cursor in try cases.array() {
      var one = try cursor.fields()
      let id = try one.required("id").string()
      guard verdicts.updateValue(try one.required("verdict").name(), forKey: id) == nil else {
        throw cases.error("\(id) stands twice")
      }
    }
    self.verdicts = verdicts
  }
}
