internal import EndkeyJSON
public import EndkeyWire
internal import ServiceHash
internal import ServiceModel

/// A batch, as lists show it.
public struct StoredBatch: Sendable {
  public let ordinal: Int64
  public let hash: Hash
  public let agent: AgentID
  public let sequence: Int64
  public let size: Int64
  public let received: Int64
  public let made: Int64
  /// When the first record began and the last ended.
  public let first: Int64
  public let last: Int64
  public let epoch: Int64
  /// When it was erased; nil where it was not.
  public let erased: Int64?
  /// The bytes of the message that are there.
  public var bodyCount: Int { erased == nil ? Int(size) : 0 }
}

/// An agent, as lists show it.
public struct StoredAgent: Sendable {
  public let ordinal: Int64
  public let id: AgentID
  public let isGranted: Bool
  public let isListed: Bool
  public let lastSeen: Int64?
  public let lastSequence: Int64
  public let grantedEpoch: Int64?
  public let batches: Int64
  public let bytes: Int64
  public let skew: Int64?
}

extension Store {
  /// Stores a batch under its hash; gives its ordinal, and whether it is new. It is never refused for a number in it.
  /// H-7.3-1
  public func store(
    _ batch: RecordBatch, _ body: [UInt8], hash: Hash, by agent: AgentID, in account: AccountID
  ) async throws -> (ordinal: Int64, isNew: Bool) {
    let now = clock()
    let starts = batch.records.map { Int64($0.start.milliseconds) }
    let ends = batch.records.map { Int64($0.start.milliseconds) + Int64($0.duration) }
    let stored = try await database.write(leavingRoom: true) { transaction in
      if let row = try transaction.row(.placeOfBatch, [.fixed(account), .fixed(hash)]) {
        if let at = row.optionalInteger(1) { throw Problem.erased(at, row.optionalInteger(3)) }
        return (ordinal: row.integer(0), isNew: false, isIndexed: try transaction.index(batch, hash))
      }
      let ordinal = try transaction.nextOrdinal(account)
      try transaction.run(
        .storeBatch,
        [
          .fixed(account), .fixed(hash), .fixed(agent), .integer(ordinal), .counter(batch.sequence),
          .epoch(batch.epoch), .time(batch.made), .integer(now), .integer(starts.min() ?? 0),
          .integer(ends.max() ?? 0), .integer(Int64(body.count)), .bytes(body),
        ])
      try transaction.run(
        .noteAgent,
        [
          .fixed(account), .fixed(agent), .integer(now), .counter(batch.sequence),
          .integer(Int64(body.count)),
          .integer(Int64(batch.made.milliseconds) - now),
        ])
      return (ordinal, true, try transaction.index(batch, hash))
    }
    if !stored.isIndexed { try await index(batch, hash) }
    return (stored.ordinal, stored.isNew)
  }

  /// Makes the records of a stored batch ones that reports see, a piece at a time: others write in between.
  func index(_ batch: RecordBatch, _ hash: Hash) async throws {
    var isIndexed = false
    while !isIndexed { isIndexed = try await database.write { try $0.index(batch, hash) } }
  }

  /// The bytes of a batch, and whose it is. Throws `erased` or `not-found`.
  public func batch(_ hash: Hash, of account: AccountID) async throws -> (agent: AgentID, body: [UInt8]) {
    try await database.read { transaction in
      guard let row = try transaction.row(.batch, [.fixed(account), .fixed(hash)]) else {
        throw Problem(.notFound)
      }
      if let at = row.optionalInteger(1) { throw Problem.erased(at, row.optionalInteger(3)) }
      return (row.fixed(2), row.bytes(4))
    }
  }

  /// Bytes of bodies after which a page ends.
  private static let bodiesMost = 64 << 20

