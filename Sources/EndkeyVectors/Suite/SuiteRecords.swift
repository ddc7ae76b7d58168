internal import EndkeyJSON
public import EndkeySuite

/// What other tools found out about the suite, to be stamped into its files: which faulty clients each vector
/// kills, and which independent implementations agreed. `vectors/README.md` has the rules.
///
/// Reading is strict. A record that names what the suite does not have is stale, and an error.
public struct SuiteRecords: Equatable, Sendable {
  /// Where the records lie in the folder of a suite. Neither is a vector file.
  public static let killsName = "kills.json"
  public static let attestName = "attest/record.json"

  /// Mutant -> the vectors that kill it; nothing if there is no such record.
  private let kills: [String: [String]]?
  /// Vector -> names of the mutants that it kills, sorted.
  private let killers: [String: [String]]
  fileprivate let attest: Attest?

  fileprivate struct Attest: Equatable, Sendable {
    let implementations: [VectorFile.Implementation]
    let agreed: [String: [String]]
    let unchecked: [String: String]
  }

  /// Of the contents of the two records, where they are.
  public init(kills: [UInt8]?, attest: [UInt8]?) throws {
    let kills = try kills.map {
      try Self.reading(Self.killsName, $0) { try $0.required("mutants").map(Self.mutant) }
    }
    self.kills = kills
    killers = Self.killers(in: kills ?? [:])
    self.attest = try attest.map { try Self.reading(Self.attestName, $0, Attest.init) }
  }

  /// The file with the stamps of these records, and no others.
  public func stamping(_ file: VectorFile) throws -> VectorFile {
    var file = file
    file.checkedBy = try checkedBy(file.op)
    file.tests = file.tests.map { vector in
      var vector = vector
      vector.stamps.kills = killers[vector.id] ?? []
      vector.stamps.unchecked = attest?.unchecked[vector.id]
      return vector
    }
    return file
  }

  /// What is wrong with the stamps of `file`, a line each. Where there is no record of a kind, its stamps are taken
  /// as they are.
  public func faults(in file: VectorFile) throws -> [String] {
    var faults: [String] = []
    if let attest {
      let expected = try checkedBy(file.op)
      if file.checkedBy != expected {
        let (found, stated) = (Self.list(file.checkedBy.map(\.name)), Self.list(expected.map(\.name)))
        faults.append("checkedBy: \(found), in \(Self.attestName) \(stated)")
      }
      for vector in file.tests where vector.stamps.unchecked != attest.unchecked[vector.id] {
        faults.append("\(vector.id): unchecked is not what \(Self.attestName) says")
      }
    }
    if let kills {
      for vector in file.tests {
        for name in vector.stamps.kills where kills[name] == nil {
          faults.append("\(vector.id): kills \"\(name)\", which \(Self.killsName) does not know")
        }
        let expected = killers[vector.id] ?? []
        if vector.stamps.kills != expected {
          faults.append(
            "\(vector.id): kills \(Self.list(vector.stamps.kills)), in \(Self.killsName) \(Self.list(expected))"
          )
        }
      }
    }
    return faults
  }

  /// Refuses records about vectors and operations that `files` do not have.
  func check(against files: [VectorFile]) throws {
    let ids = Set(files.flatMap { $0.tests.map(\.id) })
    let ops = Set(files.map(\.op))
    func known(_ id: String, in name: String) throws {
      guard ids.contains(id) else { throw SuiteError("\(name): no vector \"\(id)\"; make the record anew") }
    }
    for id in kills?.values.joined().sorted() ?? [] { try known(id, in: Self.killsName) }
    for id in attest?.unchecked.keys.sorted() ?? [] { try known(id, in: Self.attestName) }
    for op in attest?.agreed.keys.sorted() ?? [] where !ops.contains(op) {
      throw SuiteError("\(Self.attestName): no operation \"\(op)\"; make the record anew")
    }
  }

  private static func killers(in kills: [String: [String]]) -> [String: [String]] {
    var killers: [String: [String]] = [:]
    for (name, ids) in kills.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      for id in ids { killers[id, default: []].append(name) }
    }
    return killers
  }

  /// In the order of the record.
  private func checkedBy(_ op: String) throws -> [VectorFile.Implementation] {
    guard let attest, let names = attest.agreed[op] else { return [] }
    return attest.implementations.filter { names.contains($0.impl) }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.joined(separator: ", ")
  }
}

// MARK: - Reading

extension SuiteRecords {
  private static func reading<R>(
    _ name: String, _ bytes: [UInt8], _ body: (inout JSONFields) throws -> R
  ) throws -> R {
    do {
      return try JSONCursor(JSONValue(parsing: bytes)).object(body)
    } catch {
      throw SuiteError("\(name): \(error)")
    }
  }

  private static func mutant(_ cursor: JSONCursor) throws -> [String] {
    try cursor.object { fields in
      _ = try fields.required("fault").string()
      return try fields.required("killedBy").distinctStrings()
    }
  }
}

extension SuiteRecords.Attest {
  fileprivate init(_ fields: inout JSONFields) throws {
    let list = try fields.required("implementations")
    let implementations = try list.array().map(VectorFile.Implementation.init(parsing:))
    let names = Set(implementations.map(\.impl))
    guard names.count == implementations.count else { throw list.error("an implementation stands twice") }
    self.implementations = implementations
    agreed = try fields.required("agreed").map { cursor in
      let agreeing = try cursor.distinctStrings()
      if let unknown = agreeing.first(where: { !names.contains($0) }) {
        throw cursor.error("\"\(unknown)\" is no implementation of the record")
      }
      return agreeing
    }
    unchecked = try fields.required("unchecked").map { try $0.string() }
  }
}

extension JSONCursor {
  /// What `body` makes of each member of an object that is a map.
  fileprivate func map<R>(_ body: (JSONCursor) throws -> R) throws -> [String: R] {
    try object { fields in
      var map: [String: R] = [:]
      for (key, value) in fields.rest() {
        guard map.updateValue(try body(value), forKey: key) == nil else { throw value.error("stands twice") }
      }
      return map
    }
  }

  fileprivate func distinctStrings() throws -> [String] {
    let strings = try array().map { try $0.string() }
    guard Set(strings).count == strings.count else { throw error("a name stands twice") }
    return strings
  }
}
