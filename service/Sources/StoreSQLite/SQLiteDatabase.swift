internal import Foundation
internal import GRDB
public import ServiceStore

/// A database in one file: SQLite, with a log that is synced before a write returns.
public struct SQLiteDatabase: ServiceStore.Database {
  private let pool: DatabasePool
  private let path: String
  private let reserve: Int64

  /// The database in the file at `path`, which is made where there is none. Throws `StoreFailure` for a file that is no
  /// database of this service, or is of a newer one. Writes that leave room leave `reserve` bytes of the disk free.
  public init(path: String, store: [UInt8], reserve: Int64) throws {
    self.path = path
    self.reserve = reserve
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
        var found = try Int64.fetchOne(database, sql: "SELECT schema FROM meta") ?? 0
        while let changes = Schema.changes[found] {
          for change in changes { try database.execute(sql: change.replacing("BYTEA", with: "BLOB")) }
          found += 1
          try database.execute(sql: "UPDATE meta SET schema = ?", arguments: [found])
        }
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
    leavingRoom: Bool, _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    let isFull = try isFull
    if isFull, leavingRoom {
      throw StoreFailure(reason: "\(path): less than \(reserve >> 20) MiB of the disk are free")
    }
    let result = try await answered { try await pool.write { try body(SQLiteTransaction(database: $0)) } }
    if isFull {
      // What was freed is used again at once. Readers may hold it back: then it is at the next write.
      _ = try await answered { try await pool.writeWithoutTransaction { try $0.checkpoint(.passive) } }
    }
    return result
  }

  /// Whether less of the disk is free than shall be.
  private var isFull: Bool {
    get throws {
      var status = statvfs()
      guard statvfs(path, &status) == 0 else { throw StoreFailure(reason: "\(path): \(errno)") }
      let free = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
      return !free.overflow && free.partialValue < UInt64(max(0, reserve))
    }
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
