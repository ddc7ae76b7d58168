internal import Endkey
internal import EndkeyJSON
internal import EndkeyStore

/// What the command says, on both streams.
enum Console {
  static func print(_ line: String) throws { try Descriptor.output.write(line: line) }
  static func print(_ json: JSONValue, _ style: JSONStyle = .pretty) throws {
    try Descriptor.output.write(json.serialized(style))
  }

  /// For a person, beside the output.
  static func note(_ line: String) throws { try Descriptor.error.write(line: "endkey: \(shown(line))") }

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

/// A line on the terminal that says how far a long work is; silent when standard error is no terminal.
struct Progress {
  private let isShown = Descriptor.error.isTerminal
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
