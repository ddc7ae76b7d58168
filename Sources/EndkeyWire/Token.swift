/// A value that the service may group by and not read. §8.3, §14
///
/// A token has one encoding, and is held as that: reading and comparing cost one copy and one comparison.
public struct Token: WireStruct, Hashable {
  public static var section: Section { .messages }

  public let serialized: [UInt8]
  public let field: TokenField
  public let epoch: UInt32

  /// V, which the service groups by.
  public var v: SyntheticIV { SyntheticIV(unchecked: serialized.span.extracting(Layout.v)) }

  /// 16, 32, 64, 128, 256, 512, 1024, 2048 or 4096 bytes.
  public var c: [UInt8] { [UInt8](serialized[Layout.head...]) }

  public init(field: TokenField, epoch: UInt32, v: SyntheticIV, c: [UInt8]) throws(WireError) {
    try Self.require(epoch: epoch, at: 2)
    guard Layout.isSize(c.count) else { throw Self.fault(.lengthOutOfRange, at: 22) }
    self.field = field
    self.epoch = epoch
    self.serialized = Writer.array(count: Layout.head + c.count) {
      Layout.serialize(field: field, epoch: epoch, into: &$0)
      $0.fixed(v)
      $0.opaque(c, upTo: Limit.tokenPaddedMax)
    }
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    let layout = try Layout(parsing: &reader)
    field = layout.field
    epoch = layout.epoch
    serialized = reader.array(at: layout.range)
  }

  public var serializedCount: Int { serialized.count }

  public func serialize(into writer: inout Writer) {
    writer.bytes(serialized)
  }
}

extension Token {
  /// What a token says and where its parts lie, read without a copy.
  public struct Layout: Equatable, Sendable {
    /// The bytes before `c`.
    public static var head: Int { 24 }
    /// The place of V in a token.
    public static var v: Range<Int> { 6..<22 }

    public let field: TokenField
    public let epoch: UInt32
    /// The places of V, of C and of the whole token in the bytes read.
    public let v: Range<Int>
    public let c: Range<Int>
    public let range: Range<Int>

    /// Reads a whole token.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
      var reader = Reader(bytes, Token.section)
      try self.init(parsing: &reader)
      try reader.finish()
    }

    init(parsing reader: inout Reader) throws(WireError) {
      let start = reader.offset
      let head = try Head(parsing: &reader)
      field = head.field
      epoch = head.epoch
      v = head.v
      c = try reader.range("c", head.count)
      range = start..<reader.offset
    }

    /// What stands before `c`.
    struct Head {
      let field: TokenField
      let epoch: UInt32
      let v: Range<Int>
      /// Bytes of `c`.
      let count: Int

      init(parsing reader: inout Reader) throws(WireError) {
        try reader.version()
        field = try reader.value("field")
        epoch = try reader.epoch("epoch")
        v = try reader.range("v", 16)
        count = try reader.length("c", 16...Limit.tokenPaddedMax, where: Layout.isSize)
      }
    }

    /// Writes the first 6 bytes of a token: those before V.
    public static func serialize(field: TokenField, epoch: UInt32, into writer: inout Writer) {
      writer.uint8(1)
      writer.value(field)
      writer.uint32(epoch)
    }

    /// Whether a padded value may have `count` bytes. R-8.3-1
    public static func isSize(_ count: Int) -> Bool {
      16...Limit.tokenPaddedMax ~= count && count & (count - 1) == 0
    }
  }
}
