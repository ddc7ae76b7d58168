internal import EndkeyJSON
public import EndkeyWire
internal import ServiceHash
internal import ServiceModel

/// How far the upload of a blob is.
public struct BlobProgress: Sendable {
  /// The bytes that are stored.
  public let have: Int
  /// Whether it is complete, and has its digest.
  public let isComplete: Bool
}

extension Store {
  /// How far the upload of a blob is; nil where none began. Throws `erased`.
  public func progress(of digest: Hash, by agent: AgentID, in account: AccountID) async throws
    -> BlobProgress?
  {
    try await database.read { transaction in
      guard let row = try transaction.row(.blob, [.fixed(account), .fixed(digest)]) else { return nil }
      if let at = row.optionalInteger(3) { throw Problem.erased(at, row.optionalInteger(4)) }
      guard row.fixed(0, as: AgentID.self) == agent else { throw Problem(.wrongAgent) }
      return BlobProgress(have: Int(row.integer(1)), isComplete: row.integer(2) != 0)
    }
  }

  /// Stores the bytes of a blob that begin at `offset`, which is as far as it is; gives how far it is then.
  public func append(
    _ bytes: [UInt8], at offset: Int, to digest: Hash, by agent: AgentID, in account: AccountID
  ) async throws -> Int {
    let now = clock()
    return try await database.write(leavingRoom: true) { transaction in
      let isNew = try transaction.run(
        .beginBlob, [.fixed(account), .fixed(digest), .fixed(agent), .integer(now)])
      if isNew == 1 { try transaction.dropExcess(of: agent, in: account) }
      let moved = try transaction.run(
        .growBlob,
        [
          .fixed(account), .fixed(digest), .integer(Int64(offset)), .integer(Int64(bytes.count)),
          .integer(now),
        ])
      guard moved == 1 else {
        let row = try transaction.row(.blob, [.fixed(account), .fixed(digest)])
        if let row, let at = row.optionalInteger(3) { throw Problem.erased(at, row.optionalInteger(4)) }
        throw Problem(.mismatchingUploadOffset, [("offset", .integer(row?.integer(1) ?? 0))])
      }
      guard !bytes.isEmpty else { return offset }
      try transaction.run(
        .storeChunk, [.fixed(account), .fixed(digest), .integer(Int64(offset)), .bytes(bytes)])
      return offset + bytes.count
    }
  }

  /// Takes a blob whose last byte has come, if it is what its path says: else nothing of it is kept. H-9-1
  public func complete(_ digest: Hash, by agent: AgentID, in account: AccountID) async throws {
    // What takes long is read, so that others write meanwhile.
    let (seen, problem) = try await database.read { transaction -> (Row?, Problem?) in
      let seen = try transaction.row(.blob, [.fixed(account), .fixed(digest)])
      var stream = SHA256Stream()
      var head: [UInt8] = []
      for place in try transaction.rows(.chunkPlaces, [.fixed(account), .fixed(digest)]) {
        let chunk = try transaction.row(
          .chunk, [.fixed(account), .fixed(digest), .integer(place.integer(0))])
        let bytes = chunk?.bytes(0) ?? []
        if head.count < SealedBlob.Context.byteCount { head += bytes.prefix(SealedBlob.Context.byteCount) }
        stream.update(bytes)
      }
      return (seen, Self.fault(of: stream.value(), digest, head, by: agent, in: account))
    }
    try await database.write { transaction in
      let row = try transaction.row(.blob, [.fixed(account), .fixed(digest)])
      if let row, let at = row.optionalInteger(3) { throw Problem.erased(at, row.optionalInteger(4)) }
      guard row?.values == seen?.values else {
        throw Problem(.mismatchingUploadOffset, [("offset", .integer(row?.integer(1) ?? 0))])
      }
      if problem == nil {
        try transaction.run(.completeBlob, [.fixed(account), .fixed(digest)])
      } else {
        try transaction.dropBlob(digest, in: account)
      }
    }
    if let problem { throw problem }
  }

  /// Drops what has come of a blob that is not complete: it is sent from its first byte again.
  public func restart(_ digest: Hash, by agent: AgentID, in account: AccountID) async throws {
    try await database.write { transaction in
      let dropped = try transaction.run(.dropIncomplete, [.fixed(account), .fixed(digest), .fixed(agent)])
      if dropped == 1 { try transaction.run(.dropChunks, [.fixed(account), .fixed(digest)]) }
    }
  }

  private static func fault(
    of hash: Hash, _ digest: Hash, _ head: [UInt8], by agent: AgentID, in account: AccountID
  ) -> Problem? {
    guard hash == digest else { return Problem(.digestMismatch) }
    do {
      let context = try SealedBlob.Context(parsing: Array(head.prefix(SealedBlob.Context.byteCount)))
      return context.accountID == account && context.agentID == agent ? nil : Problem(.wrongAgent)
    } catch {
      return .malformed(error)
    }
  }

  /// The places of the pieces of a complete blob. Throws `erased` or `not-found`.
  public func pieces(of digest: Hash, in account: AccountID) async throws -> (length: Int, places: [Int]) {
    try await database.read { transaction in
      guard let row = try transaction.row(.blob, [.fixed(account), .fixed(digest)]) else {
        throw Problem(.notFound)
      }
      if let at = row.optionalInteger(3) { throw Problem.erased(at, row.optionalInteger(4)) }
      guard row.integer(2) != 0 else { throw Problem(.notFound) }
      let places = try transaction.rows(.chunkPlaces, [.fixed(account), .fixed(digest)]).map {
        Int($0.integer(0))
      }
      return (Int(row.integer(1)), places)
    }
  }

  /// The piece of a blob that begins at a place.
  public func piece(of digest: Hash, at place: Int, in account: AccountID) async throws -> [UInt8] {
    try await database.read { transaction in
      guard let row = try transaction.row(.chunk, [.fixed(account), .fixed(digest), .integer(Int64(place))])
      else {
        throw Problem(.notFound)
      }
      return row.bytes(0)
    }
  }
}

extension Transaction {
  /// Drops a blob, as if nothing of it had ever come.
  func dropBlob(_ digest: Hash, in account: AccountID) throws {
    try run(.dropChunks, [.fixed(account), .fixed(digest)])
    try run(.dropBlob, [.fixed(account), .fixed(digest)])
  }

  /// Drops what has come of an agent's uploads that are not complete, but for the 16 that moved last. H-9-4
  fileprivate func dropExcess(of agent: AgentID, in account: AccountID) throws {
    for row in try rows(.excessBlobs, [.fixed(account), .fixed(agent), .integer(16)]) {
      try dropBlob(row.fixed(0), in: account)
    }
  }
}
