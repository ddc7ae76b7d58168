internal import EndkeyWire

// What has ended goes without being asked for: a piece at a time, so that nobody waits long for the database.

extension Store {
  /// How long an upload may rest until what has come of it goes.
  private static let uploadLongest: Int64 = 30 * 86_400_000
  /// Things that one transaction drops.
  private static let pieceCount: Int64 = 100

  /// Drops attempts that count no more, sessions that have ended, requests that waited too long, and uploads that
  /// nobody goes on with.
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
      for account in accounts { try await sweep(account, at: now) }
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
        for row in blobs {
          let digest = Value.fixed(row.fixed(0, as: Hash.self))
          try transaction.run(.dropChunks, [.fixed(account), digest])
          try transaction.run(.dropBlob, [.fixed(account), digest])
        }
        return max(requests.count, blobs.count) == Self.pieceCount
      }
    }
  }
}
