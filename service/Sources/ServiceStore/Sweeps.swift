public import EndkeyWire
internal import ServiceModel

// What has ended goes without being asked for: a piece at a time, so that nobody waits long for the database.

extension Store {
  /// How long an upload may rest until what has come of it goes.
  private static let uploadLongest: Int64 = 30 * 86_400_000
  /// Things that one transaction drops.
  private static let pieceCount: Int64 = 100

  private static let day: Int64 = 86_400_000
  /// How long what has come stays, however old it was: agents may send it again so long.
  private static let leastStay: Int64 = 7 * day

  /// Drops attempts that count no more, sessions that have ended, requests that waited too long, uploads that nobody
  /// goes on with, and what is older than its account keeps; and goes on with what a stop broke off.
  public func sweep() async throws {
    let now = clock()
    try await database.write { try $0.run(.forgetAttempts, [.integer(now)]) }
    var last = AccountID.zero
    while true {
      let after = last
      let accounts = try await database.read { transaction in
        try transaction.rows(.accountsAfter, [.fixed(after), .integer(Self.pieceCount)])
          .map { $0.fixed(0, as: AccountID.self) }
      }
      guard let greatest = accounts.last else { return }
      for account in accounts {
        try await sweep(account, at: now)
        try await finishIndexing(account)
        try await retire(account, at: now)
      }
      last = greatest
    }
  }

  private func sweep(_ account: AccountID, at now: Int64) async throws {
    try await database.write { transaction in
      try transaction.run(.endSessions, [.fixed(account), .integer(now), .integer(now - Self.idle)])
    }
    var isMore = true
    while isMore {
      isMore = try await database.write { transaction in
        let piece = Value.integer(Self.pieceCount)
        let requests = try transaction.rows(
          .oldRequests, [.fixed(account), .integer(now - Self.waitingLongest), piece])
        for row in requests { try transaction.refuse(row.fixed(0), in: account) }
        let blobs = try transaction.rows(
          .brokenBlobs, [.fixed(account), .integer(now - Self.uploadLongest), piece])
        for row in blobs { try transaction.dropBlob(row.fixed(0), in: account) }
        return max(requests.count, blobs.count) == Self.pieceCount
      }
    }
  }

  /// Batches that were stored, and not all of whose records are seen by reports.
  private func finishIndexing(_ account: AccountID) async throws {
    let hashes = try await database.read { transaction in
      try transaction.rows(.unindexed, [.fixed(account), .integer(Self.pieceCount)])
        .map { $0.fixed(0, as: Hash.self) }
    }
    for hash in hashes {
      let body = try await database.read { transaction in
        try transaction.row(.batch, [.fixed(account), .fixed(hash)])?.optionalBytes(4)
      }
      if let body { try await index(try RecordBatch(parsing: body), hash) }
    }
  }

  // MARK: - Retention. `spec/http.md`, section 12

  /// For how many days an account keeps batches and blobs; nil where nobody has said.
  public func retention(of account: AccountID) async throws -> (days: Int64, blobDays: Int64)? {
    try await database.read { transaction in
      guard let row = try transaction.row(.retention, [.fixed(account)]) else { throw Problem(.notFound) }
      return row.optionalInteger(0).map { ($0, row.integer(1)) }
    }
  }

  /// Says for how many days an account keeps batches and blobs. What is older goes at the next sweep.
  public func retain(days: Int64, blobDays: Int64, in account: AccountID) async throws {
    try await database.write { transaction in
      try transaction.run(.setRetention, [.fixed(account), .integer(days), .integer(blobDays)])
    }
  }

  private func retire(_ account: AccountID, at now: Int64) async throws {
    guard let retention = try await retention(of: account) else { return }
    let oldest = now - retention.days * Self.day
    let newest = try await database.read { transaction in
      try transaction.rows(.newestPast, [.fixed(account), .integer(oldest)])
        .map { (agent: $0.fixed(0, as: AgentID.self), sequence: $0.integer(1)) }
    }
    var isChanged = false
    for (agent, sequence) in newest {
      // In the order of the numbers, without holes: an audit tells what retention took by what is there behind it.
      let staying = try await database.read { transaction in
        try transaction.row(
          .firstStaying, [.fixed(account), .integer(oldest), .fixed(agent), .integer(now - Self.leastStay)])?
          .optionalInteger(0)
      }
      let end = min(sequence, staying ?? sequence)
      var isMore = true
      while isMore {
        let count = try await database.write { transaction in
          let rows = try transaction.rows(
            .past,
            [
              .fixed(account), .integer(oldest), .fixed(agent), .integer(now - Self.leastStay),
              .integer(end), .integer(Self.pieceCount),
            ])
          for row in rows {
            _ = try transaction.erase(row.fixed(0), of: agent, in: account, at: now, .retention)
          }
          return Int64(rows.count)
        }
        isChanged = isChanged || count > 0
        isMore = count == Self.pieceCount
      }
    }
    if isChanged { try await database.write { try $0.run(.dropUnusedTokens, [.fixed(account)]) } }
    try await retireBlobs(of: account, before: now - retention.blobDays * Self.day, at: now)
  }

  private func retireBlobs(of account: AccountID, before oldest: Int64, at now: Int64) async throws {
    var isMore = true
    while isMore {
      isMore = try await database.write { transaction in
        let rows = try transaction.rows(
          .pastBlobs,
          [
            .fixed(account), .integer(oldest), .integer(now - Self.leastStay), .integer(Self.pieceCount),
          ])
        for row in rows {
          _ = try transaction.eraseBlob(row.fixed(0), of: row.fixed(1), in: account, at: now, .retention)
        }
        return rows.count == Self.pieceCount
      }
    }
  }
}
