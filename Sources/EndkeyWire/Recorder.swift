/// What a reader has read, for an annotated dump.
struct Recorder {
  private(set) var fields: [Field] = []
  private var path = ""

  /// Goes below `name`, and gives what brings `leave` back.
  mutating func enter(_ name: String) -> Int {
    let depth = path.utf8.count
    path = joined(name)
    return depth
  }

  mutating func leave(to depth: Int) {
    path = String(decoding: path.utf8.prefix(depth), as: UTF8.self)
  }

  mutating func note(_ name: String, _ range: Range<Int>, _ value: String, _ section: Section) {
    fields.append(
      Field(
        offset: range.lowerBound, length: range.count, name: joined(name), value: value,
        section: section.rawValue))
  }

  private func joined(_ name: String) -> String {
    if path.isEmpty { return name }
    return name.isEmpty ? path + name : path + "." + name
  }
}
