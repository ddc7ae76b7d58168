import Endkey
import EndkeyWire
import Testing

@testable import EndkeyCommand

/// The days of time zones, and the times that a person types.
@Suite("Zones") struct ZoneTests {
  private static func instant(_ zone: String, _ time: String) throws -> Int64 {
    try #require(Zone(argument: zone)).instant(of: try #require(LocalTime(argument: time)).start)
  }

  @Test(
    "Days begin at the local midnight: half-hour zones, days of 23 and 25 hours, midnights that are left out or twice",
    arguments: [
      ("UTC", "2026-11-30", "2026-11-30T00:00", 24), ("Europe/Madrid", "2026-03-29", "2026-03-28T23:00", 23),
      ("Europe/Madrid", "2026-10-25", "2026-10-24T22:00", 25),
      ("Asia/Kolkata", "2026-06-01", "2026-05-31T18:30", 24),
      ("+05:45", "2026-06-01", "2026-05-31T18:15", 24),
      ("-03:30", "2026-06-01", "2026-06-01T03:30", 24),
      ("Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00", 24),
      ("America/Santiago", "2026-09-06", "2026-09-06T04:00", 23),
      ("America/Havana", "2026-11-01", "2026-11-01T04:00", 25),
      ("Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00", 24),
    ])
  func days(_ name: String, _ date: String, _ start: String, _ hours: Int64) throws {
    let zone = try #require(Zone(argument: name))
    let begin = try Self.instant("UTC", start)
    // Lord Howe's clocks go back by half an hour.
    let length = hours * 3_600_000 + (name == "Australia/Lord_Howe" ? 1_800_000 : 0)
    #expect(try Self.instant(name, date) == begin)
    for time in [begin, begin + 1, begin + length / 2, begin + length - 1] {
      let day = zone.days.day(of: Time(saturating: time))
      #expect(day == Time(saturating: begin)..<Time(saturating: begin + length), "\(time)")
      #expect(zone.date(of: day) == date)
    }
    #expect(zone.days.day(of: Time(saturating: begin - 1)).upperBound == Time(saturating: begin))
    #expect(
      zone.days.day(of: Time(saturating: begin + length)).lowerBound == Time(saturating: begin + length))
  }

  @Test(
    "Days follow on each other all year round",
    arguments: ["America/St_Johns", "Africa/Casablanca", "Asia/Gaza"])
  func gapless(_ name: String) throws {
    let zone = try #require(Zone(argument: name))
    var time = Time(saturating: try Self.instant(name, "2026-01-01"))
    for _ in 0..<400 {
      let day = zone.days.day(of: time)
      #expect(day.lowerBound == time)
      time = day.upperBound
    }
    #expect(zone.date(of: zone.days.day(of: time)) == "2027-02-05")
  }

  @Test(
    "A time is a day, a minute or a second",
    arguments: [
      ("2026-11-30", 86_400_000), ("2026-11-30T08:00", 60_000), ("2026-11-30T08:00:07", 1_000),
    ] as [(String, Int64)])
  func times(_ text: String, _ length: Int64) throws {
    let time = try #require(LocalTime(argument: text))
    #expect(time.end - time.start == length)
  }

  @Test(
    "What is no time or zone is refused",
    arguments: [
      "2026-02-29", "2026-13-01", "2026-1-1", "2026-11-30T24:00", "2026-11-30T08", "1969-12-31", "today", "",
    ])
  func noTimes(_ text: String) { #expect(LocalTime(argument: text) == nil) }

  @Test("What is no zone is refused", arguments: ["Mars/Olympus", "+5", "+15:00", "+05:60", "", "../UTC"])
  func noZones(_ text: String) { #expect(Zone(argument: text) == nil) }
}
