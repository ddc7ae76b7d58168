import EndkeyStore
import EndkeyWire
import Foundation
import Testing

@testable import EndkeyCommand

/// Activity as others give it.
@Suite("Captures") struct CaptureTests {
  typealias World = AccountWorld

  static func activities(_ line: String) throws -> [CapturedActivity] {
    try CaptureReader.input(Array(line.utf8), number: 3).activities
  }

  static func line(_ field: String, _ value: String) -> String {
    "{\"kind\":\"application\",\"start\":1,\"duration\":2,\"\(field)\":\(value)}"
  }

  @Test(
    "what is ill-formed in a value is replaced",
    arguments: [
      (#""a\ud800b""#, "a\u{fffd}b"), (#""\udc00""#, "\u{fffd}"), (#""\ud83d\ude00""#, "\u{1f600}"),
      (#""\ud83d\u0041""#, "\u{fffd}A"), (#""\ud83d\n""#, "\u{fffd}\n"), ("\"a\tb\"", "a\tb"),
    ])
  func replaced(_ value: String, _ expected: String) throws {
    let activity = try Self.activities(Self.line("window_title", value))[0]
    #expect(activity.items[0].content.bytes == Array(expected.utf8))
  }

  @Test("bytes that are no UTF-8 are replaced, and a title of any length is taken")
  func bytes() throws {
    var line = Array(#"{"kind":"idle","start":1,"duration":2,"url":"a"#.utf8) + [0xff, 0xe2, 0x82]
    line += Array(#"z"}"#.utf8)
    #expect(
      try CaptureReader.input(line, number: 1).activities[0].items[0].content.bytes
        == Array("a\u{fffd}\u{fffd}z".utf8))
    let long = String(repeating: "x", count: 100_000)
    #expect(
      try Self.activities(Self.line("window_title", "\"\(long)\""))[0].items[0].content.bytes.count == 100_000
    )
  }

  @Test("what took longer than a record can say is several in a row")
  func long() throws {
    let parts = try Self.activities(#"{"kind":"idle","start":10,"duration":4320000000.7}"#)
    #expect(parts.map(\.duration) == [UInt32.max, 25_032_705])
    #expect(parts.map(\.start.milliseconds) == [10, 4_294_967_305])
    #expect(try Self.activities(#"{"kind":"idle","start":10,"duration":0}"#).count == 1)
  }

  @Test(
    "a line that is no activity is told with its field and what may stand there",
    arguments: [
      (
        #"{"kind":"aplication","start":1,"duration":1}"#, "line 3: kind: no kind \"aplication\": did you mean"
      ),
      (#"{"kind":"x","start":1,"duration":1}"#, "one of application, website"),
      (#"{"kind":"idle","start":-1,"duration":1}"#, "line 3: start: expected milliseconds from 0"),
      (#"{"kind":"idle","start":1,"duration":"1"}"#, "line 3: duration: expected milliseconds"),
      (#"{"kind":"idle","start":1,"duration":9e15}"#, "line 3: duration: expected at most 429496729500"),
      (#"{"kind":"idle","start":9007199254740991,"duration":5000000000}"#, "value_out_of_range"),
      (#"{"kind":"idle","start":1,"duration":1,"titel":"x"}"#, "line 3: titel: no field \"titel\""),
      (#"{"kind":"idle","start":1,"duration":1,"url":5}"#, "line 3: url: expected a string"),
      (#"{"kind":"idle","start":1}"#, "no \"duration\""), ("nonsense", "line 3: column 2: "),
      ("[]", "line 3: "),
      (
        #"{"kind":"idle","start":1,"duration":1,"voice":"nothing-here"}"#, "line 3: nothing-here: cannot read"
      ),
      (#"{"kind":"idle","start":1,"duration":1,"voice":"-"}"#, "not standard input"),
      (#"{"kind":"idle","start":1,"duration":1,"voice":"/dev/zero"}"#, "line 3: /dev/zero: is no file"),
    ])
  func told(_ line: String, _ told: String) {
    let error = #expect(throws: CommandError.self) { try Self.activities(line) }
    #expect(error?.description.contains(told) == true, "\(error?.description ?? "")")
  }

  @Test("one bad line keeps no other from being taken, and can be mended alone")
  func quarantine() throws {
    let world = try World()
    let good = World.activity(5)
    let bad = #"{"kind":"idel","start":1,"duration":1}"#
    let input = "\u{feff}\(good)\(bad)\n\n\(good)\(String(repeating: "x", count: 17 << 20))\n\(good)"
    let kept = try world.run(["agent", "record", "agent", "--rejected", "left"], input: input, status: 2)
    #expect(kept.output.contains(": 3 records\n"))
    #expect(kept.error.contains("line 2: kind: no kind \"idel\": did you mean \"idle\"?"))
    #expect(
      kept.error.contains("line 5: longer than 16 MiB") && kept.error.contains("2 lines not taken, 3 taken"))
    #expect(try world.folder.read("left").starts(with: Array("\(bad)\n".utf8)))
    let named = #"{"kind":"idle","start":1,"duration":1,"key":"a"}"# + "\n"
    let twice = try world.run(["agent", "capture", "agent", "--key", "rest"], input: named + good + named)
    #expect(twice.output == "agent: 2 captured, 1 before\n")
    let again = try world.run(["agent", "capture", "agent", "--key", "rest"], input: good + named)
    #expect(again.output == "agent: 0 captured, 2 before\n")
    let none = try world.run(["agent", "record", "agent"], input: "\(bad)\n", status: 2)
    #expect(none.error.contains("1 line not taken, 0 taken"))
    #expect(try world.batches().count == 1)
  }
}

/// What another tracker exported.
@Suite("Import") struct ImportTests {
  /// A minute of events: times in seconds, from noon of a day.
  static func event(_ start: Double, _ duration: Double, _ data: String) -> String {
    let (minute, second) = (Int(start) / 60, start.truncatingRemainder(dividingBy: 60))
    let time = "2026-03-01T12:\(minute < 10 ? "0" : "")\(minute):\(second < 10 ? "0" : "")\(second)00+00:00"
    return #"{"id":1,"timestamp":"\#(time)","duration":\#(duration),"data":{\#(data)}}"#
  }

  static func bucket(_ name: String, _ type: String, _ events: [String], host: String = "pc") -> String {
    #""\#(name)":{"id":"\#(name)","created":"x","name":null,"type":"\#(type)","client":"c","#
      + #""hostname":"\#(host)","data":{},"events":[\#(events.joined(separator: ","))]}"#
  }

  static func run(_ buckets: [String], status: Int32 = 0) throws -> Binary.Result {
    let text = "{\"buckets\":{\(buckets.joined(separator: ","))}}"
    let result = try Binary.run(["agent", "import"], in: Scratch(), input: Array(text.utf8))
    #expect(result.status == status, "\(result.error)")
    return result
  }

  static let noon: UInt64 = 1_772_366_400_000

  @Test("windows, tabs and files keep their time, without what overlaps and without the time away")
  func export() throws {
    let result = try Self.run([
      Self.bucket(
        "aw-watcher-window_pc", "currentwindow",
        [
          Self.event(30, 60, #""app":"Editor","title":"b""#), Self.event(0, 45, #""app":"Mail","title":"a""#),
          Self.event(30, 60, #""app":"Editor","title":"b""#),
        ]),
      Self.bucket(
        "aw-watcher-afk_pc", "afkstatus",
        [Self.event(60, 15, #""status":"afk""#), Self.event(0, 60, #""status":"not-afk""#)]),
      Self.bucket(
        "aw-watcher-web-firefox", "web.tab.current",
        [Self.event(10, 5, #""url":"https://example.org","title":"t","incognito":false"#)]),
      Self.bucket(
        "aw-watcher-vim", "app.editor.activity", [Self.event(70, 1, #""file":"/a.txt","language":"x""#)],
        host: "other"),
      Self.bucket("aw-stopwatch", "general.stopwatch", [Self.event(0, 1, #""label":"x""#)]),
    ])
    let lines = result.output.split(separator: "\n").map(String.init)
    func line(_ kind: String, _ start: UInt64, _ duration: Int, _ rest: String = "") -> String {
      "{\"kind\":\"\(kind)\",\"start\":\(Self.noon + start * 1_000),\"duration\":\(duration * 1_000)\(rest)}"
    }
    let editor = #","application_name":"Editor","window_title":"b""#
    #expect(
      lines == [
        line("application", 0, 30, #","application_name":"Mail","window_title":"a""#),
        line("website", 10, 5, #","url":"https://example.org","window_title":"t""#),
        line("application", 30, 30, editor), line("idle", 60, 15),
        line("document", 70, 1, #","document_name":"/a.txt""#), line("application", 75, 15, editor),
      ], "\(result.output)")
    #expect(
      result.error.contains("\"aw-stopwatch\" is left out, with 1 event: its type is \"general.stopwatch\""))
    #expect(result.error.contains("1 event overlaps a later one"))
    // A filter: what it writes is what the agent reads.
    for line in lines { _ = try CaptureReader.input(Array(line.utf8), number: 1).activities }
  }

  @Test("an event that is none is named and left out; what is no export is refused with what would be one")
  func faults() throws {
    let good = Self.event(0, 1, #""app":"A","title":"\ud800""#)
    let result = try Self.run(
      [
        Self.bucket(
          "w", "currentwindow",
          [
            good, #"{"timestamp":"yesterday","duration":1,"data":{}}"#, #"{"duration":1}"#,
            Self.event(0, -1, ""),
          ])
      ], status: 2)
    #expect(result.output.contains("\"window_title\":\"\u{fffd}\""))
    #expect(result.error.contains("buckets.w.events[1].timestamp: not a time of ISO 8601"))
    #expect(result.error.contains("3 faults"))
    let none = try Binary.run(["agent", "import"], in: Scratch(), input: Array("{}".utf8))
    #expect(none.status == 2 && none.error.contains("ActivityWatch"))
  }

  @Test(
    "times of ISO 8601, whatever the zone",
    arguments: [
      ("1970-01-01T00:00:00Z", 0 as UInt64?), ("2026-03-01T12:00:00+00:00", noon),
      ("2026-03-01T13:30+01:30", noon),
      ("2026-03-01 12:00:00.0019", noon + 1), ("2024-02-29T00:00:00-0000", 1_709_164_800_000),
      ("2000-03-01T00:00:00Z", 951_868_800_000), ("2023-02-29T00:00:00Z", nil), ("1969-12-31T23:59:59Z", nil),
      ("2026-13-01T00:00:00Z", nil), ("2026-03-01T24:00:00Z", nil), ("2026-03-01", nil), ("", nil),
      ("9999-12-31T23:59:60Z", 253_402_300_800_000),
      ("20260301T120000Z", noon), ("20260301T1330+0130", noon), ("2026-03-01T14:00:00+02", noon),
      ("20260301T120000.0019Z", noon + 1), ("20261301T000000Z", nil), ("19691231T235959Z", nil),
    ])
  func timestamps(_ text: String, _ expected: UInt64?) { #expect(Timestamp.milliseconds(text) == expected) }

  @Test("spans: what is taken and what is free make the whole, each millisecond once")
  func spans() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let spans = (0..<8).map { _ in
        let start = UInt64.random(in: 0..<50, using: &random)
        return start..<start + UInt64.random(in: 0..<12, using: &random)
      }
      let taken = TimeSpans(spans)
      let whole: Range<UInt64> = 5..<60
      let free = taken.missing(in: whole).flatMap { Array($0) }
      #expect(free == whole.filter { time in !spans.contains { $0.contains(time) } })
    }
  }
}
