/// What a fresh owner's end needs to go on. §8.4, §12.5
public struct VaultContents: SecretContents {
  public let stateCounter: UInt64
  public let stateHash: Hash
  public let wrapCounter: UInt64
  /// Of the last grant to anybody, 0 before the first.
  public let grantCounter: UInt64
  /// 0 before the first.
  public let ruleSetCounter: UInt64
  /// Strictly ascending by epoch, all below that of the vault's header.
  public let pastKeys: [PastKey]
  /// At most 256, strictly ascending by secret.
  public let codes: [Code]
  /// At most 4,095, strictly ascending by agent id.
  public let members: [Member]
  /// In the order of `RuleDefinition.inOrder`, each (field, value) once.
  public let rules: [RuleDefinition]

  /// `epoch` is that of the vault's header; `secrets` holds the secrets of `pastKeys` and `codes`.
  public init(
    epoch: UInt32, secrets: Span<UInt8>, stateCounter: UInt64, stateHash: Hash, wrapCounter: UInt64,
    grantCounter: UInt64, ruleSetCounter: UInt64, pastKeys: [PastKey], codes: [Code], members: [Member],
    rules: [RuleDefinition]
  ) throws(WireError) {
    try Self.require(counter: stateCounter, at: 0)
    try Self.require(counter: wrapCounter, at: 40)
    try Self.require(counter: grantCounter, at: 48)
    try Self.require(counter: ruleSetCounter, at: 56)
    var offset = 64
    try Self.require(pastKeys, &offset, count: pastKeys.serializedCount) { $0.epoch < $1.epoch }
    try Self.require(pastKeys.allSatisfy { $0.epoch < epoch }, .valueOutOfRange, at: 64)
    try Self.require(codes, &offset, count: codes.serializedCount, limit: Limit.codesMax) {
      secrets.extracting($0.secret).precedes(secrets.extracting($1.secret))
    }
    try Self.require(members, &offset, count: members.serializedCount, limit: Limit.membersMax) {
      $0.agentID < $1.agentID
    }
    try Self.require(rules, &offset, count: rules.serializedCount, by: RuleDefinition.inOrder)
    self.stateCounter = stateCounter
    self.stateHash = stateHash
    self.wrapCounter = wrapCounter
    self.grantCounter = grantCounter
    self.ruleSetCounter = ruleSetCounter
    self.pastKeys = pastKeys
    self.codes = codes
    self.members = members
    self.rules = rules
  }

  /// Reads the whole content of a vault whose header has this `epoch`.
  public init(parsing bytes: Span<UInt8>, epoch: UInt32) throws(WireError) {
    self = try Self.whole(bytes) { reader throws(WireError) in
      try VaultContents(parsing: &reader, epoch: epoch)
    }
  }

  private init(parsing reader: inout Reader, epoch: UInt32) throws(WireError) {
    stateCounter = try reader.counter("state_counter")
    stateHash = try reader.fixed("state_hash")
    wrapCounter = try reader.counter("wrap_counter")
    grantCounter = try reader.counter("grant_counter")
    ruleSetCounter = try reader.counter("rule_set_counter")
    pastKeys = try reader.vector(
      "past_keys", 0...Self.vectorMax, elementSize: PastKey.byteCount, inOrder: { $1.epoch < $2.epoch },
      of: { reader throws(WireError) in try PastKey(parsing: &reader, before: epoch) })
    codes = try reader.vector(
      "codes", 0...Self.vectorMax, limit: Limit.codesMax, inOrder: { $0.precedes($1.secret, $2.secret) },
      of: Code.init(parsing:))
    members = try reader.vector(
      "members", 0...Self.vectorMax, elementSize: Member.byteCount, limit: Limit.membersMax,
      inOrder: { $1.agentID < $2.agentID }, of: Member.init(parsing:))
    rules = try reader.vector(
      "rules", 0...Self.vectorMax, inOrder: { RuleDefinition.inOrder($1, $2) },
      of: RuleDefinition.init(parsing:))
  }

  public var serializedCount: Int {
    76 + pastKeys.serializedCount + codes.serializedCount + members.serializedCount + rules.serializedCount
  }

  public func serialize(into writer: inout Writer, secrets: Span<UInt8>) {
    writer.uint64(stateCounter)
    writer.fixed(stateHash)
    writer.uint64(wrapCounter)
    writer.uint64(grantCounter)
    writer.uint64(ruleSetCounter)
    writer.length(pastKeys.serializedCount, upTo: Self.vectorMax)
    pastKeys.serialize(into: &writer, secrets: secrets)
    writer.length(codes.serializedCount, upTo: Self.vectorMax)
    codes.serialize(into: &writer, secrets: secrets)
    writer.length(members.serializedCount, upTo: Self.vectorMax)
    members.serialize(into: &writer)
    writer.length(rules.serializedCount, upTo: Self.vectorMax)
    rules.serialize(into: &writer)
  }

  private static var vectorMax: Int { 16_777_215 }

  /// Checks a vector of `count` bytes whose length is at `offset`, and goes behind it.
  private static func require<Element>(
    _ elements: [Element], _ offset: inout Int, count: Int, limit: Int = .max,
    by inOrder: (Element, Element) -> Bool
  ) throws(WireError) {
    try Self.require(
      count <= vectorMax && elements.count <= limit, .lengthOutOfRange, at: offset)
    for (element, next) in zip(elements, elements.dropFirst()) {
      try Self.require(inOrder(element, next), .notCanonical, at: offset)
    }
    offset += 3 + count
  }
}
