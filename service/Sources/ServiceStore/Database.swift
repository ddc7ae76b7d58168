/// A database, as the store needs it: transactions, one of them writing at a time for each account.
public protocol Database: Sendable {
  /// Runs `body` in a transaction that changes nothing.
  func read<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws
    -> Result

  /// Runs `body` in a transaction that is on disk when this returns. If `body` throws, nothing has changed.
  ///
  /// What only adds to the data leaves room on the disk: else there would be none for what makes it smaller.
  @discardableResult
  func write<Result: Sendable>(
    leavingRoom: Bool, _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result
}

extension Database {
  /// Runs `body` in a transaction that may use all of the disk.
  @discardableResult
  func write<Result: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> Result) async throws
    -> Result
  { try await write(leavingRoom: false, body) }
}

/// What is asked within one transaction.
public protocol Transaction {
  /// The rows that a statement gives.
  func rows(_ statement: Statement, _ values: [Value]) throws -> [Row]

  /// Runs a statement, and gives the number of rows that it changed.
  @discardableResult
  func run(_ statement: Statement, _ values: [Value]) throws -> Int
}

extension Transaction {
  /// The only row that a statement gives, or nil.
  func row(_ statement: Statement, _ values: [Value]) throws -> Row? { try rows(statement, values).first }
}

/// A statement of SQL. Parameters are `$1`, `$2`, ...; `$1` is the account, in all statements but those about logins.
public struct Statement: Sendable {
  /// The text, for any engine.
  public let text: String
  /// Whether it is asked again with the same text, so that an engine may keep it prepared.
  public let isRepeated: Bool

  init(_ text: String, isRepeated: Bool = true) {
    self.text = text
    self.isRepeated = isRepeated
  }
}

/// What a column or a parameter holds.
public enum Value: Equatable, Sendable {
  case null
  case integer(Int64)
  case bytes([UInt8])
}

/// A row of values, in the order in which the statement names them.
public struct Row: Sendable {
  /// The values.
  public let values: [Value]

  /// A row of values.
  public init(_ values: [Value]) { self.values = values }

  func integer(_ index: Int) -> Int64 {
    if case .integer(let number) = values[index] { number } else { 0 }
  }

  func optionalInteger(_ index: Int) -> Int64? {
    if case .integer(let number) = values[index] { number } else { nil }
  }

  func bytes(_ index: Int) -> [UInt8] {
    if case .bytes(let bytes) = values[index] { bytes } else { [] }
  }

  func optionalBytes(_ index: Int) -> [UInt8]? {
    if case .bytes(let bytes) = values[index] { bytes } else { nil }
  }
}

/// The store could not be read or written. Nothing has changed.
public struct StoreFailure: Error {
  /// What the engine says, for the operator.
  public let reason: String

  /// A failure for a reason.
  public init(reason: String) { self.reason = reason }
}
