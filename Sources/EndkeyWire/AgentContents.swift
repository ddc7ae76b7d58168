/// What an agent remembers. §8.4, §13.4
public struct AgentContents: SecretContents {
  public let phase: AgentPhase
  /// The agent's own.
  public let keys: AccountKeys
  /// The EnrolmentRequest sent, 440 bytes, or empty.
  public let request: [UInt8]
  /// The account's Ed25519 public key, 32 bytes, or empty.
  public let accountKey: [UInt8]
  public let stateCounter: UInt64
  public let stateHash: Hash
  /// 32 bytes.
  public let commitment: [UInt8]
  public let grantCounter: UInt64
  public let grantHash: Hash
  /// Of the last RecordBatch made.
  public let sequence: UInt64
  public let batchHash: Hash
  /// Strictly ascending by epoch, at most the two newest.
  public let epochs: [EpochKeys]

  public init(
    phase: AgentPhase, keys: AccountKeys, request: [UInt8], accountKey: [UInt8], stateCounter: UInt64,
    stateHash: Hash, commitment: [UInt8], grantCounter: UInt64, grantHash: Hash, sequence: UInt64,
    batchHash: Hash, epochs: [EpochKeys]
  ) throws(WireError) {
    try ContentsCheck.require(Self.isRequest(request.count), .lengthOutOfRange, at: 289)
    let offset = 291 + request.count
    try ContentsCheck.require(Self.isKey(accountKey.count), .lengthOutOfRange, at: offset)
    let counters = offset + 1 + accountKey.count
    try ContentsCheck.require(counter: stateCounter, at: counters)
    try ContentsCheck.require(commitment.count == 32, .lengthOutOfRange, at: counters + 40)
    try ContentsCheck.require(counter: grantCounter, at: counters + 72)
    try ContentsCheck.require(counter: sequence, at: counters + 112)
    try ContentsCheck.require(epochs.count <= Self.epochsMax, .lengthOutOfRange, at: counters + 152)
    for (keys, next) in zip(epochs, epochs.dropFirst()) {
      try ContentsCheck.require(keys.epoch < next.epoch, .notCanonical, at: counters + 152)
    }
    self.phase = phase
    self.keys = keys
    self.request = request
    self.accountKey = accountKey
    self.stateCounter = stateCounter
    self.stateHash = stateHash
    self.commitment = commitment
    self.grantCounter = grantCounter
    self.grantHash = grantHash
    self.sequence = sequence
    self.batchHash = batchHash
    self.epochs = epochs
  }

  /// Reads the whole content.
  public init(parsing bytes: Span<UInt8>) throws(WireError) {
    self = try Self.whole(bytes) { reader throws(WireError) in try AgentContents(parsing: &reader) }
  }

  private init(parsing reader: inout Reader) throws(WireError) {
    phase = try reader.value("phase")
    keys = try AccountKeys(parsing: &reader)
    request = try reader.opaque("request", 0...EnrolmentRequest.byteCount, where: Self.isRequest)
    accountKey = try reader.opaque("account_key", 0...32, where: Self.isKey)
    stateCounter = try reader.counter("state_counter")
    stateHash = try reader.fixed("state_hash")
    commitment = try reader.bytes("commitment", 32)
    grantCounter = try reader.counter("grant_counter")
    grantHash = try reader.fixed("grant_hash")
    sequence = try reader.counter("sequence")
    batchHash = try reader.fixed("batch_hash")
    epochs = try reader.vector(
      "epochs", 0...Self.vectorMax, limit: Self.epochsMax, inOrder: { $1.epoch < $2.epoch },
      of: EpochKeys.init(parsing:))
  }

  public var serializedCount: Int { 446 + request.count + accountKey.count + epochs.serializedCount }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.value(phase)
    keys.serialize(into: &writer, secrets: secrets)
    writer.opaque(request, upTo: EnrolmentRequest.byteCount)
    writer.opaque(accountKey, upTo: 32)
    writer.uint64(stateCounter)
    writer.fixed(stateHash)
    writer.bytes(commitment)
    writer.uint64(grantCounter)
    writer.fixed(grantHash)
    writer.uint64(sequence)
    writer.fixed(batchHash)
    writer.length(epochs.serializedCount, upTo: Self.vectorMax)
    epochs.serialize(into: &writer, secrets: secrets)
  }

  private static var vectorMax: Int { 65_535 }
  private static var epochsMax: Int { 2 }

  private static func isRequest(_ count: Int) -> Bool { count == 0 || count == EnrolmentRequest.byteCount }
  private static func isKey(_ count: Int) -> Bool { count == 0 || count == 32 }
}
