internal import EndkeyJSON

/// What ActivityWatch exports: buckets of events, each of a watcher on a computer.
struct BucketExport {
  /// The activity, in the order of time, as `CaptureLines` reads it.
  private(set) var lines: [JSONValue] = []
  /// What was left out or changed, for a person.
  private(set) var notes: [String] = []
  /// Buckets and events that are none.
  private(set) var faults: [String] = []

  init(_ document: JSONValue) throws(JSONShapeError) {
    var buckets: [Bucket] = []
    for (name, bucket) in try Self.buckets(JSONCursor(document)) {
      do {
        buckets.append(try Bucket(name, bucket, &faults))
      } catch {
        faults.append("bucket \"\(name)\" is left out: \(error)")
      }
    }
    var away: [String: TimeSpans] = [:]
    for (host, absences) in Dictionary(grouping: buckets.filter { $0.watcher == .absence }, by: \.host) {
      away[host] = TimeSpans(absences.flatMap(\.events).map(\.span))
    }
    var activities: [(start: UInt64, line: JSONValue)] = []
    for bucket in buckets {
      guard let watcher = bucket.watcher else {
        notes.append(
          "bucket \"\(bucket.name)\" is left out, with \(counted(bucket.count, "event")): its type is "
            + "\"\(bucket.type)\"")
        continue
      }
      let parts = bucket.parts()
      if parts.overlaps > 0 {
        notes.append(
          "bucket \"\(bucket.name)\": \(counted(parts.overlaps, "event overlaps", "events overlap")) a later one, "
            + "which has the time")
      }
      let others = watcher == .absence ? TimeSpans([]) : away[bucket.host] ?? TimeSpans([])
      for (event, span) in parts.spans {
        for part in others.missing(in: span) {
          activities.append((part.lowerBound, event.line(of: part, watcher)))
        }
      }
    }
    lines = activities.sorted { $0.start < $1.start }.map(\.line)
  }

  /// The buckets of an export of all, or the only one.
  private static func buckets(_ root: JSONCursor) throws(JSONShapeError) -> [(String, JSONCursor)] {
    var fields = try root.fields()
    guard let buckets = fields.optional("buckets") else {
      return [(try fields.required("id").string(), root)]
    }
    var named = try buckets.fields()
    return named.rest().map { ($0.key, $0.value) }
  }
}

/// What a bucket's events are about.
private enum Watcher: Equatable {
  case window, tab, editor, absence

  init?(type: String) {
    switch type {
    case "currentwindow": self = .window
    case "web.tab.current": self = .tab
    case "app.editor.activity": self = .editor
    case "afkstatus": self = .absence
    default: return nil
    }
  }

  var kind: String {
    switch self {
    case .window: "application"
    case .tab: "website"
    case .editor: "document"
    case .absence: "idle"
    }
  }

  /// The names of an event's data, and the fields that they become.
  var fields: [(from: String, to: String)] {
    switch self {
    case .window: [("app", "application_name"), ("title", "window_title"), ("url", "url")]
    case .tab: [("url", "url"), ("title", "window_title")]
    case .editor: [("file", "document_name")]
    case .absence: []
    }
  }
}

private struct Bucket {
  let name: String
  let type: String
  let host: String
  let watcher: Watcher?
  /// The number of events, also of those that are not read.
  let count: Int
  private(set) var events: [Event] = []

  init(_ name: String, _ bucket: JSONCursor, _ faults: inout [String]) throws(JSONShapeError) {
    var fields = try bucket.fields()
    self.name = name
    type = try fields.required("type").string()
    host = try fields.optional("hostname")?.string() ?? ""
    watcher = Watcher(type: type)
    let listed = try fields.required("events").array()
    count = listed.count
    guard let watcher else { return }
    for event in listed {
      do {
        if let event = try Event(event, watcher) { events.append(event) }
      } catch {
        faults.append("\(error)")
      }
    }
  }

  /// The time that each event has for itself, and how many events have given some to a later one. An event that is
  /// there twice is one.
  func parts() -> (spans: [(Event, Range<UInt64>)], overlaps: Int) {
    var taken = TimeSpans([])
    var spans: [(Event, Range<UInt64>)] = []
    var overlaps = 0
    var last: Event?
    // From the last one on, so that what was taken is what later events have.
    for event in events.sorted(by: { ($0.start, $0.duration) > ($1.start, $1.duration) }) {
      if event == last { continue }
      last = event
      let parts = taken.missing(in: event.span)
      if parts != [event.span], !event.span.isEmpty { overlaps += 1 }
      for part in parts { spans.append((event, part)) }
      taken.add(event.span)
    }
    return (spans, overlaps)
  }
}

private struct Event: Equatable {
  let start: UInt64
  let duration: UInt64
  let values: [String]

  var span: Range<UInt64> { start..<start + duration }

  /// Nil for an event that says nothing: that somebody was there.
  init?(_ event: JSONCursor, _ watcher: Watcher) throws(JSONShapeError) {
    var fields = try event.fields()
    let timestamp = try fields.required("timestamp")
    guard let start = Timestamp.milliseconds(try timestamp.string()) else {
      throw timestamp.error("not a time of ISO 8601 from 1970 on, such as 2026-01-31T08:30:00+01:00")
    }
    let seconds = try fields.required("duration")
    guard case .number(let number) = seconds.value, let length = number.double, length >= 0, length < 1e9
    else {
      throw seconds.error("not a number of seconds")
    }
    var data = try fields.required("data").fields()
    if watcher == .absence {
      let status = try data.required("status")
      switch try status.string().lowercased() {
      case "afk": break
      case "not-afk": return nil
      default: throw status.error("neither afk nor not-afk")
      }
    }
    var values: [String] = []
    for (name, _) in watcher.fields {
      guard let value = data.optional(name), value.value != .null else {
        values.append("")
        continue
      }
      values.append(try value.string())
    }
    self.start = start
    duration = UInt64((length * 1_000).rounded())
    self.values = values
  }

  /// The activity of a part of the event.
  func line(of span: Range<UInt64>, _ watcher: Watcher) -> JSONValue {
    var object = JSONObject()
    object.append("kind", .string(watcher.kind))
    object.append("start", .integer(span.lowerBound))
    object.append("duration", .integer(span.upperBound - span.lowerBound))
    for (field, value) in zip(watcher.fields, values) where !value.isEmpty {
      object.append(field.to, .string(value))
    }
    return .object(object)
  }
}
