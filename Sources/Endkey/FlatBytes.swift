/// Many byte strings, back to back in one buffer: one allocation for all.
public struct FlatBytes: Equatable, Sendable {
  public private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  public init() {}

  /// The number of strings.
  public var count: Int { ends.count }

  /// Where the string at `index`, below `count`, lies in `bytes`.
  public func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// A copy of the string at `index`, below `count`.
  public subscript(index: Int) -> [UInt8] { [UInt8](bytes[range(index)]) }

  public mutating func append(_ string: some Collection<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  public mutating func reserveCapacity(bytes byteCount: Int, count: Int) {
    bytes.reserveCapacity(byteCount)
    ends.reserveCapacity(count)
  }
}
