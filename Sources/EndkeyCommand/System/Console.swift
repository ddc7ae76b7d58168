internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore

/// What the command says, on both streams. Nothing else writes to standard error: with `--json` each line of it is an
/// object, `{"note":...}` or `{"error":...}`.
enum Console {
  /// Whether all that is said is JSON. What follows `--` is another program's.
  static let isJSON = CommandLine.arguments.dropFirst().prefix { $0 != "--" }.contains("--json")

  static func print(_ line: String) throws { try Descriptor.output.write(line: line) }
  static func print(_ json: JSONValue, _ style: JSONStyle = .pretty) throws {
    try Descriptor.output.write(json.serialized(style))
  }

  /// For a person, beside the output. `members` are what a program would else read out of the line.
  static func note(_ line: String, _ members: KeyValuePairs<String, JSONValue> = [:]) throws {
    var object = JSONObject.of(["note": .string(line)])
    for (key, value) in members { object.append(key, value) }
    try beside("endkey: \(shown(line))", .object(object))
  }

  /// Tells of one of several faults.
  static func tell(_ error: CommandError) throws {
    try beside(error.description, .object(.of(["error": error.told])))
  }

  /// Tells what ends the command.
  static func end(with error: CommandError) {
    // Where standard error is closed, the status must say it all.
    do { try beside(error.description, error.json) } catch {}
  }

  /// A line of the output, where standard output is something else: on standard error.
  static func beside(_ line: String, _ value: JSONValue) throws {
    if isJSON {
      try Descriptor.error.write(value.serialized(.compact))
    } else {
      try Descriptor.error.write(line: Terminal.columns.map { Columns.wrapped(line, $0) } ?? line)
    }
  }

  /// Tells what is wrong with the command line itself, as ArgumentParser says it: with the usage in lines that fit.
  static func end(withMisuse text: String) {
    let columns = Terminal.columns
    let lines = text.split(separator: "\n").map { line in
      (columns ?? (line.hasPrefix("Usage:") ? 80 : nil)).map { Columns.wrapped(String(line), $0) }
        ?? String(line)
    }
    do { try Descriptor.error.write(line: lines.joined(separator: "\n")) } catch {}
  }

  /// A file to read, or standard input. Who has a terminal there is told that this is waited for.
  static func input(_ path: String = "-") throws -> Descriptor {
    if path == "-", Descriptor.input.isTerminal { try note("reads what is typed here, to Ctrl-D") }
    return try Descriptor(reading: path)
  }

  /// Says why nothing happens.
  static func waiting(_ path: String, _ holder: LockHolder?) {
    let name = holder.map { "process \($0.processID)" } ?? "another process"
    var command = holder?.command ?? []
    if let program = command.first { command[0] = String(program.split(separator: "/").last ?? "") }
    let words = command.isEmpty ? "" : " (\(command.joined(separator: " ").prefix(100)))"
    // Where standard error is closed, the work goes on.
    do { try note("\(path): waiting for \(name)\(words), which works here ...") } catch {}
  }

  /// Text from elsewhere, such as a title, with what could steer a terminal written out. R-18.2-4
  static func shown(_ text: String) -> String { Escaping.shown(text) }
}

/// A line on the terminal that says how far a long work is; silent when standard error is no terminal, or all is JSON.
struct Progress {
  private let isShown = Descriptor.error.isTerminal && !Console.isJSON
  private var shown = ""

  mutating func show(_ text: String) {
    guard isShown, text != shown else { return }
    shown = text
    write("\r\u{1b}[K\(text)")
  }

  mutating func clear() {
    guard isShown, !shown.isEmpty else { return }
    shown = ""
    write("\r\u{1b}[K")
  }

  private func write(_ text: String) {
    // A lost line of progress is no error.
    do { try Descriptor.error.write(Array(text.utf8)) } catch {}
  }
}

extension Descriptor {
  func write(line: String) throws(StoreError) { try write(Array(line.utf8) + [UInt8(ascii: "\n")]) }
}
