internal import EndkeyWire

/// The tokens of one member's batches: whether they open, and the sums of those that count. §16.2, §16.3
///
/// Each distinct token is opened once, and looked up once in each place: audits have millions. Whoever holds an agent's
/// keys can sign tokens that are none. They would be counted, and shown as a value that nobody can read.
struct TokenSums {
  private var opener: TokenOpener
  /// Where the sums of the tokens that open are.
  private var places: [Token: Int] = [:]
  /// Nil for a token that no counted batch has.
  private var sums: [UInt64?] = []

  init(ring: KeyRing) { opener = TokenOpener(ring: ring) }

  /// What a record adds to the sum of a token.
  struct Addend {
    fileprivate let place: Int
    fileprivate let duration: UInt32
  }

  /// What can be said of a batch without its state: steps 11 and 12 of §16.2. `epochMismatch` for a token of another
  /// epoch than the batch's, `noEpochKey` or `tokenOpenFailed` for the first that does not open.
  ///
  /// Returns what it adds if it counts.
  mutating func open(_ batch: RecordBatch) throws(ProtocolError) -> [Addend] {
    var addends: [Addend] = []
    var failure: ProtocolError?
    for record in batch.records {
      for case .token(let token) in record.items {
        guard token.epoch == batch.epoch else { throw Audit.error(.epochMismatch) }
        do {
          addends.append(Addend(place: try place(of: token), duration: record.duration))
        } catch {
          failure = failure ?? error
        }
      }
    }
    if let failure { throw failure }
    return addends
  }

  /// Counts a batch.
  mutating func add(_ addends: [Addend]) {
    for addend in addends { sums[addend.place] = (sums[addend.place] ?? 0) &+ UInt64(addend.duration) }
  }

  /// The sums, as those of an agent.
  func totals(of agentID: AgentID) -> Totals {
    Totals(of: agentID, places.lazy.compactMap { (token, place) in sums[place].map { (token, $0) } })
  }

  private mutating func place(of token: Token) throws(ProtocolError) -> Int {
    if let place = places[token] { return place }
    _ = try opener.open(token)
    places[token] = sums.count
    sums.append(nil)
    return sums.count - 1
  }
}
