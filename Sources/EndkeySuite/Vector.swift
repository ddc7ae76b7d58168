public import EndkeyJSON

/// One vector: what a client is given, and the one answer that is right.
public struct Vector: Equatable, Sendable {
  /// How binding the requirement is.
  public enum Level: String, Sendable {
    case must = "MUST"
    case should = "SHOULD"
  }

  /// The operation that it is of, such as `token/open`.
  public let op: String
  /// A stable name, of lower-case letters, digits and hyphens.
  public let id: String
  /// The version of the suite that brought it.
  public let since: String
  public let level: Level
  /// The requirements of the specification that it tests.
  public let req: [String]
  public let flags: [String]
  public let comment: String
  public let input: JSONObject
  public let expect: Outcome
  /// Intermediate values, in the order in which they arise.
  public let trace: JSONObject
  /// The accepted vector that differs from this rejected one in one edit.
  public let twin: String?
  /// What other tools found out about it.
  public var stamps = Stamps()

  /// What stands in a vector because records of other tools say so, not because it was generated.
  public struct Stamps: Equatable, Sendable {
    /// The faulty clients that give a wrong answer to it: names of mutants, sorted.
    public var kills: [String] = []
    /// Why no independent implementation can check it.
    public var unchecked: String?

    public init() {}
  }

  public init(
    op: String, id: String, since: String, level: Level, req: [String], flags: [String], comment: String,
    input: JSONObject, expect: Outcome, trace: JSONObject, twin: String?
  ) {
    self.op = op
    self.id = id
    self.since = since
    self.level = level
    self.req = req
    self.flags = flags
    self.comment = comment
    self.input = input
    self.expect = expect
    self.trace = trace
    self.twin = twin
  }
}

extension Vector {
  init(parsing cursor: JSONCursor, op: String) throws {
    self = try cursor.object { fields in
      let id = try fields.required("id")
      guard Self.isSlug(try id.string()) else {
        throw id.error("not of lower-case letters, digits and hyphens")
      }
      let req = try fields.required("req")
      let requirements = try req.array().map { try $0.string() }
      guard !requirements.isEmpty else { throw req.error("cites no requirement") }
      var vector = Vector(
        op: op,
        id: try id.string(),
        since: try fields.required("since").string(),
        level: try fields.required("level").name(),
        req: requirements,
        flags: try fields.required("flags").array().map { try $0.string() },
        comment: try fields.required("comment").string(),
        input: try fields.required("in").plainObject(),
        expect: try Outcome(parsing: fields.required("expect")),
        trace: try fields.optional("trace")?.trace() ?? JSONObject(),
        twin: try fields.optional("twin")?.string())
      if let kills = fields.optional("kills") { vector.stamps.kills = try kills.sortedNames() }
      vector.stamps.unchecked = try fields.optional("unchecked")?.string()
      return vector
    }
  }

  var json: JSONValue {
    var object = JSONObject()
    object.append("id", .string(id))
    object.append("since", .string(since))
    object.append("level", .string(level.rawValue))
    object.append("req", .array(req.map(JSONValue.string)))
    object.append("flags", .array(flags.map(JSONValue.string)))
    object.append("comment", .string(comment))
    object.append("in", .object(input))
    object.append("expect", expect.json)
    if !trace.members.isEmpty { object.append("trace", .object(trace)) }
    if let twin { object.append("twin", .string(twin)) }
    if !stamps.kills.isEmpty { object.append("kills", .array(stamps.kills.map(JSONValue.string))) }
    if let unchecked = stamps.unchecked { object.append("unchecked", .string(unchecked)) }
    return .object(object)
  }

  static func isSlug(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}

extension JSONCursor {
  /// Intermediate values: bytes, each under a name.
  fileprivate func trace() throws -> JSONObject {
    var members = try fields()
    for member in members.rest() { _ = try member.value.hex() }
    return try plainObject()
  }

  /// Names in ascending order, none twice, at least one.
  fileprivate func sortedNames() throws -> [String] {
    let names = try array().map { try $0.string() }
    guard !names.isEmpty else { throw error("an empty list is left out") }
    guard zip(names, names.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
      throw error("not sorted, or a name twice")
    }
    return names
  }
}
