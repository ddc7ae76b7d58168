internal import Endkey
internal import EndkeyWire

/// What of each input that its sender named is in the spool, by its content.
///
/// An entry is written before the segment that it speaks of. So one of a segment that was not written does not count,
/// and is dropped by whoever writes the next segment under that number.
struct KnownInputs {
  /// Names that are remembered, at most: the oldest are forgotten.
  static let keyMax = 4_096
  /// Captures of one name that are remembered, at most.
  static let captureMax = 1 << 18

  /// One capture.
  private struct Entry {
    let key: Hash
    /// What was captured.
    let content: Hash
    let segment: Counter
  }

  /// In the order in which they were kept.
  private var entries: [Entry] = []
  private var contents: [Hash: Set<Hash>] = [:]
  /// Whether it is other than the bytes that it was read from.
  var isChanged = false

  init() {}

  /// The contents that were kept under a name.
  func contents(of key: Hash) -> Set<Hash> { contents[key] ?? [] }

  /// Captures were kept under a name, in a segment each.
  mutating func note(_ captures: [(content: Hash, segment: Counter)], of key: Hash) {
    guard !captures.isEmpty else { return }
    entries += captures.map { Entry(key: key, content: $0.content, segment: $0.segment) }
    contents[key, default: []].formUnion(captures.map(\.content))
    isChanged = true
  }

  /// The segment of the greatest number that an entry in a store speaks of, written or not; 0 for none.
  static func lastSegment(in store: some EndStore) throws(StoreError) -> Counter {
    let bytes: [UInt8]
    do {
      bytes = try store.read(.inputs) ?? []
    } catch {
      guard error.isOfContents else { throw error }
      return 0
    }
    return KnownInputs(bytes: bytes) { _ in true }?.entries.map(\.segment).max() ?? 0
  }

  /// Forgets the names that were used longest ago, as far as there are too many.
  mutating func forgetOldest() {
    var left: Set<Hash> = []
    var count = 0
    for entry in entries.reversed() {
      count += 1
      guard left.contains(entry.key) || left.count < Self.keyMax && count <= Self.captureMax else { continue }
      left.insert(entry.key)
    }
    guard left.count < contents.count else { return }
    entries.removeAll { !left.contains($0.key) }
    contents = contents.filter { left.contains($0.key) }
    isChanged = true
  }
}

// As bytes: key, content, segment of each.

extension KnownInputs {
  private static var entryCount: Int { 2 * Hash.byteCount + 8 }

  var bytes: [UInt8] {
    Writer.array(count: Self.entryCount * entries.count) {
      for entry in entries {
        $0.fixed(entry.key)
        $0.fixed(entry.content)
        $0.uint64(entry.segment.value)
      }
    }
  }

  /// Nil when `bytes` are not those of `bytes`.
  init?(bytes: [UInt8], isWritten: (Counter) -> Bool) {
    guard bytes.count.isMultiple(of: Self.entryCount) else { return nil }
    for start in stride(from: 0, to: bytes.count, by: Self.entryCount) {
      let middle = start + Hash.byteCount
      let end = middle + Hash.byteCount
      let number = bytes[end..<end + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard let segment = Counter(exactly: number) else { return nil }
      guard isWritten(segment) else {
        isChanged = true
        continue
      }
      let entry = Entry(
        key: Hash(unchecked: bytes.span.extracting(start..<middle)),
        content: Hash(unchecked: bytes.span.extracting(middle..<end)), segment: segment)
      entries.append(entry)
      contents[entry.key, default: []].insert(entry.content)
    }
  }
}
