/// What the service hands out before login: the first 69 bytes of a PasswordWrap. §8.3, §9.4
///
/// `iterations` is any 32-bit number here; its limits are a matter of policy, checked before PBKDF2 runs. R-9.2-1
public struct PasswordHeader: WireStruct {
  public static var section: Section { .messages }
  public static var byteCount: Int { 69 }

  public let header: Header
  public let counter: UInt64
  public let iterations: UInt32
  public let accountSecret: AccountSecretUse
  /// 32 bytes.
  public let salt: [UInt8]

  public init(
    header: Header, counter: UInt64, iterations: UInt32, accountSecret: AccountSecretUse, salt: [UInt8]
  ) throws(WireError) {
    try header.require(.passwordWrap)
    try Self.require(counter: counter, at: 24)
    try Self.require(salt, count: 32, at: 37)
    self.header = header
    self.counter = counter
    self.iterations = iterations
    self.accountSecret = accountSecret
    self.salt = salt
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.passwordWrap)
    counter = try reader.counter("counter")
    iterations = try reader.uint32("iterations")
    accountSecret = try reader.value("account_secret")
    salt = try reader.bytes("salt", 32)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.uint64(counter)
    writer.uint32(iterations)
    writer.value(accountSecret)
    writer.bytes(salt)
  }
}
