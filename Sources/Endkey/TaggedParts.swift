/// Messages as they lie on a device's disk: a magic, then each part behind a tag and its length in 4 bytes.
struct TaggedParts {
  private(set) var bytes: [UInt8]

  init(magic: String) { bytes = Array(magic.utf8) }

  /// Adds a part; none where there is no such message.
  mutating func add(_ tag: UInt8, _ part: [UInt8]?) {
    guard let part else { return }
    bytes.append(tag)
    // The longest part has 2^24 and some bytes.
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (24 - 8 * $0)) }
    bytes += part
  }

  /// The parts that were written; nil for bytes that are no such thing.
  static func read(_ bytes: [UInt8], magic: String) -> [(tag: UInt8, bytes: [UInt8])]? {
    guard bytes.starts(with: magic.utf8) else { return nil }
    var parts: [(UInt8, [UInt8])] = []
    var rest = bytes.dropFirst(magic.utf8.count)
    while let tag = rest.first {
      guard rest.count >= 5 else { return nil }
      let count = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(5)
      guard count <= rest.count else { return nil }
      parts.append((tag, Array(rest.prefix(count))))
      rest = rest.dropFirst(count)
    }
    return parts
  }
}
