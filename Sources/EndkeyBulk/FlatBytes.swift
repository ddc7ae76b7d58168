internal import EndkeyPrimitives

/// Many byte strings, back to back in one buffer: one allocation for all.
public struct FlatBytes: Equatable, Sendable {
  /// The bytes of all strings, back to back.
  public private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// No strings.
  public init() {}

  /// The UTF-8 of `strings`, in their order.
  public init(_ strings: some Sequence<String>) {
    for string in strings { append(string.utf8) }
  }

  /// The number of strings.
  public var count: Int { ends.count }

  /// Where the string at `index`, below `count`, lies in `bytes`.
  public func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// A copy of the string at `index`, below `count`.
  public subscript(index: Int) -> [UInt8] { [UInt8](bytes[range(index)]) }

  /// The strings as text. Bytes that are no UTF-8 show as U+FFFD.
  public var strings: [String] {
    (0..<count).map { String(decoding: bytes[range($0)], as: UTF8.self) }
  }

  /// Appends one string.
  public mutating func append(_ string: some Collection<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  /// Appends all strings of `other`.
  public mutating func append(_ other: FlatBytes) {
    let start = bytes.count
    bytes.append(contentsOf: other.bytes)
    ends.append(contentsOf: other.ends.lazy.map { start + $0 })
  }

  /// Makes room for `count` strings of `byteCount` bytes together.
  public mutating func reserveCapacity(bytes byteCount: Int, count: Int) {
    bytes.reserveCapacity(byteCount)
    ends.reserveCapacity(count)
  }

  /// Forgets all strings and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }
}

extension FlatBytes {
  /// Where the strings at `range` lie together in `bytes`.
  func byteRange(_ range: Range<Int>) -> Range<Int> {
    guard let last = range.last else { return 0..<0 }
    return self.range(range.lowerBound).lowerBound..<self.range(last).upperBound
  }

  /// Where the strings at `range` end in `bytes`.
  @_lifetime(borrow self)
  func ends(_ range: Range<Int>) -> Span<Int> { ends.span.extracting(range) }

  /// Appends strings: `fill` appends their bytes, `byteCapacity` at most, and for each of the `count` strings where it
  /// ends in `bytes`. When it throws, nothing was appended.
  mutating func append<Failure: Error>(
    byteCapacity: Int, count: Int,
    filling fill: (inout OutputSpan<UInt8>, inout OutputSpan<Int>) throws(Failure) -> Void
  ) throws(Failure) {
    let (oldByteCount, oldCount) = (bytes.count, self.count)
    var ends: [Int] = []  // taken out, so that both can be written
    swap(&ends, &self.ends)
    defer { swap(&ends, &self.ends) }
    do throws(Failure) {
      try bytes.append(addingCapacity: byteCapacity) { (bytes) throws(Failure) in
        try ends.append(addingCapacity: count) { (ends) throws(Failure) in try fill(&bytes, &ends) }
      }
    } catch {
      bytes.removeLast(bytes.count - oldByteCount)
      ends.removeLast(ends.count - oldCount)
      throw error
    }
  }

  /// Forgets the strings from `count` on.
  mutating func removeLast(downTo count: Int) {
    guard count < self.count else { return }
    bytes.removeLast(bytes.count - range(count).lowerBound)
    ends.removeLast(ends.count - count)
  }

  /// Overwrites the bytes with zeros.
  mutating func wipe() { bytes.wipe() }
}
