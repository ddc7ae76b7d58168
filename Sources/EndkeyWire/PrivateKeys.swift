/// The account's private keys under the MasterKey: 384 bytes. §8.3, §12.4
public struct PrivateKeys: WireStruct {
  public static var section: Section { .messages }
  public static var byteCount: Int { 384 }

  public let header: Header
  /// 360 bytes: sealed `AccountKeys`.
  public let sealed: [UInt8]

  public init(header: Header, sealed: [UInt8]) throws(WireError) {
    try header.require(.privateKeys)
    try Self.require(sealed, count: 360, at: 24)
    self.header = header
    self.sealed = sealed
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.privateKeys)
    sealed = try reader.bytes("sealed", 360)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.bytes(sealed)
  }
}
