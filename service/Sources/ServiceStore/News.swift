public import EndkeyWire
internal import ServiceModel

/// What an account has, as far as an event tells it. `spec/http.md`, section 13.2
public struct News: Equatable, Sendable {
  /// A listing that may have more.
  public enum List: String, CaseIterable, Sendable {
    case batches
    case requests
    case firings
  }

  /// The newest ordinal.
  public let ordinal: Int64
  /// The hash of the vault that is stored.
  public let vault: Hash
  /// The greatest ordinal of each listing.
  let newest: [List: Int64]

  /// The listings that have items behind an ordinal; all behind one that there is not yet.
  public func lists(after ordinal: Int64) -> [List] {
    List.allCases.filter { ordinal > self.ordinal || newest[$0, default: 0] > ordinal }
  }
}

extension Store {
  /// What there is in an account, for whose session goes on; nil once it has ended, or its person may not read. To be
  /// asked is no use of a session.
  public func news(for session: Session) async throws -> News? {
    let now = clock()
    return try await database.read { transaction in
      guard let going = try transaction.session(session.account, session.tokenHash), going.isActive,
        going.isGoingOn(at: now), let row = try transaction.row(.news, [.fixed(session.account)])
      else { return nil }
      return News(
        ordinal: row.integer(0), vault: row.fixed(1),
        newest: [.batches: row.integer(2), .requests: row.integer(3), .firings: row.integer(4)])
    }
  }
}
