internal import EndkeyWire
internal import ServiceHash
internal import ServiceModel

/// What the service does: each function is one request's, in one transaction.
public struct Store: Sendable {
  var database: any Database
  /// Milliseconds since 1970, UTC.
  let clock: @Sendable () -> Int64
  /// Makes heads of logins that nobody has.
  let headKey: [UInt8]
  /// Who may make an account.
  public let signup: Signup
  /// The id of this incarnation of the data: 16 bytes.
  public let id: [UInt8]

  /// Who may make an account.
  public enum Signup: String, Sendable {
    /// Everybody.
    case open
    /// Nobody.
    case closed
  }

  /// A store over a database that has the tables of `Schema`. `headKey` has 32 bytes.
  public init(
    _ database: any Database, headKey: [UInt8], signup: Signup, clock: @escaping @Sendable () -> Int64
  ) async throws {
    precondition(headKey.count == 32, "a head key has 32 bytes")
    self.database = database
    self.clock = clock
    self.headKey = headKey
    self.signup = signup
    id = try await database.read { try $0.row(.store, [])?.bytes(0) ?? [] }
  }

  /// Proves that the store can be written: else a `StoreFailure`.
  public func checkWritable() async throws {
    let now = clock()
    try await database.write { try $0.run(.forgetAttempts, [.integer(now)]) }
  }
}

extension Value {
  static func fixed(_ value: some FixedBytes) -> Value { .bytes(value.bytes) }

  static func flag(_ value: Bool) -> Value { .integer(value ? 1 : 0) }

  static func optional(_ bytes: [UInt8]?) -> Value { bytes.map { .bytes($0) } ?? .null }

  static func counter(_ value: Counter) -> Value { .integer(Int64(value.value)) }

  static func time(_ value: Time) -> Value { .integer(Int64(value.milliseconds)) }

  static func epoch(_ value: Epoch) -> Value { .integer(Int64(value.value)) }
}

extension Row {
  func fixed<Fixed: FixedBytes>(_ index: Int, as type: Fixed.Type = Fixed.self) -> Fixed {
    Fixed(unchecked: bytes(index).span)
  }
}

extension Transaction {
  /// The next ordinal of an account. It is the first statement of each write that makes an item of a list: the row that
  /// it locks makes ordinals appear in their order.
  func nextOrdinal(_ account: AccountID) throws -> Int64 {
    guard let row = try row(.nextOrdinal, [.fixed(account)]) else { throw Problem(.notFound) }
    return row.integer(0)
  }

  /// The newest state of an account.
  func state(_ account: AccountID) throws -> AccountState {
    guard let row = try row(.state, [.fixed(account)]) else { throw Problem(.notFound) }
    return try AccountState(parsing: row.bytes(0))
  }
}
