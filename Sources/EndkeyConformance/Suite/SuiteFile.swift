internal import EndkeyJSON

/// A vector as the runner needs it. Its reader is separate from that of the reference implementation, which it
/// judges: codes are texts here.
struct SuiteVector: Sendable {
  enum Expectation: Equatable, Sendable {
    case ok(JSONObject)
    case reject(code: String, layer: String, offset: Int?)
  }

  let id: String
  let op: String
  let level: String
  let req: [String]
  let comment: String
  let input: JSONObject
  let expect: Expectation
  let trace: JSONObject
  let twin: String?
}

/// One file of the suite. Reading is strict: what the format does not have is an error.
struct SuiteFile: Sendable {
  static let schema = "endkey-vectors-1"
  static let suite = "1.0.0"
  static let spec = "1.0"
  static let layers: Set<String> = ["format", "policy", "auth", "crypto", "state"]

  let op: String
  let vectors: [SuiteVector]
}

extension SuiteFile {
  init(parsing bytes: [UInt8]) throws {
    self = try JSONCursor(JSONValue(parsing: bytes)).object { fields in
      for (key, expected) in [("schema", Self.schema), ("suite", Self.suite), ("spec", Self.spec)] {
        let cursor = try fields.required(key)
        guard try cursor.string() == expected else { throw cursor.error("expected \"\(expected)\"") }
      }
      let op = try fields.required("op").string()
      _ = try fields.required("about").string()
      // Who agreed and what is killed is for readers of the file.
      _ = fields.optional("checkedBy")
      let counts = try fields.required("counts")
      let (valid, invalid) = try counts.object { fields in
        (
          try fields.required("valid").integer(in: 0...Int.max),
          try fields.required("invalid").integer(in: 0...Int.max)
        )
      }
      var flags = try fields.required("flags").fields()
      let known = Set(flags.rest().map(\.key))
      let tests = try fields.required("tests")
      let vectors = try tests.array().map { try SuiteVector(parsing: $0, op: op, flags: known) }
      let rejected = vectors.count { $0.isRejection }
      guard rejected == invalid, vectors.count - rejected == valid, !vectors.isEmpty else {
        throw counts.error("the file holds \(vectors.count - rejected) valid and \(rejected) invalid vectors")
      }
      let accepted = Set(vectors.filter { !$0.isRejection }.map(\.id))
      for vector in vectors {
        if let twin = vector.twin, !accepted.contains(twin) {
          throw tests.error("\(vector.id): twin \"\(twin)\" is no accepted vector of this file")
        }
        if vector.isRejection, vector.twin == nil { throw tests.error("\(vector.id): no twin") }
      }
      return SuiteFile(op: op, vectors: vectors)
    }
  }
}

extension SuiteVector {
  var isRejection: Bool {
    if case .reject = expect { true } else { false }
  }

  init(parsing cursor: JSONCursor, op: String, flags known: Set<String>) throws {
    self = try cursor.object { fields in
      let flags = try fields.required("flags")
      for flag in try flags.array() where !known.contains(try flag.string()) {
        throw flag.error("no such flag in this file")
      }
      _ = try fields.required("since").string()
      _ = fields.optional("kills")
      _ = fields.optional("unchecked")
      let req = try fields.required("req")
      let requirements = try req.array().map { try $0.string() }
      guard !requirements.isEmpty else { throw req.error("cites no requirement") }
      let level = try fields.required("level")
      guard ["MUST", "SHOULD"].contains(try level.string()) else { throw level.error("unknown level") }
      return SuiteVector(
        id: try fields.required("id").string(), op: op, level: try level.string(), req: requirements,
        comment: try fields.required("comment").string(), input: try fields.required("in").anyObject(),
        expect: try Expectation(parsing: fields.required("expect")),
        trace: try fields.optional("trace")?.anyObject() ?? JSONObject(),
        twin: try fields.optional("twin")?.string())
    }
  }
}

extension SuiteVector.Expectation {
  init(parsing cursor: JSONCursor) throws {
    self = try cursor.object { fields in
      let outcome = try fields.required("outcome")
      switch try outcome.string() {
      case "ok": return .ok(try fields.required("out").anyObject())
      case "reject":
        let layer = try fields.required("layer")
        guard SuiteFile.layers.contains(try layer.string()) else { throw layer.error("unknown layer") }
        return .reject(
          code: try fields.required("code").string(), layer: try layer.string(),
          offset: try fields.optional("offset")?.integer(in: 0...Int.max))
      default: throw outcome.error("neither ok nor reject")
      }
    }
  }

  var json: JSONValue {
    switch self {
    case .ok(let out): ["outcome": "ok", "out": .object(out)]
    case .reject(let code, let layer, let offset):
      [
        "outcome": "reject", "code": .string(code), "layer": .string(layer),
        "offset": offset.map { .integer($0) } ?? .null,
      ]
    }
  }
}
