/// What an owner's device remembers: 88 bytes, none of them secret. §8.4, §13.2
public struct OwnerContents: WireStruct {
  public static var section: Section { .contents }
  public static var byteCount: Int { 88 }

  /// 32 bytes.
  public let salt: [UInt8]
  public let wrapCounter: UInt64
  public let vaultCounter: UInt64
  public let stateCounter: UInt64
  public let stateHash: Hash

  public init(
    salt: [UInt8], wrapCounter: UInt64, vaultCounter: UInt64, stateCounter: UInt64, stateHash: Hash
  ) throws(WireError) {
    try Self.require(salt, count: 32, at: 0)
    try Self.require(counter: wrapCounter, at: 32)
    try Self.require(counter: vaultCounter, at: 40)
    try Self.require(counter: stateCounter, at: 48)
    self.salt = salt
    self.wrapCounter = wrapCounter
    self.vaultCounter = vaultCounter
    self.stateCounter = stateCounter
    self.stateHash = stateHash
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    salt = try reader.bytes("salt", 32)
    wrapCounter = try reader.counter("wrap_counter")
    vaultCounter = try reader.counter("vault_counter")
    stateCounter = try reader.counter("state_counter")
    stateHash = try reader.fixed("state_hash")
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    writer.bytes(salt)
    writer.uint64(wrapCounter)
    writer.uint64(vaultCounter)
    writer.uint64(stateCounter)
    writer.fixed(stateHash)
  }
}