  /// A page of batches, ascending by ordinal, of records within `from` to `to`. For `bodies` it ends after the first
  /// with which they have 64 MiB.
  public func batches(
    of account: AccountID, by agent: AgentID?, from: Int64, to: Int64, after: Int64, atMost limit: Int,
    bodies: Bool
  ) async throws -> Page<StoredBatch> {
    try await database.read { transaction in
      let rows = try transaction.rows(
        .batches,
        [
          .fixed(account), .integer(after), .integer(Int64(limit) + 1), agent.map { .fixed($0) } ?? .null,
          .integer(from), .integer(to),
        ])
      var (items, size): ([StoredBatch], Int) = ([], 0)
      for row in rows.prefix(limit) {
        guard !bodies || size < Self.bodiesMost else { break }
        let batch = StoredBatch(
          ordinal: row.integer(0), hash: row.fixed(1), agent: row.fixed(2), sequence: row.integer(3),
          size: row.integer(4), received: row.integer(5), made: row.integer(6), first: row.integer(7),
          last: row.integer(8), epoch: row.integer(9), erased: row.optionalInteger(10))
        size += batch.bodyCount
        items.append(batch)
      }
      return Page(items, isLast: items.count == rows.count, after: after, \.ordinal)
    }
  }

  /// A page of agents, ascending by ordinal; `lacking` those alone that have no Grant of the newest state's keys.
  public func agents(
    of account: AccountID, after: Int64, atMost limit: Int, lacking: Bool
  ) async throws -> Page<StoredAgent> {
    try await database.read { transaction in
      let state = try transaction.state(account)
      let rows = try transaction.rows(
        .agents,
        [
          .fixed(account), .integer(after), .integer(Int64(limit) + 1), .flag(lacking), .epoch(state.epoch),
          .fixed(state.commitment),
        ])
      return Page(
        rows.map { row in
          StoredAgent(
            ordinal: row.integer(0), id: row.fixed(1), isGranted: row.integer(2) != 0,
            isListed: row.integer(3) != 0,
            lastSeen: row.optionalInteger(4), lastSequence: row.integer(5),
            grantedEpoch: row.optionalInteger(6),
            batches: row.integer(7), bytes: row.integer(8), skew: row.optionalInteger(9))
        }, atMost: limit, after: after, \.ordinal)
    }
  }

  /// Erases batches and blobs of an agent by their hashes; gives how many went now. H-12-1
  public func erase(
    batches: [Hash], blobs: [Hash], of agent: AgentID, in account: AccountID
  ) async throws -> Int {
    let now = clock()
    return try await database.write { transaction in
      var count = 0
      for hash in batches {
        count += try transaction.erase(hash, of: agent, in: account, at: now, .erasure) ? 1 : 0
      }
      if count > 0 { try transaction.run(.dropUnusedTokens, [.fixed(account)]) }
      for digest in blobs {
        // One that has not come yet may not come any more.
        let isUnknown = try transaction.run(
          .beginBlob, [.fixed(account), .fixed(digest), .fixed(agent), .integer(now)])
        let isErased = try transaction.eraseBlob(digest, of: agent, in: account, at: now, .erasure)
        if isUnknown == 0, isErased { count += 1 }
      }
      return count
    }
  }
}

/// Why something is not there any more.
enum ErasureReason: Int64 {
  /// A person asked for it.
  case erasure = 0
  /// It was older than the account keeps.
  case retention = 1
}

extension Problem {
  static func erased(_ at: Int64, _ reason: Int64?) -> Problem {
    let name = reason == ErasureReason.retention.rawValue ? "retention" : "erasure"
    return Problem(.erased, [("at", .integer(at)), ("reason", .string(name))])
  }
}

extension Transaction {
  /// Erases a batch of an agent, and all that was made of it but tokens; false where there is none. H-12-1
  func erase(
    _ hash: Hash, of agent: AgentID, in account: AccountID, at now: Int64, _ reason: ErasureReason
  ) throws -> Bool {
    guard let row = try row(.placeOfBatch, [.fixed(account), .fixed(hash)]),
      row.fixed(2, as: AgentID.self) == agent, row.optionalInteger(1) == nil
    else { return false }
    let ordinal = Value.integer(row.integer(0))
    try run(.dropActivities, [.fixed(account), ordinal, .integer(row.integer(4)), .integer(row.integer(5))])
    try run(.dropReferences, [.fixed(account), ordinal])
    return try run(
      .eraseBatch, [.fixed(account), .fixed(hash), .integer(now), .integer(reason.rawValue)]) == 1
  }

