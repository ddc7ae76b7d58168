/// A value that the service may group by and not read. §8.3, §14
///
/// A token has one encoding, and is held as that: reading and comparing cost one copy and one comparison.
public struct Token: WireStruct, Hashable {
  public static var section: Section { .messages }

  /// The bytes of the token: its one encoding, 40 to 4,120.
  public let serialized: [UInt8]
  /// What the value is of.
  public let field: TokenField
  /// The epoch whose key made the token.
  public let epoch: Epoch

  /// The synthetic IV, which is equal for equal values: the service groups by it. §14.1
  public var v: SyntheticIV { SyntheticIV(unchecked: serialized.span.extracting(6..<22)) }

  /// The ciphertext of the padded value: 16, 32, 64, 128, 256, 512, 1024, 2048 or 4096 bytes.
  public var c: [UInt8] { [UInt8](serialized[Layout.headCount...]) }

  /// A token of these fields. Throws `lengthOutOfRange` for a ciphertext of another size than 16, 32, 64 ... 4096
  /// bytes. §8.3
  public init(field: TokenField, epoch: Epoch, v: SyntheticIV, c: [UInt8]) throws(WireError) {
    guard Layout.isSize(c.count) else { throw WireError(.lengthOutOfRange, at: 22, .messages) }
    self.field = field
    self.epoch = epoch
    self.serialized = Writer.array(count: Layout.headCount + c.count) {
      Layout.serialize(field: field, epoch: epoch, into: &$0)
      $0.fixed(v)
      $0.length(c.count, upTo: Limit.tokenPaddedMax)
      $0.bytes(c)
    }
  }

  /// The token that `bytes` are, without a copy; nil when they are none.
  public init?(adopting bytes: consuming [UInt8]) {
    guard let layout = Layout(of: bytes.span, at: 0..<bytes.count) else { return nil }
    field = layout.field
    epoch = layout.epoch
    serialized = bytes
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
  /// Hashes the bytes of the token, eight at a time, of which each token has a multiple: audits look up millions.
  public func hash(into hasher: inout Hasher) {
    let bytes = serialized.span
    var offset = 0
    while offset < bytes.count {
      hasher.combine(bytes.bigEndian(at: offset))
      offset += 8
    }
  }
}

extension Token {
  /// What a token says and where its parts lie, read without a copy.
  public struct Layout: Equatable, Sendable {
    /// The number of bytes before C.
    @inlinable public static var headCount: Int { 24 }
    /// The number of bytes before V.
    public static var vOffset: Int { 6 }

    /// What the value is of.
    public let field: TokenField
    /// The epoch whose key made the token.
    public let epoch: Epoch
    /// Where the token starts in the bytes that were read.
    public let start: Int
    /// The number of bytes of C.
    public let count: Int

    /// The place of the whole token.
    public var range: Range<Int> { start..<start + Self.headCount + count }

    /// Reads a whole token.
    public init(parsing bytes: Span<UInt8>) throws(WireError) {
      var reader = Reader(bytes, Token.section)
      try self.init(parsing: &reader)
      try reader.finish()
    }

    /// The token at `place` in `bytes`, read in two loads; nil where `init(parsing:)` throws.
    @inlinable
    public init?(of bytes: Span<UInt8>, at place: Range<Int>) {
      let count = place.count - Self.headCount
      guard Self.isSize(count) else { return nil }
      let head = bytes.bigEndian(at: place.lowerBound)
      let epoch = UInt32(truncatingIfNeeded: head >> 16)
      guard head >> 56 == 1, let field = TokenField(rawValue: UInt8(truncatingIfNeeded: head >> 48)),
        epoch > 0, bytes.bigEndian(at: place.lowerBound + 16) & 0xffff == count
      else { return nil }
      self.init(field: field, epoch: Epoch(unchecked: epoch), start: place.lowerBound, count: count)
    }

    @inlinable
    init(field: TokenField, epoch: Epoch, start: Int, count: Int) {
      self.field = field
      self.epoch = epoch
      self.start = start
      self.count = count
    }

    @inline(__always)
    init(parsing reader: inout Reader) throws(WireError) {
      try self.init(head: &reader)
      _ = try reader.range("c", count)
    }

    /// Reads what stands before C.
    @inline(__always)
    init(head reader: inout Reader) throws(WireError) {
      start = reader.offset
      try reader.version()
      field = try reader.value("field")
      epoch = try reader.epoch("epoch")
      _ = try reader.range("v", 16)
      count = try reader.length("c", 16...Limit.tokenPaddedMax, where: Self.isSize)
    }

    /// Writes the first 6 bytes of a token: those before V.
    public static func serialize(field: TokenField, epoch: Epoch, into writer: inout Writer) {
      writer.uint8(1)
      writer.value(field)
      writer.epoch(epoch)
    }

    /// The first 6 bytes of a token: those before V.
    public static func prefix(field: TokenField, epoch: Epoch) -> [UInt8] {
      Writer.array(count: vOffset) { serialize(field: field, epoch: epoch, into: &$0) }
    }

    /// Whether a padded value may have `count` bytes. R-8.3-1
    @inlinable
    public static func isSize(_ count: Int) -> Bool {
      16...Limit.tokenPaddedMax ~= count && count & (count - 1) == 0
    }
  }
}
