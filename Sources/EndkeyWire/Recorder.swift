/// What a reader has read, for an annotated dump.
///
/// A class, and its methods stay out of line, so that a reader without one pays a comparison a field.
final class Recorder {
  private(set) var fields: [Field] = []
  private var path = ""

  /// Goes below `name`, and gives what brings `leave` back.
  func enter(_ name: String) -> Int {
    let depth = path.utf8.count
    path = joined(name)
    return depth
  }

  func leave(to depth: Int) {
    path = String(decoding: path.utf8.prefix(depth), as: UTF8.self)
  }

  @inline(never)
  func note(_ name: StaticString, _ range: Range<Int>, _ section: Section, number: UInt64) {
    add("\(name)", range, section, "\(number)")
  }

  @inline(never)
  func note(_ name: StaticString, _ range: Range<Int>, _ section: Section, length: Int) {
    add("\(name).length", range, section, "\(length)")
  }

  @inline(never)
  func note(_ name: StaticString, _ range: Range<Int>, _ section: Section, value: some WireEnum) {
    add("\(name)", range, section, "\(value.name)(\(value.rawValue))")
  }

  @inline(never)
  func note(_ name: StaticString, _ range: Range<Int>, _ section: Section, magic: StaticString) {
    add("\(name)", range, section, "\"\(magic)\"")
  }

  @inline(never)
  func note(_ name: StaticString, _ range: Range<Int>, _ section: Section, bytes: Span<UInt8>) {
    let shown = bytes.count > 64 ? bytes.extracting(0..<32) : bytes
    add("\(name)", range, section, shown.hexadecimal + (bytes.count > 64 ? "..." : ""))
  }

  private func add(_ name: String, _ range: Range<Int>, _ section: Section, _ value: String) {
    fields.append(
      Field(
        offset: range.lowerBound, length: range.count, name: joined(name), value: value,
        section: section.rawValue))
  }

  private func joined(_ name: String) -> String {
    if path.isEmpty { return name }
    return name.isEmpty ? path : path + "." + name
  }
}
