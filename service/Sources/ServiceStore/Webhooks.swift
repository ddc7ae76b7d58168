public import EndkeyWire
internal import ServiceModel

/// A webhook whose turn it is. `spec/http.md`, section 13.3
public struct DueWebhook: Sendable {
  /// The account.
  public let account: AccountID
  /// Where it leads.
  public let url: String
  /// What it is signed with.
  public let secret: Bytes<32>
  /// The ordinal of what fired last.
  public let firing: Int64
  fileprivate let tries: Int64
}

extension Store {
  /// How often what fired last is told in vain before it is given up.
  private static let triesMost: Int64 = 8
  private static let firstDelay: Int64 = 30_000
  private static let longestDelay: Int64 = 6 * 3_600_000
  /// Webhooks that are called at a time.
  private static let atOnce: Int64 = 8

  /// Where the account's webhook leads, and how often it was called in vain since; nil where there is none.
  public func webhook(of account: AccountID) async throws -> (url: String, tries: Int64)? {
    try await database.read { transaction in
      try transaction.row(.webhook, [.fixed(account)])
        .map { (String(decoding: $0.bytes(0), as: UTF8.self), $0.integer(3)) }
    }
  }

  /// Sets or drops the webhook. It is called for what fires from now on.
  public func setWebhook(_ webhook: (url: String, secret: Bytes<32>)?, of account: AccountID) async throws {
    try await database.write { transaction in
      try transaction.run(.dropWebhook, [.fixed(account)])
      guard let webhook else { return }
      let newest = try transaction.row(.newestFiring, [.fixed(account)])?.integer(0) ?? 0
      try transaction.run(
        .storeWebhook,
        [.fixed(account), .bytes(Array(webhook.url.utf8)), .fixed(webhook.secret), .integer(newest)])
    }
  }

  /// The webhooks whose turn it is.
  public func dueWebhooks() async throws -> [DueWebhook] {
    let now = clock()
    return try await database.read { transaction in
      try transaction.rows(.dueWebhooks, [.integer(now), .integer(Self.atOnce)]).map { row in
        DueWebhook(
          account: row.fixed(0), url: String(decoding: row.bytes(1), as: UTF8.self), secret: row.fixed(2),
          firing: row.integer(4), tries: row.integer(3))
      }
    }
  }

  /// Notes what became of a call. What fails is tried again, ever later, and given up in the end.
  public func note(_ webhook: DueWebhook, isTold: Bool) async throws {
    let now = clock()
    try await database.write { transaction in
      let place: [Value] = [.fixed(webhook.account), .fixed(webhook.secret)]
      if isTold || webhook.tries + 1 >= Self.triesMost {
        try transaction.run(.setTold, place + [.integer(webhook.firing)])
      } else {
        let delay = min(Self.longestDelay, Self.firstDelay << (2 * webhook.tries))
        try transaction.run(.setUntold, place + [.integer(now + delay)])
      }
    }
  }
}
