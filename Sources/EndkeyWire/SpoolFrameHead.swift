/// The head of a frame of a spool file: 52 bytes, before `length` sealed ones. §17
public struct SpoolFrameHead: WireStruct {
  public static var section: Section { .spool }
  public static var byteCount: Int { 52 }

  /// From 0.
  public let index: UInt32
  /// Bytes of `sealed`: 72 to 2^24 - 1.
  public let length: UInt32
  /// Of the frame before, of the SpoolHeader for index 0.
  public let previous: Hash
  /// 8 bytes: a hash of the 44 before it, which this parser does not compare.
  public let check: [UInt8]

  public init(index: UInt32, length: UInt32, previous: Hash, check: [UInt8] = .zeros(8)) throws(WireError) {
    guard Self.isLength(length) else { throw Self.fault(.lengthOutOfRange, at: 8) }
    try Self.require(check, count: 8, at: 44)
    self.index = index
    self.length = length
    self.previous = previous
    self.check = check
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    try reader.magic("EKfr")
    index = try reader.uint32("index")
    let start = reader.offset
    length = try reader.uint32("length")
    guard Self.isLength(length) else { throw reader.fault(.lengthOutOfRange, at: start) }
    previous = try reader.fixed("previous")
    check = try reader.bytes("check", 8)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    for byte in "EKfr".utf8 { writer.uint8(byte) }
    writer.uint32(index)
    writer.uint32(length)
    writer.fixed(previous)
    writer.bytes(check)
  }

  /// The bytes that `check` is a hash of, and the end of the context of the frame's seal: the first 44.
  public var checkedBytes: [UInt8] { [UInt8](serialized.prefix(44)) }

  /// The same head with another `check` of 8 bytes.
  public func checked(_ check: [UInt8]) throws(WireError) -> SpoolFrameHead {
    try SpoolFrameHead(index: index, length: length, previous: previous, check: check)
  }

  private static func isLength(_ length: UInt32) -> Bool {
    Limit.sealedMin...Limit.sealedMax ~= Int(length)
  }
}
