/// The private keys of an account, or of an agent: 288 bytes. §8.4
public struct AccountKeys: SecretContents {
  public static var byteCount: Int { 288 }

  /// 128 secret bytes each: the larger prime and the other.
  public let p: Range<Int>
  public let q: Range<Int>
  /// 32 secret bytes: the Ed25519 private key.
  public let seed: Range<Int>

  public init(p: Range<Int>, q: Range<Int>, seed: Range<Int>) throws(WireError) {
    try ContentsCheck.require(p, count: 128, at: 0)
    try ContentsCheck.require(q, count: 128, at: 128)
    try ContentsCheck.require(seed, count: 32, at: 256)
    self.p = p
    self.q = q
    self.seed = seed
  }

  /// Reads the whole content.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    self = try Self.whole(bytes) { reader throws(WireError) in try AccountKeys(parsing: &reader) }
  }

  init(parsing reader: inout Reader) throws(WireError) {
    p = try reader.secret("p", 128)
    q = try reader.secret("q", 128)
    seed = try reader.secret("seed", 32)
  }

  public var serializedCount: Int { Self.byteCount }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.bytes(secrets.extracting(p))
    writer.bytes(secrets.extracting(q))
    writer.bytes(secrets.extracting(seed))
  }
}
