/// Many byte strings, back to back in one buffer: one allocation for all.
public struct FlatBytes: Equatable, Sendable {
  public private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  public init() {}

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
  /// Where the strings at `range` end in `bytes`.
  @_lifetime(borrow self)
  func ends(_ range: Range<Int>) -> Span<Int> { ends.span.extracting(range) }

  /// Appends strings of zeros that end at `newEnds`, counted from the start of `bytes`. `fill` gets all bytes to
  /// write those. When it throws, nothing was appended.
  mutating func append<Failure: Error>(
    endingAt newEnds: [Int], filling fill: (inout MutableSpan<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    let start = bytes.count
    let count = (newEnds.last ?? start) - start
    bytes.append(addingCapacity: count) { $0.append(repeating: 0, count: count) }
    var span = bytes.mutableSpan
    do throws(Failure) {
      try fill(&span)
    } catch {
      bytes.removeLast(count)
      throw error
    }
    ends.append(contentsOf: newEnds)
  }
}
