internal import EndkeyJSON
internal import EndkeySuite

/// `report.json`, for other programs; its schema is `vectors/schema/report.schema.json`.
extension Report {
  static let schema = "endkey-report-1"

  public var json: [UInt8] {
    let value: JSONValue = [
      "schema": .string(Self.schema), "suite": .string(SuiteVersion.suite),
      "spec": .string(SuiteVersion.spec),
      "client": ["name": .string(client.name), "version": .string(client.version)],
      "profile": .string(profile.rawValue), "ops": .array(ops.map(JSONValue.string)),
      "only": only.map(JSONValue.string) ?? .null, "until": until.map(JSONValue.string) ?? .null,
      "seed": .integer(seed),
      "deadline_milliseconds": .integer(Int(deadline * 1000)), "milliseconds": .integer(Int(seconds * 1000)),
      "processes": .integer(processes),
      "pass": .bool(isPass), "complete": .bool(isComplete), "counts": counts,
      "problems": .array(problems.map(JSONValue.string)),
      "unsupported_ops": .array(unsupportedOps.map(JSONValue.string)),
      "sections": .array(rows.map(\.json)), "cases": .array(results.map(\.json)),
    ]
    return value.serialized(.pretty)
  }

  private var counts: JSONValue {
    var object = JSONObject.of([
      "planned": .integer(planned), "executed": .integer(executed), "failures": .integer(failures.count),
      "known": .integer(known),
    ])
    for verdict in Verdict.allCases { object.append(verdict.rawValue, .integer(count(verdict))) }
    return .object(object)
  }

  var unsupportedOps: [String] {
    Set(results.filter { $0.verdict == .unsupported }.map(\.op)).sorted()
  }
}

extension Report.Row {
  fileprivate var json: JSONValue {
    [
      "section": .string(chapter), "title": .string(title), "passed": .integer(passed),
      "failed": .integer(failed),
      "known": .integer(known), "unsupported": .integer(unsupported), "skipped": .integer(skipped),
    ]
  }
}

extension CaseResult {
  fileprivate var json: JSONValue {
    var object = JSONObject.of([
      "id": .string(id), "op": .string(op), "kind": .string(kind.rawValue), "level": .string(level),
      "req": .array(req.map(JSONValue.string)), "verdict": .string(verdict.rawValue),
    ])
    guard verdict != .pass else { return .object(object) }
    object.append("reason", .string(reason))
    guard verdict.isExecuted else { return .object(object) }
    if let request { object.append("request", .object(request)) }
    if let expected { object.append("expected", expected) }
    if let got { object.append("got", got) }
    if let difference {
      object.append(
        "difference",
        ["name": .string(difference.name), "expected": difference.expected, "got": difference.got ?? .null])
    }
    if let cause { object.append("cause", .string(cause)) }
    if let advice { object.append("advice", .string(advice)) }
    if let behind { object.append("behind", .string(behind)) }
    if let failsAlone { object.append("fails_alone", .bool(failsAlone)) }
    if let known {
      object.append(
        "known",
        [
          "verdict": .string(known.verdict.rawValue), "reason": .string(known.reason),
          "link": .string(known.link), "expiry": .string(known.expiry),
        ])
    }
    return .object(object)
  }
}
