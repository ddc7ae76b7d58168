internal import EndkeyJSON
internal import EndkeyWire
internal import HTTPTypes
internal import Hummingbird
internal import ServiceModel
internal import ServiceStore

/// `spec/http.md`, section 7.4
let reportRoutes: [Route] = [
  Route(.post, "/v1/a/{a}/reports", .active) { exchange in
    let request = try ReportRequest(parsing: try await exchange.body(.json, atMost: BodyLimit.report))
    let report = try await exchange.store.report(request, of: try exchange.account)
    if exchange.accepts(.csv) { return Answer(Array(report.csv(request).utf8), .csv) }
    return Answer([
      "as_of": .integer(report.asOf),
      "rows": .array(
        report.rows.map { row in
          var object = JSONObject()
          for (group, value) in zip(request.groups, row.values) {
            object.append(group.rawValue, group.json(value))
          }
          object.append("ms", .integer(row.milliseconds))
          object.append("records", .integer(row.records))
          return .object(object)
        }),
      "rest": .object(
        .of(["groups": .integer(report.rest.groups), "ms": .integer(report.rest.milliseconds)])),
      "total": .object(
        .of(["ms": .integer(report.total.milliseconds), "records": .integer(report.total.records)])),
      "unverified": true,
    ])
  }
]

extension ReportRequest.Group {
  /// A value as the interface writes it.
  fileprivate func json(_ value: ReportValue?) -> JSONValue {
    switch (self, value) {
    case (_, nil): .null
    case (.kind, .number(let number)): name(number, of: RecordKind.self)
    case (.category, .number(let number)): name(number, of: Category.self)
    case (_, .number(let number)): .integer(number)
    case (.agent, .bytes(let bytes)): .hex(bytes)
    case (_, .bytes(let bytes)): .string(Token.text(of: bytes.span))
    }
  }

  private func name<Value: WireEnum>(_ number: Int64, of type: Value.Type) -> JSONValue {
    UInt8(exactly: number).flatMap(Value.init(rawValue:)).map { .string($0.name) } ?? .null
  }
}

extension Report {
  /// The report as CSV. RFC 4180
  fileprivate func csv(_ request: ReportRequest) -> String {
    var text = (request.groups.map(\.rawValue) + ["ms", "hours", "records"]).joined(separator: ",") + "\r\n"
    for row in rows {
      let values = zip(request.groups, row.values).map { group, value in
        switch group.json(value) {
        case .string(let text): text
        case .number(let number) where group == .bound:
          Self.instant(request.bounds[number.integer(as: Int.self) ?? 0])
        case .number(let number): number.text
        default: ""
        }
      }
      text +=
        (values + ["\(row.milliseconds)", Self.hours(row.milliseconds), "\(row.records)"])
        .joined(separator: ",") + "\r\n"
    }
    return text
  }

  /// Hours with four decimals, rounded down.
  private static func hours(_ milliseconds: Int64) -> String {
    let parts = milliseconds / 360
    let decimals = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - decimals.count) + decimals
  }

  /// ISO 8601, in UTC.
  private static func instant(_ milliseconds: Int64) -> String {
    // Howard Hinnant's days to civil date.
    let (seconds, fraction) = (milliseconds / 1_000, milliseconds % 1_000)
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let day = days - era * 146_097
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let date = (
      year + era * 400 + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
      dayOfYear - (153 * month + 2) / 5 + 1
    )
    func padded(_ number: Int64, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    let time = seconds % 86_400
    return "\(padded(date.0, 4))-\(padded(date.1, 2))-\(padded(date.2, 2))T\(padded(time / 3_600, 2)):"
      + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2)).\(padded(fraction, 3))Z"
  }
}
