internal import Foundation
internal import GRDB
public import ServiceStore

/// A database in one file: SQLite, with a log that is synced before a write returns.
public struct SQLiteDatabase: ServiceStore.Database {
  private let pool: DatabasePool

  /// The database in the file at `path`, which is made where there is none. Throws `StoreFailure` for a file that is no
  /// database of this service, or is of a newer one.
  public init(path: String, store: [UInt8]) throws {
    var configuration = Configuration()
    configuration.maximumReaderCount = 4
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON")
    }
    do {
      pool = try DatabasePool(path: path, configuration: configuration)
      try pool.write { database in
        guard try database.tableExists("meta") else {
          for table in Schema.tables { try database.execute(sql: table.replacing("BYTEA", with: "BLOB")) }
          try database.execute(
            sql: "INSERT INTO meta VALUES (?, ?)", arguments: [Schema.version, Data(store)])
          return
        }
        let found = try Int64.fetchOne(database, sql: "SELECT schema FROM meta") ?? 0
        guard found == Schema.version else {
          throw StoreFailure(reason: "\(path) has schema \(found), and this program makes \(Schema.version)")
        }
      }
    } catch let error as DatabaseError {
      throw StoreFailure(reason: "\(path): \(error.message ?? "not a database")")
    }
  }

  public func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await answered { try await pool.read { try body(SQLiteTransaction(database: $0)) } }
  }

  public func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await answered { try await pool.write { try body(SQLiteTransaction(database: $0)) } }
  }

  private func answered<Result>(_ body: () async throws -> Result) async throws -> Result {
    do {
      return try await body()
    } catch let error as DatabaseError {
      throw StoreFailure(reason: "\(error.resultCode): \(error.message ?? "")")
    }
  }
}

private struct SQLiteTransaction: Transaction {
  let database: GRDB.Database

  func rows(_ statement: ServiceStore.Statement, _ values: [Value]) throws -> [ServiceStore.Row] {
    let prepared = try prepare(statement)
    let cursor = try GRDB.Row.fetchCursor(prepared, arguments: arguments(values))
    var rows: [ServiceStore.Row] = []
    while let row = try cursor.next() {
      rows.append(
        ServiceStore.Row(
          row.databaseValues.map { value in
            switch value.storage {
            case .null, .double, .string: .null
            case .int64(let number): .integer(number)
            case .blob(let data): .bytes(Array(data))
            }
          }))
    }
    return rows
  }

  func run(_ statement: ServiceStore.Statement, _ values: [Value]) throws -> Int {
    try prepare(statement).execute(arguments: arguments(values))
    return database.changesCount
  }

  /// `$1` is `?1` here.
  private func prepare(_ statement: ServiceStore.Statement) throws -> GRDB.Statement {
    let text = statement.text.replacing("$", with: "?")
    return statement.isRepeated
      ? try database.cachedStatement(sql: text) : try database.makeStatement(sql: text)
  }

  private func arguments(_ values: [Value]) -> StatementArguments {
    StatementArguments(
      values.map { value -> (any DatabaseValueConvertible)? in
        switch value {
        case .null: nil
        case .integer(let number): number
        case .bytes(let bytes): Data(bytes)
        }
      })
  }
}