  /// Erases a blob of an agent; false where there is none.
  func eraseBlob(
    _ digest: Hash, of agent: AgentID, in account: AccountID, at now: Int64, _ reason: ErasureReason
  ) throws -> Bool {
    let erased = try run(
      .eraseBlob,
      [.fixed(account), .fixed(digest), .integer(now), .fixed(agent), .integer(reason.rawValue)])
    if erased == 1 { try run(.dropChunks, [.fixed(account), .fixed(digest)]) }
    return erased == 1
  }

  /// Makes the next records of a stored batch ones that reports see; gives whether they see all now.
  fileprivate func index(_ batch: RecordBatch, _ hash: Hash) throws -> Bool {
    let account = batch.accountID
    guard let place = try row(.placeOfBatch, [.fixed(account), .fixed(hash)]),
      let first = place.optionalInteger(6).flatMap({ Int(exactly: $0) })
    else { return true }
    guard let number = try row(.agentNumber, [.fixed(account), .fixed(batch.agentID)])?.integer(0) else {
      throw Problem(.notFound)
    }
    // A few hundredths of a second.
    let end = min(first + 256, batch.records.count)
    var ids: [Hash: Int64] = [:]
    for n in first..<max(first, end) {
      try store(
        batch.records[n], at: (place.integer(0), Int64(n)), of: account, by: batch.agentID, number: number,
        in: hash, &ids)
    }
    let isIndexed = end == batch.records.count
    try run(
      .setIndexed, [.fixed(account), .fixed(hash), isIndexed ? .null : .integer(Int64(end))])
    if isIndexed {
      try run(.setDue, [.fixed(account), .integer(place.integer(4)), .integer(place.integer(5))])
    }
    return isIndexed
  }

  /// One record: a row of the activity table, and the blobs that it names.
  fileprivate func store(
    _ record: Record, at place: (ordinal: Int64, n: Int64), of account: AccountID, by agent: AgentID,
    number: Int64,
    in batch: Hash, _ ids: inout [Hash: Int64]
  ) throws {
    var tokens: [TokenField: Value] = [:]
    for item in record.items {
      switch item {
      case .token(let token): tokens[token.field] = .integer(try id(of: token, in: account, &ids))
      case .blob(let reference):
        try run(
          .storeReference,
          [
            .fixed(account), .integer(place.ordinal), .integer(place.n),
            .integer(Int64(reference.field.rawValue)),
            .fixed(batch), .fixed(agent), .time(record.start), .fixed(reference.digest),
            .counter(reference.length),
          ])
      }
    }
    try run(
      .storeActivity,
      [
        .fixed(account), .time(record.start), .integer(place.ordinal), .integer(place.n), .integer(number),
        .integer(Int64(record.kind.rawValue)), .integer(Int64(record.duration)),
        tokens[.employeeName] ?? .null,
        tokens[.applicationName] ?? .null, tokens[.windowTitle] ?? .null, tokens[.url] ?? .null,
        tokens[.documentName] ?? .null,
      ])
  }

  /// The number of a token within its account, which stands for all of its bytes. H-11-1
  func id(of token: Token, in account: AccountID, _ ids: inout [Hash: Int64]) throws -> Int64 {
    let hash = Hash(of: token.serialized)
    if let id = ids[hash] { return id }
    var found = try row(.tokenID, [.fixed(account), .fixed(hash)])?.integer(0)
    if found == nil {
      guard let next = try row(.nextToken, [.fixed(account)]) else { throw Problem(.notFound) }
      found = next.integer(0)
      try run(
        .storeToken, [.fixed(account), .fixed(hash), .integer(next.integer(0)), .bytes(token.serialized)])
    }
    ids[hash] = found
    return found ?? 0
  }

  /// The categories of tokens are those of a RuleSet alone.
  func categorise(_ account: AccountID, _ rules: RuleSet) throws {
    try run(.noCategories, [.fixed(account)])
    var ids: [Hash: Int64] = [:]
    for rule in rules.rules {
      let id = try id(of: rule.token, in: account, &ids)
      try run(.setCategory, [.fixed(account), .integer(id), .integer(Int64(rule.category.rawValue))])
    }
  }
}
