public import EndkeyJSON

/// One file of the suite: the vectors of one operation. Its format is in `vectors/README.md`.
///
/// This is the one reader of it. Reading is strict: unknown, missing and repeated keys, wrong counts, repeated ids,
/// unknown flags, a rejected vector without a twin, twins that are not accepted vectors of the file, and a file without
/// vectors are errors.
public struct VectorFile: Equatable, Sendable {
  /// What `schema` says in every file of this format.
  public static let schema = "endkey-vectors-1"

  public let op: String
  public let about: String
  public let flags: [Flag]
  public var tests: [Vector]
  /// The independent implementations that agreed with every vector of the file but those that say why none can.
  public var checkedBy: [Implementation] = []

  /// An implementation that shares no code with this one.
  public struct Implementation: Equatable, Sendable {
    public let impl: String
    public let version: String

    /// Both, for people.
    public var name: String { "\(impl) \(version)" }
  }

  public init(op: String, about: String, flags: [Flag], tests: [Vector]) {
    self.op = op
    self.about = about
    self.flags = flags
    self.tests = tests
  }

  /// The name of the file of operation `op`.
  public static func name(of op: String) -> String {
    op.split(separator: "/").joined(separator: "-").lowercased() + ".json"
  }

  /// What kind of fault a vector looks for.
  public struct Flag: Equatable, Sendable {
    public let name: String
    public let bugType: String
    public let effect: String
    public let refs: [String]

    public init(_ name: String, bugType: String, effect: String, refs: [String] = []) {
      self.name = name
      self.bugType = bugType
      self.effect = effect
      self.refs = refs
    }
  }
}

extension VectorFile {
  /// Whether `bytes` say that they are a vector file, right or wrong.
  public static func isOfThisFormat(_ bytes: [UInt8]) -> Bool {
    do throws(JSONSyntaxError) {
      guard case .object(let object) = try JSONValue(parsing: bytes) else { return false }
      return object["schema"] == .string(schema)
    } catch {
      return false
    }
  }

  public init(parsing bytes: [UInt8]) throws {
    self = try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      try fields.requireHead(schema: Self.schema)
      let op = try fields.required("op").string()
      let about = try fields.required("about").string()
      let counts = try fields.required("counts")
      let (valid, invalid) = try counts.object { fields in
        (
          try fields.required("valid").integer(in: 0...1_000_000),
          try fields.required("invalid").integer(in: 0...1_000_000)
        )
      }
      let checkedBy = try fields.optional("checkedBy")?.array().map(Implementation.init(parsing:)) ?? []
      let flags = try fields.required("flags").object { fields in
        try fields.rest().map { key, value in try Flag(name: key, parsing: value) }
      }
      let tests = try fields.required("tests")
      let vectors = try tests.array().map { try Vector(parsing: $0, op: op) }
      guard !vectors.isEmpty else { throw tests.error("no vectors") }
      let rejected = vectors.count { $0.expect.isRejection }
      guard vectors.count - rejected == valid, rejected == invalid else {
        throw counts.error("the file holds \(vectors.count - rejected) valid and \(rejected) invalid vectors")
      }
      try Self.check(vectors, flags: Set(flags.map(\.name)), at: tests)
      var file = VectorFile(op: op, about: about, flags: flags, tests: vectors)
      file.checkedBy = checkedBy
      return file
    }
  }

  private static func check(_ vectors: [Vector], flags: Set<String>, at tests: JSONCursor) throws {
    var accepted: [String: Bool] = [:]
    for vector in vectors {
      guard accepted.updateValue(!vector.expect.isRejection, forKey: vector.id) == nil else {
        throw tests.error("id \"\(vector.id)\" stands twice")
      }
      for flag in vector.flags where !flags.contains(flag) {
        throw tests.error("\(vector.id): unknown flag \"\(flag)\"")
      }
    }
    for vector in vectors {
      guard let twin = vector.twin else {
        if vector.expect.isRejection { throw tests.error("\(vector.id): no twin") }
        continue
      }
      guard accepted[twin] == true else {
        throw tests.error("\(vector.id): twin \"\(twin)\" is no accepted vector of this file")
      }
    }
    let used = Set(vectors.flatMap(\.flags))
    if let unused = flags.sorted().first(where: { !used.contains($0) }) {
      throw tests.error("no vector has the flag \"\(unused)\"")
    }
  }

  public var serialized: [UInt8] {
    let rejected = tests.count { $0.expect.isRejection }
    var map = JSONObject()
    for flag in flags.sorted(by: { $0.name < $1.name }) {
      map.append(
        flag.name,
        [
          "bugType": .string(flag.bugType), "effect": .string(flag.effect),
          "refs": .array(flag.refs.map(JSONValue.string)),
        ])
    }
    var object = JSONObject.of([
      "schema": .string(Self.schema), "suite": .string(SuiteVersion.suite),
      "spec": .string(SuiteVersion.spec),
      "op": .string(op), "about": .string(about),
      "counts": ["valid": .integer(tests.count - rejected), "invalid": .integer(rejected)],
    ])
    if !checkedBy.isEmpty { object.append("checkedBy", .array(checkedBy.map(\.json))) }
    object.append("flags", .object(map))
    object.append("tests", .array(tests.map(\.json)))
    return JSONValue.object(object).serialized(.pretty)
  }
}

extension VectorFile.Implementation {
  public init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      VectorFile.Implementation(
        impl: try fields.required("impl").string(), version: try fields.required("version").string())
    }
  }

  fileprivate var json: JSONValue { ["impl": .string(impl), "version": .string(version)] }
}

extension VectorFile.Flag {
  fileprivate init(name: String, parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      VectorFile.Flag(
        name, bugType: try fields.required("bugType").string(),
        effect: try fields.required("effect").string(),
        refs: try fields.required("refs").array().map { try $0.string() })
    }
  }
}
