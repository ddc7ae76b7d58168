internal import Endkey
internal import EndkeyWire

/// How much of each input that its sender named is in the spool.
///
/// An entry is written before the segment that it speaks of. So what it says of a segment that was not written does not
/// count, and is dropped by whoever writes the next segment under that number.
struct KnownInputs {
  /// Inputs that are remembered, at most: the oldest are forgotten.
  static let countMax = 4_096

  private struct Entry {
    let key: Hash
    /// How many of the input's captures are in segments before `segment`.
    var before: UInt64
    /// How many are in `segment`.
    var within: UInt64
    var segment: Counter
  }

  /// The one that grew last is the last.
  private var entries: [Entry] = []
  /// Whether it is other than the bytes that it was read from.
  var isChanged = false

  init() {}

  func keptCount(of key: Hash) -> Int {
    entries.last { $0.key == key }.map {
      Int(clamping: $0.before.addingReportingOverflow($0.within).partialValue)
    } ?? 0
  }

  /// So many captures as there are `keys`, each of the input of this key, are in a segment.
  mutating func note(_ keys: [Hash], in segment: Counter) {
    guard !keys.isEmpty else { return }
    var counts: [Hash: UInt64] = [:]
    var order: [Hash] = []
    for key in keys {
      if counts[key] == nil { order.append(key) }
      counts[key, default: 0] += 1
    }
    let before = order.map { UInt64(keptCount(of: $0)) }
    entries.removeAll { counts[$0.key] != nil }
    for (key, before) in zip(order, before) {
      entries.append(Entry(key: key, before: before, within: counts[key] ?? 0, segment: segment))
    }
    entries.removeFirst(max(0, entries.count - Self.countMax))
    isChanged = true
  }
}

// As bytes: key, segment, before, within of each.

extension KnownInputs {
  private static var entryCount: Int { Hash.byteCount + 24 }

  var bytes: [UInt8] {
    Writer.array(count: Self.entryCount * entries.count) {
      for entry in entries {
        $0.fixed(entry.key)
        $0.uint64(entry.segment.value)
        $0.uint64(entry.before)
        $0.uint64(entry.within)
      }
    }
  }

  /// Nil when `bytes` are not those of `bytes`.
  init?(bytes: [UInt8], isWritten: (Counter) -> Bool) {
    guard bytes.count.isMultiple(of: Self.entryCount) else { return nil }
    for start in stride(from: 0, to: bytes.count, by: Self.entryCount) {
      let key = Hash(unchecked: bytes.span.extracting(start..<start + Hash.byteCount))
      let numbers = (0..<3).map { place in
        let first = start + Hash.byteCount + 8 * place
        return bytes[first..<first + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      guard let segment = Counter(exactly: numbers[0]) else { return nil }
      var entry = Entry(key: key, before: numbers[1], within: numbers[2], segment: segment)
      if !isWritten(segment) {
        isChanged = true
        guard entry.before > 0 else { continue }
        entry.within = 0
      }
      entries.append(entry)
    }
  }
}
