/// What a fresh owner's end needs to go on, sealed. §8.3, §12.5
public struct OwnerVault: WireStruct {
  public static var section: Section { .messages }

  public let header: Header
  public let counter: UInt64
  /// 72 to 2^24 - 1 bytes: sealed `VaultContents`.
  public let sealed: [UInt8]

  public init(header: Header, counter: UInt64, sealed: [UInt8]) throws(WireError) {
    try header.require(.ownerVault)
    try Self.require(counter: counter, at: 24)
    try Self.require(length: sealed.count, in: Limit.sealedMin...Limit.sealedMax, at: 32)
    self.header = header
    self.counter = counter
    self.sealed = sealed
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.ownerVault)
    counter = try reader.counter("counter")
    sealed = try reader.opaque("sealed", Limit.sealedMin...Limit.sealedMax)
  }

  public var serializedCount: Int { 35 + sealed.count }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.uint64(counter)
    writer.opaque(sealed, upTo: Limit.sealedMax)
  }

  /// The context of the seal: the first 32 bytes.
  public var context: [UInt8] { Self.context(header: header, counter: counter) }

  /// The context of the seal of a vault that is to be made.
  public static func context(header: Header, counter: UInt64) -> [UInt8] {
    Writer.array(count: 32) {
      header.serialize(into: &$0)
      $0.uint64(counter)
    }
  }
}
