/// The MasterKey of a past epoch: 36 bytes. §8.4
public struct PastKey: SecretContents {
  public static var byteCount: Int { 36 }

  public let epoch: UInt32
  /// 32 secret bytes.
  public let masterKey: Range<Int>

  public init(epoch: UInt32, masterKey: Range<Int>) throws(WireError) {
    try Self.require(epoch > 0, .valueOutOfRange, at: 0)
    try Self.require(masterKey, count: 32, at: 4)
    self.epoch = epoch
    self.masterKey = masterKey
  }

  /// Reads the key of an epoch before `current`. R-8.4-1
  init(parsing reader: inout Reader, before current: UInt32) throws(WireError) {
    epoch = try reader.epoch("epoch") { $0 > 0 && $0 < current }
    masterKey = try reader.secret("master_key", 32)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.uint32(epoch)
    writer.bytes(secrets.extracting(masterKey))
  }
}
