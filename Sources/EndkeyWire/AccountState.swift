/// The signed public state of the account. §8.3, §12.1
public struct AccountState: SignedMessage {
  public static var section: Section { .messages }

  public let header: Header
  /// From 1.
  public let counter: UInt64
  /// 32 bytes.
  public let verifyKey: [UInt8]
  /// 256 bytes.
  public let modulus: [UInt8]
  /// 32 bytes.
  public let commitment: [UInt8]
  /// Of the RuleSet, zero if there is none.
  public let ruleSet: Hash
  /// Of the previous AccountState, zero in the first.
  public let previous: Hash
  /// Strictly ascending, at most 4,095.
  public let revoked: [AgentID]
  /// 64 bytes, by the account.
  public let signature: [UInt8]

  public init(
    header: Header, counter: UInt64, verifyKey: [UInt8], modulus: [UInt8], commitment: [UInt8],
    ruleSet: Hash, previous: Hash, revoked: [AgentID], signature: [UInt8] = .zeros(64)
  ) throws(WireError) {
    try header.require(.accountState)
    try Self.require(counter: counter, at: 24)
    try Self.require(verifyKey, count: 32, at: 32)
    try Self.require(modulus, count: 256, at: 64)
    try Self.require(commitment, count: 32, at: 320)
    try Self.require(length: 16 * revoked.count, in: 0...Limit.revokedMax, at: 416)
    try Self.require(ascending: revoked, at: 416, by: <)
    try Self.require(signature, count: 64, at: 418 + 16 * revoked.count)
    self.header = header
    self.counter = counter
    self.verifyKey = verifyKey
    self.modulus = modulus
    self.commitment = commitment
    self.ruleSet = ruleSet
    self.previous = previous
    self.revoked = revoked
    self.signature = signature
  }

  public init(parsing reader: inout Reader) throws(WireError) {
    header = try reader.header(.accountState)
    counter = try reader.counter("counter")
    verifyKey = try reader.bytes("verify_key", 32)
    modulus = try reader.bytes("modulus", 256)
    commitment = try reader.bytes("commitment", 32)
    ruleSet = try reader.fixed("rule_set")
    previous = try reader.fixed("previous")
    revoked = try reader.vector(
      "revoked", 0...Limit.revokedMax, elementSize: AgentID.byteCount, inOrder: { $1 < $2 },
      of: { reader throws(WireError) in try reader.fixed("") })
    signature = try reader.bytes("signature", 64)
  }

  public var serializedCount: Int { 482 + 16 * revoked.count }

  public func serialize(into writer: inout Writer) {
    header.serialize(into: &writer)
    writer.uint64(counter)
    writer.bytes(verifyKey)
    writer.bytes(modulus)
    writer.bytes(commitment)
    writer.fixed(ruleSet)
    writer.fixed(previous)
    writer.length(16 * revoked.count, upTo: Limit.revokedMax)
    for agentID in revoked { writer.fixed(agentID) }
    writer.bytes(signature)
  }

  public func signed(_ signature: [UInt8]) throws(WireError) -> AccountState {
    try AccountState(
      header: header, counter: counter, verifyKey: verifyKey, modulus: modulus, commitment: commitment,
      ruleSet: ruleSet, previous: previous, revoked: revoked, signature: signature)
  }
}
