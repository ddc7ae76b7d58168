/// A value of `least` to `most` bytes, which stand behind their length on the wire. §2.2
public struct BoundedBytes<let least: Int, let most: Int>: Hashable, Sendable {
  /// The bytes, from `least` to `most` of them.
  public let bytes: [UInt8]

  /// A value of `bytes`. Throws `lengthOutOfRange` unless there are `least` to `most`. R-2.2-3
  public init(_ bytes: [UInt8]) throws(WireError) {
    guard least...most ~= bytes.count else { throw WireError(.lengthOutOfRange, at: 0, .messages) }
    self.bytes = bytes
  }

  /// The UTF-8 of a text. Throws `lengthOutOfRange` unless it has `least` to `most` bytes.
  public init(_ text: String) throws(WireError) { try self.init([UInt8](text.utf8)) }

  init(unchecked bytes: [UInt8]) { self.bytes = bytes }

  /// The number of bytes.
  public var count: Int { bytes.count }
  /// The bytes, to be looked at where they are.
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
