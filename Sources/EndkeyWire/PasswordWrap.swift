/// The MasterKey under the account password: 141 bytes. §8.3, §9.3
public struct PasswordWrap: WireStruct {
  public static var section: Section { .messages }
  public static var byteCount: Int { 141 }

  public let head: PasswordHeader
  /// 32 bytes.
  public let commitment: [UInt8]
  /// 40 bytes.
  public let wrapped: [UInt8]

  public init(head: PasswordHeader, commitment: [UInt8], wrapped: [UInt8]) throws(WireError) {
    try Self.require(commitment, count: 32, at: 69)
    try Self.require(wrapped, count: 40, at: 101)
    self.head = head
    self.commitment = commitment
    self.wrapped = wrapped
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    head = try reader.nested("head")
    commitment = try reader.bytes("commitment", 32)
    wrapped = try reader.bytes("wrapped", 40)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    head.serialize(into: &writer)
    writer.bytes(commitment)
    writer.bytes(wrapped)
  }
}
