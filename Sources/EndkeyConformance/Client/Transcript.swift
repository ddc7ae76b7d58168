internal import EndkeyJSON

/// What went over the wire, line by line, for who wants to see or to count for themselves.
///
/// Each is a JSON object: the number of the process, and what was `sent` to it, what it `wrote` (as text, or as
/// `wrote_hex` where that is none), or how it `ended`.
public struct Transcript: Sendable {
  private let write: @Sendable ([UInt8]) -> Void

  /// `write` takes whole lines.
  public init(_ write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

  func sent(_ line: [UInt8], to process: Int) { add(process, "sent", text(line)) }

  func wrote(_ line: [UInt8], by process: Int) {
    let value = text(line)
    guard case .string(let text) = value, text.utf8.elementsEqual(line) else {
      return add(process, "wrote_hex", .hex(line))
    }
    add(process, "wrote", value)
  }

  func ended(_ process: Int, _ how: String) { add(process, "ended", .string(how)) }

  /// Without the line's end.
  private func text(_ line: [UInt8]) -> JSONValue {
    .string(String(decoding: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...], as: UTF8.self))
  }

  private func add(_ process: Int, _ key: String, _ value: JSONValue) {
    var object = JSONObject()
    object.append("process", .integer(process))
    object.append(key, value)
    write(JSONValue.object(object).serialized(.compact))
  }
}
