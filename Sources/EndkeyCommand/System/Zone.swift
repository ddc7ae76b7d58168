internal import ArgumentParser
internal import Endkey
internal import EndkeyWire
internal import Foundation

/// A time zone, by its name in the tz database or its offset from UTC: whose midnights days begin and end at.
///
/// Local times are counted in milliseconds from the local 1970-01-01T00:00, as if there were no zones.
struct Zone: Equatable {
  static let utc = Zone(name: "UTC", timeZone: .gmt)
  static let day: Int64 = 86_400_000

  let name: String
  private let timeZone: TimeZone

  /// The time that a clock there shows.
  func local(_ time: Int64) -> Int64 {
    let date = Date(timeIntervalSince1970: Double(time) / 1_000)
    return time + Int64(timeZone.secondsFromGMT(for: date)) * 1_000
  }

  /// When a clock there first shows a local time, or a later one where that was left out.
  func instant(of local: Int64) -> Int64 {
    // Nowhere is a clock two days off.
    var (before, after) = (local - 2 * Self.day, local + 2 * Self.day)
    while after - before > 1 {
      let middle = before + (after - before) / 2
      if self.local(middle) < local { before = middle } else { after = middle }
    }
    return after
  }

  /// The days there.
  var days: ActivitySums.Days {
    ActivitySums.Days { time in
      let time = Int64(time.milliseconds)
      // Where clocks went back over midnight, a time shows the date of the day before or after its own.
      let date = local(time).flooredQuotient(Self.day)
      for date in [date, date - 1, date + 1] {
        let (start, end) = (instant(of: date * Self.day), instant(of: (date + 1) * Self.day))
        if start <= time, time < end { return Time(saturating: start)..<Time(saturating: end) }
      }
      return Time(saturating: time)..<Time(saturating: time + 1)
    }
  }

  /// The date of a day, such as 2026-11-30.
  func date(of day: Range<Time>) -> String {
    let date = local(Int64(day.lowerBound.milliseconds)).flooredQuotient(Self.day)
    let midnight = Date(timeIntervalSince1970: Double(date * Self.day) / 1_000)
    return midnight.formatted(.iso8601.year().month().day())
  }
}

extension Zone: WordArgument {
  static func fault(_ word: String) -> String {
    let meant = Suggestion.nearest(to: word, among: TimeZone.knownTimeZoneIdentifiers)
    return meant.map { "did you mean \"\($0)\"?" }
      ?? "give a name such as Asia/Kolkata, or an offset such as +05:30"
  }

  init?(argument: String) {
    if let offset = argument.wholeMatch(of: #/(?:UTC|GMT)?([+-])([0-9]{2}):?([0-9]{2})/#),
      let hours = Int(offset.2), let minutes = Int(offset.3), hours < 15, minutes < 60
    {
      let seconds = (hours * 60 + minutes) * 60
      guard let timeZone = TimeZone(secondsFromGMT: offset.1 == "-" ? -seconds : seconds) else { return nil }
      self.init(name: argument, timeZone: timeZone)
    } else if let timeZone = TimeZone(identifier: argument) {
      self.init(name: argument, timeZone: timeZone)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { name }
}

/// A day, or a minute or second of one, without a zone: `2026-11-30`, `2026-11-30T08:00`.
struct LocalTime: Equatable {
  /// When it begins, in local milliseconds.
  let start: Int64
  /// When the next day, minute or second begins.
  let end: Int64
}

extension LocalTime: WordArgument {
  static func fault(_ word: String) -> String {
    "give a day or a time from 1970 on, such as 2026-11-30, 2026-11-30T08:00 or 2026-11-30T08:00:30"
  }

  init?(argument: String) {
    guard
      let match = argument.wholeMatch(
        of: #/([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?/#)
    else { return nil }
    let numbers = [match.4, match.5, match.6].map { $0.flatMap { Int($0) } }
    var parts = DateComponents(
      year: Int(match.1), month: Int(match.2), day: Int(match.3), hour: numbers[0] ?? 0,
      minute: numbers[1] ?? 0, second: numbers[2] ?? 0)
    parts.calendar = Calendar(identifier: .gregorian)
    parts.timeZone = .gmt
    guard parts.isValidDate, let date = parts.date, date.timeIntervalSince1970 >= 0 else { return nil }
    start = Int64(date.timeIntervalSince1970) * 1_000
    let length: Int64 = numbers[0] == nil ? Zone.day : numbers[2] == nil ? 60_000 : 1_000
    end = start + length
  }
}

extension Time {
  /// The time of this number, or the first or last one there is.
  init(saturating milliseconds: Int64) {
    self = (0 as Time).adding(milliseconds: UInt64(clamping: milliseconds))
  }
}

extension Int64 {
  fileprivate func flooredQuotient(_ divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
