/// Dates and times as ISO 8601 and RFC 3339 write them, whatever the computer's zone and locale.
enum Timestamp {
  /// The milliseconds since 1970 of a text such as `2026-01-31T08:30:00.5+01:00` or `20260131T0830Z`; without a zone it
  /// is UTC. Nil for any other text, and before 1970.
  static func milliseconds(_ text: String) -> UInt64? {
    let pattern =
      #/(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?/#
      .asciiOnlyDigits()
    let basic =
      #/(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,12}))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?/#
      .asciiOnlyDigits()
    guard let match = (text.wholeMatch(of: pattern) ?? text.wholeMatch(of: basic))?.output,
      let year = Int(match.1), let month = Int(match.2),
      let day = Int(match.3), let hour = Int(match.4), let minute = Int(match.5),
      let second = Int(match.6 ?? "0"), (1...12).contains(month), (1...days(year, month)).contains(day),
      hour < 24,
      minute < 60, second <= 60, let offset = minutes(match.8)
    else { return nil }
    let fraction = Int((match.7 ?? "").prefix(3).padding(to: 3)) ?? 0
    let minutes = (days(before: year, month) + day - 1) * 1_440 + hour * 60 + minute - offset
    let milliseconds = (minutes * 60 + second) * 1_000 + fraction
    return UInt64(exactly: milliseconds)
  }

  /// East of Greenwich.
  private static func minutes(_ zone: Substring?) -> Int? {
    guard let zone, let sign = zone.first, sign == "+" || sign == "-" else { return 0 }
    let digits = zone.filter(\.isNumber)
    guard let hours = Int(digits.prefix(2)), let minutes = digits.count > 2 ? Int(digits.suffix(2)) : 0,
      hours < 24,
      minutes < 60
    else {
      return nil
    }
    return (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// Of a month.
  private static func days(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// From 1970 to the start of a month.
  private static func days(before year: Int, _ month: Int) -> Int {
    let whole = year - 1
    let leapDays = whole / 4 - whole / 100 + whole / 400 - 477
    return (year - 1970) * 365 + leapDays + (1..<month).reduce(0) { $0 + days(year, $1) }
  }
}

extension Substring {
  fileprivate func padding(to count: Int) -> String {
    String(self) + String(repeating: "0", count: Swift.max(0, count - self.count))
  }
}
