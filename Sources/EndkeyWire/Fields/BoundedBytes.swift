/// From `least` to `most` bytes, behind their length on the wire. §2.2
public struct BoundedBytes<let least: Int, let most: Int>: Hashable, Sendable {
  public let bytes: [UInt8]

  /// `lengthOutOfRange` unless there are so many bytes. R-2.2-3
  public init(_ bytes: [UInt8]) throws(WireError) {
    guard least...most ~= bytes.count else { throw WireError(.lengthOutOfRange, at: 0, .messages) }
    self.bytes = bytes
  }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  public var count: Int { bytes.count }
  public var span: Span<UInt8> {
    @_lifetime(borrow self)
    get { bytes.span }
  }
}

/// A sealed message of bounded size: salt, commitment and chunks. §2.5
public typealias Sealed = BoundedBytes<72, 16_777_215>

extension BoundedBytes<0, 255> {
  /// The label of what nobody has named.
  public static var empty: BoundedBytes<0, 255> { BoundedBytes(unchecked: []) }
}
